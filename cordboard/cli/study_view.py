"""How a study of several days is printed: every figure with its interval, days and flow apart."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from rich.markup import escape

from cordboard.cli.output import ERR, NOTHING, OUT, percent, print_json, print_table
from simulator.figure_names import FLOW, number

if TYPE_CHECKING:
    from simulator.flow_tally import FlowDay
    from simulator.study import Estimate, StudyResult

BY_DAY = ("offered", "service_level", "asa_s", "abandonment", "occupancy")
"""Figures that are shown for each kind of day."""


@dataclass(frozen=True, slots=True)
class Interval:
    """One figure over all days, for programs."""

    mean: float
    half_width: float | None  #: of the 95 % interval; None for a single day
    days: int


def print_study(result: "StudyResult", part: tuple[int, int] | None, *, as_json: bool) -> None:
    """Print a study.

    Args:
        result: Of all its days.
        part: The part of the day that is asked for, in ms after midnight; None for all of it.
        as_json: For programs.
    """
    estimates = result.estimates() if part is None else result.inbound_estimates(*part)
    by_day = result.estimates_by_day() if part is None else {}
    if as_json:
        _print_json(result, estimates, by_day)
        return
    OUT.print(f"\n[bold]{escape(result.scenario)}[/]: {len(result.days)} days, seed {result.seed}")
    print_table(
        "Mean of a day, and its 95 % interval (below, +- is half of one)",
        ("", "mean", "from", "to"),
        [
            (name.replace("_", " "), *(number(name, one) for one in (e.mean, e.low, e.high)))
            for name, e in estimates.items()
            if not name.startswith(FLOW)
        ],
    )
    if len(by_day) > 1:
        print_table(
            "Day by day",
            ("", "days", *(name.replace("_", " ") for name in BY_DAY)),
            [_day_row(name, figures) for name, figures in by_day.items()],
        )
    _print_nodes(estimates)
    for problem in result.problems:
        ERR.print(f"[red]does not balance:[/] {escape(problem)}", soft_wrap=True)


def print_flow(flow: "FlowDay") -> None:
    """Print what became of callers in the call flow on one day."""
    figures = flow.figures()
    print_table(
        "Call flow",
        ("", "callers", "hung up there", "share"),
        [
            (node, str(callers), str(flow.drops[node]), percent(flow.drops[node] / callers))
            for node, callers in flow.visits.most_common()
        ],
    )
    OUT.print(
        f"{flow.callers} callers, {figures['flow_time_s']:.1f} s and"
        f" {figures['flow_questions']:.1f} questions each; {flow.drops.total()} hung up unserved."
    )


def _print_json(
    result: "StudyResult",
    estimates: "Mapping[str, Estimate]",
    by_day: "Mapping[str, Mapping[str, Estimate]]",
) -> None:
    print_json(
        {
            "scenario": result.scenario,
            "seed": result.seed,
            "days": len(result.days),
            "figures": _plain(estimates),
            "by_day": {name: _plain(figures) for name, figures in by_day.items()},
            "problems": result.problems,
        }
    )


def _plain(estimates: "Mapping[str, Estimate]") -> dict[str, object]:
    return {
        name: asdict(
            Interval(one.mean, None if math.isinf(one.half_width) else one.half_width, one.days)
        )
        for name, one in estimates.items()
    }


def _day_row(day: str, figures: "Mapping[str, Estimate]") -> tuple[str, ...]:
    cells = (_spread(name, figures[name]) if name in figures else NOTHING for name in BY_DAY)
    return (day, str(figures["offered"].days), *cells)


def _spread(name: str, one: "Estimate") -> str:
    reach = "" if math.isinf(one.half_width) else f" +- {number(name, one.half_width)}"
    return f"{number(name, one.mean)}{reach}"


def _print_nodes(estimates: "Mapping[str, Estimate]") -> None:
    """Print the call flow's nodes, those that most callers came to first."""
    rows = sorted(
        (-one.mean, name.removeprefix(FLOW).removesuffix(".callers"))
        for name, one in estimates.items()
        if name.startswith(FLOW) and name.endswith(".callers")
    )
    if rows:
        print_table(
            "Call flow, node by node",
            ("", "callers a day", "hung up there"),
            [
                (
                    node,
                    _spread("callers", estimates[f"{FLOW}{node}.callers"]),
                    _spread("drop_out", estimates[f"{FLOW}{node}.drop_out"]),
                )
                for _, node in rows
            ],
        )
