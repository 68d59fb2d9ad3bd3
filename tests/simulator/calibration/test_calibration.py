"""Calibration: what was put into modelled data comes out of it again."""

import os
from pathlib import Path

import numpy as np
import pytest

from simulator.arrivals import Variability, day_of_arrivals_s
from simulator.calibration import fit_durations, fit_patience, fit_variability, survival
from simulator.distributions import Exponential, Gamma, Lognormal, Weibull
from simulator.streams import Streams


@pytest.mark.parametrize(
    "truth",
    [
        Exponential(180.0),
        Gamma(mean=240.0, sd=120.0),
        Lognormal(mean=194.0, sd=301.0),
        Weibull(mean=100.0, shape=1.8),
    ],
    ids=lambda truth: type(truth).__name__,
)
def test_the_true_kind_and_its_figures_are_found(truth):
    values = truth.draw(Streams(1).stream("durations"), 20_000)
    best = fit_durations(values)[0]
    assert best.distance < 0.01
    if not isinstance(truth, Exponential):
        assert type(best.distribution) is type(truth)
    assert best.distribution.mean == pytest.approx(truth.mean, rel=0.04)
    points = np.quantile(values, [0.1, 0.5, 0.9])
    np.testing.assert_allclose(best.distribution.cdf(points), truth.cdf(points), atol=0.01)


def test_a_bad_fit_is_seen_in_its_distance():
    two_humps = np.concatenate((np.full(500, 10.0), np.full(500, 300.0)))
    jitter = Streams(1).stream("jitter").random(1000)
    assert fit_durations(two_humps + jitter)[0].distance > 0.2


@pytest.mark.parametrize(
    ("values", "message"),
    [([1.0] * 5, "5 durations are too few"), ([1.0] * 30 + [0.0], "duration 30 is 0.0")],
)
def test_durations_that_cannot_be_fitted_are_refused(values, message):
    with pytest.raises(ValueError, match=message):
        fit_durations(np.array(values))


def censored(patience, *, count=20_000, answered_after_s=60.0):
    streams = Streams(2)
    patience_s = patience.draw(streams.stream("patience"), count)
    offered_s = Exponential(answered_after_s).draw(streams.stream("offered"), count)
    return np.minimum(patience_s, offered_s), patience_s < offered_s


def test_exponential_patience_is_found_behind_the_censoring():
    waits_s, abandoned = censored(Exponential(300.0))
    fit = fit_patience(waits_s, abandoned)
    assert abs(fit.distribution.mean - 300) <= 3 * fit.mean_error_s
    assert fit.distance < 0.03
    assert waits_s[abandoned].mean() < 60, "the mean wait of those who hung up is no estimate"


def test_patience_of_another_shape_shows_in_the_distance():
    waits_s, abandoned = censored(Weibull(mean=120.0, shape=2.5))
    assert fit_patience(waits_s, abandoned).distance > 0.05


def test_kaplan_meier_follows_the_true_patience_within_its_error():
    truth = Weibull(mean=120.0, shape=2.0)
    seen = survival(*censored(truth))
    for time_s in (20.0, 60.0, 100.0, 150.0):
        index = np.searchsorted(seen.times_s, time_s) - 1
        exact = 1 - truth.cdf(np.array([time_s]))[0]
        assert abs(seen.at(time_s) - exact) <= 3.5 * seen.errors[index]


def test_kaplan_meier_on_a_case_done_by_hand():
    """Six callers: hung up at 2, 4 and 6; answered at 3, 4 and 7."""
    waits_s = np.array([2.0, 3, 4, 4, 6, 7])
    seen = survival(waits_s, np.array([True, False, True, False, True, False]))
    assert seen.times_s.tolist() == [2, 4, 6]
    np.testing.assert_allclose(seen.shares, [5 / 6, 5 / 6 * 3 / 4, 5 / 6 * 3 / 4 / 2])
    assert seen.at(1.9) == 1.0


@pytest.mark.parametrize(
    ("waits_s", "abandoned", "message"),
    [
        ([1.0], [False], "nobody hung up"),
        ([1.0, 2.0], [True], "two columns of one length"),
        ([-1.0], [True], "wait 0 is -1.0"),
    ],
)
def test_waits_that_say_nothing_are_refused(waits_s, abandoned, message):
    with pytest.raises(ValueError, match=message):
        fit_patience(np.array(waits_s), np.array(abandoned))


def counts_of(variability, *, days, level=1.0):
    expected = np.array([60.0, 110, 150, 160, 150, 140, 130, 100]) * level
    edges = np.arange(9) * 900.0
    return np.array(
        [
            np.histogram(
                day_of_arrivals_s(
                    expected,
                    interval_s=900.0,
                    variability=variability,
                    streams=Streams(5, day),
                    call_type="a",
                ),
                edges,
            )[0]
            for day in range(days)
        ]
    )


def test_variability_put_in_comes_out():
    truth = Variability(day_cv=0.10, intraday_cv=0.15, intraday_correlation=0.6)
    fitted = fit_variability(counts_of(truth, days=3000, level=4.0))
    assert fitted.intraday_cv == pytest.approx(0.15, abs=0.05)
    assert 0.09 <= fitted.day_cv <= 0.18, "what all intervals share counts as the day's"
    assert fitted.intraday_correlation > 0.2


def test_poisson_counts_have_no_variability_of_their_own():
    fitted = fit_variability(counts_of(Variability(), days=2000))
    assert fitted.day_cv < 0.012
    assert fitted.intraday_cv < 0.02


def test_planned_differences_between_weekdays_are_not_variability():
    busy, quiet = (counts_of(Variability(), days=400, level=level) for level in (2.0, 1.0))
    counts = np.vstack((busy, quiet))
    kinds = ["mon"] * 400 + ["tue"] * 400
    assert fit_variability(counts, kinds).day_cv < 0.02
    assert fit_variability(counts).day_cv > 0.3


def test_too_few_days_are_refused():
    with pytest.raises(ValueError, match="at least three days"):
        fit_variability(np.ones((2, 4)))


@pytest.mark.skipif(
    "CORDBOARD_ARRIVALS_CSV" not in os.environ,
    reason="CORDBOARD_ARRIVALS_CSV names no file of 5-minute counts (DateTime,Calls)",
)
def test_a_real_banks_days_vary_far_more_than_poisson():
    path = Path(os.environ["CORDBOARD_ARRIVALS_CSV"])
    table = np.genfromtxt(path, delimiter=",", skip_header=1, dtype=None, encoding="utf-8")
    by_day = {}
    for stamp, calls in table:
        by_day.setdefault(stamp[:10], []).append(float(calls))
    full = {
        day: np.add.reduceat(c, range(0, len(c), 6)) for day, c in by_day.items() if len(c) == 169
    }
    kinds = [str(np.datetime64(day).astype("datetime64[D]").view("int64") % 7) for day in full]
    fitted = fit_variability(np.array(list(full.values())), kinds)
    assert 0.03 < fitted.day_cv < 0.15
    assert 0.01 < fitted.intraday_cv < 0.2
