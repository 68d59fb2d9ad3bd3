"""What the store may forget, and when: nothing that is not archived and covered by a snapshot.

After every snapshot, entries before the *older* of the two snapshots are written to the archive
with the commands they led to, and only then trimmed. So a restart that finds the newest snapshot
torn still has the older one and every entry since.
"""

from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import cast

from acd.replay import parse_entry_id
from cordboard.runtime.archive import Archive, Row
from cordboard.runtime.connection import Client, Store, telling_downs
from cordboard.runtime.journal import JournalReader
from cordboard.runtime.leader import Fenced
from cordboard.runtime.scripts import script

_PAGE = 1_000


class Retention:
    """Archives and trims one site's journal and its audited commands."""

    def __init__(self, store: Store, client: Client, folder: Path) -> None:
        self._keys = store.keys
        self._client = client
        self._reader = JournalReader(store, client)
        self._journal = Archive(folder, "journal")
        self._commands = Archive(folder, "commands")
        self._trim = script(client, "trim")

    def forget_before(self, cut: str, token: str) -> None:
        """Archive everything before the entry `cut`, then trim it.

        Raises:
            Fenced: Somebody else leads; what was archived stays, and is not archived twice.
            StoreDown: The store did not answer.
            OSError: The archive cannot be written; nothing was trimmed.
        """
        self._journal.append(self._reader.rows(self._journal.last_id(), cut))
        self._commands.append(self._commands_before(cut))
        keys = self._keys
        with telling_downs():
            answer = self._trim(
                keys=[keys.token, keys.journal, keys.audit, keys.settled, keys.effects, keys.state],
                args=[token, cut, _next_id(self._commands.last_id())],
            )
        if answer == b"FENCED":
            raise Fenced("the journal was not trimmed: somebody else leads")

    def _commands_before(self, cut: str) -> Iterator[Row]:
        """Iterate over audited commands whose cause lies before `cut`, not yet archived."""
        least = parse_entry_id(cut)
        return takewhile(lambda row: _cause(row) < least, self._audited())

    def _audited(self) -> Iterator[Row]:
        at = self._commands.last_id()
        while True:
            with telling_downs():
                page = cast(
                    "list[Row]", self._client.xrange(self._keys.audit, f"({at}", "+", count=_PAGE)
                )
            if not page:
                return
            yield from page
            at = page[-1][0].decode()


def _cause(row: Row) -> tuple[int, int]:
    return parse_entry_id(row[1][b"k"].decode().partition(":")[0])


def _next_id(entry_id: str) -> str:
    ms, sequence = parse_entry_id(entry_id)
    return f"{ms}-{sequence + 1}"
