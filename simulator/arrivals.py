"""When calls arrive: a Poisson process whose rate is itself uncertain.

A forecast says how many calls to expect in each interval. Given the true rate, calls come
independently of one another (a Poisson process); but the rate is not the forecast. The half-hourly
counts of one large bank show a variance of 13 times the mean across days, and still 3.4 times after
the day's total is taken out, where a Poisson process of known rate would show 1. A plan made for
known rates is too thin. So the rate of interval `i` on one day is

    rate_i = expected_i x day factor x intraday factor_i

- the **day factor** has mean 1 and a gamma distribution: a busy day is busy from open to close, for
  every call type alike;
- the **intraday factors** have mean 1, are lognormal, and neighbours resemble each other: the
  logarithm is an autoregressive series of order one, separate for every call type.

What weekdays and special days make of the expected calls is in `simulator.calendar`; how the
factors are estimated from history is in `simulator.calibration`; a forecast of the expected calls
themselves in `simulator.forecast`.

Source:
    Day factor: W. Whitt, "Dynamic staffing in a telephone call center aiming to immediately answer
    all calls", Operations Research Letters 24 (1999). Gamma factor and correlated intervals:
    A. Avramidis, A. Deslauriers, P. L'Ecuyer, "Modeling daily arrivals to a telephone call
    center", Management Science 50 (2004).
"""

from __future__ import annotations

import math

import msgspec
import numpy as np

from simulator.distributions import Floats
from simulator.streams import Streams


class Variability(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far the true rates of a day stray from the forecast; all zero means never."""

    day_cv: float = 0.0
    """Standard deviation of the day factor (its mean is 1)."""
    intraday_cv: float = 0.0
    """Standard deviation of each interval's factor (its mean is 1)."""
    intraday_correlation: float = 0.0
    """Correlation of the logarithms of neighbouring intervals' factors, from 0 to below 1."""

    def __post_init__(self) -> None:
        for name in ("day_cv", "intraday_cv"):
            value = getattr(self, name)
            if not 0 <= value < math.inf:
                raise ValueError(f"{name} must be a number of 0 or more, not {value!r}")
        if not 0 <= self.intraday_correlation < 1:
            raise ValueError(
                f"intraday_correlation must be from 0 to below 1, not {self.intraday_correlation!r}"
            )


def day_factor(variability: Variability, rng: np.random.Generator) -> float:
    """Draw how busy the whole day is, relative to the forecast."""
    if variability.day_cv == 0:
        return 1.0
    shape = variability.day_cv**-2
    return float(rng.standard_gamma(shape) / shape)


def intraday_factors(variability: Variability, count: int, rng: np.random.Generator) -> Floats:
    """Draw the factors of `count` successive intervals of one call type: (count,)."""
    log_sd = math.sqrt(math.log1p(variability.intraday_cv**2))
    correlation = variability.intraday_correlation
    shocks = rng.standard_normal(count)
    shocks[1:] *= math.sqrt(1 - correlation**2)
    for index in range(1, count):
        shocks[index] += correlation * shocks[index - 1]
    return np.asarray(np.exp(log_sd * shocks - log_sd**2 / 2))


def poisson_times_s(rates: Floats, interval_s: float, rng: np.random.Generator) -> Floats:
    """Draw the instants of a Poisson process with a rate constant in each interval.

    Args:
        rates: Expected calls of each interval: (n_intervals,).
        interval_s: Length of every interval.
        rng: The generator to draw from.

    Returns:
        Seconds since the start of the first interval, in order: (n_calls,).
    """
    counts = rng.poisson(rates)
    starts = np.repeat(np.arange(len(rates), dtype=np.float64), counts)
    return np.sort((starts + rng.random(len(starts))) * interval_s)


def day_of_arrivals_s(
    expected: Floats,
    *,
    interval_s: float,
    variability: Variability,
    streams: Streams,
    call_type: str,
) -> Floats:
    """Draw one call type's arrivals of one day.

    The day factor comes from a stream common to all call types, the rest from streams of this one.

    Args:
        expected: Expected calls of each interval: (n_intervals,).
        interval_s: Length of every interval.
        variability: How far the day's rates stray from `expected`.
        streams: The day's streams.
        call_type: Whose arrivals these are; it names the streams.

    Returns:
        Seconds since the start of the first interval, in order: (n_calls,).
    """
    busyness = day_factor(variability, streams.stream("day factor"))
    intraday = intraday_factors(
        variability, len(expected), streams.stream("intraday factor", call_type)
    )
    arrivals = streams.stream("arrivals", call_type)
    return poisson_times_s(expected * busyness * intraday, interval_s, arrivals)
