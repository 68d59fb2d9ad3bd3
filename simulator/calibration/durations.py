"""The distribution of recorded durations, chosen among those the scenarios know.

Exponential, gamma, lognormal and Weibull are fitted by maximum likelihood and the likeliest is
chosen, with Akaike's penalty for each free figure. How well even the best one fits is the
Kolmogorov-Smirnov distance: the largest difference between recorded and fitted shares. A distance
of 0.03 moves no staffing plan; for a distance above a tenth take the recorded values themselves
(`empirical`). Anderson and Darling's distance is given beside it, because a wrong tail hides from
the other.

Because the distributions are fitted to the same values they are tested on, the usual p-value is
too kind; it is given for comparison between fits, not as proof.

Source:
    A. Law, "Simulation Modeling and Analysis", sections 6.5 and 6.6. T. Anderson, D. Darling, "A
    test of goodness of fit", JASA 49 (1954). Brown et al., "Statistical analysis of a telephone
    call center", JASA 100 (2005): handle times are close to lognormal.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from simulator.distributions import (
    Distribution,
    Exponential,
    Floats,
    Gamma,
    Lognormal,
    Weibull,
)

_LEAST = 20
"""Fewer values than this say too little about a shape."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted distribution and how well it fits."""

    distribution: Distribution
    distance: float
    """Largest difference between recorded and fitted shares, 0 to 1."""
    p_value: float
    """Chance of a larger distance, were the fit the truth (too kind: see the module)."""
    anderson: float
    """Anderson and Darling's distance, which looks hardest at the tails; grows with the number."""
    score: float
    """Akaike's criterion: lower is better, comparable between fits of the same values."""


def fit_durations(values: Floats) -> list[Fit]:
    """Fit every kind of distribution to recorded durations, best first.

    Args:
        values: Durations in seconds, each above 0: (n,), n at least 20.

    Raises:
        ValueError: Too few values, or one that is not above 0.
    """
    values = np.asarray(values, dtype=np.float64)
    if len(values) < _LEAST:
        raise ValueError(f"{len(values)} durations are too few to fit; {_LEAST} are the least")
    for index in np.flatnonzero(~(np.isfinite(values) & (values > 0))):
        raise ValueError(f"duration {index} is {values[index]}; durations must be above 0")
    kinds: list[Callable[[Floats], tuple[Distribution, float]]] = [
        _exponential,
        _gamma,
        _lognormal,
        _weibull,
    ]
    return sorted((_judged(values, *kind(values)) for kind in kinds), key=lambda fit: fit.score)


def _judged(values: Floats, distribution: Distribution, log_likelihood: float) -> Fit:
    figures = 1 if isinstance(distribution, Exponential) else 2
    distance = _distance(values, distribution)
    return Fit(
        distribution=distribution,
        distance=distance,
        p_value=float(stats.kstwo.sf(distance, len(values))),
        anderson=_anderson(values, distribution),
        score=2 * figures - 2 * log_likelihood,
    )


def _distance(values: Floats, distribution: Distribution) -> float:
    """Return the largest difference between recorded and fitted shares (Kolmogorov-Smirnov)."""
    fitted = distribution.cdf(np.sort(values))
    steps = np.arange(len(values) + 1) / len(values)
    return float(max((steps[1:] - fitted).max(), (fitted - steps[:-1]).max()))


def _anderson(values: Floats, distribution: Distribution) -> float:
    """Return the squared difference of shares, weighed by how sure each is (Anderson-Darling)."""
    fitted = np.clip(distribution.cdf(np.sort(values)), 1e-12, 1 - 1e-12)
    odd = 2 * np.arange(1, len(values) + 1) - 1
    return float(-len(values) - np.mean(odd * (np.log(fitted) + np.log1p(-fitted[::-1]))))


def _exponential(values: Floats) -> tuple[Distribution, float]:
    mean = float(values.mean())
    return Exponential(mean), -len(values) * (math.log(mean) + 1)


def _lognormal(values: Floats) -> tuple[Distribution, float]:
    logs = np.log(values)
    centre, sd = float(logs.mean()), max(float(logs.std()), 1e-9)
    mean = math.exp(centre + sd**2 / 2)
    likelihood = -len(values) * (math.log(sd) + 0.5 * math.log(2 * math.pi) + 0.5 + centre)
    return Lognormal(mean=mean, sd=mean * math.sqrt(math.expm1(sd**2))), likelihood


def _gamma(values: Floats) -> tuple[Distribution, float]:
    """Solve log(shape) - digamma(shape) = log(mean) - mean(log), which has one root."""
    mean, mean_log = float(values.mean()), float(np.log(values).mean())
    gap = max(math.log(mean) - mean_log, 1e-12)
    shape = float(
        optimize.brentq(lambda s: math.log(s) - special.digamma(s) - gap, 1e-3 / gap, 2 / gap + 1)
    )
    scale = mean / shape
    each = (shape - 1) * mean_log - shape - special.gammaln(shape) - shape * math.log(scale)
    return Gamma(mean=mean, sd=mean / math.sqrt(shape)), float(len(values) * each)


def _weibull(values: Floats) -> tuple[Distribution, float]:
    """Solve the shape's likelihood equation, which is monotone; the scale follows."""
    logs = np.log(values)
    mean_log = float(logs.mean())
    top = float(logs.max())

    def slope(shape: float) -> float:
        powers = np.exp(shape * (logs - top))
        return float(powers @ logs / powers.sum()) - 1 / shape - mean_log

    shape = float(optimize.brentq(slope, 1e-2, 1e3))
    log_scale = top + math.log(float(np.exp(shape * (logs - top)).mean())) / shape
    each = math.log(shape) - log_scale + (shape - 1) * (mean_log - log_scale) - 1
    mean = math.exp(log_scale) * math.gamma(1 + 1 / shape)
    return Weibull(mean=mean, shape=shape), len(values) * each
