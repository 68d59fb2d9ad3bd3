"""What callers want lately: how often, whether suddenly more than usual, what nobody could answer.

A *surge* is an intent that many more callers have had in the last hour than chance explains. What
is usual is the mean count of the same hour on earlier days of the same kind (working days, or
weekends, in the site's time zone), an earlier day counting half after `knowledge.HALF_LIFE_MS` (two
weeks). Days on which nobody called in that hour are left out: the centre was closed. The test is
the upper tail of a Poisson distribution (`ivr.knowledge.surges`).

| threshold | value | why |
| --- | --- | --- |
| window | 1 h | long enough for a count, short enough to act upon |
| days compared | 28, at least 3 | with fewer nothing is usual |
| probability | 1e-4 | twenty intents looked at each hour of a month: about one false alarm |
| callers | 5 | two callers are no news, however rare their intent |

Callers who ring together (one outage) are not independent: that is the surge. Counts that vary more
than Poisson from day to day make false alarms likelier than the probability says.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from cordboard.history.schema import flow_calls
from ivr.knowledge import HALF_LIFE_MS, Surge, surges

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
WINDOW_MS = HOUR_MS
DAYS_MAX, DAYS_MIN = 28, 3
CALLERS_MIN = 5
SATURDAY = 5
QUESTIONS_MAX = 500
"""So many calls with questions nobody could answer are looked at, the latest."""


@dataclass(frozen=True, slots=True)
class Topic:
    """An intent with the callers who had it."""

    intent: str
    callers: int
    usual: float | None  #: in as long a time; None while too little is known


@dataclass(frozen=True, slots=True)
class SealedQuestions:
    """What one call asked in vain, under its customer's key."""

    call_id: str
    customer_id: str
    sealed: str


def counts_by_intent(
    connection: Connection, flow: str, from_ms: int, until_ms: int
) -> Counter[str]:
    """Count the calls of a flow that were understood, by what they wanted."""
    columns = flow_calls.c
    statement = (
        select(columns.intent, func.count())
        .where(
            columns.flow == flow,
            columns.intent != "",
            columns.at_ms >= from_ms,
            columns.at_ms < until_ms,
        )
        .group_by(columns.intent)
    )
    return Counter({intent: int(count) for intent, count in connection.execute(statement)})


def usual_counts(
    connection: Connection, flow: str, now_ms: int, zone: ZoneInfo
) -> Mapping[str, float] | None:
    """Return the mean count of each intent in an hour like the last one.

    Returns:
        None when fewer than `DAYS_MIN` comparable days are known.
    """
    sums: dict[str, float] = {}
    weights = 0.0
    days = 0
    for day in range(1, DAYS_MAX + 1):
        until_ms = now_ms - day * DAY_MS
        if _is_weekend(until_ms, zone) != _is_weekend(now_ms, zone):
            continue
        counts = counts_by_intent(connection, flow, until_ms - WINDOW_MS, until_ms)
        if not counts:
            continue
        weight = 0.5 ** (day * DAY_MS / HALF_LIFE_MS)
        for intent, count in counts.items():
            sums[intent] = sums.get(intent, 0.0) + weight * count
        weights += weight
        days += 1
    if days < DAYS_MIN:
        return None
    return {intent: total / weights for intent, total in sorted(sums.items())}


def _is_weekend(at_ms: int, zone: ZoneInfo) -> bool:
    return datetime.fromtimestamp(at_ms / 1_000, zone).weekday() >= SATURDAY


def hot_topics(connection: Connection, flow: str, now_ms: int, zone: ZoneInfo) -> list[Topic]:
    """List what callers of the last hour wanted, most frequent first."""
    counts = counts_by_intent(connection, flow, now_ms - WINDOW_MS, now_ms)
    usual = usual_counts(connection, flow, now_ms, zone)
    return [
        Topic(intent, count, None if usual is None else usual.get(intent, 0.0))
        for intent, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def surging(topics: list[Topic]) -> list[Surge]:
    """List the topics that more callers have than chance explains, the least likely first."""
    known = [topic for topic in topics if topic.usual is not None and topic.callers >= CALLERS_MIN]
    counts = {topic.intent: topic.callers for topic in known}
    usual = {topic.intent: topic.usual or 0.0 for topic in known}
    return surges(counts, usual)


def unanswered_questions(
    connection: Connection, flow: str, from_ms: int, until_ms: int
) -> list[SealedQuestions]:
    """List the calls of a period that asked something nobody could answer, the latest first."""
    columns = flow_calls.c
    statement = (
        select(columns.call_id, columns.customer_id, columns.sealed)
        .where(
            columns.flow == flow,
            columns.sealed != "",
            columns.at_ms >= from_ms,
            columns.at_ms < until_ms,
        )
        .order_by(columns.at_ms.desc())
        .limit(QUESTIONS_MAX)
    )
    return [SealedQuestions(*row) for row in connection.execute(statement)]


def reached_ms(connection: Connection, flow: str) -> int | None:
    """Return the instant of the latest record of a flow."""
    statement = select(func.max(flow_calls.c.at_ms)).where(flow_calls.c.flow == flow)
    return connection.execute(statement).scalar_one_or_none()
