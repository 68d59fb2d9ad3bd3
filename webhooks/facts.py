"""From what the carrier says to what happened: webhooks turned into facts, by pure functions.

A natural key names the *fact*, not the request that told it. A leg is bound once, answered once and
ends once, whichever of several callbacks says so first, so its keys are ``<sid>|bound``,
``<sid>|answered`` and ``<sid>|ended``: the status callback `in-progress` and the request for the
opening of a dial tell one fact, and one loss of either does no harm. What may truly happen again
(a leg enters a room a second time, a caller still waits) has the carrier's own count in its key.

Order is not restored here. Callbacks arrive as separate requests in any order; what a late one
means is the centre's business.

What is personal goes to `Fact.private`, to be sealed: here nothing else than the caller's own
number and what is told about it.

Source: https://www.twilio.com/docs/voice/api/call-resource (statuses), .../voice/twiml/conference
(events), .../voice/answering-machine-detection (verdicts).
"""

from collections.abc import Mapping
from types import MappingProxyType

from acd.events import (
    UNSTAMPED,
    AgentLegAnswered,
    AgentLegBound,
    AgentLegEnded,
    CallArrived,
    CallbackReachedMachine,
    CallEnded,
    CallLeftQueue,
    CallWaited,
    ConnectFailed,
    ConnectFailure,
    FlowEnded,
    FlowOutcome,
    LegCause,
    OfferAccepted,
    OfferRejected,
    PartyJoined,
    PartyLeft,
    RecordingChanged,
    VoicemailLeft,
)
from acd.ids import CallId, CustomerId, LegId, ReservationId, Room, Sid
from acd.recordings import RecordingState
from dialer.events import (
    AnswerClassified,
    AnsweredBy,
    DialAnswered,
    DialBound,
    MessagePlayed,
    OptedOut,
)
from webhooks.hook import Hook
from webhooks.ports import Fact, Line

_CAUSES: Mapping[str, LegCause] = MappingProxyType(
    {
        "completed": LegCause.COMPLETED,
        "busy": LegCause.BUSY,
        "no-answer": LegCause.NO_ANSWER,
        "failed": LegCause.FAILED,
        "canceled": LegCause.CANCELED,
    }
)
"""Statuses after which a leg is no more."""

_PENDING = frozenset({"initiated", "queued", "ringing"})

_INVALID_SIP_CODES = frozenset({404, 410, 484, 604})
"""Not found, gone, address incomplete, does not exist anywhere (RFC 3261, section 21)."""

_VERDICTS: Mapping[str, AnsweredBy] = MappingProxyType(
    {
        "human": AnsweredBy.HUMAN,
        "machine_start": AnsweredBy.MACHINE,
        "machine_end_beep": AnsweredBy.MACHINE_BEEP,
        "machine_end_silence": AnsweredBy.MACHINE_BEEP,
        "machine_end_other": AnsweredBy.MACHINE,
        "fax": AnsweredBy.FAX,
    }
)
"""`machine_end_other` also means that the greeting was not over when the time was: not a beep."""

CUSTOMER_SID_MARK = "CA"


def terminal_cause(hook: Hook) -> LegCause | None:
    """Return why a leg is over, or None while it is not."""
    cause = _CAUSES.get(hook.get("CallStatus"))
    if cause is LegCause.FAILED and hook.number("SipResponseCode") in _INVALID_SIP_CODES:
        return LegCause.INVALID
    return cause


# --- calls that come in ----------------------------------------------------------------------


def call_arrived(hook: Hook, line: Line, customer_id: CustomerId) -> Fact:
    """A call came in on one of our lines."""
    told = {
        "number": hook.get("From"),
        "name": hook.get("CallerName"),
        "forwarded_from": hook.get("ForwardedFrom"),
        "attestation": hook.get("StirVerstat"),
    }
    return Fact(
        CallArrived(UNSTAMPED, hook.call_id, line.name, customer_id),
        f"{hook.sid}|inbound",
        subject=customer_id,
        private={name: value for name, value in told.items() if value},
    )


def call_ended(hook: Hook, cause: LegCause) -> Fact:
    """A customer's leg is over."""
    event = CallEnded(UNSTAMPED, hook.call_id, cause, hook.number("SipResponseCode"))
    return Fact(event, f"{hook.sid}|ended")


def call_left_queue(hook: Hook, ordinal: int) -> Fact:
    """A caller is out of the carrier's queue, and nobody took them.

    Args:
        hook: The request.
        ordinal: Of the step in which they waited: a caller may wait more than once.
    """
    event = CallLeftQueue(UNSTAMPED, hook.call_id, "key")
    return Fact(event, f"{hook.call_id}|left|{ordinal}")


def call_waited(hook: Hook) -> Fact:
    """A caller in the carrier's queue asked for the waiting document once more."""
    queue_sid = Sid(hook.get("QueueSid"))
    once = hook.request_id or hook.get("QueueTime")
    return Fact(
        CallWaited(UNSTAMPED, hook.call_id, queue_sid), f"{hook.sid}|waited|{queue_sid}|{once}"
    )


def transferred(hook: Hook) -> Fact:
    """Somebody outside answered a caller whom the flow sent on."""
    event = FlowEnded(UNSTAMPED, hook.call_id, FlowOutcome.TRANSFERRED)
    return Fact(event, f"{hook.call_id}|transferred")


def voicemail_left(hook: Hook) -> list[Fact]:
    """What the end of a recording tells: a message was left, if there is anything on it.

    Told by the request after the tone, and once more when the recording is stored. The first comes
    while the call is still up, so that its outcome is right when it ends.
    """
    recording_sid = Sid(hook.get("RecordingSid") or hook.get("RecordingUrl").rpartition("/")[2])
    duration_ms = hook.number("RecordingDuration") * 1000
    if not recording_sid or not duration_ms:
        return []
    event = VoicemailLeft(UNSTAMPED, hook.call_id, recording_sid, duration_ms)
    return [Fact(event, f"{recording_sid}|voicemail")]


def recording_over(hook: Hook) -> list[Fact]:
    """What a status callback of a recording tells: that it is stored, or came to nothing."""
    if hook.get("RecordingStatus") not in ("completed", "absent"):
        return []
    sid = Sid(hook.told("RecordingSid"))
    event = RecordingChanged(UNSTAMPED, hook.call_id, sid, RecordingState.OFF)
    return [Fact(event, f"{sid}|off")]


# --- agents' legs ----------------------------------------------------------------------------


def agent_leg_changed(hook: Hook) -> list[Fact]:
    """What a status callback of an agent's leg tells."""
    leg_id, sid, status = hook.leg_id, hook.sid, hook.get("CallStatus")
    cause = terminal_cause(hook)
    if cause is not None:
        return [Fact(AgentLegEnded(UNSTAMPED, leg_id, sid, cause), f"{sid}|ended")]
    if status == "in-progress":
        return [Fact(AgentLegAnswered(UNSTAMPED, leg_id, sid), f"{sid}|answered")]
    if status in _PENDING:
        return [Fact(AgentLegBound(UNSTAMPED, leg_id, sid), f"{sid}|bound")]
    return []


def offer_accepted(reservation_id: ReservationId) -> Fact:
    """An agent pressed the key that takes the call."""
    return Fact(OfferAccepted(UNSTAMPED, reservation_id), f"{reservation_id}|accepted")


def offer_rejected(reservation_id: ReservationId) -> Fact:
    """An agent pressed a key, and not the one that takes the call."""
    return Fact(OfferRejected(UNSTAMPED, reservation_id), f"{reservation_id}|rejected")


def nobody_took(leg_id: LegId, sid: Sid) -> Fact:
    """Whatever picked up an agent's phone pressed nothing: for the centre nobody answered.

    The leg ends with the document that follows; the carrier's word about that is the same fact.
    """
    return Fact(AgentLegEnded(UNSTAMPED, leg_id, sid, LegCause.NO_ANSWER), f"{sid}|ended")


# --- rooms -----------------------------------------------------------------------------------


def room_changed(hook: Hook) -> list[Fact]:
    """Who entered or left a room; other events of a room mean nothing to the centre."""
    what = hook.get("StatusCallbackEvent")
    types: dict[str, type[PartyJoined | PartyLeft]] = {
        "participant-join": PartyJoined,
        "participant-leave": PartyLeft,
    }
    changed = types.get(what)
    if changed is None:
        return []
    sid = hook.sid
    leg_id = LegId(hook.get("ParticipantLabel") or sid)
    event = changed(UNSTAMPED, Room(hook.get("FriendlyName")), leg_id, sid)
    count = hook.get("SequenceNumber") or hook.request_id
    return [Fact(event, f"{hook.get('ConferenceSid')}|{what}|{sid}|{count}")]


def connect_failed(hook: Hook, reservation_id: ReservationId) -> Fact:
    """The customer did not get into the room of a reservation."""
    event = ConnectFailed(UNSTAMPED, hook.call_id, reservation_id, ConnectFailure.REFUSED)
    return Fact(event, f"{hook.call_id}|{reservation_id}|connect-failed")


def room_label(call_id: CallId) -> str | None:
    """Return the label of a customer's leg in a room.

    The carrier refuses a call sid as a label (error 16025). A call that came in is named by its
    sid, so it goes without: its events carry the sid anyway.
    """
    return None if call_id.startswith(CUSTOMER_SID_MARK) else call_id


# --- dials -----------------------------------------------------------------------------------


def dial_changed(hook: Hook) -> list[Fact]:
    """What a status callback of a dial tells."""
    cause = terminal_cause(hook)
    if cause is not None:
        return [call_ended(hook, cause)]
    status = hook.get("CallStatus")
    if status == "in-progress":
        return [dial_answered(hook)]
    if status in _PENDING:
        return [Fact(DialBound(UNSTAMPED, hook.call_id, hook.sid), f"{hook.sid}|bound")]
    return []


def dial_answered(hook: Hook) -> Fact:
    """A dial was picked up."""
    return Fact(DialAnswered(UNSTAMPED, hook.call_id, hook.sid), f"{hook.sid}|answered")


def dial_picked_up(hook: Hook) -> list[Fact]:
    """What the request for the opening tells: answered, and by whom if detection came first.

    Detection before the document is refused by the settings' check, for it means silence; should
    the carrier be set so all the same, its verdict is not lost.
    """
    told = [dial_answered(hook)]
    return [*told, answer_classified(hook)] if hook.get("AnsweredBy") else told


def answer_classified(hook: Hook) -> Fact:
    """Machine detection gave its verdict; one we do not know counts as unknown."""
    verdict = _VERDICTS.get(hook.get("AnsweredBy"), AnsweredBy.UNKNOWN)
    detection_ms = hook.number("MachineDetectionDuration")
    event = AnswerClassified(UNSTAMPED, hook.call_id, verdict, detection_ms)
    return Fact(event, f"{hook.sid}|classified")


def callback_reached_machine(hook: Hook) -> list[Fact]:
    """What the verdict about a callback tells: news only if it is not a person's voice."""
    verdict = _VERDICTS.get(hook.get("AnsweredBy"), AnsweredBy.UNKNOWN)
    if verdict in (AnsweredBy.HUMAN, AnsweredBy.UNKNOWN):
        return []
    event = CallbackReachedMachine(UNSTAMPED, hook.call_id)
    return [Fact(event, f"{hook.sid}|machine")]


def message_played(hook: Hook) -> Fact:
    """A recorded message was heard to its end."""
    return Fact(MessagePlayed(UNSTAMPED, hook.call_id), f"{hook.sid}|played")


def opted_out(hook: Hook) -> Fact:
    """The called person pressed the key that asks not to be called again."""
    return Fact(OptedOut(UNSTAMPED, hook.call_id), f"{hook.sid}|opted-out")
