"""A site's whole journal, and the commands it led to, as files for `cordboard replay`.

What was trimmed from the store is in the archive; the two together are everything since the site
began. Both files hold one JSON object a line, as the archive does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import msgspec

from acd.replay import parse_entry_id
from cordboard.runtime.archive import Archive, Row, read_rows, write_rows
from cordboard.runtime.connection import Client, Store

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class RecordedCommand:
    """A command as the live centre gave it."""

    entry_id: str  #: of the journal entry that caused it
    ordinal: int  #: among the commands of that entry
    type: str
    facts: Mapping[str, object]


def record_journal(path: Path, store: Store, client: Client, archive: Path) -> int:
    """Write the whole journal to a file; return how many entries."""
    return write_rows(path, _whole("journal", store.keys.journal, client, archive))


def record_commands(path: Path, store: Store, client: Client, archive: Path) -> int:
    """Write every command the centre gave to a file; return how many."""
    return write_rows(path, _whole("commands", store.keys.audit, client, archive))


def read_commands(path: Path) -> Iterator[RecordedCommand]:
    """Iterate over the commands of a file.

    Raises:
        ValueError: A line is not a command; the message names file and line.
    """
    for _, fields in read_rows(path):
        try:
            entry_id, _, ordinal = fields[b"k"].decode().partition(":")
            facts = msgspec.json.decode(fields[b"d"], type=dict[str, object])
            yield RecordedCommand(entry_id, int(ordinal), fields[b"t"].decode(), facts)
        except (KeyError, ValueError, msgspec.DecodeError) as error:
            raise ValueError(f"{path}: a line holds no command: {error}") from error


def _whole(stream: str, key: str, client: Client, archive: Path) -> Iterator[Row]:
    """Read the store before the archive: what is trimmed meanwhile has been archived before."""
    in_store: list[Row] = []
    at = "0-0"
    while page := cast("list[Row]", client.xrange(key, f"({at}", "+", count=PAGE)):
        in_store += page
        at = page[-1][0].decode()
    first = parse_entry_id(in_store[0][0].decode()) if in_store else None
    for row in Archive(archive, stream).rows():
        if first is not None and parse_entry_id(row[0].decode()) >= first:
            break
        yield row
    yield from in_store
