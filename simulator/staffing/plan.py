"""A day's plan from a centre's description: requirement, shifts, proof.

`plan_day` runs the whole way: search the agents needed in every interval and group (`search`),
cover them with shifts and improve those by simulation (`schedule`), then try the result on
**fresh** days, which took no part in the search, and judge the targets there. A plan fitted to the
days it was searched on flatters itself; if the fresh days disagree, the search is repeated with a
wider margin. What is reported are the fresh days, with the confidence interval of each figure.

All of it is a function of the centre, the rules and the seed.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.kernel import CallDraws, DayOutcomes
from simulator.kernel.tables import Integers
from simulator.staffing.centre import Centre
from simulator.staffing.schedule import (
    at_work,
    first_schedule,
    improve_schedule,
    schedule_cost,
    try_schedule,
)
from simulator.staffing.search import required_team, team_cost
from simulator.staffing.shifts import Schedule, ShiftRule, possible_shifts
from simulator.staffing.targets import Verdict

_FIRST_MARGIN = 1.0
"""Standard errors by which the searched days must pass at first."""


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How much computing a plan is worth."""

    search_days: int = 50
    proof_days: int = 200
    """Fresh days on which the plan is judged."""
    team_rounds: int = 4
    shift_rounds: int = 7
    repairs: int = 2
    """How often a plan that fails its proof is improved with a wider margin."""


@dataclass(frozen=True, kw_only=True)
class DayPlan:
    """A plan and its proof; G groups, I intervals."""

    centre: Centre
    required: Integers
    """Agents needed at work in each group and interval: (G, I)."""
    schedules: tuple[Schedule, ...]
    """The shifts of each group; empty if no shift rules were given."""
    team: Integers
    """Agents expected at work under the plan, after shrinkage: (G, I)."""
    seen: DayOutcomes
    """What became of the calls of the fresh days."""
    verdicts: tuple[Verdict, ...]
    """The targets, judged on the fresh days."""
    cost: float
    """What the plan's paid hours cost."""

    @property
    def is_proven(self) -> bool:
        """Whether the fresh days met every target."""
        return all(verdict.is_met for verdict in self.verdicts)

    @property
    def cost_per_contact(self) -> float:
        """Cost of the day over the calls answered on an average day."""
        return self.cost / float(self.seen.answered.sum() / len(self.seen.answered))


def plan_day(
    centre: Centre,
    rules: tuple[ShiftRule, ...] = (),
    *,
    seed: int = 1,
    effort: Effort | None = None,
) -> DayPlan:
    """Plan a day: agents for every interval and group, and shifts if there are rules for them.

    Args:
        centre: The centre, its forecast and its targets.
        rules: The shifts allowed; without any, the plan is the requirement itself.
        seed: Of all draws; fresh days come from the next seed.
        effort: How long to try.

    Raises:
        CannotBeMetError: No allowed team meets the targets; the message names the nearest figure.
        ShiftError: The shift rules contradict themselves or the day.
    """
    effort = effort or Effort()
    draws = centre.draw(days=effort.search_days, seed=seed)
    fresh = centre.draw(days=effort.proof_days, seed=seed + 1)
    required = required_team(centre, draws, rounds_max=effort.team_rounds).agents
    if not rules:
        return _plan_without_shifts(centre, fresh, required)
    shifts = possible_shifts(
        rules,
        interval_s=centre.interval_s,
        opens_s=centre.opens_s,
        intervals=centre.intervals,
    )
    schedules = first_schedule(centre, required, shifts)
    margin, rounds = _FIRST_MARGIN, effort.shift_rounds
    for attempt in range(1 + effort.repairs):
        improved = improve_schedule(
            centre, draws, shifts, schedules, margin=margin, rounds_max=rounds
        )
        proof = try_schedule(centre, fresh, improved.schedules, margin=0.0)
        if proof.is_met or attempt == effort.repairs:
            break
        schedules, margin, rounds = improved.schedules, margin + 1.0, max(3, rounds // 3)
    return DayPlan(
        centre=centre,
        required=required,
        schedules=proof.schedules,
        team=at_work(centre, proof.schedules),
        seen=proof.seen,
        verdicts=proof.verdicts,
        cost=schedule_cost(centre, proof.schedules),
    )


def _plan_without_shifts(centre: Centre, fresh: CallDraws, required: Integers) -> DayPlan:
    """Return the requirement as a plan of its own, paid for by the interval."""
    seen = centre.simulate(fresh, required)
    return DayPlan(
        centre=centre,
        required=required,
        schedules=(),
        team=required,
        seen=seen,
        verdicts=tuple(view.verdict(seen) for view in centre.views),
        cost=team_cost(centre, required) / (1 - centre.shrinkage),
    )
