"""What the carrier tells after a question, as the input the interpreter understands.

What was asked decides what an answer can be: a recording's length means nothing to a menu. Anything
may be absent, and some recognisers give no confidence. A request that carries no answer although it
came back from a pause of ours (`try` in its address) is not a silence of the caller's: their keys
were lost in our outage, so the question is put again.

Source: https://www.twilio.com/docs/voice/twiml/gather (result parameters, empty result); beside it
record, dial (DialCallStatus), enqueue (what follows it) and pay (Result).
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Literal

from ivr.inputs import (
    Digits,
    Input,
    NoInput,
    PaymentDone,
    PaymentFailed,
    QueueLeft,
    QueueView,
    RecordingDone,
    Speech,
    TransferFailed,
)
from ivr.steps import Ask, Ending, Enqueue, FetchData, TakePayment, Transfer, Voicemail
from webhooks.addresses import TALK_OVER
from webhooks.hook import Hook

Asked = Literal["keys_or_speech", "recording", "data", "payment", "transfer", "queue", "nothing"]

_ASKED: Mapping[type, Asked] = {
    Ask: "keys_or_speech",
    Voicemail: "recording",
    FetchData: "data",
    TakePayment: "payment",
    Transfer: "transfer",
    Enqueue: "queue",
}

SPEECH_CHARACTERS_MAX = 2_000
SERVED = "served"
"""Why a caller has left the queue who has talked with an agent."""


class Reply(Enum):
    """What a request means that is no input for the flow."""

    AGAIN = "again"  #: put the question again
    OVER = "over"  #: the call had its conversation elsewhere and is done


def asked_by(ending: Ending) -> Asked:
    """Return what kind of answer an ending waits for."""
    return _ASKED.get(type(ending), "nothing")


def answer_in(
    hook: Hook, asked: Asked, *, at_ms: int, queues: Mapping[str, QueueView]
) -> Input | Reply:
    """Return what the caller or the carrier answered."""
    reader = _READERS.get(asked)
    if reader is None:
        return Reply.AGAIN
    given = reader(hook, at_ms, queues)
    return Reply.AGAIN if isinstance(given, NoInput) and hook.tries else given


def _keys_or_speech(hook: Hook, at_ms: int, queues: Mapping[str, QueueView]) -> Input:
    digits, text = hook.get("Digits"), hook.get("SpeechResult")
    if digits:
        return Digits(at_ms=at_ms, queues=queues, digits=digits)
    if text:
        return Speech(
            at_ms=at_ms,
            queues=queues,
            text=text[:SPEECH_CHARACTERS_MAX],
            confidence=_share(hook.get("Confidence")),
        )
    return NoInput(at_ms=at_ms, queues=queues)


def _recording(hook: Hook, at_ms: int, queues: Mapping[str, QueueView]) -> Input:
    duration_ms = hook.number("RecordingDuration") * 1000
    url = hook.get("RecordingUrl")
    return RecordingDone(at_ms=at_ms, queues=queues, duration_ms=duration_ms, url=url)


def _payment(hook: Hook, at_ms: int, queues: Mapping[str, QueueView]) -> Input:
    token = hook.get("PaymentToken") or hook.get("PaymentConfirmationCode")
    if hook.get("Result") == "success" and token:
        return PaymentDone(at_ms=at_ms, queues=queues, token=token)
    return PaymentFailed(at_ms=at_ms, queues=queues, reason=hook.get("Result") or "no result")


def _transfer(hook: Hook, at_ms: int, queues: Mapping[str, QueueView]) -> Input | Reply:
    status = hook.get("DialCallStatus")
    if status in ("completed", "answered"):
        return Reply.OVER
    return TransferFailed(at_ms=at_ms, queues=queues, reason=status or "unknown")


def _queue(hook: Hook, at_ms: int, queues: Mapping[str, QueueView]) -> Input:
    """Read from the address why the caller is here: after a talk, or nobody took them."""
    reason = SERVED if hook.path == TALK_OVER else "left"
    return QueueLeft(at_ms=at_ms, queues=queues, reason=reason)


def is_served(given: Input) -> bool:
    """Tell whether an input says that the caller has talked with an agent."""
    return isinstance(given, QueueLeft) and given.reason == SERVED


def _share(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


_READERS: Mapping[Asked, Callable[[Hook, int, Mapping[str, QueueView]], Input | Reply]] = {
    "keys_or_speech": _keys_or_speech,
    "recording": _recording,
    "payment": _payment,
    "transfer": _transfer,
    "queue": _queue,
}
