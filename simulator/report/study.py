"""What the report of a plan says, as plain values.

Page, CSV and JSON are three spellings of one `Study`, so they cannot disagree. Every figure comes
from the plan's fresh days; figures of single days are kept as bands (tenth, middle and ninetieth
percentile), because a manager lives through days, not through means.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import msgspec
import numpy as np

from simulator.distributions import Floats
from simulator.kernel import share
from simulator.kernel.tables import Integers
from simulator.report.estimates import Estimate, mean, ratio
from simulator.staffing.forecast_file import clock
from simulator.staffing.plan import DayPlan

_BAND = (0.1, 0.5, 0.9)
_WAIT_STEP_S = 10.0
_WAIT_STEPS = 30
_SCALES = (0.88, 0.92, 0.96, 1.0, 1.04, 1.08, 1.12)
_SMALL_SCALES = (0.5, 0.65, 0.8, 1.0, 1.2, 1.35, 1.5)
_SMALL = 12
"""Where fewer work at once, a few percent are nobody at all."""

_TRIAL_DAYS = 50


@dataclass(frozen=True, kw_only=True)
class TypeStudy:
    """One call type."""

    name: str
    within_s: float
    offered: Estimate
    """Calls a day."""
    service_level: Estimate
    asa_s: Estimate
    p_abandon: Estimate
    level_band: list[list[float]]
    """Service level of each interval: tenth, middle, ninetieth percentile over days."""
    queue: list[float]
    """Mean number of callers waiting in each interval."""
    waits: list[float]
    """Share of answered calls by wait, in steps of ten seconds; the last holds all longer ones."""


@dataclass(frozen=True, kw_only=True)
class GroupStudy:
    """One agent group."""

    name: str
    required: list[int]
    team: list[int]
    deferred: list[int]
    """Of the team, agents taken off calls for work that can wait."""
    occupancy: Estimate
    occupancy_by_interval: list[float]
    paid_hours: float
    cost: float


@dataclass(frozen=True, kw_only=True)
class ShiftStudy:
    """Agents of one group on one shift."""

    group: str
    shift: str
    start: str
    end: str
    agents: int


@dataclass(frozen=True, kw_only=True)
class WorkStudy:
    """One kind of work that can wait."""

    name: str
    hours: float
    done_hours: list[float]
    """Done in each interval."""
    left_hours: float
    """Found no place."""


@dataclass(frozen=True, kw_only=True)
class TargetStudy:
    """One target and how the plan stands with it."""

    target: str
    is_met: bool
    reached: float
    days_met: float


@dataclass(frozen=True, kw_only=True)
class Study:
    """A plan's report."""

    title: str
    starts: list[str]
    """Start of each interval."""
    closes: str
    """End of the last."""
    days: int
    types: list[TypeStudy]
    groups: list[GroupStudy]
    shifts: list[ShiftStudy]
    works: list[WorkStudy]
    targets: list[TargetStudy]
    cost: float
    cost_per_contact: Estimate
    """Cost of the calls' hours over the calls answered."""
    frontier: list[tuple[float, float]]
    """Cost and service level of all calls if the whole team were that much smaller or larger."""
    assumptions: list[str]


def study_of(plan: DayPlan, *, title: str, seed: int = 1) -> Study:
    """Describe a plan.

    Args:
        plan: The plan.
        title: The page's heading.
        seed: Of the extra days simulated for the wait distribution and the frontier.
    """
    centre = plan.centre
    starts = [
        clock(centre.opens_s + index * centre.interval_s) for index in range(centre.intervals)
    ]
    return Study(
        title=title,
        starts=starts,
        closes=clock(centre.opens_s + centre.intervals * centre.interval_s),
        days=len(plan.seen.offered),
        types=_types(plan, seed),
        groups=_groups(plan),
        shifts=_shifts(plan),
        works=_works(plan),
        targets=[
            TargetStudy(
                target=str(verdict.target),
                is_met=verdict.is_met,
                reached=verdict.reached,
                days_met=verdict.days_met,
            )
            for verdict in plan.verdicts
        ],
        cost=plan.cost,
        cost_per_contact=_cost_per_contact(plan),
        frontier=_frontier(plan, seed),
        assumptions=_assumptions(plan),
    )


def study_json(study: Study) -> bytes:
    """Return the study as JSON; figures nobody could know are null."""
    return msgspec.json.format(msgspec.json.encode(study), indent=1)


def study_csv(study: Study) -> str:
    """Return the study's figures by interval as CSV: one row for each interval."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    groups = [
        f"{kind} {group.name}"
        for group in study.groups
        for kind in ("required", "scheduled", "deferred")
    ]
    types = [f"service level {call_type.name}" for call_type in study.types]
    queues = [f"waiting {call_type.name}" for call_type in study.types]
    writer.writerow(["start", *groups, *types, *queues])
    for index, start in enumerate(study.starts):
        agents = [
            count[index]
            for group in study.groups
            for count in (group.required, group.team, group.deferred)
        ]
        levels = [f"{call_type.level_band[1][index]:.4f}" for call_type in study.types]
        waiting = [f"{call_type.queue[index]:.3f}" for call_type in study.types]
        writer.writerow([start, *agents, *levels, *waiting])
    return text.getvalue()


def _types(plan: DayPlan, seed: int) -> list[TypeStudy]:
    seen, centre = plan.seen, plan.centre
    waits = _wait_shares(plan, seed)
    studies = []
    for row, demand in enumerate(centre.demands):
        day = {
            name: getattr(seen, name)[:, row].sum(axis=1)
            for name in ("offered", "answered", "in_time", "due", "abandoned", "answered_wait_s")
        }
        levels = share(seen.in_time[:, row], seen.due[:, row])
        studies.append(
            TypeStudy(
                name=demand.name,
                within_s=demand.within_s,
                offered=mean(day["offered"]),
                service_level=ratio(day["in_time"], day["due"]),
                asa_s=ratio(day["answered_wait_s"], day["answered"]),
                p_abandon=ratio(day["abandoned"], day["offered"]),
                level_band=[_quantile(levels, share_of_days) for share_of_days in _BAND],
                queue=(seen.queue_s[:, row].mean(axis=0) / centre.interval_s).tolist(),
                waits=waits[row],
            )
        )
    return studies


def _quantile(levels: Floats, share_of_days: float) -> list[float]:
    """Return a quantile over days, one where no day had calls: nothing was late."""
    filled = np.where(np.isnan(levels).all(axis=0), 1.0, levels)
    return np.nanquantile(filled, share_of_days, axis=0).tolist()  # type: ignore[no-any-return]


def _wait_shares(plan: DayPlan, seed: int) -> list[list[float]]:
    draws = plan.centre.draw(days=_TRIAL_DAYS, seed=seed)
    seen = plan.centre.simulate(draws, plan.on_calls, keep_calls=True)
    assert seen.wait_s is not None
    assert seen.group is not None
    edges = np.append(np.arange(_WAIT_STEPS) * _WAIT_STEP_S, np.inf)
    shares = []
    for row in range(len(plan.centre.demands)):
        answered = (draws.call_type == row) & (seen.group >= 0)
        counts: Integers = np.histogram(seen.wait_s[answered], edges)[0]
        shares.append((counts / max(1, counts.sum())).tolist())
    return shares


def _groups(plan: DayPlan) -> list[GroupStudy]:
    seen = plan.seen
    studies = []
    for row, group in enumerate(plan.centre.groups):
        busy_s, ready_s = seen.busy_s[:, row], seen.busy_s[:, row] + seen.idle_s[:, row]
        by_interval = np.nan_to_num(share(busy_s.sum(axis=0), ready_s.sum(axis=0)))
        hours = (
            plan.schedules[row].paid_s / 3600
            if plan.schedules
            else float(plan.team[row].sum()) * plan.centre.interval_s / 3600
        )
        studies.append(
            GroupStudy(
                name=group.name,
                required=plan.required[row].tolist(),
                team=plan.team[row].tolist(),
                deferred=plan.placement.agents[row].tolist(),
                occupancy=ratio(busy_s.sum(axis=1), ready_s.sum(axis=1)),
                occupancy_by_interval=by_interval.tolist(),
                paid_hours=hours,
                cost=hours * group.cost_per_hour,
            )
        )
    return studies


def _shifts(plan: DayPlan) -> list[ShiftStudy]:
    centre = plan.centre

    def at(interval: int) -> str:
        return clock(centre.opens_s + interval * centre.interval_s)

    return [
        ShiftStudy(
            group=assignment.group,
            shift=assignment.shift.rule.name,
            start=at(assignment.shift.start),
            end=at(assignment.shift.end),
            agents=assignment.agents,
        )
        for schedule in plan.schedules
        for assignment in schedule.assignments
    ]


def _works(plan: DayPlan) -> list[WorkStudy]:
    placement = plan.placement
    rows = zip(placement.works, placement.done_hours, placement.left_hours, strict=True)
    return [
        WorkStudy(
            name=work.name,
            hours=work.hours,
            done_hours=done.sum(axis=0).tolist(),
            left_hours=float(left),
        )
        for work, done, left in rows
    ]


def _cost_per_contact(plan: DayPlan) -> Estimate:
    answered = plan.seen.answered.sum(axis=(1, 2))
    return ratio(np.full(len(answered), plan.cost_of_calls), answered)


def _frontier(plan: DayPlan, seed: int) -> list[tuple[float, float]]:
    draws = plan.centre.draw(days=_TRIAL_DAYS, seed=seed)
    points = []
    whole = plan.on_calls
    is_small = int(whole.sum(axis=0).max()) < _SMALL
    for scale in _SMALL_SCALES if is_small else _SCALES:
        team = _scaled(whole, scale)
        seen = plan.centre.simulate(draws, team)
        cost = plan.cost_of_calls * float(team.sum()) / float(whole.sum())
        points.append((cost, float(seen.in_time.sum() / seen.due.sum())))
    return points


def _scaled(team: Integers, scale: float) -> Integers:
    """Return a team so much smaller or larger, carrying what rounding loses to the next cell."""
    wanted = np.cumsum(team.ravel() * scale)
    steps: Integers = np.diff(np.rint(wanted), prepend=0.0).astype(np.int64)
    return np.maximum(steps, 0).reshape(team.shape)


def _assumptions(plan: DayPlan) -> list[str]:
    centre = plan.centre
    variability = centre.variability
    patience = ", ".join(
        f"{demand.name} {demand.patience.mean:g} s" if demand.patience else f"{demand.name} endless"
        for demand in centre.demands
    )
    return [
        (
            f"Judged on {len(plan.seen.offered)} simulated days that took no part in the search; "
            "each day starts empty and ends when the last caller is gone."
        ),
        (
            f"A day's calls stray from the forecast by {variability.day_cv:.0%} (standard "
            f"deviation), each interval's by a further {variability.intraday_cv:.0%}."
        ),
        f"Callers hang up when their patience ends; mean patience: {patience}.",
        (
            "Service level: answered within the threshold over offered calls, hang-ups within "
            f"{centre.short_abandon_s:g} s left out. ASA: mean wait of answered calls."
        ),
        (
            f"{centre.shrinkage:.0%} of scheduled agents are away unplanned; breaks belong to "
            "the shifts."
        ),
        "Agents of a group are alike; ring time, transfers and callbacks are not modelled here.",
    ]
