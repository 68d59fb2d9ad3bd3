"""What `cordboard staff` plans for: a forecast, and the centre it is meant for.

With a scenario, call types are the centre's queues, groups are its agents joined by what they may
take, and handle times and patience have the scenario's shapes. Without one, every call type has a
group of its own, and handle times are exponential.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cordboard.cli.output import UserError
from cordboard.cli.simulate import read_world
from cordboard.cli.spread import deviation

if TYPE_CHECKING:
    from acd.config import QueueConfig
    from simulator.distributions import Floats
    from simulator.kernel import RoutingTables
    from simulator.scenario import CallType, Scenario
    from simulator.staffing import Centre, Demand, Forecast, Group, Target
    from simulator.staffing.forecast_file import TypeForecast


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the plan must achieve, and within which limits."""

    service_level: float
    within_s: float | None  #: None for each queue's own threshold, 20 s without a scenario
    abandon_max: float | None
    probability: float | None
    each_interval: bool
    asa_max_s: float | None = None  #: longest mean wait of answered calls
    occupancy_max: float | None = None  #: of every group
    interval_level: float | None = None  #: least service level of every interval, beside the rest
    patience_s: float | None  #: of all callers, instead of the scenario's
    shrinkage: float
    agents_max: int
    skill_premium: float  #: what each further queue adds to a group's cost of 1 an hour


@dataclass(frozen=True, kw_only=True)
class _Callers:
    """Demands, routing and variability, before the wishes are known."""

    demands: "tuple[Demand, ...]"
    tables: "RoutingTables"


def read_forecast_file(path: Path) -> "Forecast":
    """Read a forecast.

    Raises:
        UserError: The file cannot be read, or a row is wrong; the message names row and column.
    """
    from simulator.staffing import ForecastError, read_forecast

    try:
        return read_forecast(path.read_bytes(), name=str(path))
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from error
    except ForecastError as error:
        raise UserError(str(error)) from error


def centre_of(forecast: "Forecast", scenario: Path | None, wishes: Wishes) -> "Centre":
    """Return the centre to be planned.

    Raises:
        UserError: The forecast does not fit the centre, or a wish is impossible to say.
    """
    from simulator.arrivals import Variability
    from simulator.staffing import Centre

    world = None if scenario is None else read_world(scenario)
    try:
        callers = _alone(forecast, wishes) if world is None else _routed(forecast, world, wishes)
        return Centre(
            demands=callers.demands,
            groups=_groups(callers.tables, wishes),
            tables=callers.tables,
            targets=_targets(forecast, callers.tables.groups, wishes),
            interval_s=forecast.interval_s,
            opens_s=forecast.opens_s,
            variability=Variability() if world is None else world.variability,
            shrinkage=wishes.shrinkage,
        )
    except ValueError as error:  # of the routing, a target, or a figure
        raise UserError(str(error)) from error


def _targets(forecast: "Forecast", groups: tuple[str, ...], wishes: Wishes) -> "tuple[Target, ...]":
    scope = "interval" if wishes.each_interval else "day"
    of_types = [
        ("service_level", wishes.service_level, scope, wishes.probability),
        ("asa_s", wishes.asa_max_s, scope, wishes.probability),
        ("p_abandon", wishes.abandon_max, scope, wishes.probability),
        ("service_level", wishes.interval_level, "interval", None),
    ]
    of_groups = [("occupancy", wishes.occupancy_max, scope, wishes.probability)]
    asked = [(kind.name, of_types) for kind in forecast.types]
    asked += [(group, of_groups) for group in groups]
    return tuple(_target(of, *one) for of, wanted in asked for one in wanted if one[1] is not None)


def _target(
    of: str, metric: str, limit: float | None, scope: str, probability: float | None
) -> "Target":
    from simulator.staffing import Target

    plain = {"metric": metric, "of": of, "limit": limit, "scope": scope, "probability": probability}
    return msgspec.convert(plain, Target)


def _alone(forecast: "Forecast", wishes: Wishes) -> _Callers:
    """Return the callers of a centre in which every call type has a group of its own."""
    import numpy as np

    from simulator.distributions import Exponential
    from simulator.kernel import RoutingTables
    from simulator.staffing import Demand

    names = tuple(kind.name for kind in forecast.types)
    never = np.full((len(names), len(names)), np.inf)
    np.fill_diagonal(never, 0)
    demands = tuple(
        Demand(
            name=kind.name,
            calls=kind.calls,
            handle_s=kind.aht_s,
            handle=Exponential(60.0),
            patience=None if wishes.patience_s is None else Exponential(wishes.patience_s),
            within_s=20.0 if wishes.within_s is None else wishes.within_s,
        )
        for kind in forecast.types
    )
    return _Callers(
        demands=demands, tables=RoutingTables(call_types=names, groups=names, reach_s=never)
    )


def _routed(forecast: "Forecast", world: "Scenario", wishes: Wishes) -> _Callers:
    """Return the callers of a scenario's centre, with its routing."""
    if world.centre is None:
        raise UserError(f"'{world.name}' has no centre; put it beside its centre.yaml")
    queues = {str(queue.queue_id): queue for queue in world.centre.acd.queues}
    for kind in forecast.types:
        if kind.name not in queues:
            raise UserError(
                f"forecast: type '{kind.name}' is no queue of the centre; it has "
                f"{', '.join(queues)}"
            )
    demands = tuple(_demand(kind, queues[kind.name], world, wishes) for kind in forecast.types)
    return _Callers(demands=demands, tables=_tables(forecast, world))


def _demand(
    kind: "TypeForecast", queue: "QueueConfig", world: "Scenario", wishes: Wishes
) -> "Demand":
    """Return a queue's calls: volume and mean from the forecast, shapes from the scenario."""
    from simulator.distributions import Exponential, Lognormal
    from simulator.staffing import Demand

    callers = main_callers(kind.name, world)
    mean_s = callers.talk_s.mean + callers.wrap_s.mean
    sd_s = (deviation(callers.talk_s) ** 2 + deviation(callers.wrap_s) ** 2) ** 0.5
    return Demand(
        name=kind.name,
        calls=kind.calls,
        handle_s=kind.aht_s,
        handle=Lognormal(mean=mean_s, sd=max(sd_s, 0.01 * mean_s)),
        patience=(
            callers.patience_s if wishes.patience_s is None else Exponential(wishes.patience_s)
        ),
        within_s=queue.service_level_ms / 1000 if wishes.within_s is None else wishes.within_s,
    )


def main_callers(queue: str, world: "Scenario") -> "CallType":
    """Return the scenario's most frequent callers of a queue."""
    mine = {name: kind for name, kind in world.calls.items() if kind.queue == queue}
    if not mine:
        raise UserError(f"'{world.name}' has no calls for queue '{queue}', so no shape of them")
    for name, kind in mine.items():
        if kind.skills:
            raise UserError(
                f"calls.{name} needs skills beyond its queue's, which a plan cannot follow; "
                "give it a queue of its own"
            )
    return mine[max(mine, key=lambda name: float(world.expected(name).sum()))]


def _tables(forecast: "Forecast", world: "Scenario") -> "RoutingTables":
    """Return the centre's routing of the forecast's queues, with like agents joined."""
    import numpy as np

    from simulator.kernel import RoutingTables
    from simulator.kernel.rules import compile_rules

    assert world.centre is not None
    compiled = compile_rules(world.centre.acd).tables
    names = tuple(kind.name for kind in forecast.types)
    rows = [compiled.call_types.index(name) for name in names]
    reach_s, rank = compiled.reach_s[rows], compiled.rank[rows]
    first_alike: dict[tuple[bytes, bytes], int] = {}
    for column in range(len(compiled.groups)):
        if np.isfinite(reach_s[:, column]).any():
            first_alike.setdefault(
                (reach_s[:, column].tobytes(), rank[:, column].tobytes()), column
            )
    kept = list(first_alike.values())
    return RoutingTables(
        call_types=names,
        groups=_group_names(names, reach_s[:, kept], [compiled.groups[at] for at in kept]),
        reach_s=reach_s[:, kept],
        rank=rank[:, kept],
        priority=compiled.priority[rows][:, kept],
        priority_per_s=compiled.priority_per_s[rows],
    )


def _group_names(
    queues: tuple[str, ...], reach_s: "Floats", first_agents: list[str]
) -> tuple[str, ...]:
    """Name groups after what they take; two that differ only in order also after an agent."""
    import numpy as np

    plain = [
        " + ".join(name for name, reach in zip(queues, column, strict=True) if np.isfinite(reach))
        for column in reach_s.T
    ]
    return tuple(
        name if plain.count(name) == 1 else f"{name} ({agent})"
        for name, agent in zip(plain, first_agents, strict=True)
    )


def _groups(tables: "RoutingTables", wishes: Wishes) -> "tuple[Group, ...]":
    """Return the groups with what an hour of each costs: more for those who can do more."""
    import numpy as np

    from simulator.staffing import Group

    queues = np.isfinite(tables.reach_s).sum(axis=0)
    return tuple(
        Group(
            name=name,
            cost_per_hour=1 + wishes.skill_premium * (int(count) - 1),
            agents_max=wishes.agents_max,
        )
        for name, count in zip(tables.groups, queues, strict=True)
    )
