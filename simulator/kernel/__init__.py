"""Many days of a multi-skill centre in well under a second: compiled, driven by tables.

A staffing search asks the same question thousands of times: these callers, these rules, that team;
what happens? The kernel answers it from arrays alone. The calls of all days are drawn first
(`CallDraws`), the routing rules are tables (`RoutingTables`), the team is a number of agents per
group and interval; `simulate_days` routes every call of every day and returns the sums from which
all measures follow. Nothing is drawn inside, so the same input always gives the same output.

The kernel is the twin's fast cousin, not its replacement: no ring time, transfers, callbacks or
breaks of single agents. What its tables cannot express is refused by name (`TableError`). On rules
that they can express, `tests/simulator/kernel` holds it to a plain reference, call by call.

| module | holds |
| --- | --- |
| `tables` | the routing rules and what they refuse |
| `rules` | the live distributor's settings, turned into tables or refused by name |
| `draws` | the calls, drawn from named streams |
| `multiskill` | the routing, event by event |
| `single` | the same for one group in order of arrival, in one pass |
| `outcomes` | what is counted |
| `compiled` | numba, or plain Python with a notice |
"""

from __future__ import annotations

import numpy as np

from simulator.distributions import Floats
from simulator.kernel.compiled import IS_COMPILED, SlowKernelWarning, notice_if_slow
from simulator.kernel.draws import CallDraws, CallType, draw_days
from simulator.kernel.multiskill import NOBODY, Day, Rules, new_state, route_day
from simulator.kernel.outcomes import DayOutcomes, count_day, new_sums, share
from simulator.kernel.single import route_day_in_order
from simulator.kernel.tables import Integers, RoutingTables, TableError

__all__ = [
    "IS_COMPILED",
    "NOBODY",
    "CallDraws",
    "CallType",
    "DayOutcomes",
    "RoutingTables",
    "SlowKernelWarning",
    "TableError",
    "draw_days",
    "share",
    "simulate_days",
]

_AGENTS_MAX = 100_000


def simulate_days(  # noqa: PLR0913  (one keyword for each threshold)
    draws: CallDraws,
    tables: RoutingTables,
    agents: Integers,
    *,
    interval_s: float,
    within_s: float | Floats = 20.0,
    short_abandon_s: float = 5.0,
    keep_calls: bool = False,
) -> DayOutcomes:
    """Route the calls of many days, each day from an empty centre.

    D days, T call types, G groups, I intervals. After the last interval its team stays until the
    last caller is served, has given up, or can never be served.

    Args:
        draws: The calls of D days; types are rows of `tables`.
        tables: The routing rules of T types and G groups.
        agents: Agents at work: (G, I) for every day alike, or (D, G, I).
        interval_s: Length of an interval in seconds, above 0.
        within_s: The service level's threshold in seconds: one number, or one per type (T,).
        short_abandon_s: Callers who give up before this many seconds leave the service level.
        keep_calls: Whether to return every call's wait and group as well.

    Returns:
        Sums by day, type, group and interval; see `DayOutcomes` for shapes and units.

    Raises:
        TableError: Arrays do not fit together, or the tables cannot express the rules.

    Cost:
        O(log agents) a call, some 100 ns; no Python per call. Compiled on first use and cached.

    Example:
        >>> from simulator.arrivals import Variability
        >>> from simulator.distributions import Exponential
        >>> sales = CallType(
        ...     name="sales",
        ...     expected=np.full(4, 100.0),
        ...     handle=Exponential(180.0),
        ...     patience=Exponential(300.0),
        ... )
        >>> draws = draw_days([sales], interval_s=1800, variability=Variability(), seed=1, days=50)
        >>> tables = RoutingTables(call_types=("sales",), groups=("all",), reach_s=np.zeros((1, 1)))
        >>> day = simulate_days(draws, tables, np.full((1, 4), 14), interval_s=1800)
        >>> day.service_level().round(2).tolist()
        [0.93]
    """
    notice_if_slow()
    if not (np.isfinite(interval_s) and interval_s > 0):
        raise TableError(f"interval_s must be above 0, not {interval_s!r}")
    teams = _team_of_each_day(draws, tables, agents)
    thresholds_s = _thresholds_s(tables, within_s)
    rules = Rules(
        tables.reach_s, tables.rank, tables.priority, tables.priority_per_s, tables.handle_factor
    )
    route = route_day_in_order if tables.is_first_come_first_served else route_day
    sums = new_sums(draws.days, len(tables.call_types), *teams.shape[1:])
    results = _Results(len(draws.arrival_s), teams.shape)
    for index in range(draws.days):
        day = results.day(draws, index, teams[index], float(interval_s))
        state = new_state(len(day.arrival_s), len(tables.call_types), day.agents)
        route(rules, day, state)
        count_day(rules, day, sums, index, thresholds_s, float(short_abandon_s))
    return DayOutcomes(
        **sums._asdict(),
        idle_s=results.idle_s,
        wait_s=results.wait_s if keep_calls else None,
        group=results.group if keep_calls else None,
    )


class _Results:
    """Room for the results of all calls and teams, handed to the kernel one day at a time."""

    def __init__(self, calls: int, teams: tuple[int, ...]) -> None:
        self.wait_s = np.empty(calls)
        self.group = np.empty(calls, dtype=np.int64)
        self.idle_s = np.zeros(teams)

    def day(self, draws: CallDraws, index: int, team: Integers, interval_s: float) -> Day:
        mine = slice(int(draws.day_start[index]), int(draws.day_start[index + 1]))
        return Day(
            draws.arrival_s[mine],
            draws.call_type[mine],
            draws.handle_s[mine],
            draws.patience_s[mine],
            team,
            interval_s,
            self.wait_s[mine],
            self.group[mine],
            self.idle_s[index],
        )


def _team_of_each_day(draws: CallDraws, tables: RoutingTables, agents: Integers) -> Integers:
    """Return the agents at work as (D, G, I), checked."""
    if len(draws.call_type) and draws.call_type.max() >= len(tables.call_types):
        raise TableError(f"a call has type {draws.call_type.max()}, beyond the tables' last type")
    teams = np.asarray(agents)
    if not np.issubdtype(teams.dtype, np.integer):
        raise TableError(f"agents must be whole numbers, not {teams.dtype}")
    if teams.ndim == 2:
        teams = np.broadcast_to(teams, (draws.days, *teams.shape))
    expected = f"({draws.days}, {len(tables.groups)}, intervals)"
    if teams.ndim != 3 or teams.shape[:2] != (draws.days, len(tables.groups)) or not teams.shape[2]:
        raise TableError(f"agents has shape {np.shape(agents)}, not {expected[4:]} or {expected}")
    if teams.min() < 0 or teams.max() > _AGENTS_MAX:
        raise TableError(f"agents must be from 0 to {_AGENTS_MAX} in every group and interval")
    return np.ascontiguousarray(teams, dtype=np.int64)


def _thresholds_s(tables: RoutingTables, within_s: float | Floats) -> Floats:
    """Return the service level's threshold of every type: (T,)."""
    types = len(tables.call_types)
    thresholds_s = np.asarray(within_s, dtype=np.float64)
    if thresholds_s.shape not in ((), (types,)) or not (thresholds_s >= 0).all():
        raise TableError(f"within_s must be 0 or more, one number or one for each of {types} types")
    return np.ascontiguousarray(np.broadcast_to(thresholds_s, (types,)))
