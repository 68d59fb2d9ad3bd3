"""What the report of a calibration says, as plain values: what was learnt, and how well it fits.

Recorded and modelled shares are kept as curves over each other, because a picture shows at once
where a distribution fails (a second hump, a heavy tail) and a distance does not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from simulator.calibration import Model, PatienceFit, Shape, survival
from simulator.calibration.centre import QueueModel
from simulator.calibration.scenario_text import span_words
from simulator.distributions import Floats
from simulator.report.metrics import meanings
from simulator.report.origin import Origin
from simulator.report.panels import Panel, Series
from simulator.report.samples import time_of_day
from simulator.report.style import SOFT

_POINTS = 60
"""Of a drawn curve."""

_TAIL = 0.98
"""A curve is drawn up to this share of the records."""

_PATIENCE_TAIL = 0.995

_GOOD_DISTANCE = 0.05
"""No plan can tell two distributions apart that are so close."""

_CHANCE = 1.36
"""Over the root of the number: the distance that chance exceeds once in twenty."""

_TOLD = ("distance", "Anderson-Darling", "score", "Kaplan-Meier", "AHT")


@dataclass(frozen=True, kw_only=True)
class Fit:
    """One distribution, and how well it fits."""

    what: str
    records: int
    mean_s: float
    half_width_s: float | None
    """Of the mean's 95 % interval."""
    distance: float
    """Of Kolmogorov and Smirnov: the largest difference between recorded and modelled shares."""
    is_close: bool
    """Whether the distance is too small to matter, or such as chance makes."""
    anderson: float | None
    score: float | None
    """Of Akaike, where several models were tried: the lower is the better."""
    model: str


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Recorded and modelled shares by time."""

    times: list[str]
    panel: Panel


@dataclass(frozen=True, kw_only=True)
class AgentFit:
    """One agent's shifts and ways."""

    agent: str
    shifts: list[str]
    pace: float
    missed_share: float
    answers_after_s: float | None


@dataclass(frozen=True, kw_only=True)
class ListFit:
    """How one campaign's numbers answer."""

    campaign: str
    dials: int
    answer_share: float
    machine_share: float
    talk_s: float | None


@dataclass(frozen=True, kw_only=True)
class CalibrationStudy:
    """What was learnt from records."""

    title: str
    origin: Origin
    span: str
    totals: dict[str, float]
    starts: list[str]
    arrivals: list[Panel]
    variability: dict[str, float]
    durations: list[Fit]
    duration_curves: list[Curve]
    patience: list[Fit]
    patience_curves: list[Curve]
    flow_shares: dict[str, float]
    flow: list[Fit]
    flow_curves: list[Curve]
    agents: list[AgentFit]
    lists: list[ListFit]
    assumptions: list[str]
    meanings: dict[str, str] = field(default_factory=lambda: meanings(_TOLD))

    @property
    def fits(self) -> list[Fit]:
        """All of them."""
        return [*self.durations, *self.patience, *self.flow]


def calibration_study(
    model: Model, *, title: str, origin: Origin | None = None
) -> CalibrationStudy:
    """Describe what was learnt from records."""
    shapes = [
        (f"{queue.queue}: {what}", shape)
        for queue in model.queues
        for what, shape in (("talk", queue.talk), ("wrap-up", queue.wrap))
    ]
    flow = [] if model.flow.time is None else [("time in the call flow", model.flow.time)]
    spread = model.variability
    return CalibrationStudy(
        title=title,
        origin=origin or Origin(),
        span=span_words(model),
        totals=_totals(model),
        starts=_starts(model),
        arrivals=[_arrivals(queue) for queue in model.queues],
        variability={
            "day_cv": spread.day_cv,
            "intraday_cv": spread.intraday_cv,
            "intraday_correlation": spread.intraday_correlation,
        },
        durations=[_fit(name, shape) for name, shape in shapes],
        duration_curves=[_curve(name, shape) for name, shape in shapes],
        patience=[_patience_fit(one.queue, fit) for one in model.queues for fit in one.patience],
        patience_curves=[_patience_curve(one) for one in model.queues if one.patience],
        flow_shares=dict(model.flow.shares),
        flow=[_fit(name, shape) for name, shape in flow],
        flow_curves=[_curve(name, shape) for name, shape in flow],
        agents=list(_agents(model)),
        lists=list(_lists(model)),
        assumptions=[
            *model.notes,
            (
                "Calls of one queue are one call type; which queue callers would have entered whom "
                "the call flow served is not recorded, so its shares are the same for all."
            ),
            "Agents' breaks and shifts are one day's, not a plan.",
        ],
    )


def calibration_columns(study: CalibrationStudy) -> dict[str, list[float | int | str | None]]:
    """Return the fits as columns of a table."""
    names = ("records", "mean_s", "half_width_s", "distance", "anderson", "score", "model")
    return {name: [getattr(fit, name) for fit in study.fits] for name in names}


def _totals(model: Model) -> dict[str, float]:
    calls = sum(float(one.arrivals.counts.mean(axis=0).sum()) for one in model.queues)
    return {
        "recorded days": float(len(model.days)),
        "queued calls a day": calls,
        "conversations": float(sum(len(one.talk.values) for one in model.queues)),
        "hang-ups while waiting": float(sum(int(one.abandoned.sum()) for one in model.queues)),
        "agents": float(len(model.agents)),
    }


def _starts(model: Model) -> list[str]:
    count = len(model.queues[0].arrivals.expected)
    return [time_of_day(1_000 * (model.opens_s + at * model.interval_s)) for at in range(count)]


def _arrivals(queue: QueueModel) -> Panel:
    expected, widths = queue.arrivals.expected, queue.arrivals.half_widths
    known = np.where(np.isfinite(widths), widths, 0.0)
    series = Series(
        label="calls",
        values=[*expected.tolist()],
        low=[*np.maximum(expected - known, 0.0).tolist()],
        high=[*(expected + known).tolist()],
    )
    return Panel(name=queue.queue, series=[series])


def _fit(what: str, shape: Shape) -> Fit:
    return Fit(
        what=what,
        records=len(shape.values),
        mean_s=shape.mean_s,
        half_width_s=_finite(shape.mean_half_width_s),
        distance=shape.distance,
        is_close=_is_close(shape.distance, len(shape.values)),
        anderson=shape.fits[0].anderson if shape.fits else None,
        score=None,
        model=shape.how,
    )


def _patience_fit(queue: str, fit: PatienceFit) -> Fit:
    return Fit(
        what=f"{queue}: patience",
        records=fit.abandoned,
        mean_s=fit.distribution.mean,
        half_width_s=_finite(1.96 * fit.mean_error_s),
        distance=fit.distance,
        is_close=_is_close(fit.distance, fit.abandoned),
        anderson=None,
        score=fit.score,
        model=type(fit.distribution).__name__.lower(),
    )


def _is_close(distance: float, records: int) -> bool:
    return distance <= max(_GOOD_DISTANCE, _CHANCE / math.sqrt(max(records, 1)))


def _finite(half_width: float) -> float | None:
    return half_width if math.isfinite(half_width) else None


def _curve(name: str, shape: Shape) -> Curve:
    times_s = _times_s(float(np.quantile(shape.values, _TAIL)))
    recorded = np.searchsorted(shape.values, times_s, side="right") / len(shape.values)
    return Curve(
        times=[f"{time_s:.0f} s" for time_s in times_s],
        panel=Panel(
            name=name,
            note=shape.how,
            series=[
                Series(label="recorded", values=[*recorded.tolist()], ink=SOFT),
                Series(
                    label="model",
                    values=[*shape.distribution.cdf(times_s).tolist()],
                    ink="c1",
                    dash="7 3",
                ),
            ],
        ),
    )


def _patience_curve(queue: QueueModel) -> Curve:
    seen = survival(queue.waits_s, queue.abandoned)
    times_s = _times_s(float(np.quantile(queue.waits_s, _PATIENCE_TAIL)))
    at = np.searchsorted(seen.times_s, times_s, side="right")
    shares = np.concatenate(([1.0], seen.shares))[at]
    errors = np.concatenate(([0.0], seen.errors))[at]
    return Curve(
        times=[f"{time_s:.0f} s" for time_s in times_s],
        panel=Panel(
            name=queue.queue,
            note="share still willing to wait",
            series=[
                Series(
                    label="Kaplan-Meier",
                    values=[*shares.tolist()],
                    low=[*np.clip(shares - 2 * errors, 0, 1).tolist()],
                    high=[*np.clip(shares + 2 * errors, 0, 1).tolist()],
                    ink=SOFT,
                ),
                Series(
                    label="model",
                    values=[*(1 - queue.patience_s.cdf(times_s)).tolist()],
                    ink="c1",
                    dash="7 3",
                ),
            ],
        ),
    )


def _times_s(longest_s: float) -> Floats:
    return np.linspace(0.0, max(1.0, longest_s), _POINTS)


def _agents(model: Model) -> Iterator[AgentFit]:
    for one in model.agents:
        yield AgentFit(
            agent=one.agent,
            shifts=[
                f"{time_of_day(1_000 * shift.from_s)}-{time_of_day(1_000 * shift.until_s)}"
                for shift in one.shifts
            ],
            pace=one.talk_factor,
            missed_share=one.missed_share,
            answers_after_s=None if one.accept is None else one.accept.mean_s,
        )


def _lists(model: Model) -> Iterator[ListFit]:
    for one in model.lists:
        yield ListFit(
            campaign=one.campaign,
            dials=one.dials,
            answer_share=one.answer_share,
            machine_share=one.shares["machine_share"],
            talk_s=None if one.talk is None else one.talk.mean_s,
        )
