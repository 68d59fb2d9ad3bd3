"""Stretches of time, divided among the intervals they touch."""

from __future__ import annotations

from simulator.distributions import Floats
from simulator.kernel.compiled import compiled


@compiled
def add_span(totals: Floats, start_s: float, end_s: float, interval_s: float) -> None:
    """Add the time from `start_s` to `end_s` to the intervals it falls into.

    Args:
        totals: Seconds of each interval, changed in place: (n_intervals,). Time after the last
            interval is dropped.
        start_s: Seconds since the start of the first interval, 0 or more.
        end_s: At or after `start_s`; infinity will do.
        interval_s: Length of every interval.
    """
    index = int(min(start_s / interval_s, len(totals)))
    while index < len(totals) and start_s < end_s:
        boundary_s = (index + 1) * interval_s
        if boundary_s > start_s:
            totals[index] += min(end_s, boundary_s) - start_s
            start_s = boundary_s
        index += 1
