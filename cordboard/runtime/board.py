"""The board: the floor as pages show it, a fold of the centre's notices.

The leader keeps it beside the centre and publishes it with its commits (see `readmodel`). It counts
twice: since local midnight, which is what a supervisor looks at, and since the journal began, which
is what must balance: every call and every dial that began is still open or has one outcome.

Service level is the house's: answered within the queue's threshold, over offered less short
abandons, by calls that arrived today.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from acd.ids import CallId, QueueId
from acd.notices import (
    AgentChanged,
    CallClosed,
    CallConnected,
    CallEnqueued,
    CallOpened,
    ContactOutcome,
    HandlingEnded,
    OfferClosed,
    OfferEnd,
)
from dialer.config import CentreConfig
from dialer.notices import DialClosed, DialPlaced


class QueueTally(msgspec.Struct):
    """What one queue did."""

    offered: int = 0
    answered: int = 0
    answered_within: int = 0
    abandoned: int = 0
    short_abandons: int = 0
    handled: int = 0
    answered_wait_ms: int = 0
    missed_offers: int = 0

    def service_level(self) -> float | None:
        """Share of counted calls answered in time; None when no call counts.

        Example:
            >>> QueueTally(offered=100, answered_within=76, short_abandons=5).service_level()
            0.8
        """
        counted = self.offered - self.short_abandons
        return self.answered_within / counted if counted > 0 else None

    def asa_ms(self) -> int | None:
        """Mean wait of answered calls; None when none was answered."""
        return self.answered_wait_ms // self.answered if self.answered else None


class Tally(msgspec.Struct):
    """What the centre did since some instant."""

    calls_opened: dict[str, int] = {}
    calls_closed: dict[str, dict[str, int]] = {}  #: direction -> outcome -> count
    dials_placed: int = 0
    dials_closed: dict[str, int] = {}
    live_answers: int = 0
    abandoned_dials: int = 0
    queues: dict[str, QueueTally] = {}

    def queue(self, queue_id: QueueId) -> QueueTally:
        """Return the tally of a queue."""
        return self.queues.setdefault(queue_id, QueueTally())


class AgentRow(msgspec.Struct):
    """One agent as the board shows them."""

    presence: str
    reason: str
    state: str
    call_id: str | None
    since_ms: int


class State(msgspec.Struct):
    """All of the board that a snapshot keeps."""

    day: str = ""
    today: Tally = msgspec.field(default_factory=Tally)
    ever: Tally = msgspec.field(default_factory=Tally)
    agents: dict[str, AgentRow] = {}
    open_calls: dict[str, str] = {}  #: call -> direction
    waiting: dict[str, tuple[str, int]] = {}  #: call -> queue, since
    running: dict[str, bool] = {}  #: campaign -> may it dial


@dataclass(slots=True)
class Thresholds:
    """Per queue: answered within, and abandoned sooner than."""

    service_level_ms: int = 20_000
    short_abandon_ms: int = 5_000


class Board:
    """The fold. `heed` takes what one journal entry turned out to mean."""

    def __init__(self, config: CentreConfig, time_zone: str) -> None:
        self.state = State()
        self._zone = ZoneInfo(time_zone)
        self._day_ends_ms = 0
        self._thresholds: dict[str, Thresholds] = {}
        self.apply_settings(config)

    def apply_settings(self, config: CentreConfig) -> None:
        """Take the thresholds of new settings, and show every queue, agent and campaign."""
        self._thresholds = {
            queue.queue_id: Thresholds(queue.service_level_ms, queue.short_abandon_ms)
            for queue in config.acd.queues
        }
        for queue in config.acd.queues:
            self.state.today.queue(queue.queue_id)
        for agent in config.acd.agents:
            self.state.agents.setdefault(
                agent.agent_id, AgentRow("signed_out", "", "idle", None, 0)
            )
        for campaign in config.campaigns:
            self.state.running.setdefault(campaign.campaign_id, not campaign.starts_paused)

    def heed(self, at_ms: int, notices: Sequence[object]) -> None:
        """Count what an entry meant."""
        self._turn_page(at_ms)
        for notice in notices:
            self._heed_agent(notice)
            self._heed_call(notice)
            self._heed_dial(notice)

    def set_running(self, campaign_id: str, *, is_running: bool) -> None:
        """Note that somebody started or paused a campaign."""
        self.state.running[campaign_id] = is_running

    def leave_line(self, call_id: CallId) -> None:
        """Note that a call no longer waits."""
        self.state.waiting.pop(call_id, None)

    def _turn_page(self, at_ms: int) -> None:
        """Begin a new day at local midnight."""
        if at_ms < self._day_ends_ms:
            return
        now = datetime.fromtimestamp(at_ms / 1_000, self._zone)
        day = now.date().isoformat()
        midnight = now.replace(hour=23, minute=59, second=59, microsecond=999_000)
        self._day_ends_ms = int(midnight.timestamp() * 1_000) + 1
        if day != self.state.day:
            self.state.day = day
            self.state.today = Tally(queues={name: QueueTally() for name in self._thresholds})

    def _heed_agent(self, notice: object) -> None:
        if isinstance(notice, AgentChanged):
            row = self.state.agents.get(notice.agent_id)
            is_same = row is not None and (row.presence, row.state) == (
                notice.presence,
                notice.state,
            )
            since_ms = row.since_ms if row is not None and is_same else notice.at_ms
            self.state.agents[notice.agent_id] = AgentRow(
                notice.presence, notice.reason, notice.state, notice.call_id, since_ms
            )

    def _heed_call(self, notice: object) -> None:
        if isinstance(notice, CallOpened):
            self.state.open_calls[notice.call_id] = notice.direction
            for tally in (self.state.today, self.state.ever):
                opened = tally.calls_opened
                opened[notice.direction] = opened.get(notice.direction, 0) + 1
        elif isinstance(notice, CallEnqueued):
            self.state.waiting[notice.call_id] = (notice.queue_id, notice.at_ms)
            self._count(notice.queue_id, "offered")
        elif isinstance(notice, CallConnected):
            self.leave_line(notice.call_id)
            self._count(notice.queue_id, "answered")
            self._count(notice.queue_id, "answered_wait_ms", notice.wait_ms)
            if notice.wait_ms <= self._of(notice.queue_id).service_level_ms:
                self._count(notice.queue_id, "answered_within")
        elif isinstance(notice, OfferClosed) and notice.end is OfferEnd.TIMED_OUT:
            queue_id = self.state.waiting.get(notice.call_id, ("", 0))[0]
            self._count(QueueId(queue_id), "missed_offers")
        elif isinstance(notice, HandlingEnded):
            self._count(notice.queue_id, "handled")
        elif isinstance(notice, CallClosed):
            self._close_call(notice)

    def _close_call(self, notice: CallClosed) -> None:
        self.leave_line(notice.call_id)
        self.state.open_calls.pop(notice.call_id, None)
        for tally in (self.state.today, self.state.ever):
            outcomes = tally.calls_closed.setdefault(notice.direction, {})
            outcomes[notice.outcome] = outcomes.get(notice.outcome, 0) + 1
        if notice.queue_id is None or notice.outcome is not ContactOutcome.ABANDONED:
            return
        self._count(notice.queue_id, "abandoned")
        if notice.wait_ms < self._of(notice.queue_id).short_abandon_ms:
            self._count(notice.queue_id, "short_abandons")

    def _heed_dial(self, notice: object) -> None:
        for tally in (self.state.today, self.state.ever):
            if isinstance(notice, DialPlaced):
                tally.dials_placed += 1
            elif isinstance(notice, DialClosed):
                outcomes = tally.dials_closed
                outcomes[notice.outcome] = outcomes.get(notice.outcome, 0) + 1
                tally.live_answers += notice.is_live_answer
                tally.abandoned_dials += notice.is_abandoned

    def _of(self, queue_id: QueueId) -> Thresholds:
        return self._thresholds.get(queue_id, Thresholds())

    def _count(self, queue_id: QueueId, name: str, by: int = 1) -> None:
        for tally in (self.state.today, self.state.ever):
            queue = tally.queue(queue_id)
            setattr(queue, name, getattr(queue, name) + by)

    def to_plain(self) -> dict[str, object]:
        """Return the board's state for a snapshot."""
        plain: dict[str, object] = msgspec.to_builtins(self.state)
        return plain

    def restore(self, plain: Mapping[str, object]) -> None:
        """Go on from what `to_plain` returned."""
        self.state = msgspec.convert(plain, State)
        self._day_ends_ms = 0

    def page(self, at_ms: int, epoch: int) -> dict[str, object]:
        """Return what pages show: plain, ready for JSON."""
        state = self.state
        return {
            "at_ms": at_ms,
            "epoch": epoch,
            "day": state.day,
            "queues": [self._queue_row(name, at_ms) for name in sorted(state.today.queues)],
            "agents": [
                {"agent_id": name, **msgspec.to_builtins(row)}
                for name, row in sorted(state.agents.items())
            ],
            "agents_by_state": _by_state(state.agents.values()),
            "campaigns": [
                {"campaign_id": name, "is_running": state.running[name]}
                for name in sorted(state.running)
            ],
            "open_calls": dict(sorted(Counter(state.open_calls.values()).items())),
            "today": msgspec.to_builtins(state.today),
            "ever": msgspec.to_builtins(state.ever),
        }

    def _queue_row(self, name: str, at_ms: int) -> dict[str, object]:
        tally = self.state.today.queues[name]
        since = [since_ms for queue, since_ms in self.state.waiting.values() if queue == name]
        return {
            "queue_id": name,
            "waiting": len(since),
            "longest_wait_ms": at_ms - min(since) if since else 0,
            "service_level": tally.service_level(),
            "asa_ms": tally.asa_ms(),
            **msgspec.to_builtins(tally),
        }


def _by_state(rows: Iterable[AgentRow]) -> dict[str, int]:
    """Count agents by what a supervisor calls their state: presence unless a call says more."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.presence if row.state == "idle" else row.state] += 1
    return dict(sorted(counts.items()))
