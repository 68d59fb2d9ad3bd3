"""Slow feedback on a bank of abandons: what keeps the long-run rate on target.

Each live answer pays `target` into the bank and each abandon takes one out, so the balance is the
number of abandons we may still afford. The threshold on the marginal loss follows it gently: log
theta = log theta0(agents) + trend + kp (balance - 1), and `trend` itself drifts by ki (balance - 1)
per answer. While theta stays bounded so does the balance, hence abandons / answers tends to the
target.

The gains are low on purpose. At kp = 0.2 one abandon moves theta by a fifth; four times as much
costs up to 0.6 points of utilisation, because the optimum is a *constant* theta and feedback only
adds noise to it. The loop is stable for ki up to about 0.006 kp squared; kp = 0.2, ki = 0.0002 is
inside.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Bounds of the threshold; the balance is bounded while the threshold moves between them.
THRESHOLD_MIN, THRESHOLD_MAX = 1e-4, 0.5
#: The target for which the start was tuned.
TARGET_USUAL = 0.03


@dataclass(slots=True)
class AbandonBank:
    """The balance of abandons, and the threshold that follows from it."""

    balance: float = 0.0
    trend: float = 0.0
    gain: float = 0.2
    """kp: what one abandon moves log theta by."""
    drift: float = 0.0002
    """ki: what one spare abandon moves the trend by, per answer."""

    def answered(self, target: float) -> None:
        """Pay in for one live answer."""
        self.balance += target
        limit = math.log(THRESHOLD_MAX / THRESHOLD_MIN)
        self.trend = min(limit, max(-limit, self.trend + self.drift * (self.balance - 1.0)))

    def abandoned(self) -> None:
        """Take out one abandon."""
        self.balance -= 1.0

    def threshold(self, agents: int, target: float) -> float:
        """Return the marginal loss that is worth a call now.

        The start grows as floors shrink and in proportion to the target, so that a target that
        changes (a risk window, the supervisor) acts at once and not by the feedback.
        """
        start = max(0.012, 0.1 / math.sqrt(max(1, agents))) * target / TARGET_USUAL
        log_theta = math.log(start) + self.trend + self.gain * (self.balance - 1.0)
        return min(THRESHOLD_MAX, max(THRESHOLD_MIN, math.exp(min(0.0, log_theta))))

    def snapshot(self) -> dict[str, float]:
        """Return the state as plain values: it is carried over shifts."""
        return {"balance": self.balance, "trend": self.trend}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up the state that `snapshot` gave."""
        self.balance, self.trend = float(state["balance"]), float(state["trend"])
