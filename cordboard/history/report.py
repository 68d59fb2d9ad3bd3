"""A period's measures: per interval, and for the whole, by the formulas of `acd.measures`.

Counts are added up before a formula is applied, so the whole is not a mean of means. Shares are
0..1, times are seconds, None stands where nothing was there to measure.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from acd import measures
from acd.measures import AgentTimes, QueueCounts
from cordboard.history.cases import CaseRow, case_rows
from cordboard.history.counts import (
    DialCounts,
    Period,
    count_agents,
    count_dials,
    count_queues,
)

ALL = ""
"""Stands for all queues, or for the whole period."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One queue in one interval."""

    begins_at: str  #: ISO 8601 in UTC; empty for the whole period
    queue: str  #: empty for all that were asked for
    offered: int
    answered: int
    abandoned: int  #: short ones included
    short_abandons: int
    service_level: float | None  #: over offered less short abandons
    service_level_of_answered: float | None
    service_level_with_abandons: float | None
    asa_s: float | None
    aht_s: float | None
    abandonment: float | None


@dataclass(frozen=True, slots=True)
class TeamRow:
    """All agents together in one interval, whatever they worked for."""

    begins_at: str
    occupancy: float | None


@dataclass(frozen=True, slots=True)
class DialRow:
    """One campaign's dials placed in one interval."""

    begins_at: str
    campaign: str
    dials: int
    outcomes: Mapping[str, int]
    live_answers: int
    abandoned: int
    abandonment: float | None  #: of live answers


@dataclass(frozen=True, slots=True)
class Report:
    """What a period came to; the rows of the whole period stand behind those of its intervals."""

    begins_at: str
    ends_at: str
    interval_minutes: int
    queues: list[QueueRow]
    team: list[TeamRow]
    dials: list[DialRow]
    cases: list[CaseRow]  #: opened in the period, for all queues


def make_report(
    connection: Connection, period: Period, reached_ms: int, queue: str = ALL
) -> Report:
    """Report a period.

    Args:
        connection: The history.
        period: Its intervals.
        reached_ms: How far history reaches.
        queue: One inbound queue that history knows, or `ALL`.
    """
    return Report(
        begins_at=text_of(period.from_ms),
        ends_at=text_of(period.until_ms),
        interval_minutes=period.interval_ms // 60_000,
        queues=_queue_rows(connection, period, queue),
        team=_team_rows(connection, period, reached_ms),
        dials=_dial_rows(connection, period),
        cases=case_rows(connection, period),
    )


def text_of(at_ms: int) -> str:
    """Write an instant for people and programs.

    Example:
        >>> text_of(1_795_428_000_000)
        '2026-11-23T10:00:00Z'
    """
    instant = datetime.fromtimestamp(at_ms / 1_000, UTC)
    return instant.isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def _queue_rows(connection: Connection, period: Period, wanted: str) -> list[QueueRow]:
    counted = count_queues(connection, period)
    if wanted != ALL:
        counted = {wanted: counted[wanted]}
    rows: list[QueueRow] = []
    for start_ms in period.starts_ms:
        for name, intervals in counted.items():
            counts = intervals.get(start_ms, QueueCounts())
            rows.append(_queue_row(text_of(start_ms), name, counts))
    everything = QueueCounts()
    for name, intervals in counted.items():
        whole = QueueCounts()
        for counts in intervals.values():
            whole.add(counts)
        everything.add(whole)
        rows.append(_queue_row(ALL, name, whole))
    if wanted == ALL:
        rows.append(_queue_row(ALL, ALL, everything))
    return rows


def _queue_row(begins_at: str, queue: str, counts: QueueCounts) -> QueueRow:
    return QueueRow(
        begins_at=begins_at,
        queue=queue,
        offered=counts.offered,
        answered=counts.answered,
        abandoned=counts.abandoned,
        short_abandons=counts.short_abandons,
        service_level=measures.service_level(
            counts.answered_within, counts.offered, counts.short_abandons
        ),
        service_level_of_answered=measures.service_level_of_answered(
            counts.answered_within, counts.answered
        ),
        service_level_with_abandons=measures.service_level_with_abandons(
            counts.answered_within, counts.abandoned_within, counts.answered, counts.abandoned
        ),
        asa_s=_seconds(measures.asa_ms(counts.answered_wait_ms, counts.answered)),
        aht_s=_seconds(measures.aht_ms(counts.talk_ms, counts.wrap_up_ms, counts.handled)),
        abandonment=measures.abandonment(counts.abandoned, counts.offered, counts.short_abandons),
    )


def _team_rows(connection: Connection, period: Period, reached_ms: int) -> list[TeamRow]:
    spent = count_agents(connection, period, reached_ms)
    whole = AgentTimes(
        busy_ms=sum(times.busy_ms for times in spent.values()),
        ready_ms=sum(times.ready_ms for times in spent.values()),
    )
    rows = [_team_row(text_of(start_ms), times) for start_ms, times in spent.items()]
    return [*rows, _team_row(ALL, whole)]


def _team_row(begins_at: str, times: AgentTimes) -> TeamRow:
    return TeamRow(begins_at, measures.occupancy(times.busy_ms, times.ready_ms))


def _dial_rows(connection: Connection, period: Period) -> list[DialRow]:
    rows: list[DialRow] = []
    wholes: list[DialRow] = []
    for campaign, intervals in count_dials(connection, period).items():
        whole = DialCounts()
        for start_ms, counts in intervals.items():
            rows.append(_dial_row(text_of(start_ms), campaign, counts))
            whole.add(counts)
        wholes.append(_dial_row(ALL, campaign, whole))
    return sorted(rows, key=lambda row: row.begins_at) + wholes


def _dial_row(begins_at: str, campaign: str, counts: DialCounts) -> DialRow:
    outcomes: Counter[str] = counts.outcomes
    return DialRow(
        begins_at=begins_at,
        campaign=campaign,
        dials=counts.placed,
        outcomes=dict(sorted(outcomes.items())),
        live_answers=counts.live_answers,
        abandoned=counts.abandoned,
        # The law counts every abandoned call, however short: none is left out.
        abandonment=measures.abandonment(counts.abandoned, counts.live_answers, 0),
    )


def _seconds(time_ms: float | None) -> float | None:
    return None if time_ms is None else time_ms / 1_000
