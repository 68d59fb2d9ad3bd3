"""Charts as SVG text: lines, bands, bars and a heat map, drawn for reading and for print.

A chart is a plot area with a labelled frame; series are drawn into it in data coordinates. Colours
carry no meaning alone: lines are labelled at their end, and heat-map cells hold their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

PALETTE = ("#2563a8", "#c2571a", "#2f8f5b", "#8a4fa3", "#a3882b", "#4c6a7a")
"""One colour a series; told apart in the common kinds of colour blindness and in grey print."""

_WIDTH, _HEIGHT = 860, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 120, 14, 30
_LABEL_GAP = 14.0
_LETTER = 7.4
"""How wide a letter of a row's name is, at most on average."""


@dataclass
class Chart:
    """One plot over the day's intervals or any other numbered columns."""

    columns: Sequence[str]
    """Label of each column."""
    top: float
    """Largest value of the vertical axis, which starts at zero."""
    unit: str = ""
    """Written after the numbers of the vertical axis."""
    height: int = _HEIGHT
    _parts: list[str] = field(default_factory=list)
    _labels: list[tuple[float, str, str]] = field(default_factory=list)

    def x(self, column: float) -> float:
        """Return where a column begins."""
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * column / len(self.columns)

    def y(self, value: float) -> float:
        """Return the height of a value."""
        inner = self.height - _TOP - _BOTTOM
        return _TOP + inner * (1 - min(max(value / self.top, 0.0), 1.0))

    def steps(self, values: Sequence[float], *, colour: str, label: str, dash: str = "") -> None:
        """Draw a value that holds through each column, as a staircase."""
        points = [
            f"{self.x(index + side):.1f},{self.y(value):.1f}"
            for index, value in enumerate(values)
            for side in (0, 1)
        ]
        self._polyline(points, colour, dash)
        self._labels.append((self.y(values[-1]), label, colour))

    def line(self, values: Sequence[float], *, colour: str, label: str) -> None:
        """Draw a value at the middle of each column."""
        points = [f"{self.x(i + 0.5):.1f},{self.y(value):.1f}" for i, value in enumerate(values)]
        self._polyline(points, colour, "")
        self._labels.append((self.y(values[-1]), label, colour))

    def band(self, low: Sequence[float], high: Sequence[float], *, colour: str) -> None:
        """Shade the space between two values."""
        there = [f"{self.x(i + 0.5):.1f},{self.y(value):.1f}" for i, value in enumerate(high)]
        back = [f"{self.x(i + 0.5):.1f},{self.y(value):.1f}" for i, value in enumerate(low)]
        points = " ".join([*there, *reversed(back)])
        self._parts.append(f'<polygon points="{points}" fill="{colour}" opacity="0.16"/>')

    def bars(self, values: Sequence[float], *, colour: str) -> None:
        """Draw a bar in each column."""
        for index, value in enumerate(values):
            x, y = self.x(index + 0.08), self.y(value)
            width, height = self.x(index + 0.92) - x, self.y(0) - y
            self._parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
                f'fill="{colour}" rx="1.5"/>'
            )

    def area(self, values: Sequence[float], *, colour: str) -> None:
        """Shade a staircase down to zero."""
        there = [
            f"{self.x(index + side):.1f},{self.y(value):.1f}"
            for index, value in enumerate(values)
            for side in (0, 1)
        ]
        ends = [f"{self.x(len(values)):.1f},{self.y(0):.1f}", f"{self.x(0):.1f},{self.y(0):.1f}"]
        points = " ".join([*there, *ends])
        self._parts.append(f'<polygon points="{points}" fill="{colour}" opacity="0.13"/>')

    def rule(self, value: float, label: str) -> None:
        """Draw a horizontal line across, such as a target."""
        y = self.y(value)
        self._parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" class="rule"/>'
        )
        self._labels.append((y, label, "#444"))

    def svg(self, title: str) -> str:
        """Return the chart; `title` is read out to those who cannot see it."""
        return (
            f'<svg viewBox="0 0 {_WIDTH} {self.height}" role="img" aria-label="{escape(title)}">'
            + self._frame()
            + "".join(self._parts)
            + self._series_labels()
            + "</svg>"
        )

    def _polyline(self, points: list[str], colour: str, dash: str) -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" '
            f'stroke-width="2" stroke-linejoin="round"{dashed}/>'
        )

    def _frame(self) -> str:
        parts = []
        for tick in _ticks(self.top):
            y = self.y(tick)
            text = f"{tick * 100:.0f} %" if self.unit == "%" else f"{tick:g}{self.unit}"
            parts.append(
                f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
                f'class="grid"/><text x="{_LEFT - 6}" y="{y + 4:.1f}" class="tick" '
                f'text-anchor="end">{text}</text>'
            )
        columns = len(self.columns)
        step = next(step for step in (1, 2, 4, 8, 16, 32, 64, columns) if step * 12 >= columns)
        parts += [
            f'<text x="{self.x(index):.1f}" y="{self.height - 10}" class="tick">'
            f"{escape(self.columns[index])}</text>"
            for index in range(0, columns, step)
        ]
        return "".join(parts)

    def _series_labels(self) -> str:
        """Write each series' name at its end, moved apart where they would overlap."""
        named = sorted(self._labels)
        lowest = self.height - _BOTTOM + 4
        places: list[float] = []
        for y, _, _ in named:
            places.append(max(y + 4, places[-1] + _LABEL_GAP if places else 0.0))
        for index in range(len(places) - 1, -1, -1):
            room = lowest if index == len(places) - 1 else places[index + 1] - _LABEL_GAP
            places[index] = min(places[index], room)
        return "".join(
            f'<text x="{_WIDTH - _RIGHT + 8}" y="{place:.1f}" class="name" fill="{colour}">'
            f"{escape(label)}</text>"
            for place, (_, label, colour) in zip(places, named, strict=True)
        )


def heat_map(
    rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[float]], *, title: str
) -> str:
    """Draw shares from 0 to 1 as a table of shaded cells with their percentages."""
    row_height, top = 34, 8
    left = max(130.0, 16 + _LETTER * max((len(name) for name in rows), default=0))
    width = (_WIDTH - left - 10) / len(columns)
    height = top + row_height * len(rows) + 24
    parts = [f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">']
    for row, name in enumerate(rows):
        y = top + row * row_height
        parts.append(
            f'<text x="{left - 8}" y="{y + 21}" class="name" text-anchor="end">'
            f"{escape(name)}</text>"
        )
        for column, value in enumerate(values[row]):
            x = left + column * width
            ink = "#fff" if value > 0.62 else "#333"
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{width - 1:.1f}" height="{row_height - 3}" '
                f'fill="{_shade(value)}"/><text x="{x + width / 2 - 0.5:.1f}" y="{y + 20}" '
                f'class="cell" text-anchor="middle" fill="{ink}">{value * 100:.0f}</text>'
            )
    parts += [
        f'<text x="{left + column * width:.1f}" y="{height - 6}" class="tick">'
        f"{escape(columns[column])}</text>"
        for column in range(0, len(columns), 4)
    ]
    return "".join([*parts, "</svg>"])


def _shade(value: float) -> str:
    """Mix from near white over blue to a warning red above nine tenths."""
    light, dark, hot = (238, 243, 249), (37, 99, 168), (176, 42, 48)
    share = min(max(value, 0.0), 1.0)
    if share <= 0.9:
        start, end, part = light, dark, share / 0.9
    else:
        start, end, part = dark, hot, (share - 0.9) / 0.1
    mixed = (round(a + (b - a) * part) for a, b in zip(start, end, strict=True))
    return "#" + "".join(f"{level:02x}" for level in mixed)


def nice_top(largest: float) -> float:
    """Return a round number at or above the largest value, for the end of an axis."""
    power = 1e-6
    while power * 10 <= largest:
        power *= 10
    steps = (1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15)
    return next(power * step for step in steps if power * step >= largest)


def _ticks(top: float) -> list[float]:
    return [top * part / 4 for part in range(5)]
