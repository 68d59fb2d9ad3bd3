"""Local calling hours as instants.

Rules speak of local clock time; the core speaks of instants. The shell, which knows the time-zone
rules, gives the offsets of a person's zone as spans of constant offset, and this module turns hours
into windows `[from, until)` of milliseconds since 1970. A change of summer time is the border of
two spans, so a window that contains one is right on both sides. Several zones (a number's region
and an address) or several rules are intersected: every one must allow the instant.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from dialer.compliance.rules import CallingHours, DayKind

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
#: 1 January 1970 was a Thursday; Monday is 0.
EPOCH_WEEKDAY = 3


@dataclass(frozen=True, slots=True)
class Window:
    """An interval of instants, open at its end."""

    from_at_ms: int
    until_at_ms: int

    def __contains__(self, at_ms: int) -> bool:
        """Tell whether the instant lies in the window."""
        return self.from_at_ms <= at_ms < self.until_at_ms


@dataclass(frozen=True, slots=True)
class OffsetSpan:
    """A time in which a zone is a constant number of minutes ahead of UTC."""

    from_at_ms: int
    until_at_ms: int
    offset_minutes: int


def day_kind(local_day: int, holidays: Collection[int]) -> tuple[DayKind, DayKind]:
    """Return what kind of day it is, and what it would be were it no holiday.

    Args:
        local_day: Days since 1 January 1970, local date.
        holidays: Local dates of public holidays, counted likewise.
    """
    weekday = (local_day + EPOCH_WEEKDAY) % 7
    plain: DayKind = "sunday" if weekday == 6 else "saturday" if weekday == 5 else "weekday"
    return ("holiday" if local_day in holidays else plain), plain


def hours_as_windows(
    hours: CallingHours, zone: Sequence[OffsetSpan], holidays: Collection[int] = ()
) -> tuple[Window, ...]:
    """Return when these hours are open in this zone, in order, over the time the spans cover."""
    windows: list[Window] = []
    for span in zone:
        offset_ms = span.offset_minutes * MINUTE_MS
        first_day = (span.from_at_ms + offset_ms) // DAY_MS
        last_day = (span.until_at_ms - 1 + offset_ms) // DAY_MS
        for day in range(first_day, last_day + 1):
            for opens, closes in hours.minutes(*day_kind(day, holidays)):
                midnight_at_ms = day * DAY_MS - offset_ms
                from_at_ms = max(span.from_at_ms, midnight_at_ms + opens * MINUTE_MS)
                until_at_ms = min(span.until_at_ms, midnight_at_ms + closes * MINUTE_MS)
                if from_at_ms < until_at_ms:
                    windows.append(Window(from_at_ms, until_at_ms))
    return _joined(windows)


def intersection(all_windows: Iterable[tuple[Window, ...]]) -> tuple[Window, ...]:
    """Return when all of them are open; nothing given is never open."""
    several = list(all_windows)
    return reduce(_both, several) if several else ()


def callable_windows(
    hours: Iterable[CallingHours],
    zones: Iterable[Sequence[OffsetSpan]],
    holidays: Collection[int] = (),
) -> tuple[Window, ...]:
    """Return when a person may be called: open under every rule in every zone they may be in."""
    rules = list(hours)
    return intersection(hours_as_windows(rule, zone, holidays) for zone in zones for rule in rules)


def _joined(windows: list[Window]) -> tuple[Window, ...]:
    """Join windows that touch, as at a change of offset."""
    joined: list[Window] = []
    for window in sorted(windows, key=lambda window: window.from_at_ms):
        if joined and window.from_at_ms <= joined[-1].until_at_ms:
            until_at_ms = max(joined[-1].until_at_ms, window.until_at_ms)
            joined[-1] = Window(joined[-1].from_at_ms, until_at_ms)
        else:
            joined.append(window)
    return tuple(joined)


def _both(left: tuple[Window, ...], right: tuple[Window, ...]) -> tuple[Window, ...]:
    """Return the instants in both, by one walk over the two ordered sequences."""
    shared: list[Window] = []
    i = j = 0
    while i < len(left) and j < len(right):
        from_at_ms = max(left[i].from_at_ms, right[j].from_at_ms)
        until_at_ms = min(left[i].until_at_ms, right[j].until_at_ms)
        if from_at_ms < until_at_ms:
            shared.append(Window(from_at_ms, until_at_ms))
        if left[i].until_at_ms < right[j].until_at_ms:
            i += 1
        else:
            j += 1
    return tuple(shared)
