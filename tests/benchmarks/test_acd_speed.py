"""How many events a second the distributor takes, with its measures on.

Processor time is measured, as other work on the machine would count in wall time.
"""

import gc
import importlib.util
import tracemalloc
from pathlib import Path
from time import process_time

import pytest

from acd.engine import Engine
from acd.events import CallQueued
from acd.measures import Measures

_spec = importlib.util.spec_from_file_location("acd_tape", Path(__file__).with_name("acd_tape.py"))
acd_tape = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(acd_tape)

pytestmark = pytest.mark.bench
EVENTS = 60_000


def seconds_per_event(config, tape, lead):
    """Play a tape to a new engine and return what an event after the lead took."""
    engine, measures = Engine(config), Measures(config.queues)
    for event in tape[:lead]:
        engine.handle(event)
        measures.feed(engine.notices)
    rest = tape[lead:]
    gc.collect()
    start = process_time()
    for event in rest:
        engine.handle(event)
        measures.feed(engine.notices)
    elapsed = process_time() - start
    assert measures.total().answered > 0
    return elapsed / len(rest)


def best_of(rounds, config, tape, lead):
    return min(seconds_per_event(config, tape, lead) for _ in range(rounds))


def report(line):
    print(f"\n{line}")


def test_events_per_second_with_500_agents_and_20_queues():
    config = acd_tape.centre(500)
    rate = 1 / best_of(5, config, *acd_tape.cut_tape(config, EVENTS))
    report(f"500 agents, 20 queues, measures on: {rate:,.0f} events/s")
    assert rate >= 100_000


@pytest.mark.parametrize("waiting", [0, 100_000])
@pytest.mark.parametrize("profiles", [20, 200, None])
def test_cost_of_an_event_hardly_grows_with_the_centre(profiles, waiting):
    small, large = acd_tape.centre(10, 3, 10), acd_tape.centre(10_000, 20, profiles)
    small_cost = best_of(5, small, *acd_tape.cut_tape(small, EVENTS))
    tape, lead = acd_tape.cut_tape(large, EVENTS, waiting=waiting)
    ratio = best_of(3, large, tape, lead) / small_cost
    report(
        f"10 -> 10 000 agents, {profiles or '10 000'} profiles, {waiting} waiting: x {ratio:.2f}"
    )
    assert ratio <= 3


def grown_by(fill):
    """Return the bytes that `fill` left allocated, and what it returned, to keep it alive."""
    gc.collect()
    tracemalloc.start()
    kept = fill()
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size, kept


def test_memory_of_a_waiting_call_and_of_an_agent():
    agents, calls = 5_000, 50_000
    config = acd_tape.centre(agents, profile_count=200)
    agents_size, engine = grown_by(lambda: Engine(config))
    events = [CallQueued(0, f"c{index}", "q1", "k", {}) for index in range(calls)]
    calls_size, _ = grown_by(lambda: [engine.handle(event) for event in events])
    report(f"an agent takes {agents_size / agents:,.0f} bytes, signed out")
    report(f"a waiting call takes {calls_size / calls:,.0f} bytes, its deadline included")
    assert calls_size / calls < 4_096
