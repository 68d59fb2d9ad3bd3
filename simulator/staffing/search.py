"""The cheapest team for every interval and group that meets the targets, by simulation and cuts.

From the closed-form guess, each round simulates the team and measures what one agent more and one
fewer would do in every group and interval (`effects`). A small integer programme then picks the
next team:

- a team that misses a target **grows**, by the cheapest additions predicted to remove the excess;
- a team that meets them all **trades**: additions here for dearer removals there, such that no
  excess is predicted. Slopes hold only near where they were measured, so a trade touches a limited
  number of agents; the limit halves whenever a trade saved next to nothing. (Without it the search
  was seen to wander without end.)

The cheapest team *seen* to meet all targets is kept: the prediction only proposes, the simulation
decides. All teams meet the same callers.

Before that, the largest team allowed is simulated: what even that misses cannot be met, and
`CannotBeMetError` says by how much.

The answer is for the calls it was searched on; `simulator.staffing.plan` judges it on fresh ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from simulator.distributions import Floats
from simulator.kernel import CallDraws, DayOutcomes
from simulator.kernel.tables import Integers
from simulator.staffing.bracket import bracket
from simulator.staffing.centre import Centre
from simulator.staffing.effects import Effects, measure_effects
from simulator.staffing.targets import Verdict

_GROWTHS_MAX = 60
"""Rounds without any feasible team before the targets count as out of reach."""
_TRADED_FIRST = 0.4
"""Share of all (group, interval) cells that the first trades may touch."""
_TRADED_LAST = 0.02
"""Share below which trading stops."""
_GAIN_LEAST = 0.002
"""A trade that saves a smaller share of the cost halves the number of cells the next may touch."""
SHORTFALL_PRICE = 1e4
"""Price of predicted excess left over, in agents of mean cost: paid if nothing removes it."""
_REMOVAL_WEIGHT = 1.4
"""Each agent taken away hurts more than the one before: removals count so much more in a trade."""

ADDITION_WEIGHT = 1.2
"""Each agent added helps less than the one before: excess to be removed counts so much more."""


class CannotBeMetError(ValueError):
    """A target that no allowed team meets."""

    def __init__(self, missed: tuple[Verdict, ...]) -> None:
        self.missed = missed
        lines = [
            f"{verdict.target} cannot be met; nearest is {verdict.reached:.4g}"
            + (f", on {verdict.days_met:.0%} of days" if verdict.target.probability else "")
            + _place(verdict)
            for verdict in missed
        ]
        super().__init__("; ".join(lines) + " (with every group at its largest)")


def _place(verdict: Verdict) -> str:
    worst = verdict.worst_interval
    return "" if worst is None else f", in interval {worst + 1}"


@dataclass(frozen=True)
class Requirement:
    """The agents needed at work."""

    agents: Integers
    """At work in each group and interval: (G, I)."""
    seen: DayOutcomes
    """What became of the search's calls."""
    verdicts: tuple[Verdict, ...]
    rounds: int
    """How many teams had been tried when this one was."""

    @property
    def is_met(self) -> bool:
        """Whether the team met every target."""
        return all(verdict.is_met for verdict in self.verdicts)


def required_team(
    centre: Centre, draws: CallDraws, *, start: Integers | None = None, rounds_max: int = 40
) -> Requirement:
    """Search the cheapest team that meets every target on the drawn calls.

    Args:
        centre: The centre.
        draws: Calls of enough days: about 50 for targets over all days, more for probabilities.
        start: Where to begin, (G, I); the closed-form guess if None.
        rounds_max: How many teams to try at most; more only while none meets the targets.

    Raises:
        CannotBeMetError: Even the largest team allowed misses a target.
    """
    guess = bracket(centre)
    _refuse_impossible(centre, draws, guess)
    team = guess if start is None else start
    best: Requirement | None = None
    traded = _TRADED_FIRST
    for rounds in range(1, _GROWTHS_MAX + 1):
        tried = _try(centre, draws, team, rounds)
        if tried.is_met:
            before = np.inf if best is None else team_cost(centre, best.agents)
            cost = team_cost(centre, team)
            if cost > before * (1 - _GAIN_LEAST):
                traded /= 2
            best = tried if best is None or cost < before else best
            if traded < _TRADED_LAST or rounds >= rounds_max:
                break
            moves = round(traded * team.size)
            team = best.agents + propose_trade(centre, draws, best, moves=moves)
        elif best is not None and rounds >= rounds_max:
            break
        else:
            team = team + propose_growth(centre, draws, tried)
    if best is None:
        raise CannotBeMetError(tuple(v for v in tried.verdicts if not v.is_met))
    return best


def _try(centre: Centre, draws: CallDraws, team: Integers, rounds: int) -> Requirement:
    seen = centre.simulate(draws, team)
    return Requirement(team, seen, tuple(view.verdict(seen) for view in centre.views), rounds)


def propose_growth(centre: Centre, draws: CallDraws, tried: Requirement) -> Integers:
    """Return the cheapest additions (G, I) predicted to remove the excess of a team."""
    step = max(1, round(float(tried.agents.mean()) / 15))
    more = measure_effects(centre, draws, tried.agents, tried.seen, change=step)
    room = np.minimum(step, centre.agents_max[:, None] - tried.agents)
    return _cheapest(
        centre, tried, slopes=slopes_of(more), prices=agent_prices(centre), room=room.ravel()
    )


def propose_trade(centre: Centre, draws: CallDraws, tried: Requirement, *, moves: int) -> Integers:
    """Return the cheapest exchange (G, I) of `moves` agents or fewer that leaves no excess."""
    more = measure_effects(centre, draws, tried.agents, tried.seen, change=1)
    fewer = measure_effects(centre, draws, tried.agents, tried.seen, change=-1)
    prices = agent_prices(centre)
    up_room = np.minimum(1, centre.agents_max[:, None] - tried.agents).ravel()
    down_room = np.minimum(1, tried.agents).ravel()
    return _cheapest(
        centre,
        tried,
        slopes=np.hstack((slopes_of(more), np.maximum(slopes_of(fewer), 0) * _REMOVAL_WEIGHT)),
        prices=np.concatenate((prices, -prices)),
        room=np.concatenate((up_room, down_room)),
        moves=moves,
    )


def _cheapest(  # noqa: PLR0913  (the parts of one programme)
    centre: Centre,
    tried: Requirement,
    *,
    slopes: Floats,
    prices: Floats,
    room: Integers,
    moves: float = np.inf,
) -> Integers:
    """Solve for the cheapest changes that leave no predicted excess.

    Columns are additions to every (group, interval), then removals if there are twice as many.
    Excess that no change removes is paid for, dearly, instead of making the programme infeasible.
    """
    pressure = np.concatenate([view.pressure(tried.seen) for view in centre.views])
    pressure = np.where(pressure > 0, pressure * ADDITION_WEIGHT, pressure)
    kept = len(pressure)
    shortfall = np.full(kept, SHORTFALL_PRICE * np.abs(prices).mean())
    touched = np.repeat([1.0, 0.0], [len(prices), kept])
    found = optimize.milp(
        np.concatenate((prices, shortfall)),
        constraints=[
            optimize.LinearConstraint(np.hstack((slopes, -np.eye(kept))), ub=-pressure),
            optimize.LinearConstraint(touched[None, :], ub=moves),
        ],
        bounds=optimize.Bounds(0, np.concatenate((room, np.full(kept, np.inf)))),
        integrality=touched,
        options={"mip_rel_gap": 0.01, "node_limit": 3},
    )
    chosen = np.rint(np.asarray(found.x)[: len(prices)]).astype(np.int64)
    up = chosen[: tried.agents.size]
    down = chosen[tried.agents.size :] if len(prices) > tried.agents.size else np.zeros_like(up)
    change: Integers = (up - down).reshape(tried.agents.shape)
    return change


def agent_prices(centre: Centre) -> Floats:
    """Return the cost of one agent in each group and interval: (G * I,)."""
    return np.repeat(centre.cost_per_interval, centre.intervals)


def slopes_of(effects: Effects) -> Floats:
    """Stack the effects as rows of constraints over groups and intervals: (n_pressures, G * I)."""
    return np.concatenate([effect.reshape(len(effect), -1) for effect in effects.by_target])


def team_cost(centre: Centre, team: Integers) -> float:
    """Return what a day of a team (G, I) costs, in the groups' money."""
    return float(centre.cost_per_interval @ team.sum(axis=1))


def _refuse_impossible(centre: Centre, draws: CallDraws, guess: Integers) -> None:
    most = np.broadcast_to(centre.agents_max[:, None], guess.shape)
    plenty = np.minimum(most, 3 * guess + 3 * int(guess.max()) + 10)
    seen = centre.simulate(draws, plenty)
    missed = tuple(verdict for view in centre.views if not (verdict := view.verdict(seen)).is_met)
    if missed:
        raise CannotBeMetError(missed)
