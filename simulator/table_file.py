"""Tables as people keep them: CSV in any spelling, with every mistake named by row and column.

UTF-8 with or without a byte-order mark, UTF-16 with one; comma, semicolon or tab. The header is
row 1. What is wrong is gathered and told at once, because a file is mended in one sitting.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_FINDINGS_MAX = 20


class TableFileError(ValueError):
    """What is wrong in a file; `findings` are complete sentences with row and column."""

    def __init__(self, name: str, findings: Sequence[str]) -> None:
        self.findings = tuple(findings)
        shown = list(findings[:_FINDINGS_MAX])
        if len(findings) > len(shown):
            shown.append(f"and {len(findings) - len(shown)} more")
        super().__init__(f"{name}: " + "; ".join(shown))


@dataclass(slots=True)
class Table:
    """The rows of a file, and what was found wrong while they were read."""

    name: str
    titles: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def has(self, column: str) -> bool:
        """Tell whether the file has a column."""
        return column in self.titles

    def refuse_findings(self) -> None:
        """End the reading if anything was wrong.

        Raises:
            TableFileError: Something was.
        """
        if self.findings:
            raise TableFileError(self.name, self.findings)


@dataclass(frozen=True, slots=True)
class Row:
    """One row; what cannot be read is added to the table's findings and read as nothing."""

    table: Table
    number: int
    fields: dict[str, str]

    def has(self, column: str) -> bool:
        """Tell whether there is anything in a column."""
        return bool(self.fields.get(column))

    def text(self, column: str) -> str:
        """Return a field that must not be empty."""
        value = self.fields[column]
        if not value:
            self._find(column, "empty")
        return value

    def amount(self, column: str) -> float:
        """Return a field that must be a number of 0 or more."""
        text = self.fields[column]
        try:
            value = float(text)
        except ValueError:
            hint = " (a decimal comma? write a point)" if "," in text else ""
            self._find(column, f"{text!r} is not a number{hint}")
            return 0.0
        if not (math.isfinite(value) and value >= 0):
            self._find(column, f"{text} must be a number of 0 or more")
            return 0.0
        return value

    def instant(self, column: str) -> dt.datetime:
        """Return a field that must be a date and a time."""
        text = self.fields[column]
        try:
            return dt.datetime.fromisoformat(text)
        except ValueError:
            self._find(column, f"{text!r} is no date and time such as 2026-11-23T10:04:31")
            return dt.datetime.min  # noqa: DTZ901  (stands in for what could not be read)

    def _find(self, column: str, complaint: str) -> None:
        self.table.findings.append(f"row {self.number}, column {column}: {complaint}")


def read_table(path: Path, *, needed: Sequence[str], known: Sequence[str] = ()) -> Table:
    """Read a CSV file with a header.

    Args:
        path: The file.
        needed: Columns that must be there.
        known: Further ones that may be; others are passed over.

    Raises:
        TableFileError: The file cannot be read, or its header lacks a column.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TableFileError(str(path), [f"cannot be read: {error.strerror}"]) from error
    text = decode(content, str(path))
    header = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=header.count))
    titles = tuple(title.strip().lower() for title in next(reader, []))
    missing = [column for column in needed if column not in titles]
    if missing:
        wanted = f"the header must name {', '.join(needed)}"
        raise TableFileError(str(path), [f"row 1: no column {', '.join(missing)}; {wanted}"])
    table = Table(str(path), titles)
    wanted_columns = {*needed, *known}
    for number, fields in enumerate(reader, start=2):
        if not any(one.strip() for one in fields):
            continue
        if problem := uneven(number, fields, len(titles)):
            table.findings.append(problem)
            continue
        cells = zip(titles, fields, strict=False)
        named = {title: cell.strip() for title, cell in cells if title in wanted_columns}
        table.rows.append(Row(table, number, named))
    return table


def uneven(number: int, fields: Sequence[str], columns: int) -> str:
    """Return what is wrong if a row has not one field for each column; "" if it has.

    Empty fields at its end are passed over. Further ones are refused: 9,5 written with a comma
    between commas would be read as a 9 and move all that follows by a column.
    """
    if len(fields) < columns:
        return f"row {number}: {len(fields)} fields, the header has {columns}"
    if any(field.strip() for field in fields[columns:]):
        hint = "a decimal comma? write a point, or put the field in quotes"
        return f"row {number}: {len(fields)} fields, the header has {columns} ({hint})"
    return ""


def decode(content: bytes, name: str) -> str:
    """Decode a file's bytes; lines end with line feeds afterwards, however they ended.

    Raises:
        TableFileError: They are neither UTF-8 nor marked UTF-16; the message names the row.
    """
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        read_as = encoding.removesuffix("-sig").upper()
        problem = f"row {row}: byte {error.start} is not {read_as}; save as UTF-8"
        raise TableFileError(name, [problem]) from error
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise TableFileError(
            name, [f"row {row}: holds zero bytes, as UTF-16 without its mark does; save as UTF-8"]
        )
    return text
