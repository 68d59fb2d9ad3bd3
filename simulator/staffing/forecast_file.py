"""A forecast as people keep it: a CSV file with one row for each call type and interval.

    type,start,calls,aht_s
    billing,08:45,28.5,210
    billing,09:00,43,210

`start` is the interval's start on the day's clock; all intervals have one length, and every type
covers the same ones without gap or overlap. Comma, semicolon or tab separate; a byte-order mark is
accepted. What is wrong is reported all at once, each with its row (the header is row 1) and
column.
"""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from simulator.distributions import Floats
from simulator.table_file import TableFileError, decode, uneven

COLUMNS = ("type", "start", "calls", "aht_s")
_DAY_S = 86_400


class ForecastError(TableFileError):
    """What is wrong in a forecast file; `findings` are complete sentences with row and column."""


@dataclass(frozen=True, kw_only=True)
class TypeForecast:
    """The expected calls of one type."""

    name: str
    calls: Floats
    """Expected calls of each interval: (I,)."""
    aht_s: Floats
    """Mean handle time of each interval: (I,)."""


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The expected calls of a day."""

    types: tuple[TypeForecast, ...]
    interval_s: float
    opens_s: float
    """Start of the first interval, seconds after midnight."""


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    start_s: int
    calls: float
    aht_s: float


def read_forecast(content: bytes, *, name: str = "forecast.csv") -> Forecast:
    """Read a forecast file.

    Args:
        content: The file's bytes: UTF-8, or UTF-16 with its byte-order mark.
        name: What to call the file in messages.

    Raises:
        ForecastError: The file's fault; every finding names row and column and what would be right.
    """
    rows, findings = _read_rows(_decode(content, name), name)
    if findings:
        raise ForecastError(name, findings)
    interval_s = _interval_s(rows, name)
    first = next(iter(rows))
    for call_type, mine in rows.items():
        findings += _gaps(call_type, mine, interval_s)
        findings += _differences(call_type, mine, first, rows[first])
    if findings:
        raise ForecastError(name, findings)
    return Forecast(
        types=tuple(
            TypeForecast(
                name=call_type,
                calls=np.array([row.calls for row in mine]),
                aht_s=np.array([row.aht_s for row in mine]),
            )
            for call_type, mine in rows.items()
        ),
        interval_s=float(interval_s),
        opens_s=float(rows[first][0].start_s),
    )


def _decode(content: bytes, name: str) -> str:
    try:
        return decode(content, name)
    except TableFileError as error:
        raise ForecastError(name, error.findings) from error


def _read_rows(text: str, name: str) -> tuple[dict[str, list[_Row]], list[str]]:
    """Return the rows of each type in order of start, and what is wrong with single fields."""
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    titles = [title.strip().lower() for title in next(reader, [])]
    missing = [column for column in COLUMNS if column not in titles]
    if missing:
        raise ForecastError(
            name,
            [f"row 1: no column {', '.join(missing)}; the header must name {', '.join(COLUMNS)}"],
        )
    places = [titles.index(column) for column in COLUMNS]
    rows: dict[str, list[_Row]] = {}
    findings: list[str] = []
    for number, fields in enumerate(reader, start=2):
        if not any(field.strip() for field in fields):
            continue
        if problem := uneven(number, fields, len(titles)):
            findings.append(problem)
            continue
        call_type, row = _read_row(number, [fields[place].strip() for place in places], findings)
        if row is not None:
            rows.setdefault(call_type, []).append(row)
    if not rows and not findings:
        findings.append("no rows below the header")
    for mine in rows.values():
        mine.sort(key=lambda row: (row.start_s, row.number))
    return rows, findings


def _read_row(number: int, fields: list[str], findings: list[str]) -> tuple[str, _Row | None]:
    call_type, start, calls, aht_s = fields
    before = len(findings)
    if not call_type:
        findings.append(f"row {number}, column type: empty; it must name the call type")
    start_s = _clock(number, start, findings)
    amount = _number(number, "calls", calls, findings)
    seconds = _number(number, "aht_s", aht_s, findings)
    if amount > 0 and seconds == 0:
        findings.append(f"row {number}, column aht_s: 0; calls need a handle time above 0")
    return call_type, _Row(number, start_s, amount, seconds) if len(findings) == before else None


def _clock(number: int, text: str, findings: list[str]) -> int:
    parts = text.split(":")
    if len(parts) in {2, 3} and all(part.isascii() and part.isdigit() for part in parts):
        hours, minutes, seconds = (*map(int, parts), 0)[:3]
        if minutes < 60 and seconds < 60 and hours * 3600 + minutes * 60 + seconds < _DAY_S:
            return hours * 3600 + minutes * 60 + seconds
    findings.append(f"row {number}, column start: {text!r} is no time of day such as 08:45")
    return 0


def _number(number: int, column: str, text: str, findings: list[str]) -> float:
    try:
        value = float(text)
    except ValueError:
        hint = " (a decimal comma? write a point)" if "," in text else ""
        findings.append(f"row {number}, column {column}: {text!r} is not a number{hint}")
        return 0.0
    if not (math.isfinite(value) and value >= 0):
        findings.append(f"row {number}, column {column}: {text} must be a number of 0 or more")
        return 0.0
    return value


def _interval_s(rows: dict[str, list[_Row]], name: str) -> int:
    """Return the most common distance between neighbouring starts; the shorter one in a tie."""
    steps = [
        later.start_s - earlier.start_s
        for mine in rows.values()
        for earlier, later in pairwise(mine)
        if later.start_s > earlier.start_s
    ]
    if not steps:
        raise ForecastError(name, ["a day needs at least two intervals to tell how long one is"])
    return min(steps, key=lambda step: (-steps.count(step), step))


def _gaps(call_type: str, mine: list[_Row], interval_s: int) -> list[str]:
    findings = []
    for earlier, later in pairwise(mine):
        step = later.start_s - earlier.start_s
        if step == 0:
            findings.append(
                f"row {later.number}, column start: {call_type} at {clock(later.start_s)} "
                f"is already in row {earlier.number}"
            )
        elif step > interval_s:
            findings.append(
                f"row {later.number}, column start: {call_type} has no row for "
                f"{clock(earlier.start_s + interval_s)} (row {earlier.number} is "
                f"{clock(earlier.start_s)})"
            )
        elif step < interval_s:
            findings.append(
                f"row {later.number}, column start: {call_type} at {clock(later.start_s)} overlaps "
                f"row {earlier.number}: intervals are {interval_s // 60} minutes"
            )
    return findings


def _differences(call_type: str, mine: list[_Row], first: str, others: list[_Row]) -> list[str]:
    """Say where a type does not cover the intervals of the first."""
    ends = [("begins", mine[0], others[0]), ("ends", mine[-1], others[-1])]
    return [
        f"row {row.number}, column start: {call_type} {verb} at {clock(row.start_s)}, "
        f"{first} at {clock(other.start_s)}"
        for verb, row, other in ends
        if row.start_s != other.start_s
    ]


def clock(seconds: float) -> str:
    """Write seconds after midnight as a time of day."""
    minutes = round(seconds) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
