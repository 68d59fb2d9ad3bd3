"""Calls on the way: how likely each is to be answered by a person, and by when.

A call that has rung for r seconds is live with a posterior probability that falls as r passes the
time by which people answer. By s seconds from now it is a live answer with probability

    a(s) = p [G(r + s) - G(r)] / (p [1 - G(r)] + (1 - p) [1 - O(r)]),

p its answer probability, G the law of the time to a live verdict, O that of every other end.

Where the carrier's verdict comes d seconds after the answer, a call that still rings has not been
answered, which says more than that it has no verdict: r + d takes the place of r in G(r), and in O
for machines. A call that is answered and waits for its verdict is a coin with the learnt share of
people among answers, due within d. The mean d follows from Little's law: calls in detection, over
time, divided by verdicts. Without a delay d is zero.

The laws change slowly: what does not depend on p is tabulated by r twice a minute.
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
#: How many calls the shares of their ends remember.
MEMORY = 1000.0


class Flight:
    """The laws of calls on the way, learnt and tabulated."""

    def __init__(self, live: LognormalPrior, other: LognormalPrior) -> None:
        self._laws = {"live": RingLaw(live), "machine": RingLaw(other), "dead": RingLaw(other)}
        self._ends = {"live": 6.0, "machine": 6.0, "dead": 8.0}
        self._detecting_s = 0.0
        self._seen_at_s: float | None = None
        self._fresh_at_s = -np.inf
        self._refresh()

    def advance(self, now_s: float, detecting: int) -> None:
        """Let time pass with so many calls in detection; refresh the tables twice a minute."""
        if self._seen_at_s is not None:
            self._detecting_s += detecting * max(0.0, now_s - self._seen_at_s)
        self._seen_at_s = now_s
        if now_s - self._fresh_at_s >= REFRESHED_EVERY_S:
            self._fresh_at_s = now_s
            self._refresh()

    def on_outcome(self, outcome: str, age_s: float) -> None:
        """Learn from a call that was settled at this age."""
        is_answered = outcome in ANSWERED
        end = "live" if outcome == "human" else "machine" if is_answered else "dead"
        self._laws[end].observe(age_s)
        keep = 1.0 - 1.0 / MEMORY
        self._ends = {name: count * keep for name, count in self._ends.items()}
        self._ends[end] += 1.0
        self._detecting_s *= keep

    @property
    def people_share(self) -> float:
        """Return the share of people among answered calls."""
        return self._ends["live"] / (self._ends["live"] + self._ends["machine"])

    @property
    def verdict_s(self) -> float:
        """Return the mean time from answer to verdict."""
        return self._detecting_s / (self._ends["live"] + self._ends["machine"])

    def detecting(self, calls: int) -> Floats:
        """Return the odds that each call in detection is a live answer by each time."""
        due = np.minimum(1.0, TIMES_S[self.times] / max(self.verdict_s, 1e-9))
        return np.tile(self.people_share * due, (calls, 1))

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
        for law in self._laws.values():
            law.refresh()
        live = self._laws["live"]
        weights = np.diff(live.cdf(np.append(TIMES_S - 1.0, TIMES_S[-1] + 1.0)))
        self.times: Indices = np.flatnonzero(weights > WEIGHT_MIN)
        self.weights: Floats = weights[self.times] / weights[self.times].sum()
        self.masses: Floats = live.masses()
        self.by_time: Floats = live.cdf(TIMES_S[self.times])
        ages_s = np.arange(0.0, SETTLED_S_MAX + 0.1, 1.0 / ROWS_PER_S)
        answered = live.cdf(ages_s + self.verdict_s)
        by_time = live.cdf(np.add.outer(ages_s, TIMES_S[self.times]))
        self._later = np.maximum(0.0, by_time - answered[:, None])
        self._live_left, self._other_left = 1.0 - answered, self._others_left(ages_s)

    def _others_left(self, ages_s: Floats) -> Floats:
        """Return the share of all other calls that would still ring at each age."""
        machines = self._ends["machine"] / (self._ends["machine"] + self._ends["dead"])
        unanswered = 1.0 - self._laws["machine"].cdf(ages_s + self.verdict_s)
        unended = 1.0 - self._laws["dead"].cdf(ages_s)
        return machines * unanswered + (1.0 - machines) * unended

    def snapshot(self) -> dict[str, Any]:
        """Return what was learnt as plain values."""
        return {
            "laws": {name: law.snapshot() for name, law in self._laws.items()},
            "ends": dict(self._ends),
            "detecting_s": self._detecting_s,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `snapshot` gave."""
        for name, law in self._laws.items():
            law.restore(state["laws"][name])
        self._ends = dict(state["ends"])
        self._detecting_s = state["detecting_s"]
        self._refresh()
