"""How calls went through their flows, taken over from the store into history.

The web processes tell a record of each call in the step in which its flow ends, goes to a queue or
is hung up on; a later record of a call replaces the earlier one. Records wait in a stream of the
store until they are rows here: they are removed only after the transaction that wrote them, and
writing one twice changes nothing, so none is lost and none counts twice.
"""

import msgspec
import structlog
from sqlalchemy import Connection, Engine, create_engine, delete, insert, select

from cordboard.history.schema import flow_calls, flow_sides, flow_walks, hearings, metadata
from cordboard.history.told import batches
from cordboard.runtime.connection import Client, Store
from cordboard.runtime.releases import Releases
from ivr.knowledge import Hearing, helpfulness
from webhooks.told import FlowRecord

OPINIONS_MAX = 5_000
"""Older opinions of a flow's answers have decayed to nothing, or are outvoted by as many."""

_log = structlog.get_logger(__name__)


class SealedRecord(FlowRecord, frozen=True, kw_only=True):
    """A record with what is personal in it, sealed."""

    sealed: str = ""  #: the questions nobody could answer
    wishes: str = ""  #: what was said at open questions


class FlowHistory:
    """The writer of the flows' part of one site's history."""

    def __init__(self, url: str, store: Store, client: Client) -> None:
        self._engine: Engine = create_engine(url, hide_parameters=True)
        metadata.create_all(self._engine)
        self._client = client
        self._key = store.keys.flow_records
        self._releases = Releases(store, client)

    def keep(self) -> int:
        """Write down what has been told, and return how many records that was.

        What callers thought of answers is told back to the web processes, which put answers that
        help in front.

        Raises:
            StoreDown: The store did not answer.
            SQLAlchemyError: The database did not.
        """
        kept = 0
        for told in batches(self._client, self._key):
            records = [record for text in told if (record := _record(text)) is not None]
            with self._engine.begin() as connection:
                for record in records:
                    write(record, connection)
            self._tell_helpfulness({record.flow for record in records if record.heard})
            kept += len(records)
        return kept

    def _tell_helpfulness(self, flows: set[str]) -> None:
        with self._engine.connect() as connection:
            scores = {flow: helpfulness_of(connection, flow) for flow in sorted(flows)}
        for flow, of_flow in scores.items():
            self._releases.tell_helpfulness(flow, of_flow)

    def close(self) -> None:
        """Give the database's connections back."""
        self._engine.dispose()


def helpfulness_of(connection: Connection, flow: str) -> dict[str, float]:
    """Return how much each answer of a flow has helped lately, by the opinions there are."""
    columns = hearings.c
    statement = (
        select(columns.entry, columns.at_ms, columns.is_helped)
        .where(columns.flow == flow, columns.is_helped.is_not(None))
        .order_by(columns.at_ms.desc())
        .limit(OPINIONS_MAX)
    )
    opinions = [
        Hearing(entry, at_ms, is_helped)
        for entry, at_ms, is_helped in connection.execute(statement)
    ]
    newest_ms = opinions[0].at_ms if opinions else 0
    return helpfulness(opinions, newest_ms)


def _record(text: bytes) -> SealedRecord | None:
    try:
        return msgspec.json.decode(text, type=SealedRecord)
    except msgspec.MsgspecError as error:
        _log.error("record of a flow cannot be read", reason=str(error))
        return None


def write(record: SealedRecord, connection: Connection) -> None:
    """Write a record down in place of an earlier one of the same call."""
    for table in (flow_calls, flow_sides, flow_walks, hearings):
        connection.execute(delete(table).where(table.c.call_id == record.call_id))
    row = {column.name: getattr(record, column.name) for column in flow_calls.columns}
    connection.execute(insert(flow_calls).values(row))
    way = msgspec.json.encode(record.way).decode()
    connection.execute(
        insert(flow_walks).values(call_id=record.call_id, way=way, sealed=record.wishes)
    )
    for node, side in record.splits.items():
        connection.execute(insert(flow_sides).values(call_id=record.call_id, node=node, side=side))
    for heard in record.heard:
        connection.execute(
            insert(hearings).values(
                call_id=record.call_id,
                entry=heard.entry,
                flow=record.flow,
                at_ms=record.at_ms,
                is_helped=heard.helped,
            )
        )
