"""Figures with their uncertainty.

A service level is a ratio of two sums over independent days. Its standard error follows from how
the part strays from its share of the whole, day by day (the delta method); the interval is
Student's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from simulator.distributions import Floats
from simulator.kernel.tables import Integers

_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the half width of its 95 % confidence interval."""

    value: float
    half_width: float


def ratio(part: Floats | Integers, whole: Floats | Integers) -> Estimate:
    """Estimate the ratio of two sums from their values on independent days: (D,) each.

    NaN when the whole is zero; an unknown half width (NaN) for a single day.

    Source:
        A. Law, "Simulation Modeling and Analysis", section 9.4 (ratio estimators).
    """
    days = len(part)
    total = float(np.sum(whole))
    if total == 0:
        return Estimate(float("nan"), float("nan"))
    value = float(np.sum(part)) / total
    if days < 2:
        return Estimate(value, float("nan"))
    spread = float(np.std(np.asarray(part) - value * np.asarray(whole), ddof=1))
    error = spread / np.sqrt(days) / (total / days)
    return Estimate(value, float(stats.t.ppf((1 + _CONFIDENCE) / 2, days - 1) * error))


def mean(values: Floats | Integers) -> Estimate:
    """Estimate the mean of a figure from independent days: (D,)."""
    return ratio(values, np.ones(len(values)))
