"""A calibration as a page: what was learnt from the records, and how far to trust each part."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from simulator.report.calibration_study import CalibrationStudy, Curve, Fit
from simulator.report.frame import bullets, document, section, table, tiles
from simulator.report.metrics import metrics_section
from simulator.report.origin import origin_section
from simulator.report.panels import Scale, panel_figure, panels_section

_FLAT = 165


def calibration_page(study: CalibrationStudy) -> str:
    """Return the calibration as a complete HTML document."""
    lead = (
        f"Learnt from {study.span}. Intervals are of 95 %; a distance is the largest difference "
        "between recorded and modelled shares."
    )
    parts = [
        tiles([(f"{value:,.0f}", "", word) for word, value in study.totals.items()]),
        _arrivals(study),
        _durations(study),
        _patience(study),
        _flow(study),
        _team(study),
        _lists(study),
        bullets("On what this rests", study.assumptions),
        origin_section(study.origin),
        metrics_section(study.meanings),
    ]
    return document(study.title, lead, "".join(parts))


def _arrivals(study: CalibrationStudy) -> str:
    spread = study.variability
    words = (
        "Mean calls of each interval over the recorded days, and in the band how sure the mean is. "
        f"Days stray by {100 * spread['day_cv']:.1f} % beyond chance, intervals by a further "
        f"{100 * spread['intraday_cv']:.1f} %, neighbours alike by "
        f"{spread['intraday_correlation']:.2f}."
    )
    return panels_section("When do they call?", words, study.arrivals, Scale(columns=study.starts))


def _durations(study: CalibrationStudy) -> str:
    return section(
        "How long do conversations take?",
        "Share of the records at most so long: recorded, and by the model. A distance is marked "
        "where it matters: above 0.05 and not to be had by chance.",
        _fit_table(study.durations) + _curves("At most so long", study.duration_curves),
    )


def _patience(study: CalibrationStudy) -> str:
    if not study.patience:
        return ""
    return section(
        "How long would they wait?",
        "Most callers are answered before their patience ends, so it is estimated behind that "
        "censoring. Grey: share still willing to wait by Kaplan and Meier, two standard errors "
        "around it. The lower score is the better model.",
        _fit_table(study.patience) + _curves("Still willing to wait", study.patience_curves),
    )


def _flow(study: CalibrationStudy) -> str:
    if not study.flow and not study.flow_shares:
        return ""
    rows = [
        [escape(name.replace("_", " ")), f"{100 * share:.1f} %"]
        for name, share in study.flow_shares.items()
    ]
    body = table("Ended in the call flow", ["ended in the call flow", "of all callers"], rows)
    return section(
        "What does the call flow do?",
        "Time until the queue, or until the end.",
        (body if rows else "")
        + (_fit_table(study.flow) if study.flow else "")
        + _curves("At most so long", study.flow_curves),
    )


def _fit_table(fits: Sequence[Fit]) -> str:
    return table(
        "Fits",
        ["", "records", "mean, s", "distance", "Anderson-Darling", "score", "model"],
        [
            [
                escape(fit.what),
                f"{fit.records:,}",
                _plus_minus(fit.mean_s, fit.half_width_s),
                _judged(fit),
                "-" if fit.anderson is None else f"{fit.anderson:,.1f}",
                "-" if fit.score is None else f"{fit.score:,.1f}",
                f'<span class="words">{escape(fit.model)}</span>',
            ]
            for fit in fits
        ],
    )


def _judged(fit: Fit) -> str:
    if fit.is_close:
        return f'<span class="good">{fit.distance:.3f}</span>'
    return f'<span class="bad">{fit.distance:.3f}, too far</span>'


def _plus_minus(value: float, half_width: float | None) -> str:
    spread = "" if half_width is None else f" <small>± {half_width:,.1f}</small>"
    return f"{value:,.1f}{spread}"


def _curves(title: str, curves: Sequence[Curve]) -> str:
    return "".join(
        panel_figure(
            curve.panel,
            Scale(columns=curve.times, unit="%", top=1.0, first_column="time"),
            height=_FLAT,
            title=title,
        )
        for curve in curves
    )


def _team(study: CalibrationStudy) -> str:
    if not study.agents:
        return ""
    rows = [
        [
            escape(one.agent),
            f'<span class="words">{", ".join(one.shifts)}</span>',
            f"{one.pace:.2f}",
            f"{100 * one.missed_share:.1f} %",
            "-" if one.answers_after_s is None else f"{one.answers_after_s:.1f} s",
        ]
        for one in study.agents
    ]
    return section(
        "Who works, and how?",
        "Shifts of the last day each was seen; pace is the time of their conversations relative to "
        "such conversations of all.",
        table("Agents", ["agent", "shifts", "pace", "missed offers", "answers after"], rows),
    )


def _lists(study: CalibrationStudy) -> str:
    if not study.lists:
        return ""
    rows = [
        [
            escape(one.campaign),
            f"{one.dials:,}",
            f"{100 * one.answer_share:.1f} %",
            f"{100 * one.machine_share:.1f} %",
            "-" if one.talk_s is None else f"{one.talk_s:.0f} s",
        ]
        for one in study.lists
    ]
    return section(
        "Who is on the lists?",
        "A person answers so many dials; machines are of the dials no person answered.",
        table("Lists", ["campaign", "dials", "live answers", "machines", "talk"], rows),
    )
