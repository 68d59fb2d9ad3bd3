"""How many events a second the distributor takes, with its measures on."""

import gc
import importlib.util
from pathlib import Path
from time import perf_counter

import pytest

from acd.engine import Engine
from acd.measures import Measures

_spec = importlib.util.spec_from_file_location("acd_tape", Path(__file__).with_name("acd_tape.py"))
acd_tape = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(acd_tape)

pytestmark = pytest.mark.bench
EVENTS = 60_000


def play(config, tape):
    """Play a tape to a new engine and return the seconds it took."""
    engine, measures = Engine(config), Measures(config.queues)
    gc.collect()
    start = perf_counter()
    for event in tape:
        engine.handle(event)
        measures.feed(engine.notices)
    elapsed = perf_counter() - start
    assert measures.total().answered > 0
    return elapsed


def events_per_s(config, tape, rounds=5):
    return len(tape) / min(play(config, tape) for _ in range(rounds))


def report(line):
    print(f"\n{line}")  # noqa: T201  (a benchmark says what it found)


def test_events_per_second_with_500_agents_and_20_queues():
    config = acd_tape.centre(500)
    rate = events_per_s(config, acd_tape.cut_tape(config, EVENTS))
    report(f"500 agents, 20 queues, measures on: {rate:,.0f} events/s")
    assert rate >= 100_000


@pytest.mark.parametrize("profiles", [20, 200, None])
def test_cost_of_an_event_hardly_grows_with_the_centre(profiles):
    small, large = acd_tape.centre(10, profile_count=10), acd_tape.centre(10_000, 20, profiles)
    small_rate = events_per_s(small, acd_tape.cut_tape(small, EVENTS))
    large_rate = events_per_s(large, acd_tape.cut_tape(large, 4 * EVENTS), rounds=2)
    ratio = small_rate / large_rate
    report(f"10 -> 10 000 agents, {profiles or 'own'} profiles: cost x {ratio:.2f}")
    assert ratio <= 3
