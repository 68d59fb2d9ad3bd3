"""The journal's past on disk: one JSON object per line, in files of one day each.

Redis keeps what a restart needs; everything older goes to the archive before it is trimmed. History
is projected from here, and `cordboard replay` reads these files. Writing is idempotent: after a
crash between writing and trimming, the next export begins after the last line that is whole.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from acd.replay import JournalEntry, parse_entry_id
from cordboard.runtime.entries import from_line, read_entry, to_line

Row = tuple[bytes, dict[bytes, bytes]]


class Archive:
    """Files of one stream in a folder, named after it and the UTC day of their entries' ids."""

    def __init__(self, folder: Path, stream: str = "journal") -> None:
        self._folder = folder
        self._stream = stream

    def last_id(self) -> str:
        """Return the id of the newest entry kept, "0-0" if none; cuts off a torn last line."""
        for path in reversed(self._paths()):
            _mend(path)
            last = _last_line(path)
            if last is not None:
                return from_line(last)[0].decode()
        return "0-0"

    def append(self, rows: Iterable[Row]) -> int:
        """Write rows in order, each on the disk when this returns; return how many."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        count = 0
        day, lines = "", list[bytes]()
        for entry_id, fields in rows:
            entry_day = _day(entry_id)
            if entry_day != day and lines:
                self._write(day, lines)
                lines = []
            day = entry_day
            lines.append(to_line(entry_id, fields))
            count += 1
        if lines:
            self._write(day, lines)
        return count

    def rows(self, after: str = "0-0") -> Iterator[Row]:
        """Iterate over everything kept after an id, oldest first."""
        least = parse_entry_id(after)
        for path in self._paths():
            for entry_id, fields in read_rows(path):
                if parse_entry_id(entry_id.decode()) > least:
                    yield entry_id, fields

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob(f"{self._stream}-*.jsonl"))

    def _write(self, day: str, lines: list[bytes]) -> None:
        path = self._folder / f"{self._stream}-{day}.jsonl"
        with path.open("ab") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())


def read_rows(path: Path) -> Iterator[Row]:
    """Iterate over the entries of one file.

    Raises:
        ValueError: A line is not an entry; the message names file and line.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield from_line(line)
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error


def read_entries(path: Path) -> Iterator[JournalEntry]:
    """Iterate over the entries of one file as the fold takes them.

    Raises:
        ValueError: A line is not an entry; the message names file and line.
    """
    for entry_id, fields in read_rows(path):
        yield read_entry(entry_id, fields)


def write_rows(path: Path, rows: Iterable[Row]) -> int:
    """Write rows to a new file; return how many."""
    count = 0
    with path.open("wb") as file:
        for entry_id, fields in rows:
            file.write(to_line(entry_id, fields))
            count += 1
    return count


def _day(entry_id: bytes) -> str:
    ms, _ = parse_entry_id(entry_id.decode())
    return datetime.fromtimestamp(ms / 1_000, UTC).strftime("%Y-%m-%d")


def _mend(path: Path) -> None:
    """Cut off a last line that a crash left unfinished."""
    with path.open("rb+") as file:
        text = file.read()
        end = text.rfind(b"\n") + 1
        if end != len(text):
            file.truncate(end)


def _last_line(path: Path) -> bytes | None:
    lines = path.read_bytes().splitlines()
    return lines[-1] if lines else None
