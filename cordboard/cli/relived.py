"""`cordboard replay --lives`, `--policy`, `--staffing`: the recorded people, lived again."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cordboard.cli.output import OUT, UserError, print_json, print_table
from cordboard.cli.simulate import read_world
from cordboard.cli.study_file import origin, write_study
from simulator.figure_names import number

if TYPE_CHECKING:
    from dialer.config import CentreConfig
    from simulator.relive import Compared, RelivedWorld
    from simulator.study import Estimate, StudyResult


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure: recorded, predicted under its own routing, and under the other."""

    recorded: float | None
    predicted: float
    predicted_half_width: float | None
    is_within: bool | None  #: what was recorded lies where single days of the prediction lie
    changed: float | None  #: under the other policy or staffing; None if there is none
    difference: float | None
    difference_half_width: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How the day is to be lived again."""

    policy: Path | None
    staffing: Path | None
    lives: int
    seed: int
    workers: int
    time_zone: str
    report: tuple[Path, ...] = ()  #: files for the study


def relive_journal(journal: Path, wishes: Wishes, *, as_json: bool) -> None:
    """Live a recorded day again and print what was, what is predicted, and what would be.

    Raises:
        UserError: A file is wrong, or the journal holds no day.
    """
    from cordboard.runtime.archive import read_entries
    from simulator.calibration import CalibrationError
    from simulator.recorded import NoDayError, recorded_day
    from simulator.relive import fidelity, relived_world
    from simulator.replay import NOTHING, replay
    from simulator.report import Lives, replay_study
    from simulator.scenario import ScenarioError
    from simulator.study import compare

    if wishes.lives < 2:
        raise UserError(f"--lives is {wishes.lives}; an interval needs at least 2")
    try:
        zone = ZoneInfo(wishes.time_zone)
        entries = list(read_entries(journal))
        day = recorded_day(entries, NOTHING, zone)
        world = relived_world(day)
        changed = _changed(world, wishes)
        lived = _lived(world, wishes)
        other = None if changed is None else _lived(changed, wishes)
    except (ZoneInfoNotFoundError, NoDayError, CalibrationError, ScenarioError) as error:
        raise UserError(f"{journal}: {error}") from error
    compared = fidelity(replay(entries).account, lived)
    if wishes.report:
        lives = Lives(
            entries=entries,
            day=day,
            world=world,
            fidelity=compared,
            lived=lived,
            other=other,
            change=_change_in_words(wishes),
        )
        study = replay_study(lives, title=f"Replay of {journal.stem}", origin=origin(wishes.seed))
        write_study(study, wishes.report)
    differences = {} if other is None else compare(lived, other)
    rows = _rows(compared, lived, other, differences)
    if as_json:
        print_json({name: asdict(row) for name, row in rows.items()})
        return
    _print(rows, differences, wishes, day.other_days)


def _rows(
    compared: "Mapping[str, Compared]",
    lived: "StudyResult",
    other: "StudyResult | None",
    differences: "Mapping[str, Estimate]",
) -> dict[str, FigureRow]:
    after = {} if other is None else other.estimates()
    return {
        name: FigureRow(
            recorded=compared[name].actual if name in compared else None,
            predicted=one.mean,
            predicted_half_width=_finite(one.half_width),
            is_within=compared[name].is_within if name in compared else None,
            changed=after[name].mean if name in after else None,
            difference=differences[name].mean if name in differences else None,
            difference_half_width=(
                _finite(differences[name].half_width) if name in differences else None
            ),
        )
        for name, one in lived.estimates().items()
    }


def _change_in_words(wishes: Wishes) -> str:
    parts = [
        f"{what} {path}"
        for what, path in (("the settings of", wishes.policy), ("the agents of", wishes.staffing))
        if path is not None
    ]
    return " and ".join(parts)


def _lived(world: "RelivedWorld", wishes: Wishes) -> "StudyResult":
    from simulator.relive import relive

    return relive(
        world,
        lives=wishes.lives,
        seed=wishes.seed,
        workers=wishes.workers,
        is_watched=bool(wishes.report),
    )


def _finite(half_width: float) -> float | None:
    return None if math.isinf(half_width) else half_width


def _changed(world: "RelivedWorld", wishes: Wishes) -> "RelivedWorld | None":
    changed = world
    if wishes.staffing is not None:
        changed = changed.with_staff(read_world(wishes.staffing))
    if wishes.policy is not None:
        changed = changed.with_centre(_policy(wishes.policy))
    return None if changed is world else changed


def _policy(path: Path) -> "CentreConfig":
    """Read a centre's settings: its folder, or the `centre.yaml` in it."""
    from cordboard.runtime.settings import SettingsError, load_settings

    try:
        return load_settings(path if path.is_dir() else path.parent).centre
    except SettingsError as error:
        raise UserError(f"--policy: {error}") from error


def _print(
    rows: Mapping[str, FigureRow],
    differences: "Mapping[str, Estimate]",
    wishes: Wishes,
    other_days: int,
) -> None:
    if other_days:
        OUT.print(f"The day with most calls of {other_days + 1} in the journal.")
    head: tuple[str, ...] = ("", "recorded", "predicted", "recorded day is")
    if differences:
        head = (*head, "changed", "difference")
    print_table(
        f"Lived again {wishes.lives} times with the recorded people; 95 % intervals",
        head,
        [_cells(name, row)[: len(head)] for name, row in rows.items()],
    )


def _cells(name: str, row: FigureRow) -> tuple[str, ...]:
    reach = row.predicted_half_width
    predicted = number(name, row.predicted) + (f" +- {number(name, reach)}" if reach else "")
    if row.is_within is None or row.recorded is None:
        recorded, within = "-", "-"
    else:
        recorded = number(name, row.recorded)
        within = "like these" if row.is_within else "[yellow]unlike these[/]"
    changed = "-" if row.changed is None else number(name, row.changed)
    if row.difference is None:
        difference = "-"
    else:
        spread = row.difference_half_width
        difference = f"{'+' if row.difference > 0 else ''}{number(name, row.difference)}" + (
            f" +- {number(name, spread)}" if spread else ""
        )
    return name.replace("_", " "), recorded, predicted, within, changed, difference
