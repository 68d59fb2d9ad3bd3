"""A heat map: shares by row and interval as shaded cells, each with its number.

The shade mixes a cold and a warm ink of the page's scheme; above nine tenths it changes to a hot
one. Blue and orange stay apart for every common kind of colour vision, and the number says it all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from simulator.report.charts import WIDTH, Values, shortened

HOT = 0.9
"""Above this share of busy time agents have no rest between calls."""

_ROW, _TOP, _BOTTOM = 34, 8, 24
_LETTER = 7.4
"""How wide a letter of a row's name is, at most on average."""
_NAME_LETTERS = 26
_DARK_FROM = 0.75
"""From this share on a cell needs light letters."""
_COLUMN_LABELS = 12
_NUMBERED = 44
"""With more columns than this there is no room for numbers in the cells."""


def heat_map(
    rows: Sequence[str], columns: Sequence[str], values: Sequence[Values], *, title: str
) -> str:
    """Draw shares from 0 to 1 as a grid of shaded cells with their percentages.

    Args:
        rows: A name for each row.
        columns: A label for each column.
        values: The shares of each row; None where there is nothing to show.
        title: What it is, for those who cannot see it.
    """
    names = [shortened(name, _NAME_LETTERS) for name in rows]
    left = max(60.0, 16 + _LETTER * max((len(name) for name in names), default=0))
    width = (WIDTH - left - 10) / len(columns)
    height = _TOP + _ROW * len(rows) + _BOTTOM
    parts = [f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">']
    for row, (name, shares) in enumerate(zip(names, values, strict=True)):
        y = _TOP + row * _ROW
        parts.append(
            f'<text x="{left - 8:.1f}" y="{y + 21}" class="name" text-anchor="end">'
            f"{escape(name)}</text>"
        )
        parts += [
            _cell(left + column * width, y, width, share, has_number=len(columns) <= _NUMBERED)
            for column, share in enumerate(shares)
            if share is not None and not math.isnan(share)
        ]
    step = max(1, math.ceil(len(columns) / _COLUMN_LABELS))
    parts += [
        f'<text x="{left + column * width:.1f}" y="{height - 6}" class="tick">'
        f"{escape(columns[column])}</text>"
        for column in range(0, len(columns), step)
    ]
    return "".join([*parts, "</svg>"])


def _cell(x: float, y: float, width: float, share: float, *, has_number: bool) -> str:
    ink = "warm-text" if share >= _DARK_FROM else "cold-text"
    number = (
        f'<text x="{x + width / 2 - 0.5:.1f}" y="{y + 20}" class="cell {ink}" '
        f'text-anchor="middle">{share * 100:.0f}</text>'
        if has_number
        else ""
    )
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{width - 1:.1f}" height="{_ROW - 3}" '
        f'style="fill: {_shade(share)}"/>{number}'
    )


def _shade(share: float) -> str:
    if share > HOT:
        return "var(--hot)"
    part = round(100 * min(max(share / HOT, 0.0), 1.0))
    return f"color-mix(in srgb, var(--warm) {part}%, var(--cold))"
