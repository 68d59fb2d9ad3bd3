"""A plan as a page.

It answers in the order a planner asks: is every target met and how surely; what does it cost; who
is needed when; what will callers feel; how hard do agents work; what would more or less money buy;
and on what all this rests.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from simulator.report.day_lines import DayLines
from simulator.report.day_sections import STAFF_WORDS
from simulator.report.estimates import Estimate
from simulator.report.frame import bullets, document, figure, section, table, tiles
from simulator.report.metrics import metrics_section
from simulator.report.occupancy import occupancy_section
from simulator.report.origin import origin_section
from simulator.report.panels import Scale, panels_section
from simulator.report.plan_panels import (
    level_panels,
    occupancy_rows,
    queue_panels,
    staff_panels,
    wait_panels,
)
from simulator.report.plan_study import PlanStudy, TargetStudy
from simulator.report.scatter import Dot, scatter


def plan_page(study: PlanStudy) -> str:
    """Return the study as a complete HTML document."""
    steps = [f"{10 * step} s" for step in range(len(study.types[0].waits))]
    sections = [
        _targets(study),
        panels_section(
            "Who is needed when?",
            "Agents needed if every interval could be staffed by itself (dashed), on duty by the "
            "shifts with breaks taken off, and of those expected to be there. Where they are fewer "
            "than needed, neighbouring intervals make up for it.",
            staff_panels(study),
            Scale(columns=study.starts, digits=0),
        ),
        _groups(study),
        panels_section(
            "What service level will a day see?",
            "The line is the middle day of each interval; eight days in ten lie inside the band.",
            level_panels(study),
            Scale(columns=study.starts, unit="%", top=1.0),
        ),
        panels_section(
            "How long is the queue?",
            "Callers waiting at a random moment of each interval, mean over days.",
            queue_panels(study),
            Scale(columns=study.starts, digits=2),
        ),
        panels_section(
            "How long do callers wait?",
            "Share of answered calls by wait, in steps of ten seconds; the last bar holds all "
            "longer. The first bar is cut off; its share is written beside the name.",
            wait_panels(study),
            Scale(columns=steps, unit="%", first_column="wait from"),
        ),
        occupancy_section(occupancy_rows(study), study.starts),
        _frontier(study),
        "" if study.trial is None else _trial(study.trial, study.trial_targets),
        _works(study),
        _shifts(study),
        bullets("On what this rests", study.assumptions),
        origin_section(study.origin),
        metrics_section(study.meanings),
    ]
    lead = (
        f"{study.starts[0]} to {study.closes}, {len(study.starts)} intervals; judged on "
        f"{study.days} simulated days."
    )
    return document(study.title, lead, _tiles(study) + "".join(sections))


def _tiles(study: PlanStudy) -> str:
    met = sum(target.is_met for target in study.targets)
    calls = sum(call_type.offered.value for call_type in study.types)
    hours = sum(group.paid_hours for group in study.groups)
    figures = [
        (f"{met} of {len(study.targets)}", "", "targets met"),
        (f"{calls:,.0f}", "", "calls a day"),
        (f"{hours:,.1f}", "", "paid hours a day"),
        (f"{study.cost:,.1f}", "", "cost of the day"),
        (
            f"{study.cost_per_contact.value:.3f}",
            f"± {study.cost_per_contact.half_width:.3f}",
            "cost per answered call",
        ),
    ]
    return tiles(figures, verdict="good" if met == len(study.targets) else "bad")


def _targets(study: PlanStudy) -> str:
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
        _verdicts(study.targets)
        + table(
            "Call types",
            ["call type", "calls a day", "service level", "ASA, s", "abandoned"],
            types,
        ),
    )


def _verdicts(targets: Sequence[TargetStudy]) -> str:
    rows = [
        [
            escape(_in_words(target.target)),
            f"{target.reached:.4g}",
            "-" if target.days_met is None else f"{100 * target.days_met:.0f} %",
            '<b class="good">met</b>' if target.is_met else '<b class="bad">missed</b>',
        ]
        for target in targets
    ]
    return table("Targets", ["target", "reached", "days that meet it", "verdict"], rows)


def _in_words(target: str) -> str:
    """Write a target as people do."""
    return target.replace("_", " ").replace(">=", "≥").replace("<=", "≤")


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


def _groups(study: PlanStudy) -> str:
    rows = [
        [
            escape(group.name),
            f"{group.paid_hours:,.1f}",
            f"{group.cost:,.1f}",
            _plus_minus(group.occupancy, 1, percent=True),
        ]
        for group in study.groups
    ]
    return section(
        "What does it cost?",
        "Paid hours of each group's shifts, their cost, and how busy the group is.",
        table("Groups", ["group", "paid hours", "cost", "occupancy"], rows),
    )


def _frontier(study: PlanStudy) -> str:
    dots = [
        Dot(
            one.cost,
            one.service_level,
            f"the plan: {100 * one.service_level:.1f} %"
            if one.scale == 1.0
            else f"{100 * one.scale:.0f} %",
            is_marked=one.scale == 1.0,
        )
        for one in study.frontier
    ]
    rows = [
        [f"{100 * one.scale:.0f} %", f"{one.cost:,.1f}", f"{100 * one.service_level:.1f} %"]
        for one in study.frontier
    ]
    return section(
        "What would more or less money buy?",
        "Service level of all calls if the team were smaller or larger by the same share "
        "everywhere, by the cost of the day.",
        figure(
            "service level by cost",
            "",
            scatter(dots, across="cost of the day", title="Service level by cost", is_joined=True),
            table("Cost and level", ["size of the team", "cost", "service level"], rows),
        ),
    )


def _trial(trial: DayLines, targets: Sequence[TargetStudy]) -> str:
    staff = panels_section(
        "Who would be there?",
        f"The roster played agent by agent in the twin, by the code that routes the live centre. "
        f"{STAFF_WORDS} At work: mean of days, eight days in ten in the band.",
        trial.staff,
        Scale(columns=trial.starts),
    )
    levels = panels_section(
        "What would its callers meet?",
        "The line is the mean over the twin's days, eight days in ten lie in the band.",
        trial.levels,
        Scale(columns=trial.starts, unit="%", top=1.0),
    )
    verdicts = section(
        "Does the roster hold in the twin?",
        "The targets on days with ringing, missed offers and breaks that begin after the call.",
        _verdicts(targets),
    )
    return verdicts + staff + levels


def _works(study: PlanStudy) -> str:
    if not study.works:
        return ""
    rows = [
        [
            escape(work.name),
            f"{work.hours:,.1f}",
            f"{sum(work.done_hours):,.1f}",
            f"{work.left_hours:,.1f}",
        ]
        for work in study.works
    ]
    return section(
        "What gets done between the calls?",
        "Hours of work that can wait, laid where the day's calls leave agents over.",
        table("Deferred work", ["work", "hours", "done", "no place found"], rows),
    )


def _shifts(study: PlanStudy) -> str:
    if not study.shifts:
        return ""
    rows = [
        [escape(f"{shift.group}: {shift.shift}"), shift.start, shift.end, str(shift.agents)]
        for shift in study.shifts
    ]
    return section(
        "Which shifts?",
        "Agents starting together; the breaks of each are in the roster file.",
        table("Shifts", ["group and shift", "from", "to", "agents"], rows),
    )
