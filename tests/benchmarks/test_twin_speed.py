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

pytestmark = pytest.mark.bench

ROOT = Path(__file__).parents[2]
COMPILED = Path(os.environ.get("CORDBOARD_COMPILED", ROOT / ".compiled"))
ROUNDS = 5

RATIOS_MIN = {
    "interpreted": {"textbook SimPy": 0.15, "Ciw": 0.4, "generator SimPy": 0.1},
    "compiled": {"textbook SimPy": 0.9, "Ciw": 2.2, "generator SimPy": 0.48},
}
"""What must not be lost again, with some room for a busy machine; see docs/performance.md."""

FALL_MAX = {"interpreted": 2.2, "compiled": 3}
"""How much dearer a call may be in one size of a centre than in another; the aim is 2."""


def measured(case, build):
    """Return what `twin_race` says of a build, in a process of its own."""
    if build == "compiled" and not COMPILED.is_dir():
        pytest.skip("there is no compiled copy; make compiled")
    folders = [COMPILED, ROOT] if build == "compiled" else [ROOT]
    done = subprocess.run(
        [sys.executable, "-P", str(ROOT / "tests/benchmarks/twin_race.py"), case, str(ROUNDS)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))},
        capture_output=True,
        check=True,
        text=True,
    )
    found = json.loads(done.stdout)
    assert found["compiled"] is (build == "compiled")
    return found


@pytest.mark.parametrize("case", ["one_queue", "three_skills"])
@pytest.mark.parametrize("build", ["interpreted", "compiled"])
def test_the_twin_beside_other_models(case, build):
    race = measured(case, build)
    twin_us, *others = race["microseconds"].values()
    ratios = dict(zip(list(race["microseconds"])[1:], (us / twin_us for us in others), strict=True))
    report(f"{build} twin, {case}, {race['calls']} calls: {twin_us:.1f} microseconds a call")
    for name, ratio in ratios.items():
        report(f"  {ratio:.2f} x {name}")
    assert len(set(map(tuple, race["answered, waited"].values()))) == 1
    assert all(ratio >= RATIOS_MIN[build][name] for name, ratio in ratios.items())


def report(line: str) -> None:
    print(f"\n{line}", end="")


@pytest.mark.parametrize("build", ["interpreted", "compiled"])
def test_calls_cost_hardly_more_in_a_large_centre(build):
    found = measured("growth", build)["sizes"]
    for agents, part in found.items():
        report(
            f"{build} twin, {agents} agents: {1e6 / part['microseconds']:,.0f} calls/s;"
            f" {part['waited']:.0%} waited, {part['gave up']:.1%} gave up"
        )
    costs_us = [part["microseconds"] for part in found.values()]
    assert max(costs_us) <= FALL_MAX[build] * min(costs_us)
