"""`cordboard calibrate`: a scenario from what a centre recorded."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from cordboard.cli.output import ERR, OUT, UserError, print_json, print_table, write_file
from cordboard.cli.study_file import ReportFiles, check_report_files, origin, write_study

if TYPE_CHECKING:
    from simulator.calibration import Model, PatienceFit, Records, Shape

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Fitted:
    """One fitted distribution, for programs."""

    what: str
    records: int
    mean_s: float
    half_width_s: float | None  #: of the mean's 95 % interval
    distance: float  #: largest difference between recorded and modelled shares
    how: str


def calibrate(
    history: Annotated[
        str, typer.Option(help="Database URL; else CORDBOARD_HISTORY, else the data folder's.")
    ] = "",
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Calls from this CSV file instead of the history.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the scenario to this YAML file.")] = None,
    report: ReportFiles = None,
    name: Annotated[str, typer.Option(help="The scenario's name.")] = "calibrated centre",
    interval_minutes: Annotated[int, typer.Option(help="Length of the day's intervals.")] = 30,
    time_zone: Annotated[str, typer.Option(help="Of days and times of day.")] = "UTC",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Fit arrivals, handling, patience, call flow, agents and lists to what was recorded."""
    from simulator.calibration import CalibrationError, scenario_text
    from simulator.calibration import calibrate as fit

    files = check_report_files(report)
    records = _of_file(csv_file) if csv_file else _of_history(history, time_zone)
    try:
        with ERR.status("fitting"):
            model = fit(records, interval_s=interval_minutes * MINUTE_S)
    except CalibrationError as error:
        raise UserError(str(error)) from error
    text = scenario_text(model, name=name)
    if out is not None:
        write_file(out, text)
    if files:
        from simulator.report import calibration_study

        write_study(
            calibration_study(model, title=f"Calibration: {name}", origin=origin(None)), files
        )
    fitted = _fitted(model)
    if as_json:
        print_json({"days": [day.isoformat() for day in model.days], "fitted": fitted})
    elif out is None:
        OUT.out(text, highlight=False, end="")
    else:
        _print(model, fitted)


def _of_file(path: Path) -> "Records":
    from simulator.calibration import read_records_file
    from simulator.table_file import TableFileError

    try:
        return read_records_file(path)
    except TableFileError as error:
        raise UserError(str(error)) from error


def _of_history(url: str, time_zone: str) -> "Records":
    from cordboard.cli.historian import history_url
    from cordboard.history.counts import HistoryUnreadable, reading
    from cordboard.history.records import read_records

    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UserError(f"--time-zone is '{time_zone}'; write e.g. Europe/London") from error
    try:
        with reading(url or history_url(os.environ)) as connection:
            return read_records(connection, zone)
    except HistoryUnreadable as error:
        raise UserError(str(error)) from error


def _fitted(model: "Model") -> list[Fitted]:
    rows = []
    for queue in model.queues:
        rows.append(_row(f"{queue.queue}: talk", queue.talk))
        rows.append(_row(f"{queue.queue}: wrap-up", queue.wrap))
        rows += [_patience(queue.queue, fit) for fit in queue.patience[:1]]
    if model.flow.time is not None:
        rows.append(_row("time in the call flow", model.flow.time))
    if model.accept is not None:
        rows.append(_row("agents' answering", model.accept))
    return rows


def _patience(queue: str, fit: "PatienceFit") -> Fitted:
    return Fitted(
        what=f"{queue}: patience",
        records=fit.abandoned,
        mean_s=fit.distribution.mean,
        half_width_s=1.96 * fit.mean_error_s,
        distance=fit.distance,
        how=f"{type(fit.distribution).__name__.lower()}, behind the censoring",
    )


def _row(what: str, shape: "Shape") -> Fitted:
    half_width_s = shape.mean_half_width_s
    return Fitted(
        what=what,
        records=len(shape.values),
        mean_s=shape.mean_s,
        half_width_s=half_width_s if half_width_s < float("inf") else None,
        distance=shape.distance,
        how=shape.how,
    )


def _print(model: "Model", fitted: list[Fitted]) -> None:
    from simulator.calibration.scenario_text import span_words

    print_table(
        f"Fitted to {span_words(model)}",
        ("", "records", "mean, s", "+-", "distance", "model"),
        [
            (
                one.what,
                f"{one.records:,}",
                f"{one.mean_s:.1f}",
                "-" if one.half_width_s is None else f"{one.half_width_s:.1f}",
                f"{one.distance:.3f}",
                one.how,
            )
            for one in fitted
        ],
    )
    for note in model.notes:
        OUT.print(note, soft_wrap=True)
