"""Two variants on the same days: as it is, changed, and the difference with its interval.

The two meet the same people, so the difference is known far better than either figure. An interval
that holds nought is drawn across the middle line: chance alone could have made it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from simulator.figure_names import number
from simulator.report.figures import NOTHING, Figure, cell, in_words, reach
from simulator.report.frame import table

_WIDTH, _HEIGHT = 150, 22


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One figure under both variants."""

    name: str
    as_is: Figure | None
    changed: Figure | None
    difference: Figure | None
    """Changed less as it is."""

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the difference lies on one side of nought."""
        one = self.difference
        return one is not None and one.half_width is not None and abs(one.mean) > one.half_width


def compared(
    as_is: Mapping[str, Figure], changed: Mapping[str, Figure], difference: Mapping[str, Figure]
) -> list[Compared]:
    """Return the figures of two variants beside each other, in the order of the first."""
    return [
        Compared(name=name, as_is=one, changed=changed.get(name), difference=difference.get(name))
        for name, one in as_is.items()
    ]


def compared_columns(rows: Sequence[Compared]) -> dict[str, list[float | None]]:
    """Return figures of two variants as columns of a table."""
    columns: dict[str, list[float | None]] = {}
    for side in ("as_is", "changed", "difference"):
        figures: list[Figure | None] = [getattr(row, side) for row in rows]
        columns[side] = [None if one is None else one.mean for one in figures]
        columns[f"{side}_half_width"] = [None if one is None else one.half_width for one in figures]
    return columns


def comparison_table(rows: Sequence[Compared], *, as_is: str, changed: str) -> str:
    """Return a table of figures with the difference of each drawn around nought.

    Args:
        rows: The figures.
        as_is: Title of the column of what is.
        changed: Title of the column of what would be.
    """
    return table(
        "Differences",
        ["", as_is, changed, "difference", "", "it is"],
        [
            [
                escape(in_words(row.name)),
                cell(row.name, row.as_is),
                cell(row.name, row.changed),
                _signed(row),
                _whisker(row.difference),
                _verdict(row),
            ]
            for row in rows
        ],
    )


def _signed(row: Compared) -> str:
    one = row.difference
    if one is None:
        return NOTHING
    sure = reach(row.name, one)
    sign = "+" if one.mean > 0 else ""
    return f"{sign}{number(row.name, one.mean)}" + (f" <small>{sure}</small>" if sure else "")


def _verdict(row: Compared) -> str:
    if row.difference is None:
        return NOTHING
    if row.difference.mean == 0 and row.difference.half_width == 0:
        return "the same"
    if not row.is_clear:
        return "not clear"
    return "<b>more</b>" if row.difference.mean > 0 else "<b>less</b>"


def _whisker(difference: Figure | None) -> str:
    """Draw a difference with its interval around nought; each row has a scale of its own."""
    if difference is None or difference.half_width is None:
        return ""
    low, high = difference.mean - difference.half_width, difference.mean + difference.half_width
    most = max(abs(low), abs(high))
    if most == 0:
        return ""

    def x(value: float) -> float:
        return _WIDTH / 2 + (_WIDTH / 2 - 6) * value / most

    middle = _HEIGHT / 2
    ink = "c1" if low > 0 or high < 0 else "soft"
    return (
        f'<svg class="cell-size" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="from {low:.4g} to {high:.4g}">'
        f'<line x1="{_WIDTH / 2}" x2="{_WIDTH / 2}" y1="1" y2="{_HEIGHT - 1}" class="rule"/>'
        f'<line x1="{x(low):.1f}" x2="{x(high):.1f}" y1="{middle}" y2="{middle}" '
        f'class="whisker {ink}"/>'
        f'<circle cx="{x(difference.mean):.1f}" cy="{middle}" r="4" class="dot {ink}"/></svg>'
    )
