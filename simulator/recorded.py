"""A day as a journal has it: who called, what they needed, who worked, how offers and dials ended.

A journal tells what happened under the routing of its day. To ask what another routing would have
made of the same people, they are taken out of it: each caller with their arrival, their way through
the call flow, their talk and after-call work where they had any, and what is known of their
patience (those who gave up: all of it; those who were answered: that it was longer). Who was
promised a callback is one caller with it: when they asked, whether they were reached, and what they
then talked. Records for calibration fall out of the same reading.

What is not known of a person is drawn in `simulator.relive`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from acd.agents import LEG_FAILED, RONA, SIGNED_IN, Presence
from acd.events import CallArrived, CallQueued
from acd.ids import CallId
from acd.notices import (
    AgentChanged,
    CallbackEnded,
    CallbackPromised,
    CallClosed,
    CallConnected,
    CallOpened,
    ContactOutcome,
    Direction,
    HandlingEnded,
    OfferClosed,
    OfferEnd,
    TalkEnded,
)
from acd.replay import Fold, JournalEntry
from dialer.centre import Centre
from dialer.codec import EVENT_CODEC
from dialer.commands import CentreCommand
from dialer.config import CentreConfig
from dialer.events import CentreEvent
from dialer.notices import DialClosed, DialPlaced
from simulator.calibration.records import (
    CallerRecord,
    DialRecord,
    HandlingRecord,
    OfferRecord,
    PresenceRecord,
    Records,
)

_Record = TypeVar("_Record")

_NO_BREAK = frozenset({RONA, LEG_FAILED, SIGNED_IN})


@dataclass(slots=True)
class RecordedCaller:
    """One inbound call, as far as the journal knows it."""

    call_id: CallId
    arrived_ms: int
    line: str = ""
    language: str = ""
    queued: CallQueued | None = None  #: None for those who never reached a queue
    queued_ms: int = 0
    wait_ms: int = 0
    outcome: ContactOutcome | None = None  #: None while the journal ends before the call
    ended_ms: int = 0
    agent: str = ""  #: the first who spoke with them
    talk_ms: int | None = None  #: with all agents together; None if nobody spoke with them
    wrap_ms: int | None = None
    asked_back_ms: int | None = None  #: when they asked to be rung back; None if they did not
    back_queue: str = ""  #: where their place was kept
    is_reached: bool = False  #: by the callback; then agent, talk and wrap-up are those of it

    @property
    def is_answered(self) -> bool:
        """Whether an agent spoke with them when they called."""
        return self.talk_ms is not None and self.asked_back_ms is None


@dataclass(slots=True)
class RecordedDay:
    """What a journal holds of the day on which most people called."""

    config: CentreConfig  #: in force at the end
    midnight_ms: int
    callers: list[RecordedCaller]
    records: Records  #: of that day
    other_days: int  #: days of the journal that are left out


class NoDayError(ValueError):
    """The journal holds no inbound call that has ended: there is no day to relive."""


def recorded_day(
    entries: Iterable[JournalEntry], config: CentreConfig, time_zone: dt.tzinfo = dt.UTC
) -> RecordedDay:
    """Read a journal.

    Args:
        entries: From its beginning.
        config: What the centre knows before it; a live journal brings its settings itself.
        time_zone: In which its days begin.

    Raises:
        NoDayError: There is no inbound call in it that has ended.
        EngineError: The entries are out of order.
    """
    reading = _Reading(time_zone)
    centre = Centre(config)
    fold: Fold[CentreEvent, CentreCommand] = Fold(centre, EVENT_CODEC)
    for entry in entries:
        fold.apply(entry)
        for notice in fold.notices:
            reading.take_notice(notice)
        reading.take_entry(entry, fold.clock.at_ms)
    return reading.day(centre.config)


@dataclass(slots=True)
class _Desk:
    """Where an agent's present stretch began."""

    from_ms: int
    presence: str
    reason: str


@dataclass(slots=True)
class _Reading:
    """What has been read so far, of all days."""

    time_zone: dt.tzinfo
    callers: dict[CallId, RecordedCaller] = field(default_factory=dict)
    called_back: dict[CallId, RecordedCaller] = field(default_factory=dict)
    handlings: list[tuple[int, HandlingRecord]] = field(default_factory=list)
    talks: dict[tuple[CallId, str], int] = field(default_factory=dict)
    offers: list[tuple[int, OfferRecord]] = field(default_factory=list)
    placed: dict[CallId, DialPlaced] = field(default_factory=dict)
    dials: list[tuple[int, DialRecord]] = field(default_factory=list)
    desks: dict[str, _Desk] = field(default_factory=dict)
    presence: list[PresenceRecord] = field(default_factory=list)

    def take_entry(self, entry: JournalEntry, at_ms: int) -> None:
        """Keep what only the facts tell: the line, and what a caller asked for."""
        if entry.type == CallArrived.__name__:
            call_id = CallId(str(entry.facts["call_id"]))
            if call_id in self.callers:
                self.callers[call_id].line = str(entry.facts["line"])
                self.callers[call_id].language = str(entry.facts.get("language", ""))
        elif entry.type == CallQueued.__name__:
            queued = EVENT_CODEC.decode(entry.type, entry.facts, at_ms)
            assert isinstance(queued, CallQueued)
            caller = self.callers.get(queued.call_id)
            if caller is not None and caller.queued is None:
                caller.queued, caller.queued_ms = queued, at_ms

    def take_notice(self, notice: object) -> None:
        """Keep what was concluded."""
        hear = _HEARERS.get(type(notice))
        if hear is not None:
            hear(self, notice)

    def opened(self, notice: CallOpened) -> None:
        if notice.direction is Direction.INBOUND:
            self.callers[notice.call_id] = RecordedCaller(notice.call_id, notice.at_ms)

    def connected(self, notice: CallConnected) -> None:
        caller = self._whose(notice.call_id)
        if caller is not None and caller.talk_ms is None:
            caller.talk_ms, caller.agent = 0, notice.agent_id
            if caller.asked_back_ms is None:
                caller.wait_ms = notice.wait_ms

    def promised(self, notice: CallbackPromised) -> None:
        caller = self.callers.get(notice.origin_id)
        if caller is not None:
            caller.asked_back_ms, caller.back_queue = notice.at_ms, notice.queue_id
            self.called_back[notice.call_id] = caller

    def callback_ended(self, notice: CallbackEnded) -> None:
        caller = self.called_back.get(notice.call_id)
        if caller is not None:
            caller.is_reached = notice.is_kept

    def _whose(self, call_id: CallId) -> RecordedCaller | None:
        """Return whose call it is: the one they made, or the one they were called back with."""
        return self.callers.get(call_id) or self.called_back.get(call_id)

    def offer_closed(self, notice: OfferClosed) -> None:
        if notice.ring_ms > 0:
            is_taken = notice.end is OfferEnd.CONNECTED
            is_missed = notice.end is OfferEnd.TIMED_OUT
            offer = OfferRecord(notice.agent_id, notice.ring_ms / 1_000, is_taken, is_missed)
            self.offers.append((notice.at_ms, offer))

    def dial_placed(self, notice: DialPlaced) -> None:
        self.placed[notice.call_id] = notice

    def talk_ended(self, notice: TalkEnded) -> None:
        self.talks[notice.call_id, notice.agent_id] = notice.talk_ms
        caller = self._whose(notice.call_id)
        if caller is not None:
            caller.talk_ms = (caller.talk_ms or 0) + notice.talk_ms

    def handling_ended(self, notice: HandlingEnded) -> None:
        talk_ms = self.talks.pop((notice.call_id, notice.agent_id), 0)
        handling = HandlingRecord(
            notice.queue_id, notice.agent_id, talk_ms / 1_000, notice.wrap_up_ms / 1_000
        )
        self.handlings.append((notice.at_ms, handling))
        caller = self._whose(notice.call_id)
        if caller is not None:
            caller.wrap_ms = (caller.wrap_ms or 0) + notice.wrap_up_ms

    def closed(self, notice: CallClosed) -> None:
        caller = self.callers.get(notice.call_id)
        if caller is None:
            return
        caller.outcome, caller.ended_ms = notice.outcome, notice.at_ms
        if not caller.is_answered:
            caller.wait_ms = notice.wait_ms

    def dial_closed(self, notice: DialClosed) -> None:
        placed = self.placed.pop(notice.call_id, None)
        if placed is not None:
            lasted_s = (notice.at_ms - placed.at_ms) / 1_000
            dial = DialRecord(placed.campaign_id, notice.outcome, notice.is_live_answer, lasted_s)
            self.dials.append((notice.at_ms, dial))

    def agent_changed(self, notice: AgentChanged) -> None:
        desk = self.desks.get(notice.agent_id)
        if desk is not None and (desk.presence, desk.reason) == (notice.presence, notice.reason):
            return
        if desk is not None and desk.presence != Presence.SIGNED_OUT:
            self.presence += self._stretches(notice.agent_id, desk, notice.at_ms)
        self.desks[notice.agent_id] = _Desk(notice.at_ms, notice.presence, notice.reason)

    def _stretches(self, agent: str, desk: _Desk, until_ms: int) -> Iterator[PresenceRecord]:
        """Yield a stretch, unless it passes midnight: that part is lost with the other day."""
        is_away = desk.presence == Presence.NOT_READY and desk.reason not in _NO_BREAK
        (day, from_s), (until_day, until_s) = self._local(desk.from_ms), self._local(until_ms)
        if day == until_day and until_s > from_s:
            yield PresenceRecord(agent, day, from_s, until_s, desk.reason if is_away else "")

    def _local(self, at_ms: int) -> tuple[dt.date, float]:
        local = dt.datetime.fromtimestamp(at_ms / 1_000, self.time_zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return local.date(), at_ms / 1_000 - midnight.timestamp()

    def day(self, config: CentreConfig) -> RecordedDay:
        """Return the day on which most people called, alone."""
        over = [caller for caller in self.callers.values() if caller.outcome is not None]
        if not over:
            raise NoDayError("the journal holds no inbound call that has ended")
        counts = Counter(self._local(caller.arrived_ms)[0] for caller in over)
        chosen = max(counts, key=lambda day: (counts[day], day))
        callers = [one for one in over if self._local(one.arrived_ms)[0] == chosen]
        midnight = dt.datetime.combine(chosen, dt.time(), self.time_zone)
        return RecordedDay(
            config=config,
            midnight_ms=round(midnight.timestamp() * 1_000),
            callers=callers,
            records=self._records(chosen, callers),
            other_days=len(counts) - 1,
        )

    def _records(self, day: dt.date, callers: Iterable[RecordedCaller]) -> Records:
        def of_day(rows: Iterable[tuple[int, _Record]]) -> tuple[_Record, ...]:
            return tuple(record for at_ms, record in rows if self._local(at_ms)[0] == day)

        return Records(
            callers=tuple(self._caller_record(caller) for caller in callers),
            handlings=of_day(self.handlings),
            offers=of_day(self.offers),
            dials=of_day(self.dials),
            presence=tuple(stretch for stretch in self.presence if stretch.day == day),
        )

    def _caller_record(self, caller: RecordedCaller) -> CallerRecord:
        assert caller.outcome is not None, "only calls that are over are recorded"
        day, arrived_s = self._local(caller.arrived_ms)
        flow_until_ms = caller.ended_ms if caller.queued is None else caller.queued_ms
        return CallerRecord(
            day=day,
            arrived_s=arrived_s,
            queue="" if caller.queued is None else caller.queued.queue_id,
            flow_s=(flow_until_ms - caller.arrived_ms) / 1_000,
            wait_s=caller.wait_ms / 1_000,
            outcome=caller.outcome.value,
            has_talked=caller.is_answered,
        )


_HEARERS: dict[type, Callable[[_Reading, Any], None]] = {
    CallOpened: _Reading.opened,
    CallConnected: _Reading.connected,
    TalkEnded: _Reading.talk_ended,
    HandlingEnded: _Reading.handling_ended,
    CallbackPromised: _Reading.promised,
    CallbackEnded: _Reading.callback_ended,
    CallClosed: _Reading.closed,
    OfferClosed: _Reading.offer_closed,
    DialPlaced: _Reading.dial_placed,
    DialClosed: _Reading.dial_closed,
    AgentChanged: _Reading.agent_changed,
}
