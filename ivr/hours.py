"""Opening hours: which instants belong to an office's open time, in the office's own time zone.

The time-zone database is consulted once, when a flow is read: `LocalTime` keeps the offsets of one
zone with the instants at which they change. After that, whether an office is open is arithmetic on
the instant given, so a database update on some machine cannot change a call already begun.

Times are on the office's wall clock. A span may run past midnight (`22:00-06:00`): it then belongs
to the day it begins on. A day listed in `special` or `closed` has those hours and no others.
"""

import datetime as dt
import itertools
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

MINUTES_PER_DAY = 24 * 60
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()
_FIRST_YEAR, _LAST_YEAR = 2020, 2050

OpenState = Literal["open", "closed", "holiday"]


class OfficeHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Opening hours as written in a flow document."""

    zone: str
    """A name of the time-zone database, such as `Europe/London`."""
    week: dict[str, list[str]]
    """Spans such as `09:00-17:30` per day or range of days: `mon`, `mon-fri`."""
    closed: list[str] = msgspec.field(default_factory=list)
    """Days such as `2026-12-25` on which the office does not open."""
    special: dict[str, list[str]] = msgspec.field(default_factory=dict)
    """Days with hours of their own."""


@dataclass(frozen=True, slots=True)
class LocalTime:
    """The wall clock of one time zone, from 2020 to 2050."""

    changes_at_s: tuple[int, ...]
    """Instants from which each offset holds; the first one holds before as well."""
    offsets_s: tuple[int, ...]

    def day_at(self, at_ms: int) -> dt.date:
        """Give the date on the wall calendar at an instant."""
        return dt.date.fromordinal(_EPOCH_ORDINAL + self.minute_at(at_ms) // MINUTES_PER_DAY)

    def minute_at(self, at_ms: int) -> int:
        """Give the minutes of wall-clock time since 1970-01-01 00:00 at an instant."""
        at_s = at_ms // 1000
        index = max(0, bisect_right(self.changes_at_s, at_s) - 1)
        return (at_s + self.offsets_s[index]) // 60


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Opening hours ready to be asked."""

    local: LocalTime
    week: tuple[tuple[tuple[int, int], ...], ...]
    """Per weekday from Monday: (first minute, minute after the last); the latter may pass 1440."""
    special: Mapping[int, tuple[tuple[int, int], ...]]
    """The same for single days, by days since 1970; empty for a closed day."""

    def state_at(self, at_ms: int) -> OpenState:
        """Say whether the office is open; `holiday` is closed on a day named in the calendar."""
        day, minute = divmod(self.local.minute_at(at_ms), MINUTES_PER_DAY)
        if _within(self._spans(day), minute) or _within(
            self._spans(day - 1), minute + MINUTES_PER_DAY
        ):
            return "open"
        return "holiday" if day in self.special else "closed"

    def _spans(self, day: int) -> tuple[tuple[int, int], ...]:
        found = self.special.get(day)
        return self.week[(day + 3) % 7] if found is None else found  # 1970-01-01: a Thursday


def _within(spans: tuple[tuple[int, int], ...], minute: int) -> bool:
    return any(begin <= minute < end for begin, end in spans)


def opening_hours(written: OfficeHours) -> OpeningHours:
    """Make opening hours ready to be asked.

    Raises:
        ValueError: The author wrote a zone, a day or a span that does not exist; the message names
            it and says what would be right.
    """
    week: list[tuple[tuple[int, int], ...]] = [()] * 7
    for days, spans in written.week.items():
        for weekday in _weekdays(days):
            week[weekday] = tuple(_span(span) for span in spans)
    special = {
        _day(day): tuple(_span(span) for span in spans) for day, spans in written.special.items()
    }
    special |= {_day(day): () for day in written.closed}
    return OpeningHours(local=local_time(written.zone), week=tuple(week), special=special)


@lru_cache(maxsize=64)
def local_time(zone: str) -> LocalTime:
    """Read the offsets of a time zone from the database.

    Raises:
        ValueError: There is no such zone.
    """
    try:
        rules = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{zone!r} is no time zone; write one like Europe/London") from None
    return _offsets(rules)


def _offsets(rules: ZoneInfo) -> LocalTime:
    """Find the changes of offset by looking at each month's beginning, then halving."""

    def offset_s(at_s: int) -> int:
        offset = dt.datetime.fromtimestamp(at_s, tz=rules).utcoffset()
        assert offset is not None  # zoneinfo always answers for an aware instant
        return int(offset.total_seconds())

    months = [
        int(dt.datetime(year, month, 1, tzinfo=dt.UTC).timestamp())
        for year in range(_FIRST_YEAR, _LAST_YEAR + 1)
        for month in range(1, 13)
    ]
    changes, offsets = [months[0]], [offset_s(months[0])]
    for before, after in itertools.pairwise(months):
        if offset_s(after) == offsets[-1]:
            continue
        low, high = before, after
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset_s(middle) == offsets[-1] else (low, middle)
        changes.append(high)
        offsets.append(offset_s(high))
    return LocalTime(changes_at_s=tuple(changes), offsets_s=tuple(offsets))


def _weekdays(written: str) -> list[int]:
    first, _, last = written.partition("-")
    try:
        begin = DAY_NAMES.index(first)
        end = DAY_NAMES.index(last) if last else begin
    except ValueError:
        raise ValueError(f"{written!r} is no day; write one like mon, or mon-fri") from None
    return [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]


def _span(written: str) -> tuple[int, int]:
    first, _, last = written.partition("-")
    begin, end = _minute(first, written), _minute(last, written)
    if begin == end:
        raise ValueError(f"{written!r} is empty; write 00:00-24:00 for a whole day")
    return (begin, end) if begin < end else (begin, end + MINUTES_PER_DAY)


def _minute(written: str, span: str) -> int:
    hours, _, minutes = written.partition(":")
    if len(hours) == 2 and len(minutes) == 2 and (hours + minutes).isascii():  # noqa: SIM102
        if (hours + minutes).isdigit():
            minute = int(hours) * 60 + int(minutes)
            if int(minutes) < 60 and minute <= MINUTES_PER_DAY:
                return minute
    raise ValueError(f"{span!r} is no span of time; write one like 09:00-17:30")


def _day(written: str) -> int:
    try:
        return dt.date.fromisoformat(written).toordinal() - _EPOCH_ORDINAL
    except ValueError:
        raise ValueError(f"{written!r} is no day; write one like 2026-12-25") from None
