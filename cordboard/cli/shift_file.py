"""The shifts that may be worked, as a planner writes them down.

    shifts:
      - name: full day
        hours: 8.5
        start_every_minutes: 30
        breaks: [{minutes: 30, after_hours: [3, 5], paid: false}]

A break starts between the two figures of `after_hours`, counted from the start of the shift. All
lengths must be whole numbers of the forecast's intervals.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import yaml

from cordboard.cli.output import UserError

if TYPE_CHECKING:
    from simulator.staffing import ShiftRule


class _BreakText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A break as the shift file says it."""

    minutes: float
    after_hours: tuple[float, float]
    """Earliest and latest start after the shift's."""
    paid: bool = False


class _ShiftText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kind of shift as the shift file says it."""

    name: str
    hours: float
    """From start to end, breaks included."""
    breaks: tuple[_BreakText, ...] = ()
    start_every_minutes: float = 30.0


class _ShiftFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    shifts: tuple[_ShiftText, ...]


def read_shifts(path: Path) -> "tuple[ShiftRule, ...]":
    """Read the shifts that may be worked.

    Raises:
        UserError: The file cannot be read or contradicts itself.
    """
    try:
        text = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8-sig")), _ShiftFile)
        rules = tuple(_rule(shift) for shift in text.shifts)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, ValueError) as error:  # msgspec's errors are ValueErrors
        raise UserError(f"{path}: {' '.join(str(error).split())}") from error
    if not rules:
        raise UserError(f"{path}: shifts is empty; name at least one kind of shift")
    return rules


def _rule(shift: _ShiftText) -> "ShiftRule":
    from simulator.staffing import Break, ShiftRule

    breaks = tuple(
        Break(
            length_s=60 * rest.minutes,
            earliest_s=3600 * rest.after_hours[0],
            latest_s=3600 * rest.after_hours[1],
            is_paid=rest.paid,
        )
        for rest in shift.breaks
    )
    return ShiftRule(
        name=shift.name,
        length_s=3600 * shift.hours,
        every_s=60 * shift.start_every_minutes,
        breaks=breaks,
    )
