"""Webhooks against the documented parameter sets: all that must be there, and no others.

Every kind has a base. What else may be there comes in groups: if one of a group is there, the whole
group has to be, and only in a webhook of the kinds it belongs to.

Source: https://www.twilio.com/docs/voice/twiml (every voice webhook), .../docs/voice/twiml/gather,
.../enqueue, .../dial, .../queue, .../record, .../conference, .../docs/voice/api/call-resource,
.../docs/voice/api/recording, .../docs/voice/answering-machine-detection,
.../docs/messaging/guides/webhook-request.
"""

from dataclasses import dataclass


def words(text):
    return frozenset(text.split())


@dataclass(frozen=True)
class Group:
    """Parameters that come together; `may` only beside them."""

    must: frozenset
    may: frozenset = frozenset()


VOICE = words("CallSid AccountSid From To Caller Called CallStatus ApiVersion Direction")
ORIGIN = Group(words("CallToken StirVerstat"))
FROM = Group(
    words("FromCity FromState FromZip FromCountry CallerCity CallerState CallerZip CallerCountry")
)
TO = Group(words("ToCity ToState ToZip ToCountry CalledCity CalledState CalledZip CalledCountry"))
TEXT_FROM = Group(words("FromCity FromState FromZip FromCountry"))
TEXT_TO = Group(words("ToCity ToState ToZip ToCountry"))
PARENT = Group(words("ParentCallSid"))
PROGRESS = words("Timestamp SequenceNumber CallbackSource")
CONFERENCE = words(
    "ConferenceSid FriendlyName AccountSid SequenceNumber Timestamp StatusCallbackEvent"
)
RECORDING = words(
    "AccountSid RecordingSid RecordingUrl RecordingStatus RecordingDuration RecordingChannels"
    " RecordingStartTime RecordingSource RecordingTrack"
)
MESSAGE = words("MessageSid SmsSid AccountSid From To ApiVersion SmsStatus")

BASES = {
    "voice": VOICE,
    "status": VOICE | PROGRESS,
    "partial": VOICE | words("UnstableSpeechResult SequenceNumber"),
    "amd": words("CallSid AccountSid AnsweredBy MachineDetectionDuration"),
    "conference": CONFERENCE,
    "recording": RECORDING,
    "message": MESSAGE | words("SmsMessageSid Body NumMedia NumSegments"),
    "message-status": MESSAGE | words("MessageStatus"),
}

GROUPS = {
    "voice": (
        ORIGIN,
        PARENT,
        FROM,
        TO,
        Group(words("Digits")),
        Group(words("SpeechResult"), words("Confidence")),
        Group(words("AnsweredBy"), words("MachineDetectionDuration")),
        Group(words("QueuePosition QueueSid QueueTime AvgQueueTime CurrentQueueSize MaxQueueSize")),
        Group(words("QueueResult"), words("QueueSid QueueTime")),
        Group(words("DequeingCallSid QueueSid QueueTime")),
        Group(
            words("DialCallStatus"),
            words(
                "DialCallSid DialCallDuration DialBridged RecordingUrl QueueResult QueueSid"
                " QueueTime"
            ),
        ),
        Group(words("RecordingUrl RecordingSid RecordingDuration"), words("Digits")),
        Group(words("ErrorCode ErrorUrl")),
    ),
    "status": (
        ORIGIN,
        PARENT,
        FROM,
        TO,
        Group(words("StirStatus")),
        Group(
            words("CallDuration Duration SipResponseCode"),
            words("RecordingUrl RecordingSid RecordingDuration"),
        ),
    ),
    "partial": (ORIGIN, PARENT, FROM, TO),
    "amd": (),
    "conference": (
        Group(
            words("CallSid Muted Hold Coaching EndConferenceOnExit StartConferenceOnEnter"),
            words("ParticipantLabel ReasonParticipantLeft ParticipantCallStatus"),
        ),
        Group(
            words("ReasonConferenceEnded"),
            words("Reason CallSidEndingConference ParticipantLabelEndingConference"),
        ),
    ),
    "recording": (Group(words("CallSid")), Group(words("ConferenceSid"))),
    "message": (TEXT_FROM, TEXT_TO),
    "message-status": (Group(words("ErrorCode")),),
}

FINAL = words("completed busy no-answer failed canceled")


def problems(kind, params):
    """Return what is wrong with a webhook's parameters, in words; nothing if all is documented."""
    if kind not in BASES:
        return [f"a webhook of kind {kind} is not documented"]
    told = dict(params)
    names = set(told)
    wrong = [f"{kind} lacks {name}" for name in sorted(BASES[kind] - names)]
    allowed = set(BASES[kind])
    for group in GROUPS[kind]:
        if group.must <= names:
            allowed |= group.must | group.may
    wrong += [f"{kind} has {name}" for name in sorted(names - allowed)]
    wrong += [f"{kind} has {name} twice" for name in twice(params)]
    wrong += [f"{kind}: {name} is no text" for name, value in params if not isinstance(value, str)]
    return wrong + beside(kind, told)


def twice(params):
    names = [name for name, _ in params]
    return sorted({name for name in names if names.count(name) > 1})


def beside(kind, told):
    """Return what does not go together with the values."""
    wrong = []
    if kind == "status":
        is_over = told.get("CallStatus") in FINAL
        if is_over != ("CallDuration" in told):
            wrong.append(f"status {told.get('CallStatus')} and CallDuration do not go together")
    if "CallToken" in told and told.get("Direction") != "inbound":
        wrong.append(f"{kind} has a CallToken on a call that is not inbound")
    if ("ParentCallSid" in told) and told.get("Direction") == "outbound-api":
        wrong.append(f"{kind} has a parent on a call made by REST")
    return wrong
