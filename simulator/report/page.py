"""The study as one HTML page: no script, nothing fetched, good in print.

The page answers in the order a planner asks: is every target met and how surely; what does it
cost; who is needed when; what will callers feel; how hard do agents work; what would more or less
money buy; and on what all this rests.
"""

from __future__ import annotations

import math
from html import escape

from simulator.report.charts import PALETTE, Chart, heat_map, nice_top
from simulator.report.estimates import Estimate
from simulator.report.frame import bullets, document, section, table, tiles
from simulator.report.study import Study


def study_page(study: Study) -> str:
    """Return the study as a complete HTML document."""
    sections = [
        _targets(study),
        _staff(study),
        _levels(study),
        _queues(study),
        _waits(study),
        _occupancy(study),
        _frontier(study),
        _shifts(study),
        bullets("On what this rests", study.assumptions),
    ]
    lead = (
        f"{study.starts[0]} to {study.closes}, {len(study.starts)} intervals; judged on "
        f"{study.days} simulated days."
    )
    return document(study.title, lead, _tiles(study) + "".join(sections))


def _tiles(study: Study) -> str:
    met = sum(target.is_met for target in study.targets)
    calls = sum(call_type.offered.value for call_type in study.types)
    hours = sum(group.paid_hours for group in study.groups)
    figures = [
        (f"{met} of {len(study.targets)}", "targets met"),
        (f"{calls:,.0f}", "calls a day"),
        (f"{hours:,.0f}", "paid hours a day"),
        (f"{study.cost:,.0f}", "cost of the day"),
        (f"{study.cost_per_contact.value:.2f}", "cost per answered call"),
    ]
    return tiles(figures, verdict="good" if met == len(study.targets) else "bad")


def _targets(study: Study) -> str:
    rows = [
        [
            escape(target.target),
            f"{target.reached:.4g}",
            f"{target.days_met:.0%}",
            '<b class="good">met</b>' if target.is_met else '<b class="bad">missed</b>',
        ]
        for target in study.targets
    ]
    types = [
        [
            escape(call_type.name),
            _plus_minus(call_type.offered, 0),
            _plus_minus(call_type.service_level, 1, percent=True),
            _plus_minus(call_type.asa_s, 1),
            _plus_minus(call_type.p_abandon, 2, percent=True),
        ]
        for call_type in study.types
    ]
    return section(
        "Are the targets met?",
        "On days the plan has not seen before, with 95 % confidence intervals.",
        table(["target", "reached", "days that meet it", "verdict"], rows)
        + "<br>"
        + table(["call type", "calls a day", "service level", "ASA, s", "abandoned"], types),
    )


def _plus_minus(estimate: Estimate, digits: int, *, percent: bool = False) -> str:
    if math.isnan(estimate.value):
        return "no calls"
    scale, unit = (100, " %") if percent else (1, "")
    spread = (
        ""
        if math.isnan(estimate.half_width)
        else (f" <small>&plusmn; {estimate.half_width * scale:.{digits}f}</small>")
    )
    return f"{estimate.value * scale:,.{digits}f}{unit}{spread}"


def _staff(study: Study) -> str:
    required = [sum(counts) for counts in zip(*(g.required for g in study.groups), strict=True)]
    team = [sum(counts) for counts in zip(*(g.team for g in study.groups), strict=True)]
    charts = [_staff_chart(study, "all groups", required, team, PALETTE[0], height=230)]
    for index, group in enumerate(study.groups):
        colour = PALETTE[index % len(PALETTE)]
        chart = _staff_chart(study, group.name, group.required, group.team, colour, height=130)
        charts.append(f"<b>{escape(group.name)}</b>{chart}")
    rows = [
        [
            escape(group.name),
            f"{group.paid_hours:,.1f}",
            f"{group.cost:,.0f}",
            _plus_minus(group.occupancy, 1, percent=True),
        ]
        for group in study.groups
    ]
    return section(
        "Who is needed when?",
        "Agents needed if every interval could be staffed by itself (dashed) and agents at work "
        "(solid). Where the solid line is lower, neighbouring intervals make up for it.",
        "".join(charts) + "<br>" + table(["group", "paid hours", "cost", "occupancy"], rows),
    )


def _staff_chart(  # noqa: PLR0913  (the two series and how to draw them)
    study: Study, name: str, required: list[int], team: list[int], colour: str, *, height: int
) -> str:
    chart = Chart(study.starts, top=nice_top(max(*required, *team, 1)), height=height)
    chart.area(team, colour=colour)
    chart.steps(required, colour="#444", label="needed", dash="5 3")
    chart.steps(team, colour=colour, label="at work")
    return chart.svg(f"Agents needed and at work by interval: {name}")


def _levels(study: Study) -> str:
    charts = []
    for index, call_type in enumerate(study.types):
        colour = PALETTE[index % len(PALETTE)]
        low, middle, high = call_type.level_band
        chart = Chart(study.starts, top=1.0, unit="%", height=170)
        chart.band(low, high, colour=colour)
        chart.line(middle, colour=colour, label="middle day")
        charts.append(
            f"<b>{escape(call_type.name)}</b> <small>answered within "
            f"{call_type.within_s:g} s</small>"
            + chart.svg(f"Service level of {call_type.name} by interval")
        )
    return section(
        "What service level will a day see?",
        "The line is the middle day of each interval; eight days in ten lie inside the band.",
        "".join(charts),
    )


def _queues(study: Study) -> str:
    top = nice_top(max(max(call_type.queue) for call_type in study.types))
    chart = Chart(study.starts, top=top, height=200)
    for index, call_type in enumerate(study.types):
        colour = PALETTE[index % len(PALETTE)]
        chart.line(call_type.queue, colour=colour, label=call_type.name)
    return section(
        "How long is the queue?",
        "Callers waiting at a random moment of each interval, mean over days.",
        chart.svg("Mean number of callers waiting by interval"),
    )


def _waits(study: Study) -> str:
    steps = len(study.types[0].waits)
    columns = [f"{10 * index} s" for index in range(steps)]
    charts = []
    for index, call_type in enumerate(study.types):
        delayed = [0.0, *call_type.waits[1:]]
        chart = Chart(columns, top=nice_top(max(*delayed, 0.001)), unit="%", height=150)
        chart.bars(delayed, colour=PALETTE[index % len(PALETTE)])
        charts.append(
            f"<b>{escape(call_type.name)}</b> <small>{call_type.waits[0]:.1%} within ten seconds "
            "(not drawn)</small>" + chart.svg(f"Waits of answered calls: {call_type.name}")
        )
    return section(
        "How long do callers wait?",
        "Share of answered calls by wait, in steps of ten seconds; the last bar holds all longer.",
        "".join(charts),
    )


def _occupancy(study: Study) -> str:
    return section(
        "How busy are agents?",
        "Occupancy in percent: busy time over busy and ready time. Above nine tenths it turns red.",
        heat_map(
            [group.name for group in study.groups],
            study.starts,
            [group.occupancy_by_interval for group in study.groups],
            title="Occupancy by group and interval",
        ),
    )


def _frontier(study: Study) -> str:
    columns = [f"{cost:,.0f}" for cost, _ in study.frontier]
    chart = Chart(columns, top=1.0, unit="%", height=200)
    chart.line([level for _, level in study.frontier], colour=PALETTE[0], label="service level")
    return section(
        "What would more or less money buy?",
        "Service level of all calls if the team were smaller or larger by the same share "
        "everywhere, by the cost of the day; the plan is in the middle.",
        chart.svg("Service level by cost of the day"),
    )


def _shifts(study: Study) -> str:
    if not study.shifts:
        return ""
    rows = [
        [escape(f"{shift.group}: {shift.shift}"), shift.start, shift.end, str(shift.agents)]
        for shift in study.shifts
    ]
    return section(
        "Which shifts?",
        "Agents starting together; the breaks of each are in the plan's files.",
        table(["group and shift", "from", "to", "agents"], rows),
    )
