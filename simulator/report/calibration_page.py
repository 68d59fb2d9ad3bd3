"""A calibration as a page: what was learnt from the records, and how far to trust each part.

Recorded and modelled shares are drawn over each other, because a picture shows at once where a
distribution fails (a second hump, a heavy tail) and a distance does not.
"""

from __future__ import annotations

import math
from html import escape

import numpy as np

from simulator.calibration import Model, PatienceFit, Shape, survival
from simulator.calibration.centre import QueueModel
from simulator.calibration.scenario_text import span_words
from simulator.report.charts import PALETTE, Chart, nice_top
from simulator.report.frame import bullets, document, section, table, tiles

_POINTS = 60
"""Of a drawn curve."""

_TAIL = 0.98
"""A curve is drawn up to this share of the records."""

_RECORDED, _FITTED = "#444", PALETTE[0]
_GOOD_DISTANCE = 0.05
"""No plan can tell two distributions apart that are so close."""

_CHANCE = 1.36
"""Over the root of the number: the distance that chance exceeds once in twenty."""


def calibration_page(model: Model, *, title: str) -> str:
    """Return the calibration as a complete HTML document."""
    lead = (
        f"Learnt from {span_words(model)}. Intervals are of 95 %; a distance is the "
        "largest difference between recorded and modelled shares."
    )
    parts = [
        _tiles(model),
        _arrivals(model),
        _durations(model),
        _patience(model),
        _flow(model),
        _team(model),
        _lists(model),
        bullets("On what this rests", _notes(model)),
    ]
    return document(title, lead, "".join(parts))


def _tiles(model: Model) -> str:
    calls = sum(float(one.arrivals.counts.mean(axis=0).sum()) for one in model.queues)
    conversations = sum(len(one.talk.values) for one in model.queues)
    hung_up = sum(int(one.abandoned.sum()) for one in model.queues)
    figures = [
        (f"{len(model.days)}", "recorded days"),
        (f"{calls:,.0f}", "queued calls a day"),
        (f"{conversations:,}", "conversations"),
        (f"{hung_up:,}", "hang-ups while waiting"),
        (f"{len(model.agents)}", "agents"),
    ]
    return tiles(figures)


def _starts(model: Model) -> list[str]:
    count = len(model.queues[0].arrivals.expected)
    seconds = [model.opens_s + index * model.interval_s for index in range(count)]
    return [f"{at // 3_600:02d}:{at // 60 % 60:02d}" for at in seconds]


def _arrivals(model: Model) -> str:
    charts = []
    for index, queue in enumerate(model.queues):
        expected, reach = queue.arrivals.expected, queue.arrivals.half_widths
        known = np.where(np.isfinite(reach), reach, 0.0)
        low, high = np.maximum(expected - known, 0.0), expected + known
        colour = PALETTE[index % len(PALETTE)]
        chart = Chart(_starts(model), top=nice_top(float(high.max())), height=170)
        chart.band(low.tolist(), high.tolist(), colour=colour)
        chart.line(expected.tolist(), colour=colour, label="calls")
        charts.append(
            f"<b>{escape(queue.queue)}</b>" + chart.svg(f"Calls by interval: {queue.queue}")
        )
    spread = model.variability
    words = (
        "Mean calls of each interval over the recorded days, and how sure the mean is. Days stray "
        f"by {spread.day_cv:.1%} beyond chance, intervals by a further {spread.intraday_cv:.1%}, "
        f"neighbours alike by {spread.intraday_correlation:.2f}."
    )
    return section("When do they call?", words, "".join(charts))


def _durations(model: Model) -> str:
    rows, charts = [], []
    for queue in model.queues:
        for what, shape in (("talk", queue.talk), ("wrap-up", queue.wrap)):
            name = f"{queue.queue}: {what}"
            rows.append(_shape_row(name, shape))
            charts.append(f"<b>{escape(name)}</b>" + _shape_chart(name, shape))
    return section(
        "How long do conversations take?",
        "Dark: share of the records at most so long. Colour: the model. A distance is red where "
        f"it is above {_GOOD_DISTANCE:g} and not to be had by chance.",
        table(["", "records", "mean, s", "distance", "Anderson-Darling", "model"], rows)
        + "".join(charts),
    )


def _shape_row(name: str, shape: Shape) -> list[str]:
    anderson = f"{shape.fits[0].anderson:.1f}" if shape.fits else "-"
    return [
        escape(name),
        f"{len(shape.values):,}",
        _plus_minus(shape.mean_s, shape.mean_half_width_s),
        _judged(shape.distance, len(shape.values)),
        anderson,
        escape(shape.how),
    ]


def _judged(distance: float, count: int) -> str:
    mark = "good" if distance <= max(_GOOD_DISTANCE, _CHANCE / math.sqrt(count)) else "bad"
    return f'<span class="{mark}">{distance:.3f}</span>'


def _plus_minus(value: float, half_width: float) -> str:
    spread = f" <small>&plusmn; {half_width:.1f}</small>" if math.isfinite(half_width) else ""
    return f"{value:,.1f}{spread}"


def _shape_chart(name: str, shape: Shape) -> str:
    longest_s = max(1.0, float(np.quantile(shape.values, _TAIL)))
    times_s = np.linspace(0.0, longest_s, _POINTS)
    recorded = np.searchsorted(shape.values, times_s, side="right") / len(shape.values)
    chart = Chart([f"{time_s:.0f} s" for time_s in times_s], top=1.0, unit="%", height=150)
    chart.line(recorded.tolist(), colour=_RECORDED, label="recorded")
    chart.line(shape.distribution.cdf(times_s).tolist(), colour=_FITTED, label="model")
    return chart.svg(f"Recorded and modelled shares: {name}")


def _patience(model: Model) -> str:
    rows, charts = [], []
    for queue in model.queues:
        rows += [_patience_row(queue.queue, fit) for fit in queue.patience]
        if queue.patience:
            charts.append(f"<b>{escape(queue.queue)}</b>" + _patience_chart(queue))
    if not rows:
        return ""
    return section(
        "How long would they wait?",
        "Most callers are answered before their patience ends, so it is estimated behind that "
        "censoring. Dark: share still willing to wait by Kaplan and Meier, with two standard "
        "errors; colour: the model. The lower score is the better model.",
        table(["", "hung up", "mean, s", "distance", "score"], rows) + "".join(charts),
    )


def _patience_row(queue: str, fit: PatienceFit) -> list[str]:
    return [
        escape(f"{queue}: {type(fit.distribution).__name__.lower()}"),
        f"{fit.abandoned:,}",
        _plus_minus(fit.distribution.mean, 1.96 * fit.mean_error_s),
        _judged(fit.distance, fit.abandoned),
        f"{fit.score:,.1f}",
    ]


def _patience_chart(queue: QueueModel) -> str:
    seen = survival(queue.waits_s, queue.abandoned)
    times_s = np.linspace(0.0, max(1.0, float(np.quantile(queue.waits_s, 0.995))), _POINTS)
    at = np.searchsorted(seen.times_s, times_s, side="right")
    shares = np.concatenate(([1.0], seen.shares))[at]
    errors = np.concatenate(([0.0], seen.errors))[at]
    lowest = max(0.0, float((shares - 2 * errors).min()))
    chart = Chart([f"{time_s:.0f} s" for time_s in times_s], top=1.0, unit="%", height=170)
    chart.band(
        np.clip(shares - 2 * errors, lowest, 1).tolist(),
        np.clip(shares + 2 * errors, 0, 1).tolist(),
        colour=_RECORDED,
    )
    chart.line(shares.tolist(), colour=_RECORDED, label="Kaplan-Meier")
    chart.line((1 - queue.patience_s.cdf(times_s)).tolist(), colour=_FITTED, label="model")
    return chart.svg(f"Share still willing to wait: {queue.queue}")


def _flow(model: Model) -> str:
    flow = model.flow
    if flow.time is None and not flow.shares:
        return ""
    rows = [[escape(name.replace("_", " ")), f"{share:.1%}"] for name, share in flow.shares.items()]
    body = table(["ended in the call flow", "of all callers"], rows) if rows else ""
    if flow.time is not None:
        head = ["", "records", "mean, s", "distance", "Anderson-Darling", "model"]
        body += table(head, [_shape_row("time in the flow", flow.time)])
        body += _shape_chart("time in the flow", flow.time)
    return section("What does the call flow do?", "Time until the queue, or until the end.", body)


def _team(model: Model) -> str:
    if not model.agents:
        return ""
    rows = [
        [
            escape(one.agent),
            ", ".join(_hours(shift.from_s, shift.until_s) for shift in one.shifts),
            f"{one.talk_factor:.2f}",
            f"{one.missed_share:.1%}",
            "-" if one.accept is None else f"{one.accept.mean_s:.1f} s",
        ]
        for one in model.agents
    ]
    return section(
        "Who works, and how?",
        "Shifts of the last day each was seen; pace is the time of their conversations relative to "
        "such conversations of all.",
        table(["agent", "shifts", "pace", "missed offers", "answers after"], rows),
    )


def _hours(from_s: int, until_s: int) -> str:
    def text(seconds: int) -> str:
        return f"{seconds // 3_600:02d}:{seconds // 60 % 60:02d}"

    return f"{text(from_s)}-{text(until_s)}"


def _lists(model: Model) -> str:
    if not model.lists:
        return ""
    rows = [
        [
            escape(one.campaign),
            f"{one.dials:,}",
            f"{one.answer_share:.1%}",
            f"{one.shares['machine_share']:.1%}",
            "-" if one.talk is None else f"{one.talk.mean_s:.0f} s",
        ]
        for one in model.lists
    ]
    return section(
        "Who is on the lists?",
        "A person answers so many dials; machines are of the dials no person answered.",
        table(["campaign", "dials", "live answers", "machines", "talk"], rows),
    )


def _notes(model: Model) -> list[str]:
    return [
        *model.notes,
        (
            "Calls of one queue are one call type; which queue callers would have entered whom "
            "the call flow served is not recorded, so its shares are the same for all."
        ),
        "Agents' breaks and shifts are one day's, not a plan.",
    ]
