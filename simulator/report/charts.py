"""Charts as SVG text: lines, steps, bands and bars, drawn for reading and for print.

A chart is a plot area with a labelled frame; series are drawn into it in data coordinates. Inks are
classes of the page's style. Colours carry no meaning alone: every line is named at its end, with a
sample of its dashes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

Values = Sequence[float | None]
"""One value a column; None where there is nothing to draw."""

WIDTH = 860
_HEIGHT = 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 156, 14, 30
_LABEL_GAP = 15.0
_LABEL_LETTERS = 17
_COLUMN_LABELS = 12


@dataclass
class Chart:
    """One plot over the day's intervals or any other numbered columns."""

    columns: Sequence[str]
    """Label of each column."""
    top: float
    """Largest value of the vertical axis, which starts at zero."""
    unit: str = ""
    """Written after the numbers of the vertical axis; with "%" they are shares of 1."""
    height: int = _HEIGHT
    _parts: list[str] = field(default_factory=list)
    _labels: list[tuple[float, str, str, str]] = field(default_factory=list)

    def x(self, column: float) -> float:
        """Return where a column begins."""
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * column / len(self.columns)

    def y(self, value: float) -> float:
        """Return the height of a value."""
        inner = self.height - _TOP - _BOTTOM
        return _TOP + inner * (1 - min(max(value / self.top, 0.0), 1.0))

    def steps(self, values: Values, *, ink: str, label: str, dash: str = "") -> None:
        """Draw a value that holds through each column, as a staircase."""
        for run in _runs(values):
            points = [(self.x(i + side), self.y(value)) for i, value in run for side in (0, 1)]
            self._polyline(points, ink, dash)
        self._name(values, label, ink, dash)

    def line(self, values: Values, *, ink: str, label: str, dash: str = "") -> None:
        """Draw a value at the middle of each column."""
        for run in _runs(values):
            points = [(self.x(i + 0.5), self.y(value)) for i, value in run]
            if len(points) == 1:
                self._dot(*points[0], ink)
            self._polyline(points, ink, dash)
        self._name(values, label, ink, dash)

    def band(self, low: Values, high: Values, *, ink: str, is_stepped: bool = False) -> None:
        """Shade the space between two values."""
        sides = (0.0, 1.0) if is_stepped else (0.5,)
        both = [
            None if least is None or most is None else (least, most)
            for least, most in zip(low, high, strict=True)
        ]
        for is_drawn, run in groupby(enumerate(both), lambda one: one[1] is not None):
            columns = [(index, pair) for index, pair in run if pair is not None]
            if not is_drawn:
                continue
            there = [(self.x(i + s), self.y(pair[1])) for i, pair in columns for s in sides]
            back = [(self.x(i + s), self.y(pair[0])) for i, pair in columns for s in sides]
            self._polygon([*there, *reversed(back)], "band", ink)

    def bars(self, values: Values, *, ink: str, label: str) -> None:
        """Draw a bar in each column."""
        for index, value in enumerate(values):
            if value is None or math.isnan(value):
                continue
            x, y = self.x(index + 0.08), self.y(value)
            width, height = self.x(index + 0.92) - x, self.y(0) - y
            self._parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
                f'class="bar {ink}" rx="1.5"/>'
            )
        self._name(values, label, ink, "")

    def area(self, values: Values, *, ink: str) -> None:
        """Shade a staircase down to zero."""
        for run in _runs(values):
            there = [(self.x(i + side), self.y(value)) for i, value in run for side in (0, 1)]
            ends = [(there[-1][0], self.y(0)), (there[0][0], self.y(0))]
            self._polygon([*there, *ends], "area", ink)

    def rule(self, value: float, label: str) -> None:
        """Draw a horizontal line across, such as a target."""
        y = self.y(value)
        self._parts.append(
            f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" class="rule"/>'
        )
        self._labels.append((y, label, "soft", "5 4"))

    def svg(self, title: str) -> str:
        """Return the chart; `title` is read out to those who cannot see it."""
        return (
            f'<svg viewBox="0 0 {WIDTH} {self.height}" role="img" aria-label="{escape(title)}">'
            + self._frame()
            + "".join(self._parts)
            + self._series_labels()
            + "</svg>"
        )

    def _polyline(self, points: list[tuple[float, float]], ink: str, dash: str) -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(f'<polyline points="{_text(points)}" class="line {ink}"{dashed}/>')

    def _polygon(self, points: list[tuple[float, float]], kind: str, ink: str) -> None:
        self._parts.append(f'<polygon points="{_text(points)}" class="{kind} {ink}"/>')

    def _dot(self, x: float, y: float, ink: str) -> None:
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" class="dot {ink}"/>')

    def _name(self, values: Values, label: str, ink: str, dash: str) -> None:
        known = [value for value in values if value is not None and not math.isnan(value)]
        if known:
            self._labels.append((self.y(known[-1]), label, ink, dash))

    def _frame(self) -> str:
        parts = []
        for tick in _ticks(self.top):
            y = self.y(tick)
            text = f"{tick * 100:.3g} %" if self.unit == "%" else f"{tick:g}{self.unit}"
            parts.append(
                f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
                f'class="grid"/><text x="{_LEFT - 6}" y="{y + 4:.1f}" class="tick" '
                f'text-anchor="end">{text}</text>'
            )
        columns = len(self.columns)
        steps = (1, 2, 4, 8, 16, 32, 64, columns)
        step = next(step for step in steps if step * _COLUMN_LABELS >= columns)
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
        for y, *_ in named:
            places.append(max(y + 4, places[-1] + _LABEL_GAP if places else 0.0))
        for index in range(len(places) - 1, -1, -1):
            room = lowest if index == len(places) - 1 else places[index + 1] - _LABEL_GAP
            places[index] = min(places[index], room)
        return "".join(
            _label(place, label, ink, dash)
            for place, (_, label, ink, dash) in zip(places, named, strict=True)
        )


def _label(place: float, label: str, ink: str, dash: str) -> str:
    """Return a series' name behind a sample of its line."""
    x = WIDTH - _RIGHT + 6
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x}" x2="{x + 16}" y1="{place - 4:.1f}" y2="{place - 4:.1f}" '
        f'class="line {ink}"{dashed}/>'
        f'<text x="{x + 21}" y="{place:.1f}" class="name">{escape(shortened(label))}</text>'
    )


def sample(ink: str, dash: str) -> str:
    """Return a short piece of a line, for a key outside the chart."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        '<svg class="sample" viewBox="0 0 22 8">'
        f'<line x1="0" x2="22" y1="4" y2="4" class="line {ink}"{dashed}/></svg>'
    )


def shortened(label: str, letters: int = _LABEL_LETTERS) -> str:
    """Return a label that fits; the end of a long one gives way to an ellipsis.

    Example:
        >>> shortened("a queue with a very long name", 10)
        'a queue w…'
    """
    return label if len(label) <= letters else f"{label[: letters - 1]}…"


def _runs(values: Values) -> Iterator[list[tuple[int, float]]]:
    """Yield the stretches of columns that have a value, as column and value."""
    run: list[tuple[int, float]] = []
    for index, value in enumerate(values):
        if value is not None and not math.isnan(value):
            run.append((index, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _text(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def nice_top(largest: float) -> float:
    """Return a round number at or above the largest value, for the end of an axis."""
    power = 1e-6
    while power * 10 <= largest:
        power *= 10
    steps = (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10, 12)
    return next(power * step for step in steps if power * step >= largest)


def _ticks(top: float) -> list[float]:
    """Return the marks of an axis, in the steps that take the fewest digits to write."""
    count = min((4, 5, 3, 2), key=lambda parts: len(f"{top / parts:.6g}"))
    return [top * part / count for part in range(count + 1)]
