"""Which parameters each REST operation knows, and what its answer consists of.

The carrier ignores a parameter it does not know; that is nearly always a misspelling. Requests are
checked against these tables and every unknown name becomes an alert (20001), so that a test can ask
that there be none.

Source:
    The OpenAPI document of the REST API, https://github.com/twilio/twilio-oai (MIT), restated.
"""

from collections.abc import Iterable, Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PAGING = _words("PageSize Page PageToken")

_PROGRESS = _words("StatusCallback StatusCallbackMethod StatusCallbackEvent")
_TAPE = _words(
    "RecordingChannels RecordingTrack RecordingStatusCallback RecordingStatusCallbackMethod"
    " RecordingStatusCallbackEvent Trim"
)
_DETECTION = _words(
    "MachineDetection MachineDetectionTimeout MachineDetectionSpeechThreshold"
    " MachineDetectionSpeechEndThreshold MachineDetectionSilenceTimeout"
)
_SIP = _words("SipAuthUsername SipAuthPassword Byoc CallToken CallReason ClientNotificationUrl")

_NUMBER = _words(
    "ApiVersion FriendlyName SmsApplicationSid SmsFallbackMethod SmsFallbackUrl"
    " SmsMethod SmsUrl StatusCallback StatusCallbackMethod VoiceApplicationSid"
    " VoiceCallerIdLookup VoiceFallbackMethod VoiceFallbackUrl VoiceMethod VoiceUrl"
    " EmergencyStatus EmergencyAddressSid TrunkSid VoiceReceiveMode IdentitySid AddressSid"
    " BundleSid"
)

#: Known parameters by method and path below the account.
KNOWN: Mapping[tuple[str, str], frozenset[str]] = {
    ("POST", "/Calls.json"): _PROGRESS
    | _TAPE
    | _DETECTION
    | _SIP
    | _words(
        "To From Url Twiml ApplicationSid Method FallbackUrl FallbackMethod SendDigits Timeout"
        " Record CallerId TimeLimit AsyncAmd AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod"
    ),
    ("GET", "/Calls.json"): PAGING
    | _words(
        "To From ParentCallSid Status StartTime StartTime< StartTime> EndTime EndTime< EndTime>"
    ),
    ("POST", "/Calls/<sid>.json"): _words(
        "Url Method Status FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod Twiml"
        " TimeLimit"
    ),
    ("POST", "/Queues.json"): _words("FriendlyName MaxSize"),
    ("POST", "/Queues/<sid>.json"): _words("FriendlyName MaxSize"),
    ("POST", "/Queues/<sid>/Members/<call_sid>.json"): _words("Url Method"),
    ("GET", "/Queues.json"): PAGING,
    ("GET", "/Queues/<sid>/Members.json"): PAGING,
    ("GET", "/Conferences.json"): PAGING
    | _words(
        "DateCreated DateCreated< DateCreated> DateUpdated DateUpdated< DateUpdated>"
        " FriendlyName Status"
    ),
    ("POST", "/Conferences/<sid>.json"): _words("Status AnnounceUrl AnnounceMethod"),
    ("POST", "/Conferences/<room>/Participants.json"): _PROGRESS
    | _TAPE
    | _DETECTION
    | _SIP
    | _words(
        "From To Label Timeout Record Muted Beep StartConferenceOnEnter EndConferenceOnExit"
        " WaitUrl WaitMethod EarlyMedia MaxParticipants ConferenceRecord ConferenceTrim"
        " ConferenceStatusCallback ConferenceStatusCallbackMethod ConferenceStatusCallbackEvent"
        " ConferenceRecordingStatusCallback ConferenceRecordingStatusCallbackMethod"
        " ConferenceRecordingStatusCallbackEvent Region Coaching CallSidToCoach JitterBufferSize"
        " CallerId TimeLimit AmdStatusCallback AmdStatusCallbackMethod CallerDisplayName"
    ),
    ("GET", "/Conferences/<room>/Participants.json"): PAGING | _words("Muted Hold Coaching"),
    ("POST", "/Conferences/<room>/Participants/<sid_or_label>.json"): _words(
        "Muted Hold HoldUrl HoldMethod AnnounceUrl AnnounceMethod WaitUrl WaitMethod BeepOnExit"
        " EndConferenceOnExit Coaching CallSidToCoach"
    ),
    ("POST", "/Messages.json"): _words(
        "To From Body StatusCallback ApplicationSid MaxPrice ProvideFeedback Attempt"
        " ValidityPeriod ForceDelivery ContentRetention AddressRetention SmartEncoded"
        " PersistentAction TrafficType ShortenUrls ScheduleType SendAt SendAsMms ContentVariables"
        " RiskCheck MessagingServiceSid MediaUrl ContentSid"
    ),
    ("POST", "/Messages/<sid>.json"): _words("Body Status"),
    ("GET", "/Messages.json"): PAGING | _words("To From DateSent DateSent< DateSent>"),
    ("POST", "/Calls/<call_sid>/Recordings.json"): _TAPE,
    ("POST", "/Calls/<call_sid>/Recordings/<sid>.json"): _words("Status PauseBehavior"),
    ("GET", "/Calls/<call_sid>/Recordings.json"): PAGING
    | _words("DateCreated DateCreated< DateCreated>"),
    ("GET", "/Conferences/<conference_sid>/Recordings.json"): PAGING
    | _words("DateCreated DateCreated< DateCreated>"),
    ("POST", "/Conferences/<conference_sid>/Recordings/<sid>.json"): _words("Status PauseBehavior"),
    ("GET", "/Recordings.json"): PAGING
    | _words("DateCreated DateCreated< DateCreated> CallSid ConferenceSid IncludeSoftDeleted"),
    ("GET", "/OutgoingCallerIds.json"): PAGING | _words("PhoneNumber FriendlyName"),
    ("GET", "/IncomingPhoneNumbers.json"): PAGING | _words("Beta FriendlyName PhoneNumber Origin"),
    ("POST", "/IncomingPhoneNumbers.json"): _NUMBER | _words("PhoneNumber AreaCode"),
    ("POST", "/IncomingPhoneNumbers/<sid>.json"): _NUMBER | _words("AccountSid"),
}


def unknown(method: str, rule: str, names: Iterable[str]) -> list[str]:
    """Return the parameters an operation does not know, each once, in order."""
    known = KNOWN.get((method, rule), frozenset())
    return [name for name in dict.fromkeys(names) if name not in known]
