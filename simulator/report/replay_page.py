"""A recorded day, lived again, as a page: is the twin to be believed, and what would change?"""

from __future__ import annotations

from html import escape

from simulator.figure_names import number
from simulator.report.comparison import comparison_table
from simulator.report.day_sections import day_sections
from simulator.report.figures import cell, in_words, reach
from simulator.report.frame import bullets, document, section, table, tiles
from simulator.report.metrics import metrics_section
from simulator.report.origin import origin_section
from simulator.report.replay_study import FidelityFigure, ReplayStudy

_WIDTH, _HEIGHT = 150, 22
_TILES = {"service_level": "service level", "abandonment": "abandonment", "asa_s": "ASA, s"}


def replay_page(study: ReplayStudy) -> str:
    """Return the study as a complete HTML document."""
    lead = f"A recorded day, lived again {study.lives} times with the recorded people."
    if study.change:
        lead += f" Then with {study.change}, by the same people."
    sections = [
        _fidelity(study),
        _differences(study),
        day_sections(study.lines, sides=_sides(study)),
        bullets("On what this rests", study.assumptions),
        origin_section(study.origin),
        metrics_section(study.meanings),
    ]
    return document(study.title, lead, _tiles(study) + "".join(sections))


def _sides(study: ReplayStudy) -> str:
    words = (
        "Solid grey: the recorded day. Blue, dashed: predicted under its own routing; eight lives "
        "in ten lie in the band."
    )
    return f"{words} Orange, dotted: with {study.change}." if study.change else words


def _tiles(study: ReplayStudy) -> str:
    like = sum(one.is_within for one in study.fidelity)
    figures = [(f"{like} of {len(study.fidelity)}", "", "figures as the twin tells them")]
    for one in study.fidelity:
        if one.name in _TILES:
            predicted = f"predicted {number(one.name, one.predicted.mean)}"
            sure = reach(one.name, one.predicted)
            figures.append(
                (
                    number(one.name, one.recorded),
                    f"{predicted} {sure}".strip(),
                    f"{_TILES[one.name]}, recorded",
                )
            )
    return tiles(figures)


def _fidelity(study: ReplayStudy) -> str:
    return section(
        "Does the twin tell the day as it was?",
        "The bar is the band in which 95 of 100 single lives of this day lie, the dot the recorded "
        "day. Of twenty figures about one lies outside by chance.",
        table(
            "Fidelity",
            ["", "recorded", "predicted", "", "the recorded day is"],
            [
                [
                    escape(in_words(one.name)),
                    number(one.name, one.recorded),
                    cell(one.name, one.predicted),
                    _band(one),
                    "like these" if one.is_within else '<b class="bad">unlike these</b>',
                ]
                for one in study.fidelity
            ],
        ),
    )


def _band(one: FidelityFigure) -> str:
    """Draw where single lives lie, and the recorded day; each row has a scale of its own."""
    most = max(one.highest - one.lowest, 2 * abs(one.recorded - one.predicted.mean)) or 1.0

    def x(value: float) -> float:
        return _WIDTH / 2 + (_WIDTH - 14) * (value - one.predicted.mean) / most

    middle = _HEIGHT / 2
    width = max(2.0, x(one.highest) - x(one.lowest))
    ink = "soft" if one.is_within else "c1"
    return (
        f'<svg class="cell-size" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="lives from {one.lowest:.4g} to {one.highest:.4g}, '
        f'recorded {one.recorded:.4g}">'
        f'<rect x="{x(one.lowest):.1f}" y="{middle - 5}" width="{width:.1f}" height="10" rx="2" '
        f'class="band c0"/><line x1="{_WIDTH / 2}" x2="{_WIDTH / 2}" y1="{middle - 5}" '
        f'y2="{middle + 5}" class="whisker c0"/>'
        f'<circle cx="{x(one.recorded):.1f}" cy="{middle}" r="4" class="dot {ink}"/></svg>'
    )


def _differences(study: ReplayStudy) -> str:
    if not study.differences:
        return ""
    return section(
        "What would have been different?",
        f"With {study.change}, on the same people, life by life; 95 % intervals. The dot is the "
        "difference, the line its interval, the middle nought: where the line crosses it, chance "
        "alone could have made it.",
        comparison_table(study.differences, as_is="predicted", changed="changed"),
    )
