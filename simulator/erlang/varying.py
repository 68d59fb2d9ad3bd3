"""Load that changes within the day: the modified offered load.

Calls that arrive at 10:55 are still being handled at 11:05, so the agents needed at 11:00 lag
behind the calls and are smoother. The number of calls that *would* be in progress if there were
agents for all of them, the modified offered load `m(t)`, carries that lag; with exponential handle
times

    m'(t) = lambda(t) - m(t) / handle_s

and for a call rate constant in each interval the solution is exponential within it. Staffing each
instant as if `m(t)` had been there for ever keeps the service steady through the day where handle
times are long beside the intervals; the simple recipe (each interval's own calls) is late by one
handle time.

Source:
    O. Jennings, A. Mandelbaum, W. Massey, W. Whitt, "Server staffing to meet time-varying demand",
    Management Science 42 (1996), section 3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.erlang.blocking import require_positive
from simulator.erlang.delay import Denominator, require_duration
from simulator.erlang.inverse import required_agents


@dataclass(frozen=True, slots=True)
class OfferedLoad:
    """The modified offered load of one interval, in erlangs."""

    mean: float
    peak: float
    end: float


def offered_load(
    arrivals_per_s: Sequence[float], *, interval_s: float, handle_s: float, start: float = 0.0
) -> list[OfferedLoad]:
    """Return the modified offered load of each interval.

    Args:
        arrivals_per_s: Call rate of each interval, each 0 or more.
        interval_s: Length of every interval, above 0.
        handle_s: Mean handle time, above 0.
        start: Load already in progress at the start of the first interval.

    Example:
        >>> [round(load.mean, 1) for load in offered_load([1, 1, 0], interval_s=600, handle_s=300)]
        [170.3, 282.4, 127.3]
    """
    require_positive("interval_s", interval_s)
    require_positive("handle_s", handle_s)
    require_duration("start", start)
    decay = math.exp(-interval_s / handle_s)
    averaging = handle_s / interval_s * (1 - decay)
    loads = []
    for rate in arrivals_per_s:
        require_duration("arrivals_per_s", rate)
        settled = rate * handle_s
        end = settled + (start - settled) * decay
        mean = settled + (start - settled) * averaging
        loads.append(OfferedLoad(mean=mean, peak=max(start, end), end=end))
        start = end
    return loads


def required_agents_by_interval(  # noqa: PLR0913  (the load's figures and the target's)
    arrivals_per_s: Sequence[float],
    *,
    interval_s: float,
    handle_s: float,
    patience_s: float | None = None,
    service_level: float = 0.8,
    within_s: float = 20.0,
    of: Denominator = "offered",
) -> list[int]:
    """Return the smallest team of each interval, staffed for its mean modified offered load.

    The day starts empty. The arguments are those of `offered_load` and `required_agents`.

    Example:
        >>> required_agents_by_interval([0.1, 0.4, 0.1], interval_s=1800, handle_s=240)
        [26, 94, 39]
    """
    return [
        required_agents(
            arrivals_per_s=load.mean / handle_s,
            handle_s=handle_s,
            patience_s=patience_s,
            service_level=service_level,
            within_s=within_s,
            of=of,
        )
        for load in offered_load(arrivals_per_s, interval_s=interval_s, handle_s=handle_s)
    ]
