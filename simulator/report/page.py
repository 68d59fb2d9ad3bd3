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
from simulator.report.study import Study

_STYLE = """
:root { --ink: #1d2733; --soft: #5b6b7c; --line: #dfe5ec; --good: #1f7a4d; --bad: #b02a30; }
* { box-sizing: border-box; }
body { margin: 0; background: #f3f5f8; color: var(--ink);
       font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 32px 20px 60px; }
h1 { font-size: 28px; margin: 0 0 2px; letter-spacing: -.01em; }
h2 { font-size: 18px; margin: 0 0 4px; }
p { margin: 0 0 12px; color: var(--soft); max-width: 75ch; }
section { background: #fff; border: 1px solid var(--line); border-radius: 10px;
          padding: 20px 22px; margin: 18px 0; break-inside: avoid; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 14px;
         margin: 20px 0 0; }
.tile { background: #fff; border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px; }
.tile b { display: block; font-size: 26px; font-weight: 650; line-height: 1.25; }
.tile span { color: var(--soft); font-size: 13px; }
.good { color: var(--good); } .bad { color: var(--bad); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: 13px; }
th, td { padding: 6px 10px 6px 0; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; padding-right: 14px; }
small { color: var(--soft); }
svg { width: 100%; height: auto; display: block; margin-top: 6px; }
svg text { font: 12px system-ui, "Segoe UI", Roboto, sans-serif; }
svg .tick { fill: #5b6b7c; font-size: 11px; } svg .cell { font-size: 10px; }
svg .name { font-weight: 600; } svg .grid { stroke: #e6ebf1; }
svg .rule { stroke: #444; stroke-dasharray: 5 4; }
ul { margin: 6px 0 0; padding-left: 20px; color: var(--soft); }
@media print { body { background: #fff; } section, .tile { border-color: #bbb; }
               main { padding: 0; max-width: none; } }
""".strip()


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
        _assumptions(study),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(study.title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(study.title)}</h1>"
        f"<p>{escape(study.starts[0])} to {escape(study.closes)}, "
        f"{len(study.starts)} intervals; judged on {study.days} simulated days.</p>"
        f"{_tiles(study)}{''.join(sections)}</main></body></html>\n"
    )


def _tiles(study: Study) -> str:
    met = sum(target.is_met for target in study.targets)
    verdict = "good" if met == len(study.targets) else "bad"
    calls = sum(call_type.offered.value for call_type in study.types)
    hours = sum(group.paid_hours for group in study.groups)
    tiles = [
        (f'<b class="{verdict}">{met} of {len(study.targets)}</b>', "targets met"),
        (f"<b>{calls:,.0f}</b>", "calls a day"),
        (f"<b>{hours:,.0f}</b>", "paid hours a day"),
        (f"<b>{study.cost:,.0f}</b>", "cost of the day"),
        (f"<b>{study.cost_per_contact:.2f}</b>", "cost per answered call"),
    ]
    inner = "".join(f'<div class="tile">{value}<span>{name}</span></div>' for value, name in tiles)
    return f'<div class="tiles">{inner}</div>'


def _section(title: str, words: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2><p>{escape(words)}</p>{body}</section>"


def _table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table whose first column is text and whose others are numbers (ready-made HTML)."""
    kinds = ["", *[' class="n"'] * (len(head) - 1)]
    titles = "".join(f"<th{k}>{escape(t)}</th>" for k, t in zip(kinds, head, strict=True))
    lines = [
        "".join(f"<td{k}>{cell}</td>" for k, cell in zip(kinds, row, strict=True)) for row in rows
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"


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
    return _section(
        "Are the targets met?",
        "On days the plan has not seen before, with 95 % confidence intervals.",
        _table(["target", "reached", "days that meet it", "verdict"], rows)
        + "<br>"
        + _table(["call type", "calls a day", "service level", "ASA, s", "abandoned"], types),
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
    return _section(
        "Who is needed when?",
        "Agents needed if every interval could be staffed by itself (dashed) and agents at work "
        "(solid). Where the solid line is lower, neighbouring intervals make up for it.",
        "".join(charts) + "<br>" + _table(["group", "paid hours", "cost", "occupancy"], rows),
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
    return _section(
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
    return _section(
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
    return _section(
        "How long do callers wait?",
        "Share of answered calls by wait, in steps of ten seconds; the last bar holds all longer.",
        "".join(charts),
    )


def _occupancy(study: Study) -> str:
    return _section(
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
    return _section(
        "What would more or less money buy?",
        "Service level of all calls if every group were up to 12 % smaller or larger, by the cost "
        "of the day; the plan is in the middle.",
        chart.svg("Service level by cost of the day"),
    )


def _shifts(study: Study) -> str:
    if not study.shifts:
        return ""
    rows = [
        [escape(f"{shift.group}: {shift.shift}"), shift.start, shift.end, str(shift.agents)]
        for shift in study.shifts
    ]
    return _section(
        "Which shifts?",
        "Agents starting together; the breaks of each are in the plan's files.",
        _table(["group and shift", "from", "to", "agents"], rows),
    )


def _assumptions(study: Study) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in study.assumptions)
    return f"<section><h2>On what this rests</h2><ul>{items}</ul></section>"
