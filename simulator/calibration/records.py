"""What calibration reads: one record for each thing that happened, from wherever it was kept.

The history store and a CSV file both become these records, so a fit never knows where its figures
come from. Instants are a date and seconds after that day's midnight, both local: what repeats from
day to day is the time of day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simulator.table_file import Row, TableFileError, read_table

ANSWERED = "connected"
ABANDONED = "abandoned"

_COLUMNS = ("queue", "arrived_at", "wait_s", "outcome")
_MORE_COLUMNS = ("talk_s", "wrap_s", "flow_s", "agent")


@dataclass(frozen=True, slots=True)
class CallerRecord:
    """One inbound call that is over."""

    day: dt.date
    arrived_s: float
    """Seconds after midnight."""
    queue: str
    """Which it first entered; empty if the call flow let it go before any."""
    flow_s: float
    """Time in the call flow, until the queue or the end."""
    wait_s: float
    """Time in queue until an agent spoke, or until the wait ended otherwise."""
    outcome: str
    """A value of `acd.notices.ContactOutcome`."""
    has_talked: bool


@dataclass(frozen=True, slots=True)
class HandlingRecord:
    """One agent's part in one contact, after-call work included."""

    queue: str
    """For which the agent worked: an inbound queue, or a campaign."""
    agent: str
    talk_s: float
    wrap_s: float


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """One offer to an agent whose telephone had to ring."""

    agent: str
    ring_s: float
    is_taken: bool
    is_missed: bool
    """It rang out; neither taken nor missed are those that ended before."""


@dataclass(frozen=True, slots=True)
class DialRecord:
    """One dial that is over."""

    campaign: str
    outcome: str
    is_live_answer: bool
    duration_s: float


@dataclass(frozen=True, slots=True)
class PresenceRecord:
    """A stretch of one agent's day, signed in."""

    agent: str
    day: dt.date
    from_s: float
    until_s: float
    reason: str
    """Why the agent took no contacts; empty when they did."""


@dataclass(frozen=True, slots=True)
class Records:
    """Everything that was recorded of some days."""

    callers: tuple[CallerRecord, ...]
    handlings: tuple[HandlingRecord, ...] = ()
    offers: tuple[OfferRecord, ...] = ()
    dials: tuple[DialRecord, ...] = ()
    presence: tuple[PresenceRecord, ...] = ()


def read_records_file(path: Path) -> Records:
    """Read calls from a CSV file: one row a call.

    Columns `queue`, `arrived_at` (such as `2026-11-23T10:04:31`), `wait_s`, `outcome`; and, if they
    are known, `talk_s`, `wrap_s`, `flow_s`, `agent`. A row whose outcome is `connected` needs a
    talk time where there is that column.

    Raises:
        TableFileError: The file cannot be read, or a row is wrong; the message says which and why.
    """
    table = read_table(path, needed=_COLUMNS, known=_MORE_COLUMNS)
    callers: list[CallerRecord] = []
    handlings: list[HandlingRecord] = []
    for row in table.rows:
        arrived = row.instant("arrived_at")
        outcome = row.text("outcome")
        has_talked = outcome == ANSWERED
        callers.append(
            CallerRecord(
                day=arrived.date(),
                arrived_s=_after_midnight_s(arrived),
                queue=row.text("queue"),
                flow_s=row.amount("flow_s") if row.has("flow_s") else 0.0,
                wait_s=row.amount("wait_s"),
                outcome=outcome,
                has_talked=has_talked,
            )
        )
        if has_talked and table.has("talk_s"):
            handlings.append(_handling(row))
    table.refuse_findings()
    if not callers:
        raise TableFileError(str(path), ["no rows below the header"])
    return Records(callers=tuple(callers), handlings=tuple(handlings))


def _handling(row: Row) -> HandlingRecord:
    return HandlingRecord(
        queue=row.text("queue"),
        agent=row.text("agent") if row.has("agent") else "",
        talk_s=row.amount("talk_s"),
        wrap_s=row.amount("wrap_s") if row.has("wrap_s") else 0.0,
    )


def _after_midnight_s(instant: dt.datetime) -> float:
    midnight = instant.replace(hour=0, minute=0, second=0, microsecond=0)
    return (instant - midnight).total_seconds()


def days_of(records: Records) -> Iterator[dt.date]:
    """Iterate over the days on which anybody called, in order."""
    yield from sorted({caller.day for caller in records.callers})
