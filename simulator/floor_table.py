"""Pacers side by side on one floor: the rows of the pacing table.

A row pools several seeded runs: utilisation and abandonment over all of them, and beside them the
worst run and the worst half hour, because a pooled rate hides both. Runs of different pacers on one
seed meet the same calls as far as their dials go in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dialer.pacing.catalogue import pacer_named
from simulator.floor import Floor
from simulator.floor_scenarios import FloorScenario
from simulator.floor_tally import FloorTally

#: How long an agent looks at a lead before dialling, where there is preview.
PREVIEW_S = 15.0


@dataclass(frozen=True, slots=True)
class FloorRow:
    """One pacer's figures on one floor, over several seeds."""

    scenario: str
    pacer: str
    target: float
    seeds: tuple[int, ...]
    hours: float
    utilisation: float
    abandonment: float
    worst_run: float
    """Highest abandonment of any one run."""
    worst_half_hour: float
    idle_wait_s: float
    """Mean time an agent was ready before a call came."""
    live_share: float
    """People offered per dial."""
    decision_us: float | None
    """Mean time per decision; None without a stopwatch."""


def floor_row(
    scenario: FloorScenario,
    pacer: str,
    seeds: Sequence[int],
    *,
    target: float = 0.03,
    stopwatch: Callable[[], float] | None = None,
) -> FloorRow:
    """Run one pacer on one floor for each seed, and pool the runs.

    Args:
        scenario: The floor.
        pacer: Its name, as settings write it.
        seeds: One run each.
        target: The abandonment to settle on, 0..1, for the rules that have one.
        stopwatch: Measures decisions; None measures none.
    """
    if pacer == "preview":
        scenario = replace(scenario, preview_s=PREVIEW_S)
    runs = [
        Floor(
            scenario,
            pacer_named(pacer, target=target, grace_s=scenario.grace_s),
            seed=seed,
            stopwatch=stopwatch,
        ).run()
        for seed in seeds
    ]
    answers = sum(len(run.answers_at_s) for run in runs)
    waits_s = [wait_s for run in runs for wait_s in run.idle_waits_s]
    return FloorRow(
        scenario=scenario.name,
        pacer=pacer,
        target=target,
        seeds=tuple(seeds),
        hours=scenario.hours,
        utilisation=sum(run.busy_s for run in runs) / sum(run.signed_in_s for run in runs),
        abandonment=sum(len(run.abandons_at_s) for run in runs) / answers if answers else 0.0,
        worst_run=max(run.abandonment for run in runs),
        worst_half_hour=max(run.worst_window() for run in runs),
        idle_wait_s=sum(waits_s) / len(waits_s) if waits_s else 0.0,
        live_share=answers / max(1, sum(run.dials for run in runs)),
        decision_us=_decision_us(runs) if stopwatch else None,
    )


def _decision_us(runs: Sequence[FloorTally]) -> float:
    return 1e6 * sum(run.decision_s for run in runs) / sum(run.decisions for run in runs)


def table_text(rows: Sequence[FloorRow]) -> str:
    """Return the rows as a Markdown table."""
    head = (
        "| floor | pacer | seeds x h | utilisation % | abandoned % | worst run % | worst 30 min % "
        "| idle wait s | live % | us/decision |\n|---|---|---|---|---|---|---|---|---|---|"
    )
    return "\n".join([head, *(_line(row) for row in rows)])


def _line(row: FloorRow) -> str:
    cells = (
        row.scenario,
        row.pacer,
        f"{len(row.seeds)} x {row.hours:g}",
        f"{100 * row.utilisation:.2f}",
        f"{100 * row.abandonment:.2f}",
        f"{100 * row.worst_run:.2f}",
        f"{100 * row.worst_half_hour:.1f}",
        f"{row.idle_wait_s:.1f}",
        f"{100 * row.live_share:.1f}",
        "" if row.decision_us is None else f"{row.decision_us:.0f}",
    )
    return "| " + " | ".join(cells) + " |"
