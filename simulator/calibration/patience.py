"""How long callers would wait, from records of how long they did.

Most callers are answered before their patience ends, so their patience is known only to be longer
than their wait: the record is *censored*. The mean wait of those who hung up is therefore far too
short (the impatient are over-represented), and the mean wait of everybody is no patience at all.

Two estimates treat the censoring rightly. For exponential patience the likelihood has a simple
answer: all the time everybody waited, over the number who hung up. Without assuming a shape,
Kaplan and Meier's estimator gives the share of callers still willing to wait at each moment; the
difference between the two says whether the exponential, which Erlang A rests on, fits.

Source:
    E. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958);
    Greenwood's variance. Patience in call centres: Brown et al., JASA 100 (2005), section 5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.distributions import Exponential, Floats


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
    """Exponential patience fitted to censored waits."""

    distribution: Exponential
    mean_error_s: float
    """Standard error of the mean."""
    distance: float
    """Largest difference from the shape-free estimate where at least 30 callers are left."""
    abandoned: int
    """How many hung up: what the estimate rests on."""


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
    seen = survival(waits_s, abandoned)
    at_risk = len(waits_s) - np.searchsorted(np.sort(waits_s), seen.times_s)
    known = at_risk >= 30
    distances = np.abs(seen.shares - (1 - fitted.cdf(seen.times_s)))[known]
    return PatienceFit(
        distribution=fitted,
        mean_error_s=fitted.mean / math.sqrt(count),
        distance=float(distances.max(initial=0.0)),
        abandoned=count,
    )


def _checked(waits_s: Floats, abandoned: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.bool_]]:
    waits_s, abandoned = np.asarray(waits_s, dtype=np.float64), np.asarray(abandoned, dtype=bool)
    if waits_s.shape != abandoned.shape or waits_s.ndim != 1:
        raise ValueError("waits_s and abandoned must be two columns of one length")
    for index in np.flatnonzero(~(np.isfinite(waits_s) & (waits_s >= 0))):
        raise ValueError(f"wait {index} is {waits_s[index]}; waits must be 0 or more")
    if not abandoned.any():
        raise ValueError("nobody hung up: the records say nothing about where patience ends")
    return waits_s, abandoned
