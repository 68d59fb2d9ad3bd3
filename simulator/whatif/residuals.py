"""How much longer something lasts that has lasted a while already.

A conversation of five minutes is one of the long ones: what is left of it follows the part of its
distribution beyond five minutes. `residual_s` inverts that part at a given uniform number, so one
number a person is all that is drawn and two futures of one person agree.
"""

from __future__ import annotations

import numpy as np

from simulator.distributions import Distribution

_TAIL = 1e-9
"""Where fewer than this are left the model has nothing to say any more."""

_STEPS = 60
"""Halvings of the search: far below a millisecond."""

_LONGEST_S = 1e7
"""Nothing lasts longer: the search for an end stops here."""


def residual_s(distribution: Distribution, elapsed_s: float, uniform: float) -> float:
    """Return how much longer something lasts.

    Args:
        distribution: Of its whole duration.
        elapsed_s: How long it has lasted, 0 or more.
        uniform: A number from 0 to below 1, the same for the same person in every future.

    Returns:
        Seconds, 0 or more. Where it has outlasted all that the distribution allows, the mean: it
        will end, but nothing is known of when.

    Example:
        >>> from simulator.distributions import Exponential
        >>> round(residual_s(Exponential(100.0), 500.0, 0.5), 3)
        69.315
    """
    passed = _share_at_most(distribution, elapsed_s)
    left = 1.0 - passed
    if left < _TAIL:
        return distribution.mean
    wanted = passed + left * uniform
    low_s, high_s = elapsed_s, max(1.0, elapsed_s)
    while _share_at_most(distribution, high_s) <= wanted and high_s < _LONGEST_S:
        high_s *= 2
    for _ in range(_STEPS):
        middle_s = (low_s + high_s) / 2
        if _share_at_most(distribution, middle_s) > wanted:
            high_s = middle_s
        else:
            low_s = middle_s
    return max(0.0, high_s - elapsed_s)


def _share_at_most(distribution: Distribution, time_s: float) -> float:
    return float(distribution.cdf(np.array([time_s]))[0])
