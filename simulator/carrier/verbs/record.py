"""Record: a beep, what the far end says, and where the recording is.

Source:
    https://www.twilio.com/docs/voice/twiml/record (defaults; the action gets RecordingUrl,
    RecordingDuration and Digits, which is the finishing key or `hangup`; without an action the
    current document is requested again; 16101: too short or silent).
"""

from dataclasses import dataclass, field

import simpy

from simulator.carrier.calls import Callback, Ended
from simulator.carrier.execution import Execution, Steps
from simulator.carrier.people.speech import speech_s
from simulator.carrier.timeline import Timeline
from simulator.carrier.twiml import Document, Element, Fetch, Source, seconds

BEEP_S = 0.5


@dataclass(eq=False, slots=True)
class Tape:
    """Takes speech and the finishing key; the call's listener while recording."""

    timeline: Timeline
    finish_on_key: str
    silent_from_s: float
    key: str = ""
    words: list[str] = field(default_factory=list)
    more: simpy.Event = field(init=False)

    def __post_init__(self) -> None:
        self.more = self.timeline.event()

    def pressed(self, key: str) -> None:
        """Finish at one of the finishing keys."""
        if key in self.finish_on_key and not self.key:
            self.key = key
            self._note()

    def spoke(self, text: str, _confidence: float | None) -> None:
        """Record an utterance; silence counts from its end."""
        begin_s = max(self.silent_from_s, self.timeline.now_s)
        self.silent_from_s = begin_s + speech_s(text)
        self.words.append(text)
        self._note()

    def _note(self) -> None:
        self.more.succeed()
        self.more = self.timeline.event()


def record(execution: Execution, verb: Element, document: Document) -> Steps[Source | None]:
    """Record until silence, a key, the longest length or the end of the call."""
    timeline, exchange, call = execution.timeline, execution.exchange, execution.call
    if verb.get("playBeep") != "false":
        yield timeline.sleep(BEEP_S)
    began_s = timeline.now_s
    tape = Tape(timeline, verb.get("finishOnKey", "1234567890*#"), began_s)
    call.listener = tape
    execution.tell("", 0.0, ("record",))
    digits = ""
    callback = recording_callback(verb, document)
    try:
        yield from _roll(tape, verb, began_s)
        digits = tape.key
    except simpy.Interrupt as interrupt:
        if isinstance(interrupt.cause, Ended):
            taken = exchange.recordings.keep(call.sid, began_s, callback)
            facts = {**taken, "Digits": "hangup"}
            call.farewells.append(document.follow(verb.get("action"), verb.get("method"), facts))
        raise
    finally:
        call.listener = None
    if not tape.words and not tape.key:
        exchange.alert(16102, call, "the recording is silent; the next verb runs")
        return None
    facts = exchange.recordings.keep(call.sid, began_s, callback)
    following: Fetch = document.follow(
        verb.get("action"), verb.get("method"), {**facts, "Digits": digits}
    )
    return following


def _roll(tape: Tape, verb: Element, began_s: float) -> Steps[None]:
    timeline = tape.timeline
    timeout_s = seconds(verb, "timeout", 5.0)
    most_s = seconds(verb, "maxLength", 3600.0)
    while not tape.key:
        until_s = min(tape.silent_from_s + timeout_s, began_s + most_s)
        if until_s <= timeline.now_s:
            return
        yield timeline.sleep(until_s - timeline.now_s) | tape.more


def recording_callback(verb: Element, document: Document) -> Callback:
    """Read where the recording made by an element is told."""
    url = verb.get("recordingStatusCallback")
    return Callback(
        document.resolve(url) if url else "",
        verb.get("recordingStatusCallbackMethod", "POST"),
        tuple(verb.get("recordingStatusCallbackEvent", "completed").split()),
    )
