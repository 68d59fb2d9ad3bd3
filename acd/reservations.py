"""Reservations: one agent slot held for one contact, from the offer to the end of the talk.

    ringing      the agent's endpoint rings
    answered     the leg is up, the agent has not taken the call yet (only with a button)
    agreed       the agent took the call, the leg is not up yet (the button was faster)
    connecting   both: the customer is on the way into the room
    connected    customer and agent hear each other
    ended        nothing is held any more

A task or a conversation has no legs: once it is agreed, it is connected. A plain phone takes a call
by answering it. A standing leg starts at `connecting`. Each state up to
`connecting` has a deadline; an accept that comes when the reservation has ended is stale, so an
offer that timed out never connects.
"""

from dataclasses import dataclass
from enum import StrEnum

from acd.channels import Channel
from acd.deadlines import NO_TICKET
from acd.ids import AgentId, CallId, LegId, QueueId, ReservationId, Room, SlotId
from acd.transitions import Table


class ReservationState(StrEnum):
    """How far an offer has come (see the module)."""

    RINGING = "ringing"
    ANSWERED = "answered"
    AGREED = "agreed"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    ENDED = "ended"


class ReservationStep(StrEnum):
    """What happens to an offer."""

    ANSWERED = "answered"  #: the agent's leg is up
    TAKEN = "taken"  #: the agent agreed
    REJECTED = "rejected"
    EXPIRED = "expired"  #: its deadline has come
    JOINED = "joined"  #: the customer is in the room
    LOST = "lost"  #: the agent's leg is over, or the customer's
    DROPPED = "dropped"  #: we ended it


RESERVATIONS = Table(
    "reservation",
    ReservationState,
    ReservationStep,
    """
                answered    taken       rejected  expired     joined      lost        dropped
    ringing     answered    agreed      ended     ended       stale       ended       ended
    answered    stale       connecting  ended     ended       stale       ended       ended
    agreed      connecting  stale       ended     ended       stale       ended       ended
    connecting  stale       stale       stale     ended       connected   ended       ended
    connected   stale       stale       stale     impossible  stale       ended       ended
    ended       stale       stale       stale     impossible  stale       stale       impossible
    """,
)


@dataclass(slots=True)
class Reservation:
    """One offer and the conversation it leads to. Changed in place, by `acd.engine` only."""

    reservation_id: ReservationId
    agent_id: AgentId
    slot_id: SlotId
    call_id: CallId
    queue_id: QueueId
    channel: Channel
    leg_id: LegId  #: its own leg, or the agent's standing one; no leg has it without a voice
    room: Room
    state: ReservationState
    offered_at_ms: int
    connected_at_ms: int = 0
    ticket: int = NO_TICKET  #: of the ring, then of the move into the room
    guests: tuple[LegId, ...] = ()  #: legs of supervisors and parties outside who take part
    consult_id: CallId | None = None  #: the consult of this talk, with a colleague
    outside_leg_id: LegId | None = None  #: the consult of this talk, with a party outside
    is_on_hold: bool = False
    hold_since_ms: int = 0
    is_moving: bool = False  #: the customer was told to go to the room
