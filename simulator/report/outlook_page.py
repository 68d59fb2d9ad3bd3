"""A look ahead as a page: what the next minutes bring, and what the change would do to them."""

from __future__ import annotations

from html import escape

from simulator.figure_names import number
from simulator.report.comparison import comparison_table
from simulator.report.figures import cell, in_words, reach
from simulator.report.frame import bullets, document, section, table, tiles
from simulator.report.metrics import metrics_section
from simulator.report.origin import origin_section
from simulator.report.outlook_study import OutlookStudy
from simulator.report.panels import Scale, panels_section

_TILES = ("service_level", "mean_wait_s", "abandonment", "waiting_at_horizon", "occupancy")


def outlook_page(study: OutlookStudy) -> str:
    """Return the study as a complete HTML document."""
    lead = f"From {study.begins}, {study.minutes} minutes, {study.futures} futures."
    if study.change:
        lead += f" The change: {study.change}."
    sections = [
        _figures(study),
        panels_section(
            "How does the queue go on?",
            "Callers waiting at each minute: mean of the futures, eight in ten lie in the band.",
            study.waiting,
            Scale(columns=study.times, digits=2, first_column="at"),
        ),
        bullets("On what this rests", study.assumptions),
        origin_section(study.origin),
        metrics_section(study.meanings),
    ]
    return document(study.title, lead, _tiles(study) + "".join(sections))


def _tiles(study: OutlookStudy) -> str:
    shown = []
    for row in study.figures:
        one = row.changed if study.change else row.as_is
        if row.name not in _TILES or one is None or row.as_is is None:
            continue
        before = f"as it is {number(row.name, row.as_is.mean)}" if study.change else ""
        shown.append(
            (
                number(row.name, one.mean),
                before or reach(row.name, one),
                f"{in_words(row.name)}{', changed' if study.change else ''}",
            )
        )
    return tiles(shown)


def _figures(study: OutlookStudy) -> str:
    if study.change:
        return section(
            "What would the change do?",
            "On the same people, future by future; 95 % intervals. The dot is the difference, the "
            "line its interval, the middle nought: where the line crosses it, chance alone could "
            "have made it.",
            comparison_table(study.figures, as_is="as it is", changed="changed"),
        )
    return section(
        "What do the next minutes bring?",
        "Means of the futures with 95 % intervals.",
        table(
            "Figures",
            ["", "as it is"],
            [[escape(in_words(row.name)), cell(row.name, row.as_is)] for row in study.figures],
        ),
    )
