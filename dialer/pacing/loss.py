"""What one more call would cost: the probability that its answer finds every agent taken.

A new call that is answered s seconds from now is lost when Y(s) others need an agent by then and
only K agents serve. Y(s) is a sum of independent coins with known odds: calls on the way that may
be answered by s, and busy agents who may not be free by s plus the grace. With n further new calls,
each answered by s with probability q(s), the loss of the next one is

    loss(n) = sum over s of g(s) P(Y(s) + new coins(n) >= K),

where g is the law of the answer time. `grow` starts the largest n with loss(n - 1) <= theta.

For K up to `ROOM_EXACT_MAX` the law of the sum is exact: the product of the coins' generating
functions at the roots of unity is the transform of their convolution, and P(sum < K) is linear in
it, so no inverse transform is taken. A normal law loses up to six points of utilisation at five
agents. Above, the normal law with a skewness term is as good and cheaper, and the uncertainty of
the answer rate enters its variance.

Source: one-term Edgeworth expansion, Abramowitz and Stegun 26.2.48.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from dialer.pacing.hazards import Floats

#: Up to this many agents the law of the counts is exact.
ROOM_EXACT_MAX = 24

Complexes = NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class Growth:
    """How many calls the threshold allows, and what the next one would cost."""

    calls: int
    loss_next: float


class CountLaw(Protocol):
    """The law of Y(s) at all answer times at once, with calls added one after the other."""

    def loss(self, new_calls: int) -> float:
        """Return the loss of one more call after `new_calls` new ones."""


class ExactLaw:
    """The exact law of the counts, for small floors."""

    def __init__(self, coins: Floats, room: int, new: Floats, weights: Floats) -> None:
        """Prepare the transform; `count_law` describes the arguments."""
        size = self._size(coins, room, len(new))
        self._shifted, self._below = _transform(size, min(room, size))
        self._product = np.multiply.reduce(1.0 + coins[:, :, None] * self._shifted, axis=0)
        self._new, self._weights, self._added = new, weights, 0

    @staticmethod
    def _size(coins: Floats, room: int, new_calls: int) -> int:
        """Return a transform length that no count worth mentioning wraps around."""
        count_max = len(coins) + new_calls
        mean = float(coins.sum(axis=0).max(initial=0.0)) + new_calls
        likely_max = int(mean + 9.0 * np.sqrt(mean + 1.0)) + room
        return 8 * (min(count_max, likely_max) // 8 + 1)

    def loss(self, new_calls: int) -> float:
        """Return the loss of one more call after `new_calls` new ones; the number never falls."""
        for call in range(self._added, new_calls):
            self._product = self._product * (1.0 + self._new[call][:, None] * self._shifted)
        self._added = new_calls
        below = (self._product @ self._below).real
        return float(self._weights @ (1.0 - below))


@lru_cache(maxsize=512)
def _transform(size: int, room: int) -> tuple[Complexes, Complexes]:
    """Return (roots of unity - 1) and the row that turns a transform into P(sum < room).

    Half of the spectrum suffices, because the law is real.
    """
    steps = np.arange(size // 2 + 1)
    cells = np.exp(2j * np.pi * np.outer(steps, np.arange(room)) / size).sum(axis=1)
    halves = np.where((steps == 0) | (2 * steps == size), 1.0, 2.0)
    return np.exp(-2j * np.pi * steps / size) - 1.0, cells * halves / size


class NormalLaw:
    """The normal law of the counts with a skewness term, for larger floors."""

    def __init__(
        self, coins: Floats, room: int, new: Floats, weights: Floats, relative_error: float
    ) -> None:
        """Sum the cumulants; `count_law` describes the arguments."""
        self._room, self._weights, self._relative_error = room, weights, relative_error
        self._base = [moment.sum(axis=0) for moment in _cumulants(coins)]
        self._new = [
            np.concatenate((np.zeros((1, new.shape[1])), np.cumsum(moment, axis=0)))
            for moment in _cumulants(new)
        ]

    def loss(self, new_calls: int) -> float:
        """Return the loss of one more call after `new_calls` new ones."""
        mean, variance, third = (
            base + new[new_calls] for base, new in zip(self._base, self._new, strict=True)
        )
        variance = variance + (self._relative_error * self._new[0][new_calls]) ** 2
        deviation = np.sqrt(np.maximum(variance, 1e-9))
        z = (self._room - 0.5 - mean) / deviation
        density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
        skewness = third / deviation**3
        tail = 1.0 - ndtr(z) - skewness / 6.0 * (1.0 - z * z) * density
        return float(self._weights @ np.minimum(1.0, np.maximum(0.0, tail)))


def _cumulants(coins: Floats) -> tuple[Floats, Floats, Floats]:
    """Return mean, variance and third central moment of each coin."""
    variance = coins * (1.0 - coins)
    return coins, variance, variance * (1.0 - 2.0 * coins)


def count_law(
    coins: Floats, room: int, new: Floats, weights: Floats, relative_error: float
) -> CountLaw:
    """Return the law that suits the floor's size.

    Args:
        coins: (n_coins, n_times) probability of each coin at each answer time.
        room: K, the agents who serve.
        new: (n_new, n_times) the same of each call that might be started, in order.
        weights: (n_times,) the law g of the answer time; they sum to 1.
        relative_error: Standard error of the answer rate, relative to it. It moves all new calls
            together, so it adds to the variance with the square of their number.
    """
    if room <= ROOM_EXACT_MAX:
        return ExactLaw(coins, room, new, weights)
    return NormalLaw(coins, room, new, weights, relative_error)


def grow(law: CountLaw, threshold: float, calls_max: int) -> Growth:
    """Start the largest number of calls whose last one costs at most `threshold`.

    The loss grows with each call, so the number is found by going up: most decisions start none or
    one, and a burst is bounded by the carrier's rate.
    """
    calls, loss = 0, law.loss(0)
    while calls < calls_max and loss <= threshold:
        calls += 1
        loss = law.loss(calls)
    return Growth(calls, loss)
