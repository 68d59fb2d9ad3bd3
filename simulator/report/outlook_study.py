"""What the report of a look ahead says: the next minutes of a centre, as it is and changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from simulator.report.comparison import Compared, compared
from simulator.report.figures import figures_of
from simulator.report.metrics import meanings
from simulator.report.origin import Origin
from simulator.report.panels import Panel, Series
from simulator.report.samples import band, means, time_of_day
from simulator.whatif import Outlook

_TOLD = (
    "offered", "service level", "abandonment", "wait", "occupancy", "outbound abandonment",
    "95 % interval", "band",
)  # fmt: skip
_MINUTE_MS = 60_000


@dataclass(frozen=True, kw_only=True)
class OutlookStudy:
    """The next minutes."""

    title: str
    origin: Origin
    begins: str
    """Time of day of the state that was copied."""
    minutes: int
    futures: int
    change: str
    """In words; empty if nothing is changed."""
    figures: list[Compared]
    times: list[str]
    waiting: list[Panel]
    assumptions: list[str]
    meanings: dict[str, str] = field(default_factory=lambda: meanings(_TOLD))


def outlook_study(
    outlook: Outlook, *, title: str, begins_ms: int, is_changed: bool, origin: Origin
) -> OutlookStudy:
    """Describe a look ahead.

    Args:
        outlook: The futures.
        title: The page's heading.
        begins_ms: Where they begin, in ms after midnight.
        is_changed: Whether anything is changed in half of them.
        origin: How they were made.
    """
    as_is, changed = figures_of(outlook.as_is), figures_of(outlook.changed)
    series = [_waiting("as it is", "c0", outlook.waiting_as_is)]
    if is_changed:
        series.append(_waiting("changed", "c1", outlook.waiting_changed, dash="7 3"))
    return OutlookStudy(
        title=title,
        origin=origin,
        begins=time_of_day(begins_ms),
        minutes=outlook.minutes,
        futures=outlook.futures,
        change=outlook.change if is_changed else "",
        figures=compared(as_is, changed, figures_of(outlook.difference))
        if is_changed
        else compared(as_is, {}, {}),
        times=[time_of_day(begins_ms + at * _MINUTE_MS) for at in range(outlook.minutes + 1)],
        waiting=[Panel(name="callers waiting", series=series)],
        assumptions=[
            (
                "A copy of the centre goes forward: everybody on the line and at work goes on from "
                "where they are, and new callers come as the scenario says."
            ),
            "Each future is lived twice by the same people: as it is, and with the change.",
            (
                "Counted are those who wait now and those who come before the end; their fate is "
                "watched for five minutes more."
            ),
            "How much longer a talk or a wait lasts is drawn given how long it has lasted.",
        ],
    )


def _waiting(label: str, ink: str, rows: Sequence[Sequence[int]], *, dash: str = "") -> Series:
    array = np.array(rows, dtype=np.float64)
    low, high = band(array) or (None, None)
    return Series(label=label, values=means(array), low=low, high=high, ink=ink, dash=dash)
