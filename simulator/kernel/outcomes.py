"""What became of the calls: counts and times by day, call type, group and interval.

The sums are kept rather than their ratios, because ratios of sums are what a day, a week or a set
of replications is judged by: the service level of a day is not the mean of its intervals' levels.
Each figure belongs to the interval in which the call *arrived*; times of agents and queues to the
interval in which they passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simulator.distributions import Floats
from simulator.kernel.compiled import compiled
from simulator.kernel.multiskill import NOBODY, Day, Rules
from simulator.kernel.spans import add_span
from simulator.kernel.tables import Integers


class Sums(NamedTuple):
    """The arrays that `count_day` fills, for all days: D days, T types, G groups, I intervals."""

    offered: Integers
    answered: Integers
    in_time: Integers
    short_abandons: Integers
    answered_wait_s: Floats
    abandoned_wait_s: Floats
    queue_s: Floats
    busy_s: Floats
    answered_by: Integers


def new_sums(days: int, types: int, groups: int, intervals: int) -> Sums:
    """Return sums of zero."""
    calls, teams = (days, types, intervals), (days, groups, intervals)
    return Sums(
        offered=np.zeros(calls, dtype=np.int64),
        answered=np.zeros(calls, dtype=np.int64),
        in_time=np.zeros(calls, dtype=np.int64),
        short_abandons=np.zeros(calls, dtype=np.int64),
        answered_wait_s=np.zeros(calls),
        abandoned_wait_s=np.zeros(calls),
        queue_s=np.zeros(calls),
        busy_s=np.zeros(teams),
        answered_by=np.zeros((days, types, groups), dtype=np.int64),
    )


@compiled
def count_day(  # noqa: PLR0913, PLR0917  (compiled code takes arrays, not objects)
    rules: Rules, day: Day, sums: Sums, index: int, within_s: Floats, short_abandon_s: float
) -> None:
    """Add the results of the day of that index to the sums."""
    intervals = sums.offered.shape[2]
    for call in range(len(day.arrival_s)):
        kind, arrival_s, wait_s = day.call_type[call], day.arrival_s[call], day.wait_s[call]
        interval = min(int(arrival_s / day.interval_s), intervals - 1)
        group = day.group[call]
        start_s = arrival_s + wait_s
        sums.offered[index, kind, interval] += 1
        if wait_s > 0:
            add_span(sums.queue_s[index, kind], arrival_s, start_s, day.interval_s)
        if group == NOBODY:
            sums.abandoned_wait_s[index, kind, interval] += wait_s
            sums.short_abandons[index, kind, interval] += wait_s < short_abandon_s
            continue
        sums.answered[index, kind, interval] += 1
        sums.answered_wait_s[index, kind, interval] += wait_s
        sums.in_time[index, kind, interval] += wait_s <= within_s[kind]
        sums.answered_by[index, kind, group] += 1
        end_s = start_s + day.handle_s[call] * rules.handle_factor[kind, group]
        add_span(sums.busy_s[index, group], start_s, end_s, day.interval_s)


@dataclass(frozen=True, kw_only=True)
class DayOutcomes:
    """The results of simulated days: D days, T call types, G groups, I intervals.

    Service level here is the house's: answered within the threshold, over offered less short
    abandons. Times after the last interval are not counted in `queue_s`, `busy_s` and `idle_s`.
    """

    offered: Integers
    """Calls that arrived: (D, T, I)."""
    answered: Integers
    """Of those, answered by an agent: (D, T, I)."""
    in_time: Integers
    """Of those, after a wait of at most the type's threshold: (D, T, I)."""
    short_abandons: Integers
    """Calls abandoned before the short-abandon threshold: (D, T, I)."""
    answered_wait_s: Floats
    """Sum of the waits of answered calls: (D, T, I)."""
    abandoned_wait_s: Floats
    """Sum of the waits of abandoned calls, infinite if a patient caller met no agent: (D, T, I)."""
    queue_s: Floats
    """Caller-seconds spent waiting in the interval: (D, T, I)."""
    busy_s: Floats
    """Agent-seconds spent on calls in the interval: (D, G, I)."""
    idle_s: Floats
    """Agent-seconds ready and without a call in the interval: (D, G, I)."""
    answered_by: Integers
    """Calls of each type answered by each group: (D, T, G)."""
    wait_s: Floats | None = None
    """Time in queue of each call, if asked for: (n_calls,)."""
    group: Integers | None = None
    """The group that answered each call, -1 for none, if asked for: (n_calls,)."""

    @property
    def abandoned(self) -> Integers:
        """Calls that were never answered: (D, T, I)."""
        return self.offered - self.answered

    @property
    def due(self) -> Integers:
        """Offered less short abandons: what a service level is taken over: (D, T, I)."""
        return self.offered - self.short_abandons

    def service_level(self) -> Floats:
        """Service level by type over all days: (T,); NaN for a type without calls."""
        return share(self.in_time.sum(axis=(0, 2)), self.due.sum(axis=(0, 2)))

    def asa_s(self) -> Floats:
        """Mean wait of answered calls by type over all days: (T,)."""
        return share(self.answered_wait_s.sum(axis=(0, 2)), self.answered.sum(axis=(0, 2)))

    def p_abandon(self) -> Floats:
        """Share of offered calls abandoned by type over all days, short ones included: (T,)."""
        return share(self.abandoned.sum(axis=(0, 2)), self.offered.sum(axis=(0, 2)))

    def occupancy(self) -> Floats:
        """Busy over busy and ready, by group over all days: (G,)."""
        busy_s = self.busy_s.sum(axis=(0, 2))
        return share(busy_s, busy_s + self.idle_s.sum(axis=(0, 2)))


def share(part: Floats | Integers, whole: Floats | Integers) -> Floats:
    """Divide element by element; NaN where the whole is zero: nothing is not perfect."""
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    nothing = np.full(np.shape(whole), np.nan)
    return np.asarray(np.divide(part, whole, out=nothing, where=whole != 0))
