"""Do-not-call lists: national registers taken in from files, and our own.

A national register is a file of numbers, one a line, drawn on a date. It is kept as keyed hashes:
whether a number is on it can be asked, which numbers are on it cannot. A newer copy replaces the
older one whole, in one transaction, so that no dial is checked against half a register.

Our own list grows with every opt-out and never shrinks; a file of requests made elsewhere can be
added. An opt-out acts at once: the gate asks this table at every decision and every execution.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cordboard.runtime.leads.importing import RowError
from cordboard.runtime.leads.numbers import NumberError, read_number

_BATCH = 5_000

ADDED_BY_HAND = "imported"
"""The source of an entry that came from a file; those of called people are `asked`."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file of numbers."""

    count: int
    wrong: list[RowError]


def read_numbers(path: Path, region: str = "") -> Iterator[str | RowError]:
    """Iterate over a file's numbers as E.164, one a line; other columns and empty lines are left.

    A first line without any digit is taken for a header.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for line, text in enumerate(file, start=1):
            told = text.split(",", 1)[0].strip().strip('"')
            if not told or (line == 1 and not any(letter.isdigit() for letter in told)):
                continue
            try:
                yield read_number(told, region=region).e164
            except NumberError as error:
                yield RowError(str(path), line, f"the number {error}")


def replace_register(
    database: sqlite3.Connection,
    name: str,
    drawn_at_ms: int,
    rows: Iterable[str | RowError],
    key_of: Callable[[str], str],
) -> Taken:
    """Take in a copy of a register, in place of the one before; the caller holds a transaction."""
    database.execute("DELETE FROM registered WHERE name = ?", (name,))
    statement = "INSERT OR IGNORE INTO registered VALUES (?, ?)"
    taken = _take(database, statement, rows, lambda number: (name, key_of(number)))
    database.execute("INSERT OR REPLACE INTO register VALUES (?, ?)", (name, drawn_at_ms))
    return taken


def add_requests(
    database: sqlite3.Connection,
    asked_at_ms: int,
    rows: Iterable[str | RowError],
    key_of: Callable[[str], str],
) -> Taken:
    """Add numbers to our own do-not-call list; the caller holds a transaction."""
    statement = "INSERT OR IGNORE INTO do_not_call VALUES (?, ?, ?)"
    return _take(
        database, statement, rows, lambda number: (key_of(number), asked_at_ms, ADDED_BY_HAND)
    )


def _take(
    database: sqlite3.Connection,
    statement: str,
    rows: Iterable[str | RowError],
    values: Callable[[str], tuple[object, ...]],
) -> Taken:
    wrong: list[RowError] = []
    batch: list[tuple[object, ...]] = []
    count = 0
    for row in rows:
        if isinstance(row, RowError):
            wrong.append(row)
            continue
        batch.append(values(row))
        if len(batch) == _BATCH:
            count += database.executemany(statement, batch).rowcount
            batch = []
    count += database.executemany(statement, batch).rowcount if batch else 0
    return Taken(count, wrong)
