"""How callers fared by the version of their flow, or by the side of a split test.

A flow's record says which version or side a call had; the contact of the same call says how it
went. Both are joined here into the results that `ivr.rollout.compare` sums up. Calls that have not
ended yet are left out: they would all count as not abandoned.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from acd.notices import ContactOutcome
from cordboard.history.schema import contacts, flow_calls, flow_sides
from ivr.rollout import CallResult


def by_version(
    connection: Connection, flow: str, from_ms: int, until_ms: int
) -> Iterator[CallResult]:
    """Yield the ended calls that began in a period, each under its version."""
    yield from _results(connection, flow, from_ms, until_ms, None)


def by_side(
    connection: Connection, flow: str, node: str, from_ms: int, until_ms: int
) -> Iterator[CallResult]:
    """Yield the ended calls of a period that passed a split node, each under its side."""
    yield from _results(connection, flow, from_ms, until_ms, node)


def flow_names(connection: Connection) -> list[str]:
    """Return the flows that history knows, in alphabetical order."""
    found = connection.execute(select(flow_calls.c.flow).distinct().order_by(flow_calls.c.flow))
    return list(found.scalars())


def split_nodes(connection: Connection, flow: str) -> list[str]:
    """Return the split nodes that calls of a flow have passed, in alphabetical order."""
    statement = (
        select(flow_sides.c.node)
        .join_from(flow_sides, flow_calls, flow_sides.c.call_id == flow_calls.c.call_id)
        .where(flow_calls.c.flow == flow)
        .distinct()
        .order_by(flow_sides.c.node)
    )
    return list(connection.execute(statement).scalars())


def _results(
    connection: Connection, flow: str, from_ms: int, until_ms: int, node: str | None
) -> Iterator[CallResult]:
    columns = (
        flow_calls.c.version,
        flow_calls.c.rating,
        contacts.c.outcome,
        contacts.c.opened_at_ms,
        contacts.c.connected_at_ms,
        contacts.c.transfer_count,
    )
    statement = (
        select(*columns)
        .join_from(flow_calls, contacts, flow_calls.c.call_id == contacts.c.call_id)
        .where(
            flow_calls.c.flow == flow,
            contacts.c.ended_at_ms.is_not(None),
            contacts.c.opened_at_ms >= from_ms,
            contacts.c.opened_at_ms < until_ms,
        )
    )
    if node is not None:
        of_call = flow_sides.c.call_id == flow_calls.c.call_id
        statement = statement.add_columns(flow_sides.c.side).join(flow_sides, of_call)
        statement = statement.where(flow_sides.c.node == node)
    for row in connection.execute(statement):
        version, rating, outcome, opened_at_ms, connected_at_ms, transfers = tuple(row)[:6]
        has_reached = connected_at_ms is not None
        yield CallResult(
            variant=f"version {version}" if node is None else row[-1],
            outcome=outcome,
            abandoned=outcome == ContactOutcome.ABANDONED.value,
            transferred=transfers > 0,
            to_agent_ms=connected_at_ms - opened_at_ms if has_reached else None,
            satisfaction=rating,
        )
