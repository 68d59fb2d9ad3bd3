"""What a TwiML document may contain: elements, attributes, values, nesting.

The carrier executes what it can and warns about the rest, so nothing here stops a call: each
problem becomes an alert with the carrier's code. Inside `<Say>` everything goes (SSML).

Values of `language`, `voice` and `ringTone` are not listed: they grow faster than any copy of them.

Source:
    https://www.twilio.com/docs/voice/twiml and its pages per verb;
    https://www.twilio.com/docs/api/errors: 12200 (schema), 13201 (nesting in Dial), 13310-13338
    (Gather), 14203, 14204 (queue names), 16025 (participant labels).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from simulator.carrier.queues import QUEUE_NAME_CHARACTERS_MAX
from simulator.carrier.twiml import Document, Element

BOOLEAN = frozenset({"true", "false"})
METHOD = frozenset({"GET", "POST"})
PROGRESS = frozenset({"initiated", "ringing", "answered", "completed"})
TAPE_EVENTS = frozenset({"in-progress", "completed", "absent"})
TRIM = frozenset({"trim-silence", "do-not-trim"})
TRACK = frozenset({"inbound", "outbound", "both"})

#: Kinds of values beside sets of words: anything, and a number not below 0.
ANY, NUMBER = "any", "number"

Kind = str | frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One element: its attributes with the kind of their values, and what it may contain."""

    attributes: Mapping[str, Kind] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    any_children: bool = False
    """Whether anything may be inside, unchecked: the speech markup of Say."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a document, as the carrier's debugger would say."""

    code: int
    text: str


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ACTION: Mapping[str, Kind] = {"action": ANY, "method": METHOD}
_CALLBACK: Mapping[str, Kind] = {
    "url": ANY,
    "method": METHOD,
    "statusCallback": ANY,
    "statusCallbackEvent": PROGRESS,
    "statusCallbackMethod": METHOD,
}
_DETECTION: Mapping[str, Kind] = {
    "machineDetection": _words("Enable DetectMessageEnd"),
    "machineDetectionTimeout": NUMBER,
    "machineDetectionSpeechThreshold": NUMBER,
    "machineDetectionSpeechEndThreshold": NUMBER,
    "machineDetectionSilenceTimeout": NUMBER,
    "amdStatusCallback": ANY,
    "amdStatusCallbackMethod": METHOD,
}
_TAPE: Mapping[str, Kind] = {
    "recordingStatusCallback": ANY,
    "recordingStatusCallbackEvent": TAPE_EVENTS,
    "recordingStatusCallbackMethod": METHOD,
    "recordingConfigurationId": ANY,
    "trim": TRIM,
}

#: Every element that is checked, by name.
RULES: Mapping[str, Rule] = {
    "Response": Rule(
        children=_words(
            "Connect Dial Echo Enqueue Gather Hangup Leave Pause Pay Play Prompt Queue Record"
            " Redirect Refer Reject Say Sms Start Stop"
        )
    ),
    "Say": Rule({"language": ANY, "loop": NUMBER, "voice": ANY}, any_children=True),
    "Play": Rule({"digits": ANY, "loop": NUMBER}),
    "Pause": Rule({"length": NUMBER}),
    "Gather": Rule(
        {
            **_ACTION,
            "actionOnEmptyResult": BOOLEAN,
            "bargeIn": BOOLEAN,
            "debug": BOOLEAN,
            "enhanced": BOOLEAN,
            "finishOnKey": ANY,
            "hints": ANY,
            "input": _words("dtmf speech"),
            "language": ANY,
            "maxSpeechTime": NUMBER,
            "numDigits": NUMBER,
            "partialResultCallback": ANY,
            "partialResultCallbackMethod": METHOD,
            "profanityFilter": BOOLEAN,
            "speechModel": ANY,
            "speechTimeout": ANY,
            "timeout": NUMBER,
        },
        _words("Say Play Pause"),
    ),
    "Enqueue": Rule(
        {
            **_ACTION,
            "maxQueueSize": NUMBER,
            "waitUrl": ANY,
            "waitUrlMethod": METHOD,
            "workflowSid": ANY,
        },
        _words("Task"),
    ),
    "Task": Rule({"priority": NUMBER, "timeout": NUMBER}),
    "Leave": Rule(),
    "Dial": Rule(
        {
            **_ACTION,
            **_TAPE,
            "answerOnBridge": BOOLEAN,
            "callerId": ANY,
            "events": ANY,
            "hangupOnStar": BOOLEAN,
            "passports": ANY,
            "record": _words(
                "true false do-not-record record-from-answer record-from-ringing"
                " record-from-answer-dual record-from-ringing-dual"
            ),
            "recordingTrack": TRACK,
            "referMethod": METHOD,
            "referUrl": ANY,
            "ringTone": ANY,
            "sequential": BOOLEAN,
            "timeLimit": NUMBER,
            "timeout": NUMBER,
        },
        _words("Application Client Conference Number Queue Sim Sip WhatsApp"),
    ),
    "Number": Rule({**_CALLBACK, **_DETECTION, "byoc": ANY, "sendDigits": ANY}),
    "Client": Rule(_CALLBACK, _words("Identity Parameter")),
    "Sip": Rule(
        {**_CALLBACK, **_DETECTION, "username": ANY, "password": ANY}, _words("Headers SipUri")
    ),
    "Identity": Rule(),
    "Parameter": Rule({"name": ANY, "value": ANY}),
    "Queue": Rule(
        {"url": ANY, "method": METHOD, "postWorkActivitySid": ANY, "reservationSid": ANY}
    ),
    "Conference": Rule(
        {
            **_TAPE,
            "beep": _words("true false onEnter onExit"),
            "coach": ANY,
            "endConferenceOnExit": BOOLEAN,
            "eventCallbackUrl": ANY,
            "jitterBufferSize": _words("large medium small off"),
            "maxParticipants": NUMBER,
            "muted": BOOLEAN,
            "participantLabel": ANY,
            "record": _words("do-not-record record-from-start"),
            "region": _words("us1 us2 ie1 sg1 br1 au1 jp1 de1"),
            "startConferenceOnEnter": BOOLEAN,
            "statusCallback": ANY,
            "statusCallbackEvent": _words(
                "start end join leave mute hold modify speaker announcement"
            ),
            "statusCallbackMethod": METHOD,
            "waitMethod": METHOD,
            "waitUrl": ANY,
        }
    ),
    "Record": Rule(
        {
            **_ACTION,
            **_TAPE,
            "finishOnKey": ANY,
            "maxLength": NUMBER,
            "playBeep": BOOLEAN,
            "timeout": NUMBER,
            "transcribe": BOOLEAN,
            "transcribeCallback": ANY,
        }
    ),
    "Redirect": Rule({"method": METHOD}),
    "Hangup": Rule(children=_words("Parameter")),
    "Reject": Rule({"reason": _words("rejected busy")}, _words("Parameter")),
    "Sms": Rule({**_ACTION, "from": ANY, "to": ANY, "statusCallback": ANY}),
}

#: Attributes whose value is a list of words separated by spaces.
LISTS = _words("statusCallbackEvent recordingStatusCallbackEvent input")


def problems(document: Document) -> Iterator[Problem]:
    """Tell everything that is wrong with a document, in document order."""
    allowed = RULES["Response"].children
    for verb in document.verbs:
        if verb.tag not in allowed:
            yield Problem(12200, f"<{verb.tag}> is not a verb")
        yield from _element_problems(verb)


def _element_problems(element: Element) -> Iterator[Problem]:
    rule = RULES.get(element.tag)
    if rule is None:
        return
    for name, value in element.attrib.items():
        yield from _attribute_problems(element.tag, rule, name, value)
    for child in () if rule.any_children else element:
        if child.tag not in rule.children:
            code = 13201 if element.tag == "Dial" else 12200
            yield Problem(code, f"<{child.tag}> is not allowed in <{element.tag}>")
        yield from _element_problems(child)
    yield from _special_problems(element)


def _attribute_problems(tag: str, rule: Rule, name: str, value: str) -> Iterator[Problem]:
    kind = rule.attributes.get(name)
    if kind is None:
        yield Problem(12200, f"<{tag}> has no attribute {name!r}")
    elif kind == NUMBER:
        if not value.isdigit():
            yield Problem(12200, f"<{tag} {name}> is {value!r}; it must be a number")
    elif isinstance(kind, frozenset):
        words = value.split() if name in LISTS else [value]
        for word in words:
            if word not in kind:
                expected = " ".join(sorted(kind))
                yield Problem(12200, f"<{tag} {name}> is {word!r}; it must be of: {expected}")


def _special_problems(element: Element) -> Iterator[Problem]:
    name = (element.text or "").strip()
    if element.tag == "Enqueue" and not element.get("workflowSid") and not name:
        yield Problem(14204, "the queue has no name")
    if element.tag == "Enqueue" and len(name) > QUEUE_NAME_CHARACTERS_MAX:
        yield Problem(14203, f"the queue's name has {len(name)} characters; 64 is the most")
    if element.tag == "Gather":
        yield from _gather_problems(element)
    if element.tag == "Conference" and "/" in element.get("participantLabel", ""):
        yield Problem(16025, "a participantLabel has no '/'")
    if element.tag == "Dial" and not name and not len(element):
        yield Problem(13223, "<Dial> names nobody to dial")


def _gather_problems(gather: Element) -> Iterator[Problem]:
    model, pause = gather.get("speechModel", "default"), gather.get("speechTimeout", "")
    if pause == "auto" and model == "default":
        yield Problem(13335, "speechTimeout auto with the default speechModel")
    if pause == "auto" and model != "default":
        yield Problem(13335, "a speechModel needs speechTimeout as a number of seconds")
    if pause not in {"", "auto"} and not pause.isdigit():
        yield Problem(13322, f"speechTimeout is {pause!r}; it must be auto or a number")
    if gather.get("numDigits", "1") == "0":
        yield Problem(13314, "numDigits must be at least 1")
    if len(gather.get("hints", "").split(",")) > 500:
        yield Problem(13310, "hints has more than 500 entries")
