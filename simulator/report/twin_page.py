"""Simulated days as a page: how they came out, how surely, and when it was tight."""

from __future__ import annotations

from html import escape

from simulator.figure_names import number
from simulator.report.day_sections import day_sections
from simulator.report.figures import Figure, flow_table, other_table, queue_table, reach
from simulator.report.frame import bullets, document, figure, section, table, tiles
from simulator.report.metrics import metrics_section
from simulator.report.origin import origin_section
from simulator.report.scatter import Dot, scatter
from simulator.report.twin_study import TwinStudy

_TILES = {
    "service_level": "service level",
    "offered": "calls offered a day",
    "asa_s": "ASA, s",
    "abandonment": "abandonment",
    "occupancy": "occupancy",
}
_FEW = 3
"""With fewer days a picture of single days says nothing."""


def twin_page(study: TwinStudy) -> str:
    """Return the study as a complete HTML document."""
    lines = study.lines
    many = "days" if study.days > 1 else "day"
    lead = f"{study.days} simulated {many}, {lines.starts[0]} to {lines.closes}."
    sides = (
        "The line is the mean, eight days in ten lie in the band."
        if study.days > 1
        else "One day alone: no band."
    )
    sections = [
        _figures(study),
        day_sections(lines, sides=sides),
        _flow(study),
        _each_day(study),
        bullets("What does not balance", study.problems),
        bullets("On what this rests", study.assumptions),
        origin_section(study.origin),
        metrics_section(study.meanings),
    ]
    return document(study.title, lead, figure_tiles(study.figures) + "".join(sections))


def figure_tiles(figures: dict[str, Figure]) -> str:
    """Return the headline figures of days."""
    return tiles(
        [
            (number(name, figures[name].mean), reach(name, figures[name]), word)
            for name, word in _TILES.items()
            if name in figures
        ]
    )


def _figures(study: TwinStudy) -> str:
    return section(
        "How do the days come out?",
        "Means over the days, all days alike, with the half width of their 95 % interval.",
        queue_table(study.figures, study.queues) + other_table(study.figures, study.queues),
    )


def _flow(study: TwinStudy) -> str:
    nodes = flow_table(study.figures)
    words = "Callers who came to each node of the call flow, and the share of them who hung up."
    return section("What becomes of callers in the call flow?", words, nodes) if nodes else ""


def _each_day(study: TwinStudy) -> str:
    dots = [
        Dot(one.offered, one.service_level, f"{one.name}: {100 * one.service_level:.1f} %")
        for one in study.each_day
        if one.service_level is not None
    ]
    if len(dots) < _FEW:
        return ""
    rows = [
        [
            escape(one.name),
            f"{one.offered:,.0f}",
            "-" if one.service_level is None else number("service_level", one.service_level),
        ]
        for one in study.each_day
    ]
    return section(
        "How much does a busy day hurt?",
        "One dot a day: its calls across, its service level upwards.",
        figure(
            "service level by calls of the day",
            "",
            scatter(dots, across="calls offered on the day", title="Service level of each day"),
            table("Days", ["", "offered", "service level"], rows),
        ),
    )
