"""The twin's speed, as ratios measured in one run: nothing here depends on the machine.

The baseline is the textbook SimPy model of the same day (a `Resource`, a process per call, `request
| timeout`), on the same draws. It keeps no statistics by interval, knows one skill, and has no
agents, rooms or legs; the twin drives the whole centre. Drawing the callers is timed in neither.
"""

import gc
from time import process_time

import pytest
import simpy

from simulator.callers import draw_callers
from simulator.day import Day
from simulator.distributions import Exponential
from simulator.scenario import Shift, Worker
from simulator.streams import Streams
from tests.simulator.small_centre import scenario

pytestmark = pytest.mark.bench

RATIO_MIN = 0.2
"""What must not be lost again; the aim is 1 (see `docs/twin.md`)."""


FALL_MAX = 3
"""How much dearer a call may be with 5 000 agents than with 10; the aim is 2."""


def day_of(agents: int, *, half_hours: int = 20):
    """20 calls a minute for each 100 agents, 300 s of talk, patience 180 s, ten hours."""
    return scenario(
        agents=agents,
        per_interval=(6.0 * agents,) * half_hours,
        talk_s=Exponential(300.0),
        patience_s=Exponential(180.0),
        worker=Worker(shifts=(Shift(start="07:59", until="20:00"),)),
    )


def textbook(callers, agents: int) -> int:
    """Serve the callers by a process each; return how many were answered."""
    env = simpy.Environment()
    team = simpy.Resource(env, agents)
    answered = 0

    def call(customer):
        nonlocal answered
        with team.request() as request:
            got = yield request | env.timeout(customer.patience_ms)
            if request in got:
                answered += 1
                yield env.timeout(customer.talk_ms)

    def arrivals():
        for caller in callers:
            yield env.timeout(caller.at_ms - env.now)
            env.process(call(caller.customer))

    env.process(arrivals())
    env.run()
    return answered


def seconds(action) -> float:
    gc.collect()
    start = process_time()
    action()
    return process_time() - start


def calls_per_second(agents: int, half_hours: int, rounds: int = 3) -> float:
    world = day_of(agents, half_hours=half_hours)
    days = [Day(world, Streams(1)) for _ in range(rounds)]
    calls = len(draw_callers(world, Streams(1)))
    return calls / min(seconds(day.run) for day in days)


def report(line: str) -> None:
    print(f"\n{line}")


def test_the_twin_beside_a_textbook_model():
    world = day_of(100)
    callers = draw_callers(world, Streams(1))
    answered = simulated = 0

    def play():
        nonlocal answered
        answered = textbook(callers, 100)

    def live():
        nonlocal simulated
        simulated = day.run().calls["connected"]

    plain = min(seconds(play) for _ in range(3))
    twin = []
    for _ in range(3):
        day = Day(world, Streams(1))
        twin.append(seconds(live))
    assert simulated == answered
    ratio = plain / min(twin)
    report(f"twin / textbook SimPy, M/M/100+M of {len(callers)} calls: {ratio:.2f}")
    assert ratio >= RATIO_MIN


def test_calls_cost_hardly_more_in_a_large_centre():
    rates = {
        agents: calls_per_second(agents, half_hours)
        for agents, half_hours in ((10, 40), (100, 20), (1_000, 4), (5_000, 2))
    }
    report("calls/s by agents: " + ", ".join(f"{n}: {rate:,.0f}" for n, rate in rates.items()))
    assert min(rates.values()) >= max(rates.values()) / FALL_MAX
