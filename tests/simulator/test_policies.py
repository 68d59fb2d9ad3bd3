"""A site's own policies: found where packages offer them, refused with the package's name."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from acd.config import ConfigError
from acd.ids import AgentId
from cordboard.runtime.live_state import folded
from simulator.day import Day
from simulator.distributions import Constant
from simulator.policies import GROUP, installed_choices
from simulator.replay import journal_of, replay
from simulator.streams import Streams
from tests.simulator.small_centre import scenario

PAGE = (Path(__file__).parents[2] / "docs" / "distributor.md").read_text(encoding="utf-8")
POLICY = PAGE.split("### A policy of your own")[1]


def code(language):
    """Return the page's example in one language."""
    return re.search(rf"```{language}\n(.*?)```", POLICY, re.DOTALL).group(1)


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Put packages where Python looks for installed ones, as an installer would."""
    monkeypatch.syspath_prepend(tmp_path)
    installed_choices.cache_clear()

    def add(package, module, text, offered):
        (tmp_path / f"{module}.py").write_text(text)
        about = tmp_path / f"{package}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(f"[{GROUP}]\n{offered}\n")

    yield add
    installed_choices.cache_clear()
    sys.modules.pop("bank_policies", None)


@pytest.fixture
def bank(install):
    """The package of the documentation."""
    head, offered = code("toml").strip().split("\n")
    assert head == f'[project.entry-points."{GROUP}"]'
    install("bank_policies", "bank_policies", code("python"), offered.replace('"', ""))


def day(agent_choice):
    """Simulate a quiet morning in which the first of three agents is a senior."""
    world = scenario(
        per_interval=(10.0,), talk_s=Constant(60.0), queue={"agent_choice": agent_choice}
    )
    acd = world.centre.acd
    agents = (replace(acd.agents[0], skills={"senior": 1}), *acd.agents[1:])
    day = Day(world.with_centre(replace(world.centre, acd=replace(acd, agents=agents))), Streams(3))
    day.world.recorded = []
    day.run()
    return day


def handled(centre):
    return [centre.acd.board.agents[AgentId(f"a00{index}")].handled_count for index in range(3)]


@pytest.mark.usefixtures("bank")
def test_the_twin_routes_by_the_policy_that_a_package_offers():
    senior, *others = handled(day("spare_seniors").world.centre)
    assert senior < min(others)
    senior, *others = handled(day("longest_idle").world.centre)
    assert senior >= min(others)


@pytest.mark.usefixtures("bank")
def test_live_state_and_replay_know_the_policy_too():
    lived = day("spare_seniors").world
    entries = list(journal_of(lived.recorded, lived.centre.config))
    assert handled(folded(entries).centre) == handled(lived.centre)
    assert not replay(entries).problems


def test_where_nothing_is_installed_there_are_only_our_policies(install):
    assert not installed_choices()
    with pytest.raises(ConfigError, match="there is no agent choice 'spare_seniors'"):
        day("spare_seniors")


@pytest.mark.parametrize(
    ("offered", "problem"),
    [
        ("longest_idle = shop:mine", "the name of a policy of ours"),
        ("mine = nowhere:mine", "nowhere:mine cannot be imported"),
        ("mine = shop:theirs", "shop:theirs cannot be imported"),
        ("mine = shop:MINE", "is no function of an agent and needs"),
    ],
)
def test_what_cannot_be_a_policy_is_refused_with_its_package(install, offered, problem):
    install("shop", "shop", "MINE = 1\n\ndef mine(agent, needs):\n    return (0,)\n", offered)
    with pytest.raises(ConfigError, match=rf"agent choice '\w+' of shop: .*{problem}"):
        installed_choices()


def test_one_name_of_two_packages_is_refused(install):
    for package in ("shop", "stall"):
        install(
            package, package, "def mine(agent, needs):\n    return (0,)\n", f"mine = {package}:mine"
        )
    with pytest.raises(ConfigError, match="another package offers one of that name"):
        installed_choices()
