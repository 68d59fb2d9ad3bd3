"""A CSV file of leads to rows that can be dialled, and errors for those that cannot.

| column | |
| --- | --- |
| `lead` | needed: a name for the row, unique in the campaign, without personal data |
| `number`, `number_2`, `number_3` | at least one; E.164, or national if the campaign has a region |
| `type`, `type_2`, `type_3` | of those numbers: home, work or mobile |
| `name`, `language` | for the agent |
| `priority` | a whole number, higher is dialled first; 0 if empty |
| `time_zone` | where the person is, if known; else every zone their number may be in |
| `region` | jurisdiction, such as `us-fl`, if known; else by the number |
| `consent_on`, `consent_is_written` | a date and yes/no: agreement to be called |
| `transaction_on`, `inquiry_on` | dates: what makes a business relationship |
| `field_...` | anything of the list's own, kept with the lead and given back by an export |

A wrong row is reported and left out, the others are taken: one typing error must not keep a list
from being worked. Columns with other names are refused, because a misspelt `consent_on` would
otherwise be no consent at all. A text that is not UTF-8 spoils its row only.
"""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cordboard.runtime.leads.numbers import NumberError, NumberRow, read_number

NUMBER_COLUMNS = {"number": "type", "number_2": "type_2", "number_3": "type_3"}
COLUMNS = (
    "lead",
    *NUMBER_COLUMNS,
    *NUMBER_COLUMNS.values(),
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
OWN_COLUMN = "field_"
"""How the name of a list's own column begins."""

KINDS = ("home", "work", "mobile")

_REGION = re.compile(r"^[a-z]{2}(-[a-z0-9]{1,3})?$")

_OTHER_ENCODINGS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}

_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}

_PRIORITY_MAX = 1_000_000


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
class LeadRow:
    """One lead as the file tells it."""

    line: int
    lead_id: str
    numbers: tuple[NumberRow, ...]
    name: str
    language: str
    priority: int
    consent_at_ms: int | None
    consent_is_written: bool
    transaction_at_ms: int | None
    inquiry_at_ms: int | None
    fields: Mapping[str, str]


class LeadError(Exception):
    """A field of a row is wrong; the text says what would be right."""


def read_leads(path: Path, region: str = "") -> Iterator[LeadRow | RowError]:
    """Iterate over the rows of a file.

    Args:
        path: A CSV file in UTF-8, with or without byte order mark, with a header.
        region: ISO 3166 country in which national numbers are read; empty: none are taken.

    Raises:
        OSError: The file cannot be read.
    """
    problem = _encoding_problem(path)
    if problem:
        yield RowError(str(path), 1, problem)
        return
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, strict=True)
        header, wrong = _header(path, reader)
        if wrong is not None:
            yield wrong
            return
        lines_of: dict[str, int] = {}
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
                if cells:  # an empty line is no row
                    yield _lead(_told(header, cells), line, region, lines_of)
            except StopIteration:
                return
            except csv.Error as error:
                told = f"cannot be read as CSV ({error}); look for a quote that is not closed"
                yield RowError(str(path), line, told)
            except LeadError as error:
                yield RowError(str(path), line, str(error))


def read_lists(paths: Iterable[Path], region: str = "") -> Iterator[LeadRow | RowError]:
    """Iterate over the rows of a campaign's files as taking them in would: each number once.

    Raises:
        OSError: A file cannot be read.
    """
    leads: set[str] = set()
    owners: dict[str, str] = {}
    for path in paths:
        for row in read_leads(path, region):
            if isinstance(row, RowError):
                yield row
                continue
            other = next((owners[n.e164] for n in row.numbers if n.e164 in owners), None)
            if row.lead_id in leads:
                yield RowError(str(path), row.line, is_in_other_list(row.lead_id))
            elif other is not None:
                yield RowError(str(path), row.line, has_number_of(row.lead_id, other))
            else:
                leads.add(row.lead_id)
                owners |= dict.fromkeys((n.e164 for n in row.numbers), row.lead_id)
                yield row


def is_in_other_list(lead_id: str) -> str:
    """Say that a lead's name is taken."""
    return f"lead '{lead_id}' is in another list of the campaign; names must differ"


def has_number_of(lead_id: str, other: str) -> str:
    """Say that a lead's number is another's."""
    return f"lead '{lead_id}' has the number of lead '{other}'; one of them is enough"


def _encoding_problem(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4)
    for mark, name in _OTHER_ENCODINGS.items():
        if head.startswith(mark):
            return f"the file is {name}; save it as UTF-8"
    if head.startswith(b"PK\x03\x04"):
        return "the file is a spreadsheet, not CSV; export it as CSV in UTF-8"
    return ""


def _header(path: Path, reader: Iterator[list[str]]) -> tuple[list[str], RowError | None]:
    """Return the columns' names, or what is wrong with them."""
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        return [], RowError(str(path), 1, f"the header cannot be read as CSV ({error})")
    if not header:
        return [], RowError(str(path), 1, f"the file is empty; begin with lead,{COLUMNS[1]}")
    if len(header) == 1:
        for separator, name in _OTHER_SEPARATORS.items():
            if separator in header[0]:
                problem = f"fields are separated by {name}; use commas"
                return [], RowError(str(path), 1, problem)
    twice = next((name for index, name in enumerate(header) if name in header[:index]), None)
    if twice is not None:
        return [], RowError(str(path), 1, f"column {twice} is there twice")
    unknown = [n for n in header if n not in COLUMNS and not n.startswith(OWN_COLUMN)]
    if unknown or "lead" not in header:
        what = f"has unknown columns {', '.join(unknown)}" if unknown else "has no column lead"
        problem = (
            f"{what}; use lead, any of {', '.join(COLUMNS[1:])}, or a name of your own that"
            f" begins with {OWN_COLUMN}"
        )
        return [], RowError(str(path), 1, problem.encode(errors="replace").decode())
    return header, None


def _told(header: list[str], cells: list[str]) -> dict[str, str]:
    """Return a row's fields by their columns."""
    if len(cells) > len(header):
        raise LeadError("has more fields than the header; quote texts that contain a comma")
    told = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    for name, cell in told.items():
        if not cell.isascii():
            try:
                cell.encode()
            except UnicodeEncodeError:
                raise LeadError(f"{name} is not UTF-8; save the file as UTF-8") from None
        if "\0" in cell:
            raise LeadError(f"{name} contains a NUL character; remove it")
    return told


def read_lead(row: Mapping[str, str], line: int, region: str, lines_of: dict[str, int]) -> LeadRow:
    """Read one lead that came by another way than a file.

    Args:
        row: By the columns of a file.
        line: Its number among those that came with it, from 1.
        region: As for `read_leads`.
        lines_of: Names of the leads before it and their numbers; this one's is added.

    Raises:
        LeadError: Something in it is wrong; the message says what would be right.
    """
    return _lead(dict(row), line, region, lines_of)


def _lead(told: dict[str, str], line: int, region: str, lines_of: dict[str, int]) -> LeadRow:
    lead_id = told["lead"]
    if not lead_id:
        raise LeadError("lead is empty; give every row a name")
    if lead_id in lines_of:
        raise LeadError(
            f"lead '{lead_id}' is there twice, first on line {lines_of[lead_id]}; names must differ"
        )
    numbers = tuple(_numbers(told, region))
    if not numbers:
        raise LeadError("has no number; fill the column number")
    row = LeadRow(
        line=line,
        lead_id=lead_id,
        numbers=numbers,
        name=told.get("name", ""),
        language=told.get("language", ""),
        priority=_whole(told.get("priority", "")),
        consent_at_ms=_instant("consent_on", told.get("consent_on", "")),
        consent_is_written=_yes("consent_is_written", told.get("consent_is_written", "")),
        transaction_at_ms=_instant("transaction_on", told.get("transaction_on", "")),
        inquiry_at_ms=_instant("inquiry_on", told.get("inquiry_on", "")),
        fields={name: cell for name, cell in told.items() if name.startswith(OWN_COLUMN) and cell},
    )
    lines_of[lead_id] = line
    return row


def _numbers(told: dict[str, str], region: str) -> Iterator[NumberRow]:
    """Yield a row's numbers, each once."""
    zones = _zones(told.get("time_zone", ""))
    jurisdiction = told.get("region", "").lower()
    if jurisdiction and not _REGION.match(jurisdiction):
        raise LeadError("region is no jurisdiction; write it like gb or us-fl")
    known: set[str] = set()
    for column, kind_column in NUMBER_COLUMNS.items():
        if not told.get(column):
            continue
        kind = told.get(kind_column, "").lower()
        if kind and kind not in KINDS:
            raise LeadError(f"{kind_column} is none of {', '.join(KINDS)}")
        try:
            row = read_number(told[column], region=region, zones=zones, jurisdiction=jurisdiction)
        except NumberError as error:
            raise LeadError(f"{column} {error}") from None
        if row.e164 not in known:
            known.add(row.e164)
            is_mobile = row.is_mobile or kind == "mobile"
            yield NumberRow(row.e164, row.place, is_mobile, kind)


@lru_cache(maxsize=1_024)
def _zones(text: str) -> tuple[str, ...]:
    if not text:
        return ()
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise LeadError(
            f"time_zone is '{text[:40]}'; use a name such as America/New_York"
        ) from None
    return (text,)


def _whole(text: str) -> int:
    if not text:
        return 0
    if not text.removeprefix("-").isdecimal():
        raise LeadError("priority is no whole number; leave it empty for 0")
    return max(-_PRIORITY_MAX, min(_PRIORITY_MAX, int(text[:12])))


@lru_cache(maxsize=4_096)
def _instant(column: str, text: str) -> int | None:
    """Return midnight UTC of a date."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise LeadError(f"{column} is no date; write it like 2026-03-31") from None
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1_000)


def _yes(column: str, text: str) -> bool:
    if text.lower() not in ("", "yes", "no"):
        raise LeadError(f"{column} must be yes or no")
    return text.lower() == "yes"
