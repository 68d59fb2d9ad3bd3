"""How long callers would wait, from records of how long they did.

Most callers are answered before their patience ends, so their patience is known only to be longer
than their wait: the record is *censored*. The mean wait of those who hung up is therefore far too
short (the impatient are over-represented), and the mean wait of everybody is no patience at all.

Two estimates treat the censoring rightly. For exponential patience the likelihood has a simple
answer: all the time everybody waited, over the number who hung up. Without assuming a shape,
Kaplan and Meier's estimator gives the share of callers still willing to wait at each moment; the
difference between the two says whether the exponential, which Erlang A rests on, fits. Where it
does not, a Weibull may: patience that wears out, or hardens, with the time waited.

Source:
    E. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958);
    Greenwood's variance. Patience in call centres: Brown et al., JASA 100 (2005), section 5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from simulator.distributions import Exponential, Floats, Weibull

_AT_RISK_LEAST = 30
"""With fewer callers left the shape-free estimate says little."""

_WEIBULL_LEAST = 30
"""With fewer hang-ups a second figure is fitted to chance."""

_PARTS = 20


@dataclass(frozen=True)
class Survival:
    """The share of callers whose patience exceeds a time, as a falling staircase."""

    times_s: Floats
    """When somebody hung up, in order: (n_steps,)."""
    shares: Floats
    """Share still willing to wait just after each time: (n_steps,)."""
    errors: Floats
    """Standard error of each share (Greenwood): (n_steps,)."""

    def at(self, time_s: float) -> float:
        """Return the share whose patience exceeds `time_s`."""
        index = int(np.searchsorted(self.times_s, time_s, side="right"))
        return 1.0 if index == 0 else float(self.shares[index - 1])


@dataclass(frozen=True)
class PatienceFit:
    """Patience fitted to censored waits."""

    distribution: Exponential | Weibull
    mean_error_s: float
    """Standard error of the mean."""
    distance: float
    """Largest difference from the shape-free estimate where at least 30 callers are left."""
    abandoned: int
    """How many hung up: what the estimate rests on."""
    score: float
    """Akaike's criterion: lower is better, comparable between fits of the same waits."""


def survival(waits_s: Floats, abandoned: NDArray[np.bool_]) -> Survival:
    """Return Kaplan and Meier's estimate of patience.

    Args:
        waits_s: Time in queue of each caller who had to wait: (n,).
        abandoned: Whether it ended by hanging up, not by an answer: (n,).

    Raises:
        ValueError: Shapes differ, a wait is negative, or nobody hung up.
    """
    waits_s, abandoned = _checked(waits_s, abandoned)
    order = np.argsort(waits_s, kind="stable")
    ordered = waits_s[order]
    times_s, first = np.unique(ordered, return_index=True)
    left = np.add.reduceat(abandoned[order].astype(np.int64), first)
    at_risk = len(ordered) - first
    steps = left > 0
    shares: Floats = np.cumprod(1 - left[steps] / at_risk[steps]).astype(np.float64)
    remaining = at_risk[steps] - left[steps]
    terms = left[steps] / (at_risk[steps] * np.maximum(remaining, 1))
    errors: Floats = (shares * np.sqrt(np.cumsum(terms))).astype(np.float64)
    return Survival(times_s[steps], shares, errors)


def fit_patience(waits_s: Floats, abandoned: NDArray[np.bool_]) -> PatienceFit:
    """Fit exponential patience to censored waits; arguments and errors as for `survival`.

    Example:
        >>> fit = fit_patience(np.array([10.0, 20.0, 30.0]), np.array([False, True, False]))
        >>> fit.distribution.mean
        60.0
    """
    waits_s, abandoned = _checked(waits_s, abandoned)
    count = int(abandoned.sum())
    fitted = Exponential(float(waits_s.sum()) / count)
    return PatienceFit(
        distribution=fitted,
        mean_error_s=fitted.mean / math.sqrt(count),
        distance=_distance(waits_s, abandoned, fitted),
        abandoned=count,
        score=2 + 2 * count * (math.log(fitted.mean) + 1),
    )


def fit_patience_shapes(waits_s: Floats, abandoned: NDArray[np.bool_]) -> list[PatienceFit]:
    """Fit every shape of patience to censored waits, best first; arguments as for `survival`.

    A Weibull is tried where thirty or more hung up at different times.
    """
    waits_s, abandoned = _checked(waits_s, abandoned)
    fits = [fit_patience(waits_s, abandoned)]
    if len(np.unique(waits_s[abandoned & (waits_s > 0)])) >= _WEIBULL_LEAST:
        fits.append(_fit_weibull(waits_s, abandoned))
    return sorted(fits, key=lambda fit: fit.score)


def _fit_weibull(waits_s: Floats, abandoned: NDArray[np.bool_]) -> PatienceFit:
    """Fit by maximum likelihood; the mean's error by leaving out a twentieth at a time."""
    fitted, likelihood = _weibull(waits_s, abandoned)
    part = np.arange(len(waits_s)) % _PARTS
    means = [
        _weibull(waits_s[part != one], abandoned[part != one])[0].mean for one in range(_PARTS)
    ]
    return PatienceFit(
        distribution=fitted,
        mean_error_s=float(np.std(means)) * math.sqrt(_PARTS - 1),
        distance=_distance(waits_s, abandoned, fitted),
        abandoned=int(abandoned.sum()),
        score=4 - 2 * likelihood,
    )


def _weibull(waits_s: Floats, abandoned: NDArray[np.bool_]) -> tuple[Weibull, float]:
    """Solve the shape's censored likelihood equation, which is monotone; the scale follows."""
    waited = waits_s > 0
    times_s, left = waits_s[waited], abandoned[waited]
    logs = np.log(times_s)
    top, mean_log, count = float(logs.max()), float(logs[left].mean()), int(left.sum())

    def slope(shape: float) -> float:
        powers = np.exp(shape * (logs - top))
        return float(powers @ logs / powers.sum()) - 1 / shape - mean_log

    shape = float(optimize.brentq(slope, 1e-2, 1e2))
    log_scale = top + math.log(float(np.exp(shape * (logs - top)).sum()) / count) / shape
    likelihood = count * (math.log(shape) - log_scale + (shape - 1) * (mean_log - log_scale) - 1)
    return Weibull(math.exp(log_scale) * math.gamma(1 + 1 / shape), shape), likelihood


def _distance(waits_s: Floats, abandoned: NDArray[np.bool_], fit: Exponential | Weibull) -> float:
    """Return the largest difference from the shape-free estimate, where enough callers are left."""
    seen = survival(waits_s, abandoned)
    at_risk = len(waits_s) - np.searchsorted(np.sort(waits_s), seen.times_s)
    distances = np.abs(seen.shares - (1 - fit.cdf(seen.times_s)))[at_risk >= _AT_RISK_LEAST]
    return float(distances.max(initial=0.0))


def _checked(waits_s: Floats, abandoned: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.bool_]]:
    waits_s, abandoned = np.asarray(waits_s, dtype=np.float64), np.asarray(abandoned, dtype=bool)
    if waits_s.shape != abandoned.shape or waits_s.ndim != 1:
        raise ValueError("waits_s and abandoned must be two columns of one length")
    for index in np.flatnonzero(~(np.isfinite(waits_s) & (waits_s >= 0))):
        raise ValueError(f"wait {index} is {waits_s[index]}; waits must be 0 or more")
    if not abandoned.any():
        raise ValueError("nobody hung up: the records say nothing about where patience ends")
    return waits_s, abandoned
