"""Shifts for all groups at once, improved by simulation; valleys filled with work that can wait.

Covering a requirement with shifts is only half the answer. Shifts are long, so they leave agents
over in some intervals, and those make up for fewer in others: the targets can be met although
single intervals fall below the requirement. So the first schedule, which covers the requirement
group by group, is only where the search starts. Each round simulates the scheduled team, measures
what one agent more or fewer would do in every group and interval, and solves one integer programme
over the shifts of all groups: the cheapest schedule, not too far from this one, whose predicted
excess over the targets is gone. The cheapest schedule seen to meet the targets is kept. A smaller
reach only allows less: where a programme about the best schedule predicts nothing saved, the
search is over.

Work that can wait takes part in two ways. What is promised is in the programme from the start, so
shifts are chosen knowing it. The rest is laid afterwards (`fill_valleys`) on the finished shifts,
by the same rounds: the programme proposes whom to spare, the simulation says whether the callers
still get what the targets promise.

`margin` asks for more than a bare pass: the excess must stay below zero by so many standard errors
of its mean over days, so that fresh days are likely to pass too.

Source:
    Two-step planning against one programme with cuts: A. Avramidis, W. Chan, M. Gendreau,
    P. L'Ecuyer, O. Pisacane, "Optimizing daily agent scheduling in a multiskill call center",
    European Journal of Operational Research 200 (2010).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simulator.distributions import Floats
from simulator.kernel import CallDraws, DayOutcomes
from simulator.kernel.tables import Integers
from simulator.staffing.centre import Centre
from simulator.staffing.deferred import DeferredWork, Placement, Windows, place, windows_of
from simulator.staffing.effects import measure_effects
from simulator.staffing.programme import Tried, Wanted, solve
from simulator.staffing.search import slopes_of
from simulator.staffing.shifts import (
    Columns,
    Schedule,
    Shift,
    columns_of,
    counts_of,
    cover,
    schedule_of,
)
from simulator.staffing.targets import Verdict

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
_LEFT_PRICE = 50.0
"""Price of promised work left over, in agents of mean cost."""


@dataclass(frozen=True)
class Rostered:
    """A schedule of every group, and what became of the calls with it."""

    schedules: tuple[Schedule, ...]
    placement: Placement
    """Work that can wait, done by agents whom the calls leave over."""
    seen: DayOutcomes
    verdicts: tuple[Verdict, ...]
    pressure: Floats
    """Excess with its margin, of every target (and interval): none above zero if all is well."""

    @property
    def is_met(self) -> bool:
        """Whether every target is met with its margin."""
        return bool((self.pressure <= 1e-9).all())


@dataclass(frozen=True, kw_only=True)
class Quest:
    """What a schedule is sought for: the calls, the shifts allowed, the work that can wait."""

    centre: Centre
    draws: CallDraws
    shifts: list[Shift]
    works: tuple[DeferredWork, ...] = ()
    margin: float = 0.0
    """Standard errors by which every target must be met."""
    columns: Columns = field(init=False)
    windows: Windows = field(init=False)

    def __post_init__(self) -> None:
        centre = self.centre
        columns = columns_of(self.shifts, centre.intervals, centre.interval_s)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "windows", windows_of(centre, self.works))


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
    quest: Quest, schedules: tuple[Schedule, ...], spared: Integers | None = None
) -> Rostered:
    """Simulate a schedule, without those spared for work that can wait: (G, I)."""
    centre = quest.centre
    team = at_work(centre, schedules)
    taken = np.zeros_like(team) if spared is None else np.minimum(spared, team)
    placement = place(centre, quest.works, quest.windows, taken)
    seen = centre.simulate(quest.draws, team - placement.agents)
    pressure = [view.pressure(seen, margin=quest.margin) for view in centre.views]
    verdicts = tuple(view.verdict(seen) for view in centre.views)
    return Rostered(schedules, placement, seen, verdicts, np.concatenate(pressure))


def improve_schedule(quest: Quest, start: tuple[Schedule, ...], *, rounds_max: int) -> Rostered:
    """Return the cheapest schedule found to meet every target, or else the last one tried."""
    return _improve(quest, try_schedule(quest, start), rounds_max, keeps_shifts=False)


def fill_valleys(quest: Quest, start: Rostered, *, rounds_max: int) -> Rostered:
    """Return the same shifts with as much of the quest's works laid on them as found.

    A start that misses a target has nobody to spare and comes back with what it had.
    """
    if not start.is_met:
        return start
    begun = try_schedule(quest, start.schedules, start.placement.agents)
    return _improve(quest, begun, rounds_max, keeps_shifts=True)


def _improve(quest: Quest, tried: Rostered, rounds_max: int, *, keeps_shifts: bool) -> Rostered:
    """Go on from a tried schedule, best first; the cheapest that meets the targets is kept."""
    reach, repairs = _REACH_FIRST, 0
    best: Rostered | None = None
    for rounds in range(1, rounds_max + 1):
        before = np.inf if best is None else _price(quest, best)
        price = _price(quest, tried)
        if tried.is_met and price < before:
            best = tried
        if rounds == rounds_max:
            break
        if not tried.is_met and price < before and repairs < _REPAIRS_MAX:
            repairs += 1
            near = reach if best is None else min(reach, _REPAIR_REACH)
            tried = _next(quest, tried, near, keeps_shifts=keeps_shifts)
            continue
        if best is not None and (repairs == _REPAIRS_MAX or price > before * (1 - _GAIN_LEAST)):
            reach /= 2
        if reach < _REACH_LAST:
            break
        repairs = 0
        tried = _next(quest, best or tried, reach, keeps_shifts=keeps_shifts)
        if best is not None and _price(quest, tried) >= _price(quest, best):
            break
    return tried if best is None else best


def _price(quest: Quest, tried: Rostered) -> float:
    """Return what a schedule costs, work left over included."""
    left = tried.placement.left_hours * 3600 / quest.centre.interval_s
    return schedule_cost(quest.centre, tried.schedules) + float(_left_prices(quest) @ left)


def _left_prices(quest: Quest) -> Floats:
    """Return the price of one agent interval left over of each work: (W,)."""
    mean = float(quest.centre.cost_per_interval.mean())
    return np.array([mean * (_LEFT_PRICE if work.is_promised else 1.0) for work in quest.works])


def _next(quest: Quest, tried: Rostered, reach: float, *, keeps_shifts: bool) -> Rostered:
    """Solve for the cheapest schedule near a tried one, and try it."""
    centre, columns = quest.centre, quest.columns
    on_duty = np.array([schedule.on_duty for schedule in tried.schedules])
    counts = np.array([counts_of(columns, schedule) for schedule in tried.schedules])
    proposal = solve(
        centre,
        Tried(
            on_calls=on_duty - tried.placement.agents / (1 - centre.shrinkage),
            pressure=tried.pressure,
            slopes=_predicted_slopes(quest, tried),
        ),
        Wanted(
            columns=columns,
            windows=quest.windows,
            left_price=_left_prices(quest),
            reach=reach * on_duty.size,
            counts=counts if keeps_shifts else None,
        ),
    )
    if proposal is None:  # no better one this near
        return tried
    schedules = tuple(
        schedule_of(group.name, columns, proposal.counts[row], tried.schedules[row].required)
        for row, group in enumerate(centre.groups)
    )
    return try_schedule(quest, schedules, proposal.spared)


def _predicted_slopes(quest: Quest, tried: Rostered) -> Floats:
    """Return what each agent scheduled more, then fewer, does: (n_pressures, 2 * G * I)."""
    centre = quest.centre
    team = at_work(centre, tried.schedules) - tried.placement.agents
    more, fewer = (
        slopes_of(measure_effects(centre, quest.draws, team, tried.seen, change=change))
        for change in (1, -1)
    )
    both: Floats = np.hstack((more, np.maximum(fewer, 0) * _REMOVAL_WEIGHT))
    return both * (1 - centre.shrinkage)
