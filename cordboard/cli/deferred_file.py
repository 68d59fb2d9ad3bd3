"""Work that can wait, as a planner writes it down.

    work:
      - name: callbacks
        queue: cards
        hours: 3
        from: 09:00
        until: 18:00
        within_hours: 2
        promised: true
      - {name: mortgage list, queue: payments, hours: 6, from: 10:00, until: 20:00}

`queue` is the call type whose agents do it. With `within_hours` it arises evenly between the two
times and each part is due so long after; without, all of it is there from the first and due by the
second. `promised: true` adds shifts where the calls leave too little time.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import yaml

from cordboard.cli.output import UserError

if TYPE_CHECKING:
    from simulator.staffing import DeferredWork


class _WorkText(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"start": "from"}
):
    """One kind of work as the file says it."""

    name: str
    queue: str
    hours: float
    start: str
    until: str
    within_hours: float | None = None
    promised: bool = False


class _WorkFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    work: tuple[_WorkText, ...]


def read_deferred(path: Path) -> "tuple[DeferredWork, ...]":
    """Read work that can wait.

    Raises:
        UserError: The file cannot be read or contradicts itself.
    """
    try:
        # Read as text throughout: YAML would take an unquoted 10:00 for a number of minutes.
        plain = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)  # noqa: S506  (safer than SafeLoader)
        text = msgspec.convert(plain, _WorkFile, strict=False)
        works = tuple(_work(one) for one in text.work)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, ValueError) as error:  # msgspec's errors are ValueErrors
        raise UserError(f"{path}: {' '.join(str(error).split())}") from error
    if not works:
        raise UserError(f"{path}: work is empty; name at least one kind of work")
    return works


def _work(one: _WorkText) -> "DeferredWork":
    from simulator.staffing import DeferredWork

    return DeferredWork(
        name=one.name,
        of=one.queue,
        hours=one.hours,
        from_s=_seconds(one, one.start),
        until_s=_seconds(one, one.until),
        delay_max_s=None if one.within_hours is None else 3600 * one.within_hours,
        is_promised=one.promised,
    )


def _seconds(one: _WorkText, written: str) -> float:
    parts = written.split(":")
    if len(parts) == 2 and all(part.isascii() and part.isdigit() for part in parts):
        hours, minutes = map(int, parts)
        if minutes < 60 and 60 * hours + minutes <= 24 * 60:
            return float(3600 * hours + 60 * minutes)
    raise ValueError(f"work {one.name}: {written!r} is no time of day such as 09:00")
