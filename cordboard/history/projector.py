"""Folds the journal into history, each entry exactly once.

Rows, cursor and the folded state are written in one transaction: whatever is cut off is done again
from the last cursor, and what was done is not done twice. One projector runs per site; a second one
that writes the same entries is stopped by the cursor.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    delete,
    insert,
    inspect,
    select,
    text,
    update,
)

from acd.config import QueueConfig
from acd.replay import Fold, JournalEntry
from cordboard.history.rows import write
from cordboard.history.schema import (
    agent_intervals,
    contacts,
    dial_attempts,
    handlings,
    metadata,
    offers,
    progress,
    queues,
)
from dialer.events import SettingsApplied

BATCH = 500
"""Entries per transaction."""

START = "0-0"
"""The cursor of a history that has seen nothing."""


Thresholds = Callable[[], Iterable[QueueConfig]]
"""Gives the inbound queues by the settings the fold knows now."""


class ForeignHistory(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """The database holds the history of another site; each needs one of its own."""


class HistoryBusy(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """Another projector wrote these entries; start again from the cursor it left."""


class Projector:
    """The writer of one site's history."""

    def __init__(
        self, url: str, site: str, fold: Fold[Any, Any], thresholds: Thresholds = tuple
    ) -> None:
        """Open the history, make its tables if they are missing, and go on where it stopped.

        Args:
            url: A database URL of SQLAlchemy, e.g. ``sqlite:///history.db``.
            site: Whose journal this is.
            fold: A fold that has read nothing yet.
            thresholds: Asked after each change of settings; what is asked of a queue is kept.

        Raises:
            ForeignHistory: The database is another site's.
        """
        self._engine: Engine = create_engine(url, hide_parameters=True)
        self._site = site
        self._fold = fold
        self._thresholds = thresholds
        metadata.create_all(self._engine)
        _add_missing_columns(self._engine)
        with self._engine.begin() as connection:
            row = connection.execute(select(progress)).one_or_none()
            if row is None:
                connection.execute(
                    insert(progress).values(site=site, cursor=START, at_ms=0, state=b"")
                )
            elif row.site != site:
                raise ForeignHistory(f"the history is that of '{row.site}', not of '{site}'")
            elif row.state:
                fold.restore(msgspec.json.decode(row.state))

    @property
    def cursor(self) -> str:
        """The id of the last journal entry in history."""
        return self._fold.cursor

    def project(self, entries: Iterable[JournalEntry]) -> int:
        """Write down the entries after the cursor, in order, a batch per transaction.

        Returns:
            How many entries were written down.

        Raises:
            HistoryBusy: Another projector was faster.
        """
        remaining = iter(entries)
        count = 0
        while batch := list(islice(remaining, BATCH)):
            with self._engine.begin() as connection:
                self._project_batch(connection, batch)
            count += len(batch)
        return count

    def _project_batch(self, connection: Connection, batch: list[JournalEntry]) -> None:
        before = self._fold.cursor
        notices: list[object] = []
        known: dict[str, QueueConfig] = {}
        for entry in batch:
            self._fold.apply(entry)
            notices.extend(self._fold.notices)
            if entry.type == SettingsApplied.__name__:
                known |= {queue.queue_id: queue for queue in self._thresholds()}
        moved = connection.execute(
            update(progress)
            .where(progress.c.site == self._site, progress.c.cursor == before)
            .values(
                cursor=self._fold.cursor,
                at_ms=self._fold.clock.at_ms,
                state=msgspec.json.encode(self._fold.to_plain()),
            )
        )
        if moved.rowcount != 1:
            raise HistoryBusy(f"history of '{self._site}' is beyond entry {before} already")
        for notice in notices:
            write(notice, connection)
        for queue in known.values():
            _keep_thresholds(queue, connection)

    def close(self) -> None:
        """Give the database's connections back."""
        self._engine.dispose()


def _add_missing_columns(engine: Engine) -> None:
    """Give tables of an earlier version the columns they lack; older rows have nothing there."""
    present = inspect(engine)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            names = {column["name"] for column in present.get_columns(table.name)}
            for column in table.columns:
                if column.name not in names:
                    kind = column.type.compile(engine.dialect)
                    connection.execute(text(f"ALTER TABLE {table.name} ADD {column.name} {kind}"))


def _keep_thresholds(queue: QueueConfig, connection: Connection) -> None:
    connection.execute(delete(queues).where(queues.c.queue_id == queue.queue_id))
    connection.execute(
        insert(queues).values(
            queue_id=queue.queue_id,
            service_level_ms=queue.service_level_ms,
            short_abandon_ms=queue.short_abandon_ms,
        )
    )


def forget(url: str, site: str) -> None:
    """Empty the history, so that the next projector makes it again from the journal's start."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in (contacts, handlings, offers, agent_intervals, dial_attempts, queues):
            connection.execute(delete(table))
        connection.execute(delete(progress).where(progress.c.site == site))
    engine.dispose()
