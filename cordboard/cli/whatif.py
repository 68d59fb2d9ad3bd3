"""`cordboard whatif`: the next minutes of the live centre, as it is and changed."""

import math
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from cordboard.cli.output import ERR, OUT, UserError, print_json, print_table
from cordboard.cli.simulate import read_world
from cordboard.cli.study_file import ReportFiles, check_report_files, origin, write_study
from simulator.figure_names import number

if TYPE_CHECKING:
    from cordboard.runtime.live_state import LiveState
    from simulator.study import Estimate
    from simulator.whatif import Outlook, Present


def whatif(
    wishes: Annotated[
        list[str] | None,
        typer.Argument(
            help='Each in quotes: "more ana 2", "leave fay", "come bo", "move eli cards",'
            ' "target renewals 1". Without any, only the outlook is shown.'
        ),
    ] = None,
    scenario: Annotated[
        Path | None,
        typer.Option(help="Scenario or its folder; else that of the centre's folder."),
    ] = None,
    journal: Annotated[
        Path | None, typer.Option(help="The centre as this journal leaves it, not the live one.")
    ] = None,
    minutes: Annotated[int, typer.Option(help="How far to look.")] = 30,
    futures: Annotated[int, typer.Option(help="How many futures, each lived twice.")] = 20,
    seed: Annotated[int, typer.Option(help="The same seed gives the same futures.")] = 1,
    workers: Annotated[int, typer.Option(help="Processes to use.")] = 1,
    time_zone: Annotated[str, typer.Option(help="With --journal: of its days.")] = "UTC",
    report: ReportFiles = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Look ahead from a copy of the centre: what the next minutes bring, and what if."""
    from acd.messages import EventError
    from simulator.whatif import ChangeError, look_ahead
    from simulator.whatif.wishes import change_of

    if journal is not None and scenario is None:
        raise UserError("--journal needs --scenario: who calls, and what they need")
    files = check_report_files(report)
    state, folder, zone = _of_journal(journal, time_zone) if journal else _of_site()
    present = present_of(state, zone)
    try:
        change = change_of(state.centre.config, wishes or ())
        with ERR.status("looking ahead"):
            outlook = look_ahead(
                present,
                read_world(scenario or folder),
                change,
                minutes=minutes,
                futures=futures,
                seed=seed,
                workers=workers,
            )
    except (ChangeError, EventError, ValueError) as error:
        raise UserError(str(error)) from error
    _write(outlook, present, is_changed=bool(wishes), seed=seed, files=files)
    if as_json:
        print_json(_plain(outlook))
    else:
        _print(outlook, state.at_ms, zone)


def _write(
    outlook: "Outlook", present: "Present", *, is_changed: bool, seed: int, files: tuple[Path, ...]
) -> None:
    """Write the study to files, if any are wanted."""
    if files:
        from simulator.report import outlook_study

        study = outlook_study(
            outlook,
            title=f"What if: {outlook.change}" if is_changed else "The next minutes",
            begins_ms=present.at_ms - present.midnight_ms,
            is_changed=is_changed,
            origin=origin(seed),
        )
        write_study(study, files)


def present_of(state: "LiveState", zone: ZoneInfo) -> "Present":
    """Return a live centre's state as the start of a look ahead."""
    from simulator.whatif import Present

    now = datetime.fromtimestamp(state.at_ms / 1_000, UTC).astimezone(zone)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Present(
        centre=state.centre.to_plain(),
        at_ms=state.at_ms,
        midnight_ms=round(midnight.timestamp() * 1_000),
        desk=state.desk,
    )


def _of_journal(path: Path, time_zone: str) -> "tuple[LiveState, Path, ZoneInfo]":
    from acd.messages import EngineError
    from cordboard.runtime.archive import read_entries
    from cordboard.runtime.live_state import NothingYet, folded

    try:
        return folded(read_entries(path)), path.parent, ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise UserError(f"{path}, {time_zone}: {error}") from error
    except (NothingYet, EngineError, ValueError) as error:
        raise UserError(f"{path}: {error}") from error


def _of_site() -> "tuple[LiveState, Path, ZoneInfo]":
    from cordboard.cli.site import CENTRE, site_of
    from cordboard.runtime.connection import StoreDown
    from cordboard.runtime.live_state import NothingYet, read_live_state
    from cordboard.runtime.settings import SettingsError

    if CENTRE not in os.environ:
        raise UserError(f"{CENTRE} is not set: name the centre's folder, or use --journal")
    try:
        site = site_of(os.environ)
        with site.store.client() as client:
            state = read_live_state(site.store, client)
    except (NothingYet, StoreDown, SettingsError) as error:
        raise UserError(str(error)) from error
    return state, Path(os.environ[CENTRE]), ZoneInfo(site.settings.time_zone)


def _plain(outlook: "Outlook") -> dict[str, object]:
    def figures(estimates: "dict[str, Estimate]") -> dict[str, object]:
        return {
            name: {
                "mean": one.mean,
                "half_width": None if math.isinf(one.half_width) else one.half_width,
            }
            for name, one in estimates.items()
        }

    return {
        "minutes": outlook.minutes,
        "futures": outlook.futures,
        "change": outlook.change,
        "as_is": figures(dict(outlook.as_is)),
        "changed": figures(dict(outlook.changed)),
        "difference": figures(dict(outlook.difference)),
    }


def _print(outlook: "Outlook", at_ms: int, zone: ZoneInfo) -> None:
    at = datetime.fromtimestamp(at_ms / 1_000, UTC).astimezone(zone)
    OUT.print(f"[bold]From {at:%H:%M:%S}, {outlook.minutes} minutes[/]: {outlook.change}")
    print_table(
        f"{outlook.futures} futures, each lived twice; 95 % intervals",
        ("", "as it is", "changed", "difference"),
        [
            (
                name.replace("_", " "),
                _cell(name, outlook.as_is[name]),
                _cell(name, outlook.changed[name]),
                _cell(name, change, sign="+"),
            )
            for name, change in outlook.difference.items()
        ],
    )


def _cell(name: str, estimate: "Estimate", *, sign: str = "") -> str:
    mark = "+" if sign and estimate.mean > 0 else ""
    reach = "" if math.isinf(estimate.half_width) else f" +- {number(name, estimate.half_width)}"
    return f"{mark}{number(name, estimate.mean)}{reach}"
