"""Variants of a planned day: each differs in what it says and in nothing else."""

import numpy as np
import pytest

from simulator.kernel import RoutingTables
from simulator.staffing import Group, PlanError, ShiftRule, Target, plan_day
from simulator.staffing.circumstances import factors, learned, more_self_service, trainings
from simulator.staffing.variants import ALL_CALLS, Trial, Variant, paired
from tests.simulator.staffing.test_deferred import EFFORT, HOUR_S, two_peaks

RULES = (ShiftRule(name="day", length_s=5 * HOUR_S, every_s=HOUR_S),)


def two_teams():
    """Cards and loans, a team each."""
    centre = two_peaks()
    cards = centre.demands[0]
    loans = type(cards)(
        name="loans",
        calls=cards.calls / 2,
        handle_s=cards.handle_s,
        handle=cards.handle,
        patience=cards.patience,
    )
    never = np.inf
    return two_peaks(
        demands=(cards, loans),
        groups=(Group(name="tellers"), Group(name="lenders", cost_per_hour=2.0)),
        tables=RoutingTables(
            call_types=("cards", "loans"),
            groups=("tellers", "lenders"),
            reach_s=np.array([[0, never], [never, 0]]),
        ),
        targets=tuple(
            Target(metric="service_level", limit=0.8, of=name) for name in ("cards", "loans")
        ),
    )


@pytest.fixture(scope="module")
def plan():
    return plan_day(two_teams(), RULES, effort=EFFORT)


def compared(plan, variant, days=60):
    return Trial(plan, [variant], days=days, seed=5).compare(variant)


def test_no_change_makes_no_difference(plan):
    same = compared(plan, Variant(name="as planned"))
    assert same.service_level[ALL_CALLS].difference == 0
    assert same.service_level[ALL_CALLS].half_width == 0
    assert same.cost_per_contact.base == pytest.approx(plan.cost_per_contact, rel=0.05)


def test_longer_calls_hurt_and_are_known_better_than_either_level(plan):
    longer = compared(plan, Variant(name="aht", handle=np.array([1.1, 1.0])))
    cards = longer.service_level["cards"]
    assert cards.difference < -cards.half_width < 0
    assert longer.service_level["loans"].difference == 0
    assert longer.asa_s["cards"].difference > 0


def test_fewer_calls_are_some_of_the_same_and_more_hold_all_of_them(plan):
    centre = plan.centre
    fewer = Variant(name="fewer", calls=factors(centre, 0.9, None))
    more = Variant(name="more", calls=factors(centre, 1.1, None))
    trial = Trial(plan, [fewer, more], days=60, seed=5)
    down, up = trial.compare(fewer), trial.compare(more)
    assert down.service_level[ALL_CALLS].difference > 0 > up.service_level[ALL_CALLS].difference
    assert down.service_level[ALL_CALLS].base == up.service_level[ALL_CALLS].base
    assert down.cost_per_contact.difference > 0 > up.cost_per_contact.difference


def test_thinned_days_have_the_calls_expected(plan):
    variant = Variant(name="more", calls=np.array([1.5, 1.0]))
    trial = Trial(plan, [variant], days=100, seed=5)
    base = trial._callers(None)
    expected = sum(float(demand.calls.sum()) for demand in plan.centre.demands)
    assert len(base.arrival_s) / 100 == pytest.approx(expected, rel=0.02)
    busier = trial._callers(variant.calls)
    cards = (busier.call_type == 0).sum() / (base.call_type == 0).sum()
    assert cards == pytest.approx(1.5, rel=0.03)
    assert (busier.call_type == 1).sum() == (base.call_type == 1).sum()
    assert np.isin(base.arrival_s, busier.arrival_s).all()


def test_patience_changes_who_gives_up(plan):
    calmer = compared(plan, Variant(name="patience", patience=np.array([1.5, 1.5])))
    assert calmer.p_abandon[ALL_CALLS].difference < 0


def test_no_shows_leave_fewer_and_cost_as_much(plan):
    variant = Variant(name="no-shows", absent_share=0.1)
    trial = Trial(plan, [variant], days=200, seed=5)
    share = trial._teams(0.1).sum() / (200 * plan.on_calls.sum())
    assert share == pytest.approx(0.9, abs=0.01)
    effect = trial.compare(variant)
    assert effect.service_level[ALL_CALLS].difference < 0
    assert effect.cost_per_contact.difference > 0


def test_no_shows_need_a_roster():
    plain = plan_day(two_peaks(), effort=EFFORT)
    with pytest.raises(PlanError, match="need shift rules"):
        compared(plain, Variant(name="no-shows", absent_share=0.1))


def test_training_helps_the_type_learned_and_costs_its_premium(plan):
    assert trainings(plan.centre) == [("tellers", "loans"), ("lenders", "cards")]
    variant = learned(plan.centre, "tellers", "loans", premium=0.1)
    assert variant.name == "tellers learns loans"
    assert variant.dearer.tolist() == [0.1, 0.0]
    effect = compared(plan, variant)
    assert effect.service_level["loans"].difference > 0
    same = compared(plan, Variant(name="", tables=variant.tables))
    dearer = effect.cost_per_contact.value / same.cost_per_contact.value
    assert dearer == pytest.approx(1 + 0.1 * plan.paid_hours[0] / plan.cost)
    assert variant.tables.rank[1].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("group", "call_type", "problem"),
    [
        ("nobody", "cards", "'nobody' is not one of tellers, lenders"),
        ("tellers", "homes", "'homes' is not one of cards, loans"),
        ("tellers", "cards", "tellers takes cards already"),
    ],
)
def test_impossible_training_is_refused(plan, group, call_type, problem):
    with pytest.raises(PlanError, match=problem):
        learned(plan.centre, group, call_type, premium=0.1)


def test_self_service_is_a_share_of_all_who_call():
    centre = two_teams()
    served, lost = np.array([0.25, 0.1]), np.array([0.05, 0.0])
    factor = more_self_service(centre, 0.07, served, lost, "cards")
    assert factor.tolist() == pytest.approx([0.63 / 0.7, 1.0])
    with pytest.raises(PlanError, match="loans: the call flow would serve -10% of callers"):
        more_self_service(centre, -0.2, served, lost, "loans")
    with pytest.raises(PlanError, match="'homes' is not one of cards, loans"):
        more_self_service(centre, 0.1, served, lost, "homes")


def test_paired_ratios_agree_with_the_mean_of_equal_days():
    ones = np.ones(4)
    found = paired((np.array([1.0, 2, 3, 4]), ones), (np.array([2.0, 3, 4, 5]), ones))
    assert (found.base, found.value, found.difference, found.half_width) == (2.5, 3.5, 1.0, 0.0)
    nothing = paired((ones, 0 * ones), (ones, ones))
    assert np.isnan(nothing.difference)
    assert not nothing.is_clear
    assert np.isnan(paired((ones[:1], ones[:1]), (ones[:1], ones[:1])).half_width)
