"""Which days a study covers, and how they differ from the ordinary day.

A scenario describes an ordinary day. Its calendar says on which date a study begins, which weekdays
it covers, and what Mondays, Saturdays and named special days (holidays, the day the bills go out)
make of the calls:

    calendar:
      first_day: 2026-12-21
      covers: [mon, tue, wed, thu, fri]
      weekdays: {mon: 1.15, fri: 0.9}
      special_days:
        christmas_eve: {dates: [2026-12-24], calls: {factor: 0.6, shape: [1, 2, 2, 1, 0, 0]}}
        christmas: {dates: [2026-12-25], calls: 0}

A special day goes before its weekday. What differs is a factor on the ordinary day's calls, or a
factor with a shape: how the day's calls spread over its intervals, as relative weights. A call type
may have its own (`calls.<name>.days`), which go before those of the calendar.

Without a calendar every day of a study is the ordinary one.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Literal, TypeAlias

import msgspec
import numpy as np
from msgspec import Meta

from simulator.distributions import Floats

Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

NotNegative = Annotated[float, Meta(ge=0)]


class DayOfCalls(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day whose calls differ from the ordinary day's, in number and in when they come."""

    factor: NotNegative = 1.0
    shape: tuple[NotNegative, ...] = ()
    """Relative weight of each interval; empty keeps the ordinary day's."""

    def __post_init__(self) -> None:
        if self.shape and not 0 < sum(self.shape) < math.inf:
            raise ValueError("shape must have a weight above 0; for a day without calls write 0")


Calls: TypeAlias = NotNegative | DayOfCalls
"""A factor on the ordinary day, or a factor and a shape."""


class SpecialDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Dates with a name, which are not as their weekday is."""

    dates: Annotated[tuple[dt.date, ...], Meta(min_length=1)]
    calls: Calls = 1.0


class Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The dates of a study, and what they make of the calls."""

    first_day: dt.date
    repeats: bool = False
    """Every day of a study is the first one, lived again."""
    covers: Annotated[tuple[Weekday, ...], Meta(min_length=1)] = WEEKDAYS
    """Other weekdays are passed over, unless they are special days; so are days without calls."""
    weekdays: dict[Weekday, Calls] = {}
    special_days: dict[str, SpecialDay] = {}

    def __post_init__(self) -> None:
        named: dict[dt.date, str] = {}
        for name, special in self.special_days.items():
            if name in WEEKDAYS:
                raise ValueError(f"special_days.{name} is called as a weekday; give it a name")
            for date in special.dates:
                if date in named:
                    raise ValueError(f"{date} is both '{named[date]}' and '{name}'")
                named[date] = name
        if not any(self.calls_on(weekday) for weekday in self.covers):
            raise ValueError("covers names no weekday on which anybody calls")

    def date_of(self, number: int) -> dt.date:
        """Return the date of a study's n-th day, from 0."""
        date = self.first_day
        if self.repeats:
            return date
        while True:
            if self.is_covered(date):
                if number == 0:
                    return date
                number -= 1
            date += dt.timedelta(days=1)

    def is_covered(self, date: dt.date) -> bool:
        """Tell whether a study has this date among its days: one on which somebody calls."""
        name = self.name_of(date)
        return name in (*self.covers, *self.special_days) and self.calls_on(name) != 0

    def name_of(self, date: dt.date) -> str:
        """Return the name of a special day, else the weekday's."""
        for name, special in self.special_days.items():
            if date in special.dates:
                return name
        return WEEKDAYS[date.weekday()]

    def named(self, name: str) -> dt.date:
        """Return the first date that is called so, from `first_day` on if it is a weekday.

        Raises:
            ValueError: No day is called so.
        """
        if name in self.special_days:
            return min(self.special_days[name].dates)
        if name not in WEEKDAYS:
            listed = ", ".join((*WEEKDAYS, *self.special_days))
            raise ValueError(f"'{name}' is no day of the calendar; it has {listed}")
        ahead = (WEEKDAYS.index(name) - self.first_day.weekday()) % 7
        return self.first_day + dt.timedelta(days=ahead)

    def calls_on(self, name: str) -> Calls:
        """Return what the days of a name make of the calls."""
        special = self.special_days.get(name)
        if special is not None:
            return special.calls
        return next((calls for weekday, calls in self.weekdays.items() if weekday == name), 1.0)


def shaped(ordinary: Floats, calls: Calls) -> Floats:
    """Return the expected calls of a day that differs from the ordinary one: (n_intervals,).

    Raises:
        ValueError: The shape has other intervals than the ordinary day.
    """
    if not isinstance(calls, DayOfCalls):
        return ordinary * calls
    if not calls.shape:
        return ordinary * calls.factor
    if len(calls.shape) != len(ordinary):
        raise ValueError(
            f"a shape has {len(calls.shape)} intervals, the ordinary day has {len(ordinary)}"
        )
    weights = np.array(calls.shape, dtype=np.float64)
    return np.asarray(ordinary.sum() * calls.factor * weights / weights.sum())
