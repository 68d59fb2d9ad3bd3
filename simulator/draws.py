"""Durations drawn one after another, in whole milliseconds.

Scenarios speak seconds, the centre integer milliseconds; here is where the one becomes the other.
"""

import numpy as np
from numpy.typing import NDArray

from simulator.distributions import Constant, Distribution, Drawer


class Draws:
    """An endless sequence of durations from one distribution and one stream."""

    __slots__ = ("_constant_ms", "_drawer")

    def __init__(self, distribution: Distribution, rng: np.random.Generator) -> None:
        is_constant = isinstance(distribution, Constant)
        self._constant_ms = to_ms(distribution.mean) if is_constant else -1
        self._drawer = Drawer(distribution, rng)

    def next_ms(self) -> int:
        """Return the next duration."""
        if self._constant_ms >= 0:
            return self._constant_ms
        return to_ms(self._drawer.next())


def to_ms(seconds: float) -> int:
    """Round seconds to milliseconds."""
    return round(seconds * 1_000)


def many_ms(distribution: Distribution, rng: np.random.Generator, count: int) -> list[int]:
    """Draw `count` durations at once."""
    seconds: NDArray[np.float64] = distribution.draw(rng, count)
    milliseconds: list[int] = np.rint(seconds * 1_000).astype(np.int64).tolist()
    return milliseconds
