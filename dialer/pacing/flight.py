"""Calls on the way: how likely each is to be answered by a person, and by when.

A call that has been on the way for r seconds without an outcome is live with a posterior
probability that falls as r passes the time by which people answer. By s seconds from now it has
turned into a live answer with probability

    a(s) = p [G(r + s) - G(r)] / (p [1 - G(r)] + (1 - p) [1 - O(r)]),

p its answer probability, G the law of the time to a live answer, O that of every other end. Both
laws change slowly, so what does not depend on p is tabulated by r twice a minute. A call that is
answered but not yet told apart from a machine is a coin with the learnt share of people among
answers.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dialer.pacing.hazards import Floats, Indices, LognormalPrior
from dialer.pacing.ring_law import SETTLED_S_MAX, RingLaw

#: Answer times looked at, in seconds from now.
TIMES_S: Floats = np.arange(0.0, 41.0, 2.0)
#: Answer times less likely than this do not count.
WEIGHT_MIN = 1e-3
REFRESHED_EVERY_S = 30.0
#: Ages are told apart to a quarter of a second.
ROWS_PER_S = 4
#: The outcomes of calls that somebody or something answered.
ANSWERED = frozenset({"human", "machine", "fax", "screened", "unknown"})
#: How many answered calls the share of people among them remembers.
ANSWERED_MEMORY = 400.0


class Flight:
    """The laws of calls on the way, learnt and tabulated."""

    def __init__(self, live: LognormalPrior, other: LognormalPrior) -> None:
        self._live, self._other = RingLaw(live), RingLaw(other)
        self._people, self._answered = 6.0, 10.0
        self._fresh_at_s = -np.inf
        self._refresh()

    def advance(self, now_s: float) -> None:
        """Bring the tables up to date twice a minute."""
        if now_s - self._fresh_at_s >= REFRESHED_EVERY_S:
            self._fresh_at_s = now_s
            self._refresh()

    def on_outcome(self, outcome: str, age_s: float) -> None:
        """Learn from a call that was settled at this age."""
        is_live = outcome == "human"
        (self._live if is_live else self._other).observe(age_s)
        if outcome in ANSWERED:
            keep = 1.0 - 1.0 / ANSWERED_MEMORY
            self._people = self._people * keep + is_live
            self._answered = self._answered * keep + 1.0

    @property
    def people_share(self) -> float:
        """Return the share of people among answered calls."""
        return self._people / self._answered

    def ringing(self, ages_s: Floats, shares: Floats | float) -> Floats:
        """Return the odds that each call is a live answer by each time: (n_calls, n_times).

        Args:
            ages_s: (n_calls,) seconds since each was dialled.
            shares: Answer probability of all calls, or of each.
        """
        rows = np.minimum(ages_s * ROWS_PER_S + 0.5, self._later.shape[0] - 1).astype(np.intp)
        unsettled = shares * self._live_left[rows] + (1.0 - shares) * self._other_left[rows]
        factors = shares / np.maximum(unsettled, 1e-9)
        return np.asarray(self._later[rows] * factors[:, None], dtype=np.float64)

    def new(self, shares: Sequence[float] | Floats) -> Floats:
        """Return the same for calls started now: (n_calls, n_times)."""
        return np.multiply.outer(np.asarray(shares, dtype=np.float64), self.by_time)

    def _refresh(self) -> None:
        """Tabulate the laws as they are now."""
        self._live.refresh()
        self._other.refresh()
        weights = np.diff(self._live.cdf(np.append(TIMES_S - 1.0, TIMES_S[-1] + 1.0)))
        self.times: Indices = np.flatnonzero(weights > WEIGHT_MIN)
        self.weights: Floats = weights[self.times] / weights[self.times].sum()
        times_s = TIMES_S[self.times]
        ages_s = np.arange(0.0, SETTLED_S_MAX + 0.1, 1.0 / ROWS_PER_S)
        settled = self._live.cdf(ages_s)
        self.masses: Floats = self._live.masses()
        self.by_time: Floats = self._live.cdf(times_s)
        self._later = self._live.cdf(np.add.outer(ages_s, times_s)) - settled[:, None]
        self._live_left, self._other_left = 1.0 - settled, 1.0 - self._other.cdf(ages_s)

    def snapshot(self) -> dict[str, Any]:
        """Return what was learnt as plain values."""
        return {
            "live": self._live.snapshot(),
            "other": self._other.snapshot(),
            "answered": [self._people, self._answered],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `snapshot` gave."""
        self._live.restore(state["live"])
        self._other.restore(state["other"])
        self._people, self._answered = state["answered"]
        self._refresh()
