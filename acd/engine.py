"""The distributor: one event in, commands out, with no clock and no IO.

The public face only; its parts arrive with the next change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from acd.commands import Command
from acd.config import AcdConfig
from acd.deadlines import Deadlines, Due
from acd.events import Event
from acd.ids import CallId, CustomerId, QueueId, Sid
from acd.notices import ContactOutcome, Notice

ROUTING_VERSION = 1
"""Grows with every change that would route an old journal differently."""


@dataclass(slots=True)
class Mint:
    """Makes ids `<epoch>.<counter>`: unique for ever, and the same in every replay."""

    epoch: int = 0
    counter: int = 0

    def next(self) -> str:
        """Return a name that was never used before."""
        self.counter += 1
        return f"{self.epoch}.{self.counter}"


@dataclass(frozen=True, slots=True)
class Floor:
    """The agents who may serve a queue, now. Instants ascend."""

    signed_in: int
    ready: int  #: could be offered a call of it right now
    talking_since_ms: tuple[int, ...]
    wrapping_since_ms: tuple[int, ...]


class Engine:
    """The distributor of one site."""

    def __init__(self, config: AcdConfig, deadlines: Deadlines | None = None) -> None:
        self.config = config
        self.deadlines = Deadlines() if deadlines is None else deadlines
        self.ids = Mint()
        self.now_ms = 0
        self.notices: list[Notice] = []  #: what the last call of `handle` turned out to mean

    @property
    def next_due_ms(self) -> int | None:
        """The instant at which the next deadline fires, or None."""
        return self.deadlines.next_due_ms

    def handle(self, event: Event) -> list[Command]:
        """Fire what is due at or before the event's instant, then take the event."""
        raise NotImplementedError

    # For the layer above, which shares the heap of deadlines and places calls of its own.

    def advance(self, at_ms: int) -> list[Command]:
        """Fire, in order, every deadline of ours that is due at or before `at_ms`."""
        raise NotImplementedError

    def is_mine(self, kind: str) -> bool:
        """Tell whether a deadline of this kind is the distributor's."""
        raise NotImplementedError

    def fire(self, due: Due) -> list[Command]:
        """Carry out one deadline that the caller has popped from the shared heap."""
        raise NotImplementedError

    def drain_notices(self) -> list[Notice]:
        """Return what was concluded since the last `handle` or drain.

        `handle` and `advance` publish theirs in `notices`; `fire`, `open_call`, `enqueue`,
        `withdraw`, `close_call` and `reconfigure` leave theirs to be drained.
        """
        raise NotImplementedError

    def open_call(self, at_ms: int, call_id: CallId, customer_id: CustomerId, sid: Sid) -> None:
        """Open a call that the layer above places."""
        raise NotImplementedError

    def enqueue(
        self,
        at_ms: int,
        call_id: CallId,
        queue_id: QueueId,
        *,
        skills: Mapping[str, int],
        priority: int,
    ) -> list[Command]:
        """Let an open call wait, connectable at once, with no longest wait of its own."""
        raise NotImplementedError

    def withdraw(self, at_ms: int, call_id: CallId) -> list[Command]:
        """Take a waiting or offered call out of its queue; the call stays open."""
        raise NotImplementedError

    def close_call(self, at_ms: int, call_id: CallId, outcome: ContactOutcome) -> list[Command]:
        """Close a call that the layer above opened; a talk that goes on ends."""
        raise NotImplementedError

    def floor(self, queue_id: QueueId) -> Floor:
        """Return how the agents who may serve a queue are occupied now."""
        raise NotImplementedError

    def to_plain(self) -> dict[str, object]:
        """Return the whole state as plain data."""
        raise NotImplementedError

    def restore(self, plain: Mapping[str, object]) -> None:
        """Replace the state by what `to_plain` returned."""
        raise NotImplementedError

    def reconfigure(self, config: AcdConfig) -> Sequence[Command]:
        """Take new settings; agents and queues that vanish finish what they do."""
        raise NotImplementedError
