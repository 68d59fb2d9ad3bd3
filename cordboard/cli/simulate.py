"""`cordboard simulate`: modelled days of a centre, through the code that routes the live one."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import Progress

from cordboard.cli.day_view import print_account, report
from cordboard.cli.output import ERR, FOUND, UserError, print_json, print_table

if TYPE_CHECKING:
    from simulator.scenario import Scenario
    from simulator.study import StudyResult

SHARES = frozenset({"service_level", "abandonment", "occupancy", "outbound_abandonment"})
"""Figures that are shares of 1."""


@dataclass(frozen=True, slots=True)
class Interval:
    """One figure over all days, for programs."""

    mean: float
    half_width: float | None  #: of the 95 % interval; None for a single day
    days: int


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
    journal: Annotated[
        Path | None, typer.Option(help="Also write the first day as a journal to this file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Simulate days of a centre and print its measures, with their uncertainty."""
    from joblib import cpu_count

    from simulator.study import simulate as study
    from simulator.study import simulate_until

    if days < 1:
        raise UserError(f"--days is {days}; at least one day is needed")
    if workers < 0:
        raise UserError(f"--workers is {workers}; use 0 for all processors, or how many")
    part = _part(from_, until)
    try:
        world = read_world(scenario)
        with Progress(console=ERR, transient=True) as bar:
            task = bar.add_task("simulated days", total=days)
            with cluster(dask):
                count = min(workers or cpu_count(), days)

                def on_day(_: object) -> None:
                    bar.advance(task)

                if precision is None:
                    result = study(world, days=days, seed=seed, workers=count, on_day=on_day)
                else:
                    result = simulate_until(
                        world,
                        figure=figure,
                        half_width=precision,
                        days_max=days,
                        seed=seed,
                        workers=count,
                        on_day=on_day,
                    )
        if journal is not None:
            write_journal(world, seed, journal)
    except ValueError as error:  # of the scenario, or a figure that no day has
        raise UserError(str(error)) from error
    if days == 1 and part is None:
        one = result.days[0]
        if as_json:
            print_json(asdict(report(seed, one.account, result.problems)))
        else:
            title = f"{result.scenario}, one day, seed {seed}"
            print_account(title, one.account, result.problems)
    else:
        _print_study(result, part, as_json=as_json)
    if result.problems:
        raise SystemExit(FOUND)


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


def write_journal(world: "Scenario", seed: int, path: Path) -> None:
    """Write the first day of a study as the journal of a live centre.

    Raises:
        UserError: The file cannot be written.
    """
    from cordboard.runtime.archive import write_rows
    from cordboard.runtime.entries import fields_of
    from simulator.day import Day
    from simulator.replay import journal_of
    from simulator.streams import Streams

    day = Day(world, Streams(seed))
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


def _print_study(result: "StudyResult", part: tuple[int, int] | None, *, as_json: bool) -> None:
    estimates = result.estimates() if part is None else result.inbound_estimates(*part)
    if as_json:
        figures = {
            name: Interval(
                one.mean, None if math.isinf(one.half_width) else one.half_width, one.days
            )
            for name, one in estimates.items()
        }
        print_json(
            {
                "scenario": result.scenario,
                "seed": result.seed,
                "days": len(result.days),
                "figures": {name: asdict(figure) for name, figure in figures.items()},
                "problems": result.problems,
            }
        )
        return
    print_table(
        f"{result.scenario}: {len(result.days)} days, seed {result.seed}; mean and 95 % interval",
        ("", "mean", "from", "to"),
        [
            (name.replace("_", " "), *(number(name, one) for one in (e.mean, e.low, e.high)))
            for name, e in estimates.items()
        ],
    )
    for problem in result.problems:
        ERR.print(f"[red]does not balance:[/] {escape(problem)}", soft_wrap=True)


def number(name: str, value: float) -> str:
    """Write a figure in the unit its name ends with: shares in percent.

    Example:
        >>> number("cards.service_level", 0.8349), number("asa_s", 12.34)
        ('83.5 %', '12.3')
    """
    is_share = name.rpartition(".")[2] in SHARES
    return f"{100 * value:.1f} %" if is_share else f"{value:.1f}"
