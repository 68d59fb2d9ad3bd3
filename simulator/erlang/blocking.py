"""Erlang B: the share of calls that find every agent busy when nobody waits.

`1/B` is a finite sum of positive terms, and it is also a Poisson probability over a Poisson
distribution function. The sum converges quickly when the load exceeds the agents, the ratio is
well conditioned when it does not; together they hold to about 1e-13 at any size, without a
recursion over the agents. The logarithm is kept, because for large quiet teams B itself is below
the smallest float.

Source:
    A. K. Erlang (1917); the sum: D. L. Jagerman, "Some properties of the Erlang loss function",
    Bell System Technical Journal 53 (1974), eq. 5. Poisson probability without cancellation:
    C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from simulator.distributions import Floats

_STIRLING_FROM = 16.0
_NEGLIGIBLE_LOG = 42.0
"""Terms below exp(-42) of the largest do not change a double-precision sum."""


def erlang_b(*, load: float, agents: int) -> float:
    """Return the share of calls blocked in a loss system.

    Args:
        load: Offered load in erlangs, above 0.
        agents: Number of servers (agents or lines), 0 or more.

    Example:
        >>> round(erlang_b(load=10.0, agents=10), 6)
        0.214582
    """
    require_positive("load", load)
    require_count("agents", agents, least=0)
    return math.exp(log_erlang_b(load, agents))


def log_erlang_b(load: float, agents: int) -> float:
    """Return the logarithm of Erlang B, for a load above 0 and 0 or more agents."""
    if agents == 0:
        return 0.0
    if agents >= load:
        return log_poisson(agents, load) - math.log(special.gammaincc(agents + 1.0, load))
    return -math.log1p(float(np.cumprod(_falling_ratios(load, agents)).sum()))


def _falling_ratios(load: float, agents: int) -> Floats:
    """Ratios of successive terms of 1/B, as many as count: each at most agents/load, below one."""
    geometric = _NEGLIGIBLE_LOG / math.log(load / agents) if agents < load else math.inf
    count = int(min(agents, geometric + 1, math.sqrt(2 * _NEGLIGIBLE_LOG * load) + 1))
    return (agents - np.arange(count, dtype=np.float64)) / load


def log_poisson(count: float, mean: float) -> float:
    """Logarithm of the Poisson probability of `count` above 0, without cancelling large terms."""
    return -(
        count * excess(mean / count) + stirling_error(count) + 0.5 * math.log(2 * math.pi * count)
    )


def excess(ratio: float) -> float:
    """Return `ratio - 1 - log(ratio)`, accurate near one."""
    offset = ratio - 1.0
    return offset - (math.log1p(offset) if abs(offset) < 0.5 else math.log(ratio))


def stirling_error(x: float) -> float:
    """What Stirling's formula misses of `log gamma(x) + log x`, for `x` above 0.

    Source:
        Abramowitz and Stegun 6.1.41.
    """
    if x < _STIRLING_FROM:
        return math.lgamma(x) - ((x - 0.5) * math.log(x) - x + 0.5 * math.log(2 * math.pi))
    square = x * x
    series = 1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square
    return series / x


def require_positive(name: str, value: float) -> None:
    """Refuse anything but a finite number above 0."""
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be a number above 0, not {value!r}")


def require_count(name: str, value: int, *, least: int) -> None:
    """Refuse anything but a whole number of at least `least`."""
    if value != int(value) or value < least:
        raise ValueError(f"{name} must be a whole number of {least} or more, not {value!r}")
