"""Who comes to work, how late, and when they are away: what a roster says against what happens.

A scenario's agents have planned shifts and breaks. Here they become those of one day: some agents
do not come, some come late, breaks last longer, and now and then somebody is away unplanned. All of
it is drawn before the day, from a stream of each agent, so that one agent's day off changes nothing
for the others.

Unplanned absences alternate with stretches on the telephone, both exponential or as the scenario
says, so that the agent is there for `adherence` of the time on average.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simulator.distributions import Constant, Distribution
from simulator.draws import to_ms
from simulator.scenario import Shift, Worker, seconds_of

AWAY = "away"
"""The not-ready reason of an unplanned absence."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A stretch off the telephone, in ms after midnight."""

    from_ms: int
    until_ms: int
    reason: str


@dataclass(frozen=True, slots=True)
class Presence:
    """A shift as it is worked, in ms after midnight."""

    from_ms: int
    until_ms: int
    absences: tuple[Absence, ...]  #: in order, none within another


def is_as_planned(worker: Worker) -> bool:
    """Tell whether an agent always does what the roster says, so that nothing is drawn."""
    nothing = Constant(0.0)
    return (
        worker.no_show_share == 0
        and worker.adherence == 1
        and worker.late_s == nothing
        and worker.overrun_s == nothing
    )


def presences(
    worker: Worker, rng: np.random.Generator | None, *, is_there: bool = False
) -> list[Presence]:
    """Return an agent's day.

    Args:
        worker: With the shifts as planned.
        rng: Of this agent and day; None for one who does what is planned.
        is_there: They are at work already, so they have come.
    """
    if rng is None:
        return [_planned(shift) for shift in worker.shifts]
    if rng.random() < worker.no_show_share and not is_there:
        return []
    days = [_worked(worker, shift, rng) for shift in worker.shifts]
    return [day for day in days if day.from_ms < day.until_ms]


def _planned(shift: Shift) -> Presence:
    breaks = tuple(
        Absence(at_ms := seconds_of(one.at) * 1_000, at_ms + to_ms(one.minutes * 60), one.reason)
        for one in shift.breaks
    )
    return Presence(seconds_of(shift.start) * 1_000, seconds_of(shift.until) * 1_000, breaks)


def _worked(worker: Worker, shift: Shift, rng: np.random.Generator) -> Presence:
    planned = _planned(shift)
    from_ms = planned.from_ms + _draw_ms(worker.late_s, rng)
    breaks = [
        Absence(one.from_ms, one.until_ms + _draw_ms(worker.overrun_s, rng), one.reason)
        for one in planned.absences
    ]
    away = list(_away(worker, from_ms, planned.until_ms, rng))
    absences = _one_at_a_time([one for one in (*breaks, *away) if one.from_ms >= from_ms])
    return Presence(from_ms, planned.until_ms, absences)


def _away(
    worker: Worker, from_ms: int, until_ms: int, rng: np.random.Generator
) -> Iterator[Absence]:
    if worker.adherence == 1:
        return
    there_ms = 1_000 * worker.away_s.mean * worker.adherence / (1 - worker.adherence)
    while True:
        from_ms += round(rng.standard_exponential() * there_ms)
        if from_ms >= until_ms:
            return
        back_ms = from_ms + max(1, _draw_ms(worker.away_s, rng))
        yield Absence(from_ms, back_ms, AWAY)
        from_ms = back_ms


def _one_at_a_time(absences: list[Absence]) -> tuple[Absence, ...]:
    """Return absences in order; one that begins within another begins when that is over."""
    kept: list[Absence] = []
    for one in sorted(absences, key=lambda absence: absence.from_ms):
        free_ms = kept[-1].until_ms if kept else one.from_ms
        if one.until_ms > free_ms:
            kept.append(Absence(max(one.from_ms, free_ms), one.until_ms, one.reason))
    return tuple(kept)


def _draw_ms(distribution: Distribution, rng: np.random.Generator) -> int:
    return to_ms(float(distribution.draw(rng, 1)[0]))
