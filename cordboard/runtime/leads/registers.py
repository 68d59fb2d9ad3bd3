"""Do-not-call lists: national registers taken in from files, and our own.

A national register is a file of numbers, one a line, drawn on a date. It is kept as keyed hashes:
whether a number is on it can be asked, which numbers are on it cannot. A newer copy replaces the
older one whole, at one instant, so that no dial is checked against half a register.

Our own list grows with every opt-out and never shrinks; a file of requests made elsewhere can be
added. An opt-out acts at once: the gate asks this table at every decision and every execution.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cordboard.runtime.leads.importing import RowError
from cordboard.runtime.leads.intake import Transaction
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


class Registers:
    """Takes do-not-call lists in."""

    def __init__(self, transaction: Transaction, key_of: Callable[[str], str]) -> None:
        """Work on a store.

        Args:
            transaction: Holds the store for a change.
            key_of: The keyed hash of a number.
        """
        self._transaction = transaction
        self._key_of = key_of

    def replace(self, name: str, drawn_at_ms: int, rows: Iterable[str | RowError]) -> Taken:
        """Take in a copy of a register; it acts from the moment when it is there whole."""
        with self._transaction() as database:
            copy_no = database.execute(
                "SELECT 1 + max((SELECT coalesce(max(copy_no), 0) FROM registered),"
                " (SELECT coalesce(max(copy_no), 0) FROM register))"
            ).fetchone()[0]
        statement = "INSERT OR IGNORE INTO registered VALUES (?, ?)"
        taken = self._take(statement, rows, lambda number: (copy_no, self._key_of(number)))
        with self._transaction() as database:
            database.execute(
                "INSERT OR REPLACE INTO register VALUES (?, ?, ?)", (name, drawn_at_ms, copy_no)
            )
        with self._transaction() as database:  # copies before it, whole ones and torn ones
            database.execute(
                "DELETE FROM registered WHERE copy_no NOT IN (SELECT copy_no FROM register)"
            )
        return taken

    def add_requests(self, asked_at_ms: int, rows: Iterable[str | RowError]) -> Taken:
        """Add numbers to our own do-not-call list."""
        statement = "INSERT OR IGNORE INTO do_not_call VALUES (?, ?, ?)"
        return self._take(
            statement, rows, lambda number: (self._key_of(number), asked_at_ms, ADDED_BY_HAND)
        )

    def _take(
        self,
        statement: str,
        rows: Iterable[str | RowError],
        values: Callable[[str], tuple[object, ...]],
    ) -> Taken:
        wrong: list[RowError] = []
        count = 0
        remaining = iter(rows)
        while batch := list(islice(remaining, _BATCH)):
            wrong += [row for row in batch if isinstance(row, RowError)]
            numbers = [values(row) for row in batch if isinstance(row, str)]
            with self._transaction() as database:
                count += max(0, database.executemany(statement, numbers).rowcount)
        return Taken(count, wrong)
