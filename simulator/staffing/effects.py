"""What one more or one fewer agent does, for every group and interval, from a dozen simulations.

An agent added at ten helps the calls of ten and of the intervals just after, and nobody else. So
the effects of changes far enough apart can be measured in one simulation: every `spacing`-th
interval is changed at once, and what happens near each change is credited to it. With common
random numbers the difference from the unchanged plan is almost free of noise.

The effects are on the targets' *excess* (see `simulator.staffing.targets`), which adds up; they
are the slopes of the cuts that the search works with, and the value of an agent that the report
prints.

Source:
    Cuts from simulated differences: M. Cezik, P. L'Ecuyer, "Staffing multiskill call centers via
    linear programming and simulation", Management Science 54 (2008).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simulator.distributions import Floats
from simulator.kernel import CallDraws, DayOutcomes
from simulator.kernel.tables import Integers
from simulator.staffing.centre import Centre

_SPACING_MIN = 3


@dataclass(frozen=True)
class Effects:
    """Change of each target's pressure for one agent more (or fewer) in a group and interval."""

    by_target: tuple[Floats, ...]
    """For each target: (1, G, I) for the day, (I, G, I) where each interval must meet the limit."""


def measure_effects(
    centre: Centre, draws: CallDraws, team: Integers, seen: DayOutcomes, *, change: int
) -> Effects:
    """Measure the effect of `change` agents in every group and interval, per agent changed.

    Args:
        centre: The centre.
        draws: The calls; the same that gave `seen`.
        team: The team around which to measure: (G, I).
        seen: What became of the calls with that team.
        change: How many agents to add (above 0) or take away (below 0) at a time.
    """
    spacing = _spacing(centre)
    intervals, groups = centre.intervals, len(centre.groups)
    base = [view.excess(seen) for view in centre.views]
    weights = [view.day_weights(seen) for view in centre.views]
    effects = [
        np.zeros((1 if view.target.scope == "day" else intervals, groups, intervals))
        for view in centre.views
    ]
    for group in range(groups):
        for offset in range(min(spacing, intervals)):
            changed = team.copy()
            changed[group, offset::spacing] = np.maximum(
                changed[group, offset::spacing] + change, 0
            )
            outcome = centre.simulate(draws, changed)
            for target, view in enumerate(centre.views):
                difference = weights[target] @ (view.excess(outcome) - base[target]) / abs(change)
                _credit(effects[target][:, group], difference, offset, spacing)
    return Effects(tuple(effects))


def _spacing(centre: Centre) -> int:
    """Return how many intervals apart changes do not disturb each other: three handle times."""
    handle_s = max(float(demand.handle_s.mean()) for demand in centre.demands)
    return max(_SPACING_MIN, math.ceil(3 * handle_s / centre.interval_s) + 1)


def _credit(effect: Floats, difference: Floats, offset: int, spacing: int) -> None:
    """Credit the difference near each changed interval to it, one interval before it included."""
    intervals = len(difference)
    for interval in range(offset, intervals, spacing):
        start = max(interval - 1, 0) if interval > offset else 0
        near = slice(start, min(interval + spacing - 1, intervals))
        if len(effect) == 1:
            effect[0, interval] = difference[near].sum()
        else:
            effect[near, interval] = difference[near]
