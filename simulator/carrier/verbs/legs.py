"""Dial numbers, clients and SIP addresses: child legs ring at once, the first to be ready wins.

A child that is answered hears the noun's whisper document first and may decline by `<Hangup/>`.
The first child that is through is joined with the parent; the others are cancelled. When the child
is redirected by REST it runs its own document and the parent goes on after Dial.

Source:
    https://www.twilio.com/docs/voice/twiml/dial (up to 10 nouns, statuses, DialBridged),
    https://www.twilio.com/docs/voice/twiml/number (whisper, status callbacks of the child).
"""

from collections.abc import Mapping, Sequence

import simpy

from simulator.carrier.bridges import Bridge
from simulator.carrier.calls import Call, Callback, CallOver, Detection, Ended, Redirected, Terms
from simulator.carrier.execution import Execution, Verb
from simulator.carrier.recordings import Recording
from simulator.carrier.timeline import Steps
from simulator.carrier.twiml import Document, Element, Source, TwimlError, is_true, seconds
from simulator.carrier.verbs.audio import digits_s, pause, play, say
from simulator.carrier.verbs.flow import hangup, redirect
from simulator.carrier.verbs.gather import gather
from simulator.carrier.verbs.record import recording_callback

RINGING_NOUNS = frozenset({"Number", "Client", "Sip"})
NOUNS_MAX = 10
TIMEOUT_S = 30.0

#: What a callee's document may do before the talk.
WHISPER_VERBS: Mapping[str, Verb] = {
    "Say": say,
    "Play": play,
    "Pause": pause,
    "Gather": gather,
    "Redirect": redirect,
    "Hangup": hangup,
}


class Attempt:
    """One Dial's children, until one is joined or none is left."""

    def __init__(self, execution: Execution, *, timeout_s: float) -> None:
        self.execution = execution
        self.timeout_s = timeout_s
        self.bridge: Bridge = execution.exchange.bridge()
        self.children: list[Call] = []
        self.winner: Call | None = None
        self.redirected: list[Call] = []
        """Children that REST sent elsewhere; they outlive the Dial."""
        self.settled: simpy.Event = execution.timeline.event()
        """Happens when a child is joined, or when all have failed."""

    def again(self) -> None:
        """Get ready for the next child, after all so far have failed."""
        self.settled = self.execution.timeline.event()

    def start(self, address: str, caller_id: str, terms: Terms, whisper: Source | None) -> None:
        """Make a child leg ring."""
        exchange = self.execution.exchange
        child = exchange.new_call(
            "outbound-dial", caller_id, address, terms=terms, parent=self.execution.call
        )
        self.children.append(child)
        exchange.set_going(child, self._live(child, whisper))

    def drop(self, who: str) -> None:
        """Hang up every child that is still there."""
        for child in self.children:
            if child not in self.redirected:
                child.interrupt(Ended("completed" if child.is_answered else "canceled", who))

    def status(self) -> str:
        """Return DialCallStatus: of the child that won, or else of the last one."""
        return "completed" if self.winner or self.redirected else self.children[-1].status

    def _live(self, child: Call, whisper: Source | None) -> Steps[None]:
        exchange = self.execution.exchange
        try:
            yield from exchange.ring(child, self.timeout_s)
            yield exchange.timeline.sleep(digits_s(child.terms.send_digits))
            yield from self._whisper(child, whisper)
            yield from self._talk(child)
        except simpy.Interrupt as interrupt:
            if isinstance(interrupt.cause, Redirected):
                self.redirected.append(child)
            raise
        finally:
            self._one_less(child)

    def _whisper(self, child: Call, whisper: Source | None) -> Steps[None]:
        if whisper is None:
            return
        exchange = self.execution.exchange
        try:
            yield from exchange.execution(child).follow(whisper, WHISPER_VERBS)
        except TwimlError as error:
            exchange.alert(error.code, child, str(error))
            raise CallOver from error

    def _talk(self, child: Call) -> Steps[None]:
        if self.settled.triggered or not self.execution.call.is_live:
            raise CallOver
        self.winner = child
        for other in self.children:
            if other is not child:
                other.interrupt(Ended("completed" if other.is_answered else "canceled", "dial"))
        self.execution.exchange.answer(self.execution.call)
        self.bridge.join(self.execution.call, child)
        self.settled.succeed()
        try:
            yield self.bridge.over
        finally:
            self.bridge.leave(child)

    def _one_less(self, child: Call) -> None:
        if not self.settled.triggered and not any(
            other.is_live for other in self.children if other is not child
        ):
            self.settled.succeed()


def dial_legs(
    execution: Execution,
    verb: Element,
    nouns: Sequence[Element],
    document: Document,
    cut: simpy.Event,
) -> Steps[Mapping[str, str]]:
    """Ring everybody named, at once or one by one, and talk to the first who is ready."""
    if not _may_show(execution, verb, nouns):
        return {"DialCallStatus": "failed", "DialBridged": "false"}
    attempt = Attempt(execution, timeout_s=seconds(verb, "timeout", TIMEOUT_S))
    wanted = nouns[:NOUNS_MAX]
    tape = _start_tape(execution, verb, document, "record-from-ringing")
    try:
        for group in [[noun] for noun in wanted] if is_true(verb, "sequential") else [wanted]:
            attempt.again()
            for noun in group:
                _start(attempt, verb, noun, document)
            yield attempt.settled | cut
            if attempt.winner is not None or attempt.redirected or cut.triggered:
                break
        if attempt.winner is not None and not cut.triggered:
            tape = tape or _start_tape(execution, verb, document)
            yield attempt.bridge.over | cut
    finally:
        attempt.bridge.leave(execution.call)
        attempt.drop("parent")
        if tape is not None:
            execution.exchange.recordings.stop(tape)
    if attempt.redirected and not execution.exchange.variants.dial_continues_after_child_redirect:
        raise CallOver
    taped = {} if tape is None or attempt.winner is None else {"RecordingUrl": tape.url}
    return {**_facts(attempt), **taped}


def _may_show(execution: Execution, verb: Element, nouns: Sequence[Element]) -> bool:
    """Say whether numbers may be dialled under this caller id; complain if not."""
    call, exchange = execution.call, execution.exchange
    wanted = verb.get("callerId", "")
    shown = wanted or call.from_
    goes_to_numbers = any(noun.tag == "Number" for noun in nouns)
    is_theirs = shown in {call.from_, call.to} and shown.startswith("+")
    if not goes_to_numbers or is_theirs or exchange.may_show(shown):
        return True
    if not wanted and not shown.startswith("client:"):
        return True  # the caller withheld their number; so does the Dial
    exchange.alert(13214, call, f"callerId {wanted!r} is neither owned, verified nor of this call")
    return False


def _start(attempt: Attempt, verb: Element, noun: Element, document: Document) -> None:
    """Make one noun's leg ring."""
    url = noun.get("url")
    attempt.start(
        address_of(noun),
        verb.get("callerId") or attempt.execution.call.from_,
        _terms(noun, document, seconds(verb, "timeout", TIMEOUT_S)),
        document.follow(url, noun.get("method")) if url else None,
    )


def _start_tape(
    execution: Execution, verb: Element, document: Document, since: str = ""
) -> Recording | None:
    """Record, if the Dial asks for it: from the answer, or `since` an earlier moment."""
    wish = verb.get("record", "do-not-record")
    if not (wish.startswith(since) if since else wish == "true" or wish.startswith("record-from")):
        return None
    recording = execution.exchange.recordings.start(
        "DialVerb", recording_callback(verb, document), call_sid=execution.call.sid
    )
    recording.channels = 2 if wish.endswith("-dual") else 1
    return recording


def address_of(noun: Element) -> str:
    """Return what a noun dials: a number, `client:name` or `sip:...`."""
    identity = noun.find("Identity")
    text = ((identity.text if identity is not None else noun.text) or "").strip()
    return f"client:{text}" if noun.tag == "Client" else text


def _facts(attempt: Attempt) -> dict[str, str]:
    winner = attempt.winner
    subject = winner or attempt.children[-1]
    facts = {
        "DialCallStatus": attempt.status(),
        "DialCallSid": subject.sid,
        "DialBridged": "true" if winner else "false",
    }
    if winner is not None and not attempt.redirected:
        facts["DialCallDuration"] = str(int(winner.answered_s))
    return facts


def _terms(noun: Element, document: Document, timeout_s: float) -> Terms:
    url = noun.get("statusCallback")
    events = noun.get("statusCallbackEvent", "completed").split()
    callback = Callback(
        document.resolve(url) if url else "",
        noun.get("statusCallbackMethod", "POST"),
        tuple(events),
    )
    return Terms(
        callback=callback,
        timeout_s=timeout_s,
        detection=_detection(noun, document),
        send_digits=noun.get("sendDigits", ""),
    )


def _detection(noun: Element, document: Document) -> Detection | None:
    mode = noun.get("machineDetection", "")
    if noun.tag == "Client" or mode not in {"Enable", "DetectMessageEnd"}:
        return None
    url = noun.get("amdStatusCallback")
    callback = Callback(
        document.resolve(url) if url else "", noun.get("amdStatusCallbackMethod", "POST")
    )
    return Detection(
        mode,
        is_async=True,
        timeout_s=seconds(noun, "machineDetectionTimeout", 30.0),
        callback=callback,
    )
