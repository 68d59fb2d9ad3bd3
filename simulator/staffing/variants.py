"""The planned day under other circumstances, against the day as planned, on the same callers.

A variant changes what is expected of the callers (how many, how long, how patient), who comes to
work, what a group can do, or the team. Every variant meets the callers of the base (common random
numbers), so the difference of the two is far better known than either of them:

- **more or fewer calls** are drawn together: all who might call under any variant are drawn once,
  each with a mark, and a variant takes those whose mark lies below its rate (thinning). A caller
  who rings in both worlds needs the same time and has the same patience;
- **handle time and patience** are the same draws, scaled;
- **no-shows**: each agent has one mark a day and stays away if it lies below the share.

Source:
    Thinning: P. Lewis, G. Shedler, Naval Research Logistics Quarterly 26 (1979). Differences of
    paired ratios by the delta method: A. Law, "Simulation Modeling and Analysis", 5th ed.,
    sections 9.4 and 10.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from scipy import stats

from simulator.distributions import Floats
from simulator.kernel import CallDraws, DayOutcomes, RoutingTables
from simulator.kernel.tables import Integers
from simulator.staffing.centre import Centre, PlanError
from simulator.staffing.duties import Duty, Flags, duties_of, hand_out
from simulator.staffing.plan import DayPlan
from simulator.streams import Streams

DAYS = 200
_CONFIDENCE = 0.95

Sums: TypeAlias = tuple[Floats, Floats]
"""Part and whole of a ratio on each day: (D,) each."""

ALL_CALLS = "all calls"


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One change of the planned day; what is left out stays as it is."""

    name: str
    calls: Floats | None = None
    """Factor of each type's calls: (T,)."""
    handle: Floats | None = None
    """Factor of each type's handle times: (T,)."""
    patience: Floats | None = None
    """Factor of each type's patience: (T,)."""
    absent_share: float = 0.0
    """Each agent of the roster stays away with this probability; they are paid all the same."""
    tables: RoutingTables | None = None
    """Other routing of the same types and groups."""
    more: Integers | None = None
    """Agents at work besides: (G, I)."""
    more_cost: float = 0.0
    """What those cost."""
    dearer: Floats | None = None
    """What is added to the cost of an hour of each group: (G,)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure under a variant, and by how much it differs from the base."""

    base: float
    value: float
    difference: float
    half_width: float
    """Of the 95 % interval of the difference."""

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return abs(self.difference) > self.half_width


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A variant against the base."""

    name: str
    days: int
    service_level: dict[str, Difference]
    """By call type; all calls first."""
    p_abandon: dict[str, Difference]
    asa_s: dict[str, Difference]
    cost_per_contact: Difference
    """Cost of a day's calls over calls answered."""


class Trial:
    """The days on which a plan's variants are compared with it."""

    def __init__(
        self, plan: DayPlan, variants: Sequence[Variant], *, days: int = DAYS, seed: int = 1
    ) -> None:
        self._plan, self._days, self._seed = plan, days, seed
        factors = [variant.calls for variant in variants if variant.calls is not None]
        self._most: Floats = np.max([np.ones(len(plan.centre.demands)), *factors], axis=0)
        self._all = _busier(plan.centre, self._most).draw(days=days, seed=seed)
        self._marks = _marks(self._all, seed)
        self._base = plan.centre.simulate(self._callers(None), plan.on_calls)

    def compare(self, variant: Variant) -> Comparison:
        """Try a variant on the trial's days.

        Raises:
            PlanError: It asks for agents who stay away, and the plan has no shifts.
        """
        centre, plan = self._plan.centre, self._plan
        if variant.tables is not None:
            centre = replace(centre, tables=variant.tables)
        team = plan.on_calls if not variant.absent_share else self._teams(variant.absent_share)
        if variant.more is not None:
            team = team + variant.more
        draws = self._scaled(self._callers(variant.calls), variant)
        seen = centre.simulate(draws, team)
        cost = plan.cost_of_calls + variant.more_cost
        if variant.dearer is not None:
            cost += float(variant.dearer @ plan.call_hours)
        return _comparison(variant.name, plan, self._base, seen, cost)

    def _callers(self, factors: Floats | None) -> CallDraws:
        """Return those who call under these factors of each type's calls."""
        kept = (1.0 if factors is None else factors) / self._most
        return _chosen(self._all, self._marks < kept[self._all.call_type])

    @staticmethod
    def _scaled(draws: CallDraws, variant: Variant) -> CallDraws:
        handle_s, patience_s = draws.handle_s, draws.patience_s
        if variant.handle is not None:
            handle_s = handle_s * variant.handle[draws.call_type]
        if variant.patience is not None:
            patience_s = patience_s * variant.patience[draws.call_type]
        return replace(draws, handle_s=handle_s, patience_s=patience_s)

    def _teams(self, absent_share: float) -> Integers:
        """Return the team of each day without those who stay away: (D, G, I)."""
        plan = self._plan
        if not plan.schedules:
            raise PlanError("no-shows are agents of a roster: they need shift rules")
        groups = [
            hand_out(duties_of(plan.centre, schedule), plan.placement.agents[row])
            for row, schedule in enumerate(plan.schedules)
        ]
        teams = np.zeros((self._days, *plan.team.shape), dtype=np.int64)
        for day in range(self._days):
            marks = Streams(self._seed, day).stream("no-shows")
            for row, duties in enumerate(groups):
                come = marks.random(len(duties)) >= absent_share
                there = [duty for duty, comes in zip(duties, come, strict=True) if comes]
                teams[day, row] = _on_calls(plan.centre, there)
        return teams


def _on_calls(centre: Centre, duties: Sequence[Duty]) -> Integers:
    """Return the agents on calls, after shrinkage: (I,)."""
    nobody = np.zeros(centre.intervals, dtype=np.int64)
    on_duty = sum((duty.on_duty.astype(np.int64) for duty in duties), nobody)
    on_calls = sum((duty.on_calls.astype(np.int64) for duty in duties), nobody)
    at_work = np.floor(on_duty * (1 - centre.shrinkage) + 1e-9).astype(np.int64)
    free: Integers = np.maximum(at_work - (on_duty - on_calls), 0)
    return free


def _busier(centre: Centre, factors: Floats) -> Centre:
    for demand, factor in zip(centre.demands, factors.tolist(), strict=True):
        centre = centre.with_demand(demand.name, calls=factor)
    return centre


def _marks(draws: CallDraws, seed: int) -> Floats:
    """Return one number of 0 to 1 for each call, from a stream of its day: (n_calls,)."""
    counts = np.diff(draws.day_start).tolist()
    return np.concatenate(
        [Streams(seed, day).stream("marks").random(count) for day, count in enumerate(counts)]
    )


def _chosen(draws: CallDraws, kept: Flags) -> CallDraws:
    """Return the calls that are kept, day by day."""
    before = np.concatenate(([0], np.cumsum(kept)))
    return CallDraws(
        arrival_s=draws.arrival_s[kept],
        call_type=draws.call_type[kept],
        handle_s=draws.handle_s[kept],
        patience_s=draws.patience_s[kept],
        day_start=before[draws.day_start],
    )


def _comparison(
    name: str, plan: DayPlan, base: DayOutcomes, seen: DayOutcomes, cost: float
) -> Comparison:
    days = len(seen.offered)
    rows: dict[str, int | slice] = {ALL_CALLS: slice(None)}
    rows |= {demand.name: row for row, demand in enumerate(plan.centre.demands)}

    def each(part: str, whole: str) -> dict[str, Difference]:
        return {
            of: paired(
                (_day(base, part, row), _day(base, whole, row)),
                (_day(seen, part, row), _day(seen, whole, row)),
            )
            for of, row in rows.items()
        }

    everybody = slice(None)
    return Comparison(
        name=name,
        days=days,
        service_level=each("in_time", "due"),
        p_abandon=each("abandoned", "offered"),
        asa_s=each("answered_wait_s", "answered"),
        cost_per_contact=paired(
            (np.full(days, plan.cost_of_calls), _day(base, "answered", everybody)),
            (np.full(days, cost), _day(seen, "answered", everybody)),
        ),
    )


def _day(seen: DayOutcomes, name: str, row: int | slice) -> Floats:
    """Return a sum of each day, of one call type or of all: (D,)."""
    sums = np.asarray(getattr(seen, name), dtype=np.float64)[:, row]
    return np.asarray(sums.reshape(len(sums), -1).sum(axis=1))


def paired(base: Sums, other: Sums) -> Difference:
    """Return the difference of two ratios of sums over the same days, with its interval.

    NaN where a whole is zero; an unknown half width (NaN) for a single day.
    """
    (first, first_spread), (second, second_spread) = _ratio(base), _ratio(other)
    strays = second_spread - first_spread
    days = len(strays)
    error = float(np.std(strays, ddof=1) / np.sqrt(days)) if days > 1 else float("nan")
    quantile = float(stats.t.ppf((1 + _CONFIDENCE) / 2, max(days - 1, 1)))
    return Difference(first, second, second - first, quantile * error)


def _ratio(sums: Sums) -> tuple[float, Floats]:
    """Return a ratio of sums, and how each day strays from it: (D,)."""
    part, whole = sums
    total = float(whole.sum())
    if total == 0:
        return float("nan"), np.full(len(whole), np.nan)
    value = float(part.sum()) / total
    return value, (part - value * whole) / (total / len(whole))
