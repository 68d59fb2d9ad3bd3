"""The answer rate without lag, at four memories.

Dividing answers by dials is wrong by the calls still ringing: after a burst of dials the rate looks
low, after a pause high. So each second the launches of the last minute add what share of their
answers is *due* in that second (`expected`), and each live answer adds one to `answered`; the
quotient is the scale by which the numbers answer better or worse than their odds say. A number
without odds of its own counts with `odds_unknown`, on the high side so that a cold start is
careful.

Four memories forget after 25, 100, 400 and 1600 answers. The longest is used unless a shorter one
contradicts it by more than 2.2 standard deviations: steady lists get the precision of a long
memory, and a list that changes is followed within some dozens of answers.
"""

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np

from dialer.pacing.hazards import Floats
from dialer.pacing.ring_law import SETTLED_S_MAX

#: Answers after which a memory has forgotten to 1/e, shortest first.
MEMORIES = (25.0, 100.0, 400.0, 1600.0)
#: How many standard deviations of the shorter memory refute the longer one.
CONTRADICTION_SD = 2.2


class AnswerRate:
    """Estimates the live-answer probability of a dial."""

    def __init__(self, odds_unknown: float = 0.35, prior_answers: float = 7.0) -> None:
        self.odds_unknown = odds_unknown
        self._answered = [prior_answers] * len(MEMORIES)
        self._expected = [prior_answers] * len(MEMORIES)
        #: Odds launched in each of the last seconds, newest first.
        self._launched = np.zeros(SETTLED_S_MAX + 1)
        self._second: int | None = None
        self.scale = 1.0
        """By how much numbers answer better (above 1) or worse than their odds."""
        self.relative_error = 1.0 / sqrt(prior_answers)
        """The standard error of `scale`, relative to it."""

    def share(self, odds: float | None = None) -> float:
        """Return the live-answer probability of a number with these odds."""
        return min(0.98, self.scale * (self.odds_unknown if odds is None else odds))

    def launched(self, now_s: float, odds: float | None, masses: Floats) -> None:
        """Count a dial; `odds` None is a number nothing is known of."""
        self.advance(now_s, masses)
        self._launched[0] += self.odds_unknown if odds is None else odds

    def answered(self) -> None:
        """Count a live answer, and let every memory fade by one."""
        for index, memory in enumerate(MEMORIES):
            keep = 1.0 - 1.0 / memory
            self._answered[index] = self._answered[index] * keep + 1.0
            self._expected[index] *= keep
        self._choose()

    def advance(self, now_s: float, masses: Floats) -> None:
        """Let whole seconds pass; `masses[i]` is the share of answers due i seconds on."""
        second = int(now_s)
        if self._second is None:
            self._second = second
        steps = second - self._second
        if steps <= 0:
            return
        self._second = second
        for _ in range(min(steps, SETTLED_S_MAX + 1)):
            due = float(self._launched @ masses)
            self._expected = [expected + due for expected in self._expected]
            self._launched[1:] = self._launched[:-1]
            self._launched[0] = 0.0
        self._choose()

    def _choose(self) -> None:
        """Pick the longest memory that no shorter one contradicts."""
        scales = [a / e for a, e in zip(self._answered, self._expected, strict=True)]
        errors = [1.0 / sqrt(min(a, m)) for a, m in zip(self._answered, MEMORIES, strict=True)]
        chosen = 0
        for longer in range(1, len(MEMORIES)):
            if any(
                abs(scales[longer] - scales[i]) > CONTRADICTION_SD * scales[i] * errors[i]
                for i in range(longer)
            ):
                break
            chosen = longer
        self.scale, self.relative_error = scales[chosen], errors[chosen]

    def snapshot(self) -> dict[str, Any]:
        """Return what was learnt, and what is on the way, as plain values."""
        return {
            "answered": list(self._answered),
            "expected": list(self._expected),
            "launched": self._launched.tolist(),
            "second": self._second,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `snapshot` gave."""
        self._answered = list(state["answered"])
        self._expected = list(state["expected"])
        self._launched = np.array(state["launched"], dtype=np.float64)
        self._second = state["second"]
        self._choose()
