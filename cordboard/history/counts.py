"""What history holds of a period, counted by interval: for queues, agents and dials.

    period = Period(from_ms, until_ms, interval_ms)
    with reading(url) as connection:
        counts = count_queues(connection, period)

The counts are those that `acd.measures` folds while the centre runs, in the same record, so its
formulas make measures of them; none is written here. A contact counts where and when it first
entered a queue, a handling when talk or wrap-up ends.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    create_engine,
    func,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from acd.measures import AgentTimes, QueueCounts, time_kind
from acd.notices import ContactOutcome
from cordboard.history.schema import (
    agent_intervals,
    contacts,
    dial_attempts,
    handlings,
    progress,
    queues,
)

QueueIntervals = dict[str, dict[int, QueueCounts]]
"""Counts by queue and interval's start; intervals without any are absent."""


class HistoryUnreadable(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """The history cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Period:
    """Intervals of one length, one after the other; the last may be cut short."""

    from_ms: int
    until_ms: int  #: exclusive
    interval_ms: int

    @property
    def starts_ms(self) -> range:
        """Where the intervals begin."""
        return range(self.from_ms, self.until_ms, self.interval_ms)

    def start_of(self, instant: ColumnElement[int]) -> ColumnElement[int]:
        """Return, in SQL, the start of the interval of an instant within the period."""
        return instant - (instant - self.from_ms) % self.interval_ms

    def has(self, instant: ColumnElement[int]) -> ColumnElement[bool]:
        """Return, in SQL, whether an instant lies within the period."""
        return and_(instant >= self.from_ms, instant < self.until_ms)


@dataclass(slots=True)
class DialCounts:
    """One campaign's dials that were placed in a period."""

    placed: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)  #: of those that have ended
    live_answers: int = 0
    abandoned: int = 0  #: a person was there and no agent came in time

    def add(self, other: "DialCounts") -> None:
        """Add another interval's counts."""
        self.placed += other.placed
        self.outcomes += other.outcomes
        self.live_answers += other.live_answers
        self.abandoned += other.abandoned


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """Open a history for reading; changes nothing.

    Raises:
        HistoryUnreadable: There is no such database, no driver for it, or no history in it.
    """
    try:
        parsed = make_url(url)
        place = parsed.render_as_string(hide_password=True)
        database = parsed.database or ""
        is_file = parsed.get_backend_name() == "sqlite" and database not in {"", ":memory:"}
        if is_file and not Path(database).is_file():
            raise HistoryUnreadable(f"there is no history at {place}")
        engine = create_engine(parsed, hide_parameters=True)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise HistoryUnreadable(f"no driver for {place} is installed ({error})") from error
    except ArgumentError as error:
        raise HistoryUnreadable(
            "the history's address is no database URL; write e.g. sqlite:///data/history.db"
        ) from error
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        reason = str(error).partition("\n")[0]
        raise HistoryUnreadable(f"the history at {place} cannot be read: {reason}") from error
    finally:
        engine.dispose()


def reach_ms(connection: Connection) -> tuple[int, int] | None:
    """Return the instants of the first contact, dial or change and of the last entry, if any."""
    until_ms = connection.execute(select(progress.c.at_ms)).scalar_one_or_none()
    columns = (contacts.c.opened_at_ms, dial_attempts.c.placed_at_ms, agent_intervals.c.from_ms)
    firsts = [connection.execute(select(func.min(column))).scalar_one() for column in columns]
    known = [first for first in firsts if first is not None]
    return (min(known), until_ms) if known and until_ms is not None else None


def queue_names(connection: Connection) -> list[str]:
    """Return the inbound queues that history knows, in alphabetical order."""
    return list(connection.execute(select(queues.c.queue_id).order_by(queues.c.queue_id)).scalars())


def count_queues(connection: Connection, period: Period) -> QueueIntervals:
    """Count inbound queues' contacts and handlings of a period."""
    counted: QueueIntervals = {name: {} for name in queue_names(connection)}
    _add_contacts(connection, period, counted)
    _add_talk(connection, period, counted)
    _add_wrap_up(connection, period, counted)
    return counted


def _add_contacts(connection: Connection, period: Period, counted: QueueIntervals) -> None:
    """Count the contacts that first entered a queue in the period, by how they went on."""
    wait, answer = contacts.c.wait_ms, contacts.c.answer_ms
    has_talked = answer.is_not(None)
    has_abandoned = and_(~has_talked, contacts.c.outcome == ContactOutcome.ABANDONED.value)
    is_sent_on = and_(~has_talked, contacts.c.outcome != ContactOutcome.ABANDONED.value)
    within, short = queues.c.service_level_ms, queues.c.short_abandon_ms
    start = period.start_of(contacts.c.queued_at_ms).label("start_ms")
    statement = (
        select(
            queues.c.queue_id,
            start,
            func.count().label("offered"),
            _sum(has_talked).label("answered"),
            _sum(and_(has_talked, answer <= within)).label("answered_within"),
            _sum(has_abandoned).label("abandoned"),
            _sum(and_(has_abandoned, wait <= within)).label("abandoned_within"),
            _sum(and_(has_abandoned, wait < short)).label("short_abandons"),
            _sum(is_sent_on).label("sent_on"),
            _sum(has_talked, answer).label("answered_wait_ms"),
            _sum(has_abandoned, wait).label("abandoned_wait_ms"),
        )
        .join_from(contacts, queues, contacts.c.first_queue_id == queues.c.queue_id)
        .where(period.has(contacts.c.queued_at_ms))
        .group_by(queues.c.queue_id, start)
    )
    for queue_id, start_ms, *numbers in connection.execute(statement):
        names = statement.selected_columns.keys()[2:]
        whole = {name: int(number) for name, number in zip(names, numbers, strict=True)}
        _at(counted, queue_id, start_ms).add(QueueCounts(**whole))


def _add_talk(connection: Connection, period: Period, counted: QueueIntervals) -> None:
    start = period.start_of(handlings.c.parted_at_ms).label("start_ms")
    statement = (
        select(handlings.c.queue_id, start, func.sum(handlings.c.talk_ms))
        .where(period.has(handlings.c.parted_at_ms), handlings.c.queue_id.in_(counted))
        .group_by(handlings.c.queue_id, start)
    )
    for queue_id, start_ms, talk_ms in connection.execute(statement):
        _at(counted, queue_id, start_ms).talk_ms += int(talk_ms)


def _add_wrap_up(connection: Connection, period: Period, counted: QueueIntervals) -> None:
    start = period.start_of(handlings.c.handled_at_ms).label("start_ms")
    statement = (
        select(handlings.c.queue_id, start, func.count(), func.sum(handlings.c.wrap_up_ms))
        .where(period.has(handlings.c.handled_at_ms), handlings.c.queue_id.in_(counted))
        .group_by(handlings.c.queue_id, start)
    )
    for queue_id, start_ms, handled, wrap_up_ms in connection.execute(statement):
        counts = _at(counted, queue_id, start_ms)
        counts.handled += handled
        counts.wrap_up_ms += int(wrap_up_ms)


def count_agents(connection: Connection, period: Period, reached_ms: int) -> dict[int, AgentTimes]:
    """Return how all agents' time went together, by interval's start.

    Args:
        connection: The history.
        period: What is asked for.
        reached_ms: How far history reaches: the present intervals of agents last until then.
    """
    until_ms = min(period.until_ms, reached_ms)
    spent = {start_ms: AgentTimes() for start_ms in period.starts_ms}
    columns = agent_intervals.c
    end = func.coalesce(columns.to_ms, reached_ms)
    statement = select(columns.presence, columns.state, columns.from_ms, end).where(
        columns.from_ms < until_ms, end > period.from_ms
    )
    for presence, state, from_ms, to_ms in connection.execute(statement):
        kind = time_kind(presence, state)
        at_ms, last_ms = max(from_ms, period.from_ms), min(to_ms, until_ms)
        while kind and at_ms < last_ms:
            start_ms = at_ms - (at_ms - period.from_ms) % period.interval_ms
            next_ms = min(start_ms + period.interval_ms, last_ms)
            name = f"{kind}_ms"
            setattr(spent[start_ms], name, getattr(spent[start_ms], name) + next_ms - at_ms)
            at_ms = next_ms
    return spent


def count_dials(connection: Connection, period: Period) -> dict[str, dict[int, DialCounts]]:
    """Count the dials placed in a period, by campaign and interval's start."""
    columns = dial_attempts.c
    start = period.start_of(columns.placed_at_ms).label("start_ms")
    statement = (
        select(
            columns.campaign_id,
            start,
            columns.outcome,
            func.count(),
            _sum(columns.is_live_answer.is_(True)),
            _sum(columns.is_abandoned.is_(True)),
        )
        .where(period.has(columns.placed_at_ms))
        .group_by(columns.campaign_id, start, columns.outcome)
        .order_by(columns.campaign_id, start, columns.outcome)
    )
    counted: dict[str, dict[int, DialCounts]] = {}
    for campaign_id, start_ms, outcome, placed, live, abandoned in connection.execute(statement):
        counts = counted.setdefault(campaign_id, {}).setdefault(start_ms, DialCounts())
        counts.placed += placed
        counts.live_answers += int(live)
        counts.abandoned += int(abandoned)
        if outcome is not None:
            counts.outcomes[outcome] += placed
    return counted


def _sum(condition: ColumnElement[bool], value: ColumnElement[int] | int = 1) -> ColumnElement[int]:
    return func.sum(case((condition, value), else_=0))


def _at(counted: QueueIntervals, queue_id: str, start_ms: int) -> QueueCounts:
    return counted[queue_id].setdefault(start_ms, QueueCounts())
