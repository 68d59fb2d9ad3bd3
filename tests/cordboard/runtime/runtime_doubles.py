"""Doubles that the runtime's tests share: a small machine, a hand-set clock, a silent desk."""

import threading
from collections.abc import Mapping
from typing import Any

from acd.codec import Codec
from acd.commands import EndCall, OfferCall
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.events import CallEnded, CallQueued, ClockTicked, LeaderElected
from acd.ids import AgentId, CallId, CustomerId, QueueId, ReservationId, Room, Sid
from acd.messages import EventError
from acd.notices import CallClosed, CallEnqueued, CallOpened, ContactOutcome, Direction
from acd.replay import Fold
from cordboard.runtime.clock import LiveClock, ModelledClock
from cordboard.runtime.leader import acquire
from cordboard.runtime.projection import Projection
from cordboard.runtime.term import Ground, Minds, Term
from dialer.codec import EVENT_CODEC
from dialer.commands import PaceCampaign
from dialer.config import CentreConfig
from dialer.events import DialsPaced

SECRET = "a-secret-of-the-tests-0123456789"

CONFIG = CentreConfig(
    acd=AcdConfig(
        queues=(QueueConfig(queue_id=QueueId("sales")),),
        agents=(AgentConfig(agent_id=AgentId("ana")),),
    )
)


class HandClock:
    """A clock that moves when told."""

    def __init__(self, scale: int = 1) -> None:
        self.scale = scale
        self.now_ms = 1_000_000

    def monotonic_ms(self) -> int:
        return self.now_ms

    def wall_ms(self) -> int:
        return 1_800_000_000_000 + self.now_ms

    def wait(self, stop: threading.Event, wait_ms: int) -> bool:
        self.now_ms += wait_ms
        return stop.is_set()


class OfferingMachine:
    """Offers every queued call to Ana, hangs up after ten seconds: enough of a centre to fold."""

    def __init__(self) -> None:
        self.handled: list[str] = []
        self.waiting: dict[str, int] = {}
        self.epoch = 0
        self.count = 0
        self.notices: list[object] = []

    @property
    def next_due_ms(self) -> int | None:
        return min(self.waiting.values(), default=None)

    def handle(self, event: Any) -> list[Any]:
        self.notices = []
        commands: list[Any] = []
        due = [call for call, at_ms in self.waiting.items() if at_ms <= event.at_ms]
        for call in due:
            del self.waiting[call]
            commands.append(EndCall(call_id=CallId(call), sid=Sid(call)))
        self.handled.append(f"{type(event).__name__}@{event.at_ms}")
        commands += self._heed(event)
        return commands

    def _heed(self, event: Any) -> list[Any]:
        if isinstance(event, LeaderElected):
            self.epoch = event.epoch
        elif isinstance(event, CallQueued):
            if event.call_id in self.waiting:
                raise EventError(f"{event.call_id} waits already")
            self.count += 1
            self.waiting[event.call_id] = event.at_ms + 10_000
            self.notices += [
                CallOpened(event.at_ms, event.call_id, Direction.INBOUND, event.customer_id),
                CallEnqueued(event.at_ms, event.call_id, event.queue_id),
            ]
            return [
                OfferCall(
                    reservation_id=ReservationId(f"{self.epoch}.{self.count}"),
                    agent_id=AgentId("ana"),
                    call_id=event.call_id,
                    queue_id=event.queue_id,
                    room=Room(event.call_id),
                    ring_ms=15_000,
                )
            ]
        elif isinstance(event, CallEnded):
            self.waiting.pop(event.call_id, None)
            self.notices.append(
                CallClosed(
                    event.at_ms,
                    event.call_id,
                    Direction.INBOUND,
                    QueueId("sales"),
                    ContactOutcome.ABANDONED,
                    1_000,
                )
            )
        return []

    def to_plain(self) -> dict[str, object]:
        return {
            "handled": list(self.handled),
            "waiting": dict(self.waiting),
            "epoch": self.epoch,
            "count": self.count,
        }

    def restore(self, plain: Mapping[str, Any]) -> None:
        self.handled = list(plain["handled"])
        self.waiting = dict(plain["waiting"])
        self.epoch, self.count = plain["epoch"], plain["count"]


class SilentDesk:
    """Dials nothing, remembers how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def answer(self, question: PaceCampaign) -> DialsPaced:
        self.asked += 1
        return DialsPaced(0, question.campaign_id, question.view, 0, "a double never dials")

    def configure(self, campaigns: Any) -> None:
        pass

    def snapshot(self) -> dict[str, object]:
        return {"asked": self.asked}

    def restore(self, plain: Mapping[str, Any]) -> None:
        self.asked = plain["asked"]


def make_minds(store: Any, clock: Any) -> Minds:
    codec: Codec[Any] = EVENT_CODEC
    return Minds(
        fold=Fold(OfferingMachine(), codec),
        desk=SilentDesk(),
        projection=Projection(store.keys, clock, CONFIG, "UTC"),
        config=lambda: CONFIG,
    )


def begin_term(
    store: Any, clock: Any = None, before: str = "", past: Any = tuple
) -> tuple[Term, Minds]:
    """Take the lead and begin a term over the double machine."""
    clock = clock or LiveClock()
    client = store.client(timeout_s=5.0)
    leadership = acquire(store, client, clock, before=before)
    assert leadership is not None
    minds = make_minds(store, clock)
    ground = Ground(
        store=store,
        client=client,
        clock=clock,
        modelled=ModelledClock(clock),
        routing_version=1,
        past=past,
    )
    term = Term(ground, leadership, minds)
    term.begin()
    return term, minds


def catch_up(term: Term) -> None:
    """Turn until everything appended so far is committed."""
    while term.turn() or not term.has_caught_up:
        pass


def queued(call_id: str, priority: int = 0) -> CallQueued:
    return CallQueued(
        at_ms=0,
        call_id=CallId(call_id),
        queue_id=QueueId("sales"),
        customer_id=CustomerId("cu-1"),
        skills={},
        priority=priority,
        language="en-US",
    )


def ended(call_id: str) -> CallEnded:
    return CallEnded(at_ms=0, call_id=CallId(call_id))


def tick(advance_ms: int) -> ClockTicked:
    return ClockTicked(at_ms=0, advance_ms=advance_ms, scale=1)
