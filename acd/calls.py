"""Calls: from arrival or dialling to the end of the customer's leg.

Tasks and written conversations are records of the same kind: they wait in lines, are offered and
talked in as calls are, and have no legs.

    in_flow    in the call flow, or dialled and not yet waiting
    waiting    in a line, can be offered
    offered    an agent is reserved for it
    suspect    the carrier could not move the caller; a sign of life puts it back in its place
    talking    customer and agent hear each other
    outside    with somebody who holds no agent's slot: a number outside, a supervisor
    dormant    a callback whose time has not come (see `acd.engine.callbacks`)
    leaving    on the way out: sent to voicemail, turned away, served by the flow, talk over
    ended      the customer's leg is over

A call keeps `order` and `queued_at_ms` from its first queue entry for good: offers in vain, a lost
agent and a new leader never cost it its place. `is_connectable` is false until the carrier has
asked for the caller's waiting document for the first time; a call may be offered before that, and
is moved when the time has come.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from acd.deadlines import NO_TICKET
from acd.ids import (
    NO_SID,
    AgentId,
    CallId,
    CaseId,
    CustomerId,
    LegId,
    QueueId,
    ReservationId,
    Sid,
)
from acd.notices import ContactOutcome, Direction
from acd.recordings import RecordingState, RecordingStep
from acd.transitions import Table


class CallState(StrEnum):
    """Where a call is on its way (see the module)."""

    IN_FLOW = "in_flow"
    WAITING = "waiting"
    OFFERED = "offered"
    SUSPECT = "suspect"
    TALKING = "talking"
    OUTSIDE = "outside"
    LEAVING = "leaving"
    DORMANT = "dormant"
    ENDED = "ended"


class CallStep(StrEnum):
    """What happens to a call."""

    QUEUED = "queued"
    WAITED = "waited"  #: the carrier plays the waiting document: alive and movable
    FLOW_ENDED = "flow_ended"
    OFFERED = "offered"
    RETURNED = "returned"  #: the offer came to nothing
    MISSED = "missed"  #: the carrier could not move the caller
    CONNECTED = "connected"
    SENT = "sent"  #: elsewhere, as nobody will take it here
    PARTED = "parted"  #: the agent is gone
    TRANSFERRED = "transferred"  #: back into a line, passed on or given back
    PASSED_OUT = "passed_out"  #: the agent left the customer to somebody without a slot
    WITHDRAWN = "withdrawn"  #: out of its line, by the caller or the layer above
    DUE = "due"  #: the time of a callback has come
    UNANSWERED = "unanswered"  #: the customer was rung in vain
    RECORDED = "recorded"  #: the caller left a message
    ENDED = "ended"


CALL_STATES = Table(
    "call",
    CallState,
    CallStep,
    """
             queued  waited  flow_ended offered    returned   missed     connected  sent       parted     transferred passed_out withdrawn due        unanswered recorded ended
    in_flow  waiting in_flow leaving    impossible impossible impossible impossible impossible impossible impossible  impossible stale     impossible impossible in_flow  ended
    waiting  stale   waiting leaving    offered    impossible impossible impossible leaving    impossible impossible  impossible in_flow   impossible impossible stale    ended
    offered  stale   offered leaving    offered    waiting    suspect    talking    impossible impossible impossible  impossible in_flow   impossible dormant    stale    ended
    suspect  stale   waiting leaving    impossible impossible impossible impossible leaving    impossible impossible  impossible in_flow   impossible impossible stale    ended
    talking  stale   stale   stale      impossible impossible impossible impossible impossible leaving    waiting     outside    stale     impossible dormant    stale    ended
    outside  stale   stale   stale      impossible impossible impossible impossible impossible leaving    waiting     impossible stale     impossible impossible stale    ended
    leaving  stale   stale   stale      impossible impossible impossible impossible impossible impossible impossible  impossible stale     impossible impossible leaving  ended
    dormant  stale   stale   stale      impossible impossible impossible impossible leaving    impossible impossible  impossible stale     waiting    impossible stale    ended
    ended    stale   stale   stale      impossible impossible impossible impossible impossible impossible impossible  impossible stale     impossible impossible stale    stale
    """,  # noqa: E501  (a table is read by its columns)
)


RECORDINGS = Table(
    "recording",
    RecordingState,
    RecordingStep,
    """
            start  pause   resume  stop
    off     on     stale   stale   stale
    on      stale  paused  stale   off
    paused  stale  stale   on      off
    """,
)


_NO_LEVELS: Mapping[str, int] = {}


def no_levels() -> Mapping[str, int]:
    """Return the needs of calls that have none: one mapping for all, as none is changed."""
    return _NO_LEVELS


@dataclass(slots=True)
class Call:
    """One call. Changed in place, by `acd.engine` only."""

    call_id: CallId
    direction: Direction
    customer_id: CustomerId
    sid: Sid  #: of the customer's leg
    state: CallState = CallState.IN_FLOW
    queue_id: QueueId | None = None
    skills: Mapping[str, int] = field(default_factory=no_levels)  #: needed beyond the queue's own
    lowered: Mapping[str, int] = field(default_factory=no_levels)  #: least levels, by waiting
    share_with: tuple[QueueId, ...] = ()  #: agents kept to these queues may take it too
    priority: int = 0  #: added to the queue's own
    preferred: tuple[AgentId, ...] = ()  #: they alone may take it; empty when that is over
    excluded: tuple[AgentId, ...] = ()  #: they must not
    relax_index: int = 0  #: the next relaxation step
    relax_ticket: int = NO_TICKET
    prefer_ticket: int = NO_TICKET
    queued_at_ms: int = 0  #: first queue entry
    order: int = 0  #: breaks ties of that instant
    waiting_since_ms: int = 0  #: of this wait; after a transfer not the first
    waited_ms: int = 0  #: time in queues, known when the wait is over
    is_connectable: bool = False
    queue_sid: Sid = NO_SID  #: where the carrier holds the caller; empty outside its queue
    is_overdue: bool = False  #: it was to be sent elsewhere while it was offered
    send_to: str = ""  #: where, if not where its queue's overlong waits go
    wait_ticket: int = NO_TICKET
    reservation_id: ReservationId | None = None  #: while offered or talking
    rivals: tuple[ReservationId, ...] = ()  #: further offers that ring at the same time
    outcome: ContactOutcome | None = None  #: how it will be counted when the leg is over
    origin_id: CallId | None = None  #: of a callback: the call in which it was asked for
    number_key: str = ""  #: of a callback: equal for equal numbers
    attempt_count: int = 0  #: of a callback: how often the customer was rung in vain
    callback_ticket: int = NO_TICKET
    is_kept: bool = False  #: of a callback: the customer was reached
    has_consented: bool | None = None  #: to be recorded; None: was not asked
    recording: RecordingState = RecordingState.OFF
    recording_sid: Sid = NO_SID
    recording_ticket: int = NO_TICKET
    case_id: CaseId | None = None  #: the matter it belongs to
    segment: str = ""  #: the customer's group
    idle_ticket: int = NO_TICKET  #: of a conversation: until when the next message must come
    asked_by: ReservationId | None = None  #: of a consult: the talk in which it was asked for
    outside_leg_id: LegId | None = None  #: while outside: the other party's leg
    is_settled: bool = False  #: of a callback: how its promise ended was told
    line_ticket: int = 0  #: names the entry in the line's heap that counts; 0 while not waiting
