"""What history holds, as the records that calibration reads.

Only what is over is taken: a call that lives, or a wrap-up in progress, says too little. A stretch
of an agent's day that spans midnight is cut there.
"""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from acd.agents import LEG_FAILED, RONA, SIGNED_IN, Presence
from acd.notices import Direction, OfferEnd
from cordboard.history.schema import agent_intervals, contacts, dial_attempts, handlings, offers
from simulator.calibration.records import (
    CallerRecord,
    DialRecord,
    HandlingRecord,
    OfferRecord,
    PresenceRecord,
    Records,
)

_NOT_A_BREAK = frozenset({RONA, LEG_FAILED, SIGNED_IN})
"""Reasons the system gives: the agent meant to be there."""


def read_records(connection: Connection, time_zone: ZoneInfo) -> Records:
    """Read everything that is over.

    Args:
        connection: The history.
        time_zone: In which days and times of day are told.
    """
    return Records(
        callers=tuple(_callers(connection, time_zone)),
        handlings=tuple(_handlings(connection)),
        offers=tuple(_offers(connection)),
        dials=tuple(_dials(connection)),
        presence=tuple(_presence(connection, time_zone)),
    )


def _local(at_ms: int, time_zone: ZoneInfo) -> tuple[dt.date, float]:
    """Return an instant's date, and its time of day in seconds."""
    instant = dt.datetime.fromtimestamp(at_ms / 1_000, time_zone)
    seconds = instant.hour * 3_600 + instant.minute * 60 + instant.second
    return instant.date(), seconds + instant.microsecond / 1e6


def _callers(connection: Connection, time_zone: ZoneInfo) -> Iterator[CallerRecord]:
    columns = contacts.c
    statement = (
        select(
            columns.opened_at_ms,
            columns.first_queue_id,
            columns.queued_at_ms,
            columns.ended_at_ms,
            columns.answer_ms,
            columns.wait_ms,
            columns.outcome,
        )
        .where(columns.direction == Direction.INBOUND.value, columns.ended_at_ms.is_not(None))
        .order_by(columns.opened_at_ms, columns.call_id)
    )
    for opened, queue, queued, ended, answer, wait, outcome in connection.execute(statement):
        day, arrived_s = _local(opened, time_zone)
        yield CallerRecord(
            day=day,
            arrived_s=arrived_s,
            queue=queue or "",
            flow_s=((ended if queued is None else queued) - opened) / 1_000,
            wait_s=(wait if answer is None else answer) / 1_000,
            outcome=outcome,
            has_talked=answer is not None,
        )


def _handlings(connection: Connection) -> Iterator[HandlingRecord]:
    columns = handlings.c
    statement = (
        select(columns.queue_id, columns.agent_id, columns.talk_ms, columns.wrap_up_ms)
        .where(columns.handled_at_ms.is_not(None))
        .order_by(columns.handling_id)
    )
    for queue, agent, talk_ms, wrap_ms in connection.execute(statement):
        yield HandlingRecord(queue, agent, talk_ms / 1_000, wrap_ms / 1_000)


def _offers(connection: Connection) -> Iterator[OfferRecord]:
    """Iterate over offers for which a telephone rang: a standing leg is there at once."""
    columns = offers.c
    statement = (
        select(columns.agent_id, columns.ring_ms, columns.end)
        .where(columns.ring_ms > 0)
        .order_by(columns.offered_at_ms, columns.reservation_id)
    )
    for agent, ring_ms, end in connection.execute(statement):
        is_taken, is_missed = end == OfferEnd.CONNECTED.value, end == OfferEnd.TIMED_OUT.value
        yield OfferRecord(agent, ring_ms / 1_000, is_taken, is_missed)


def _dials(connection: Connection) -> Iterator[DialRecord]:
    columns = dial_attempts.c
    statement = (
        select(
            columns.campaign_id,
            columns.outcome,
            columns.is_live_answer,
            columns.placed_at_ms,
            columns.ended_at_ms,
        )
        .where(columns.ended_at_ms.is_not(None))
        .order_by(columns.placed_at_ms, columns.call_id)
    )
    for campaign, outcome, is_live, placed, ended in connection.execute(statement):
        yield DialRecord(campaign, outcome, bool(is_live), (ended - placed) / 1_000)


def _presence(connection: Connection, time_zone: ZoneInfo) -> Iterator[PresenceRecord]:
    columns = agent_intervals.c
    statement = (
        select(columns.agent_id, columns.from_ms, columns.to_ms, columns.presence, columns.reason)
        .where(columns.to_ms.is_not(None), columns.to_ms > columns.from_ms)
        .where(columns.presence != Presence.SIGNED_OUT.value)
        .order_by(columns.interval_id)
    )
    for agent, from_ms, to_ms, presence, reason in connection.execute(statement):
        is_away = presence == Presence.NOT_READY.value and reason not in _NOT_A_BREAK
        why = reason if is_away else ""
        (day, from_s), (until_day, until_s) = _local(from_ms, time_zone), _local(to_ms, time_zone)
        while day < until_day:
            yield PresenceRecord(agent, day, from_s, 86_400.0, why)
            day, from_s = day + dt.timedelta(days=1), 0.0
        if until_s > from_s:
            yield PresenceRecord(agent, day, from_s, until_s, why)
