"""A panel: the series of one queue or group by interval, drawn over each other.

Sections that show the day are lists of panels. A panel is plain values: the page draws it and lists
it as a table, the JSON holds it as it is, the CSV has a column for each series. So they cannot
disagree.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from simulator.report.charts import Chart, Values, nice_top, sample
from simulator.report.frame import figure, section, table

Look = Literal["line", "steps", "bars"]

_TALL, _FLAT = 230, 165


@dataclass(frozen=True, kw_only=True)
class Series:
    """One figure by interval, perhaps with the band in which single days lie."""

    label: str
    values: Values
    low: Values | None = None
    high: Values | None = None
    look: Look = "line"
    ink: str = "c0"
    dash: str = ""
    is_filled: bool = False
    """Whether the space down to zero is shaded."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What is drawn of one queue, one group, or all."""

    name: str
    note: str = ""
    series: list[Series]
    top: float | None = None
    """Where the vertical axis ends, if what lies above is to be cut off."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How the panels of a section are drawn and their figures written."""

    columns: Sequence[str]
    unit: str = ""
    top: float | None = None
    """End of the vertical axis; None lets each panel have its own."""
    digits: int = 1
    first_column: str = "from"
    """What the columns are."""


def panels_section(title: str, words: str, panels: Sequence[Panel], scale: Scale) -> str:
    """Return a section of panels; nothing if there are none."""
    drawn = [
        panel_figure(panel, scale, height=_TALL if index == 0 else _FLAT, title=title)
        for index, panel in enumerate(panels)
    ]
    return section(title, words, "".join(drawn)) if drawn else ""


def panel_figure(panel: Panel, scale: Scale, *, height: int, title: str) -> str:
    """Return one panel as a drawing with its figures as a table."""
    top = panel.top or scale.top or nice_top(max([0.001, *_drawn(panel)]))
    chart = Chart(scale.columns, top=top, unit=scale.unit, height=height)
    for series in panel.series:
        _draw(chart, series)
    name = f"{title} {panel.name}: {', '.join(series.label for series in panel.series)}"
    figures = _table(f"{title} {panel.name}", panel, scale)
    return figure(panel.name, panel.note, chart.svg(name), figures, _key(panel))


def interval_columns(prefix: str, panels: Sequence[Panel]) -> dict[str, Values]:
    """Return every series of panels as a column of a table, named after what it shows."""
    return {
        " ".join(part for part in (prefix, panel.name, label) if part): values
        for panel in panels
        for series in panel.series
        for label, values in _columns(series)
    }


def _draw(chart: Chart, series: Series) -> None:
    is_stepped = series.look == "steps"
    if series.low is not None and series.high is not None:
        chart.band(series.low, series.high, ink=series.ink, is_stepped=is_stepped)
    if series.is_filled:
        chart.area(series.values, ink=series.ink)
    if series.look == "bars":
        chart.bars(series.values, ink=series.ink, label=series.label)
        return
    draw = chart.steps if is_stepped else chart.line
    draw(series.values, ink=series.ink, label=series.label, dash=series.dash)


def _key(panel: Panel) -> str:
    """Return what is which line; nothing for a single one."""
    if len(panel.series) == 1:
        return ""
    samples = "".join(
        f"<span>{sample(one.ink, one.dash)}{escape(one.label)}</span>" for one in panel.series
    )
    return f'<div class="key" aria-hidden="true">{samples}</div>'


def _columns(series: Series) -> Iterator[tuple[str, Values]]:
    yield series.label, series.values
    if series.low is not None and series.high is not None:
        yield f"{series.label}, low", series.low
        yield f"{series.label}, high", series.high


def _drawn(panel: Panel) -> Iterator[float]:
    for series in panel.series:
        for _, values in _columns(series):
            yield from (value for value in values if value is not None and not math.isnan(value))


def _table(name: str, panel: Panel, scale: Scale) -> str:
    columns = [column for series in panel.series for column in _columns(series)]
    rows = [
        [escape(label), *(_written(values[index], scale) for _, values in columns)]
        for index, label in enumerate(scale.columns)
    ]
    return table(name, [scale.first_column, *(label for label, _ in columns)], rows)


def _written(value: float | None, scale: Scale) -> str:
    if value is None or math.isnan(value):
        return "-"
    return f"{100 * value:.1f} %" if scale.unit == "%" else f"{value:,.{scale.digits}f}"
