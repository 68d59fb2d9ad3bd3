"""What one more agent is worth, and what a target costs.

Both answer "and if?" about a finished plan with the plan's own callers (common random numbers), so
small differences are seen on few days; differences are kept day by day, so that an interval can be
put around them (`simulator.report.estimates.mean`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from simulator.kernel import CallDraws, DayOutcomes
from simulator.kernel.tables import Integers
from simulator.staffing.centre import Centre
from simulator.staffing.search import Requirement, required_team, team_cost
from simulator.staffing.targets import Target

_LEVEL_STEP = 0.01
_OTHER_STEP = 0.1


@dataclass(frozen=True)
class AgentWorth:
    """What a day gains from one more agent of a group, at work whenever the group is."""

    group: str
    cost: float
    """What that agent costs a day."""
    saved_calls: list[float]
    """Calls fewer abandoned, each day: (D,)."""
    in_time_calls: list[float]
    """Calls more answered in time, each day: (D,)."""

    @property
    def cost_per_saved_call(self) -> float:
        """Cost of each abandoned call avoided; infinite if none is."""
        saved = sum(self.saved_calls) / len(self.saved_calls)
        return self.cost / saved if saved > 0 else float("inf")


@dataclass(frozen=True)
class TargetPrice:
    """What the required team would cost if one target were a little easier."""

    target: Target
    eased: Target
    saved: float
    """Cost a day less; about zero where another target binds."""


def worth_of_agents(centre: Centre, draws: CallDraws, team: Integers) -> list[AgentWorth]:
    """Measure one more agent in each group, in every interval in which it works.

    Args:
        centre: The centre.
        draws: The calls to compare on.
        team: Agents at work: (G, I).
    """
    base = centre.simulate(draws, team)
    worths = []
    for row, group in enumerate(centre.groups):
        more = team.copy()
        more[row] += team[row] > 0
        seen = centre.simulate(draws, more)
        worths.append(
            AgentWorth(
                group=group.name,
                cost=team_cost(centre, more) - team_cost(centre, team),
                saved_calls=_gained(base, seen, lambda outcome: outcome.answered),
                in_time_calls=_gained(base, seen, lambda outcome: outcome.in_time),
            )
        )
    return worths


def _gained(
    base: DayOutcomes, seen: DayOutcomes, count: Callable[[DayOutcomes], Integers]
) -> list[float]:
    difference = count(seen).sum(axis=(1, 2)) - count(base).sum(axis=(1, 2))
    return [float(value) for value in difference]


def prices_of_targets(
    centre: Centre, draws: CallDraws, found: Requirement, *, rounds_max: int = 6
) -> list[TargetPrice]:
    """Search again with each target eased in turn: by one point, or a tenth for seconds.

    Args:
        centre: The centre.
        draws: The calls on which `found` was searched.
        found: The requirement under the targets as they are.
        rounds_max: How many teams to try for each target.
    """
    cost = team_cost(centre, found.agents)
    prices = []
    for index, target in enumerate(centre.targets):
        eased = _eased(target)
        targets = (*centre.targets[:index], eased, *centre.targets[index + 1 :])
        easier = replace(centre, targets=targets)
        again = required_team(easier, draws, start=found.agents, rounds_max=rounds_max)
        prices.append(TargetPrice(target, eased, cost - team_cost(centre, again.agents)))
    return prices


def _eased(target: Target) -> Target:
    if target.metric == "asa_s":
        limit = target.limit * (1 + _OTHER_STEP)
    elif target.metric == "service_level":
        limit = max(target.limit - _LEVEL_STEP, target.limit / 2)
    else:
        limit = min(target.limit + _LEVEL_STEP, (1 + target.limit) / 2)
    return Target(
        metric=target.metric,
        limit=limit,
        of=target.of,
        scope=target.scope,
        probability=target.probability,
    )
