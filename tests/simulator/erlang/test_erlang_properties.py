"""Erlang formulas: laws that hold at every load, and refusals that say why."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.erlang import (
    OverloadError,
    arrivals_served_per_s,
    erlang_a,
    erlang_b,
    erlang_c,
    offered_load,
    patience_from_abandonment_s,
    required_agents,
    required_agents_by_interval,
    rostered_agents,
)

queues = st.builds(
    lambda load, handle_s, patience_s, agents: erlang_a(
        arrivals_per_s=load / handle_s, handle_s=handle_s, patience_s=patience_s, agents=agents
    ),
    load=st.floats(0.01, 3000),
    handle_s=st.floats(1, 3000),
    patience_s=st.floats(0.1, 20_000),
    agents=st.integers(1, 3000),
)


@given(queues, st.floats(0, 10_000))
@settings(max_examples=150, deadline=None)
def test_erlang_a_figures_are_shares_and_balance(queue, within_s):
    for share in (queue.p_wait, queue.p_abandon, queue.occupancy, queue.service_level(within_s)):
        assert -1e-12 <= share <= 1 + 1e-12
    answered = 1 - queue.p_abandon
    assert queue.service_level(math.inf) == pytest.approx(answered, abs=1e-10)
    assert queue.service_level(0) == pytest.approx(1 - queue.p_wait, abs=1e-10)
    assert queue.p_wait_longer(0) == pytest.approx(queue.p_wait, rel=1e-9, abs=1e-300)
    in_time_or_waiting = queue.service_level(within_s) + queue.p_wait_longer(within_s)
    assert answered - 1e-9 <= in_time_or_waiting + queue.p_abandon
    assert in_time_or_waiting <= 1 + 1e-9


@given(queues, st.floats(0, 1000), st.floats(0, 1000))
@settings(max_examples=80, deadline=None)
def test_service_level_rises_with_the_threshold(queue, one_s, other_s):
    early, late = sorted((one_s, other_s))
    assert queue.service_level(early) <= queue.service_level(late) + 1e-10
    assert queue.p_wait_longer(early) >= queue.p_wait_longer(late) - 1e-10


@given(queues)
@settings(max_examples=80, deadline=None)
def test_one_more_agent_never_hurts(queue):
    more = erlang_a(
        arrivals_per_s=queue.arrivals_per_s,
        handle_s=queue.handle_s,
        patience_s=queue.patience_s,
        agents=queue.agents + 1,
    )
    assert more.service_level(20) >= queue.service_level(20) - 1e-10
    assert more.p_abandon <= queue.p_abandon * (1 + 1e-10)


def test_endless_patience_tends_to_erlang_c_and_none_to_erlang_b():
    load = {"arrivals_per_s": 0.3, "handle_s": 300.0, "agents": 100}
    patient = erlang_a(**load, patience_s=1e9)
    assert patient.p_wait == pytest.approx(erlang_c(**load).p_wait, rel=1e-5)
    assert patient.asa_s == pytest.approx(erlang_c(**load).asa_s, rel=1e-5)
    impatient = erlang_a(**load, patience_s=1e-6)
    assert impatient.p_abandon == pytest.approx(erlang_b(load=90, agents=100), rel=1e-5)


def test_overload_without_abandonment_is_one_clear_error():
    with pytest.raises(OverloadError, match=r"100 erlangs needs at least 101 agents, not 100"):
        erlang_c(arrivals_per_s=1, handle_s=100, agents=100)


def test_required_agents_is_the_smallest_team_under_every_target():
    load = {"arrivals_per_s": 0.5, "handle_s": 240.0}
    agents = required_agents(**load, patience_s=120, service_level=0.8, p_abandon_max=0.02)
    enough, one_less = (erlang_a(**load, patience_s=120, agents=agents - less) for less in (0, 1))
    assert enough.service_level(20) >= 0.8
    assert enough.p_abandon <= 0.02
    assert one_less.service_level(20) < 0.8 or one_less.p_abandon > 0.02
    by_speed = required_agents(**load, service_level=None, asa_s_max=5)
    assert (
        erlang_c(**load, agents=by_speed).asa_s <= 5 < erlang_c(**load, agents=by_speed - 1).asa_s
    )


def test_no_calls_need_no_agents():
    assert required_agents(arrivals_per_s=0, handle_s=180) == 0


@pytest.mark.parametrize("patience_s", [None, 120.0])
def test_arrivals_served_turns_the_service_level_around(patience_s):
    figures = {"agents": 40, "handle_s": 200.0, "patience_s": patience_s}
    rate = arrivals_served_per_s(**figures, service_level=0.9, within_s=10)
    least = required_agents(
        arrivals_per_s=rate * (1 - 1e-9),
        handle_s=200,
        patience_s=patience_s,
        service_level=0.9,
        within_s=10,
    )
    assert least == 40


def test_patience_is_recovered_from_the_share_that_abandons():
    for patience_s in (5.0, 180.0, 5000.0):
        load = {"arrivals_per_s": 1.1, "handle_s": 100.0, "agents": 105}
        queue = erlang_a(**load, patience_s=patience_s)
        assert patience_from_abandonment_s(**load, p_abandon=queue.p_abandon) == pytest.approx(
            patience_s, rel=1e-8
        )


def test_abandonment_no_patience_explains_is_refused():
    with pytest.raises(ValueError, match=r"between 9.0909% \(endless patience\) and .* outside"):
        patience_from_abandonment_s(arrivals_per_s=1.1, handle_s=100, agents=100, p_abandon=0.05)


def test_shrinkage_rounds_up_and_only_when_it_must():
    assert rostered_agents(7, shrinkage=0.3) == 10
    assert rostered_agents(7.01, shrinkage=0.3) == 11
    assert rostered_agents(0, shrinkage=0.5) == 0
    with pytest.raises(ValueError, match="from 0 to below 1"):
        rostered_agents(7, shrinkage=1)


def test_modified_offered_load_settles_where_the_call_rate_says():
    loads = offered_load([0.5] * 12, interval_s=900, handle_s=300)
    assert loads[0].mean < 150
    assert loads[-1].mean == pytest.approx(150, rel=1e-9)
    warm = offered_load([0.5], interval_s=900, handle_s=300, start=150)[0]
    assert (warm.mean, warm.peak, warm.end) == pytest.approx((150, 150, 150))


def test_modified_offered_load_lags_behind_the_calls():
    """Calls stop after the second interval; the load is still there in the third."""
    before, after = offered_load([0.1, 0.0], interval_s=1800, handle_s=600)
    assert after.peak == before.end
    assert 0 < after.end < after.mean < before.mean
    assert required_agents_by_interval([0.1, 0.0], interval_s=1800, handle_s=600)[1] > 0


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ({"arrivals_per_s": -1.0}, "arrivals_per_s must be"),
        ({"handle_s": 0.0}, "handle_s must be a number above 0"),
        ({"patience_s": math.nan}, "patience_s must be a number above 0"),
        ({"service_level": 80}, "service_level must be between 0 and 1, not 80"),
        ({"within_s": -1}, "within_s must be 0 or more"),
        ({"of": "all"}, "of must be one of offered, answered"),
        ({"occupancy_max": 0}, "occupancy_max must be above 0"),
        ({"service_level": None}, "at least one target"),
    ],
)
def test_wrong_figures_are_refused_with_the_reason(figures, message):
    right = {"arrivals_per_s": 1.0, "handle_s": 100.0, "patience_s": 100.0}
    with pytest.raises(ValueError, match=message):
        required_agents(**(right | figures))


@pytest.mark.parametrize("agents", [0, 1.5, -3])
def test_a_team_is_a_whole_number_of_people(agents):
    with pytest.raises(ValueError, match="agents must be a whole number of 1 or more"):
        erlang_a(arrivals_per_s=1, handle_s=1, patience_s=1, agents=agents)
