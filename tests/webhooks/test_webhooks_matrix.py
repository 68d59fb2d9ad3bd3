"""The matrix of scenarios: how many there are, each under every answer to the open questions."""

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from simulator.carrier.variants import Variants, flipped
from tests.webhooks.switches import ANY, SETTINGS, SWITCHES, TOUCHED, split_name

FOLDER = Path(__file__).parent

#: What we never do, so that its answer cannot matter.
AVOIDED = {
    "redirected_action_decides": "Enqueue has no action where the centre takes callers out by REST",
    "sync_detection_sends_duration": "detection is always asynchronous",
    "dial_continues_after_child_redirect": "no child of a Dial is redirected",
    "empty_wait_document_spins": "waiting documents take time",
    "start_filter_finds_queued": "calls are looked up by their two numbers, not by their start",
}
SCENARIOS_MIN = 60


@pytest.fixture(scope="module")
def settings_of():
    """Return, for each scenario, under which settings it runs."""
    options = ["-o", "addopts=", "-p", "no:dash", "-p", "no:cacheprovider", "-k", ANY]
    words = [sys.executable, "-m", "pytest", "--collect-only", "-q", *options, str(FOLDER)]
    listed = subprocess.run(words, capture_output=True, text=True, check=True)
    found = defaultdict(list)
    for node_id in re.findall(r".*::test_.*", listed.stdout):
        scenario, setting = split_name(node_id)
        found[scenario].append(setting)
    return {scenario: settings for scenario, settings in found.items() if "usual" in settings}


def test_settings_are_the_usual_one_its_opposite_and_each_switch_alone():
    usual, opposite = SETTINGS["usual"], SETTINGS["flipped"]
    assert (usual, opposite) == (Variants(), flipped())
    for name in SWITCHES:
        differing = [
            each for each in SWITCHES if getattr(SETTINGS[name], each) != getattr(usual, each)
        ]
        assert differing == [name]
        assert getattr(opposite, name) is not getattr(usual, name)


def test_every_scenario_runs_under_every_setting(settings_of):
    for scenario, settings in settings_of.items():
        assert sorted(settings) == sorted(SETTINGS), scenario
    print(f"{len(settings_of)} scenarios, {len(SETTINGS)} settings")  # noqa: T201  (asked for)
    assert len(settings_of) >= SCENARIOS_MIN


@pytest.mark.parametrize("switch", SWITCHES)
def test_every_switch_changes_scenarios_or_is_avoided(settings_of, switch):
    assert bool(TOUCHED[switch]) is (switch not in AVOIDED)
    assert TOUCHED[switch] <= set(settings_of)
