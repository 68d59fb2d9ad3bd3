"""Calls expected on future days, from counts of past ones, with their uncertainty.

For those who have no forecast yet. The model is multiplicative, as call volumes are:

    calls(day, interval) = level x growth^(days since start) x weekday factor x shape(weekday,
    interval)

Level, growth and weekday factors are fitted to the logarithms of the daily totals by least squares
in which recent days weigh more (a half-life of eight weeks); days that stray far (outages,
forgotten holidays) are set aside and named rather than averaged in. The shape of a day is the
weighted mean share of each interval on its weekday, drawn towards the shape of all days where a
weekday has few. Known special days are left out of the fit and forecast by the mean of their own
factors.

The interval of a day's total is the fit's own prediction interval in logarithms, so it widens with
the distance from the data and is never negative.

Source:
    Weekday and intraday factors: J. Taylor, "A comparison of univariate time series methods for
    forecasting intraday arrivals at a call center", Management Science 54 (2008), where simple
    seasonal models hold their own beyond a few days ahead.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from simulator.distributions import Floats

_HALF_LIFE_DAYS = 56.0
_STRAY_SPREADS = 4.0
"""Robust standard deviations beyond which a day is set aside."""
_LEAST_DAYS = 14
_SHRINK_DAYS = 3.0
"""A weekday's own shape counts as much as that of all days once it has so many days."""


@dataclass(frozen=True)
class DayForecast:
    """One future day."""

    day: dt.date
    calls: Floats
    """Expected calls of each interval: (I,)."""
    low: float
    """The day's total is at least this in nineteen days of twenty (two-sided 90 % interval)."""
    high: float

    @property
    def total(self) -> float:
        """Expected calls of the day."""
        return float(self.calls.sum())


@dataclass(frozen=True)
class ForecastResult:
    """Future days, and the past days the fit did not believe."""

    days: tuple[DayForecast, ...]
    set_aside: tuple[dt.date, ...]
    """Days whose totals stray too far to be ordinary: look at them."""
    growth_per_year: float
    """Fitted growth: 0.1 is ten percent more calls a year."""


def forecast_days(
    history: Mapping[dt.date, Sequence[float]],
    ahead: Sequence[dt.date],
    *,
    special_days: Mapping[dt.date, str] | None = None,
) -> ForecastResult:
    """Forecast the calls of future days.

    Args:
        history: Counts of past days by interval, all of one length; closed days are left out.
        ahead: The days to forecast.
        special_days: The name of each past or future day that is not ordinary, such as "Christmas".

    Raises:
        ValueError: Too little history, intervals that differ, a weekday never seen, or a special
            day whose name never occurred before.
    """
    special = special_days or {}
    counts = _checked(history)
    ordinary = {day: calls for day, calls in counts.items() if day not in special}
    if len(ordinary) < _LEAST_DAYS:
        raise ValueError(f"{len(ordinary)} ordinary days are too few; {_LEAST_DAYS} are the least")
    fit = _Fit(ordinary)
    lifts = _special_lifts(fit, counts, special)
    return ForecastResult(
        days=tuple(_forecast_day(fit, day, special.get(day), lifts) for day in ahead),
        set_aside=fit.set_aside,
        growth_per_year=math.expm1(fit.trend * 365.25),
    )


def _checked(history: Mapping[dt.date, Sequence[float]]) -> dict[dt.date, Floats]:
    counts = {day: np.asarray(history[day], dtype=np.float64) for day in sorted(history)}
    lengths = {len(calls) for calls in counts.values()}
    if len(lengths) > 1:
        raise ValueError(f"days have {sorted(lengths)} intervals; all must have the same")
    for day, calls in counts.items():
        if not (calls >= 0).all() or calls.sum() == 0:
            raise ValueError(
                f"{day}: counts must be 0 or more and not all 0 (leave closed days out)"
            )
    return counts


class _Fit:
    """Weighted least squares of log totals on weekday and time."""

    def __init__(self, counts: dict[dt.date, Floats]) -> None:
        self._days = list(counts)
        self._last = self._days[-1]
        self._counts = np.array(list(counts.values()))
        self._weekdays = np.array([day.weekday() for day in self._days])
        logs = np.log(self._counts.sum(axis=1))
        ages = np.array([(self._last - day).days for day in self._days], dtype=np.float64)
        weights = 0.5 ** (ages / _HALF_LIFE_DAYS)
        self.seen = sorted(set(self._weekdays.tolist()))
        design = np.array([self._row(day) for day in self._days])
        kept = _believed(design, logs, weights)
        self.set_aside = tuple(
            day for day, is_kept in zip(self._days, kept, strict=True) if not is_kept
        )
        self._weights = np.where(kept, weights, 0.0)
        self._solve(design[kept], logs[kept], weights[kept])

    def _row(self, day: dt.date) -> Floats:
        """Return a day's line of the design: one column a weekday, and the time before the end."""
        age = (day - self._last).days
        return np.array([*(float(day.weekday() == weekday) for weekday in self.seen), float(age)])

    def _solve(self, design: Floats, logs: Floats, weights: Floats) -> None:
        scaled = design * np.sqrt(weights)[:, None]
        self._inverse = np.linalg.pinv(scaled.T @ scaled)
        self._factors = self._inverse @ (scaled.T @ (logs * np.sqrt(weights)))
        self.freedom = max(1, len(logs) - design.shape[1])
        left = logs - design @ self._factors
        self._spread = math.sqrt(float(left @ left) / self.freedom)
        self.trend = float(self._factors[-1])

    def log_total(self, day: dt.date) -> tuple[float, float]:
        """Return the expected logarithm of a day's total and its prediction error."""
        if day.weekday() not in self.seen:
            raise ValueError(f"{day} is a {day:%A}: history has none, so name it as a special day")
        row = self._row(day)
        uncertainty = float(row @ self._inverse @ row)
        return float(row @ self._factors), self._spread * math.sqrt(1 + uncertainty)

    def shape(self, day: dt.date) -> Floats:
        """Return the share of a day's calls in each interval: (I,)."""
        everyone = self._weights @ self._counts
        mine = np.where(self._weekdays == day.weekday(), self._weights, 0.0)
        own = mine @ self._counts
        own_share = own / own.sum() if own.sum() else everyone / everyone.sum()
        trust = mine.sum() / (mine.sum() + _SHRINK_DAYS)
        shape: Floats = trust * own_share + (1 - trust) * everyone / everyone.sum()
        return shape


def _believed(design: Floats, logs: Floats, weights: Floats) -> NDArray[np.bool_]:
    """Return which days stray no more than ordinary days do: (D,).

    One stray day bends the fit towards itself and makes its neighbours look strange, so only the
    worst one is set aside at a time, and the fit repeated.
    """
    kept = np.ones(len(logs), dtype=np.bool_)
    while True:
        root = np.sqrt(weights * kept)
        fitted = np.linalg.lstsq(design * root[:, None], logs * root, rcond=None)[0]
        left = np.abs(logs - design @ fitted)
        spread = 1.4826 * float(np.median(left[kept]))
        worst = int(np.argmax(np.where(kept, left, 0.0)))
        if left[worst] <= _STRAY_SPREADS * max(spread, 0.01):
            return kept
        kept[worst] = False


def _special_lifts(
    fit: _Fit, counts: dict[dt.date, Floats], special: Mapping[dt.date, str]
) -> dict[str, float]:
    """Return the mean log factor of each special day's name over an ordinary day."""
    seen: dict[str, list[float]] = {}
    for day, calls in counts.items():
        if day in special and day.weekday() in fit.seen:
            lift = math.log(float(calls.sum())) - fit.log_total(day)[0]
            seen.setdefault(special[day], []).append(lift)
    return {name: math.fsum(lifts) / len(lifts) for name, lifts in seen.items()}


def _forecast_day(
    fit: _Fit, day: dt.date, name: str | None, lifts: Mapping[str, float]
) -> DayForecast:
    if name is not None and name not in lifts:
        raise ValueError(
            f"{day} is {name!r}, which history has never seen: give its calls yourself"
        )
    log_total, error = fit.log_total(day)
    log_total += 0.0 if name is None else lifts[name]
    reach = float(stats.t.ppf(0.95, fit.freedom)) * error
    return DayForecast(
        day=day,
        calls=np.asarray(fit.shape(day) * math.exp(log_total)),
        low=math.exp(log_total - reach),
        high=math.exp(log_total + reach),
    )
