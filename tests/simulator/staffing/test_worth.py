"""One more agent helps where work is; a constraint eased saves, and one that is slack is free."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from simulator.staffing import Break, Effort, Group, ShiftRule, Target, plan_day
from simulator.staffing.prices import Terms, easings_of, prices_of
from simulator.staffing.variants import ALL_CALLS, Trial
from simulator.staffing.worth import one_more_of
from tests.simulator.staffing.test_deferred import EFFORT, two_peaks, work

HOUR_S = 3600.0
RULES = (
    ShiftRule(
        name="short",
        length_s=4 * HOUR_S,
        every_s=2 * HOUR_S,
        breaks=(Break(length_s=HOUR_S, earliest_s=HOUR_S, latest_s=2 * HOUR_S, is_paid=False),),
    ),
)


@pytest.fixture(scope="module")
def plan():
    return plan_day(two_peaks(), RULES, effort=EFFORT)


@pytest.fixture(scope="module")
def plain():
    return plan_day(two_peaks(), effort=EFFORT)


def test_one_more_agent_works_a_whole_shift_where_the_calls_are(plan):
    one = one_more_of(plan, "tellers", RULES)
    assert one.shift is not None
    assert one.cost == 3.0
    assert one.variant.more[0].sum() == 3
    effect = Trial(plan, [], days=60, seed=9).compare(one.variant)
    gain = effect.service_level[ALL_CALLS]
    assert gain.difference > gain.half_width
    assert gain.is_clear
    assert effect.p_abandon[ALL_CALLS].difference < 0
    assert effect.cost_per_contact.difference > 0


def test_without_shifts_one_more_agent_works_when_the_group_does(plain):
    one = one_more_of(plain, "tellers")
    assert one.shift is None
    assert one.variant.more[0].tolist() == (plain.team[0] > 0).astype(int).tolist()
    assert one.cost == pytest.approx((plain.team[0] > 0).sum())


def test_prices_are_told_one_by_one_and_never_below_zero(plan):
    terms = Terms(centre=plan.centre, rules=RULES, works=())
    priced = list(prices_of(plan, easings_of(terms), terms, effort=EFFORT))
    changes = {(price.constraint, price.change): price.saved for price in priced}
    target = "service_level of cards >= 0.8 over the day"
    assert list(changes) == [
        (target, "0.79 instead of 0.8"),
        ("short: starts", "every 60 minutes"),
        ("short: breaks", "60 minutes earlier or later"),
        ("short: length", "or 60 minutes less"),
        ("shifts and breaks", "agents by the interval, without them"),
    ]
    assert all(saved >= 0 for saved in changes.values())
    assert priced[-1].saved > 0
    assert priced[-1].saved_share < 1


def test_a_target_that_another_one_hides_is_free(plain):
    slack = Target(metric="asa_s", limit=300.0, of="cards")
    centre = replace(plain.centre, targets=(*plain.centre.targets, slack))
    terms = Terms(centre=centre, rules=(), works=())
    eased, gone = (one for one in easings_of(terms) if one.constraint.startswith("asa_s"))
    assert eased.change == "330 instead of 300"
    assert gone.change == "without it"
    assert [price.saved for price in prices_of(plain, [eased, gone], terms, effort=EFFORT)] == [
        0,
        0,
    ]


def test_caps_and_promises_have_a_price_each():
    centre = two_peaks(groups=(Group(name="tellers", agents_max=9),))
    promised = work(is_promised=True)
    terms = Terms(centre=centre, rules=RULES, works=(promised, work(name="other")))
    eased = {easing.constraint: easing for easing in easings_of(terms)}
    assert eased["at most 9 of tellers"].terms.centre.groups[0].agents_max == 10
    assert eased["promised work: letters"].terms.works == (work(name="other"),)
    assert "shifts and breaks" not in eased


def test_windows_of_breaks_widen_as_far_as_there_is_room():
    lunch = msgspec.structs.replace(RULES[0].breaks[0], earliest_s=0.0, latest_s=3 * HOUR_S)
    rule = msgspec.structs.replace(RULES[0], breaks=(lunch,))
    terms = Terms(centre=two_peaks(), rules=(rule,), works=())
    wider = next(one for one in easings_of(terms) if one.constraint == "short: breaks")
    assert wider.terms.rules[0].breaks == (lunch,)


def test_effort_says_how_many_days_are_searched(plain):
    terms = Terms(centre=plain.centre, rules=(), works=())
    few = Effort(search_days=5)
    [price] = prices_of(plain, easings_of(terms), terms, effort=few)
    assert np.isfinite(price.saved)
