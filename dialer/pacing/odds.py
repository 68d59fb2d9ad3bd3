"""How likely a number is to be answered by a person, learnt from every attempt.

Two sources. **Traits** (the hour, how often the lead was tried, mobile or fixed, the region) act
each by a factor on the campaign's answer rate. A trait's factor is answers observed over answers
expected, where *expected* is what the rate and the other traits foretold at the time; so a trait is
not credited with what another one explains. A few expected answers of prior evidence draw a new
trait's factor to 1.

A **number's own record** then draws the figure towards what that number has done: with m the
figure of its traits, d dials and a answers it is the posterior mean of a Beta law,
(s m + a) / (s + d). The strength s follows from how far numbers differ: a law of mean .30 and
standard deviation .15 has strength 8.3.
To know a number within .05 takes some 75 dials of its own; before, traits say most.

Evidence fades, each trait by its own answers, so habits that change are followed. Nothing here
knows a telephone number; who asks supplies the traits as texts.

Source: observed over expected is the minimum-bias estimator of a multiplicative rate (Bailey and
Simon, ASTIN Bulletin 1:4, 1960); the posterior mean of a binomial share is in any textbook.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

RATE = ""
"""The trait that everybody has: its factor is the campaign's answer rate over `RATE_USUAL`."""

RATE_USUAL = 0.30
"""The answer rate before anything is known."""

EVIDENCE = 5.0
"""Expected answers that the belief in a factor of 1 is worth."""

MEMORY = 2_000.0
"""Expected answers after which a trait's evidence is halved."""

OWN_STRENGTH = 8.3
"""Dials of its own that outweigh half of what a number's traits say."""

ODDS_MIN, ODDS_MAX = 0.01, 0.95


@dataclass(slots=True)
class Evidence:
    """What was seen of one trait."""

    answered: float = 0.0
    expected: float = 0.0

    @property
    def factor(self) -> float:
        """Return by how much numbers of this trait answer better than others."""
        return (self.answered + EVIDENCE) / (self.expected + EVIDENCE)


@dataclass(frozen=True, slots=True)
class Record:
    """What one number has done."""

    dials: int = 0
    answers: int = 0


class AnswerOdds:
    """Learns a campaign's answer odds."""

    def __init__(self, evidence: Mapping[str, Evidence] | None = None) -> None:
        self._evidence = dict(evidence or {})

    def odds(self, traits: Sequence[str], record: Record = Record()) -> float:
        """Return the chance that a person answers a number of these traits, 0.01..0.95."""
        foretold = self._foretold((RATE, *traits))
        own = OWN_STRENGTH * foretold + record.answers
        return _within(own / (OWN_STRENGTH + record.dials))

    def permille(self, traits: Sequence[str], record: Record = Record()) -> int:
        """Return the same in whole thousandths, as a lead carries it."""
        return round(1_000 * self.odds(traits, record))

    def learn(self, traits: Sequence[str], *, is_answered: bool) -> list[str]:
        """Learn from one attempt; return the traits whose evidence changed, the rate's included."""
        names = [RATE, *traits]
        expected = self._foretold(names)
        for name in names:
            evidence = self._evidence.setdefault(name, Evidence())
            evidence.answered += is_answered
            evidence.expected += expected / evidence.factor
            if evidence.expected > MEMORY:
                evidence.answered /= 2.0
                evidence.expected /= 2.0
        return names

    def evidence(self, names: Iterable[str]) -> list[tuple[str, Evidence]]:
        """Return what was seen of these traits, for whoever keeps it."""
        return [(name, self._evidence[name]) for name in names]

    def _foretold(self, names: Iterable[str]) -> float:
        odds = RATE_USUAL
        for name in names:
            seen = self._evidence.get(name)
            if seen is not None:
                odds *= seen.factor
        return _within(odds)


def _within(odds: float) -> float:
    return min(ODDS_MAX, max(ODDS_MIN, odds))
