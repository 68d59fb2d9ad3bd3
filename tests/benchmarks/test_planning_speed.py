"""How fast the planning mathematics is: ratios to SimPy models of the same days, in one run.

Both sides get the same calls and must give the same waits before their times are compared. Times
are processor time, the best of a few repetitions; only ratios are judged.
"""

import sys
import time

import numpy as np
import pytest

from simulator.arrivals import Variability
from simulator.distributions import Exponential
from simulator.erlang import erlang_a
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


def test_one_erlang_a_figure_is_300_times_as_fast_as_pyworkforce(record_property):
    """Needs a pyworkforce that has Erlang A, which the released one for Python 3.11 has not."""
    pyworkforce = pytest.importorskip("pyworkforce.queuing")
    if not hasattr(pyworkforce, "ErlangA"):
        pytest.skip("this pyworkforce has no ErlangA")
    peer = pyworkforce.ErlangA(transactions=600, aht=5.0, interval=30, asa=20 / 60, patience=3.0)
    theirs = cpu_s(lambda: peer.service_level(positions=100), 3)
    ours = cpu_s(
        lambda: [
            erlang_a(arrivals_per_s=1 / 3, handle_s=300, patience_s=180, agents=100).service_level(
                20
            )
            for _ in range(100)
        ],
        5,
    )
    record_property("ratio", round(theirs / ours * 100))
    assert theirs / (ours / 100) >= 300
