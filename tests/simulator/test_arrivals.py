"""Arrivals: the right counts, the right spread, the right day."""

import numpy as np
import pytest

from simulator.arrivals import (
    Variability,
    day_of_arrivals_s,
    intraday_factors,
    poisson_times_s,
)
from simulator.streams import Streams

EXPECTED = np.array([40.0, 0.0, 120.0, 60.0])
INTERVAL_S = 900.0


def counts_of_days(variability, days, call_type="billing"):
    edges = np.arange(len(EXPECTED) + 1) * INTERVAL_S
    return np.array(
        [
            np.histogram(
                day_of_arrivals_s(
                    EXPECTED,
                    interval_s=INTERVAL_S,
                    variability=variability,
                    streams=Streams(1, day),
                    call_type=call_type,
                ),
                edges,
            )[0]
            for day in range(days)
        ]
    )


def test_a_known_rate_gives_poisson_counts():
    counts = counts_of_days(Variability(), 2000)
    np.testing.assert_allclose(counts.mean(axis=0), EXPECTED, rtol=0.02)
    np.testing.assert_allclose(counts.var(axis=0), EXPECTED, rtol=0.15)
    assert abs(np.corrcoef(counts[:, 0], counts[:, 2])[0, 1]) < 0.1


def test_day_factor_spreads_whole_days_by_its_coefficient():
    totals = counts_of_days(Variability(day_cv=0.2), 3000).sum(axis=1)
    expected = EXPECTED.sum()
    assert totals.mean() == pytest.approx(expected, rel=0.02)
    assert totals.var() == pytest.approx(expected + (0.2 * expected) ** 2, rel=0.1)


def test_day_factor_is_common_to_all_call_types():
    variability = Variability(day_cv=0.5)
    billing = counts_of_days(variability, 500).sum(axis=1)
    sales = counts_of_days(variability, 500, "sales").sum(axis=1)
    assert np.corrcoef(billing, sales)[0, 1] > 0.9


def test_intraday_factors_have_mean_one_and_resemble_their_neighbours():
    variability = Variability(intraday_cv=0.3, intraday_correlation=0.7)
    factors = np.array(
        [intraday_factors(variability, 6, Streams(2, day).stream("f")) for day in range(8000)]
    )
    np.testing.assert_allclose(factors.mean(axis=0), 1, atol=0.02)
    np.testing.assert_allclose(factors.std(axis=0), 0.3, rtol=0.06)
    logs = np.log(factors)
    assert np.corrcoef(logs[:, 2], logs[:, 3])[0, 1] == pytest.approx(0.7, abs=0.03)
    assert np.corrcoef(logs[:, 1], logs[:, 3])[0, 1] == pytest.approx(0.49, abs=0.03)


def test_arrivals_are_ordered_and_inside_their_intervals():
    times = poisson_times_s(EXPECTED, INTERVAL_S, Streams(3).stream("a"))
    assert (np.diff(times) >= 0).all()
    assert times.min() >= 0
    assert times.max() < 4 * INTERVAL_S
    assert not ((times >= 900) & (times < 1800)).any()


def test_no_interval_gives_no_arrivals():
    assert poisson_times_s(np.array([]), 900.0, Streams(1).stream("a")).size == 0


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ({"day_cv": -0.1}, "day_cv must be a number of 0 or more"),
        ({"intraday_cv": float("nan")}, "intraday_cv must be"),
        ({"intraday_correlation": 1.0}, "from 0 to below 1"),
    ],
)
def test_wrong_variability_is_refused_with_the_reason(figures, message):
    with pytest.raises(ValueError, match=message):
        Variability(**figures)
