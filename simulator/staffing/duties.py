"""What every agent of a schedule does in each interval: calls, a break, or work that can wait.

A schedule counts agents; a duty is one of them. Work that can wait is handed out to agents who are
on duty: whoever does it already goes on with it, so that it comes in long pieces, and otherwise
those who had least of it come first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.kernel.tables import Integers
from simulator.staffing.centre import Centre
from simulator.staffing.shifts import Schedule, Shift

Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One agent's day; intervals are counted from 0."""

    group: str
    shift: Shift
    breaks: tuple[int, ...]
    """Start of each break of the shift, in order."""
    on_duty: Flags
    """Whether they are at work and on no break: (I,)."""
    deferred: tuple[int, ...] = ()
    """Intervals in which they do work that can wait."""

    @property
    def on_calls(self) -> Flags:
        """Whether callers can have them: (I,)."""
        free = self.on_duty.copy()
        free[list(self.deferred)] = False
        return free


def duties_of(centre: Centre, schedule: Schedule) -> list[Duty]:
    """Return one duty for each agent of a group's schedule, with no work that can wait yet."""
    duties = []
    for given in schedule.assignments:
        rests = given.shift.rule.breaks
        for breaks in given.breaks:
            on_duty = np.zeros(centre.intervals, dtype=np.bool_)
            on_duty[given.shift.start : given.shift.end] = True
            for rest, start in zip(rests, breaks, strict=True):
                on_duty[start : start + round(rest.length_s / centre.interval_s)] = False
            duty = Duty(group=given.group, shift=given.shift, breaks=breaks, on_duty=on_duty)
            duties.append(duty)
    return duties


def hand_out(duties: Sequence[Duty], spared: Integers) -> list[Duty]:
    """Give work that can wait to so many agents in each interval, (I,), or to all who are there."""
    given: list[list[int]] = [[] for _ in duties]
    for interval, wanted in enumerate(spared.tolist()):
        there = [index for index, duty in enumerate(duties) if duty.on_duty[interval]]
        order = sorted((interval - 1 not in given[at], len(given[at]), at) for at in there)
        for *_, at in order[:wanted]:
            given[at].append(interval)
    return [replace(duty, deferred=tuple(mine)) for duty, mine in zip(duties, given, strict=True)]


def spans(intervals: Sequence[int]) -> list[tuple[int, int]]:
    """Join intervals that follow one another into (first, end).

    Example:
        >>> spans([3, 4, 5, 8])
        [(3, 6), (8, 9)]
    """
    joined: list[tuple[int, int]] = []
    for interval in intervals:
        if joined and joined[-1][1] == interval:
            joined[-1] = (joined[-1][0], interval + 1)
        else:
            joined.append((interval, interval + 1))
    return joined
