"""Shifts for all groups at once, improved by simulation.

Covering a requirement with shifts is only half the answer. Shifts are long, so they leave agents
over in some intervals, and those make up for fewer in others: the targets can be met although
single intervals fall below the requirement. So the first schedule, which covers the requirement
group by group, is only where the search starts. Each round simulates the scheduled team, measures
what one agent more or fewer would do in every group and interval, and solves one integer programme
over the shifts of all
groups: the cheapest schedule, not too far from this one, whose predicted excess over the targets
is gone. The cheapest schedule seen to meet the targets is kept.

`margin` asks for more than a bare pass: the excess must stay below zero by so many standard errors
of its mean over days, so that fresh days are likely to pass too.

Source:
    Two-step planning against one programme with cuts: A. Avramidis, W. Chan, M. Gendreau,
    P. L'Ecuyer, O. Pisacane, "Optimizing daily agent scheduling in a multiskill call center",
    European Journal of Operational Research 200 (2010).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from simulator.distributions import Floats
from simulator.kernel import CallDraws, DayOutcomes
from simulator.kernel.tables import Integers
from simulator.staffing.centre import Centre
from simulator.staffing.effects import measure_effects
from simulator.staffing.search import (
    ADDITION_WEIGHT,
    SHORTFALL_PRICE,
    slopes_of,
)
from simulator.staffing.shifts import Columns, Schedule, Shift, columns_of, cover, schedule_of
from simulator.staffing.targets import Verdict

_CHANGE_MAX = 3
"""Agents by which a round may change one group in one interval."""
_REACH_FIRST, _REACH_LAST = 1.5, 0.1
"""Agents by which a round may change the team in all, per (group, interval): first, and at last."""
_REMOVAL_WEIGHT = 2.0
"""How much more removals count than measured: shifts take agents away in many intervals at once."""
_REPAIR_REACH = 0.3
"""The same when a schedule that misses a target is repaired."""
_REPAIRS_MAX = 2
"""Rounds in a row that repair a cheaper schedule before it is given up."""
_GAIN_LEAST = 0.002
"""A round that saves a smaller share of the cost halves the next round's reach."""


@dataclass(frozen=True)
class Rostered:
    """A schedule of every group, and what became of the calls with it."""

    schedules: tuple[Schedule, ...]
    seen: DayOutcomes
    verdicts: tuple[Verdict, ...]
    pressure: Floats
    """Excess with its margin, of every target (and interval): none above zero if all is well."""

    @property
    def is_met(self) -> bool:
        """Whether every target is met with its margin."""
        return bool((self.pressure <= 1e-9).all())


def at_work(centre: Centre, schedules: tuple[Schedule, ...]) -> Integers:
    """Return the agents of each group and interval left after shrinkage: (G, I)."""
    on_duty = np.array([schedule.on_duty for schedule in schedules])
    agents: Integers = np.floor(on_duty * (1 - centre.shrinkage) + 1e-9).astype(np.int64)
    return agents


def schedule_cost(centre: Centre, schedules: tuple[Schedule, ...]) -> float:
    """Return what the paid hours of a schedule cost."""
    pairs = zip(centre.groups, schedules, strict=True)
    return sum(group.cost_per_hour * schedule.paid_s / 3600 for group, schedule in pairs)


def first_schedule(centre: Centre, required: Integers, shifts: list[Shift]) -> tuple[Schedule, ...]:
    """Cover a requirement (G, I) group by group, shrinkage added."""
    scheduled = np.ceil(required / (1 - centre.shrinkage) - 1e-9).astype(np.int64)
    return tuple(
        cover(group.name, scheduled[row], shifts, interval_s=centre.interval_s)
        for row, group in enumerate(centre.groups)
    )


def try_schedule(
    centre: Centre, draws: CallDraws, schedules: tuple[Schedule, ...], *, margin: float
) -> Rostered:
    """Simulate a schedule."""
    seen = centre.simulate(draws, at_work(centre, schedules))
    pressure = [
        view.pressure(seen) + margin * _standard_error(view.excess(seen), view.target.scope)
        for view in centre.views
    ]
    verdicts = tuple(view.verdict(seen) for view in centre.views)
    return Rostered(schedules, seen, verdicts, np.concatenate(pressure))


def _standard_error(excess: Floats, scope: str) -> Floats:
    by_day = excess.sum(axis=1, keepdims=True) if scope == "day" else excess
    return np.asarray(by_day.std(axis=0) / np.sqrt(len(by_day)))


def improve_schedule(  # noqa: PLR0913  (the schedule, its centre, and how hard to try)
    centre: Centre,
    draws: CallDraws,
    shifts: list[Shift],
    start: tuple[Schedule, ...],
    *,
    margin: float,
    rounds_max: int,
) -> Rostered:
    """Return the cheapest schedule found to meet every target, or else the last one tried."""
    columns = columns_of(shifts, centre.intervals, centre.interval_s)
    schedules, reach, repairs = start, _REACH_FIRST, 0
    best: Rostered | None = None
    for rounds in range(1, rounds_max + 1):
        tried = try_schedule(centre, draws, schedules, margin=margin)
        before = np.inf if best is None else schedule_cost(centre, best.schedules)
        cost = schedule_cost(centre, schedules)
        if tried.is_met and cost < before:
            best = tried
        if rounds == rounds_max:
            break
        if not tried.is_met and cost < before and repairs < _REPAIRS_MAX:
            repairs += 1
            near = reach if best is None else min(reach, _REPAIR_REACH)
            schedules = _propose(centre, draws, columns, tried, reach=near)
            continue
        if best is not None and (repairs == _REPAIRS_MAX or cost > before * (1 - _GAIN_LEAST)):
            reach /= 2
        if reach < _REACH_LAST:
            break
        repairs = 0
        schedules = _propose(centre, draws, columns, best or tried, reach=reach)
    return tried if best is None else best


def _propose(
    centre: Centre, draws: CallDraws, columns: Columns, tried: Rostered, *, reach: float
) -> tuple[Schedule, ...]:
    """Solve for the cheapest schedule near the tried one that leaves no predicted excess."""
    team = at_work(centre, tried.schedules)
    up, down = (
        slopes_of(measure_effects(centre, draws, team, tried.seen, change=change))
        for change in (1, -1)
    )
    slopes = np.hstack((up, np.maximum(down, 0) * _REMOVAL_WEIGHT)) * (1 - centre.shrinkage)
    pressure = np.where(tried.pressure > 0, tried.pressure * ADDITION_WEIGHT, tried.pressure)
    groups, kept, size = len(centre.groups), len(pressure), team.size
    on_duty = np.array([schedule.on_duty for schedule in tried.schedules]).ravel()
    hourly = [group.cost_per_hour / 3600 for group in centre.groups]
    prices = np.concatenate([columns.paid_s * price for price in hourly])
    wide = len(prices)
    duty = sparse.block_diag([columns.duty] * groups)
    links = sparse.block_diag([columns.links] * groups)
    change = sparse.hstack((-sparse.eye_array(size), sparse.eye_array(size)))
    none = sparse.csr_array((links.shape[0], 2 * size + kept))
    touched = np.concatenate((np.zeros(wide), np.ones(2 * size), np.zeros(kept)))
    excess = sparse.hstack(
        (sparse.csr_array((kept, wide)), sparse.csr_array(slopes), -sparse.eye_array(kept))
    )
    found = optimize.milp(
        np.concatenate(
            (prices, np.zeros(2 * size), np.full(kept, SHORTFALL_PRICE * prices.max() / 32))
        ),
        constraints=[
            optimize.LinearConstraint(
                sparse.hstack((duty, change, sparse.csr_array((size, kept)))), on_duty, on_duty
            ),
            optimize.LinearConstraint(sparse.hstack((links, none)), 0, 0),
            optimize.LinearConstraint(excess, ub=-pressure),
            optimize.LinearConstraint(touched[None, :], ub=reach * size),
        ],
        bounds=optimize.Bounds(0, _room(centre, on_duty, wide, kept)),
        integrality=np.concatenate((np.ones(wide), np.zeros(2 * size + kept))),
        options={"mip_rel_gap": 0.01, "node_limit": 1},
    )
    if found.x is None:
        return tried.schedules
    counts = np.rint(np.asarray(found.x)[:wide]).astype(np.int64).reshape(groups, -1)
    return tuple(
        schedule_of(group.name, columns, counts[row], tried.schedules[row].required)
        for row, group in enumerate(centre.groups)
    )


def _room(centre: Centre, on_duty: Integers, wide: int, kept: int) -> Floats:
    """Return the upper bounds of shifts, additions, removals and shortfalls."""
    most = np.repeat(centre.agents_max, centre.intervals)
    return np.concatenate(
        (
            np.full(wide, np.inf),
            np.clip(most - on_duty, 0, _CHANGE_MAX),
            np.minimum(on_duty, _CHANGE_MAX),
            np.full(kept, np.inf),
        )
    )
