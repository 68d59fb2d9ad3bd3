"""Waiting lines of the carrier: first in, first out, and no knowledge of skills.

Source:
    https://www.twilio.com/docs/voice/twiml/enqueue, https://www.twilio.com/docs/voice/twiml/queue:
    made on demand, position 1 is the head, taking a member out is by a POST that succeeds once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import simpy

from simulator.carrier.calls import Call
from simulator.carrier.timeline import Timeline

QUEUE_SIZE_DEFAULT = 1000
QUEUE_SIZE_MAX = 5000
QUEUE_NAME_CHARACTERS_MAX = 64


@dataclass(eq=False, slots=True)
class Member:
    """A call waiting in a queue."""

    call: Call
    queue: "Queue"
    enqueued_at_s: float

    @property
    def wait_s(self) -> int:
        """Whole seconds it has waited."""
        return int(self.queue.timeline.now_s - self.enqueued_at_s)

    @property
    def position(self) -> int:
        """Place in the line, 1 = head; 0 when it has left."""
        return self.queue.position(self)

    def parameters(self) -> dict[str, str]:
        """Return what a request of the waiting document says beside the usual."""
        queue = self.queue
        return {
            "QueuePosition": str(self.position),
            "QueueSid": queue.sid,
            "QueueTime": str(self.wait_s),
            "AvgQueueTime": str(queue.average_wait_s),
            "CurrentQueueSize": str(len(queue.members)),
            "MaxQueueSize": str(queue.max_size),
        }


@dataclass(eq=False, slots=True)
class Queue:
    """One waiting line."""

    sid: str
    name: str
    timeline: Timeline
    created_at_s: float
    max_size: int = QUEUE_SIZE_DEFAULT
    members: list[Member] = field(default_factory=list)
    updated_at_s: float = 0.0
    takers: list[Call] = field(default_factory=list)
    """Legs that dialled this queue and wait for their turn, in order of arrival."""
    stirred: simpy.Event = field(init=False)
    """Happens when a member joins or a taker has gone; renewed each time."""

    def __post_init__(self) -> None:
        self.stirred = self.timeline.event()

    @property
    def is_full(self) -> bool:
        """Whether nobody more may join."""
        return len(self.members) >= self.max_size

    @property
    def average_wait_s(self) -> int:
        """Mean wait so far of those waiting now, in whole seconds; 0 when nobody waits."""
        waits = [member.wait_s for member in self.members]
        return sum(waits) // len(waits) if waits else 0

    def join(self, call: Call) -> Member:
        """Put a call at the end of the line."""
        member = Member(call, self, self.timeline.now_s)
        self.members.append(member)
        self.stir()
        if call.person is not None:
            call.person.queued()
        return member

    def stir(self) -> None:
        """Let those who wait for the head of the line look again."""
        self.stirred.succeed()
        self.stirred = self.timeline.event()

    def leave(self, member: Member) -> None:
        """Take a member out, wherever it stands; harmless when it has left."""
        if member not in self.members:
            return
        self.members.remove(member)
        member.call.leg.queued_s += self.timeline.now_s - member.enqueued_at_s
        if member.call.person is not None:
            member.call.person.dequeued()

    def position(self, member: Member) -> int:
        """Return a member's place, 1 = head, 0 = not in the line."""
        return self.members.index(member) + 1 if member in self.members else 0

    def find(self, call_sid: str) -> Member | None:
        """Return the member of a call, or the head for `Front`."""
        if call_sid == "Front":
            return self.members[0] if self.members else None
        return next((member for member in self.members if member.call.sid == call_sid), None)


class Queues:
    """Every queue of the account, by identifier and by name."""

    def __init__(self, timeline: Timeline, mint: Callable[[str], str]) -> None:
        self._timeline = timeline
        self._mint = mint
        self._by_sid: dict[str, Queue] = {}

    def all(self) -> list[Queue]:
        """Return the queues in order of creation."""
        return list(self._by_sid.values())

    def get(self, sid: str) -> Queue | None:
        """Return the queue with this identifier."""
        return self._by_sid.get(sid)

    def called(self, name: str) -> Queue | None:
        """Return the queue of this name; an identifier serves as a name too."""
        named = (queue for queue in self._by_sid.values() if queue.name == name)
        return self._by_sid.get(name) or next(named, None)

    def on_demand(self, name: str, max_size: int = QUEUE_SIZE_DEFAULT) -> Queue:
        """Return the queue of this name, made if there is none."""
        queue = self.called(name)
        if queue is None:
            now_s = self._timeline.now_s
            queue = Queue(self._mint("QU"), name, self._timeline, now_s, max_size)
            self._by_sid[queue.sid] = queue
        return queue

    def remove(self, queue: Queue) -> None:
        """Forget an empty queue."""
        assert not queue.members, f"queue {queue.sid} is not empty"
        del self._by_sid[queue.sid]
