"""Agents from records: when they work, how soon they answer, how long they talk.

An agent's pace is the time their conversations took over the time such conversations take, drawn
towards 1 where few are known. Shifts and breaks are those of the last day on which the agent was
seen: a scenario is one day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.calibration.records import (
    HandlingRecord,
    OfferRecord,
    PresenceRecord,
    Records,
)
from simulator.calibration.shapes import Shape, describe_durations

PACE_CALLS = 30.0
"""An agent's own pace counts as much as that of all once so many conversations are known."""

OWN_OFFERS = 30
"""An agent who has taken so many offers has an answering time of their own."""

MOVE_S = 0.3
"""The part of an offer's time in which the caller is moved, as scenarios have it by default."""

BREAK_S_MIN = 60
"""A shorter absence is no break."""

SHIFT_GAP_S = 900
"""Signed out for longer than this, an agent has come for another shift."""

DAY_S = 86_400
MINUTE_S = 60


@dataclass(frozen=True)
class Absence:
    """Time off the telephone inside a shift."""

    at_s: int
    minutes: float
    reason: str


@dataclass(frozen=True)
class Presence:
    """One shift, in whole minutes after midnight."""

    from_s: int
    until_s: int
    breaks: tuple[Absence, ...]


@dataclass(frozen=True)
class AgentModel:
    """One agent's day and ways."""

    agent: str
    shifts: tuple[Presence, ...]
    talk_factor: float
    missed_share: float
    accept: Shape | None
    """From the offer until the caller is on the way; None where the telephone never rang."""
    day: dt.date
    """Whose shifts these are."""


def talk_factors(handlings: Sequence[HandlingRecord]) -> dict[str, float]:
    """Return each agent's talk time relative to what the same queues' conversations take."""
    by_queue: dict[str, list[float]] = defaultdict(list)
    for one in handlings:
        by_queue[one.queue].append(one.talk_s)
    usual_s = {queue: float(np.mean(talks)) for queue, talks in by_queue.items()}
    spent: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for one in handlings:
        sums = spent[one.agent]
        sums[0] += one.talk_s
        sums[1] += usual_s[one.queue]
        sums[2] += 1
    return {
        agent: (count * talked_s / expected_s + PACE_CALLS) / (count + PACE_CALLS)
        for agent, (talked_s, expected_s, count) in spent.items()
        if agent and expected_s > 0
    }


def model_team(
    records: Records, factors: Mapping[str, float]
) -> tuple[tuple[AgentModel, ...], Shape | None]:
    """Model the agents, and how soon a ringing telephone is answered by all of them."""
    pooled = _accept(records.offers)
    by_agent: dict[str, list[PresenceRecord]] = defaultdict(list)
    for stretch in records.presence:
        by_agent[stretch.agent].append(stretch)
    offers: dict[str, list[OfferRecord]] = defaultdict(list)
    for offer in records.offers:
        offers[offer.agent].append(offer)
    agents = tuple(
        _agent(name, mine, offers[name], factors.get(name, 1.0), pooled)
        for name, mine in sorted(by_agent.items())
    )
    return agents, pooled


def _accept(offers: Sequence[OfferRecord]) -> Shape | None:
    taken_s = [max(0.0, offer.ring_s - MOVE_S) for offer in offers if offer.is_taken]
    return describe_durations(np.array(taken_s)) if taken_s else None


def _agent(
    name: str,
    mine: Sequence[PresenceRecord],
    offers: Sequence[OfferRecord],
    factor: float,
    pooled: Shape | None,
) -> AgentModel:
    day = max(stretch.day for stretch in mine)
    taken = sum(offer.is_taken for offer in offers)
    missed = sum(offer.is_missed for offer in offers)
    return AgentModel(
        agent=name,
        shifts=_shifts([stretch for stretch in mine if stretch.day == day]),
        talk_factor=factor,
        missed_share=missed / (taken + missed) if taken + missed else 0.0,
        accept=_accept(offers) if taken >= OWN_OFFERS else pooled,
        day=day,
    )


def _shifts(stretches: Sequence[PresenceRecord]) -> tuple[Presence, ...]:
    """Join the stretches of one day into shifts, in whole minutes."""
    runs: list[list[PresenceRecord]] = []
    for stretch in sorted(stretches, key=lambda one: one.from_s):
        if runs and stretch.from_s - runs[-1][-1].until_s <= SHIFT_GAP_S:
            runs[-1].append(stretch)
        else:
            runs.append([stretch])
    shifts = [_shift(run) for run in runs]
    return tuple(shift for shift in shifts if shift.until_s > shift.from_s)


def _shift(run: Sequence[PresenceRecord]) -> Presence:
    from_s = int(run[0].from_s // MINUTE_S * MINUTE_S)
    until_s = min(DAY_S, int(-(-run[-1].until_s // MINUTE_S) * MINUTE_S))
    breaks = tuple(
        Absence(
            max(from_s, int(one.from_s // MINUTE_S * MINUTE_S)),
            round((one.until_s - one.from_s) / MINUTE_S, 1),
            one.reason,
        )
        for one in run
        if one.reason and one.until_s - one.from_s >= BREAK_S_MIN
    )
    return Presence(from_s, until_s, breaks)
