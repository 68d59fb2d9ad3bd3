"""What to do: instructions to the shell, imperative. Every outcome comes back as an event.

A command is issued once. Its identity at the carrier is an id the core made (a reservation, a leg,
a call), which travels in callback addresses and as the label of a leg, so that an unknown outcome
can be asked for before anything is repeated. The journal's id and the command's ordinal in its
batch are its key in the outbox.

A sid is empty when the carrier has not told it yet. An instruction about such a leg stays valid:
the shell carries it out as soon as the leg turns up.
"""

from enum import StrEnum

from acd.events import Supervision
from acd.ids import AgentId, CallId, LegId, QueueId, ReservationId, Room, Sid
from acd.messages import message
from acd.recordings import RecordingStep


class Destination(StrEnum):
    """Where a waiting caller is sent when no agent takes them."""

    VOICEMAIL = "voicemail"
    GOODBYE = "goodbye"  #: an apology and the end of the call
    FLOW = "flow"  #: on in the call flow, which may offer a callback; their place is kept


class ConversationEnd(StrEnum):
    """Why a conversation is over."""

    CLOSED = "closed"  #: by the agent
    IDLE = "idle"  #: nobody wrote for too long
    UNANSWERED = "unanswered"  #: nobody could take it


@message
class OfferCall:
    """Ring the agent's endpoint into the room, for this reservation, at most `ring_ms`."""

    reservation_id: ReservationId  #: also the id and the label of the leg
    agent_id: AgentId
    call_id: CallId
    queue_id: QueueId
    room: Room
    ring_ms: int


@message
class OpenStandingLeg:
    """Ring the agent once and keep the leg in the agent's own room (a nailed-up agent)."""

    leg_id: LegId
    agent_id: AgentId
    room: Room


@message
class EndLeg:
    """Hang up an agent's leg: the offer is over, or the conversation, or the shift."""

    leg_id: LegId
    sid: Sid


@message
class ConnectCall:
    """Move the customer into the room of this reservation."""

    call_id: CallId
    reservation_id: ReservationId
    sid: Sid  #: the customer leg
    queue_sid: Sid  #: where the carrier holds them; empty when they wait in a room or a document
    room: Room


@message
class PlaceCallback:
    """Ring the customer who asked for a callback into the agent's room, at most `ring_ms`.

    Their number is the one kept under the call in which they asked.
    """

    call_id: CallId  #: the callback; also the id and the label of the customer's leg
    origin_id: CallId  #: the call in which it was asked for
    queue_id: QueueId
    reservation_id: ReservationId
    room: Room
    ring_ms: int
    detects_machine: bool = True


@message
class ParkCall:
    """Move the customer out of a room to wait again, with music, in the room of the call."""

    call_id: CallId
    sid: Sid
    room: Room


@message
class HoldCall:
    """Let the customer in this room hear music instead of the agent, or the agent again."""

    call_id: CallId
    sid: Sid
    room: Room
    is_on_hold: bool


@message
class SuperviseTalk:
    """Ring a supervisor into the room of a conversation."""

    leg_id: LegId
    supervisor_id: str
    room: Room
    mode: Supervision
    coached_leg_id: LegId  #: the agent's leg, which alone hears whispers


@message
class ChangeSupervision:
    """Let a supervisor in a room be heard in another way."""

    leg_id: LegId
    sid: Sid
    room: Room
    mode: Supervision
    coached_leg_id: LegId


@message
class RingOutside:
    """Ring a number of the directory into a room, for an agent who may."""

    leg_id: LegId
    agent_id: AgentId
    number_name: str
    room: Room
    ring_ms: int


@message
class MoveLeg:
    """Move a leg that we rang into another room."""

    leg_id: LegId
    sid: Sid
    room: Room


@message
class RecordCall:
    """Begin, pause, go on with or end the recording of a customer's leg."""

    call_id: CallId
    sid: Sid
    recording_sid: Sid  #: empty while the carrier has not told it
    change: RecordingStep


@message
class SendCall:
    """Send a waiting caller elsewhere: nobody will take them here."""

    call_id: CallId
    sid: Sid
    queue_sid: Sid
    destination: Destination


@message
class CloseConversation:
    """Tell the customer that a conversation is over, in the words for this end."""

    call_id: CallId
    queue_id: QueueId
    end: ConversationEnd


@message
class EndCall:
    """Hang up the customer's leg."""

    call_id: CallId
    sid: Sid


Command = (
    OfferCall
    | OpenStandingLeg
    | EndLeg
    | ConnectCall
    | PlaceCallback
    | ParkCall
    | HoldCall
    | SuperviseTalk
    | ChangeSupervision
    | RingOutside
    | MoveLeg
    | RecordCall
    | SendCall
    | CloseConversation
    | EndCall
)
