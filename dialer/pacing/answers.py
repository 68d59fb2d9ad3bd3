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
from typing import Any

import numpy as np

from dialer.pacing.hazards import Floats
from dialer.pacing.ring_law import SETTLED_S_MAX

#: Answers after which a memory has forgotten to 1/e, shortest first.
MEMORIES: Floats = np.array([25.0, 100.0, 400.0, 1600.0])
#: How many standard deviations of the shorter memory refute the longer one.
CONTRADICTION_SD = 2.2


class AnswerRate:
    """Estimates the live-answer probability of a dial."""

    def __init__(self, odds_unknown: float = 0.35, prior_answers: float = 7.0) -> None:
        self.odds_unknown = odds_unknown
        self._answered = np.full(len(MEMORIES), prior_answers)
        self._expected = np.full(len(MEMORIES), prior_answers)
        #: Odds launched in each of the last seconds, newest first.
        self._launched = np.zeros(SETTLED_S_MAX + 1)
        self._second: int | None = None
        self._scale, self._error = 1.0, 1.0 / np.sqrt(prior_answers)

    @property
    def scale(self) -> float:
        """Return by how much numbers answer better (above 1) or worse than their odds."""
        return float(self._scale)

    @property
    def relative_error(self) -> float:
        """Return the standard error of `scale`, relative to it."""
        return float(self._error)

    def share(self, odds: float | None = None) -> float:
        """Return the live-answer probability of a number with these odds."""
        return min(0.98, self.scale * (self.odds_unknown if odds is None else odds))

    def launched(self, now_s: float, odds: float | None, masses: Floats) -> None:
        """Count a dial; `odds` None is a number nothing is known of."""
        self.advance(now_s, masses)
        self._launched[0] += self.odds_unknown if odds is None else odds

    def answered(self) -> None:
        """Count a live answer, and let every memory fade by one."""
        keep = 1.0 - 1.0 / MEMORIES
        self._answered = self._answered * keep + 1.0
        self._expected *= keep
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
            self._expected += self._launched @ masses
            self._launched[1:] = self._launched[:-1]
            self._launched[0] = 0.0
        self._choose()

    def _choose(self) -> None:
        """Pick the longest memory that no shorter one contradicts."""
        scales = self._answered / self._expected
        spreads = 1.0 / np.sqrt(np.minimum(self._answered, MEMORIES))
        chosen = 0
        for longer in range(1, len(MEMORIES)):
            gaps = np.abs(scales[longer] - scales[:longer])
            if np.any(gaps > CONTRADICTION_SD * scales[:longer] * spreads[:longer]):
                break
            chosen = longer
        self._scale, self._error = scales[chosen], spreads[chosen]

    def snapshot(self) -> dict[str, Any]:
        """Return what was learnt as plain values; calls on the way are not kept."""
        return {"answered": self._answered.tolist(), "expected": self._expected.tolist()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `snapshot` gave."""
        self._answered = np.array(state["answered"], dtype=np.float64)
        self._expected = np.array(state["expected"], dtype=np.float64)
        self._choose()
