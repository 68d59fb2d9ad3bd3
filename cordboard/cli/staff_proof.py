"""The proof of a plan in the twin: its shifts and breaks, agent by agent, in the live code.

The kernel that found the plan knows no ringing, no missed offers and no agent who finishes a call
before a break. The twin does; work that can wait keeps an agent off calls as a break does. Each
agent of the roster is played as the settings' first agent of their group; queues get the
forecast's calls, with the talk that is left of the forecast's handle time when answering and
after-call work are taken off.

Where a target is missed, the plan is asked for so much more and tried again.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from cordboard.cli.spread import deviation

if TYPE_CHECKING:
    from acd.config import AgentConfig
    from simulator.scenario import CallType, Scenario, Shift, Worker
    from simulator.staffing import Centre, DayPlan
    from simulator.staffing.centre import Demand
    from simulator.staffing.duties import Duty
    from simulator.study import StudyResult

REPAIR_MARGIN = 0.005
"""Asked for beyond what the twin missed, so that the next plan does not miss it by a hair."""

LEVEL_MAX = 0.99


@dataclass(frozen=True, slots=True)
class TwinVerdict:
    """How one target stands in the twin."""

    target: str
    limit: float
    reached: float
    is_met: bool
    metric: str
    of: str


def twin_of(plan: "DayPlan", world: "Scenario") -> "Scenario":
    """Return the world in which the plan is tried: its roster, its forecast, the live settings."""
    assert world.centre is not None, "a routed plan has a centre"
    workers, agents = _roster(plan, world)
    calls = {demand.name: _calls(demand, world) for demand in plan.centre.demands}
    acd = replace(world.centre.acd, agents=tuple(agents))
    interval_s, opens_s = round(plan.centre.interval_s), round(plan.centre.opens_s)
    empty = msgspec.structs.replace(
        world,
        name=f"{world.name}, planned",
        opens_at=_clock(opens_s),
        interval_s=interval_s,
        day_shape=(),
        calls=calls,
        calendar=None,
        agents=workers,
        campaigns={},
        variability=plan.centre.variability,
        centre=None,
    )
    return empty.with_centre(replace(world.centre, acd=acd, campaigns=()))


def judge(targets: "Centre", study: "StudyResult") -> list[TwinVerdict]:
    """Judge the twin's days together; targets of other kinds, or of intervals, are left out.

    Args:
        targets: The centre with the targets as they were asked for.
        study: The twin's days.
    """
    verdicts = []
    over_the_day = [one for one in targets.targets if one.scope == "day"] or targets.targets
    for target in over_the_day:
        if target.metric not in ("service_level", "p_abandon"):
            continue
        totals = [day.account.queues[target.of].total for day in study.days]
        offered = sum(one.offered for one in totals)
        due = offered - sum(one.short_abandons for one in totals)
        in_time = sum(one.answered_within for one in totals)
        abandoned = sum(one.abandoned for one in totals)
        is_level = target.metric == "service_level"
        reached = in_time / max(due, 1) if is_level else abandoned / max(offered, 1)
        is_met = reached >= target.limit if is_level else reached <= target.limit
        verdicts.append(
            TwinVerdict(str(target), target.limit, reached, is_met, target.metric, target.of)
        )
    return verdicts


def asked_for_more(centre: "Centre", wanted: "Centre", verdicts: list[TwinVerdict]) -> "Centre":
    """Return the centre with stricter targets where the twin missed one.

    Args:
        centre: With the targets of the plan that was tried.
        wanted: With the targets as they were asked for.
        verdicts: The twin's.
    """
    missed = {(one.metric, one.of): one for one in verdicts if not one.is_met}
    targets = []
    for target, original in zip(centre.targets, wanted.targets, strict=True):
        verdict = missed.get((target.metric, target.of)) if target.scope == "day" else None
        limit = target.limit
        if verdict is not None and target.metric == "service_level":
            limit = min(LEVEL_MAX, limit + original.limit - verdict.reached + REPAIR_MARGIN)
        elif verdict is not None:
            limit = max(0.001, limit - (verdict.reached - original.limit) - REPAIR_MARGIN)
        targets.append(msgspec.structs.replace(target, limit=limit))
    return replace(centre, targets=tuple(targets))


def _roster(plan: "DayPlan", world: "Scenario") -> "tuple[dict[str, Worker], list[AgentConfig]]":
    """Return everybody of the plan, with what they can do and when they work."""
    from acd.ids import AgentId
    from simulator.scenario import Worker
    from simulator.staffing.duties import duties_of, hand_out

    workers: dict[str, Worker] = {}
    agents: list[AgentConfig] = []
    for row, schedule in enumerate(plan.schedules):
        model = _model_of(plan, row, world)
        ways = world.agents.get(str(model.agent_id), Worker(shifts=()))
        present = _present(duties_of(plan.centre, schedule), plan.centre.shrinkage)
        for number, duty in enumerate(hand_out(present, plan.placement.agents[row])):
            name = AgentId(f"g{row}-{number}")
            agents.append(replace(model, agent_id=name))
            shift = _shift(plan.centre, duty)
            workers[str(name)] = msgspec.structs.replace(ways, shifts=(shift,))
    return workers, agents


def _model_of(plan: "DayPlan", row: int, world: "Scenario") -> "AgentConfig":
    """Return the settings' first agent who may do what a group of the plan may."""
    from simulator.kernel.rules import compile_rules

    assert world.centre is not None, "a routed plan has a centre"
    compiled = compile_rules(world.centre.acd)
    rows = [compiled.tables.call_types.index(one.name) for one in plan.centre.demands]
    wanted = (plan.centre.tables.reach_s[:, row], plan.centre.tables.rank[:, row])
    for column, members in enumerate(compiled.members):
        found = (compiled.tables.reach_s[rows, column], compiled.tables.rank[rows, column])
        if all(np.array_equal(one, other) for one, other in zip(wanted, found, strict=True)):
            return next(one for one in world.centre.acd.agents if one.agent_id == members[0])
    raise AssertionError("the plan's groups are those of the settings")


def _present(duties: "list[Duty]", shrinkage: float) -> "list[Duty]":
    """Return those who come: every so-manieth is away all day."""
    if not shrinkage:
        return duties
    away = {round((number + 0.5) / shrinkage) for number in range(int(len(duties) * shrinkage))}
    return [duty for number, duty in enumerate(duties) if number not in away]


def _shift(centre: "Centre", duty: "Duty") -> "Shift":
    """Return an agent's shift; whatever keeps them off calls without a gap is one break."""
    from simulator.scenario import Break, Shift
    from simulator.staffing.duties import spans

    def at(interval: int) -> str:
        return _clock(round(centre.opens_s + interval * centre.interval_s))

    mine = range(duty.shift.start, duty.shift.end)
    away = spans([interval for interval in mine if not duty.on_calls[interval]])
    return Shift(
        start=at(duty.shift.start),
        until=at(duty.shift.end),
        breaks=tuple(
            Break(at=at(first), minutes=(end - first) * centre.interval_s / 60)
            for first, end in away
        ),
    )


def _calls(demand: "Demand", world: "Scenario") -> "CallType":
    """Return a queue's callers: the forecast's number, the scenario's ways, no call flow."""
    from simulator.distributions import Lognormal
    from simulator.scenario import Flow

    kinds = [kind for kind in world.calls.values() if kind.queue == demand.name]
    kind = max(kinds, key=lambda one: one.per_day or sum(one.per_interval))
    weights = demand.calls if demand.calls.sum() > 0 else np.ones_like(demand.calls)
    handle_s = float(np.average(demand.handle_s, weights=weights))
    answer_s = world.carrier.ring_s.mean + world.carrier.move_s.mean + _accept_s(world)
    talk_s = max(1.0, handle_s - kind.wrap_s.mean - answer_s)
    assert demand.patience is not None, "a scenario's callers have patience"
    return msgspec.structs.replace(
        kind,
        per_interval=tuple(demand.calls.tolist()),
        per_day=0.0,
        flow=Flow(),
        talk_s=Lognormal(mean=talk_s, sd=deviation(kind.talk_s) * talk_s / kind.talk_s.mean),
        patience_s=demand.patience,
        manners=None,
    )


def _accept_s(world: "Scenario") -> float:
    means = [worker.accept_s.mean for worker in world.agents.values()]
    return sum(means) / len(means) if means else 0.0


def _clock(seconds: int) -> str:
    return f"{seconds // 3_600:02d}:{seconds // 60 % 60:02d}"
