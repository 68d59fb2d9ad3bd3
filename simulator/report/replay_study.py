"""What the report of a recorded day, lived again, says as plain values.

Two questions: does the twin tell the day as it was (fidelity), and what would another policy or
staffing have made of it (difference)? The second is only asked where there is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from acd.replay import JournalEntry
from simulator.recorded import RecordedDay
from simulator.relive import Compared as Relived
from simulator.relive import RelivedWorld
from simulator.report.comparison import Compared, compared, compared_columns
from simulator.report.day_lines import DayLines, Surroundings, day_lines
from simulator.report.figures import Figure, figure_of, figures_of
from simulator.report.metrics import meanings
from simulator.report.origin import Origin
from simulator.report.recorded_side import recorded_sample
from simulator.report.samples import Side, samples_of
from simulator.report.style import SOFT
from simulator.study import StudyResult, compare

_TOLD = (
    "offered", "service level", "ASA", "AHT", "abandonment", "wait", "callers waiting", "occupancy",
    "needed", "at work", "outbound abandonment", "like these", "95 % interval", "band",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FidelityFigure:
    """One figure of the recorded day, and what the twin makes of that day."""

    name: str
    recorded: float
    predicted: Figure
    lowest: float
    """Of the band in which 95 of 100 single lives lie."""
    highest: float
    is_within: bool
    """Whether the recorded day lies in it."""


@dataclass(frozen=True, kw_only=True)
class ReplayStudy:
    """A recorded day, lived again."""

    title: str
    origin: Origin
    lives: int
    change: str
    """What is different in the second variant, in words; empty if there is none."""
    fidelity: list[FidelityFigure]
    differences: list[Compared]
    lines: DayLines
    assumptions: list[str]
    meanings: dict[str, str] = field(default_factory=lambda: meanings(_TOLD))

    @property
    def queues(self) -> list[str]:
        """The queues with figures of their own."""
        return [panel.name for panel in self.lines.waits]


@dataclass(frozen=True, kw_only=True)
class Lives:
    """A recorded day and what became of it when it was lived again."""

    entries: Sequence[JournalEntry]
    day: RecordedDay
    world: RelivedWorld
    fidelity: dict[str, Relived]
    lived: StudyResult
    """Under its own routing; watched."""
    other: StudyResult | None = None
    """Under another; watched."""
    change: str = ""


def replay_study(lives: Lives, *, title: str, origin: Origin) -> ReplayStudy:
    """Describe a recorded day that was lived again."""
    world = lives.world
    interval_ms = world.scenario.interval_s * 1_000
    recorded = recorded_sample(lives.entries, lives.day, interval_ms)
    sides = [
        Side(label="recorded", ink=SOFT, samples=[recorded]),
        Side(label="predicted", ink="c0", samples=samples_of(lives.lived.days), dash="8 3"),
    ]
    if lives.other is not None:
        changed = samples_of(lives.other.days)
        sides.append(Side(label="changed", ink="c1", samples=changed, dash="2 3"))
    around = Surroundings(
        config=lives.day.config.acd,
        interval_ms=interval_ms,
        patience_s={queue: ms / 1_000 for queue, ms in world.patience_ms.items()},
        rosters=[],
    )
    return ReplayStudy(
        title=title,
        origin=origin,
        lives=len(lives.lived.days),
        change=lives.change,
        fidelity=[_figure(name, one) for name, one in lives.fidelity.items()],
        differences=_differences(lives.lived, lives.other),
        lines=day_lines(sides, around),
        assumptions=list(_assumptions(lives)),
    )


def replay_columns(study: ReplayStudy) -> dict[str, list[float | str | None]]:
    """Return the figures as columns of a table: fidelity, then what another routing changes."""
    rows = study.fidelity
    columns: dict[str, list[float | str | None]] = {
        "recorded": [one.recorded for one in rows],
        "predicted": [one.predicted.mean for one in rows],
        "predicted_half_width": [one.predicted.half_width for one in rows],
        "lowest": [one.lowest for one in rows],
        "highest": [one.highest for one in rows],
        "is_within": ["yes" if one.is_within else "no" for one in rows],
    }
    if study.differences:
        by_name = {one.name: one for one in study.differences}
        changes = compared_columns([by_name[one.name] for one in rows])
        names = ("changed", "changed_half_width", "difference", "difference_half_width")
        columns |= {name: [*changes[name]] for name in names}
    return columns


def _figure(name: str, one: Relived) -> FidelityFigure:
    spread = one.predicted.half_width * one.predicted.days**0.5
    return FidelityFigure(
        name=name,
        recorded=one.actual,
        predicted=figure_of(one.predicted),
        lowest=one.predicted.mean - spread,
        highest=one.predicted.mean + spread,
        is_within=one.is_within,
    )


def _differences(lived: StudyResult, other: StudyResult | None) -> list[Compared]:
    if other is None:
        return []
    return compared(
        figures_of(lived.estimates()),
        figures_of(other.estimates()),
        figures_of(compare(lived, other)),
    )


def _assumptions(lives: Lives) -> Iterable[str]:
    if lives.day.other_days:
        yield f"The day with most calls of {lives.day.other_days + 1} in the journal."
    yield (
        "The people are those of the record: their arrival, their way through the call flow, their "
        "talk and after-call work."
    )
    yield (
        "Drawn is what the record does not know, alike under every policy: how much longer those "
        "who were answered would have waited, and what those would have talked about who were not."
    )
    yield "Agents keep the shifts and breaks they had, in whole minutes, and their pace."
    yield (
        "Which shifts had been planned is not recorded; agents needed stand beside those at work."
    )
