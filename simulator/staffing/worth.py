"""What one more agent of a group is worth.

The agent works one whole shift, the one on which they help most for their pay; without shifts,
whenever the group works. Which shift that is, is found on days of its own; what they are worth is
measured on others, so that the luckiest of many shifts does not flatter itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.kernel import CallDraws
from simulator.kernel.tables import Integers
from simulator.staffing.plan import DayPlan
from simulator.staffing.shifts import Shift, ShiftRule, possible_shifts
from simulator.staffing.variants import Variant

_SEARCH_DAYS = 50


@dataclass(frozen=True, kw_only=True)
class OneMore:
    """One more agent of a group."""

    group: str
    shift: Shift | None
    """Their shift; None without shifts."""
    cost: float
    """What they cost a day."""
    variant: Variant
    """The day with them."""


def one_more_of(
    plan: DayPlan, group: str, rules: tuple[ShiftRule, ...] = (), *, seed: int = 1
) -> OneMore:
    """Return one more agent of a group, on the shift where they help most for their pay.

    Args:
        plan: The plan.
        group: The group's name.
        rules: The shifts allowed; without any, the agent works whenever the group does.
        seed: Of the days on which shifts are compared.
    """
    centre = plan.centre
    row = centre.tables.groups.index(group)
    hourly = centre.groups[row].cost_per_hour
    presences: list[tuple[Shift | None, Integers, float]]
    if rules:
        shifts = possible_shifts(
            rules, interval_s=centre.interval_s, opens_s=centre.opens_s, intervals=centre.intervals
        )
        presences = [(one, _presence(plan, one), one.paid_s / 3600) for one in shifts]
    else:
        there = (plan.team[row] > 0).astype(np.int64)
        presences = [(None, there, float(there.sum()) * centre.interval_s / 3600)]
    draws = centre.draw(days=_SEARCH_DAYS, seed=seed)
    shift, there, hours = max(
        presences, key=lambda one: _gain(plan, draws, row, one[1]) / max(one[2], 1e-9)
    )
    more = np.zeros_like(plan.team)
    more[row] = there
    cost = hourly * hours
    name = f"one more {group}"
    variant = Variant(name=name, more=more, more_cost=cost)
    return OneMore(group=group, shift=shift, cost=cost, variant=variant)


def _presence(plan: DayPlan, shift: Shift) -> Integers:
    """Return when the agent of a shift is at work, breaks as early as they may be: (I,)."""
    there = np.zeros(plan.centre.intervals, dtype=np.int64)
    there[shift.start : shift.end] = 1
    for rest in shift.rule.breaks:
        start = shift.start + round(rest.earliest_s / plan.centre.interval_s)
        there[start : start + round(rest.length_s / plan.centre.interval_s)] = 0
    return there


def _gain(plan: DayPlan, draws: CallDraws, row: int, there: Integers) -> float:
    """Return how many calls of all days are answered in time with the agent there."""
    team = plan.on_calls.copy()
    team[row] += there
    return float(plan.centre.simulate(draws, team).in_time.sum())
