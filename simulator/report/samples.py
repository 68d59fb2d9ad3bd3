"""Days side by side: counts and courses of one routing, staffing or record as arrays.

A `Side` is what one colour of a chart shows: the days of a twin, one recorded day, or the lives of
that day under another policy. All arrays are (days, intervals); the intervals are those of the day
in which somebody called or was to work on any side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from acd.measures import AgentTimes, QueueCounts
from simulator.course import Course
from simulator.day import DayResult
from simulator.distributions import Floats

ALL_QUEUES = "all queues"
ALL_GROUPS = "all groups"

_BAND = (0.1, 0.9)


@dataclass(frozen=True, slots=True)
class Sample:
    """One day: its counts by queue and interval, and its course."""

    queues: Mapping[str, Mapping[int, QueueCounts]]  #: by start in ms after midnight
    course: Course


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Days that are shown together."""

    label: str
    ink: str
    samples: Sequence[Sample]
    dash: str = ""


def samples_of(days: Sequence[DayResult]) -> list[Sample]:
    """Return simulated days as samples; they must have been watched."""
    samples = []
    for day in days:
        assert day.course is not None, "a report needs days that were watched"
        queues = {name: queue.intervals for name, queue in day.account.queues.items()}
        samples.append(Sample(queues, day.course))
    return samples


@dataclass(frozen=True, slots=True)
class Clock:
    """The intervals of a report."""

    first: int  #: number of the first interval after midnight
    count: int
    interval_ms: int

    @property
    def starts(self) -> list[str]:
        """Start of each interval, as a time of day."""
        return [time_of_day((self.first + at) * self.interval_ms) for at in range(self.count)]

    @property
    def closes(self) -> str:
        """End of the last."""
        return time_of_day((self.first + self.count) * self.interval_ms)

    def at(self, start_ms: int) -> int | None:
        """Return which of its intervals an instant lies in; None for none."""
        index = start_ms // self.interval_ms - self.first
        return index if 0 <= index < self.count else None


def time_of_day(at_ms: int) -> str:
    """Write an instant after midnight as a time of day.

    Example:
        >>> time_of_day(27_000_000)
        '07:30'
    """
    return f"{at_ms // 3_600_000:02d}:{at_ms // 60_000 % 60:02d}"


def clock_of(sides: Sequence[Side], interval_ms: int, scheduled: Sequence[int] = ()) -> Clock:
    """Return the intervals in which anybody called on any side, or was to work.

    Args:
        sides: The days.
        interval_ms: Length of an interval.
        scheduled: Numbers of the intervals, after midnight, in which somebody is to work.
    """
    numbers = set(scheduled)
    for side in sides:
        for sample in side.samples:
            for name in sample.course.waiting_ms:
                numbers |= {
                    start_ms // interval_ms
                    for start_ms, counts in sample.queues.get(name, {}).items()
                    if counts.offered
                }
    first = min(numbers, default=0)
    return Clock(first, max(numbers, default=0) - first + 1, interval_ms)


def counted(side: Side, clock: Clock, queue: str, name: str) -> Floats:
    """Return one count of a queue (or of all) by day and interval: (D, I)."""
    rows = np.zeros((len(side.samples), clock.count))
    for row, sample in zip(rows, side.samples, strict=True):
        for known in [queue] if queue != ALL_QUEUES else sample.course.waiting_ms:
            for start_ms, counts in sample.queues.get(known, {}).items():
                index = clock.at(start_ms)
                if index is not None:
                    row[index] += getattr(counts, name)
    return rows


def waiting(side: Side, clock: Clock, queue: str) -> Floats:
    """Return the mean number of callers waiting by day and interval: (D, I)."""
    rows = np.zeros((len(side.samples), clock.count))
    for row, sample in zip(rows, side.samples, strict=True):
        for known in [queue] if queue != ALL_QUEUES else sample.course.waiting_ms:
            for start_ms, spent_ms in sample.course.waiting_ms.get(known, {}).items():
                index = clock.at(start_ms)
                if index is not None:
                    row[index] += spent_ms / clock.interval_ms
    return rows


def agents(side: Side, clock: Clock, group: str, *kinds: str) -> Floats:
    """Return the mean number of a group's agents by day and interval: (D, I).

    Args:
        side: The days.
        clock: The intervals.
        group: Or all groups.
        kinds: Fields of `AgentTimes`, such as "busy_ms"; their sum is counted.
    """
    rows = np.zeros((len(side.samples), clock.count))
    for row, sample in zip(rows, side.samples, strict=True):
        for known in [group] if group != ALL_GROUPS else sample.course.times:
            for start_ms, times in sample.course.times.get(known, {}).items():
                index = clock.at(start_ms)
                if index is not None:
                    row[index] += _spent_ms(times, kinds) / clock.interval_ms
    return rows


def _spent_ms(times: AgentTimes, kinds: Sequence[str]) -> int:
    return sum(int(getattr(times, kind)) for kind in kinds)


def pooled(part: Floats, whole: Floats) -> list[float | None]:
    """Return the ratio of two counts by interval, all days together; None without a whole."""
    sums = zip(part.sum(axis=0).tolist(), whole.sum(axis=0).tolist(), strict=True)
    return [some / all_of if all_of > 0 else None for some, all_of in sums]


def means(rows: Floats) -> list[float | None]:
    """Return the mean over days by interval."""
    return list(rows.mean(axis=0).tolist())


def band(rows: Floats) -> tuple[list[float | None], list[float | None]] | None:
    """Return the tenth and the ninetieth percentile of days by interval; None for a single day.

    NaN is a day without the figure; an interval in which no day has it has no band.
    """
    if len(rows) < 2:
        return None
    seen = np.asarray(~np.isnan(rows).all(axis=0))
    filled = np.where(seen, rows, 0.0)
    low, high = np.nanquantile(filled, _BAND, axis=0)

    def known(values: Floats) -> list[float | None]:
        pairs = zip(values.tolist(), seen.tolist(), strict=True)
        return [value if is_seen else None for value, is_seen in pairs]

    return known(low), known(high)
