"""A day's plan from a centre's description: requirement, shifts, proof.

`plan_day` runs the whole way: search the agents needed in every interval and group (`search`),
cover them with shifts and improve those by simulation (`schedule`), then try the result on
**fresh** days, which took no part in the search, and judge the targets there. A plan fitted to the
days it was searched on flatters itself; if the fresh days disagree, the search is repeated with a
wider margin. What is reported are the fresh days, with the confidence interval of each figure.

All of it is a function of the centre, the rules and the seed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from simulator.kernel import CallDraws, DayOutcomes
from simulator.kernel.tables import Integers
from simulator.staffing.centre import Centre, PlanError
from simulator.staffing.deferred import DeferredWork, Placement, nothing_placed, windows_of
from simulator.staffing.schedule import (
    Quest,
    Rostered,
    at_work,
    fill_valleys,
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
    valley_rounds: int = 4
    """Rounds in which work that can wait is laid on finished shifts."""
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
    placement: Placement
    """Work that can wait, and the agents it takes off calls."""
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
    def on_calls(self) -> Integers:
        """Agents at work whom no deferred work takes off calls: (G, I)."""
        return self.team - self.placement.agents

    @property
    def cost_of_calls(self) -> float:
        """What the plan costs less the hours of deferred work, which the calls do not need."""
        hours = self.placement.done_hours.sum(axis=(0, 2))
        return self.cost - float(hours @ [group.cost_per_hour for group in self.centre.groups])

    @property
    def cost_per_contact(self) -> float:
        """Cost of a day's calls over the calls answered on an average day."""
        return self.cost_of_calls / float(self.seen.answered.sum() / len(self.seen.answered))


def plan_day(
    centre: Centre,
    rules: tuple[ShiftRule, ...] = (),
    works: tuple[DeferredWork, ...] = (),
    *,
    seed: int = 1,
    effort: Effort | None = None,
) -> DayPlan:
    """Plan a day: agents for every interval and group, and shifts if there are rules for them.

    Args:
        centre: The centre, its forecast and its targets.
        rules: The shifts allowed; without any, the plan is the requirement itself.
        works: What fills the valleys between the calls; only shifts leave any.
        seed: Of all draws; fresh days come from the next seed.
        effort: How long to try.

    Raises:
        CannotBeMetError: No allowed team meets the targets; the message names the nearest figure.
        PlanError: A work does not fit the centre, or there are works without shifts.
        ShiftError: The shift rules contradict themselves or the day.
    """
    effort = effort or Effort()
    draws = centre.draw(days=effort.search_days, seed=seed)
    fresh = centre.draw(days=effort.proof_days, seed=seed + 1)
    if not rules:
        if works:
            raise PlanError("only shifts leave valleys to fill: deferred work needs shift rules")
        return _plan_without_shifts(centre, draws, fresh, effort)
    windows_of(centre, works)  # refuse what does not fit before the search
    shifts = possible_shifts(
        rules,
        interval_s=centre.interval_s,
        opens_s=centre.opens_s,
        intervals=centre.intervals,
    )
    required = required_team(centre, draws, rounds_max=effort.team_rounds).agents
    quest = Quest(centre=centre, draws=draws, shifts=shifts, works=works)
    proof = _proven(quest, fresh, first_schedule(centre, required, shifts), effort)
    return DayPlan(
        centre=centre,
        required=required,
        schedules=proof.schedules,
        team=at_work(centre, proof.schedules),
        placement=proof.placement,
        seen=proof.seen,
        verdicts=proof.verdicts,
        cost=schedule_cost(centre, proof.schedules),
    )


def _proven(
    quest: Quest, fresh: CallDraws, schedules: tuple[Schedule, ...], effort: Effort
) -> Rostered:
    """Improve a schedule until fresh days meet the targets, or as often as the effort says."""
    margin, rounds = _FIRST_MARGIN, effort.shift_rounds
    promised = tuple(work for work in quest.works if work.is_promised)
    for attempt in range(1 + effort.repairs):
        strict = replace(quest, margin=margin)
        found = improve_schedule(replace(strict, works=promised), schedules, rounds_max=rounds)
        if len(promised) < len(quest.works):
            found = fill_valleys(strict, found, rounds_max=effort.valley_rounds)
        judged = replace(quest, draws=fresh, margin=0.0)
        proof = try_schedule(judged, found.schedules, found.placement.agents)
        if proof.is_met or attempt == effort.repairs:
            break
        schedules, margin, rounds = found.schedules, margin + 1.0, max(3, rounds // 3)
    return proof


def _plan_without_shifts(
    centre: Centre, draws: CallDraws, fresh: CallDraws, effort: Effort
) -> DayPlan:
    """Return the requirement, proven, as a plan of its own, paid for by the interval."""
    start: Integers | None = None
    margin, rounds = _FIRST_MARGIN, effort.team_rounds
    for _ in range(1 + effort.repairs):
        found = required_team(centre, draws, start=start, margin=margin, rounds_max=rounds)
        seen = centre.simulate(fresh, found.agents)
        verdicts = tuple(view.verdict(seen) for view in centre.views)
        if all(verdict.is_met for verdict in verdicts):
            break
        start, margin, rounds = found.agents, margin + 1.0, max(3, rounds // 3)
    return DayPlan(
        centre=centre,
        required=found.agents,
        schedules=(),
        team=found.agents,
        placement=nothing_placed(found.agents),
        seen=seen,
        verdicts=verdicts,
        cost=team_cost(centre, found.agents) / (1 - centre.shrinkage),
    )
