"""The heat map of a study: how busy each group is in each interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.report.frame import figure, section, table
from simulator.report.heat import HOT, heat_map


@dataclass(frozen=True, kw_only=True)
class HeatRow:
    """One group's occupancy by interval; None where nobody is there."""

    group: str
    occupancy: list[float | None]


def occupancy_section(groups: Sequence[HeatRow], starts: Sequence[str]) -> str:
    """Return the part of a page that shows groups by interval; nothing without groups."""
    if not groups:
        return ""
    names = [row.group for row in groups]
    shares = [row.occupancy for row in groups]
    drawing = heat_map(names, starts, shares, title="Occupancy by group and interval")
    rows = [[start, *(_written(row[at]) for row in shares)] for at, start in enumerate(starts)]
    return section(
        "How busy are agents?",
        "Occupancy in percent: busy time over busy and ready time. Orange lies above "
        f"{100 * HOT:.0f}: no rest between calls. Empty: nobody there.",
        figure("occupancy by group", "", drawing, table("Occupancy", ["from", *names], rows)),
    )


def _written(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f}"
