"""The matrix of scenarios: how many there are, each under both settings of every switch.

What the carrier's documentation leaves open has a switch in the stand-in (`Variants`); `FLIPPED`
sets every one of them the other way.
"""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

from simulator.carrier.variants import Variants
from tests.webhooks import test_webhooks_end_to_end, test_webhooks_whole_centre

MODULES = (test_webhooks_end_to_end, test_webhooks_whole_centre)
SCENARIOS_MIN = 60
SETTING = re.compile(r"(usual|flipped)")


@pytest.fixture(scope="module")
def settings_of():
    """Return, for each scenario, under which settings it runs."""
    files = [str(Path(module.__file__)) for module in MODULES]
    options = ["-o", "addopts=", "-p", "no:dash", "-p", "no:cacheprovider"]
    words = [sys.executable, "-m", "pytest", "--collect-only", "-q", *options, *files]
    listed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    found = Counter()
    for name in re.findall(r"::(test_.*)", listed):
        setting = SETTING.search(name)
        found[SETTING.sub("*", name), setting.group() if setting else ""] += 1
    return found


def test_every_switch_is_set_both_ways():
    for module in MODULES:
        for each in fields(Variants):
            assert getattr(module.FLIPPED, each.name) is (not each.default)


def test_every_scenario_runs_under_both_settings(settings_of):
    scenarios = {name for name, setting in settings_of if setting}
    for name in scenarios:
        assert settings_of[name, "usual"] == settings_of[name, "flipped"] == 1, name
    print(f"{len(scenarios)} scenarios, each under both settings")  # noqa: T201  (asked for)
    assert len(scenarios) >= SCENARIOS_MIN
