"""Named figures with their intervals: how they are kept, written and set in tables.

What their names tell is in `simulator.figure_names`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from simulator.figure_names import FLOW, is_share, number
from simulator.report.frame import table
from simulator.report.samples import ALL_QUEUES
from simulator.study import Estimate

QUEUE_FIGURES = {
    "offered": "offered",
    "service_level": "service level",
    "asa_s": "ASA, s",
    "aht_s": "AHT, s",
    "abandonment": "abandonment",
    "mean_wait_s": "mean wait, s",
}
"""Figures that every queue has, and their columns' titles."""

NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over days and how sure it is."""

    mean: float
    half_width: float | None  #: of the 95 % interval; None for a single day
    days: int


def figures_of(estimates: Mapping[str, Estimate]) -> dict[str, Figure]:
    """Return estimates as plain values: an interval that nobody can know is None."""
    return {name: figure_of(one) for name, one in estimates.items()}


def figure_of(estimate: Estimate) -> Figure:
    """Return an estimate as plain values."""
    half_width = estimate.half_width if math.isfinite(estimate.half_width) else None
    return Figure(estimate.mean, half_width, estimate.days)


def reach(name: str, figure: Figure) -> str:
    """Write how sure a figure is, or nothing where nobody knows."""
    if figure.half_width is None:
        return ""
    value = f"{100 * figure.half_width:.1f}" if is_share(name) else f"{figure.half_width:,.1f}"
    return f"± {value}"


def cell(name: str, figure: Figure | None) -> str:
    """Return a table's cell: the figure and its interval, as markup."""
    if figure is None:
        return NOTHING
    sure = reach(name, figure)
    return number(name, figure.mean) + (f" <small>{sure}</small>" if sure else "")


def queue_table(figures: Mapping[str, Figure], queues: Sequence[str]) -> str:
    """Return a table of the queues' figures: all together, then each."""
    known = [name for name in QUEUE_FIGURES if name in figures]
    rows = [(ALL_QUEUES, ""), *((queue, f"{queue}.") for queue in queues)]
    return table(
        "Figures of the queues",
        ["queue", *(QUEUE_FIGURES[name] for name in known)],
        [
            [escape(queue), *(cell(name, figures.get(prefix + name)) for name in known)]
            for queue, prefix in (rows if len(queues) > 1 else rows[1:])
        ],
    )


def other_table(figures: Mapping[str, Figure], queues: Sequence[str]) -> str:
    """Return a table of the figures that belong to no queue."""
    told = {
        f"{prefix}{name}"
        for prefix in ("", *(f"{queue}." for queue in queues))
        for name in (*QUEUE_FIGURES, "answered")
    }
    rows = [
        [escape(in_words(name)), cell(name, one)]
        for name, one in figures.items()
        if name not in told and not name.startswith(FLOW)
    ]
    return table("Other figures", ["", "mean of days"], rows)


def flow_table(figures: Mapping[str, Figure]) -> str:
    """Return a table of the call flow's nodes, those most callers came to first; '' for none."""
    nodes = [
        (-one.mean, name.removeprefix(FLOW).removesuffix(".callers"))
        for name, one in figures.items()
        if name.startswith(FLOW) and name.endswith(".callers")
    ]
    rows = [
        [
            escape(node),
            *(cell(name, figures.get(f"{FLOW}{node}.{name}")) for name in ("callers", "drop_out")),
        ]
        for _, node in sorted(nodes)
    ]
    return table("Call flow", ["node", "callers a day", "hung up there"], rows) if rows else ""


def in_words(name: str) -> str:
    """Write a figure's name as people say it.

    Example:
        >>> in_words("calls.self_served"), in_words("wait_p90_s"), in_words("cards.asa_s")
        ('calls: self served', 'wait p90, s', 'cards: ASA, s')
    """
    of, _, what = name.rpartition(".")
    if what in QUEUE_FIGURES:
        what = QUEUE_FIGURES[what]
    elif what.endswith("_s"):
        what = f"{what.removesuffix('_s').replace('_', ' ')}, s"
    else:
        what = what.replace("_", " ")
    return f"{of}: {what}" if of else what
