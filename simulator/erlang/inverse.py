"""The formulas turned around: how many agents, how many calls, how patient.

Every figure of merit gets better with each agent added and worse with each call, so the smallest
team and the largest load are found by bisection on the exact formulas, never by an approximation.

Shrinkage, the share of paid time not spent on calls, turns agents at work into agents rostered.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from simulator.erlang.abandonment import ErlangA, erlang_a
from simulator.erlang.blocking import log_erlang_b, require_count, require_positive
from simulator.erlang.delay import Denominator, ErlangC, erlang_c, require_duration

_RELATIVE_STEP = 1e-12
"""Where bisection over real numbers stops."""


def required_agents(  # noqa: PLR0913  (one keyword for each target)
    *,
    arrivals_per_s: float,
    handle_s: float,
    patience_s: float | None = None,
    service_level: float | None = 0.8,
    within_s: float = 20.0,
    of: Denominator = "offered",
    asa_s_max: float | None = None,
    p_abandon_max: float | None = None,
    occupancy_max: float | None = None,
) -> int:
    """Return the smallest team that meets every target given.

    Args:
        arrivals_per_s: Calls offered per second; 0 needs no agent.
        handle_s: Mean handle time, above 0.
        patience_s: Mean patience (Erlang A), or None for callers who never give up (Erlang C).
        service_level: Share to be answered within `within_s`, between 0 and 1; None for no target.
        within_s: The service level's threshold.
        of: Over which calls the service level is taken.
        asa_s_max: Longest mean wait of answered calls, above 0.
        p_abandon_max: Largest share of calls to abandon, above 0.
        occupancy_max: Largest share of the agents' time to be busy, above 0.

    Raises:
        ValueError: A figure is out of its range, or no target is given.

    Example:
        >>> required_agents(arrivals_per_s=100 / 1800, handle_s=180)
        14
        >>> required_agents(arrivals_per_s=100 / 1800, handle_s=180, occupancy_max=0.7)
        15
    """
    _check_targets(service_level, asa_s_max, p_abandon_max, occupancy_max)
    require_duration("within_s", within_s)
    require_duration("arrivals_per_s", arrivals_per_s)
    if arrivals_per_s == 0:
        return 0

    def meets(agents: int) -> bool:
        queue = _queue(arrivals_per_s, handle_s, patience_s, agents)
        return (
            (occupancy_max is None or queue.occupancy <= occupancy_max)
            and (service_level is None or queue.service_level(within_s, of) >= service_level)
            and (asa_s_max is None or queue.asa_s <= asa_s_max)
            and (p_abandon_max is None or queue.p_abandon <= p_abandon_max)
        )

    load = arrivals_per_s * handle_s
    least = 1 if patience_s is not None else math.floor(load) + 1
    return _smallest(meets, least=least, near=max(least, math.ceil(load)))


def rostered_agents(agents: float, *, shrinkage: float) -> int:
    """Return how many must be paid for so that `agents` are at work on average.

    Args:
        agents: Agents needed at work.
        shrinkage: Share of paid time not available for calls, from 0 to below 1.

    Example:
        >>> rostered_agents(14, shrinkage=0.3)
        20
    """
    if not 0 <= shrinkage < 1:
        raise ValueError(f"shrinkage must be from 0 to below 1, not {shrinkage!r}")
    return math.ceil(round(agents / (1 - shrinkage), 9))  # 14 / 0.7 is 20 and a hair in binary


def arrivals_served_per_s(  # noqa: PLR0913  (the queue's figures and its target)
    *,
    agents: int,
    handle_s: float,
    patience_s: float | None = None,
    service_level: float = 0.8,
    within_s: float = 20.0,
    of: Denominator = "offered",
) -> float:
    """Return the highest call rate at which a team still keeps its service level.

    Raises:
        ValueError: A figure is out of its range.

    Example:
        >>> round(arrivals_served_per_s(agents=14, handle_s=180) * 1800, 1)
        108.7
    """
    require_count("agents", agents, least=1)
    _check_targets(service_level, None, None, None)

    def fails(arrivals_per_s: float) -> bool:
        if patience_s is None and arrivals_per_s * handle_s >= agents:
            return True
        queue = _queue(arrivals_per_s, handle_s, patience_s, agents)
        return queue.service_level(within_s, of) < service_level

    require_positive("handle_s", handle_s)
    high = agents / handle_s
    while not fails(high):
        high *= 2
    return _bisect(fails, low=0.0, high=high)


def patience_from_abandonment_s(
    *, arrivals_per_s: float, handle_s: float, agents: int, p_abandon: float
) -> float:
    """Return the mean patience that explains an observed share of abandoned calls.

    Raises:
        ValueError: No patience explains it: even callers who never wait abandon less often
            (Erlang B), or even callers of endless patience more often (overload).

    Example:
        >>> queue = erlang_a(arrivals_per_s=1 / 3, handle_s=300, patience_s=180, agents=100)
        >>> round(
        ...     patience_from_abandonment_s(
        ...         arrivals_per_s=1 / 3, handle_s=300, agents=100, p_abandon=queue.p_abandon
        ...     ),
        ...     6,
        ... )
        180.0
    """
    require_positive("arrivals_per_s", arrivals_per_s)
    require_positive("handle_s", handle_s)
    require_count("agents", agents, least=1)
    load = arrivals_per_s * handle_s
    most, least = math.exp(log_erlang_b(load, agents)), max(0.0, 1 - agents / load)
    if not least < p_abandon < most:
        raise ValueError(
            f"at {load:.4g} erlangs and {agents} agents, between {least:.4%} (endless patience) "
            f"and {most:.4%} (none) of the calls abandon; p_abandon = {p_abandon:.4%} is outside"
        )

    def fewer_abandon(patience_s: float) -> bool:
        queue = erlang_a(
            arrivals_per_s=arrivals_per_s, handle_s=handle_s, patience_s=patience_s, agents=agents
        )
        return queue.p_abandon < p_abandon

    high = handle_s
    while not fewer_abandon(high):
        high *= 4
    return _bisect(fewer_abandon, low=0.0, high=high)


def _queue(
    arrivals_per_s: float, handle_s: float, patience_s: float | None, agents: int
) -> ErlangA | ErlangC:
    if patience_s is None:
        return erlang_c(arrivals_per_s=arrivals_per_s, handle_s=handle_s, agents=agents)
    return erlang_a(
        arrivals_per_s=arrivals_per_s, handle_s=handle_s, patience_s=patience_s, agents=agents
    )


def _check_targets(
    service_level: float | None,
    asa_s_max: float | None,
    p_abandon_max: float | None,
    occupancy_max: float | None,
) -> None:
    if service_level is not None and not 0 < service_level < 1:
        raise ValueError(f"service_level must be between 0 and 1, not {service_level!r}")
    limits = {
        "asa_s_max": asa_s_max,
        "p_abandon_max": p_abandon_max,
        "occupancy_max": occupancy_max,
    }
    for name, limit in limits.items():
        if limit is not None and not limit > 0:
            raise ValueError(f"{name} must be above 0, not {limit!r}")
    if service_level is None and all(limit is None for limit in limits.values()):
        raise ValueError(f"give at least one target: service_level, {', '.join(limits)}")


def _smallest(meets: Callable[[int], bool], *, least: int, near: int) -> int:
    """Return the smallest whole number from `least` up that meets a monotone condition.

    Steps double away from `near` until the answer lies between two of them.
    """
    step, low, high = 1, least - 1, near
    if meets(near):
        while high - step > low and meets(high - step):
            high, step = high - step, 2 * step
        low = max(low, high - step)
    else:
        while not meets(high):
            low, high, step = high, high + step, 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if meets(middle) else (middle, high)
    return high


def _bisect(holds: Callable[[float], bool], *, low: float, high: float) -> float:
    """Return where a monotone condition, false at `low` and true at `high`, begins to hold."""
    while high - low > _RELATIVE_STEP * high:
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return (low + high) / 2
