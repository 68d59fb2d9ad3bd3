"""History kept while the centre runs: the whole journal, folded as it grows.

The journal is in two places, the archive of what was trimmed and the store. An entry is archived
before it is trimmed, so looking at the store *first* and then, if the store no longer reaches back
to our cursor, at the archive finds every entry, however far behind we are and whatever is trimmed
meanwhile.

Nothing is kept here that a crash could lose: the cursor stands in the database, in the transaction
that wrote the rows. Whatever goes wrong, the next try begins from there. Entries are gathered for a
while and projection never takes more than half of the time, since callers have precedence.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import structlog
from sqlalchemy.exc import SQLAlchemyError

from acd.config import AcdConfig
from acd.messages import EngineError
from acd.replay import Fold, JournalEntry, parse_entry_id
from cordboard.history.projector import BATCH, START, ForeignHistory, HistoryBusy, Projector
from cordboard.history.told import Keeper
from cordboard.runtime.archive import Archive
from cordboard.runtime.clock import Clock
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.entries import read_entry
from cordboard.runtime.journal import JournalReader
from dialer.centre import Centre
from dialer.codec import EVENT_CODEC
from dialer.config import CentreConfig
from simulator.policies import installed_choices

BLOCK_MS = 1_000
"""How long a look at the store may wait for the first entry."""

GATHER_MS = 2_000
"""How long entries are gathered: each transaction writes the whole folded state beside its rows."""

RETRY_MS = 10_000
"""How long to wait when store, archive or database fail; the next try begins from the cursor."""

_NOTHING = CentreConfig(acd=AcdConfig(queues=(), agents=()))
"""What a centre knows before its journal tells it."""

_SEQUENCE_MAX = 2**64 - 1

_log = structlog.get_logger(__name__)


class PastLost(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """Entries that history still needs are neither in the store nor in the archive."""


class WholeJournal:
    """A site's journal as if nothing had ever been trimmed from the store."""

    def __init__(self, archive: Archive, reader: JournalReader) -> None:
        self._archive = archive
        self._reader = reader

    def after(self, cursor: str, *, block_ms: int = 0) -> Iterator[JournalEntry]:
        """Iterate over entries after one: all that were trimmed, then the store's next ones.

        Args:
            cursor: The id of the last entry known, "0-0" for none.
            block_ms: How long to wait at most for the first; 0 does not wait.

        Raises:
            PastLost: The archive does not reach back to the cursor.
            StoreDown: The store did not answer.
            ValueError: A line of the archive cannot be read, now or ever.
        """
        page = self._reader.read(cursor, count=BATCH, block_ms=block_ms)
        oldest = self._reader.first_id()
        if oldest and parse_entry_id(oldest) <= parse_entry_id(cursor):
            return iter(page)
        return chain(self._trimmed(cursor, page[0].entry_id if page else ""), page)

    def _trimmed(self, cursor: str, end: str) -> Iterator[JournalEntry]:
        """Iterate over archived entries after the cursor and before another (empty: all)."""
        rows = self._archive.rows(_id_before(cursor))
        if cursor != START:
            known = next(rows, None)
            if known is None or known[0].decode() != cursor:
                raise PastLost(f"entry {cursor} is neither in the store nor in the archive")
        for entry_id, fields in rows:
            if end and parse_entry_id(entry_id.decode()) >= parse_entry_id(end):
                return
            yield read_entry(entry_id, fields)


def _id_before(entry_id: str) -> str:
    ms, sequence = parse_entry_id(entry_id)
    if sequence:
        return f"{ms}-{sequence - 1}"
    return f"{ms - 1}-{_SEQUENCE_MAX}" if ms else START


@dataclass(frozen=True, slots=True)
class Historian:
    """Keeps one site's history up to date."""

    url: str  #: of the database
    site: str
    journal: WholeJournal
    clock: Clock
    beside: Sequence[Keeper] = ()  #: what is told beside the journal, kept in the same breaks

    def run(self, stop: threading.Event) -> None:
        """Project what the journal holds and what comes, until `stop` is set."""
        while not stop.is_set():
            try:
                self._keep(stop)
            except (StoreDown, HistoryBusy) as reason:
                _log.warning("history interrupted", reason=str(reason))
                self.clock.wait(stop, RETRY_MS)
            except (SQLAlchemyError, ForeignHistory, PastLost, ValueError, EngineError) as reason:
                _log.error("history cannot be kept", reason=str(reason))
                self.clock.wait(stop, RETRY_MS)

    def _keep(self, stop: threading.Event) -> None:
        """Go on from the database's cursor; a fold that failed is never used again."""
        centre = Centre(_NOTHING, installed_choices())
        projector = Projector(
            self.url, self.site, Fold(centre, EVENT_CODEC), lambda: centre.config.acd.queues
        )
        try:
            while not stop.is_set():
                entries = self.journal.after(projector.cursor, block_ms=BLOCK_MS)
                self._project(projector, entries, stop)
                self._keep_told()
            # The last facts of a centre that ends: who is told to stop has a moment for them.
            projector.project(islice(self.journal.after(projector.cursor), BATCH))
            self._keep_told()
        finally:
            projector.close()

    def _keep_told(self) -> None:
        for keeper in self.beside:
            keeper.keep()

    def _project(
        self, projector: Projector, entries: Iterator[JournalEntry], stop: threading.Event
    ) -> None:
        """Write entries down, resting after each transaction at least as long as it took."""
        while not stop.is_set() and (batch := list(islice(entries, BATCH))):
            begin_ms = self.clock.monotonic_ms()
            projector.project(batch)
            took_ms = self.clock.monotonic_ms() - begin_ms
            is_behind = len(batch) == BATCH
            self.clock.wait(stop, took_ms if is_behind else max(took_ms, GATHER_MS))
