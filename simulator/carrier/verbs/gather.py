"""Gather: prompt, then keys or speech, then the action.

The nested prompt plays until it ends or the first input; the time-out starts then. With keys, it
starts anew after every key. With speech, the result comes when silence has followed the utterance.
Nothing entered falls through to the next verb, unless `actionOnEmptyResult`.

Source:
    https://www.twilio.com/docs/voice/twiml/gather (attributes, defaults, finishOnKey, the first
    kind of input detected wins; a finish key with nothing before it counts as no input).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import simpy

from simulator.carrier.calls import Callback
from simulator.carrier.execution import Execution, Steps
from simulator.carrier.people.speech import speech_s
from simulator.carrier.timeline import Timeline
from simulator.carrier.twiml import Document, Element, Source, is_true, seconds
from simulator.carrier.verbs.audio import LOUD, lasts_s, words

#: Silence after which `speechTimeout="auto"` takes an utterance for finished, in seconds.
AUTO_SILENCE_S = 0.8

#: An utterance is cut off after this many seconds.
SPEECH_S_MAX = 60.0


@dataclass(eq=False, slots=True)
class Intake:
    """Takes what is keyed or said until it is complete; the call's listener meanwhile."""

    timeline: Timeline
    kinds: tuple[str, ...]
    finish_on_key: str
    digits_max: int | None
    timeout_s: float
    silence_s: float
    keys: str = ""
    speech: str = ""
    confidence: float | None = None
    begun: simpy.Event = field(init=False)
    """Happens with the first input."""
    last_at_s: float = 0.0
    is_complete: bool = False
    more: simpy.Event = field(init=False)
    """Happens with the next key; renewed each time."""

    def __post_init__(self) -> None:
        self.begun = self.timeline.event()
        self.more = self.timeline.event()

    def pressed(self, key: str) -> None:
        """Take a key, unless keys are not asked for or speech came first."""
        if "dtmf" not in self.kinds or self.speech or self.is_complete:
            return
        if key in self.finish_on_key:
            self.is_complete = True
        else:
            self.keys += key
            self.is_complete = len(self.keys) == self.digits_max
        self._note()

    def spoke(self, text: str, confidence: float | None) -> None:
        """Take an utterance, unless speech is not asked for or a key came first."""
        if "speech" not in self.kinds or self.keys or self.speech:
            return
        self.speech, self.confidence = text, confidence
        self._note()

    def _note(self) -> None:
        self.last_at_s = self.timeline.now_s
        if not self.begun.triggered:
            self.begun.succeed()
        self.more.succeed()
        self.more = self.timeline.event()

    def take(self, prompt_s: float) -> Steps[None]:
        """Wait for the prompt to end and for input to be complete or to fail to come."""
        timeline = self.timeline
        yield timeline.sleep(prompt_s) | self.begun
        if not self.begun.triggered:
            yield timeline.sleep(self.timeout_s) | self.begun
        if self.speech:
            spoken_s = min(speech_s(self.speech), SPEECH_S_MAX)
            yield timeline.sleep(spoken_s + self.silence_s)
            return
        while self.keys and not self.is_complete:
            before = self.keys
            yield timeline.sleep(self.timeout_s) | self.more
            if self.keys == before and not self.is_complete:
                return


def gather(execution: Execution, verb: Element, document: Document) -> Steps[Source | None]:
    """Ask for input and go where it leads."""
    nested = [part for part in verb if part.tag in LOUD]
    text = " ".join(filter(None, (words(part) for part in nested)))
    prompt_s = sum(lasts_s(part) for part in nested)
    intake = _intake(execution.timeline, verb)
    execution.call.listener = intake
    try:
        execution.tell(text, prompt_s, intake.kinds)
        _tell_partially(execution, verb, document, intake)
        yield from intake.take(prompt_s)
    finally:
        execution.call.listener = None
    extra = _result(execution, intake)
    if not extra:
        if not is_true(verb, "actionOnEmptyResult"):
            return None
        extra = _blank(execution, intake)
    return document.follow(verb.get("action"), verb.get("method"), extra)


def _intake(timeline: Timeline, verb: Element) -> Intake:
    timeout_s = seconds(verb, "timeout", 5.0)
    silence = verb.get("speechTimeout", "")
    most = verb.get("numDigits", "")
    return Intake(
        timeline,
        kinds=tuple(verb.get("input", "dtmf").split()),
        finish_on_key=verb.get("finishOnKey", "#"),
        digits_max=int(most) if most.isdigit() else None,
        timeout_s=timeout_s,
        silence_s=AUTO_SILENCE_S
        if silence == "auto"
        else seconds(verb, "speechTimeout", timeout_s),
    )


def _tell_partially(
    execution: Execution, verb: Element, document: Document, intake: Intake
) -> None:
    """Arrange for the first half of an utterance to be told while it is still spoken."""
    url = verb.get("partialResultCallback")
    if not url:
        return
    callback = Callback(document.resolve(url), verb.get("partialResultCallbackMethod", "POST"))

    def tell(_begun: simpy.Event) -> None:
        words = intake.speech.split()
        if words:
            half = " ".join(words[: (len(words) + 1) // 2])
            execution.exchange.reporter.partial_speech(execution.call, callback, half)

    assert intake.begun.callbacks is not None, "nothing has been entered yet"
    intake.begun.callbacks.append(tell)


def _result(execution: Execution, intake: Intake) -> Mapping[str, str]:
    if intake.keys:
        return {"Digits": intake.keys}
    if not intake.speech:
        return {}
    found = {"SpeechResult": intake.speech}
    if intake.confidence is not None and execution.exchange.variants.confidence_is_sent:
        found["Confidence"] = f"{intake.confidence:.7f}"
    return found


def _blank(execution: Execution, intake: Intake) -> Mapping[str, str]:
    if not execution.exchange.variants.empty_gather_sends_blank:
        return {}
    return {"Digits": ""} if "dtmf" in intake.kinds else {"SpeechResult": ""}
