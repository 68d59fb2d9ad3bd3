"""A centre's model from its records: who calls and when, what they need, how long they stand it.

Calls of one queue are one call type. What can be told from records, and how:

- **arrivals**: the mean over the recorded days of those who arrived in each interval, with what
  days and intervals stray beyond chance (`variability`). Days that were not recorded from the first
  to the last busy interval are left out, unless there is no other.
- **call flow**: its time, and what share of callers it let go before any queue. Which queue those
  would have entered is not recorded, so the share is the same for all.
- **talk, wrap-up**: by queue, the talk relative to each agent's own pace where enough is known.
- **patience**: behind the censoring, see `patience`.

Agents and called people are modelled in `team` and `lists`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from simulator.arrivals import Variability
from simulator.calibration.lists import ListModel, model_lists
from simulator.calibration.patience import PatienceFit, fit_patience_shapes
from simulator.calibration.records import ABANDONED, CallerRecord, Records
from simulator.calibration.shapes import Shape, describe_durations
from simulator.calibration.team import AgentModel, model_team, talk_factors
from simulator.calibration.variability import fit_variability
from simulator.distributions import Constant, Distribution, Exponential, Floats

DAY_S = 86_400
PATIENT_S = 3_600.0
"""Mean patience where nobody ever hung up: longer than any wait that was recorded."""


class CalibrationError(ValueError):
    """The records cannot carry a model; the message says what is missing."""


@dataclass(frozen=True)
class Arrivals:
    """The calls of one queue over the day."""

    counts: Floats
    """Of each recorded day and interval: (D, I)."""
    scale: float
    """Calls that arrived for each that reached the queue."""

    @property
    def expected(self) -> Floats:
        """Mean calls of each interval: (I,)."""
        return np.asarray(self.counts.mean(axis=0) * self.scale)

    @property
    def half_widths(self) -> Floats:
        """Half width of each mean's 95 % interval over days; infinite for one day: (I,)."""
        days = len(self.counts)
        if days < 2:
            return np.full(self.counts.shape[1], math.inf)
        errors = self.counts.std(axis=0, ddof=1) / math.sqrt(days)
        return np.asarray(errors * float(stats.t.ppf(0.975, days - 1)) * self.scale)


@dataclass(frozen=True)
class QueueModel:
    """What is known of the callers of one queue."""

    queue: str
    arrivals: Arrivals
    talk: Shape
    wrap: Shape
    patience: tuple[PatienceFit, ...]
    """Best first; empty where nobody hung up."""
    waits_s: Floats
    """Of everybody who waited: (n,)."""
    abandoned: NDArray[np.bool_]
    """Whether that wait ended by hanging up: (n,)."""

    @property
    def patience_s(self) -> Distribution:
        """Patience for a scenario."""
        return self.patience[0].distribution if self.patience else Exponential(PATIENT_S)


@dataclass(frozen=True)
class FlowModel:
    """What becomes of callers before any queue."""

    time: Shape | None
    """None where no caller spent time in the flow."""
    shares: Mapping[str, float]
    """Of all callers, by outcome, of those who never reached a queue."""

    @property
    def time_s(self) -> Distribution:
        """Time in the flow for a scenario."""
        return Constant(0.0) if self.time is None else self.time.distribution


@dataclass(frozen=True)
class Model:
    """A centre's model, and what it rests on."""

    days: tuple[dt.date, ...]
    opens_s: int
    interval_s: int
    queues: tuple[QueueModel, ...]
    flow: FlowModel
    variability: Variability
    agents: tuple[AgentModel, ...]
    accept: Shape | None
    """From offer to answer; None where no telephone rang."""
    lists: tuple[ListModel, ...]
    notes: tuple[str, ...]
    """What a reader should know before they trust it."""


def calibrate(records: Records, *, interval_s: int = 1_800) -> Model:
    """Model a centre from its records.

    Args:
        records: What was recorded.
        interval_s: Length of the intervals of the day, a divisor of it.

    Raises:
        CalibrationError: Nobody reached a queue, or no conversation was recorded.
    """
    if interval_s < 1 or DAY_S % interval_s:
        raise CalibrationError(f"intervals of {interval_s} s do not divide a day")
    notes: list[str] = []
    queued = [caller for caller in records.callers if caller.queue]
    if not queued:
        raise CalibrationError("nobody reached a queue: there is nothing to model")
    days, first, last = _span(queued, interval_s, notes)
    flow = _flow(records.callers)
    factors = talk_factors(records.handlings)
    scale = 1 / (1 - sum(flow.shares.values()))
    queues = []
    for name in sorted({caller.queue for caller in queued}):
        mine = [caller for caller in queued if caller.queue == name]
        counts = _counts(mine, days, first, last, interval_s)
        talks_s, wraps_s = _handled(name, records, factors)
        queues.append(_queue(name, mine, Arrivals(counts, scale), talks_s, wraps_s))
        if not queues[-1].patience:
            notes.append(f"Nobody in '{name}' hung up: patience is set to {PATIENT_S:g} s.")
    agents, accept = model_team(records, factors)
    return Model(
        days=days,
        opens_s=first * interval_s,
        interval_s=interval_s,
        queues=tuple(queues),
        flow=flow,
        variability=_variability(queues, days, notes),
        agents=agents,
        accept=accept,
        lists=model_lists(records, {caller.queue for caller in queued}),
        notes=tuple(notes),
    )


def _span(
    queued: Sequence[CallerRecord], interval_s: int, notes: list[str]
) -> tuple[tuple[dt.date, ...], int, int]:
    """Return the days to learn from, and the first and last interval in which anybody called."""
    seen: dict[dt.date, tuple[int, int]] = {}
    for caller in queued:
        index = int(caller.arrived_s // interval_s)
        low, high = seen.get(caller.day, (index, index))
        seen[caller.day] = (min(low, index), max(high, index))
    first = min(low for low, _ in seen.values())
    last = max(high for _, high in seen.values())
    margin = max(1, (last - first) // 8)
    whole = [
        day
        for day, (low, high) in sorted(seen.items())
        if low <= first + margin and high >= last - margin
    ]
    if not whole:
        notes.append("No day's calls span the whole day; all are taken.")
        return tuple(sorted(seen)), first, last
    left_out = sorted(set(seen) - set(whole))
    notes += [f"{day} is left out: its calls do not span the day." for day in left_out]
    return tuple(whole), first, last


def _counts(
    mine: Sequence[CallerRecord],
    days: Sequence[dt.date],
    first: int,
    last: int,
    interval_s: int,
) -> Floats:
    rows = {day: index for index, day in enumerate(days)}
    counts = np.zeros((len(days), last - first + 1))
    for caller in mine:
        if caller.day in rows:
            counts[rows[caller.day], int(caller.arrived_s // interval_s) - first] += 1
    return counts


def _flow(callers: Sequence[CallerRecord]) -> FlowModel:
    outcomes = Counter(caller.outcome for caller in callers if not caller.queue)
    times = np.array([caller.flow_s for caller in callers])
    return FlowModel(
        time=describe_durations(times) if times.any() else None,
        shares={name: count / len(callers) for name, count in sorted(outcomes.items())},
    )


def _handled(name: str, records: Records, factors: Mapping[str, float]) -> tuple[Floats, Floats]:
    """Return a queue's talk times, at everybody's pace, and its wrap-ups."""
    handled = [one for one in records.handlings if one.queue == name]
    if not handled:
        raise CalibrationError(f"no conversation of queue '{name}' was recorded")
    talks_s = np.array([one.talk_s / factors.get(one.agent, 1.0) for one in handled])
    return talks_s, np.array([one.wrap_s for one in handled])


def _queue(
    name: str, mine: Sequence[CallerRecord], arrivals: Arrivals, talks_s: Floats, wraps_s: Floats
) -> QueueModel:
    waits_s = np.array([caller.wait_s for caller in mine])
    abandoned = np.array([caller.outcome == ABANDONED for caller in mine], dtype=np.bool_)
    return QueueModel(
        queue=name,
        arrivals=arrivals,
        talk=describe_durations(talks_s),
        wrap=describe_durations(wraps_s),
        patience=tuple(fit_patience_shapes(waits_s, abandoned)) if abandoned.any() else (),
        waits_s=waits_s,
        abandoned=abandoned,
    )


def _variability(
    queues: Sequence[QueueModel], days: Sequence[dt.date], notes: list[str]
) -> Variability:
    """Return the day factor of all queues together, and the mean intraday factor of each."""
    kinds = [f"{day:%a}" for day in days]
    try:
        whole = fit_variability(np.sum([one.arrivals.counts for one in queues], axis=0), kinds)
        each = [fit_variability(one.arrivals.counts, kinds) for one in queues]
    except ValueError as error:
        notes.append(f"How far days stray cannot be told, and is set to nothing: {error}.")
        return Variability()
    weights = np.array([one.arrivals.counts.sum() for one in queues])
    intraday = float(np.average([one.intraday_cv for one in each], weights=weights))
    correlation = float(np.average([one.intraday_correlation for one in each], weights=weights))
    return Variability(day_cv=whole.day_cv, intraday_cv=intraday, intraday_correlation=correlation)
