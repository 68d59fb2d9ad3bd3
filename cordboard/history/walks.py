"""Calls as history keeps them, for drawing where callers went and for learning from what they said.

Where a call came through is nothing personal and is read as it is. What was said at open questions
is sealed under the customer's key: whoever wants it gives what opens it, and a customer who was
erased has said nothing.
"""

from collections.abc import Callable, Collection, Mapping

import msgspec
from sqlalchemy import Connection, select

from acd.ids import CustomerId
from cordboard.history.schema import contacts, flow_calls, flow_walks
from cordboard.runtime.sealing import Sealer
from cordboard.runtime.sessions import wishes_label
from ivr.intents.walks import Walk
from ivr.session import TrailEntry
from webhooks.told import wishes_of

WALKS_MAX = 100_000
"""So many calls are looked at, the latest."""

_OF_CALL = flow_walks.c.call_id == flow_calls.c.call_id

Wishes = Callable[[str, str, str], tuple[TrailEntry, ...]]
"""Opens what was said: call, customer, sealed text -> trail."""


def opening(sealer: Sealer) -> Wishes:
    """Return what opens callers' words; of somebody who was erased, none."""

    def opened(call_id: str, customer_id: str, sealed: str) -> tuple[TrailEntry, ...]:
        private = sealer.open(CustomerId(customer_id), wishes_label(call_id), sealed)
        return () if private is None else wishes_of(private)

    return opened


def versions_walked(connection: Connection, flow: str) -> list[int]:
    """Return the versions of a flow that calls came through, in order."""
    statement = (
        select(flow_calls.c.version)
        .join_from(flow_calls, flow_walks, _OF_CALL)
        .where(flow_calls.c.flow == flow)
        .distinct()
    )
    return sorted(connection.execute(statement).scalars())


def ways_through(connection: Connection, flow: str, version: int) -> list[tuple[str, ...]]:
    """Return the ways of the latest calls through one version of a flow."""
    statement = (
        select(flow_walks.c.way)
        .join_from(flow_calls, flow_walks, _OF_CALL)
        .where(flow_calls.c.flow == flow, flow_calls.c.version == version)
        .order_by(flow_calls.c.at_ms.desc())
        .limit(WALKS_MAX)
    )
    return [_way(text) for text in connection.execute(statement).scalars()]


def walks_through(connection: Connection, flow: str, opened: Wishes) -> list[Walk]:
    """Return the latest calls through a flow in which somebody said what they wanted.

    Raises:
        StoreDown: The keys could not be read.
    """
    calls, walked = flow_calls.c, flow_walks.c
    statement = (
        select(calls.call_id, calls.customer_id, walked.way, walked.sealed)
        .join_from(flow_calls, flow_walks, _OF_CALL)
        .where(calls.flow == flow, walked.sealed != "")
        .order_by(calls.at_ms.desc())
        .limit(WALKS_MAX)
    )
    rows = connection.execute(statement).all()
    passed = passed_on(connection, {row.call_id for row in rows})
    return [
        Walk(
            call=row.call_id,
            trail=opened(row.call_id, row.customer_id, row.sealed),
            way=_way(row.way),
            passed_on_to=passed.get(row.call_id),
        )
        for row in rows
    ]


def passed_on(connection: Connection, calls: Collection[str]) -> Mapping[str, str]:
    """Return the last queue of each of these calls that an agent passed on to another one."""
    moved = select(contacts.c.call_id, contacts.c.queue_id).where(
        contacts.c.transfer_count > 0, contacts.c.queue_id != contacts.c.first_queue_id
    )
    return {row.call_id: row.queue_id for row in connection.execute(moved) if row.call_id in calls}


def _way(text: str) -> tuple[str, ...]:
    return msgspec.json.decode(text, type=tuple[str, ...])
