"""What the report of simulated days says, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.report.day_lines import DayLines, day_lines, surroundings_of
from simulator.report.figures import Figure, figures_of
from simulator.report.metrics import meanings
from simulator.report.origin import Origin
from simulator.report.samples import Side, samples_of
from simulator.scenario import Scenario
from simulator.study import StudyResult

_TOLD = (
    "offered", "service level", "ASA", "AHT", "abandonment", "wait", "callers waiting", "occupancy",
    "needed", "scheduled", "at work", "outbound abandonment", "95 % interval", "band",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DayFigures:
    """What one of the days came to."""

    day: int
    """From 0."""
    name: str
    """By the scenario's calendar: date and special day or weekday; else its number."""
    offered: float
    service_level: float | None


@dataclass(frozen=True, kw_only=True)
class TwinStudy:
    """Simulated days."""

    title: str
    origin: Origin
    days: int
    figures: dict[str, Figure]
    each_day: list[DayFigures]
    lines: DayLines
    problems: list[str]
    """What does not balance; empty in a good study."""
    assumptions: list[str]
    meanings: dict[str, str] = field(default_factory=lambda: meanings(_TOLD))

    @property
    def queues(self) -> list[str]:
        """The queues with figures of their own."""
        return [panel.name for panel in self.lines.waits]


def twin_study(result: StudyResult, scenario: Scenario, origin: Origin) -> TwinStudy:
    """Describe simulated days.

    Args:
        result: The days, watched.
        scenario: What they were made of.
        origin: How they were made.
    """
    side = Side(label="", ink="c0", samples=samples_of(result.days))
    days = [(day, day.account.figures()) for day in result.days]
    return TwinStudy(
        title=result.scenario,
        origin=origin,
        days=len(result.days),
        figures=figures_of(result.estimates()),
        each_day=[
            DayFigures(
                day=day.day,
                name=f"{day.date} {day.name}" if day.date else f"day {day.day + 1}",
                offered=figures["offered"] or 0.0,
                service_level=figures["service_level"],
            )
            for day, figures in days
        ],
        lines=day_lines([side], surroundings_of(scenario, [day.name for day in result.days])),
        problems=list(result.problems),
        assumptions=_assumptions(scenario),
    )


def _assumptions(scenario: Scenario) -> list[str]:
    variability = scenario.variability
    calendar = (
        []
        if scenario.calendar is None
        else ["Days follow the scenario's calendar; agents scheduled are the mean of its days."]
    )
    patience = ", ".join(
        f"{name} {kind.patience_s.mean:g} s" for name, kind in scenario.calls.items()
    )
    missed = max((worker.missed_share for worker in scenario.agents.values()), default=0.0)
    return [
        *calendar,
        "Played by the code that routes the live centre: the same queues, skills and deadlines.",
        "Each day starts empty and ends when the last call is over; nobody is cut off.",
        (
            f"A day's calls stray from the expected by {100 * variability.day_cv:.1f} % (standard "
            f"deviation), each interval's by a further {100 * variability.intraday_cv:.1f} %."
        ),
        f"Callers hang up when their patience ends; mean patience: {patience}.",
        f"Of an agent's offers at most {100 * missed:.0f} % ring out unanswered.",
        (
            "The agents needed are those of a formula for eight calls in ten in time, not a target "
            "of the settings."
        ),
    ]
