"""How far days and intervals stray from their expected calls, from counts of past days.

Given the true rate, counts vary like a Poisson distribution; what they vary beyond that is the
rate's own uncertainty. The estimates are moments, corrected for the Poisson part:

- the **day factor**'s variance from the totals of days of one kind, against their mean;
- the **intraday factor**'s variance from what is left in each interval once the day's total is
  known;
- its **correlation** from the same remainders of neighbouring intervals.

What neighbouring intervals share over the whole day cannot be told from the day factor and counts
as such, so with few or strongly correlated intervals the intraday figures come out low and the
day's high.

Days must be alike (the same weekday, no holidays): what differs by plan is forecast, not
variability.
"""

from __future__ import annotations

import math

import numpy as np

from simulator.arrivals import Variability
from simulator.distributions import Floats
from simulator.kernel.tables import Integers

_CORRELATION_MAX = 0.98


def fit_variability(counts: Integers | Floats, kinds: list[str] | None = None) -> Variability:
    """Estimate the variability of calls from counts of past days.

    Args:
        counts: Calls of each day and interval: (D, I), at least 3 days.
        kinds: The kind of each day, such as its weekday; days are compared with their own kind.
            All alike if None. Kinds with a single day say nothing and are left out.

    Raises:
        ValueError: Fewer than three comparable days, or a count below zero.
    """
    counts = np.asarray(counts, dtype=np.float64)
    if counts.ndim != 2 or (counts < 0).any():
        raise ValueError("counts must be days by intervals, each 0 or more")
    labels = np.array(kinds if kinds is not None else [""] * len(counts))
    if len(labels) != len(counts):
        raise ValueError(f"{len(labels)} kinds for {len(counts)} days")
    alike = [counts[labels == kind] for kind in np.unique(labels)]
    alike = [days for days in alike if len(days) > 1 and days.sum() > 0]
    freedom = sum(len(days) - 1 for days in alike)
    if freedom < 2:
        raise ValueError("at least three days of comparable kinds are needed")
    day_variance = sum((len(days) - 1) * _day_variance(days) for days in alike) / freedom
    own, shared = np.sum([_remainders(days) for days in alike], axis=0)
    own_weight, shared_weight = np.sum([_squared_rates(days) for days in alike], axis=0)
    intraday_variance = max(0.0, own / own_weight)
    log_variance = math.log1p(intraday_variance)
    covariance = max(0.0, shared / shared_weight)
    correlation = math.log1p(covariance) / log_variance if log_variance > 0 else 0.0
    return Variability(
        day_cv=math.sqrt(max(0.0, day_variance)),
        intraday_cv=math.sqrt(intraday_variance),
        intraday_correlation=min(_CORRELATION_MAX, correlation),
    )


def _day_variance(days: Floats) -> float:
    """Return the day factor's variance: the totals' beyond Poisson, over the squared mean."""
    totals = days.sum(axis=1)
    return float((totals.var(ddof=1) - totals.mean()) / totals.mean() ** 2)


def _rates(days: Floats) -> Floats:
    """Return each interval's expected calls given the day's total: (D, I)."""
    shape = days.sum(axis=0) / days.sum()
    rates: Floats = days.sum(axis=1)[:, None] * shape[None, :]
    return rates


def _remainders(days: Floats) -> Floats:
    """Return the summed squares beyond Poisson, and the summed products of neighbours: (2,)."""
    expected = _rates(days)
    left = days - expected
    scale = len(days) / (len(days) - 1)  # the shape was estimated from the same days
    own = float((scale * left**2 - expected).sum())
    return np.array([own, scale * float((left[:, 1:] * left[:, :-1]).sum())])


def _squared_rates(days: Floats) -> Floats:
    expected = _rates(days)
    return np.array([(expected**2).sum(), (expected[:, 1:] * expected[:, :-1]).sum()])
