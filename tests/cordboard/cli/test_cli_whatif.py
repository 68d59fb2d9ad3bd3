"""`cordboard whatif` from a journal: the centre as it was left, going on."""

import json

import pytest
import yaml

from acd.replay import Fold
from cordboard.cli.output import UserError
from cordboard.cli.simulate import write_journal
from cordboard.cli.whatif import whatif
from cordboard.runtime.archive import read_entries
from cordboard.runtime.live_state import NothingYet, folded
from dialer.centre import Centre
from dialer.codec import EVENT_CODEC
from dialer.settings import to_plain
from simulator.distributions import Exponential
from simulator.replay import NOTHING
from simulator.scenario import CalledPeople
from simulator.scenario_file import read_scenario
from tests.simulator.small_centre import scenario

SCENARIO = """
name: small
opens_at: 08:00
calls:
  calls:
    queue: q
    per_interval: [40, 40, 40, 40]
    talk_s: {kind: exponential, mean: 150}
    patience_s: {kind: exponential, mean: 120}
agents:
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a scenario and the journal of the first half of its day."""
    folder = tmp_path_factory.mktemp("centre")
    shift = {"shifts": [{"from": "07:59", "until": "12:00"}]}
    world = scenario(agents=4)
    text = yaml.safe_load(SCENARIO)
    text["agents"] = {agent.agent_id: shift for agent in world.centre.acd.agents}
    text["opens_at"] = "08:00"
    text["centre"] = to_plain(world.centre)
    (folder / "scenario.yaml").write_text(yaml.safe_dump(text))
    write_journal(read_scenario(folder / "scenario.yaml"), 3, folder / "day.jsonl")
    lines = (folder / "day.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "half.jsonl").write_bytes(b"".join(lines[: len(lines) // 2]))
    return folder


def look(folder, *wishes, **options):
    whatif(
        wishes=list(wishes),
        scenario=folder / "scenario.yaml",
        journal=folder / "half.jsonl",
        minutes=15,
        futures=3,
        **options,
    )


def test_a_change_is_shown_beside_what_is(folder, capsys):
    look(folder, "leave a000", as_json=True)
    outlook = json.loads(capsys.readouterr().out)
    assert outlook["change"] == "a000 leaves"
    assert outlook["difference"]["occupancy"]["mean"] > 0
    look(folder)
    assert "nothing is changed" in capsys.readouterr().out


def test_a_wish_that_cannot_be_is_told(folder):
    with pytest.raises(UserError, match="no agent 'zoe'"):
        look(folder, "leave zoe")


def test_a_journal_needs_a_model_of_the_world(folder):
    with pytest.raises(UserError, match="--journal needs --scenario"):
        whatif(journal=folder / "half.jsonl")


def test_without_a_centre_the_variable_is_named(monkeypatch):
    monkeypatch.delenv("CORDBOARD_CENTRE", raising=False)
    with pytest.raises(UserError, match="CORDBOARD_CENTRE is not set"):
        whatif()


def test_a_journal_without_settings_is_no_centre_yet():
    with pytest.raises(NothingYet):
        folded([])


def test_a_snapshot_and_the_tail_make_the_state_of_the_whole_journal(tmp_path):
    people = CalledPeople(leads=80, answer_share=0.4, talk_s=Exponential(60.0), opens_at="08:00")
    world = scenario(people=people, calls_per_s_max=1.0, pacer="predictive")
    write_journal(world, 3, tmp_path / "day.jsonl")
    entries = list(read_entries(tmp_path / "day.jsonl"))
    whole = folded(entries)
    cut = len(entries) // 3
    leader = Fold(Centre(NOTHING), EVENT_CODEC)
    for entry in entries[:cut]:
        leader.apply(entry)
    since = {"fold": leader.to_plain(), "desk": folded(entries[:cut]).desk}
    joined = folded(entries[cut:], since)
    assert joined.centre.to_plain() == whole.centre.to_plain()
    assert joined.desk.keys() == whole.desk.keys() == {"sales"}
    assert joined.at_ms == whole.at_ms
