"""How fast the planning mathematics is: ratios to SimPy models of the same days, in one run.

Both sides get the same calls and must give the same waits before their times are compared. Times
are processor time, the best of a few repetitions; only ratios are judged.
"""

import functools
import sys
import time

import numpy as np
import pytest

from simulator.arrivals import Variability
from simulator.distributions import Exponential
from simulator.erlang import erlang_a, required_agents
from simulator.kernel import CallType, RoutingTables, draw_days, simulate_days
from tests.benchmarks.planning_peers import erlang_a_by_recursion, skill_day, textbook_day

pytestmark = pytest.mark.bench

INTERVAL_S, INTERVALS = 1800.0, 20
NEVER = np.inf
ONE_QUEUE = RoutingTables(call_types=("a",), groups=("all",), reach_s=np.zeros((1, 1)))
THREE_TYPES = RoutingTables(
    call_types=("a", "b", "c"),
    groups=("team a", "team b", "team c", "all-rounders"),
    reach_s=np.array([[0, NEVER, NEVER, 0], [NEVER, 0, NEVER, 0], [30, NEVER, 0, 0]]),
    rank=np.array([[0, 9, 9, 1], [9, 0, 9, 1], [2, 9, 0, 1]]),
    priority=np.array([[0.0, 0, 0, 60], [0, 0, 0, 30], [0, 0, 0, 0]]),
)


def drawn(names, per_type, days):
    types = [
        CallType(
            name=name,
            expected=np.full(INTERVALS, per_type),
            handle=Exponential(300.0),
            patience=Exponential(180.0),
        )
        for name in names
    ]
    return draw_days(types, interval_s=INTERVAL_S, variability=Variability(), seed=1, days=days)


def first_day(draws):
    end = draws.day_start[1]
    columns = (draws.arrival_s, draws.call_type, draws.handle_s, draws.patience_s)
    return list(zip(*(column[:end].tolist() for column in columns), strict=True))


def cpu_s(work, repetitions):
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def kernel_waits(draws, tables, team):
    seen = simulate_days(draws.first_days(1), tables, team, interval_s=INTERVAL_S, keep_calls=True)
    return {
        call: wait
        for call, (wait, group) in enumerate(zip(seen.wait_s, seen.group, strict=True))
        if group >= 0
    }


def compare(record_property, draws, tables, team, peer, floor):
    kernel, waits = kernel_waits(draws, tables, team), peer()
    assert kernel.keys() == waits.keys()
    np.testing.assert_allclose(list(kernel.values()), [waits[call] for call in kernel], atol=1e-6)
    day_calls = int(draws.day_start[1])
    peer_rate = day_calls / cpu_s(peer, 3)
    kernel_s = cpu_s(lambda: simulate_days(draws, tables, team, interval_s=INTERVAL_S), 5)
    kernel_rate = len(draws.arrival_s) / kernel_s
    record_property("peer calls per second", round(peer_rate))
    record_property("kernel calls per second", round(kernel_rate))
    record_property("ratio", round(kernel_rate / peer_rate, 1))
    sys.stdout.write(f"\npeer {peer_rate:,.0f}/s, kernel {kernel_rate:,.0f}/s: ")
    sys.stdout.write(f"{kernel_rate / peer_rate:.0f} x\n")
    assert kernel_rate / peer_rate >= floor


def test_one_queue_is_120_times_as_fast_as_the_textbook_model(record_property):
    draws = drawn("a", 600.0, 22)
    team = np.full((1, INTERVALS), 100)
    day = first_day(draws)
    compare(record_property, draws, ONE_QUEUE, team, lambda: textbook_day(day, 100), 120)


def test_many_skills_are_50_times_as_fast_as_a_generator_for_each_call(record_property):
    draws = drawn("abc", 200.0, 22)
    agents = [28, 28, 26, 18]
    team = np.repeat(np.array(agents)[:, None], INTERVALS, axis=1)
    day = first_day(draws)
    compare(
        record_property, draws, THREE_TYPES, team, lambda: skill_day(day, THREE_TYPES, agents), 50
    )


def test_one_erlang_a_figure_is_8_times_as_fast_as_summing_states(record_property):
    queue = {"arrivals_per_s": 1 / 3, "handle_s": 300.0, "patience_s": 180.0, "agents": 100}
    plain = erlang_a_by_recursion(**queue, within_s=20.0)
    assert erlang_a(**queue).service_level(20) == pytest.approx(plain, abs=1e-10)

    def many(work):
        return cpu_s(lambda: [work() for _ in range(200)], 5) / 200

    ours = many(lambda: erlang_a(**queue).service_level(20.0))
    theirs = many(lambda: erlang_a_by_recursion(**queue, within_s=20.0))
    record_property("microseconds", round(ours * 1e6, 1))
    record_property("ratio", round(theirs / ours, 1))
    sys.stdout.write(f"\n{ours * 1e6:.0f} us: {theirs / ours:.0f} x\n")
    assert theirs / ours >= 8


def interleaved(ours, theirs, repetitions):
    """Return how many times as fast ours is, best of turns taken in one process."""
    turns = [(cpu_s(ours, 3), cpu_s(theirs, 1)) for _ in range(repetitions)]
    return min(their for _, their in turns) / min(our for our, _ in turns)


def report(record_property, title, ratio):
    record_property(title, round(ratio, 1))
    sys.stdout.write(f"\n{title}: {ratio:,.1f} x\n")


def pyworkforce_erlang_a():
    """Return pyworkforce's Erlang A, or skip: no release up to 0.5.1 has it."""
    peer = pytest.importorskip("pyworkforce.queuing", reason="needs the extra bench")
    if not hasattr(peer, "ErlangA"):
        pytest.skip("this pyworkforce has no ErlangA; its repository has, after 0.5.1")
    return peer.ErlangA


QUEUE = {"arrivals_per_s": 1 / 3, "handle_s": 300.0, "patience_s": 180.0}
PEER_QUEUE = {"transactions": 600, "aht": 5.0, "interval": 30, "asa": 20 / 60, "patience": 3.0}


def test_one_erlang_a_figure_is_300_times_as_fast_as_pyworkforce(record_property):
    peer = pyworkforce_erlang_a()(**PEER_QUEUE)
    assert erlang_a(**QUEUE, agents=100).service_level(20) == pytest.approx(
        peer.service_level(positions=100), abs=1e-6
    )
    ours = functools.partial(repeat, 100, lambda: erlang_a(**QUEUE, agents=100).service_level(20))
    ratio = 100 * interleaved(ours, lambda: peer.service_level(positions=100), 5)
    report(record_property, "Erlang A, one figure, over pyworkforce", ratio)
    assert ratio >= 300


def test_agents_for_a_target_are_found_300_times_as_fast_as_by_pyworkforce(record_property):
    peer = pyworkforce_erlang_a()(**PEER_QUEUE)
    assert required_agents(**QUEUE) == peer.required_positions(service_level=0.8)["raw_positions"]
    ours = functools.partial(repeat, 20, lambda: required_agents(**QUEUE))
    ratio = 20 * interleaved(ours, lambda: peer.required_positions(service_level=0.8), 3)
    report(record_property, "Erlang A, agents for a target, over pyworkforce", ratio)
    assert ratio >= 300


def repeat(times, work):
    for _ in range(times):
        work()


SCENARIOS = [(calls, aht_s) for calls in range(50, 1050, 50) for aht_s in (120, 180, 240, 300)]


def test_agents_of_many_scenarios_against_the_released_pyworkforce(record_property):
    """Callers who never give up, as the release has no others; the smallest team for 80/20.

    It counts up from the load and we bisect, so the ratio grows with the team; both are exact.
    """
    peer = pytest.importorskip("pyworkforce.queuing", reason="needs the extra bench")

    def theirs():
        return [
            peer.ErlangC(
                transactions=calls, aht=aht_s / 60, interval=30, asa=20 / 60
            ).required_positions(service_level=0.8)["raw_positions"]
            for calls, aht_s in SCENARIOS
        ]

    def ours():
        return [
            required_agents(arrivals_per_s=calls / 1800, handle_s=aht_s)
            for calls, aht_s in SCENARIOS
        ]

    found, counted = np.array(ours()), np.array(theirs())
    assert (found <= counted).all()  # it begins to count at the load and one more, rounded
    assert (found == counted).mean() > 0.9
    report(
        record_property,
        f"Erlang C, agents of {len(SCENARIOS)} scenarios, over pyworkforce",
        interleaved(ours, theirs, 5),
    )
