"""The abandonment meter: abandoned over live answers, as each window defines it.

One campaign is measured by several windows at once: the legal one (30 days in the United States), a
shift, a 24-hour cap. Each says what counts as abandoned (how long an agent may take, from which
instant the wait counts, whether people taken for machines are added), over which time, and what
happens at the limit. All figures are integers; shares are in parts per million, so equal journals
give equal meters on any processor.

A live answer is counted when its end is known, at that instant; instants never go back.
*Successive* windows start with the campaign and follow each other; a *rolling* one always covers
the last `length_ms`; *shift* windows start when told. The property tests compare every window with
a recount from the raw answers.

Detection errors are an estimate: of `n` machine verdicts, `n x errors_ppm` are taken to have been
people, all of them abandoned. `errors_ppm` comes from the controlled sample of machine answers.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Any

from dialer.compliance.rules import AbandonLimit
from dialer.compliance.windows import DAY_MS

PPM = 1_000_000


@unique
class WindowKind(StrEnum):
    """Which answers a window covers."""

    SUCCESSIVE = "successive"
    ROLLING = "rolling"
    SHIFT = "shift"


@dataclass(frozen=True, slots=True)
class WindowRule:
    """What one window counts, and its limit."""

    name: str
    kind: WindowKind
    length_ms: int
    """Ignored for a shift."""
    rate_ppm_max: int
    agent_within_ms: int = 2000
    clock: str = "greeting_end"
    """Where the wait for an agent begins: "answer" or "greeting_end"."""
    counts_detection_errors: bool = False
    counts_early_hang_ups: bool = True
    """Whether people who hung up before the limit, unconnected, count as abandoned."""
    is_hard: bool = False
    breach_risk_ppm_max: int | None = None

    def __post_init__(self) -> None:
        """Refuse figures that make no window."""
        if self.kind is not WindowKind.SHIFT and self.length_ms <= 0:
            raise ValueError(f"{self.name}: length_ms must be above 0, not {self.length_ms}")
        if not 0 <= self.rate_ppm_max <= PPM:
            raise ValueError(f"{self.name}: rate_ppm_max must lie in 0..{PPM}")
        if self.clock not in {"answer", "greeting_end"}:
            raise ValueError(f"{self.name}: clock must be answer or greeting_end")


def window_of_law(rule: AbandonLimit) -> WindowRule:
    """Return the window that a jurisdiction's abandonment limit prescribes."""
    return WindowRule(
        name=rule.id,
        kind=WindowKind(rule.window),
        length_ms=rule.window_days * DAY_MS,
        rate_ppm_max=round(rule.percent_max * PPM / 100),
        agent_within_ms=rule.agent_within_ms,
        clock=rule.clock,
        counts_detection_errors=rule.counts_detection_errors,
    )


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """One call answered by a person, when all is known of it."""

    known_at_ms: int
    answered_at_ms: int
    greeting_end_at_ms: int | None = None
    """When the person finished their greeting; None when it could not be told."""
    connected_at_ms: int | None = None
    """When an agent joined; None when none did."""
    hung_up_at_ms: int | None = None
    """When the person hung up unconnected."""

    def is_abandoned(self, rule: WindowRule) -> bool:
        """Tell whether the answer counts as abandoned under a window's rule."""
        starts_at_ms = self.answered_at_ms
        if rule.clock == "greeting_end" and self.greeting_end_at_ms is not None:
            starts_at_ms = self.greeting_end_at_ms
        limit_at_ms = starts_at_ms + rule.agent_within_ms
        if self.connected_at_ms is not None:
            return self.connected_at_ms > limit_at_ms
        is_early = self.hung_up_at_ms is not None and self.hung_up_at_ms <= limit_at_ms
        return rule.counts_early_hang_ups or not is_early


@dataclass(frozen=True, slots=True)
class Standing:
    """How one window stands at an instant."""

    name: str
    answers: int
    abandons: int
    """Estimated detection errors included, where the window counts them."""
    rate_ppm_max: int
    is_hard: bool
    breach_risk_ppm_max: int | None
    starts_at_ms: int
    """When the window, or this one of the successive ones, began."""
    ends_at_ms: int | None
    """When a successive window ends; None for the others."""

    @property
    def is_over(self) -> bool:
        """Tell whether the rate is above the limit."""
        return self.abandons * PPM > self.rate_ppm_max * self.answers


@dataclass(slots=True)
class _Count:
    """One window's running count."""

    rule: WindowRule
    starts_at_ms: int
    answers: int = 0
    abandons: int = 0
    machines: int = 0
    kept: deque[tuple[int, int]] = field(default_factory=deque)
    """Rolling windows only: (instant, 0 answer, 1 abandoned answer or 2 machine), in order."""

    def advance(self, at_ms: int) -> None:
        """Forget what the window no longer covers at this instant."""
        if self.rule.kind is WindowKind.ROLLING:
            while self.kept and self.kept[0][0] <= at_ms - self.rule.length_ms:
                self._add(self.kept.popleft()[1], -1)
        elif self.rule.kind is WindowKind.SUCCESSIVE:
            periods = (at_ms - self.starts_at_ms) // self.rule.length_ms
            if periods > 0:
                self.restart(self.starts_at_ms + periods * self.rule.length_ms)

    def count(self, at_ms: int, what: int) -> None:
        """Count one answer or machine verdict."""
        self.advance(at_ms)
        self._add(what, 1)
        if self.rule.kind is WindowKind.ROLLING:
            self.kept.append((at_ms, what))

    def _add(self, what: int, sign: int) -> None:
        if what == _MACHINE:
            self.machines += sign
        else:
            self.answers += sign
            self.abandons += sign * what

    def restart(self, at_ms: int) -> None:
        """Begin a new window."""
        self.starts_at_ms = at_ms
        self.answers = self.abandons = self.machines = 0
        self.kept.clear()


_ANSWER, _ABANDONED, _MACHINE = 0, 1, 2


class AbandonmentMeter:
    """Counts one campaign's answers in all its windows."""

    def __init__(
        self, rules: Iterable[WindowRule], started_at_ms: int, errors_ppm: int = 0
    ) -> None:
        self._counts = {rule.name: _Count(rule, started_at_ms) for rule in rules}
        self.errors_ppm = errors_ppm

    def on_answer(self, answer: LiveAnswer) -> None:
        """Count a live answer whose end is known."""
        for count in self._counts.values():
            is_abandoned = answer.is_abandoned(count.rule)
            count.count(answer.known_at_ms, _ABANDONED if is_abandoned else _ANSWER)

    def on_machine(self, at_ms: int) -> None:
        """Count a machine verdict, for windows that add detection errors."""
        for count in self._counts.values():
            if count.rule.counts_detection_errors:
                count.count(at_ms, _MACHINE)

    def on_shift_started(self, at_ms: int) -> None:
        """Begin every shift window anew."""
        for count in self._counts.values():
            if count.rule.kind is WindowKind.SHIFT:
                count.restart(at_ms)

    def standings(self, at_ms: int) -> list[Standing]:
        """Return how every window stands, in the order the rules were given."""
        return [self._standing(count, at_ms) for count in self._counts.values()]

    def _standing(self, count: _Count, at_ms: int) -> Standing:
        count.advance(at_ms)
        rule = count.rule
        errors = count.machines * self.errors_ppm // PPM
        is_successive = rule.kind is WindowKind.SUCCESSIVE
        return Standing(
            name=rule.name,
            answers=count.answers + errors,
            abandons=count.abandons + errors,
            rate_ppm_max=rule.rate_ppm_max,
            is_hard=rule.is_hard,
            breach_risk_ppm_max=rule.breach_risk_ppm_max,
            starts_at_ms=count.starts_at_ms,
            ends_at_ms=count.starts_at_ms + rule.length_ms if is_successive else None,
        )

    def snapshot(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        return {
            name: {
                "starts_at_ms": count.starts_at_ms,
                "counts": [count.answers, count.abandons, count.machines],
                "kept": [list(entry) for entry in count.kept],
            }
            for name, count in self._counts.items()
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up the counts of the windows that still exist; a new window starts empty."""
        for name, count in self._counts.items():
            if name in state:
                kept = state[name]
                count.starts_at_ms = kept["starts_at_ms"]
                count.answers, count.abandons, count.machines = kept["counts"]
                count.kept = deque((at_ms, what) for at_ms, what in kept["kept"])
