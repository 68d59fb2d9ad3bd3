"""`cordboard staff`: from a forecast to agents for every interval, and to shifts."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordboard.cli.output import ERR, FOUND, OUT, UserError, print_table, stop, write_file
from cordboard.cli.shift_file import read_shifts
from cordboard.cli.staff_inputs import Wishes, centre_of, read_forecast_file

if TYPE_CHECKING:
    from simulator.report import Study
    from simulator.staffing import Centre, DayPlan, ShiftRule


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
        patience_s=patience,
        shrinkage=shrinkage,
        agents_max=agents_max,
        skill_premium=skill_premium,
    )
    centre = centre_of(read_forecast_file(forecast), scenario, wishes)
    plan = _plan(centre, () if shifts is None else read_shifts(shifts), seed)
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
    if not plan.is_proven:
        raise SystemExit(FOUND)


def _plan(centre: "Centre", rules: "tuple[ShiftRule, ...]", seed: int) -> "DayPlan":
    """Plan the day, or end the program with what cannot be met."""
    from simulator.staffing import CannotBeMetError, ShiftError, plan_day

    try:
        with ERR.status("planning"):
            return plan_day(centre, rules, seed=seed)
    except CannotBeMetError as error:
        stop(str(error), FOUND)
    except ShiftError as error:
        raise UserError(f"--shifts: {error}") from error


def roster_csv(plan: "DayPlan") -> str:
    """Return one row for each agent scheduled: group, shift, its times, the start of each break."""
    from simulator.staffing.forecast_file import clock

    def at(interval: int) -> str:
        return clock(plan.centre.opens_s + interval * plan.centre.interval_s)

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("group", "shift", "from", "to", "breaks"))
    for schedule in plan.schedules:
        for given in schedule.assignments:
            shift = given.shift
            for rests in given.breaks:
                breaks = " ".join(map(at, rests))
                writer.writerow(
                    (given.group, shift.rule.name, at(shift.start), at(shift.end), breaks)
                )
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
    OUT.print(f"{hours:,.1f} paid hours, cost {study.cost:,.1f}")
