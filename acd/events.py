"""What happened: facts from outside, in the past tense, each at one instant of the journal.

`at_ms` is the journal's own time in integer milliseconds (Unix time at scale 1; see
`acd.replay.JournalClock`), never a clock read by whoever wrote the fact. It is stamped when the
entry is read, so a writer leaves `UNSTAMPED` in it.

A fact is what the outside saw, not what it means: "the agent's leg was answered" is a fact, "the
offer succeeded" is the core's conclusion (see `acd.notices`). The same fact may be told twice, late
or out of order; every record's table says what each cell means.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from acd.ids import (
    AgentId,
    CallId,
    CaseId,
    CustomerId,
    LegId,
    QueueId,
    ReservationId,
    Room,
    Sid,
)
from acd.messages import message
from acd.recordings import RecordingState, RecordingStep

UNSTAMPED = 0
"""`at_ms` of an event that has not been read from a journal yet."""


class LegCause(StrEnum):
    """Why a leg is over, as the carrier told it."""

    COMPLETED = "completed"  #: it was answered and has ended, whoever hung up
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"  #: the carrier could not put it through
    CANCELED = "canceled"  #: we ended it before it was answered
    INVALID = "invalid"  #: the number does not exist or cannot be dialled
    REFUSED = "refused"  #: the carrier did not accept the request; no leg ever existed
    GONE = "gone"  #: found missing when legs were compared with the carrier's


class FlowOutcome(StrEnum):
    """How the call flow ended when it did not hand the caller to a queue."""

    SELF_SERVED = "self_served"  #: the caller heard or did what they came for
    VOICEMAIL = "voicemail"
    TRANSFERRED = "transferred"  #: sent to a number outside
    REFUSED = "refused"  #: closed, blocked or turned away with a message
    ABANDONED = "abandoned"  #: hung up inside the flow, before any of these


class ConnectFailure(StrEnum):
    """Why a waiting caller could not be moved to a room."""

    NOT_YET = "not_yet"  #: not in the carrier's queue yet; wait for `CallWaited`
    GONE = "gone"  #: hung up, or taken by somebody else
    REFUSED = "refused"  #: the carrier did not accept the request


class Supervision(StrEnum):
    """How a supervisor takes part in a conversation."""

    LISTEN = "listen"  #: heard by nobody
    WHISPER = "whisper"  #: heard by the agent alone
    BARGE = "barge"  #: heard by both


# --- time and leadership ---------------------------------------------------------------------


@message
class ClockTicked:
    """The leader's clock went on; due deadlines fire."""

    at_ms: int
    advance_ms: int  #: the leader's monotonic advance since its previous tick, unscaled
    scale: int  #: modelled milliseconds per real one: 1 live, more in a demonstration


@message
class LeaderElected:
    """A worker took over the site: the first entry of its epoch."""

    at_ms: int
    epoch: int  #: grows with every take-over; the prefix of ids made under it
    nonce: str  #: makes the epoch unique even after the tail of a journal was lost
    routing_version: int
    scale: int
    origin_ms: int = 0  #: modelled Unix time at which a new journal begins; 0: the entry's own time


# --- agents ----------------------------------------------------------------------------------


@message
class AgentSignedIn:
    """An agent signed in; not ready until they say so."""

    at_ms: int
    agent_id: AgentId


@message
class AgentWentReady:
    """An agent declared that they take contacts. During a contact: from its end on."""

    at_ms: int
    agent_id: AgentId


@message
class AgentWentNotReady:
    """An agent declared that they take none, and why. During a contact: from its end on."""

    at_ms: int
    agent_id: AgentId
    reason: str


@message
class AgentSignedOut:
    """An agent signed out. During a contact: from its end on."""

    at_ms: int
    agent_id: AgentId


@message
class AgentReleasedCall:
    """An agent ended the conversation by button; the only way on a standing leg."""

    at_ms: int
    agent_id: AgentId


@message
class AgentHeldCall:
    """An agent put the customer on hold."""

    at_ms: int
    agent_id: AgentId


@message
class AgentResumedCall:
    """An agent took the customer off hold."""

    at_ms: int
    agent_id: AgentId


@message
class AgentTransferredCall:
    """An agent passed the customer on without speaking to the next agent (a cold transfer)."""

    at_ms: int
    agent_id: AgentId
    queue_id: QueueId
    skills: Mapping[str, int]  #: needed beyond the queue's own
    to_agent_id: AgentId | None = None  #: who should take it, if they can soon


@message
class AgentTransferredOut:
    """An agent passed the customer on to a number outside, without speaking to anybody there."""

    at_ms: int
    agent_id: AgentId
    number_name: str  #: of the settings' directory


@message
class ConsultAsked:
    """An agent asked to speak with somebody else while the customer holds: exactly one is named."""

    at_ms: int
    agent_id: AgentId
    queue_id: QueueId | None = None  #: whoever this queue has
    to_agent_id: AgentId | None = None  #: a certain colleague
    number_name: str = ""  #: a number outside, of the settings' directory
    skills: Mapping[str, int] = field(default_factory=dict)  #: beyond the queue's own


@message
class ConsultEnded:
    """An agent ended the consult and goes back to the customer."""

    at_ms: int
    agent_id: AgentId


@message
class AgentMergedCall:
    """An agent brought customer and consulted party together with themselves."""

    at_ms: int
    agent_id: AgentId


@message
class AgentCompletedTransfer:
    """An agent left the customer to the party they had consulted (a warm transfer)."""

    at_ms: int
    agent_id: AgentId


@message
class TakeoverAsked:
    """A supervisor who takes part in an agent's conversation asked to go on alone."""

    at_ms: int
    supervisor_id: str
    agent_id: AgentId


@message
class ConsentGiven:
    """A customer agreed to be recorded, or objected."""

    at_ms: int
    call_id: CallId
    is_given: bool


@message
class RecordingAsked:
    """An agent asked to begin, pause, go on with or end the recording of their conversation."""

    at_ms: int
    agent_id: AgentId
    change: RecordingStep


@message
class RecordingChanged:
    """The carrier told what a recording does."""

    at_ms: int
    call_id: CallId
    recording_sid: Sid  #: empty when none was ever made
    state: RecordingState  #: `off` when it is over, or was refused


@message
class SupervisionAsked:
    """A supervisor asked to take part in an agent's conversation, or to be heard otherwise."""

    at_ms: int
    supervisor_id: str  #: an account of the console
    agent_id: AgentId
    mode: Supervision


@message
class SupervisionEnded:
    """A supervisor asked to leave an agent's conversation."""

    at_ms: int
    supervisor_id: str
    agent_id: AgentId


@message
class WrapUpEnded:
    """An agent finished the after-call work before its time was up."""

    at_ms: int
    agent_id: AgentId
    disposition: str | None = None  #: the outcome code they gave to the contact


@message
class WrapUpExtended:
    """An agent asked for more time for the after-call work, from this instant on."""

    at_ms: int
    agent_id: AgentId
    extension_ms: int


@message
class AgentFellSilent:
    """Nothing was heard of an agent's desk for two beats: no new offers until it is heard again."""

    at_ms: int
    agent_id: AgentId


@message
class AgentHeardAgain:
    """An agent's desk that had fallen silent is heard again."""

    at_ms: int
    agent_id: AgentId


# --- offers and agent legs -------------------------------------------------------------------


@message
class OfferAccepted:
    """An agent took the offer by button or key (a plain phone accepts by answering)."""

    at_ms: int
    reservation_id: ReservationId


@message
class OfferRejected:
    """An agent declined the offer."""

    at_ms: int
    reservation_id: ReservationId


@message
class AgentLegBound:
    """The carrier created the agent's leg and named it."""

    at_ms: int
    leg_id: LegId
    sid: Sid


@message
class AgentLegAnswered:
    """The agent's end of a leg was picked up."""

    at_ms: int
    leg_id: LegId
    sid: Sid


@message
class AgentLegEnded:
    """An agent's leg is over, answered or not."""

    at_ms: int
    leg_id: LegId
    sid: Sid
    cause: LegCause


# --- calls -----------------------------------------------------------------------------------


@message
class CallArrived:
    """A customer's call came in and entered the call flow."""

    at_ms: int
    call_id: CallId
    line: str  #: which of our numbers was called, by its name in the settings
    customer_id: CustomerId
    language: str = ""  #: BCP 47, empty while unknown


@message
class FlowEnded:
    """The call flow is over for this caller without a queue."""

    at_ms: int
    call_id: CallId
    outcome: FlowOutcome


@message
class CallQueued:
    """The call flow handed the caller to a queue; their wait begins."""

    at_ms: int
    call_id: CallId
    queue_id: QueueId
    customer_id: CustomerId
    skills: Mapping[str, int]  #: needed beyond the queue's own: skill -> least level, 1..10
    priority: int = 0  #: added to the queue's own
    language: str = ""
    preferred: tuple[AgentId, ...] = ()  #: who should take it, if they can soon: last agent, owner
    excluded: tuple[AgentId, ...] = ()  #: who must not
    segment: str = ""  #: the customer's group by the settings; one that is not there is no group


@message
class MessagePassed:
    """A message went either way in a conversation: it is not idle."""

    at_ms: int
    call_id: CallId


@message
class ConversationEnded:
    """An agent closed a conversation; the work for it is over."""

    at_ms: int
    agent_id: AgentId
    call_id: CallId
    disposition: str | None = None  #: the outcome code they gave to the contact


@message
class ConversationTransferred:
    """An agent passed a conversation on."""

    at_ms: int
    agent_id: AgentId
    call_id: CallId
    queue_id: QueueId
    skills: Mapping[str, int]  #: needed beyond the queue's own
    to_agent_id: AgentId | None = None  #: who should take it, if they can soon


@message
class CallbackAsked:
    """A caller chose to be called back, and will hang up."""

    at_ms: int
    call_id: CallId
    queue_id: QueueId
    number_key: str  #: equal for equal numbers; the number itself is kept by the shell
    due_at_ms: int = 0  #: when they want to be rung; 0 when their place comes up
    skills: Mapping[str, int] = field(default_factory=dict)  #: of a call that did not wait yet
    priority: int = 0  #: likewise
    segment: str = ""  #: likewise


@message
class CallbackReachedMachine:
    """A callback was picked up by a machine, not by the customer."""

    at_ms: int
    call_id: CallId


@message
class CallLeftQueue:
    """A caller left the line by a key and goes on in the call flow, their place kept."""

    at_ms: int
    call_id: CallId
    reason: str  #: a word of the shell's, for people


@message
class CallWaited:
    """The carrier plays the caller its waiting document: they are alive and can be moved."""

    at_ms: int
    call_id: CallId
    queue_sid: Sid


@message
class CallEnded:
    """The customer's leg is over, whoever hung up."""

    at_ms: int
    call_id: CallId
    cause: LegCause = LegCause.COMPLETED
    sip_code: int = 0  #: 0 when the carrier told none


@message
class VoicemailLeft:
    """The caller left a message; the recording is kept by the carrier under this sid."""

    at_ms: int
    call_id: CallId
    recording_sid: Sid
    duration_ms: int


# --- cases -----------------------------------------------------------------------------------


@message
class CaseOpened:
    """A customer's matter is to be followed up; told by an agent, a flow or another system."""

    at_ms: int
    case_id: CaseId
    customer_id: CustomerId
    queue_id: QueueId  #: of the channel task
    category: str
    due_at_ms: int  #: what the customer was told: until when somebody will have seen to it
    from_at_ms: int = 0  #: not to be worked on before; 0 is at once
    skills: Mapping[str, int] = field(default_factory=dict)  #: needed beyond the queue's own
    segment: str = ""
    agent_id: AgentId | None = None  #: who promised it, and should see to it if they can soon
    origin_id: CallId | None = None  #: the contact it comes from


@message
class CasePostponed:
    """Somebody promised the customer another time."""

    at_ms: int
    case_id: CaseId
    due_at_ms: int
    from_at_ms: int = 0


@message
class CaseResolved:
    """A customer's matter is settled."""

    at_ms: int
    case_id: CaseId


@message
class CaseReopened:
    """A matter that was settled is not: it is due anew."""

    at_ms: int
    case_id: CaseId
    due_at_ms: int


@message
class CaseRated:
    """The customer said how well a matter was settled."""

    at_ms: int
    case_id: CaseId
    rating: int  #: 1 (badly) to 5 (very well)


# --- rooms -----------------------------------------------------------------------------------


@message
class PartyJoined:
    """A leg is in a room and hears it."""

    at_ms: int
    room: Room
    leg_id: LegId  #: the label of the leg; a call's id for a customer leg
    sid: Sid


@message
class PartyLeft:
    """A leg is out of a room; it may live on elsewhere."""

    at_ms: int
    room: Room
    leg_id: LegId
    sid: Sid


@message
class ConnectFailed:
    """The customer could not be moved to the room of this reservation."""

    at_ms: int
    call_id: CallId
    reservation_id: ReservationId
    cause: ConnectFailure


Event = (
    ClockTicked
    | LeaderElected
    | AgentSignedIn
    | AgentWentReady
    | AgentWentNotReady
    | AgentSignedOut
    | AgentReleasedCall
    | AgentHeldCall
    | AgentResumedCall
    | AgentTransferredCall
    | AgentTransferredOut
    | ConsultAsked
    | ConsultEnded
    | AgentMergedCall
    | AgentCompletedTransfer
    | TakeoverAsked
    | ConsentGiven
    | RecordingAsked
    | RecordingChanged
    | SupervisionAsked
    | SupervisionEnded
    | WrapUpEnded
    | WrapUpExtended
    | AgentFellSilent
    | AgentHeardAgain
    | OfferAccepted
    | OfferRejected
    | AgentLegBound
    | AgentLegAnswered
    | AgentLegEnded
    | CallArrived
    | FlowEnded
    | CallQueued
    | MessagePassed
    | ConversationEnded
    | ConversationTransferred
    | CallbackAsked
    | CallbackReachedMachine
    | CallLeftQueue
    | CallWaited
    | CallEnded
    | VoicemailLeft
    | CaseOpened
    | CasePostponed
    | CaseResolved
    | CaseReopened
    | CaseRated
    | PartyJoined
    | PartyLeft
    | ConnectFailed
)
