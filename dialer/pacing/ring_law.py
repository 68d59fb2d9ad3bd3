"""When a dial is settled: the law of the time from dialling to its outcome.

Two laws are kept, one for live answers (G) and one for every other end (O), each a histogram of
whole seconds over a lognormal prior. The time runs to the *verdict*: where machine detection takes
four seconds after the answer, those four seconds are part of G, because only then is an agent
needed.
"""

import numpy as np

from dialer.pacing.hazards import Floats, LognormalPrior

#: The longest time to an outcome that is told apart, in seconds.
SETTLED_S_MAX = 75
WHOLE_S: Floats = np.arange(-1.0, SETTLED_S_MAX + 1.0)


class RingLaw:
    """A learnt distribution of whole seconds, 0 to `SETTLED_S_MAX`."""

    def __init__(
        self, prior: LognormalPrior, prior_count: float = 20.0, count_max: float = 4000.0
    ) -> None:
        at_s = np.arange(SETTLED_S_MAX + 1, dtype=np.float64)
        masses = -np.diff(prior.survival(at_s), prepend=1.0)
        self._counts: Floats = prior_count * masses / masses.sum()
        self._count_max = count_max
        self._cdf = self._cumulate()

    def observe(self, age_s: float) -> None:
        """Count one dial settled at this age; `refresh` lets the law see it."""
        cell = min(SETTLED_S_MAX, max(0, int(np.ceil(age_s))))
        self._counts[cell] += 1.0
        if self._counts.sum() > self._count_max:
            self._counts /= 2.0

    def refresh(self) -> None:
        """Bring the cumulative law up to date with the counts."""
        self._cdf = self._cumulate()

    def cdf(self, age_s: Floats) -> Floats:
        """Return P(settled by each age): linear between whole seconds, 0 below, 1 above."""
        return np.interp(age_s, WHOLE_S, self._cdf)

    def masses(self) -> Floats:
        """Return the share settled while a dial's mean age goes from i - 1/2 to i + 1/2 seconds.

        Dials of one second are on average half a second old when it ends.
        """
        halves_s = np.arange(-0.5, SETTLED_S_MAX + 1.0)
        return np.diff(self.cdf(halves_s))

    def _cumulate(self) -> Floats:
        """Return the cumulative law at -1, 0, 1, ... seconds."""
        total = np.cumsum(self._counts)
        return np.concatenate(([0.0], total / total[-1]))

    def snapshot(self) -> list[float]:
        """Return the counts as plain values."""
        return [float(count) for count in self._counts]

    def restore(self, state: list[float]) -> None:
        """Take up the counts that `snapshot` gave."""
        self._counts = np.array(state, dtype=np.float64)
        self._cdf = self._cumulate()
