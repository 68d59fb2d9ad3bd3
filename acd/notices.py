"""What the centre concluded from the facts: past tense, never journalled, derived again by replay.

Events come from outside and may be doubled, late or wrong; notices are what they turned out to
mean, each exactly once. Measures, the wallboard, history and the dialer listen to them, so that
"answered" or "abandoned" is decided in one place. They are found in `notices` of the engine after
each call of `handle`, in the order in which they came to be.
"""

from enum import StrEnum

from acd.ids import AgentId, CallId, CaseId, CustomerId, QueueId, ReservationId, Sid, SlotId
from acd.messages import message
from acd.recordings import RecordingState


class Direction(StrEnum):
    """Who called whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"  #: nobody: a task for an agent, or a consult between agents


class ContactOutcome(StrEnum):
    """How a call ended: every call ends in exactly one of these."""

    CONNECTED = "connected"  #: spoke with an agent
    ABANDONED = "abandoned"  #: hung up while waiting, or in the flow
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"
    TRANSFERRED = "transferred"  #: sent to a number outside by the flow
    SELF_SERVED = "self_served"
    SETTLED = "settled"  #: a task of a case that needed no agent any more
    REFUSED = "refused"  #: turned away: closed, full, or sent off after the longest wait
    UNREACHED = (
        "unreached"  #: outbound: nobody was there to speak with (the dialer knows the cause)
    )


class OfferEnd(StrEnum):
    """How an offer ended."""

    CONNECTED = "connected"
    REJECTED = "rejected"
    TIMED_OUT = "timed_out"  #: ring no answer
    CANCELLED = "cancelled"  #: the call went away or was answered by another
    FAILED = "failed"  #: the agent's leg could not be made or was lost


class TransferKind(StrEnum):
    """How a customer came from an agent to somebody else."""

    COLD = "cold"  #: into a line, unannounced
    WARM = "warm"  #: to a party the agent had consulted
    OUTSIDE = "outside"  #: to a number outside, unannounced
    TAKEN_OVER = "taken_over"  #: a supervisor went on in the agent's place


class ConsultEnd(StrEnum):
    """How a consult ended."""

    TRANSFERRED = "transferred"  #: the consulted party kept the customer
    RETURNED = "returned"  #: the agent ended it, or left
    LEFT = "left"  #: the consulted party left
    UNANSWERED = "unanswered"  #: nobody took it


@message
class AgentChanged:
    """An agent's presence or the state of their slot of calls is another one than before.

    Told once for each event, behind its other notices: states that took no time are left out.
    """

    at_ms: int
    agent_id: AgentId
    presence: str
    reason: str  #: empty unless not ready
    state: str
    call_id: CallId | None  #: the contact of the voice slot, if any


@message
class SlotChanged:
    """A slot of conversations is in another state than before."""

    at_ms: int
    agent_id: AgentId
    slot_id: SlotId
    state: str
    call_id: CallId | None  #: the conversation, if any


@message
class CallOpened:
    """A call began: it came in, or a dial was placed."""

    at_ms: int
    call_id: CallId
    direction: Direction
    customer_id: CustomerId


@message
class CallEnqueued:
    """A call began to wait in a queue: one more offered."""

    at_ms: int
    call_id: CallId
    queue_id: QueueId


@message
class CallOffered:
    """A call was offered to an agent, who is reserved for it."""

    at_ms: int
    call_id: CallId
    queue_id: QueueId
    agent_id: AgentId
    reservation_id: ReservationId


@message
class OfferClosed:
    """An offer came to its end."""

    at_ms: int
    call_id: CallId
    agent_id: AgentId
    reservation_id: ReservationId
    end: OfferEnd
    ring_ms: int  #: from the offer to its end


@message
class CallConnected:
    """Customer and agent hear each other."""

    at_ms: int
    call_id: CallId
    queue_id: QueueId
    agent_id: AgentId
    wait_ms: int  #: from entering the queue to here, by the first queue entry


@message
class TalkEnded:
    """Customer and agent have parted; wrap-up begins."""

    at_ms: int
    call_id: CallId
    queue_id: QueueId
    agent_id: AgentId
    talk_ms: int  #: hold included


@message
class HoldChanged:
    """A customer was put on hold, or taken off."""

    at_ms: int
    call_id: CallId
    queue_id: QueueId
    agent_id: AgentId
    is_on_hold: bool
    hold_ms: int  #: how long it was, 0 when it begins


@message
class TalkSupervised:
    """A supervisor takes part in a conversation in this way, or no longer."""

    at_ms: int
    call_id: CallId
    agent_id: AgentId
    supervisor_id: str
    mode: str  #: empty when they have left


@message
class CallTransferred:
    """A customer came from an agent to somebody else."""

    at_ms: int
    call_id: CallId
    agent_id: AgentId
    queue_id: QueueId  #: where they came from
    to_queue_id: QueueId  #: where they wait or are counted now
    kind: TransferKind = TransferKind.COLD
    to: str = ""  #: the agent, the number's name or the supervisor they came to, if it is known


@message
class ConsultOpened:
    """An agent looks for somebody to consult; the customer holds."""

    at_ms: int
    call_id: CallId
    agent_id: AgentId
    queue_id: QueueId  #: of the conversation
    consult_id: str  #: the consult's own name, until it is closed
    to: str  #: the queue, the agent or the number's name


@message
class ConsultJoined:
    """Agent and consulted party hear each other."""

    at_ms: int
    call_id: CallId
    agent_id: AgentId
    queue_id: QueueId  #: of the conversation
    consult_id: str
    partner: str  #: the agent, or the number's name


@message
class ConsultClosed:
    """A consult is over."""

    at_ms: int
    call_id: CallId
    agent_id: AgentId
    queue_id: QueueId  #: of the conversation
    consult_id: str
    end: ConsultEnd


@message
class ActionRefused:
    """Somebody asked for what cannot be done just now; nothing has changed."""

    at_ms: int
    who: str  #: the agent or supervisor who asked
    why: str  #: one sentence, for them


@message
class RecordingNoted:
    """A conversation is recorded, not now, or no longer."""

    at_ms: int
    call_id: CallId
    agent_id: AgentId | None  #: who has the customer, if anybody
    state: RecordingState
    recording_sid: Sid  #: empty while the carrier has not told it


@message
class HandlingEnded:
    """The agent's work for the call is done, wrap-up included: one more handled."""

    at_ms: int
    call_id: CallId
    queue_id: QueueId
    agent_id: AgentId
    wrap_up_ms: int
    disposition: str | None


@message
class CallClosed:
    """The customer's leg is over and the call has its one outcome."""

    at_ms: int
    call_id: CallId
    direction: Direction
    queue_id: QueueId | None  #: the last queue, None if it never waited
    outcome: ContactOutcome
    wait_ms: int  #: total queued time, 0 if it never waited


@message
class CallbackPromised:
    """A caller was promised a callback."""

    at_ms: int
    call_id: CallId  #: the callback, a call of its own
    origin_id: CallId  #: the call in which it was asked for
    queue_id: QueueId
    due_at_ms: int  #: 0 when it is due as soon as its place comes up


@message
class CallbackEnded:
    """A callback was kept (the customer is with an agent) or given up."""

    at_ms: int
    call_id: CallId
    queue_id: QueueId
    is_kept: bool
    attempts: int
    wait_ms: int  #: from the queue entry whose place it has


@message
class CaseChanged:
    """A case was opened, taken up, put back, settled or opened again, or is due at another time."""

    at_ms: int
    case_id: CaseId
    customer_id: CustomerId
    queue_id: QueueId
    category: str
    state: str
    due_at_ms: int
    agent_id: AgentId | None  #: who promised it or works on it
    call_id: CallId | None  #: the contact that is in line for it, or with an agent
    origin_id: CallId | None  #: the contact it comes from
    reopened_count: int


@message
class CaseWentOverdue:
    """A case was not settled when it was due: whoever promised it is reminded."""

    at_ms: int
    case_id: CaseId
    queue_id: QueueId
    agent_id: AgentId | None


@message
class CaseScored:
    """The customer said how well a matter was settled, 1 to 5."""

    at_ms: int
    case_id: CaseId
    rating: int


Notice = (
    AgentChanged
    | SlotChanged
    | CallOpened
    | CallEnqueued
    | CallOffered
    | OfferClosed
    | CallConnected
    | TalkEnded
    | HandlingEnded
    | CallClosed
    | HoldChanged
    | TalkSupervised
    | CallTransferred
    | ConsultOpened
    | ConsultJoined
    | ConsultClosed
    | ActionRefused
    | RecordingNoted
    | CallbackPromised
    | CallbackEnded
    | CaseChanged
    | CaseWentOverdue
    | CaseScored
)
