"""`cordboard simulate`: modelled days of a centre, through the code that routes the live one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from cordboard.cli.day_view import print_account
from cordboard.cli.day_view import report as day_report
from cordboard.cli.output import ERR, FOUND, UserError, print_json
from cordboard.cli.study_file import ReportFiles, check_report_files, origin, write_study
from cordboard.cli.study_view import print_flow, print_study
from cordboard.cli.walked import walked_flow

if TYPE_CHECKING:
    from simulator.flow_in_use import FlowInUse
    from simulator.scenario import Scenario
    from simulator.study import StudyResult


def simulate(
    scenario: Annotated[
        Path, typer.Argument(help="A scenario file, or the folder of a centre that holds one.")
    ],
    days: Annotated[int, typer.Option(help="How many independent days.")] = 1,
    seed: Annotated[int, typer.Option(help="The same seed gives the same days everywhere.")] = 1,
    workers: Annotated[int, typer.Option(help="Processes to use; 0: all processors.")] = 0,
    precision: Annotated[
        float | None,
        typer.Option(help="Add days, up to --days, until --figure is known to +- this."),
    ] = None,
    figure: Annotated[str, typer.Option(help="Of --precision.")] = "service_level",
    dask: Annotated[str, typer.Option(help="Run days on the Dask cluster at this address.")] = "",
    from_: Annotated[
        str, typer.Option("--from", help="Only calls that arrive from here on, as 10:00.")
    ] = "",
    until: Annotated[str, typer.Option(help="Only calls that arrive before, as 11:00.")] = "",
    flow: Annotated[
        Path | None,
        typer.Option(help="Let callers walk this call flow instead of the one of the scenario."),
    ] = None,
    on: Annotated[
        str, typer.Option(help="Every day is this one of the calendar: mon, its name, or a date.")
    ] = "",
    journal: Annotated[
        Path | None, typer.Option(help="Also write the first day as a journal to this file.")
    ] = None,
    report: ReportFiles = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Simulate days of a centre and print its measures, with their uncertainty."""
    if days < 1:
        raise UserError(f"--days is {days}; at least one day is needed")
    if workers < 0:
        raise UserError(f"--workers is {workers}; use 0 for all processors, or how many")
    part = _part(from_, until)
    files = check_report_files(report)
    try:
        world = on_day(read_world(scenario), on)
        walked = walked_flow(scenario, world, flow)
        goal = None if precision is None else (figure, precision)
        with cluster(dask):
            counts = {"days": days, "seed": seed, "workers": workers}
            result = _study(world, walked, goal, is_watched=bool(files), **counts)
        if journal is not None:
            write_journal(world, seed, journal, walked)
    except ValueError as error:  # of the scenario, or a figure that no day has
        raise UserError(str(error)) from error
    _write(result, world, files)
    if days == 1 and part is None:
        _print_day(result, as_json=as_json)
    else:
        print_study(result, part, as_json=as_json)
    if result.problems:
        raise SystemExit(FOUND)


def _study(
    world: "Scenario",
    walked: "FlowInUse | None",
    goal: tuple[str, float] | None,
    *,
    days: int,
    seed: int,
    workers: int,
    is_watched: bool,
) -> "StudyResult":
    """Simulate all days, or as many as make a figure known to within a half-width."""
    from joblib import cpu_count

    from simulator.study import simulate as study
    from simulator.study import simulate_until

    count = min(workers or cpu_count(), days)
    with Progress(console=ERR, transient=True) as bar:
        task = bar.add_task("simulated days", total=days)

        def advance(_: object) -> None:
            bar.advance(task)

        if goal is None:
            return study(
                world,
                days=days,
                seed=seed,
                workers=count,
                flow=walked,
                on_day=advance,
                is_watched=is_watched,
            )
        figure, half_width = goal
        return simulate_until(
            world,
            figure=figure,
            half_width=half_width,
            days_max=days,
            seed=seed,
            workers=count,
            flow=walked,
            on_day=advance,
            is_watched=is_watched,
        )


def _write(result: "StudyResult", world: "Scenario", files: tuple[Path, ...]) -> None:
    """Write the study to files, if any are wanted."""
    if files:
        from simulator.report import twin_study

        write_study(twin_study(result, world, origin(result.seed)), files)


def _print_day(result: "StudyResult", *, as_json: bool) -> None:
    (one,) = result.days
    if as_json:
        print_json(asdict(day_report(result.seed, one.account, result.problems)))
        return
    date = f", {one.name} {one.date}" if one.date is not None else ""
    title = f"{result.scenario}, one day{date}, seed {result.seed}"
    print_account(title, one.account, result.problems)
    if one.account.flow is not None:
        print_flow(one.account.flow)


@contextmanager
def cluster(address: str) -> Iterator[None]:
    """Let days run on a Dask cluster; on this machine where no address is given.

    Raises:
        UserError: Dask is not installed, or nobody answers at the address.
    """
    if not address:
        yield
        return
    try:
        from dask.distributed import Client
    except ImportError as error:
        raise UserError("--dask needs Dask: pip install 'cordboard[dask]'") from error
    from joblib import parallel_config

    try:
        client = Client(address)
    except (OSError, ValueError) as error:
        raise UserError(f"--dask is '{address}': {error}") from error
    with client, parallel_config(backend="dask"):
        yield


def read_world(path: Path) -> "Scenario":
    """Read a scenario with its centre: from a folder, or a file beside a `centre.yaml`.

    Raises:
        UserError: Something in the files is wrong; the message says where and what would be right.
    """
    from cordboard.runtime.settings import SettingsError, load_settings
    from simulator.scenario import ScenarioError
    from simulator.scenario_file import read_scenario

    file = path / "scenario.yaml" if path.is_dir() else path
    try:
        scenario = read_scenario(file)
        if scenario.centre is None and (file.parent / "centre.yaml").exists():
            scenario = scenario.with_centre(load_settings(file.parent).centre)
    except (ScenarioError, SettingsError) as error:
        raise UserError(str(error)) from error
    return scenario


def on_day(world: "Scenario", day: str) -> "Scenario":
    """Return the scenario with all days of a study on one of its calendar; as it is for ''.

    Raises:
        UserError: The scenario has no calendar, or no such day.
    """
    from datetime import date

    if not day:
        return world
    if world.calendar is None:
        raise UserError(f"--on is {day}; the scenario has no calendar that knows it")
    try:
        named = date.fromisoformat(day) if day[:1].isdigit() else world.calendar.named(day)
    except ValueError as error:
        raise UserError(f"--on is {day}: {error}") from error
    return world.always_on(named)


def write_journal(
    world: "Scenario", seed: int, path: Path, flow: "FlowInUse | None" = None
) -> None:
    """Write the first day of a study as the journal of a live centre.

    Raises:
        UserError: The file cannot be written.
    """
    from cordboard.runtime.archive import write_rows
    from cordboard.runtime.entries import fields_of
    from simulator.day import Day
    from simulator.replay import journal_of
    from simulator.streams import Streams

    day = Day(world, Streams(seed), flow=flow)
    day.world.recorded = []
    day.run()
    entries = journal_of(day.world.recorded, day.world.centre.config)
    try:
        write_rows(path, ((entry.entry_id.encode(), fields_of(entry)) for entry in entries))
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror}") from error


def _part(from_: str, until: str) -> tuple[int, int] | None:
    """Return the part of the day that is asked for, in ms after midnight; None for all of it."""
    from simulator.scenario import seconds_of

    if not from_ and not until:
        return None
    try:
        begins_s, ends_s = seconds_of(from_ or "00:00"), seconds_of(until or "24:00")
    except ValueError as error:
        raise UserError(f"--from and --until are times of day such as 10:00: {error}") from error
    if begins_s >= ends_s:
        raise UserError(f"--until is {until}; it must be later than --from, {from_}")
    return begins_s * 1_000, ends_s * 1_000
