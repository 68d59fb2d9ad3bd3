"""Shifts for all groups at once, improved by simulation.

Covering a requirement with shifts is only half the answer. Shifts are long, so they leave agents
over in some intervals, and those make up for fewer in others: the targets can be met although
single intervals fall below the requirement. So the first schedule, which covers the requirement
group by group, is only where the search starts. Each round simulates the scheduled team, measures
what one agent more or fewer would do in every group and interval, and solves one integer programme
over the shifts of all groups: the cheapest schedule, not too far from this one, whose predicted
excess over the targets is gone. The cheapest schedule seen to meet the targets is kept.

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
        cover(
            group.name,
            scheduled[row],
            shifts,
            interval_s=centre.interval_s,
            on_duty_max=group.agents_max,
        )
        for row, group in enumerate(centre.groups)
    )


def try_schedule(
    centre: Centre, draws: CallDraws, schedules: tuple[Schedule, ...], *, margin: float
) -> Rostered:
    """Simulate a schedule."""
    seen = centre.simulate(draws, at_work(centre, schedules))
    pressure = [view.pressure(seen, margin=margin) for view in centre.views]
    verdicts = tuple(view.verdict(seen) for view in centre.views)
    return Rostered(schedules, seen, verdicts, np.concatenate(pressure))


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
    """Solve for the cheapest schedule near the tried one that leaves no predicted excess.

    The programme's variables are the shifts and breaks of every group, then agents added and
    removed in every (group, interval), then the excess that remains in spite of all.
    """
    slopes = _predicted_slopes(centre, draws, tried)
    on_duty = np.array([schedule.on_duty for schedule in tried.schedules]).ravel()
    hourly = [group.cost_per_hour / 3600 for group in centre.groups]
    prices = np.concatenate([columns.paid_s * price for price in hourly])
    wide, changes, kept = len(prices), 2 * len(on_duty), len(tried.pressure)
    remaining = np.full(kept, SHORTFALL_PRICE * centre.cost_per_interval.mean())
    found = optimize.milp(
        np.concatenate((prices, np.zeros(changes), remaining)),
        constraints=[
            *_shift_rules(columns, len(centre.groups), on_duty, kept),
            _no_excess(tried.pressure, slopes, wide),
            optimize.LinearConstraint(
                np.repeat([0.0, 1.0, 0.0], [wide, changes, kept])[None, :], ub=reach * len(on_duty)
            ),
        ],
        bounds=optimize.Bounds(0, _room(centre, on_duty, wide, kept)),
        integrality=np.repeat([1, 0], [wide, changes + kept]),
        options={"mip_rel_gap": 0.01, "node_limit": 1},
    )
    if found.x is None:  # no better one this near
        return tried.schedules
    counts = np.rint(np.asarray(found.x)[:wide]).astype(np.int64).reshape(len(hourly), -1)
    return tuple(
        schedule_of(group.name, columns, counts[row], tried.schedules[row].required)
        for row, group in enumerate(centre.groups)
    )


def _predicted_slopes(centre: Centre, draws: CallDraws, tried: Rostered) -> Floats:
    """Return what each agent scheduled more, then fewer, does: (n_pressures, 2 * G * I)."""
    team = at_work(centre, tried.schedules)
    more, fewer = (
        slopes_of(measure_effects(centre, draws, team, tried.seen, change=change))
        for change in (1, -1)
    )
    both: Floats = np.hstack((more, np.maximum(fewer, 0) * _REMOVAL_WEIGHT))
    return both * (1 - centre.shrinkage)


def _shift_rules(
    columns: Columns, groups: int, on_duty: Integers, kept: int
) -> list[optimize.LinearConstraint]:
    """Tie shifts and breaks to each other, and agents on duty to those of the tried schedule."""
    size = len(on_duty)
    duty = sparse.block_diag([columns.duty] * groups)
    links = sparse.block_diag([columns.links] * groups)
    change = sparse.hstack((-sparse.eye_array(size), sparse.eye_array(size)))
    no_change = sparse.csr_array((links.shape[0], 2 * size + kept))
    team = sparse.hstack((duty, change, sparse.csr_array((size, kept))))
    return [
        optimize.LinearConstraint(team, on_duty, on_duty),
        optimize.LinearConstraint(sparse.hstack((links, no_change)), 0, 0),
    ]


def _no_excess(pressure: Floats, slopes: Floats, wide: int) -> optimize.LinearConstraint:
    """Ask that the predicted excess of every target be gone, or counted as remaining."""
    kept = len(pressure)
    weighted = np.where(pressure > 0, pressure * ADDITION_WEIGHT, pressure)
    table = sparse.hstack(
        (sparse.csr_array((kept, wide)), sparse.csr_array(slopes), -sparse.eye_array(kept))
    )
    return optimize.LinearConstraint(table, ub=-weighted)


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
