"""The day by interval, as every study that plays days shows it.

Agents needed, scheduled and at work; service level; callers waiting; waits; occupancy: each a list
of panels, for all and for every queue or group, with one line for each side that is compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from acd.config import AcdConfig
from simulator.course import WAIT_STEP_MS, WAIT_STEPS
from simulator.distributions import Floats
from simulator.groups import groups_of
from simulator.report.charts import nice_top
from simulator.report.occupancy import HeatRow
from simulator.report.panels import Look, Panel, Series
from simulator.report.requirement import QueueNeed, bounds
from simulator.report.samples import (
    ALL_GROUPS,
    ALL_QUEUES,
    Clock,
    Side,
    agents,
    band,
    clock_of,
    counted,
    means,
    pooled,
    waiting,
)
from simulator.report.style import SOFT
from simulator.scenario import Scenario, Worker, seconds_of

_MINUTE_MS = 60_000

_PRESENT = 0.2
"""With fewer agents there on average, somebody only finishes a call before a break."""


@dataclass(frozen=True, kw_only=True)
class DayLines:
    """A day by interval."""

    starts: list[str]
    closes: str
    staff: list[Panel]
    levels: list[Panel]
    queues: list[Panel]
    wait_steps: list[str]
    waits: list[Panel]
    occupancy: list[HeatRow]


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What is known of the day besides what happened on it."""

    config: AcdConfig
    interval_ms: int
    patience_s: Mapping[str, float | None]
    """Mean patience by queue."""
    rosters: Sequence[Mapping[str, Worker]]
    """Whose shifts were planned, for each day of another kind; empty if nobody knows."""


def surroundings_of(scenario: Scenario, days: Sequence[str] = ()) -> Surroundings:
    """Return what a scenario says of its days.

    Args:
        scenario: With its centre.
        days: The names of the days in its calendar, if it has one.
    """
    assert scenario.centre is not None, "only a scenario with a centre has days"
    is_dated = scenario.calendar is not None
    worlds = [scenario.on(day) for day in days] if is_dated else [scenario]
    patience: dict[str, list[tuple[float, float]]] = {}
    for name, kind in scenario.calls.items():
        weight = float(scenario.expected(name).sum())
        patience.setdefault(kind.queue, []).append((kind.patience_s.mean, weight))
    return Surroundings(
        config=scenario.centre.acd,
        interval_ms=scenario.interval_s * 1_000,
        patience_s={queue: _weighted(rows) for queue, rows in patience.items()},
        rosters=[world.agents for world in worlds],
    )


def day_lines(sides: Sequence[Side], around: Surroundings) -> DayLines:
    """Return the day of some sides, drawn over each other.

    Args:
        sides: What is compared; the first is also what agents are needed for.
        around: What else is known of the day.
    """
    clock = clock_of(sides, around.interval_ms, _worked(around))
    queues = list(sides[0].samples[0].course.waiting_ms)
    shown = [ALL_QUEUES, *queues] if len(queues) > 1 else queues
    thresholds = {str(one.queue_id): one.service_level_ms / 1_000 for one in around.config.queues}
    return DayLines(
        starts=clock.starts,
        closes=clock.closes,
        staff=_staff(sides, around, clock, queues, thresholds),
        levels=[_level(sides, clock, queue, thresholds.get(queue)) for queue in shown],
        queues=[_queue(sides, clock, queue) for queue in shown],
        wait_steps=[f"{step * WAIT_STEP_MS // 1_000} s" for step in range(WAIT_STEPS + 1)],
        waits=[_wait(sides, queue) for queue in queues],
        occupancy=_occupancy(sides[0], clock),
    )


# --- staff ---------------------------------------------------------------------------------------


def _staff(
    sides: Sequence[Side],
    around: Surroundings,
    clock: Clock,
    queues: Sequence[str],
    thresholds: Mapping[str, float],
) -> list[Panel]:
    groups = list(sides[0].samples[0].course.times)
    needed = _needed(sides[0], around, clock, queues, thresholds)
    shown = [ALL_GROUPS, *groups] if len(groups) > 1 else groups
    panels = []
    for index, group in enumerate(shown):
        series = needed if index == 0 else []
        panels.append(
            Panel(
                name=group,
                series=[
                    *series,
                    *(_at_work(side, clock, group) for side in sides),
                    *_scheduled(around, clock, group),
                ],
            )
        )
    return panels


def _needed(
    side: Side,
    around: Surroundings,
    clock: Clock,
    queues: Sequence[str],
    thresholds: Mapping[str, float],
) -> list[Series]:
    needs = []
    for queue in queues:
        handled = counted(side, clock, queue, "handled").sum()
        handle_ms = sum(
            counted(side, clock, queue, part).sum() for part in ("talk_ms", "wrap_up_ms")
        )
        needs.append(
            QueueNeed(
                offered=counted(side, clock, queue, "offered").mean(axis=0),
                handle_s=float(handle_ms / handled) / 1_000 if handled else 0.0,
                patience_s=around.patience_s.get(queue),
                within_s=thresholds[queue],
            )
        )
    together, apart = bounds(needs, clock.interval_ms / 1_000)
    low = Series(
        label="needed, together", values=[*map(float, together)], ink=SOFT, look="steps", dash="2 3"
    )
    high = Series(
        label="needed, apart", values=[*map(float, apart)], ink=SOFT, look="steps", dash="7 4"
    )
    return [low, high] if together != apart else [low]


def _at_work(side: Side, clock: Clock, group: str) -> Series:
    rows = agents(side, clock, group, "busy_ms", "ready_ms")
    low, high = band(rows) or (None, None)
    return Series(
        label=side.label or "at work",
        values=means(rows),
        low=low,
        high=high,
        look="steps",
        ink=side.ink,
        dash=side.dash,
    )


def _scheduled(around: Surroundings, clock: Clock, group: str) -> list[Series]:
    """Return the agents of a group whom the shifts put to work, breaks taken off."""
    if not any(around.rosters):
        return []
    planned = np.zeros(clock.count)
    groups = groups_of(around.config)
    for roster in around.rosters:
        for agent_id, its_group in groups.items():
            worker = roster.get(str(agent_id))
            if worker is not None and group in (ALL_GROUPS, its_group):
                for from_ms, until_ms, sign in _stretches(worker):
                    planned += sign * _cover(clock, from_ms, until_ms)
    planned /= len(around.rosters)
    return [
        Series(label="scheduled", values=list(planned.tolist()), look="steps", ink="c1", dash="9 3")
    ]


def _stretches(worker: Worker) -> list[tuple[int, int, int]]:
    """Return a worker's shifts, counted, and breaks, counted off: from, until in ms, sign."""
    stretches = []
    for shift in worker.shifts:
        until_ms = seconds_of(shift.until) * 1_000
        stretches.append((seconds_of(shift.start) * 1_000, until_ms, 1))
        for pause in shift.breaks:
            at_ms = seconds_of(pause.at) * 1_000
            stretches.append((at_ms, min(until_ms, at_ms + round(pause.minutes * _MINUTE_MS)), -1))
    return stretches


def _cover(clock: Clock, from_ms: int, until_ms: int) -> Floats:
    """Return which share of each interval a stretch covers: (I,)."""
    starts = (clock.first + np.arange(clock.count)) * clock.interval_ms
    overlap = np.minimum(until_ms, starts + clock.interval_ms) - np.maximum(from_ms, starts)
    shares: Floats = np.clip(overlap, 0, None) / clock.interval_ms
    return shares


def _worked(around: Surroundings) -> list[int]:
    """Return the numbers of the intervals in which somebody is to work."""
    length_ms = around.interval_ms
    return [
        number
        for roster in around.rosters
        for worker in roster.values()
        for from_ms, until_ms, sign in _stretches(worker)
        if sign > 0
        for number in range(from_ms // length_ms, -(-until_ms // length_ms))
    ]


# --- callers -------------------------------------------------------------------------------------


def _level(sides: Sequence[Side], clock: Clock, queue: str, within_s: float | None) -> Panel:
    series = []
    for side in sides:
        in_time = counted(side, clock, queue, "answered_within")
        due = counted(side, clock, queue, "offered") - counted(side, clock, queue, "short_abandons")
        with np.errstate(invalid="ignore", divide="ignore"):
            days = np.where(due > 0, in_time / due, np.nan)
        low, high = band(days) or (None, None)
        series.append(
            Series(
                label=side.label or "all days",
                values=pooled(in_time, due),
                low=low,
                high=high,
                ink=side.ink,
                dash=side.dash,
            )
        )
    note = "" if within_s is None else f"answered within {within_s:g} s"
    return Panel(name=queue, note=note, series=series)


def _queue(sides: Sequence[Side], clock: Clock, queue: str) -> Panel:
    series = []
    for side in sides:
        rows = waiting(side, clock, queue)
        low, high = band(rows) or (None, None)
        series.append(
            Series(
                label=side.label or "mean",
                values=means(rows),
                low=low,
                high=high,
                ink=side.ink,
                dash=side.dash,
            )
        )
    return Panel(name=queue, series=series)


def _wait(sides: Sequence[Side], queue: str) -> Panel:
    """Return the waits of answered calls, and of those who gave up where one side is shown."""
    series = []
    for number, side in enumerate(sides):
        answered = _steps([one.course.answered_waits[queue] for one in side.samples])
        label = side.label or "answered"
        look: Look = "bars" if number == 0 else "line"
        series.append(Series(label=label, values=answered, look=look, ink=side.ink, dash=side.dash))
    if len(sides) == 1:
        gave_up = _steps([one.course.abandoned_waits[queue] for one in sides[0].samples])
        series.append(Series(label="gave up", values=gave_up, ink="c1", dash="6 3"))
    at_once = series[0].values[0] or 0.0
    rest = [value or 0.0 for one in series for value in one.values[1:]]
    return Panel(
        name=queue,
        note=f"{100 * at_once:.1f} % of answered calls within ten seconds",
        series=series,
        top=nice_top(max([0.001, *rest])),
    )


def _steps(counts: Sequence[Counter[int]]) -> list[float | None]:
    total = sum(counts, Counter())
    whole = max(1, total.total())
    return [total[step] / whole for step in range(WAIT_STEPS + 1)]


def _occupancy(side: Side, clock: Clock) -> list[HeatRow]:
    rows = []
    for group in side.samples[0].course.times:
        busy = agents(side, clock, group, "busy_ms")
        there = busy + agents(side, clock, group, "ready_ms")
        shares = zip(pooled(busy, there), there.mean(axis=0).tolist(), strict=True)
        rows.append(
            HeatRow(
                group=group,
                occupancy=[share if count >= _PRESENT else None for share, count in shares],
            )
        )
    return rows


def _weighted(rows: Sequence[tuple[float, float]]) -> float:
    values, weights = zip(*rows, strict=True)
    return float(np.average(values, weights=weights)) if sum(weights) > 0 else float(values[0])
