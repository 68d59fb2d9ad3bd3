"""What became of text messages, taken over from the store into history: no word of them.

Whoever keeps a message, sends it or hears of its delivery tells a record (`runtime.text_rows`); a
later state of a message replaces the earlier one.
"""

import msgspec
import structlog
from sqlalchemy import Connection, Engine, create_engine, insert, select, update

from cordboard.history.schema import metadata, text_messages
from cordboard.history.told import batches
from cordboard.runtime.connection import Client, Store
from cordboard.runtime.text_rows import RECEIVED, TO_SEND, TextRecord

_FIRST = frozenset({RECEIVED, TO_SEND})
"""States in which a message begins: told again they are no news."""

_log = structlog.get_logger(__name__)


class TextHistory:
    """The writer of the messages' part of one site's history."""

    def __init__(self, url: str, store: Store, client: Client) -> None:
        self._engine: Engine = create_engine(url, hide_parameters=True)
        metadata.create_all(self._engine)
        self._client = client
        self._key = store.keys.text_records

    def keep(self) -> int:
        """Write down what has been told, and return how many records that was.

        Raises:
            StoreDown: The store did not answer.
            SQLAlchemyError: The database did not.
        """
        kept = 0
        for told in batches(self._client, self._key):
            records = [record for text in told if (record := _record(text)) is not None]
            with self._engine.begin() as connection:
                for record in records:
                    _write(record, connection)
            kept += len(records)
        return kept

    def close(self) -> None:
        """Give the database's connections back."""
        self._engine.dispose()


def _record(text: bytes) -> TextRecord | None:
    try:
        return msgspec.json.decode(text, type=TextRecord)
    except msgspec.MsgspecError as error:
        _log.error("record of a message cannot be read", reason=str(error))
        return None


def _write(record: TextRecord, connection: Connection) -> None:
    columns = text_messages.c
    is_it = (columns.thread_id == record.thread_id) & (columns.name == record.name)
    if connection.execute(select(columns.state).where(is_it)).first() is None:
        connection.execute(insert(text_messages).values(msgspec.structs.asdict(record)))
    elif record.state not in _FIRST:
        connection.execute(
            update(text_messages)
            .where(is_it)
            .values(state=record.state, error_code=record.error_code)
        )
