"""The report of a calibration: fits and curves on the page are those of the JSON."""

import csv
import datetime as dt
import io
import json

import numpy as np
import pytest

from simulator.calibration import calibrate
from simulator.calibration.records import CallerRecord, HandlingRecord, Records
from simulator.report import Origin, calibration_study, study_csv, study_json, study_page
from tests.simulator.report.pages import assert_stands_alone

HOSTILE = "<b>cards</b>"


def records():
    """Return two days on which half the callers of one queue gave up."""
    rng = np.random.default_rng(5)
    callers, handlings = [], []
    for day in (dt.date(2026, 11, 23), dt.date(2026, 11, 24)):
        for at_s in np.sort(rng.uniform(8 * 3_600, 11 * 3_600, 120)):
            patience_s, needed_s = rng.exponential(60), rng.exponential(60)
            has_talked = needed_s < patience_s
            callers.append(
                CallerRecord(
                    day=day,
                    arrived_s=float(at_s),
                    queue=HOSTILE,
                    flow_s=12.0,
                    wait_s=float(min(patience_s, needed_s)),
                    outcome="connected" if has_talked else "abandoned",
                    has_talked=has_talked,
                )
            )
            if has_talked:
                talk_s = float(rng.exponential(150))
                handlings.append(HandlingRecord(HOSTILE, "ana & bo", talk_s, 20.0))
    return Records(
        callers=tuple(callers), handlings=tuple(handlings), offers=(), dials=(), presence=()
    )


@pytest.fixture(scope="module")
def study():
    model = calibrate(records())
    return calibration_study(model, title="Calibration: <test>", origin=Origin())


def test_page_is_well_formed_and_quotes_names(study):
    page = study_page(study)
    assert_stands_alone(page)
    assert HOSTILE not in page
    assert "&lt;b&gt;cards&lt;/b&gt;: talk" in page
    assert "Calibration: &lt;test&gt;" in page


def test_goodness_of_fit_on_the_page_is_that_of_the_json(study):
    page = assert_stands_alone(study_page(study))
    told = json.loads(study_json(study))
    rows = page.tables["Fits"]
    shown = {row[0]: row for row in rows}
    for fit in told["durations"]:
        assert shown[fit["what"]][3].startswith(f"{fit['distance']:.3f}")
        assert shown[fit["what"]][1] == f"{fit['records']:,}"


def test_recorded_shares_grow_to_those_the_curve_is_drawn_up_to(study):
    for curve in study.duration_curves:
        recorded = curve.panel.series[0].values
        assert list(recorded) == sorted(recorded)
        assert recorded[-1] >= 0.97


def test_patience_is_drawn_with_its_errors(study):
    [curve] = study.patience_curves
    survival = curve.panel.series[0]
    assert survival.values[0] == pytest.approx(1, abs=0.05)
    assert all(low <= high for low, high in zip(survival.low, survival.high, strict=True))


def test_table_has_a_row_for_each_fit(study):
    rows = list(csv.DictReader(io.StringIO(study_csv(study))))
    assert [row["what"] for row in rows] == [fit.what for fit in study.fits]
    assert float(rows[0]["mean_s"]) == pytest.approx(study.fits[0].mean_s)
