"""Forecast from history: planted structure is found, strange days are named, honesty is kept."""

import datetime as dt

import numpy as np
import pytest

from simulator.forecast import forecast_days
from simulator.streams import Streams

START = dt.date(2026, 1, 5)
WEEKDAY_FACTORS = {0: 1.2, 1: 1.0, 2: 0.95, 3: 0.95, 4: 1.0, 5: 0.5}
SHAPE = np.array([0.1, 0.3, 0.35, 0.25])


def history(*, days=120, growth=0.2, noise=0.03, seed=1):
    rng = Streams(seed).stream("history")
    counts = {}
    for offset in range(days):
        day = START + dt.timedelta(days=offset)
        if day.weekday() in WEEKDAY_FACTORS:
            level = 2000 * WEEKDAY_FACTORS[day.weekday()] * (1 + growth) ** (offset / 365.25)
            counts[day] = rng.poisson(level * SHAPE * np.exp(noise * rng.standard_normal()))
    return counts


def next_week(days=120):
    week = [START + dt.timedelta(days=days + offset) for offset in range(7)]
    return [day for day in week if day.weekday() in WEEKDAY_FACTORS]


def test_weekday_growth_and_shape_are_found():
    result = forecast_days(history(), next_week())
    for forecast in result.days:
        age = (forecast.day - START).days
        truth = 2000 * WEEKDAY_FACTORS[forecast.day.weekday()] * 1.2 ** (age / 365.25)
        assert forecast.total == pytest.approx(truth, rel=0.04)
        np.testing.assert_allclose(forecast.calls / forecast.total, SHAPE, atol=0.01)
    assert result.growth_per_year == pytest.approx(0.2, abs=0.15)
    assert result.set_aside == ()


def test_nine_days_in_ten_lie_inside_the_interval():
    inside = []
    for seed in range(40):
        full = history(days=127, noise=0.06, seed=seed)
        past = {day: calls for day, calls in full.items() if (day - START).days < 120}
        inside += [
            forecast.low <= full[forecast.day].sum() <= forecast.high
            for forecast in forecast_days(past, next_week()).days
        ]
    assert 0.84 <= np.mean(inside) <= 0.95


def test_a_day_that_strays_is_set_aside_and_named():
    counts = history()
    outage = START + dt.timedelta(days=80)
    plain = forecast_days(counts, next_week())
    counts[outage] = counts[outage] // 10
    result = forecast_days(counts, next_week())
    assert result.set_aside == (outage,)
    assert result.days[0].total == pytest.approx(plain.days[0].total, rel=0.02)


def test_special_days_follow_their_own_past():
    counts = history()
    names = {START + dt.timedelta(days=offset): "billing day" for offset in (30, 60, 91)}
    for day in names:
        counts[day] = counts[day] * 2
    ahead = next_week()
    result = forecast_days(counts, ahead, special_days=names | {ahead[0]: "billing day"})
    ordinary = forecast_days(counts, ahead, special_days=names)
    assert result.days[0].total == pytest.approx(2 * ordinary.days[0].total, rel=0.06)
    assert result.set_aside == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c, a: (dict(list(c.items())[:10]), a, {}), "10 ordinary days are too few"),
        (lambda c, a: (c | {START: [1.0]}, a, {}), r"days have \[1, 4\] intervals"),
        (lambda c, a: (c | {START: [0.0] * 4}, a, {}), "2026-01-05: counts must be 0 or more"),
        (lambda c, a: (c, [dt.date(2026, 5, 10)], {}), "is a Sunday: history has none"),
        (lambda c, a: (c, a, {a[0]: "strike"}), "'strike', which history has never seen"),
    ],
)
def test_what_cannot_be_forecast_is_refused(change, message):
    counts, ahead, special = change(history(), next_week())
    with pytest.raises(ValueError, match=message):
        forecast_days(counts, ahead, special_days=special)
