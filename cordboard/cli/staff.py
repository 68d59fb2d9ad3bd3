"""`cordboard staff`: from a forecast to agents for every interval, and to shifts."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from cordboard.cli.deferred_file import read_deferred
from cordboard.cli.output import ERR, FOUND, OUT, UserError, print_table, stop, write_file
from cordboard.cli.shift_file import read_shifts
from cordboard.cli.staff_inputs import Wishes, centre_of, read_forecast_file

if TYPE_CHECKING:
    from cordboard.cli.staff_proof import TwinVerdict
    from simulator.report import Study
    from simulator.staffing import Centre, DayPlan, DeferredWork, ShiftRule

REPAIRS = 2
"""How often a plan that fails in the twin is asked for more."""


def staff(
    forecast: Annotated[
        Path, typer.Argument(help="CSV with the columns type, start, calls, aht_s.")
    ],
    scenario: Annotated[
        Path | None,
        typer.Option(help="Scenario or centre's folder: routing, spread, patience."),
    ] = None,
    shifts: Annotated[
        Path | None, typer.Option(help="YAML with the shifts allowed; without it, agents only.")
    ] = None,
    deferred: Annotated[
        Path | None,
        typer.Option(help="YAML with work that can wait; it fills what the calls leave over."),
    ] = None,
    service_level: Annotated[
        float, typer.Option(help="Share 0..1 of every type's calls that is answered in time.")
    ] = 0.8,
    within: Annotated[
        float | None, typer.Option(help="In time means within so many s; else as the queue says.")
    ] = None,
    abandon_max: Annotated[
        float | None, typer.Option(help="Share 0..1 of calls that may be abandoned.")
    ] = None,
    each_interval: Annotated[
        bool, typer.Option("--each-interval", help="Targets hold in every interval by itself.")
    ] = False,
    interval_level: Annotated[
        float | None,
        typer.Option(help="Besides, at least this service level, 0..1, in every interval."),
    ] = None,
    probability: Annotated[
        float | None, typer.Option(help="Share 0..1 of days that meet the targets by themselves.")
    ] = None,
    patience: Annotated[
        float | None, typer.Option(help="Mean patience in s, instead of the scenario's.")
    ] = None,
    shrinkage: Annotated[
        float, typer.Option(help="Share 0..1 of scheduled time lost, breaks apart.")
    ] = 0.0,
    agents_max: Annotated[int, typer.Option(help="Most agents of each group at once.")] = 10_000,
    skill_premium: Annotated[
        float, typer.Option(help="Cost of each further queue a group takes, of 1 an hour.")
    ] = 0.1,
    seed: Annotated[int, typer.Option(help="The same seed gives the same plan everywhere.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Write the figures by interval to this CSV file.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write the report to this HTML file.")] = None,
    verify: Annotated[
        int, typer.Option(help="Try the shifts on so many days of the twin; repair what fails.")
    ] = 0,
    roster: Annotated[
        Path | None, typer.Option(help="Write every agent's shift and breaks to this CSV file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Plan a day by simulation: agents per interval and group, then shifts, with proof."""
    wishes = Wishes(
        service_level=service_level,
        within_s=within,
        abandon_max=abandon_max,
        probability=probability,
        each_interval=each_interval,
        interval_level=interval_level,
        patience_s=patience,
        shrinkage=shrinkage,
        agents_max=agents_max,
        skill_premium=skill_premium,
    )
    centre = centre_of(read_forecast_file(forecast), scenario, wishes)
    rules = () if shifts is None else read_shifts(shifts)
    if verify and (scenario is None or not rules):
        raise UserError("--verify plays the roster in the centre: give --scenario and --shifts")
    works = () if deferred is None else read_deferred(deferred)
    if works and not rules:
        raise UserError("--deferred fills what shifts leave over: give --shifts")
    planned = Planned(rules, works, seed)
    plan = _plan(centre, planned)
    proof: list[TwinVerdict] = []
    if verify and scenario is not None:
        plan, proof = _verified(plan, planned, scenario, verify)
    from simulator.report import study_csv, study_json, study_of, study_page

    study = study_of(plan, title=f"Plan for {forecast.stem}", seed=seed)
    if out is not None:
        write_file(out, study_csv(study))
    if report is not None:
        write_file(report, study_page(study))
    if roster is not None:
        write_file(roster, roster_csv(plan))
    if as_json:
        OUT.out(study_json(study).decode(), highlight=False)
    else:
        _print(study)
    if proof:
        _print_proof(proof, verify, to_stderr=as_json)
    if not plan.is_proven or not all(one.is_met for one in proof):
        raise SystemExit(FOUND)


@dataclass(frozen=True)
class Planned:
    """What a plan is made with, apart from the centre."""

    rules: "tuple[ShiftRule, ...]"
    works: "tuple[DeferredWork, ...]"
    seed: int


def _plan(centre: "Centre", planned: Planned) -> "DayPlan":
    """Plan the day, or end the program with what cannot be met."""
    from simulator.staffing import CannotBeMetError, PlanError, ShiftError, plan_day

    try:
        with ERR.status("planning"):
            return plan_day(centre, planned.rules, planned.works, seed=planned.seed)
    except CannotBeMetError as error:
        stop(str(error), FOUND)
    except ShiftError as error:
        raise UserError(f"--shifts: {error}") from error
    except PlanError as error:
        raise UserError(f"--deferred: {error}") from error


def _verified(
    plan: "DayPlan", planned: Planned, scenario: Path, days: int
) -> "tuple[DayPlan, list[TwinVerdict]]":
    """Try a plan in the twin; where it misses a target, plan for more and try again."""
    from cordboard.cli.simulate import read_world
    from cordboard.cli.staff_proof import asked_for_more, judge, twin_of
    from simulator.study import simulate

    world, wanted = read_world(scenario), plan.centre
    for attempt in range(1 + REPAIRS):
        with ERR.status("trying the plan in the twin"):
            twin = twin_of(plan, world)
            verdicts = judge(wanted, simulate(twin, days=days, seed=planned.seed + 2))
        if attempt == REPAIRS or all(one.is_met for one in verdicts):
            break
        plan = _plan(asked_for_more(plan.centre, wanted, verdicts), planned)
    return plan, verdicts


def _print_proof(proof: "list[TwinVerdict]", days: int, *, to_stderr: bool) -> None:
    lines = [
        (one.target, f"{one.reached:.4g}", "met" if one.is_met else "[red]missed[/]")
        for one in proof
    ]
    if to_stderr:
        for target, reached, verdict in lines:
            ERR.print(f"in the twin, {days} days: {target}: {reached}, {verdict}")
        return
    print_table(f"Tried in the twin, {days} days", ("target asked for", "reached", ""), lines)


def roster_csv(plan: "DayPlan") -> str:
    """Return one row for each agent: group, shift, its times, breaks, work that can wait."""
    from simulator.staffing.duties import duties_of, hand_out, spans
    from simulator.staffing.forecast_file import clock

    def at(interval: int) -> str:
        return clock(plan.centre.opens_s + interval * plan.centre.interval_s)

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("group", "shift", "from", "to", "breaks", "deferred work"))
    for row, schedule in enumerate(plan.schedules):
        for duty in hand_out(duties_of(plan.centre, schedule), plan.placement.agents[row]):
            shift = duty.shift
            breaks = " ".join(map(at, duty.breaks))
            deferred = " ".join(f"{at(first)}-{at(end)}" for first, end in spans(duty.deferred))
            hours = at(shift.start), at(shift.end)
            writer.writerow((duty.group, shift.rule.name, *hours, breaks, deferred))
    return text.getvalue()


def _print(study: "Study") -> None:
    """Print agents by interval, shifts, and how the targets stand."""
    rows = zip(study.starts, *(group.team for group in study.groups), strict=True)
    print_table(
        "Agents at work",
        ("from", *(group.name for group in study.groups)),
        [(start, *map(str, counts)) for start, *counts in rows],
    )
    if study.shifts:
        print_table(
            "Shifts",
            ("group", "shift", "from", "to", "agents"),
            [(one.group, one.shift, one.start, one.end, str(one.agents)) for one in study.shifts],
        )
    if study.works:
        _print_works(study)
    print_table(
        f"Judged on {study.days} days that took no part in the search",
        ("target", "reached", "days that meet it", ""),
        [
            (
                one.target,
                f"{one.reached:.4g}",
                f"{one.days_met:.0%}",
                "met" if one.is_met else "[red]missed[/]",
            )
            for one in study.targets
        ],
    )
    hours = sum(group.paid_hours for group in study.groups)
    each = study.cost_per_contact
    OUT.print(
        f"{hours:,.1f} paid hours, cost {study.cost:,.1f}; {each.value:.3f} +- "
        f"{each.half_width:.3f} for each call answered"
    )


def _print_works(study: "Study") -> None:
    """Print who does work that can wait, interval by interval, and what found no place."""
    busy = [
        index for index in range(len(study.starts)) if any(g.deferred[index] for g in study.groups)
    ]
    groups = [group for group in study.groups if any(group.deferred)]
    print_table(
        "Work that can wait: agents off calls, hours done",
        ("from", *(group.name for group in groups), *(work.name for work in study.works)),
        [
            (
                study.starts[index],
                *(str(group.deferred[index]) for group in groups),
                *(f"{work.done_hours[index]:.2f}" for work in study.works),
            )
            for index in busy
        ],
    )
    for work in study.works:
        done = f"{work.name}: {work.hours - work.left_hours:.1f} of {work.hours:g} hours placed"
        left = f", [red]{work.left_hours:.1f} found no place[/]" if work.left_hours > 0.05 else ""
        OUT.print(escape(done) + left)
