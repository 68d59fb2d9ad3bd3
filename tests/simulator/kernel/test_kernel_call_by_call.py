"""The kernel routes every call exactly as a plain reference does, on random rules and days."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.kernel import CallDraws, RoutingTables, simulate_days
from tests.simulator.kernel.plain_router import route_plainly

INTERVAL_S = 60.0
NEVER = float("inf")


@st.composite
def centres(draw):
    """Small whole numbers, so that many things happen at the same instant."""
    t, g = draw(st.integers(1, 3)), draw(st.integers(1, 3))

    def table(values):
        return [[draw(values) for _ in range(g)] for _ in range(t)]

    reach = np.array(table(st.sampled_from([0.0, 0.0, 5.0, 30.0, NEVER])))
    reach[:, 0] = np.where(np.isinf(reach).all(axis=1), 0.0, reach[:, 0])
    return RoutingTables(
        call_types=tuple(f"type {index}" for index in range(t)),
        groups=tuple(f"group {index}" for index in range(g)),
        reach_s=reach,
        rank=np.array(table(st.integers(0, 2))),
        priority=np.array(table(st.sampled_from([0.0, 0.0, 10.0, 100.0]))),
        priority_per_s=np.array([draw(st.sampled_from([0.0, 1.0, 2.0])) for _ in range(t)]),
        handle_factor=np.array(table(st.sampled_from([1.0, 1.0, 2.0]))),
    )


@st.composite
def days(draw, tables):
    count = draw(st.integers(0, 40))
    whole = st.integers(0, 200)
    arrivals = sorted(draw(st.lists(whole, min_size=count, max_size=count)))
    calls = [
        (
            float(arrival),
            draw(st.integers(0, len(tables.call_types) - 1)),
            float(draw(st.integers(0, 60))),
            draw(st.sampled_from([0.0, 3.0, 10.0, 40.0, 90.0, NEVER])),
        )
        for arrival in arrivals
    ]
    intervals = draw(st.integers(1, 4))
    team = [[draw(st.integers(0, 4)) for _ in range(intervals)] for _ in tables.groups]
    return calls, np.array(team)


def routed_by_kernel(tables, calls, team):
    columns = np.array(calls, dtype=float).reshape(-1, 4).T
    draws = CallDraws(
        arrival_s=columns[0],
        call_type=columns[1].astype(int),
        handle_s=columns[2],
        patience_s=columns[3],
        day_start=np.array([0, len(calls)]),
    )
    outcome = simulate_days(draws, tables, team, interval_s=INTERVAL_S, keep_calls=True)
    return outcome, list(zip(outcome.wait_s.tolist(), outcome.group.tolist(), strict=True))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_every_call_has_the_same_wait_and_agent_group(data):
    tables = data.draw(centres())
    calls, team = data.draw(days(tables))
    _, kernel = routed_by_kernel(tables, calls, team)
    assert kernel == route_plainly(tables, team, INTERVAL_S, calls)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_fast_path_routes_as_the_reference_does(data):
    tables = RoutingTables(call_types=("a", "b"), groups=("all",), reach_s=np.zeros((2, 1)))
    assert tables.is_first_come_first_served
    calls, team = data.draw(days(tables))
    _, kernel = routed_by_kernel(tables, calls, team)
    assert kernel == route_plainly(tables, team, INTERVAL_S, calls)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_sums_add_up_to_the_calls(data):
    tables = data.draw(centres())
    calls, team = data.draw(days(tables))
    outcome, kernel = routed_by_kernel(tables, calls, team)
    assert outcome.offered.sum() == len(calls)
    assert outcome.answered.sum() == sum(group >= 0 for _, group in kernel)
    assert outcome.answered_by.sum() == outcome.answered.sum()
    assert outcome.in_time.sum() == sum(group >= 0 and wait <= 20 for wait, group in kernel)
    waits = sum(wait for wait, group in kernel if group >= 0)
    assert outcome.answered_wait_s.sum() == waits
    at_work_s = team.sum() * INTERVAL_S
    assert outcome.idle_s.sum() <= at_work_s
    assert outcome.busy_s.sum() + outcome.idle_s.sum() >= at_work_s - 1e-9


def test_single_group_gives_the_same_by_both_paths():
    rng = np.random.default_rng(5)
    count = 3000
    draws = CallDraws(
        arrival_s=np.sort(rng.random(count) * 7200),
        call_type=np.zeros(count),
        handle_s=rng.exponential(60, count),
        patience_s=rng.exponential(90, count),
        day_start=np.array([0, count]),
    )
    team = np.array([[20, 28, 23, 0, 26, 18, 30, 24]])
    fast = RoutingTables(call_types=("a",), groups=("all",), reach_s=np.zeros((1, 1)))
    slow = RoutingTables(
        call_types=("a", "unused"),
        groups=("all",),
        reach_s=np.zeros((2, 1)),
        priority=np.array([[0.0], [5.0]]),
    )
    assert not slow.is_first_come_first_served
    one = simulate_days(draws, fast, team, interval_s=900, keep_calls=True)
    other = simulate_days(draws, slow, team, interval_s=900, keep_calls=True)
    assert one.wait_s.tolist() == other.wait_s.tolist()
    np.testing.assert_allclose(one.idle_s, other.idle_s, atol=1e-6)
    np.testing.assert_allclose(one.busy_s, other.busy_s, atol=1e-6)
    np.testing.assert_allclose(one.queue_s[:, 0], other.queue_s[:, 0], atol=1e-6)


@pytest.mark.parametrize("patience", [19.0, 20.0, 21.0])
def test_a_wait_equal_to_the_patience_is_answered(patience):
    tables = RoutingTables(call_types=("a",), groups=("all",), reach_s=np.zeros((1, 1)))
    calls = [(0.0, 0, 30.0, NEVER), (10.0, 0, 5.0, patience)]
    _, kernel = routed_by_kernel(tables, calls, np.array([[1]]))
    assert kernel[1] == ((20.0, 0) if patience >= 20 else (patience, -1))
