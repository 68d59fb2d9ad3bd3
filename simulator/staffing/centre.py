"""The centre to be staffed: its calls, its groups, its rules, its targets, as one value.

Everything the search, the shift planner and the reports need to know is here, checked once: shapes
agree, names exist, every call type is served by a group. Where forecast and settings come from (a
CSV file, a scenario, history) is somebody else's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import msgspec
import numpy as np

from simulator.arrivals import Variability
from simulator.distributions import Distribution, Floats
from simulator.kernel import (
    CallDraws,
    CallType,
    DayOutcomes,
    RoutingTables,
    draw_days,
    simulate_days,
)
from simulator.kernel.tables import Integers
from simulator.staffing.targets import Target, TargetView


class PlanError(ValueError):
    """The centre's description does not hold together; its author must change it."""


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Agents with one set of skills."""

    name: str
    cost_per_hour: float = 1.0
    """What one paid hour of one agent costs."""
    agents_max: int = 10_000
    """How many can be at work at once."""

    def __post_init__(self) -> None:
        if not self.cost_per_hour > 0 or self.agents_max < 0:
            raise ValueError(f"group {self.name}: cost must be above 0, agents_max 0 or more")


@dataclass(frozen=True, kw_only=True)
class Demand:
    """The calls of one type: how many, how long, how patient, how soon answered."""

    name: str
    calls: Floats
    """Expected calls of each interval: (I,)."""
    handle_s: Floats
    """Mean handle time of the calls of each interval: (I,)."""
    handle: Distribution
    """The shape of the handle time; its mean is replaced by `handle_s`."""
    patience: Distribution | None
    """None for callers who never give up."""
    within_s: float = 20.0
    """The service level's threshold."""


@dataclass(frozen=True, kw_only=True)
class Centre:
    """A centre on the day to be planned; T call types, G groups, I intervals.

    Raises:
        PlanError: Something does not fit; the message says what.
    """

    demands: tuple[Demand, ...]
    groups: tuple[Group, ...]
    tables: RoutingTables
    targets: tuple[Target, ...]
    interval_s: float
    opens_s: float = 0.0
    """Start of the first interval, seconds after midnight."""
    variability: Variability = field(default_factory=Variability)
    shrinkage: float = 0.0
    """Share of scheduled time lost unplanned: absence, lateness. Breaks belong to the shifts."""
    short_abandon_s: float = 5.0

    def __post_init__(self) -> None:
        names = tuple(demand.name for demand in self.demands)
        if names != self.tables.call_types:
            raise PlanError(f"the tables route {self.tables.call_types}, the forecast has {names}")
        if tuple(group.name for group in self.groups) != self.tables.groups:
            raise PlanError(f"the tables have groups {self.tables.groups}, not those of the centre")
        for demand in self.demands:
            if demand.calls.shape != (self.intervals,) or demand.handle_s.shape != (
                self.intervals,
            ):
                raise PlanError(f"{demand.name}: calls and handle_s must have the same intervals")
        if not 0 <= self.shrinkage < 1:
            raise PlanError(f"shrinkage must be from 0 to below 1, not {self.shrinkage}")
        if not self.targets:
            raise PlanError("a plan needs at least one target")
        assert self.views  # a target that names nothing is refused here, not in the search

    @property
    def intervals(self) -> int:
        """How many intervals the day has."""
        return len(self.demands[0].calls)

    @property
    def views(self) -> tuple[TargetView, ...]:
        """The targets, bound to this centre's rows."""
        return tuple(
            TargetView(target, call_types=self.tables.call_types, groups=self.tables.groups)
            for target in self.targets
        )

    @property
    def cost_per_interval(self) -> Floats:
        """What one agent of each group costs in one interval: (G,)."""
        hourly = np.array([group.cost_per_hour for group in self.groups])
        return hourly * self.interval_s / 3600

    @property
    def agents_max(self) -> Integers:
        """How many agents of each group can be at work at once: (G,)."""
        return np.array([group.agents_max for group in self.groups], dtype=np.int64)

    def draw(self, *, days: int, seed: int) -> CallDraws:
        """Draw the calls of `days` days."""
        types = [
            CallType(
                name=demand.name,
                expected=demand.calls,
                handle=demand.handle,
                patience=demand.patience,
                handle_s_mean=demand.handle_s,
            )
            for demand in self.demands
        ]
        return draw_days(
            types, interval_s=self.interval_s, variability=self.variability, seed=seed, days=days
        )

    def simulate(
        self, draws: CallDraws, team: Integers, *, keep_calls: bool = False
    ) -> DayOutcomes:
        """Try a team (G, I), or one for each day (D, G, I), on drawn calls."""
        return simulate_days(
            draws,
            self.tables,
            team,
            interval_s=self.interval_s,
            within_s=np.array([demand.within_s for demand in self.demands]),
            short_abandon_s=self.short_abandon_s,
            keep_calls=keep_calls,
        )

    def with_demand(self, name: str, *, calls: float = 1.0, handle: float = 1.0) -> Centre:
        """Return the same centre with one type's calls and handle times scaled."""
        demands = tuple(
            replace(demand, calls=demand.calls * calls, handle_s=demand.handle_s * handle)
            if demand.name == name
            else demand
            for demand in self.demands
        )
        return replace(self, demands=demands)
