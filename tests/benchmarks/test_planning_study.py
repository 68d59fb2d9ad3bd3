"""What a whole study costs: the example day with shifts, from forecast to proof."""

import sys
import time

import pytest

from simulator.staffing import Break, ShiftRule, plan_day
from tests.simulator.staffing.example_centre import example_centre

pytestmark = pytest.mark.bench

HOUR_S = 3600.0
COFFEE = Break(length_s=900, earliest_s=1.5 * HOUR_S, latest_s=2.5 * HOUR_S)
LUNCH = Break(length_s=1800, earliest_s=3.5 * HOUR_S, latest_s=5 * HOUR_S, is_paid=False)
TEA = Break(length_s=900, earliest_s=6 * HOUR_S, latest_s=7 * HOUR_S)
RULES = (
    ShiftRule(name="full day", length_s=8 * HOUR_S, every_s=900, breaks=(COFFEE, LUNCH, TEA)),
    ShiftRule(name="half day", length_s=4 * HOUR_S, every_s=900, breaks=(COFFEE,)),
)


def test_example_day_is_planned_with_shifts_and_proven(record_property):
    centre = example_centre()
    centre.simulate(centre.draw(days=1, seed=0), plan_shape(centre))
    start = time.process_time()
    plan = plan_day(centre, RULES)
    spent_s = time.process_time() - start
    record_property("CPU seconds", round(spent_s, 1))
    record_property("cost", plan.cost)
    sys.stdout.write(f"\n{spent_s:.1f} s of CPU, cost {plan.cost:,.0f}, {plan.verdicts}\n")
    assert plan.is_proven


def plan_shape(centre):
    """A team of one everywhere, to compile the kernel before the clock starts."""
    return centre.agents_max[:, None].clip(1, 1).repeat(centre.intervals, axis=1)
