"""The variants that planners ask for: self-service, handle time, patience, no-shows, training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulator.distributions import Floats
from simulator.kernel import RoutingTables
from simulator.staffing.centre import Centre, PlanError
from simulator.staffing.variants import Variant


def factors(centre: Centre, factor: float, of: str | None) -> Floats:
    """Return a factor for one call type, or for all of them if None: (T,).

    Raises:
        PlanError: The centre has no such type.
    """
    types = centre.tables.call_types
    if of is not None and of not in types:
        raise PlanError(f"{of!r} is not one of {', '.join(types)}")
    return np.array([factor if of in (None, name) else 1.0 for name in types])


def more_self_service(
    centre: Centre, points: float, served: Floats, lost: Floats, of: str | None
) -> Floats:
    """Return the factor of calls if the call flow serves so much more (or less): (T,).

    Args:
        centre: The centre; its forecast counts calls that reach the queues.
        points: Change of the share of callers whom the flow serves.
        served: That share today: (T,).
        lost: Share of callers whom the flow loses otherwise: (T,).
        of: One call type, or None for all.

    Raises:
        PlanError: The flow would serve fewer than none, or all.
    """
    changed = factors(centre, 2.0, of) > 1
    share = np.where(changed, served + points, served)
    for name, value, gone in zip(centre.tables.call_types, share, lost, strict=True):
        if not 0 <= value < 1 - gone:
            raise PlanError(
                f"{name}: the call flow would serve {value:.0%} of callers; it can be from 0 % to "
                f"below {1 - gone:.0%}"
            )
    return np.asarray((1 - share - lost) / (1 - served - lost))


def learned(centre: Centre, group: str, call_type: str, *, premium: float) -> Variant:
    """Return the variant in which a group takes one more call type, after those who had it.

    Its agents keep their own calls first; each of their hours becomes dearer by `premium`.

    Raises:
        PlanError: There is no such group or type, or the group takes it already.
    """
    tables = centre.tables
    if group not in tables.groups:
        raise PlanError(f"group {group!r} is not one of {', '.join(tables.groups)}")
    if call_type not in tables.call_types:
        raise PlanError(f"{call_type!r} is not one of {', '.join(tables.call_types)}")
    row, column = tables.call_types.index(call_type), tables.groups.index(group)
    if np.isfinite(tables.reach_s[row, column]):
        raise PlanError(f"{group} takes {call_type} already")
    dearer = np.zeros(len(tables.groups))
    dearer[column] = premium
    return Variant(
        name=f"{group} learns {call_type}", tables=_taught(tables, row, column), dearer=dearer
    )


def _taught(tables: RoutingTables, row: int, column: int) -> RoutingTables:
    reach_s, rank, priority = tables.reach_s.copy(), tables.rank.copy(), tables.priority.copy()
    others = np.isfinite(tables.reach_s[row])
    mine = np.isfinite(tables.reach_s[:, column])
    reach_s[row, column] = 0.0
    rank[row, column] = tables.rank[row, others].max() + 1
    priority[row, column] = min(
        tables.priority[row, others].min(), tables.priority[mine, column].min(initial=np.inf)
    )
    return replace(tables, reach_s=reach_s, rank=rank, priority=priority)


def trainings(centre: Centre) -> list[tuple[str, str]]:
    """Return every (group, call type) that could be learned."""
    tables = centre.tables
    return [
        (group, call_type)
        for column, group in enumerate(tables.groups)
        for row, call_type in enumerate(tables.call_types)
        if not np.isfinite(tables.reach_s[row, column])
    ]
