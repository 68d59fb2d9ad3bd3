"""The next of a million leads, against the next of ten thousand: both measured in one run.

Each list is worked in a process of its own, so that memory is its own. What counts is the core's
time: the wall's depends on whom else the machine serves, and is printed beside it.
"""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.bench

SMALL, LARGE = 10_000, 1_000_000


def measured(folder, rows):
    words = [sys.executable, "-m", "tests.benchmarks.lead_lists", str(folder), str(rows)]
    told = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    for name, value in told.items():
        print(f"{rows:>9} leads  {name:<22} {value:.3f}")
    return told


def test_next_lead_costs_hardly_more_in_a_list_a_hundred_times_longer(tmp_path):
    small, large = (
        measured(_made(tmp_path / name), rows) for name, rows in (("s", SMALL), ("l", LARGE))
    )
    assert large["lent_twice"] == small["lent_twice"] == 0
    assert large["waterfall_sums"]
    assert large["alone_core_p50_ms"] < 3 * small["alone_core_p50_ms"]


def _made(folder):
    folder.mkdir()
    return folder
