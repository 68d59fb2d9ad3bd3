"""The twin's speed, as ratios measured in one run: nothing here depends on the machine.

Baselines are the textbook SimPy model (a `Resource`, a process per call, `request | timeout`) and
Ciw on one queue, and SimPy with a generator for each call on several skills; see `twin_race`. The
twin is measured as the interpreter runs it and, where `make compiled` has made one, compiled.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.callers import draw_callers
from simulator.day import Day
from simulator.streams import Streams
from tests.benchmarks.twin_race import one_queue, seconds_and_result

pytestmark = pytest.mark.bench

ROOT = Path(__file__).parents[2]
COMPILED = Path(os.environ.get("CORDBOARD_COMPILED", ROOT / ".compiled"))
ROUNDS = 5

RATIOS_MIN = {
    "interpreted": {"textbook SimPy": 0.15, "Ciw": 0.4, "generator SimPy": 0.1},
    "compiled": {"textbook SimPy": 0.9, "Ciw": 2.2, "generator SimPy": 0.48},
}
"""What must not be lost again, with some room for a busy machine; see docs/performance.md."""

FALL_MAX = 3
"""How much dearer a call may be with 5 000 agents than with 10; the aim is 2."""


def raced(case, build):
    folders = [COMPILED, ROOT] if build == "compiled" else [ROOT]
    done = subprocess.run(
        [sys.executable, "-P", str(ROOT / "tests/benchmarks/twin_race.py"), case, str(ROUNDS)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))},
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("case", ["one_queue", "three_skills"])
@pytest.mark.parametrize("build", ["interpreted", "compiled"])
def test_the_twin_beside_other_models(case, build):
    if build == "compiled" and not COMPILED.is_dir():
        pytest.skip("there is no compiled copy; make compiled")
    race = raced(case, build)
    assert race["compiled"] is (build == "compiled")
    twin_us, *others = race["microseconds"].values()
    ratios = dict(zip(list(race["microseconds"])[1:], (us / twin_us for us in others), strict=True))
    report(f"{build} twin, {case}, {race['calls']} calls: {twin_us:.1f} microseconds a call")
    for name, ratio in ratios.items():
        report(f"  {ratio:.2f} x {name}")
    assert len(set(map(tuple, race["answered, waited"].values()))) == 1
    assert all(ratio >= RATIOS_MIN[build][name] for name, ratio in ratios.items())


def calls_per_second(agents: int, half_hours: int, rounds: int = 3) -> float:
    world = one_queue(agents, half_hours=half_hours)
    days = [Day(world, Streams(1)) for _ in range(rounds)]
    calls = len(draw_callers(world, Streams(1)))
    return calls / min(seconds_and_result(day.run)[0] for day in days)


def report(line: str) -> None:
    print(f"\n{line}", end="")


def test_calls_cost_hardly_more_in_a_large_centre():
    rates = {
        agents: calls_per_second(agents, half_hours)
        for agents, half_hours in ((10, 40), (100, 20), (1_000, 4), (5_000, 2))
    }
    report("calls/s by agents: " + ", ".join(f"{n}: {rate:,.0f}" for n, rate in rates.items()))
    assert min(rates.values()) >= max(rates.values()) / FALL_MAX
