"""The measures of a centre, each by a named formula, and the counters they are made from.

Suppliers define several of these differently, so a variant is a function with a name of its own,
never a flag. All give None where nothing was there to measure: a quiet interval is not a perfect
one. Counters are folded from notices, by queue and interval; totals are the sum of their parts.

Source of the two other service levels: Asterisk's `apps/app_queue.c` prints both for every queue,
the share of answered calls and the one that also counts callers who left within the threshold.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

from acd.config import QueueConfig
from acd.ids import AgentId, CallId, QueueId
from acd.notices import (
    AgentChanged,
    CallbackEnded,
    CallClosed,
    CallConnected,
    CallEnqueued,
    CallTransferred,
    ConsultOpened,
    ContactOutcome,
    HandlingEnded,
    HoldChanged,
    OfferClosed,
    OfferEnd,
    TalkEnded,
    TransferKind,
)
from acd.sketch import Sketch

INTERVAL_MS = 900_000
"""Fifteen minutes, the usual length of a reporting interval."""


def service_level(answered_within: int, offered: int, short_abandons: int) -> float | None:
    """Share of calls answered in time, the centre's headline promise.

    Short abandons leave the denominator: nobody could have answered them. Calls still waiting at
    the end of the interval stay in it, so the figure can later only rise.

    Args:
        answered_within: Calls answered at or before the threshold, counted in the interval in
            which they *arrived*.
        offered: Calls that entered the queue in the interval, however they ended.
        short_abandons: Of those, the ones abandoned before the short-abandon threshold.

    Example:
        >>> service_level(answered_within=76, offered=100, short_abandons=5)
        0.8
    """
    return _share(answered_within, offered - short_abandons)


def service_level_of_answered(answered_within: int, answered: int) -> float | None:
    """Share of the *answered* calls that were answered in time; it ignores who gave up.

    Example:
        >>> service_level_of_answered(answered_within=76, answered=80)
        0.95
    """
    return _share(answered_within, answered)


def service_level_with_abandons(
    answered_within: int, abandoned_within: int, answered: int, abandoned: int
) -> float | None:
    """Share of the calls that ended their wait, one way or the other, within the threshold.

    Example:
        >>> service_level_with_abandons(70, 5, answered=80, abandoned=20)
        0.75
    """
    return _share(answered_within + abandoned_within, answered + abandoned)


def asa_ms(answered_wait_ms: int, answered: int) -> float | None:
    """Average speed of answer: mean wait of answered calls, from queue entry to connection."""
    return _share(answered_wait_ms, answered)


def mean_wait_ms(answered_wait_ms: int, abandoned_wait_ms: int, offered: int) -> float | None:
    """Mean wait of all calls that entered the queue, whether answered or not."""
    return _share(answered_wait_ms + abandoned_wait_ms, offered)


def aht_ms(talk_ms: int, wrap_up_ms: int, handled: int) -> float | None:
    """Average handle time: talk (hold included) and wrap-up of handled calls, over their number."""
    return _share(talk_ms + wrap_up_ms, handled)


def occupancy(busy_ms: int, ready_ms: int) -> float | None:
    """Share of the time at work in which agents were busy: reserved, talking or wrapping up."""
    return _share(busy_ms, busy_ms + ready_ms)


def abandonment(abandoned: int, offered: int, short_abandons: int) -> float | None:
    """Share of calls whose caller gave up, short abandons apart."""
    return _share(abandoned - short_abandons, offered - short_abandons)


def transfer_rate(transfers: int, handled: int) -> float | None:
    """Transfers for each handled call; above 1 where calls are passed on more than once.

    Example:
        >>> transfer_rate(transfers=9, handled=60)
        0.15
    """
    return _share(transfers, handled)


def consult_rate(consults: int, handled: int) -> float | None:
    """Consults for each handled call: how often an agent needed somebody else to go on.

    Example:
        >>> consult_rate(consults=3, handled=60)
        0.05
    """
    return _share(consults, handled)


def time_kind(presence: str, state: str) -> str:
    """Tell as what an agent's time counts: busy, ready, not_ready, or nothing while signed out.

    Example:
        >>> time_kind("not_ready", "wrap_up"), time_kind("ready", "idle")
        ('busy', 'ready')
    """
    if state != "idle":
        return "busy"
    return "" if presence == "signed_out" else presence


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None


@dataclass(slots=True)
class QueueCounts:
    """What happened to the calls that entered one queue in one interval."""

    offered: int = 0
    answered: int = 0
    answered_within: int = 0  #: at or before the service-level threshold
    abandoned: int = 0  #: short ones included
    abandoned_within: int = 0
    short_abandons: int = 0
    sent_on: int = 0  #: to voicemail, a goodbye, or out of the line by the caller's choice
    answered_wait_ms: int = 0
    abandoned_wait_ms: int = 0
    longest_wait_ms: int = 0
    handled: int = 0
    talk_ms: int = 0
    wrap_up_ms: int = 0
    hold_ms: int = 0  #: part of the talk time
    missed_offers: int = 0
    transfers: int = 0  #: to a line, an agent or a number outside, announced or not
    consults: int = 0  #: asked for, whether anybody came or not
    callbacks_kept: int = 0
    callbacks_given_up: int = 0

    def add(self, other: "QueueCounts") -> None:
        """Add another interval's or queue's counts."""
        longest_wait_ms = max(self.longest_wait_ms, other.longest_wait_ms)
        for field in fields(self):
            name = field.name
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.longest_wait_ms = longest_wait_ms


@dataclass(slots=True)
class AgentTimes:
    """How one agent's time went, up to the last change of theirs or of the interval."""

    busy_ms: int = 0
    ready_ms: int = 0
    not_ready_ms: int = 0


@dataclass(slots=True)
class _AgentNow:
    """What an agent does now; the time it has taken is added when it changes."""

    times: AgentTimes
    presence: str = "signed_out"
    state: str = "idle"
    since_ms: int = 0

    def spend(self, until_ms: int) -> None:
        spent_ms, self.since_ms = until_ms - self.since_ms, until_ms
        kind = time_kind(self.presence, self.state)
        if kind == "busy":
            self.times.busy_ms += spent_ms
        elif kind == "ready":
            self.times.ready_ms += spent_ms
        elif kind:
            self.times.not_ready_ms += spent_ms


@dataclass(slots=True)
class _CallNow:
    queue_id: QueueId
    counts: QueueCounts
    has_talked: bool = False


class Measures:
    """Counters by queue and interval, fed with every notice.

    A call counts where and when it first entered a queue, so an interval is complete once its
    calls are over. A call that outlives its interval changes that interval's counts later.

    Who has listeners of their own to serve may call those in `listeners` directly, and spare a
    second loop over the notices.

    Cost: one dict look-up by class and a few additions per notice.
    """

    def __init__(self, queues: Iterable[QueueConfig], interval_ms: int = INTERVAL_MS) -> None:
        self.interval_ms = interval_ms
        self.queues: dict[QueueId, dict[int, QueueCounts]] = {}  #: queue -> interval's start
        self.agents: dict[AgentId, AgentTimes] = {}
        self.waits: dict[QueueId, Sketch] = {}  #: of answered calls, for quantiles
        self._configs = {queue.queue_id: queue for queue in queues}
        self._calls: dict[CallId, _CallNow] = {}
        self._agents_now: dict[AgentId, _AgentNow] = {}
        self.listeners: dict[type, Callable[[Any], None]] = {
            CallEnqueued: self._enqueued,
            OfferClosed: self._offer_closed,
            CallConnected: self._connected,
            TalkEnded: self._talk_ended,
            HandlingEnded: self._handling_ended,
            CallClosed: self._closed,
            HoldChanged: self._hold_changed,
            CallTransferred: self._transferred,
            ConsultOpened: self._consult_opened,
            CallbackEnded: self._callback_ended,
            AgentChanged: self._agent_changed,
        }

    def configure(self, queues: Iterable[QueueConfig]) -> None:
        """Take new settings: thresholds change from here on, queues that vanished keep theirs."""
        self._configs |= {queue.queue_id: queue for queue in queues}

    def feed(self, notices: Iterable[object]) -> None:
        """Count what was concluded; notices of other layers are passed over."""
        listeners = self.listeners
        for notice in notices:
            listener = listeners.get(type(notice))
            if listener is not None:
                listener(notice)

    def total(self, queue_id: QueueId | None = None) -> QueueCounts:
        """Sum all intervals of one queue, or of every queue."""
        total = QueueCounts()
        for name, intervals in self.queues.items():
            if queue_id is None or name == queue_id:
                for counts in intervals.values():
                    total.add(counts)
        return total

    def agent_times(self, agent_id: AgentId, now_ms: int) -> AgentTimes:
        """Return how an agent's time went up to now."""
        now = self._agents_now.get(agent_id)
        if now is None:
            return AgentTimes()
        now.spend(now_ms)
        return now.times

    def _enqueued(self, notice: CallEnqueued) -> None:
        counts = self._at(notice.queue_id, notice.at_ms)
        if notice.call_id not in self._calls:
            counts.offered += 1
            self._calls[notice.call_id] = _CallNow(notice.queue_id, counts)

    def _offer_closed(self, notice: OfferClosed) -> None:
        if notice.end in (OfferEnd.TIMED_OUT, OfferEnd.REJECTED):
            call = self._calls.get(notice.call_id)
            if call is not None:
                call.counts.missed_offers += 1

    def _connected(self, notice: CallConnected) -> None:
        call = self._calls.get(notice.call_id)
        if call is None or call.has_talked:
            return
        call.has_talked = True
        counts, wait_ms = call.counts, notice.wait_ms
        counts.answered += 1
        counts.answered_wait_ms += wait_ms
        counts.longest_wait_ms = max(counts.longest_wait_ms, wait_ms)
        sketch = self.waits.get(call.queue_id)
        if sketch is None:
            sketch = self.waits[call.queue_id] = Sketch()
        sketch.add(wait_ms)
        if wait_ms <= self._configs[call.queue_id].service_level_ms:
            counts.answered_within += 1

    def _talk_ended(self, notice: TalkEnded) -> None:
        self._at(notice.queue_id, notice.at_ms).talk_ms += notice.talk_ms

    def _handling_ended(self, notice: HandlingEnded) -> None:
        counts = self._at(notice.queue_id, notice.at_ms)
        counts.handled += 1
        counts.wrap_up_ms += notice.wrap_up_ms

    def _hold_changed(self, notice: HoldChanged) -> None:
        self._at(notice.queue_id, notice.at_ms).hold_ms += notice.hold_ms

    def _transferred(self, notice: CallTransferred) -> None:
        is_transfer = notice.kind is not TransferKind.TAKEN_OVER
        self._at(notice.queue_id, notice.at_ms).transfers += is_transfer

    def _consult_opened(self, notice: ConsultOpened) -> None:
        self._at(notice.queue_id, notice.at_ms).consults += 1

    def _callback_ended(self, notice: CallbackEnded) -> None:
        counts = self._at(notice.queue_id, notice.at_ms)
        if notice.is_kept:
            counts.callbacks_kept += 1
        else:
            counts.callbacks_given_up += 1

    def _closed(self, notice: CallClosed) -> None:
        call = self._calls.pop(notice.call_id, None)
        if call is None or call.has_talked:
            return
        counts, wait_ms = call.counts, notice.wait_ms
        counts.longest_wait_ms = max(counts.longest_wait_ms, wait_ms)
        if notice.outcome is not ContactOutcome.ABANDONED:
            counts.sent_on += 1
            return
        queue = self._configs[call.queue_id]
        counts.abandoned += 1
        counts.abandoned_wait_ms += wait_ms
        counts.abandoned_within += wait_ms <= queue.service_level_ms
        counts.short_abandons += wait_ms < queue.short_abandon_ms

    def _agent_changed(self, notice: AgentChanged) -> None:
        now = self._agents_now.get(notice.agent_id)
        if now is None:
            times = self.agents[notice.agent_id] = AgentTimes()
            now = self._agents_now[notice.agent_id] = _AgentNow(times)
        if notice.at_ms > now.since_ms:  # of several changes at one instant the last one counts
            now.spend(notice.at_ms)
        now.presence, now.state = notice.presence, notice.state

    def _at(self, queue_id: QueueId, at_ms: int) -> QueueCounts:
        """Return the counts of the interval of an instant, opening it with the first call there.

        What is done for calls counts in the interval in which it is done.
        """
        start_ms = at_ms - at_ms % self.interval_ms
        intervals = self.queues.get(queue_id)
        if intervals is None:
            intervals = self.queues[queue_id] = {}
        counts = intervals.get(start_ms)
        if counts is None:
            counts = intervals[start_ms] = QueueCounts()
        return counts
