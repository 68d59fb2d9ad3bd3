"""What a plan must achieve: service level, speed, abandonment, occupancy, at a stated certainty.

Every target says of some calls (or some agent time) that a part of it may be at most a share of the
whole. That makes all four linear: with

| metric | part | whole | limit |
| --- | --- | --- | --- |
| `service_level` | calls not answered in time | offered less short abandons | 1 - level |
| `asa_s` | seconds waited by answered calls | answered calls | seconds |
| `p_abandon` | abandoned calls | offered calls | share |
| `occupancy` | busy agent time | busy and ready agent time | share |

the **excess** `part - limit x whole` is a sum over days and intervals, and the target is met where
it is not above zero. Excess adds up, which ratios do not: it can be asked of one interval, of the
day, of the mean over days or of the ninth-worst day of ten, and how it changes with one more agent
can be measured.

`probability` states the certainty over days: with 0.9, nine days out of ten meet the limit by
themselves. Without it the limit holds for all days together, so bad days may hide behind good ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec
import numpy as np

from simulator.distributions import Floats
from simulator.kernel import DayOutcomes, share

Metric: TypeAlias = Literal["service_level", "asa_s", "p_abandon", "occupancy"]
Scope: TypeAlias = Literal["day", "interval"]

_BOUNDS = {
    "service_level": "between 0 and 1",
    "p_abandon": "between 0 and 1",
    "occupancy": "between 0 and 1",
    "asa_s": "above 0",
}


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing a plan must achieve."""

    metric: Metric
    limit: float
    """At least this for `service_level`, at most this for the others."""
    of: str
    """The call type, or for `occupancy` the agent group."""
    scope: Scope = "day"
    """Whether each interval must meet the limit, or the day as a whole."""
    probability: float | None = None
    """Share of days that must meet the limit by themselves; None for all days together."""

    def __post_init__(self) -> None:
        above_one = self.metric != "asa_s" and self.limit >= 1
        if not self.limit > 0 or above_one:
            raise ValueError(
                f"{self.metric}: limit must be {_BOUNDS[self.metric]}, not {self.limit}"
            )
        if self.probability is not None and not 0 < self.probability < 1:
            raise ValueError(f"probability must be between 0 and 1, not {self.probability}")

    def __str__(self) -> str:
        sign = ">=" if self.metric == "service_level" else "<="
        where = " in every interval" if self.scope == "interval" else " over the day"
        sure = "" if self.probability is None else f" on {self.probability:.0%} of days"
        return f"{self.metric} of {self.of} {sign} {self.limit:g}{where}{sure}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a simulated plan stands with one target."""

    target: Target
    is_met: bool
    reached: float
    """The figure itself over all days; of the worst interval where each must meet the limit."""
    days_met: float
    """Share of days that meet the limit; of the worst interval where each must."""
    worst_interval: int | None
    """Which interval that is, from 0; None for a target over the day."""


class TargetView:
    """A target bound to the rows of a centre's results."""

    def __init__(
        self, target: Target, *, call_types: tuple[str, ...], groups: tuple[str, ...]
    ) -> None:
        names = groups if target.metric == "occupancy" else call_types
        if target.of not in names:
            raise ValueError(f"target {target}: {target.of!r} is not one of {', '.join(names)}")
        self.target = target
        self._row = names.index(target.of)

    def parts(self, seen: DayOutcomes) -> tuple[Floats, Floats]:
        """Return part and whole of each day and interval: (D, I) each."""
        row = self._row
        sums = {
            "service_level": (seen.due - seen.in_time, seen.due),
            "asa_s": (seen.answered_wait_s, seen.answered),
            "p_abandon": (seen.abandoned, seen.offered),
            "occupancy": (seen.busy_s, seen.busy_s + seen.idle_s),
        }
        part, whole = sums[self.target.metric]
        return part[:, row].astype(np.float64), whole[:, row].astype(np.float64)

    @property
    def limit(self) -> float:
        """The largest part of the whole allowed."""
        target = self.target
        return 1 - target.limit if target.metric == "service_level" else target.limit

    def excess(self, seen: DayOutcomes) -> Floats:
        """Return part less its allowance, of each day and interval: (D, I)."""
        part, whole = self.parts(seen)
        return part - self.limit * whole

    def day_weights(self, seen: DayOutcomes) -> Floats:
        """Return how much each day's excess counts: (D,), summing to one.

        All days alike for a target over all days. For a probability, the days around the one that
        must just meet the limit: their mean excess stands for its quantile.
        """
        days = len(seen.offered)
        probability = self.target.probability
        if probability is None:
            return np.full(days, 1 / days)
        order = np.argsort(self.excess(seen).sum(axis=1), kind="stable")
        centre = min(round(probability * days), days - 1)
        width = max(1, round(days / 16))
        chosen = order[max(0, centre - width) : centre + width]
        weights = np.zeros(days)
        weights[chosen] = 1 / len(chosen)
        return weights

    def pressure(self, seen: DayOutcomes) -> Floats:
        """Return the excess that must not be above zero: (1,) for the day, (I,) for intervals."""
        excess = self.excess(seen)
        if self.target.scope == "day":
            excess = excess.sum(axis=1, keepdims=True)
        if self.target.probability is None:
            return np.asarray(excess.mean(axis=0))
        must_meet = int(np.ceil(round(self.target.probability * len(excess), 9)))
        return np.asarray(np.sort(excess, axis=0)[must_meet - 1])

    def verdict(self, seen: DayOutcomes) -> Verdict:
        """Judge a simulated plan."""
        part, whole = self.parts(seen)
        if self.target.scope == "day":
            part, whole = part.sum(axis=1, keepdims=True), whole.sum(axis=1, keepdims=True)
        pressure = self.pressure(seen)
        worst = int(np.argmax(pressure / np.maximum(whole.mean(axis=0), 1e-9)))
        reached = share(part.sum(axis=0), whole.sum(axis=0))[worst]
        days_met = (part - self.limit * whole <= 1e-9).mean(axis=0)[worst]
        return Verdict(
            target=self.target,
            is_met=bool((pressure <= 1e-9).all()),
            reached=float(1 - reached if self.target.metric == "service_level" else reached),
            days_met=float(days_met),
            worst_interval=worst if self.target.scope == "interval" else None,
        )
