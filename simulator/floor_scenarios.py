"""The floors on which pacers are compared.

`sN` is N agents and an answer share of .30; `-p15`, `-p50` another share; `-t180` longer talks;
`stepN` goes .35, .20, .35 in three equal parts; `churn50` has agents who come and go unannounced
(45 minutes on, 15 off, both exponential); in `burst50` all sign in at the same second and take two
common breaks of 15 minutes; in `relay50` everybody works an hour and a quarter of an hour passes
until the next one sits down.

Figures on short runs mislead: a scenario's utilisation is good to about 0.4 points over a dozen
hours, and small floors need many hours to tell 3 % from 5 %. `hours` are what the bench runs of
each seed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from simulator.network import NetworkSettings

#: How many numbers are at hand to choose from.
NUMBERS_AT_HAND = 64


@dataclass(frozen=True, slots=True)
class Presence:
    """One turn of an agent at work."""

    from_s: float
    until_s: float


@dataclass(frozen=True, slots=True)
class ShiftLimit:
    """A limit on the abandonment of the shift as a whole, shown to the pacer as a window."""

    rate_max: float = 0.03
    is_hard: bool = False
    breach_risk_max: float | None = None


@dataclass(frozen=True, slots=True)
class FloorScenario:
    """One outbound floor."""

    name: str
    agents: int
    hours: float = 8.0
    answer_shares: tuple[float, ...] = (0.30,)
    """The share of people who answer, in equal parts of the shift."""
    talk_s: float = 120.0
    talk_cv: float = 1.0
    wrap_s: float = 30.0
    wrap_cv: float = 0.6
    grace_s: float = 2.0
    attendance: str = "steady"
    announces_leaving: bool = False
    """Whether an agent who will leave after the contact in hand says so, and the pacer hears it."""
    preview_s: float = 0.0
    """Mean time an agent looks at a lead before dialling; 0 when calls come unannounced."""
    odds_sd: float = 0.0
    """Spread of the answer share over numbers (Beta); 0 when all are alike."""
    odds_error: float | None = None
    """Standard error with which history knows each number's share; None when it does not."""
    shift_limit: ShiftLimit | None = None
    dialled_share: float = 1.0
    """The part of the list that the shift gets to, best odds first where odds are known."""
    network: NetworkSettings = field(default_factory=NetworkSettings)

    @property
    def shift_s(self) -> float:
        """Return the length of the shift."""
        return self.hours * 3600.0

    @property
    def calls_per_s_max(self) -> float:
        """Return the carrier's call rate for a floor of this size."""
        return max(5.0, 0.2 * self.agents)

    def answer_share(self, now_s: float) -> float:
        """Return the share of people who answer at this time of the shift."""
        parts = len(self.answer_shares)
        part = int(now_s / self.shift_s * parts)
        return self.answer_shares[min(parts - 1, part)]

    def presences(self, rng: np.random.Generator) -> list[list[Presence]]:
        """Return each agent's turns."""
        return [ATTENDANCE[self.attendance](self.shift_s, rng) for _ in range(self.agents)]

    def numbers(self, truth: np.random.Generator, knowledge: np.random.Generator) -> NumberList:
        """Return the list this floor dials."""
        return NumberList(self, truth, knowledge)


def _steady(shift_s: float, rng: np.random.Generator) -> list[Presence]:
    """Sign in during the first five minutes and stay."""
    return [Presence(float(rng.uniform(0.0, 300.0)), shift_s + 1.0)]


def _churn(shift_s: float, rng: np.random.Generator) -> list[Presence]:
    """Come and go: 45 minutes on, 15 off, on average."""
    turns = []
    from_s = float(rng.uniform(0.0, 900.0))
    while from_s < shift_s:
        until_s = from_s + float(rng.exponential(2700.0))
        turns.append(Presence(from_s, until_s))
        from_s = until_s + float(rng.exponential(900.0))
    return turns


def _relay(shift_s: float, rng: np.random.Generator) -> list[Presence]:
    """Man a seat by turns of an hour, a quarter of an hour apart."""
    starts_s = np.arange(float(rng.uniform(0.0, 4500.0)) - 4500.0, shift_s, 4500.0)
    return [
        Presence(max(0.0, float(start_s)), float(start_s) + 3600.0)
        for start_s in starts_s
        if start_s + 3600.0 > 0.0
    ]


def _burst(shift_s: float, rng: np.random.Generator) -> list[Presence]:
    """Start together and take two common breaks of a quarter of an hour."""
    del rng
    thirds_s = (shift_s / 3, 2 * shift_s / 3)
    starts_s = (0.0, *(third_s + 900.0 for third_s in thirds_s))
    ends_s = (*thirds_s, shift_s + 1.0)
    return [Presence(start, end) for start, end in zip(starts_s, ends_s, strict=True)]


ATTENDANCE = {"steady": _steady, "churn": _churn, "burst": _burst, "relay": _relay}


@dataclass(frozen=True, slots=True)
class Number:
    """A number to dial: how it answers, and what is known of that."""

    answer_share: float
    odds: float | None


class NumberList:
    """Numbers to dial, with what history knows of each."""

    def __init__(
        self,
        scenario: FloorScenario,
        truth: np.random.Generator,
        knowledge: np.random.Generator,
    ) -> None:
        self._scenario, self._truth, self._knowledge = scenario, truth, knowledge
        self.has_odds = scenario.odds_error is not None
        self._next: deque[Number] = deque()

    def take(self, now_s: float) -> Number:
        """Return the next number and take it off the list."""
        if not self.has_odds and self._scenario.odds_sd == 0.0:
            return Number(self._scenario.answer_share(now_s), None)
        self._fill(now_s)
        return self._next.popleft()

    def next_odds(self) -> Sequence[float]:
        """Return what is known of the numbers that come next."""
        self._fill(0.0)
        return [number.odds or 0.0 for number in self._next]

    def _fill(self, now_s: float) -> None:
        """Keep numbers at hand: the best of a longer stretch of the list, or as they come."""
        if len(self._next) >= NUMBERS_AT_HAND:
            return
        stretch = round(NUMBERS_AT_HAND / self._scenario.dialled_share)
        numbers = [self._draw(now_s) for _ in range(stretch)]
        if self.has_odds:
            numbers.sort(key=lambda number: number.odds or 0.0, reverse=True)
        self._next.extend(numbers[:NUMBERS_AT_HAND])

    def _draw(self, now_s: float) -> Number:
        scenario = self._scenario
        mean, sd = scenario.answer_share(now_s), scenario.odds_sd
        strength = mean * (1.0 - mean) / sd**2 - 1.0
        share = float(self._truth.beta(mean * strength, (1.0 - mean) * strength))
        if scenario.odds_error is None:
            return Number(share, None)
        error = float(self._knowledge.normal(0.0, scenario.odds_error))
        return Number(share, min(0.95, max(0.01, share + error)))


_STEPS = (0.35, 0.20, 0.35)

SCENARIOS: dict[str, FloorScenario] = {
    scenario.name: scenario
    for scenario in (
        FloorScenario("s5", 5, hours=9.0),
        FloorScenario("s10", 10, hours=9.0),
        FloorScenario("s20", 20, hours=9.0),
        FloorScenario("s50", 50, hours=8.0),
        FloorScenario("s100", 100, hours=8.0),
        FloorScenario("s300", 300, hours=6.0),
        FloorScenario("s10-p15", 10, hours=9.0, answer_shares=(0.15,)),
        FloorScenario("s50-p15", 50, hours=8.0, answer_shares=(0.15,)),
        FloorScenario("s50-p50", 50, hours=8.0, answer_shares=(0.50,)),
        FloorScenario("s20-t180", 20, hours=9.0, talk_s=180.0),
        FloorScenario("step10", 10, hours=9.0, answer_shares=_STEPS),
        FloorScenario("step50", 50, hours=9.0, answer_shares=_STEPS),
        FloorScenario("churn50", 50, hours=8.0, attendance="churn"),
        FloorScenario("burst50", 50, hours=8.0, attendance="burst"),
        FloorScenario("relay50", 50, hours=8.0, attendance="relay"),
    )
}


def with_verdict_delay(scenario: FloorScenario, delay_s: float = 4.0) -> FloorScenario:
    """Return the floor with the carrier's verdict this long after the answer.

    The law's two seconds begin at the end of the greeting, which is estimated as one second before
    the verdict, so one second is left to find an agent.
    """
    network = replace(scenario.network, verdict_delay_s=delay_s)
    return replace(scenario, name=f"{scenario.name}-verdict", network=network, grace_s=1.0)


def with_announced_leaving(scenario: FloorScenario) -> FloorScenario:
    """Return the floor with agents who say that they will leave after the contact in hand."""
    return replace(scenario, name=f"{scenario.name}-announced", announces_leaving=True)


def with_history(
    scenario: FloorScenario, *, known: bool, dialled_share: float = 0.1
) -> FloorScenario:
    """Return the floor with numbers that differ: Beta(mean as given, sd .15), known within .05.

    A list is long against a shift: the shift gets to `dialled_share` of it. Where history is known
    that is the best part of the list for this hour, else a random one.
    """
    return replace(
        scenario,
        name=f"{scenario.name}-{'known' if known else 'unknown'}",
        odds_sd=0.15,
        odds_error=0.05 if known else None,
        dialled_share=dialled_share,
    )


VARIANTS: dict[str, Callable[[FloorScenario], FloorScenario]] = {
    "verdict": with_verdict_delay,
    "known": partial(with_history, known=True),
    "unknown": partial(with_history, known=False),
    "announced": with_announced_leaving,
}
"""What may follow a floor's name: `s10-known` is ten agents and numbers with a history."""


def floor_named(name: str) -> FloorScenario | None:
    """Return the floor of this name, variants included; None if there is none.

    Example:
        >>> floor_named("s10-verdict").network.verdict_delay_s
        4.0
    """
    if name in SCENARIOS:
        return SCENARIOS[name]
    base, _, variant = name.rpartition("-")
    known = floor_named(base) if base and variant in VARIANTS else None
    return None if known is None else VARIANTS[variant](known)
