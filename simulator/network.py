"""The telephone network as a dialer meets it: what becomes of each call.

A dialled number is answered by a person, by a machine, or by nobody; it may be busy or not exist.
Answered calls pass machine detection, whose verdict takes time and errs both ways: some machines
pass for people and take a few seconds of an agent, some people are taken for machines and never
reach one.

`Network.dial` draws a whole `Fate` at once, so that the n-th dial of a run meets the same fate
under every pacer (common random numbers) as long as the answer rate does not depend on time.

Two detection timings exist. With no verdict delay a person is offered at the answer and a machine
is recognised `machine_verdict_s` after its answer. With a delay everybody is offered at the
verdict, as with asynchronous detection at Twilio, whose verdict comes about four seconds after the
answer.

Source: Twilio, "Answering machine detection FAQ and best practices" (average time to the verdict).
"""

from dataclasses import dataclass

import numpy as np

from simulator.distributions import draw_lognormal


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """How numbers answer. Shares of unanswered calls are of those that no person answers."""

    ring_human_s: float = 10.0
    ring_human_cv: float = 0.5
    ring_timeout_s: float = 25.0
    ring_machine_s: float = 14.0
    machine_verdict_s: float = 3.0
    busy_s: float = 4.0
    invalid_s: float = 2.0
    machine_share: float = 0.45
    no_answer_share: float = 0.35
    busy_share: float = 0.12
    machine_passes_share: float = 0.05
    """Machines taken for people."""
    human_refused_share: float = 0.03
    """People taken for machines."""
    verdict_delay_s: float = 0.0
    """Mean time from answer to verdict for everybody; 0 offers people at the answer."""
    verdict_delay_cv: float = 0.35


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one dial."""

    outcome: str
    """As the dialer hears it: human, machine, busy, no_answer or invalid."""
    answered_after_s: float | None
    """Dialling to answer; None when nobody and nothing answers."""
    settled_after_s: float
    """Dialling to outcome: the verdict of an answered call, the end of another."""
    is_person: bool


class Network:
    """Draws the fate of one dial after another."""

    def __init__(self, settings: NetworkSettings, rng: np.random.Generator) -> None:
        self._settings = settings
        self._rng = rng

    def dial(self, answer_share: float) -> Fate:
        """Return what becomes of a call to a number that a person answers with this probability."""
        is_person, kind, mistake = self._rng.random(3)
        ring_s = self._ring_human_s()
        verdict_s = self._verdict_s()
        settings = self._settings
        if is_person < answer_share:
            outcome = "machine" if mistake < settings.human_refused_share else "human"
            return self._answered(outcome, ring_s, verdict_s, is_person=True)
        if kind < settings.machine_share:
            outcome = "human" if mistake < settings.machine_passes_share else "machine"
            return self._answered(outcome, settings.ring_machine_s, verdict_s, is_person=False)
        kind -= settings.machine_share
        if kind < settings.no_answer_share:
            return Fate("no_answer", None, settings.ring_timeout_s, is_person=False)
        if kind - settings.no_answer_share < settings.busy_share:
            return Fate("busy", None, settings.busy_s, is_person=False)
        return Fate("invalid", None, settings.invalid_s, is_person=False)

    def _answered(self, outcome: str, ring_s: float, verdict_s: float, *, is_person: bool) -> Fate:
        """Add the verdict's delay; without one, a person who passes is offered at the answer."""
        settings = self._settings
        if settings.verdict_delay_s > 0.0:
            delay_s = verdict_s
        elif is_person and outcome == "human":
            delay_s = 0.0
        else:
            delay_s = settings.machine_verdict_s
        return Fate(outcome, ring_s, ring_s + delay_s, is_person)

    def _ring_human_s(self) -> float:
        """Draw a person's time to answer, under the ring time-out."""
        settings = self._settings
        drawn_s = draw_lognormal(self._rng, settings.ring_human_s, settings.ring_human_cv)
        while drawn_s >= settings.ring_timeout_s:
            drawn_s = draw_lognormal(self._rng, settings.ring_human_s, settings.ring_human_cv)
        return drawn_s

    def _verdict_s(self) -> float:
        settings = self._settings
        if settings.verdict_delay_s <= 0.0:
            return 0.0
        return draw_lognormal(self._rng, settings.verdict_delay_s, settings.verdict_delay_cv)
