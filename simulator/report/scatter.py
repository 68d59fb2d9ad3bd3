"""Dots in two dimensions: a service level against what it goes with, calls of the day or its cost.

Both axes are labelled at round numbers; the horizontal one covers the values given, because no day
has nothing to do and no plan costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from simulator.report.charts import WIDTH

_HEIGHT = 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 20, 14, 44
_TICKS = 6


@dataclass(frozen=True, slots=True)
class Dot:
    """One day, or one plan."""

    across: float
    share: float  #: from 0 to 1, upwards
    name: str
    is_marked: bool = False
    """Drawn larger and named: the one the others are compared with."""


def scatter(dots: Sequence[Dot], *, across: str, title: str, is_joined: bool = False) -> str:
    """Draw shares against another figure.

    Args:
        dots: What to draw; nothing is drawn for none.
        across: What the horizontal axis holds.
        title: What it is, for those who cannot see it.
        is_joined: Whether a line runs through the dots from left to right.
    """
    if not dots:
        return ""
    low, high, step = _axis([dot.across for dot in dots])
    base = min(0.8, math.floor(10 * min(dot.share for dot in dots)) / 10)

    def x(value: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * (value - low) / (high - low)

    def y(share: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - (share - base) / (1 - base))

    parts = [f'<svg viewBox="0 0 {WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">']
    for tenth in range(round(10 * base), 11):
        at = y(tenth / 10)
        parts.append(
            f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}" class="grid"/>'
            f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" class="tick" text-anchor="end">'
            f"{10 * tenth} %</text>"
        )
    for number in range(round((high - low) / step) + 1):
        value = low + number * step
        parts.append(
            f'<text x="{x(value):.1f}" y="{_HEIGHT - 26}" class="tick" text-anchor="middle">'
            f"{value:,.10g}</text>"
        )
    parts.append(
        f'<text x="{(_LEFT + WIDTH - _RIGHT) / 2:.1f}" y="{_HEIGHT - 6}" class="tick" '
        f'text-anchor="middle">{escape(across)}</text>'
    )
    if is_joined:
        points = " ".join(f"{x(dot.across):.1f},{y(dot.share):.1f}" for dot in dots)
        parts.append(f'<polyline points="{points}" class="line c0"/>')
    parts += [_dot(dot, x(dot.across), y(dot.share)) for dot in dots]
    return "".join([*parts, "</svg>"])


def _dot(dot: Dot, x: float, y: float) -> str:
    ink, size = ("c1", 6) if dot.is_marked else ("c0", 4)
    name = (
        f'<text x="{x + 10:.1f}" y="{y + 16:.1f}" class="name">{escape(dot.name)}</text>'
        if dot.is_marked
        else ""
    )
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" class="dot {ink}">'
        f"<title>{escape(dot.name)}</title></circle>{name}"
    )


def _axis(values: Sequence[float]) -> tuple[float, float, float]:
    """Return an axis that holds all values: from, until, and the step of its ticks."""
    least, most = min(values), max(values)
    spread = (most - least) or max(abs(most), 1.0) / 10
    power = 10 ** math.floor(math.log10(spread / _TICKS))
    step = next(power * part for part in (1, 2, 5, 10, 20) if power * part * _TICKS >= spread)
    low, high = math.floor(least / step) * step, math.ceil(most / step) * step
    return low, max(high, low + step), step
