"""When busy agents come free: tables of P(not free by s | how long they have been busy).

An agent in wrap-up is free once it ends; one who is talking must end the talk and then wrap up, so
the residual talk is convolved with the whole wrap-up. Both laws are learnt hazards (`hazards`). The
tables hold one row per two seconds of age and one column per horizon, are rebuilt once a minute,
and are read by a lookup per agent.

An agent may also leave instead of becoming ready. The share of wrap-ups that end in a sign-out is
learnt, and so is the hazard of idle agents; an agent who asked to pause after this call never comes
free.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dialer.pacing.hazards import Floats, HazardLaw, Indices, LognormalPrior

#: Grid of ages and of the convolution, in seconds.
STEP_S = 2.0
AGE_S_MAX = 900.0
TABLE_REBUILT_EVERY_S = 60.0
#: A sign-out this soon after a wrap-up ended is taken for leaving instead of becoming ready.
LEFT_AFTER_WRAP_S = 1.0


@dataclass(frozen=True, slots=True)
class BusyTables:
    """P(not free by each horizon), by age; rows are ages in steps of `STEP_S`."""

    talking: Floats
    wrapping: Floats


@dataclass(slots=True)
class Departures:
    """How often agents leave: after wrap-up, and from being ready."""

    wraps: float = 20.0
    left_after_wrap: float = 0.0
    ready_s: float = 3600.0
    left_ready: float = 0.0
    wrap_ended_at_s: float = field(default=-np.inf)

    @property
    def after_wrap_share(self) -> float:
        """Return the share of agents who leave at the end of wrap-up."""
        return min(0.9, self.left_after_wrap / self.wraps)

    @property
    def ready_hazard_per_s(self) -> float:
        """Return the rate at which a ready agent leaves."""
        return self.left_ready / self.ready_s

    def on_wrap_ended(self, now_s: float) -> None:
        """Count one who could have left."""
        self.wraps += 1.0
        self.wrap_ended_at_s = now_s
        if self.wraps > 3000.0:
            self.wraps, self.left_after_wrap = self.wraps / 2, self.left_after_wrap / 2

    def on_signed_out(self, now_s: float) -> None:
        """Count one who left."""
        if now_s - self.wrap_ended_at_s <= LEFT_AFTER_WRAP_S:
            self.left_after_wrap += 1.0
        else:
            self.left_ready += 1.0

    def on_ready(self, agent_seconds: float) -> None:
        """Count time in which ready agents could have left."""
        self.ready_s += agent_seconds
        if self.ready_s > 400_000.0:
            self.ready_s, self.left_ready = self.ready_s / 2, self.left_ready / 2


class Workload:
    """Learns how long agents are busy, and tabulates when they come free."""

    def __init__(self, talk: LognormalPrior, wrap: LognormalPrior, horizons_s: Floats) -> None:
        self._talk, self._wrap = HazardLaw(talk), HazardLaw(wrap)
        self._horizons_s = horizons_s
        self._tables: BusyTables | None = None
        self._built_at_s = -np.inf
        self.departures = Departures()

    def on_talk_ended(self, talk_s: float) -> None:
        """Learn from a talk that ended."""
        self._talk.observe(talk_s)

    def on_wrap_ended(self, now_s: float, wrap_s: float) -> None:
        """Learn from a wrap-up that ended."""
        self._wrap.observe(wrap_s)
        self.departures.on_wrap_ended(now_s)

    def busy_at(
        self, now_s: float, talking_since_s: Sequence[float], wrapping_since_s: Sequence[float]
    ) -> tuple[Floats, Floats]:
        """Return P(not free by each horizon) for each talking and each wrapping agent.

        Returns:
            Two arrays (n_agents, n_horizons), in the order given.

        Cost:
            One table lookup per agent; the tables are rebuilt once a minute.
        """
        talking_s = now_s - np.asarray(talking_since_s, dtype=np.float64)
        wrapping_s = now_s - np.asarray(wrapping_since_s, dtype=np.float64)
        tables = self._tables
        if tables is None or now_s - self._built_at_s >= TABLE_REBUILT_EVERY_S:
            tables = self._tables = self._build(talking_s, wrapping_s)
            self._built_at_s = now_s
        return tables.talking[_rows(talking_s)], tables.wrapping[_rows(wrapping_s)]

    def _build(self, talking_s: Floats, wrapping_s: Floats) -> BusyTables:
        ages_s = np.arange(0.0, AGE_S_MAX + STEP_S / 2, STEP_S)
        stays = 1.0 - self.departures.after_wrap_share
        horizons_s = self._horizons_s
        wrap_left = self._wrap.survival(
            np.add.outer(ages_s, np.append(0.0, horizons_s)).ravel(), wrapping_s.tolist()
        ).reshape(len(ages_s), -1)
        wrapping = stays * (1.0 - wrap_left[:, 1:] / wrap_left[:, :1])
        steps = int(np.ceil(horizons_s[-1] / STEP_S))
        far_s = np.arange(0.0, AGE_S_MAX + STEP_S * (steps + 1.5), STEP_S)
        talk_left = np.maximum(self._talk.survival(far_s, talking_s.tolist()), 1e-300)
        rows = np.arange(len(ages_s))[:, None] + np.arange(steps)
        ends = (talk_left[rows] - talk_left[rows + 1]) / talk_left[: len(ages_s), None]
        middles_s = STEP_S * (np.arange(steps) + 0.5)
        rest_s = np.maximum(0.0, horizons_s - middles_s[:, None])
        wrapped = 1.0 - self._wrap.survival(rest_s.ravel(), wrapping_s.tolist())
        talking = stays * (ends @ wrapped.reshape(rest_s.shape))
        return BusyTables(1.0 - talking, 1.0 - wrapping)

    def snapshot(self) -> dict[str, Any]:
        """Return what was learnt as plain values."""
        left = self.departures
        return {
            "talk": self._talk.snapshot(),
            "wrap": self._wrap.snapshot(),
            "departures": [left.wraps, left.left_after_wrap, left.ready_s, left.left_ready],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `snapshot` gave."""
        self._talk.restore(state["talk"])
        self._wrap.restore(state["wrap"])
        self.departures = Departures(*state["departures"])
        self._tables, self._built_at_s = None, -np.inf


def _rows(ages_s: Floats) -> Indices:
    """Return the table row of each age."""
    nearest = np.minimum(ages_s, AGE_S_MAX) * (1.0 / STEP_S) + 0.5
    return np.maximum(nearest, 0.0).astype(np.intp)
