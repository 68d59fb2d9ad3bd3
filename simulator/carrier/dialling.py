"""Reaching the far end: the calls-per-second queue, ringing, and machine detection.

A dial takes its turn, tells `initiated`, rings (the network may not say so), and is answered or
ends as busy, unanswered or failed. After the answer of a call with machine detection the verdict
comes some seconds later: the first document waits for it (synchronous) or not (asynchronous).

Source:
    https://www.twilio.com/docs/voice/api/call-resource (Timeout and its five seconds of buffer,
    excess over the calls per second waits in the carrier's queue),
    https://www.twilio.com/docs/voice/answering-machine-detection (values by mode, time-out).
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from simulator.carrier.callbacks import Reporter
from simulator.carrier.calls import Call, CallOver, Detection
from simulator.carrier.faults import FaultPlan
from simulator.carrier.people.manners import Callee
from simulator.carrier.people.person import Person
from simulator.carrier.people.population import Dials, Population
from simulator.carrier.timeline import Steps, Timeline
from simulator.carrier.variants import Variants

#: Seconds from the dial to the first sign of life of the network.
SETUP_S = 1.0

#: Seconds the carrier adds to a ring time-out.
BUFFER_S = 5.0


class CallRate:
    """The carrier's queue of calls placed by REST: so many leave it in a second."""

    def __init__(self, timeline: Timeline, calls_per_s: float) -> None:
        self._timeline = timeline
        self._gap_s = 1.0 / calls_per_s
        self._free_at_s = 0.0

    @property
    def estimated_wait_s(self) -> float:
        """How long a call placed now would wait."""
        return max(0.0, self._free_at_s - self._timeline.now_s)

    def turn(self) -> Steps[None]:
        """Wait for a turn."""
        wait_s = self.estimated_wait_s
        self._free_at_s = self._timeline.now_s + wait_s + self._gap_s
        yield self._timeline.sleep(wait_s)


class Network(Protocol):
    """What dialling needs of the exchange."""

    timeline: Timeline
    population: Population
    reporter: Reporter
    variants: Variants
    faults: FaultPlan


class Dialler:
    """Dial one leg's far end and say how it went."""

    def __init__(self, network: Network, incoming: Callable[[Call], Call | None]) -> None:
        self._timeline = network.timeline
        self._population = network.population
        self._reporter = network.reporter
        self._variants = network.variants
        self._faults = network.faults
        self._incoming = incoming
        self._dials = Dials()

    def ring(self, call: Call, timeout_s: float) -> Steps[None]:
        """Return when the far end has answered and may hear the first document.

        Raises:
            CallOver: It was not answered; with the final status.
        """
        call.started_at_s = self._timeline.now_s
        self._reporter.progress(call, "initiated")
        own = self._incoming(call)
        if own is not None:
            yield from self._loop_back(call, own, self._limit_s(timeout_s))
            return
        callee = self._population.callee(self._dials.next(call.to, call.from_))
        call.person = Person(call, callee.manner, self._timeline)
        yield from self._ring(call, callee, self._limit_s(timeout_s))
        self._answered(call)
        if call.terms.detection is not None:
            yield from self._detect(call, callee, call.terms.detection)

    def next_callee(self, to: str, from_: str) -> Callee:
        """Return who the next dial of an address would reach, without dialling."""
        return self._population.callee(self._dials.peek(to, from_))

    def _limit_s(self, timeout_s: float) -> float:
        """Return how long it rings at most."""
        return timeout_s + (BUFFER_S if self._variants.ring_timeout_has_buffer else 0.0)

    def _ring(self, call: Call, callee: Callee, limit_s: float) -> Steps[None]:
        setup_s = min(SETUP_S, callee.ring_s)
        yield self._timeline.sleep(setup_s)
        if callee.pick_up in {"unreachable", "invalid"}:
            raise CallOver("failed")
        if callee.rings:
            call.become("ringing")
            if not self._faults.strikes("ringing_missing", call.sid):
                self._reporter.progress(call, "ringing")
        if callee.pick_up == "no-answer" or callee.ring_s > limit_s:
            yield self._timeline.sleep(limit_s - setup_s)
            raise CallOver("no-answer")
        yield self._timeline.sleep(callee.ring_s - setup_s)
        if callee.pick_up in {"busy", "rejects"}:
            raise CallOver("busy")

    def _loop_back(self, call: Call, own: Call, limit_s: float) -> Steps[None]:
        """Reach one of the account's own numbers: an inbound leg is the far end."""
        call.become("ringing")
        self._reporter.progress(call, "ringing")
        call.gone.callbacks.append(lambda _: own.put_down())
        own.gone.callbacks.append(lambda _: call.put_down())
        yield own.picked_up | own.gone | self._timeline.sleep(limit_s)
        if own.is_live and not own.is_answered:
            raise CallOver("no-answer")
        if not own.is_answered:
            raise CallOver(own.status if own.status in {"busy", "no-answer"} else "failed")
        self._answered(call)

    def _answered(self, call: Call) -> None:
        call.become("in-progress")
        self._reporter.progress(call, "answered")
        if call.person is not None:
            call.person.answered()

    def _detect(self, call: Call, callee: Callee, detection: Detection) -> Steps[None]:
        verdict, after_s = verdict_of(callee, detection)
        if detection.is_async:
            if after_s is not None:
                self._timeline.later(
                    after_s, lambda: self._verdict(call, detection, verdict, after_s)
                )
            return
        waits_s = detection.timeout_s if after_s is None else after_s
        yield self._timeline.sleep(waits_s)
        call.answered_by = verdict if after_s is not None else "unknown"
        call.detection_ms = round(waits_s * 1000)

    def first_facts(self, call: Call) -> Mapping[str, str]:
        """Return what the first request of an answered call says beside the usual.

        That is the verdict of synchronous detection; no later webhook repeats it.
        """
        if call.terms.detection is None or call.terms.detection.is_async:
            return {}
        facts = {"AnsweredBy": call.answered_by}
        if self._variants.sync_detection_sends_duration:
            facts["MachineDetectionDuration"] = str(call.detection_ms)
        return facts

    def _verdict(self, call: Call, detection: Detection, verdict: str, after_s: float) -> None:
        """Bring an asynchronous verdict; a call that has ended meanwhile gets none."""
        if not call.is_live and not self._faults.strikes("verdict_after_hang_up", call.sid):
            return
        call.answered_by = verdict
        call.detection_ms = round(after_s * 1000)
        if detection.callback.url:
            self._reporter.verdict(call, detection.callback)


def verdict_of(callee: Callee, detection: Detection) -> tuple[str, float | None]:
    """Return what detection says of a callee and after how long; None: it never says.

    Example:
        >>> verdict_of(Callee(kind="machine", detection_s=3.0), Detection("Enable", True))
        ('machine_start', 3.0)
    """
    verdict: str = callee.detected_as or callee.kind
    if verdict == "machine":
        waits_for_end = detection.mode == "DetectMessageEnd"
        verdict = f"machine_end_{callee.ending}" if waits_for_end else "machine_start"
    after_s = callee.detection_s
    if after_s is not None and after_s > detection.timeout_s:
        is_machine = verdict.startswith("machine_end")
        return ("machine_end_other" if is_machine else "unknown"), detection.timeout_s
    return verdict, after_s
