"""What is counted of the minutes ahead.

Counted are the calls that wait at the beginning and those that enter a queue before the horizon;
what becomes of them is watched a little longer, so that a caller who has just come is not held to
be unanswered. The formulas are those of `acd.measures`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from acd.calls import CallState
from acd.config import QueueConfig
from acd.ids import CallId, QueueId
from acd.measures import AgentTimes, QueueCounts, abandonment, occupancy, service_level, time_kind
from acd.notices import (
    AgentChanged,
    CallClosed,
    CallConnected,
    CallEnqueued,
    ContactOutcome,
)
from dialer.ids import CampaignId
from dialer.notices import DialClosed
from simulator.world import Timer, World

MINUTE_MS = 60_000


@dataclass(slots=True)
class _Caller:
    """A call that is counted."""

    queue: QueueConfig
    queued_at_ms: int
    wait_ms: int | None = None  #: None while it waits
    is_answered: bool = False
    is_abandoned: bool = False


@dataclass(slots=True)
class _Desk:
    kind: str
    since_ms: int


@dataclass(slots=True)
class Tally:
    """Listens to one future and counts."""

    world: World
    horizon_ms: int
    callers: dict[CallId, _Caller] = field(default_factory=dict)
    times: AgentTimes = field(default_factory=AgentTimes)
    live_answers: int = 0
    abandoned_dials: int = 0
    waiting_at_horizon: int = 0
    _desks: dict[str, _Desk] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take stock of who waits and works now, and listen from here on."""
        board = self.world.centre.acd.board
        for call in board.calls.values():
            if call.state in (CallState.WAITING, CallState.OFFERED, CallState.SUSPECT):
                self._count(call.call_id, call.queue_id, call.queued_at_ms)
        for agent in board.agents.values():
            kind = time_kind(agent.presence, agent.state)
            self._desks[agent.agent_id] = _Desk(kind, self.world.now_ms)
        listen = self.world.listen
        listen(CallEnqueued, self._hear_enqueued)
        listen(CallConnected, self._hear_connected)
        listen(CallClosed, self._hear_closed)
        listen(AgentChanged, self._hear_changed)
        listen(DialClosed, self._hear_dial_closed)
        self.world.at(self.horizon_ms, self._look, None)

    def figures(self) -> dict[str, float | None]:
        """Return the measures of the minutes ahead, by name; None where nothing was there.

        For all queues, and per queue under `<queue>.`: offered, service level, abandonment, mean
        wait of all; callers waiting at the horizon; occupancy until it; outbound abandonment.
        """
        figures: dict[str, float | None] = _queue_figures("", list(self.callers.values()))
        for queue in self.world.centre.config.acd.queues:
            mine = [one for one in self.callers.values() if one.queue.queue_id == queue.queue_id]
            figures |= _queue_figures(f"{queue.queue_id}.", mine)
        figures["waiting_at_horizon"] = float(self.waiting_at_horizon)
        figures["occupancy"] = occupancy(self.times.busy_ms, self.times.ready_ms)
        live = self.live_answers
        figures["outbound_abandonment"] = self.abandoned_dials / live if live else None
        return figures

    def close(self) -> None:
        """End the watch: whoever still waits has waited so long at least."""
        for caller in self.callers.values():
            if caller.wait_ms is None:
                caller.wait_ms = self.world.now_ms - caller.queued_at_ms

    def waiting_by_minute(self, from_ms: int) -> list[int]:
        """Return how many callers waited at each full minute from an instant to the horizon.

        Known when the watch is over: until then nobody knows how long the last of them waited.
        """
        instants = range(from_ms, self.horizon_ms + 1, MINUTE_MS)
        stays = [(one.queued_at_ms, one.wait_ms or 0) for one in self.callers.values()]
        return [
            sum(since_ms <= at_ms < since_ms + wait_ms for since_ms, wait_ms in stays)
            for at_ms in instants
        ]

    def _look(self, timer: Timer) -> None:
        """Take stock at the horizon."""
        del timer
        self.waiting_at_horizon = sum(one.wait_ms is None for one in self.callers.values())
        for desk in self._desks.values():
            self._spend(desk)
            desk.kind = ""

    def _count(self, call_id: CallId, queue_id: QueueId | None, queued_at_ms: int) -> None:
        """Count a call, unless it waits in a campaign's line."""
        centre = self.world.centre
        queue = centre.acd.board.queues.queue_configs.get(queue_id) if queue_id else None
        if queue is not None and CampaignId(queue.queue_id) not in centre.dialer.campaigns:
            self.callers[call_id] = _Caller(queue, queued_at_ms)

    def _hear_enqueued(self, notice: CallEnqueued) -> None:
        if notice.at_ms < self.horizon_ms and notice.call_id not in self.callers:
            self._count(notice.call_id, notice.queue_id, notice.at_ms)

    def _hear_connected(self, notice: CallConnected) -> None:
        caller = self.callers.get(notice.call_id)
        if caller is not None and caller.wait_ms is None:
            caller.wait_ms, caller.is_answered = notice.wait_ms, True

    def _hear_closed(self, notice: CallClosed) -> None:
        caller = self.callers.get(notice.call_id)
        if caller is not None and caller.wait_ms is None:
            caller.wait_ms = notice.wait_ms
            caller.is_abandoned = notice.outcome is ContactOutcome.ABANDONED

    def _hear_changed(self, notice: AgentChanged) -> None:
        desk = self._desks.setdefault(notice.agent_id, _Desk("", notice.at_ms))
        self._spend(desk)
        is_ahead = notice.at_ms < self.horizon_ms
        desk.kind = time_kind(notice.presence, notice.state) if is_ahead else ""

    def _spend(self, desk: _Desk) -> None:
        spent_ms = self.world.now_ms - desk.since_ms
        desk.since_ms = self.world.now_ms
        if desk.kind == "busy":
            self.times.busy_ms += spent_ms
        elif desk.kind == "ready":
            self.times.ready_ms += spent_ms

    def _hear_dial_closed(self, notice: DialClosed) -> None:
        self.live_answers += notice.is_live_answer
        self.abandoned_dials += notice.is_abandoned


def _queue_figures(prefix: str, callers: list[_Caller]) -> dict[str, float | None]:
    counts = QueueCounts(offered=len(callers))
    waited_ms = 0
    for one in callers:
        wait_ms = one.wait_ms or 0
        waited_ms += wait_ms
        counts.answered_within += one.is_answered and wait_ms <= one.queue.service_level_ms
        counts.abandoned += one.is_abandoned
        counts.short_abandons += one.is_abandoned and wait_ms < one.queue.short_abandon_ms
    return {
        f"{prefix}offered": float(counts.offered),
        f"{prefix}service_level": service_level(
            counts.answered_within, counts.offered, counts.short_abandons
        ),
        f"{prefix}abandonment": abandonment(
            counts.abandoned, counts.offered, counts.short_abandons
        ),
        f"{prefix}mean_wait_s": waited_ms / 1_000 / len(callers) if callers else None,
    }
