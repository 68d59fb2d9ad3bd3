"""Answers to "and if?" about a plan: other circumstances, one more agent, the price of a rule.

The values that page, tables and JSON show, and their sections of the page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from html import escape

from simulator.report.frame import section, table
from simulator.staffing.prices import Price
from simulator.staffing.variants import ALL_CALLS, Comparison, Difference


@dataclass(frozen=True, kw_only=True)
class OneMoreStudy:
    """One more agent of a group."""

    group: str
    shift: str
    """Name and times of the shift; empty without shifts."""
    cost: float
    effect: Comparison


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What was asked beyond the plan itself; empty where nothing was."""

    what_ifs: list[Comparison] = field(default_factory=list)
    one_more: list[OneMoreStudy] = field(default_factory=list)
    prices: list[Price] = field(default_factory=list)


def difference(one: Difference, digits: int, *, percent: bool = False) -> str:
    """Write a difference with its interval, shares in points.

    Example:
        >>> difference(Difference(0.80, 0.812, 0.012, 0.004), 1, percent=True)
        '+1.2 +- 0.4'
    """
    if math.isnan(one.difference):
        return "-"
    scale = 100 if percent else 1
    text = f"{one.difference * scale:+.{digits}f}"
    if math.isnan(one.half_width):
        return text
    return f"{text} +- {one.half_width * scale:.{digits}f}"


def effects(one: Comparison) -> list[str]:
    """Write a comparison: service level and losses in points, speed, cost of an answered call."""
    return [
        difference(one.service_level[ALL_CALLS], 1, percent=True),
        difference(one.p_abandon[ALL_CALLS], 1, percent=True),
        difference(one.asa_s[ALL_CALLS], 1),
        difference(one.cost_per_contact, 4),
    ]


EFFECTS = ("service level", "abandoned", "ASA, s", "cost per call")
"""Heads of the columns of `effects`."""


def answer_sections(answers: Answers) -> str:
    """Return the sections of the page, none where nothing was asked."""
    parts = []
    if answers.what_ifs:
        rows = [[escape(one.name), *map(_html, effects(one))] for one in answers.what_ifs]
        parts.append(
            section(
                "What if?",
                "Differences to the plan on the same callers, in points, seconds and cost of each "
                "call answered, with their 95 % intervals.",
                table("What if?", ["what if", *EFFECTS], rows),
            )
        )
    if answers.one_more:
        rows = [
            [
                escape(one.group),
                escape(one.shift),
                f"{one.cost:,.2f}",
                *map(_html, effects(one.effect)),
            ]
            for one in answers.one_more
        ]
        parts.append(
            section(
                "What is one more agent worth?",
                "On the shift where they help most for their pay; differences as above.",
                table("What is one more agent worth?", ["group", "shift", "cost", *EFFECTS], rows),
            )
        )
    if answers.prices:
        rows = [
            [
                escape(one.constraint),
                escape(one.change),
                f"{one.saved:,.2f}",
                f"{one.saved_share:.1%}",
            ]
            for one in answers.prices
        ]
        parts.append(
            section(
                "What does each constraint cost?",
                "What a day would cost less, planned again with the constraint eased or gone.",
                table(
                    "What does each constraint cost?",
                    ["constraint", "change", "saved", "of the cost"],
                    rows,
                ),
            )
        )
    return "".join(parts)


def _html(text: str) -> str:
    value, _, spread = text.partition(" +- ")
    return f"{value} <small>&plusmn; {spread}</small>" if spread else value
