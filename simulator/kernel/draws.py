"""The calls of many days, drawn before any is routed.

Everything random about a call (when it comes, how long its handling takes, how long its caller is
prepared to wait) is drawn first and put into arrays; the routing that follows is a pure function
of them. Two staffing plans tried on the same draws meet the same callers, so their difference is
the plans' own (common random numbers), and a routing rule can be checked against another
implementation call by call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.arrivals import Variability, day_of_arrivals_s
from simulator.distributions import Distribution, Floats
from simulator.kernel.tables import Integers, TableError
from simulator.streams import Streams


@dataclass(frozen=True, kw_only=True)
class CallDraws:
    """The calls of `n_days` days, one after the other, each day in order of arrival."""

    arrival_s: Floats
    """Seconds since the start of the call's day: (n_calls,)."""
    call_type: Integers
    """Row of the routing tables: (n_calls,)."""
    handle_s: Floats
    """Talk, hold and wrap-up together: (n_calls,)."""
    patience_s: Floats
    """How long the caller would wait, infinity for ever: (n_calls,)."""
    day_start: Integers
    """Index of each day's first call, and the number of calls at the end: (n_days + 1,)."""

    def __post_init__(self) -> None:
        for name, dtype in _COLUMNS.items():
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), dtype=dtype))
        count = len(self.arrival_s)
        for name in ("call_type", "handle_s", "patience_s"):
            if getattr(self, name).shape != (count,):
                raise TableError(f"{name} has shape {getattr(self, name).shape}, not ({count},)")
        self._check_days(count)
        for name, wrong in {
            "handle_s": ~(np.isfinite(self.handle_s) & (self.handle_s >= 0)),
            "patience_s": ~(self.patience_s >= 0),
            "call_type": self.call_type < 0,
        }.items():
            for call in np.flatnonzero(wrong):
                value = getattr(self, name)[call]
                raise TableError(f"call {call}: {name} is {value}, it must be 0 or more")

    def _check_days(self, count: int) -> None:
        start = self.day_start
        if len(start) < 2 or start[0] != 0 or start[-1] != count or (np.diff(start) < 0).any():
            raise TableError(
                f"day_start must rise from 0 to {count} calls, one entry more than days"
            )
        for day in range(self.days):
            times = self.arrival_s[start[day] : start[day + 1]]
            if len(times) and (times[0] < 0 or not np.isfinite(times).all()):
                raise TableError(
                    f"day {day}: arrivals must be finite and not before the day starts"
                )
            if (np.diff(times) < 0).any():
                raise TableError(f"day {day}: arrivals must be in order")

    @property
    def days(self) -> int:
        """How many days there are."""
        return len(self.day_start) - 1

    def first_days(self, days: int) -> CallDraws:
        """Return the first `days` days alone."""
        end = int(self.day_start[min(days, self.days)])
        return CallDraws(
            arrival_s=self.arrival_s[:end],
            call_type=self.call_type[:end],
            handle_s=self.handle_s[:end],
            patience_s=self.patience_s[:end],
            day_start=self.day_start[: days + 1],
        )


_COLUMNS = {
    "arrival_s": np.float64,
    "call_type": np.int64,
    "handle_s": np.float64,
    "patience_s": np.float64,
    "day_start": np.int64,
}


@dataclass(frozen=True, kw_only=True)
class CallType:
    """What is random about the calls of one type."""

    name: str
    expected: Floats
    """Expected calls of each interval: (n_intervals,)."""
    handle: Distribution
    """Handle time in seconds; scaled to `handle_s_mean` where that is given."""
    patience: Distribution | None
    """Patience in seconds; None for callers who never give up."""
    handle_s_mean: Floats | None = None
    """Mean handle time of the calls arriving in each interval: (n_intervals,)."""


def draw_days(
    call_types: Sequence[CallType],
    *,
    interval_s: float,
    variability: Variability,
    seed: int,
    days: int,
) -> CallDraws:
    """Draw the calls of `days` independent days.

    Day `d` draws from the streams of (`seed`, `d`), one for each purpose and call type, so a day is
    the same whichever other days are drawn with it.
    """
    drawn = [
        _draw_day(call_types, interval_s, variability, Streams(seed, day)) for day in range(days)
    ]
    columns = [np.concatenate(column) for column in zip(*drawn, strict=True)]
    starts = np.cumsum([0, *(len(day[0]) for day in drawn)])
    arrival_s, call_type, handle_s, patience_s = columns
    return CallDraws(
        arrival_s=arrival_s,
        call_type=call_type.astype(np.int64),
        handle_s=handle_s,
        patience_s=patience_s,
        day_start=starts,
    )


def _draw_day(
    call_types: Sequence[CallType], interval_s: float, variability: Variability, streams: Streams
) -> tuple[Floats, Floats, Floats, Floats]:
    """Draw one day: arrivals, call types, handle times and patiences, in order of arrival."""
    parts = []
    for row, call_type in enumerate(call_types):
        arrival_s = day_of_arrivals_s(
            call_type.expected,
            interval_s=interval_s,
            variability=variability,
            streams=streams,
            call_type=call_type.name,
        )
        handle_s = _draw_handle_s(call_type, arrival_s, interval_s, streams)
        patience_s = _draw_patience_s(call_type, len(arrival_s), streams)
        parts.append(
            (arrival_s, np.full(len(arrival_s), row, dtype=np.float64), handle_s, patience_s)
        )
    arrival_s, rows, handle_s, patience_s = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    order = np.argsort(arrival_s, kind="stable")
    return arrival_s[order], rows[order], handle_s[order], patience_s[order]


def _draw_handle_s(
    call_type: CallType, arrival_s: Floats, interval_s: float, streams: Streams
) -> Floats:
    rng = streams.stream("handle", call_type.name)
    handle_s = call_type.handle.draw(rng, len(arrival_s))
    if call_type.handle_s_mean is None:
        return handle_s
    interval = (arrival_s / interval_s).astype(np.int64)
    return np.asarray(handle_s * (call_type.handle_s_mean[interval] / call_type.handle.mean))


def _draw_patience_s(call_type: CallType, count: int, streams: Streams) -> Floats:
    if call_type.patience is None:
        return np.full(count, np.inf)
    return call_type.patience.draw(streams.stream("patience", call_type.name), count)
