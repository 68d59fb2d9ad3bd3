"""Where the search begins: closed forms for each call type, shared out among the groups.

Each type on its own, with a team of its own, needs what Erlang A (Erlang C for patient callers)
says for the modified offered load of each interval. Which groups supply those agents is a small
linear
programme: the cheapest mix that covers every type, in which groups of several skills supply at
least a tenth of what they can: a few of them pool the work of all, which no formula for one queue
sees. The result ignores that groups pool work and that rates are uncertain; the search corrects
both.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize

from simulator.distributions import Floats
from simulator.erlang import offered_load, required_agents
from simulator.kernel.tables import Integers
from simulator.staffing.centre import Centre, Demand

_DEFAULT_LEVEL = 0.8
_POOLED_LEAST = 0.1
"""Share of a type's agents that groups of several skills supply in the first guess."""


def bracket(centre: Centre) -> Integers:
    """Return a first guess of the team: (G, I)."""
    needs = np.array([_alone(centre, demand) for demand in centre.demands])
    columns = [_cheapest_cover(centre, needs[:, interval]) for interval in range(centre.intervals)]
    return np.minimum(np.array(columns).T, centre.agents_max[:, None])


def _alone(centre: Centre, demand: Demand) -> Integers:
    """Return the agents of each interval if a type had its own team: (I,)."""
    level = max(
        (
            target.limit
            for target in centre.targets
            if target.metric == "service_level" and target.of == demand.name
        ),
        default=_DEFAULT_LEVEL,
    )
    handle_s = float(np.average(demand.handle_s, weights=demand.calls + 1e-9))
    loads = offered_load(
        (demand.calls * demand.handle_s / handle_s / centre.interval_s).tolist(),
        interval_s=centre.interval_s,
        handle_s=handle_s,
    )
    return np.array(
        [
            required_agents(
                arrivals_per_s=load.mean / handle_s,
                handle_s=handle_s,
                patience_s=None if demand.patience is None else demand.patience.mean,
                service_level=level,
                within_s=demand.within_s,
            )
            for load in loads
        ]
    )


def _cheapest_cover(centre: Centre, needs: Integers) -> Integers:
    """Return the cheapest agents of each group that give every type what it needs: (G,)."""
    types, groups = centre.tables.reach_s.shape
    serves = np.isfinite(centre.tables.reach_s)
    at_once = centre.tables.reach_s == 0
    pooling = at_once & (at_once.sum(axis=0) > 1)
    slow = np.where(at_once, 1.0, 1.05)  # a group that helps out late comes last
    cost = (centre.cost_per_interval[None, :] * slow).ravel()
    covers = np.kron(np.eye(types), np.ones(groups))
    pooled_needs = np.where(pooling.any(axis=1), _POOLED_LEAST * needs, 0.0)
    found = optimize.linprog(
        cost,
        A_ub=-np.vstack((covers, covers * pooling.ravel())),
        b_ub=-np.concatenate((needs, pooled_needs)),
        bounds=[(0.0, None if able else 0.0) for able in serves.ravel()],
    )
    supply: Floats = np.asarray(found.x).reshape(types, groups)
    agents: Integers = np.ceil(supply.sum(axis=0) - 1e-9).astype(np.int64)
    return agents
