"""How a campaign stands before the law: each legal window counted by both starts of the clock.

Laws differ on when the wait for an agent begins: at the answer, or at the end of the person's
greeting. A window's own clock decides whether it is kept; the other is shown beside it, so that
nobody has to believe one definition. The answer's clock starts earlier and never gives the lower
figure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from dialer.compliance.book import Applicable
from dialer.compliance.meter import (
    AbandonmentMeter,
    LiveAnswer,
    Standing,
    window_of_law,
)
from dialer.compliance.rules import AbandonLimit, Purpose


@dataclass(slots=True)
class AnswerLog:
    """What the abandonment of one campaign is counted from."""

    started_at_ms: int  #: its first dial: successive windows are counted from there
    dials: int = 0
    answers: list[LiveAnswer] = field(default_factory=list)  #: of people, in any order
    machines_at_ms: list[int] = field(default_factory=list)  #: answers taken for machines


@dataclass(frozen=True, slots=True)
class WindowAccount:
    """One legal window, at an instant."""

    limit: AbandonLimit
    by_answer: Standing
    by_greeting_end: Standing

    @property
    def binding(self) -> Standing:
        """The standing by the clock that the rule itself names."""
        return self.by_answer if self.limit.clock == "answer" else self.by_greeting_end


def account(
    rules: Applicable, purpose: Purpose, log: AnswerLog, at_ms: int, errors_ppm: int = 0
) -> list[WindowAccount]:
    """Count a campaign's answers in every window that binds it.

    Args:
        rules: The rules that bind the campaign.
        purpose: Why it calls.
        log: Its answers.
        at_ms: The instant asked about; what was known later is left out.
        errors_ppm: Of a million answers taken for machines, how many were people.
    """
    limits = list(rules.of(AbandonLimit, purpose))
    windows = [window_of_law(limit) for limit in limits]
    facts: list[tuple[int, LiveAnswer | None]] = [
        (answer.known_at_ms, answer) for answer in log.answers if answer.known_at_ms <= at_ms
    ]
    facts += [(instant, None) for instant in log.machines_at_ms if instant <= at_ms]
    facts.sort(key=lambda fact: fact[0])
    by_clock: list[list[Standing]] = []
    for clock in ("answer", "greeting_end"):
        counted = [replace(window, clock=clock) for window in windows]
        meter = AbandonmentMeter(counted, log.started_at_ms, errors_ppm)
        _count(meter, facts)
        by_clock.append(meter.standings(at_ms))
    return [WindowAccount(*one) for one in zip(limits, *by_clock, strict=True)]


def _count(meter: AbandonmentMeter, facts: Iterable[tuple[int, LiveAnswer | None]]) -> None:
    for instant, answer in facts:
        if answer is None:
            meter.on_machine(instant)
        else:
            meter.on_answer(answer)
