"""The journal: where facts are appended by whoever saw them, and read in order by the leader.

Appending is at least once towards the store, and exactly once towards the centre: every call of
`append` makes an append id, a repeat after a lost answer carries the same one, and the fold drops
what it has seen. Facts that belong together are appended by one script, all or none.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import structlog

from acd.codec import Codec
from acd.ids import CustomerId
from acd.replay import JournalEntry
from cordboard.runtime.clock import Clock
from cordboard.runtime.connection import Client, Store, StoreDown, telling_downs
from cordboard.runtime.entries import Draft, pack, read_entry
from cordboard.runtime.scripts import script
from cordboard.runtime.sealing import Sealer
from dialer.codec import EVENT_CODEC
from dialer.events import CentreEvent
from webhooks.ports import Fact, JournalDown

_log = structlog.get_logger(__name__)


class Drafting:
    """Turns facts into drafts of entries: encoded, sealed, with an append id each."""

    def __init__(
        self, clock: Clock, sealer: Sealer, codec: Codec[CentreEvent] = EVENT_CODEC
    ) -> None:
        self._clock = clock
        self._sealer = sealer
        self._codec = codec

    def drafts(self, facts: Sequence[Fact]) -> list[Draft]:
        """Return drafts of the facts, under append ids made now.

        Raises:
            StoreDown: A key to seal with could not be had.
        """
        request = secrets.token_hex(16)
        return [self._draft(fact, f"{request}.{index}") for index, fact in enumerate(facts)]

    def seal(self, subject: CustomerId, label: str, private: Mapping[str, str]) -> str:
        """Seal something that goes beside the journal.

        Raises:
            StoreDown: A key to seal with could not be had.
        """
        return self._sealer.seal(subject, label, private)

    def _draft(self, fact: Fact, append_id: str) -> Draft:
        kind, facts = self._codec.encode(fact.event)
        wall_ms = self._clock.wall_ms()
        if fact.subject is None or not fact.private:
            return Draft(kind, append_id, fact.natural_key, facts, wall_ms)
        sealed = self._sealer.seal(fact.subject, append_id, fact.private)
        return Draft(kind, append_id, fact.natural_key, facts, wall_ms, fact.subject, sealed)


class RedisJournal:
    """Appends facts to a site's journal: `webhooks.ports.Journal`."""

    def __init__(self, store: Store, drafting: Drafting, client: Client | None = None) -> None:
        self._client = client or store.client()
        self._key = store.keys.journal
        self._drafting = drafting
        self._append = script(self._client, "append")

    def append(self, facts: Sequence[Fact]) -> None:
        """Append the facts in order, all or none, each at most once per call of this method.

        Raises:
            JournalDown: The store refused or did not answer twice. Entries may still be there; a
                repeat by the carrier carries the same natural keys, so nothing counts twice.
        """
        try:
            packed = pack(self._drafting.drafts(facts))
            try:
                self._send(packed)
            except StoreDown as first:
                _log.warning("append repeated", reason=str(first))
                self._send(packed)
        except StoreDown as down:
            raise JournalDown(str(down)) from down

    def _send(self, packed: bytes) -> None:
        with telling_downs():
            self._append(keys=[self._key], args=[packed])


class JournalReader:
    """Reads a site's journal in order."""

    def __init__(self, store: Store, client: Client) -> None:
        self._client = client
        self._key = store.keys.journal

    def read(self, after: str, *, count: int = 256, block_ms: int = 0) -> list[JournalEntry]:
        """Return up to `count` entries after an id, waiting at most `block_ms` for the first.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            answer = self._client.xread(
                {self._key: after}, count=count, block=block_ms if block_ms > 0 else None
            )
        streams = cast("list[tuple[bytes, list[tuple[bytes, dict[bytes, bytes]]]]]", answer)
        rows = streams[0][1] if streams else []
        return [read_entry(entry_id, fields) for entry_id, fields in rows]

    def first_id(self) -> str:
        """Return the id of the oldest entry that was not trimmed, empty if there is none.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            rows = self._client.xrange(self._key, "-", "+", count=1)
        return cast("bytes", rows[0][0]).decode() if rows else ""

    def last_id(self) -> str:
        """Return the newest id the journal ever had, "0-0" for a new one.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            if not self._client.exists(self._key):
                return "0-0"
            info = self._client.xinfo_stream(self._key)
        return cast("bytes", info["last-generated-id"]).decode()

    def rows(
        self, after: str = "0-0", before: str = ""
    ) -> Iterator[tuple[bytes, dict[bytes, bytes]]]:
        """Iterate over raw entries after an id and before another (empty: to the end), in pages.

        Raises:
            StoreDown: The store did not answer.
        """
        at, end = after, f"({before}" if before else "+"
        while True:
            with telling_downs():
                page = self._client.xrange(self._key, f"({at}", end, count=1_000)
            if not page:
                return
            yield from cast("list[tuple[bytes, dict[bytes, bytes]]]", page)
            at = cast("bytes", page[-1][0]).decode()
