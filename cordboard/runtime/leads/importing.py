"""A CSV file of leads to rows that can be dialled, and errors for those that cannot.

| column | |
| --- | --- |
| `lead` | needed: a name for the row, unique in the file, without personal data |
| `number`, `number_2`, `number_3` | at least one; E.164, or national if the campaign has a region |
| `name`, `language` | for the agent |
| `priority` | a whole number, higher is dialled first; 0 if empty |
| `time_zone` | where the person is, if known; else every zone their number may be in |
| `region` | jurisdiction, such as `us-fl`, if known; else by the number |
| `consent_on`, `consent_is_written` | a date and yes/no: agreement to be called |
| `transaction_on`, `inquiry_on` | dates: what makes a business relationship |

A wrong row is reported and left out, the others are taken: one typing error must not keep a list
from being worked. Columns with other names are refused, because a misspelt `consent_on` would
otherwise be no consent at all.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers import PhoneNumberType, timezone

NUMBER_COLUMNS = ("number", "number_2", "number_3")
COLUMNS = (
    "lead",
    *NUMBER_COLUMNS,
    "name",
    "language",
    "priority",
    "time_zone",
    "region",
    "consent_on",
    "consent_is_written",
    "transaction_on",
    "inquiry_on",
)

_NOWHERE = "Etc/Unknown"


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that was left out, in one line for whoever keeps the list."""

    file: str
    line: int
    problem: str

    def __str__(self) -> str:
        """Return file, line and problem."""
        return f"{self.file}:{self.line}: {self.problem}"


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number of a lead."""

    e164: str
    place: str  #: jurisdiction and possible time zones, as ``gb|Europe/London``
    is_mobile: bool


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One lead as the file tells it."""

    lead_id: str
    numbers: tuple[NumberRow, ...]
    name: str
    language: str
    priority: int
    consent_at_ms: int | None
    consent_is_written: bool
    transaction_at_ms: int | None
    inquiry_at_ms: int | None


class _WrongError(Exception):
    """A field of a row is wrong; the text says what would be right."""


def read_leads(path: Path, region: str = "") -> Iterator[LeadRow | RowError]:
    """Iterate over the rows of a file.

    Args:
        path: A CSV file in UTF-8 with a header.
        region: ISO 3166 country in which national numbers are read; empty: none are taken.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        unknown = [name for name in reader.fieldnames or () if name not in COLUMNS]
        if unknown or "lead" not in (reader.fieldnames or ()):
            problem = f"has columns {', '.join(reader.fieldnames or ('none',))};"
            yield RowError(str(path), 1, f"{problem} use lead and any of {', '.join(COLUMNS[1:])}")
            return
        seen: set[str] = set()
        for row in reader:
            try:
                yield _lead(row, region, seen)
            except _WrongError as wrong:
                yield RowError(str(path), reader.line_num, str(wrong))


def read_lead(row: Mapping[str, str], region: str, seen: set[str]) -> LeadRow | str:
    """Read one lead that came by another way than a file.

    Args:
        row: By the columns of a file.
        region: As for `read_leads`.
        seen: Names of leads that came with it; this one's is added.

    Returns:
        The lead, or what is wrong with it and what would be right.
    """
    try:
        return _lead(dict(row), region, seen)
    except _WrongError as wrong:
        return str(wrong)


def _lead(row: dict[str, str | None], region: str, seen: set[str]) -> LeadRow:
    told = {name: (value or "").strip() for name, value in row.items() if name in COLUMNS}
    if None in row:
        raise _WrongError("has more fields than the header; quote texts that contain a comma")
    if not told["lead"]:
        raise _WrongError("lead is empty; give every row a name")
    if told["lead"] in seen:
        raise _WrongError(f"lead '{told['lead']}' is there twice; names must differ")
    seen.add(told["lead"])
    zones = _zones(told.get("time_zone", ""))
    numbers = tuple(
        _number(name, told[name], region, zones, told.get("region", ""))
        for name in NUMBER_COLUMNS
        if told.get(name)
    )
    if not numbers:
        raise _WrongError("has no number; fill the column number")
    return LeadRow(
        lead_id=told["lead"],
        numbers=numbers,
        name=told.get("name", ""),
        language=told.get("language", ""),
        priority=_whole(told.get("priority", "")),
        consent_at_ms=_instant("consent_on", told),
        consent_is_written=_yes("consent_is_written", told),
        transaction_at_ms=_instant("transaction_on", told),
        inquiry_at_ms=_instant("inquiry_on", told),
    )


def _number(
    column: str, text: str, region: str, zones: tuple[str, ...], jurisdiction: str
) -> NumberRow:
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        raise _WrongError(
            f"{column} cannot be read; write it like +442079460123, or give the campaign a region"
        ) from None
    if not phonenumbers.is_valid_number(number):
        raise _WrongError(f"{column} is in no country's numbering plan; check its digits")
    country = phonenumbers.region_code_for_number(number)
    country = country or phonenumbers.region_code_for_country_code(number.country_code or 0)
    zones = zones or tuple(
        name for name in timezone.time_zones_for_number(number) if name != _NOWHERE
    )
    place = "|".join((jurisdiction.lower() or (country or "").lower(), *sorted(zones)))
    kind = phonenumbers.number_type(number)
    is_fixed = kind is PhoneNumberType.FIXED_LINE
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return NumberRow(e164, place, not is_fixed)


def _zones(text: str) -> tuple[str, ...]:
    if not text:
        return ()
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _WrongError(
            f"time_zone is '{text[:40]}'; use a name such as America/New_York"
        ) from None
    return (text,)


def _whole(text: str) -> int:
    if not text:
        return 0
    if not text.removeprefix("-").isdecimal():
        raise _WrongError("priority is no whole number; leave it empty for 0")
    return max(-1_000_000, min(1_000_000, int(text)))


def _instant(column: str, told: dict[str, str]) -> int | None:
    """Return midnight UTC of a date."""
    if not told.get(column):
        return None
    try:
        day = date.fromisoformat(told[column])
    except ValueError:
        raise _WrongError(f"{column} is no date; write it like 2026-03-31") from None
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1_000)


def _yes(column: str, told: dict[str, str]) -> bool:
    text = told.get(column, "").lower()
    if text not in ("", "yes", "no"):
        raise _WrongError(f"{column} must be yes or no")
    return text == "yes"
