"""Studies: many days, their intervals, and the same result on any number of workers."""

import math

import pytest

from simulator.distributions import Constant, Exponential
from simulator.erlang import erlang_a
from simulator.scenario import Shift, Worker
from simulator.study import BATCH_DAYS, compare, estimate, simulate, simulate_until
from tests.simulator.small_centre import scenario


def test_the_number_of_workers_does_not_matter():
    world = scenario()
    seen = []
    alone = simulate(world, days=3, seed=7, on_day=seen.append)
    assert simulate(world, days=3, seed=7, workers=2) == alone
    assert [result.day for result in seen] == [0, 1, 2]


def test_an_interval_is_that_of_student():
    found = estimate([1.0, 2.0, 3.0])
    assert found.mean == 2.0
    assert found.half_width == pytest.approx(4.302652730 / math.sqrt(3))
    assert (found.low, found.high) == (2 - found.half_width, 2 + found.half_width)


def test_one_day_has_no_interval():
    assert estimate([0.5]).half_width == math.inf
    with pytest.raises(ValueError, match="at least one day"):
        estimate([])


def test_figures_that_no_day_has_are_left_out():
    study = simulate(scenario(per_interval=(0.0,)), days=2, seed=1)
    assert "service_level" not in study.estimates()
    assert study.estimates()["offered"].mean == 0
    assert study.problems == ()


def test_two_variants_are_compared_on_the_same_days():
    few = simulate(scenario(agents=3), days=8, seed=2)
    many = simulate(scenario(agents=4), days=8, seed=2)
    change = compare(few, many)["service_level"]
    assert change.low > 0
    apart = [study.estimates()["service_level"].half_width for study in (few, many)]
    assert change.half_width < sum(apart)


def test_studies_of_other_days_are_not_compared():
    first, second = (simulate(scenario(), days=1, seed=seed) for seed in (1, 2))
    with pytest.raises(ValueError, match="seeds 1 and 2"):
        compare(first, second)


@pytest.mark.parametrize(("days", "workers"), [(0, 1), (1, 0)])
def test_no_days_or_workers_are_refused(days, workers):
    with pytest.raises(ValueError, match="must be 1 or more"):
        simulate(scenario(), days=days, seed=1, workers=workers)


def test_long_days_agree_with_erlang_a():
    """20 erlang, patience twice the talk time, 21 agents, against the closed form.

    A day starts empty: in 16 hours that is a small part, left to the tolerance. Abandonments come
    in bunches, so their count is taken to vary three times as much as a Poisson count.
    """
    world = scenario(
        agents=21,
        per_interval=(200.0,) * 32,
        talk_s=Exponential(180.0),
        patience_s=Exponential(360.0),
        worker=Worker(shifts=(Shift(start="07:59", until="24:00"),)),
    )
    study = simulate(world, days=3, seed=11)
    exact = erlang_a(arrivals_per_s=200 / 1800, handle_s=180.0, patience_s=360.0, agents=21)
    offered = sum(result.account.total.offered for result in study.days)
    abandoned = sum(result.account.total.abandoned for result in study.days)
    error = 3 * math.sqrt(3 * exact.p_abandon / offered)
    assert abandoned / offered == pytest.approx(exact.p_abandon, abs=error)
    assert study.estimates()["occupancy"].mean == pytest.approx(exact.occupancy, abs=0.02)


def test_constant_times_without_competition_give_exact_figures():
    world = scenario(agents=50, per_interval=(20.0,), talk_s=Constant(60.0))
    figures = simulate(world, days=2, seed=3).estimates()
    assert (figures["service_level"].mean, figures["asa_s"].mean) == (1.0, 0.0)
    assert figures["aht_s"].mean == 60.0


def test_days_are_added_until_a_figure_is_known():
    world = scenario(agents=4)
    rough = simulate_until(
        world, figure="service_level", half_width=0.2, days_max=60, seed=3, workers=1
    )
    fine = simulate_until(world, figure="service_level", half_width=0.035, days_max=60, seed=3)
    assert len(rough.days) == 2 * BATCH_DAYS
    assert len(rough.days) < len(fine.days) < 60
    assert fine.estimates()["service_level"].half_width <= 0.035
    assert fine.days == simulate(world, days=len(fine.days), seed=3).days


def test_a_figure_that_no_day_has_cannot_be_waited_for():
    with pytest.raises(ValueError, match="no day has a figure 'joy'; there are offered"):
        simulate_until(scenario(), figure="joy", half_width=0.1, days_max=2, seed=1)
    with pytest.raises(ValueError, match="half_width must be above 0"):
        simulate_until(scenario(), figure="asa_s", half_width=0.0, days_max=2, seed=1)
