"""Named streams of random numbers, one for each purpose of each day.

A simulated day draws for many purposes: when calls arrive, how long each is handled, how patient
each caller is, which agent stays at home. If all of them drew from one generator, a change in one
place (one more agent, another routing rule) would shift every later draw, and two variants of a day
could differ by luck alone. Here every purpose has a generator of its own, whose numbers depend only
on the seed, the day's index and the purpose's name. Two policies compared on the same seed
then meet the same callers (*common random numbers*), and the answer does not depend on which
stream was asked for first, nor on which of how many workers simulated the day.

The generator is Philox, a counter-based cipher: a 128-bit key selects one of 2**128 unrelated
sequences, so hashing the names into the key is enough and no stream needs to know of the others.
The numbers are those of the installed numpy; numpy promises equal raw bits for ever, equal
distributions only within a version.

Distributions live in `simulator.distributions`; what is drawn from which stream is decided by
whoever draws.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

_KEY_BYTES = 16
"""Philox takes a key of 128 bits."""


@dataclass(frozen=True, slots=True)
class Streams:
    """The random streams of one simulated day.

    Example:
        >>> monday = Streams(seed=7, day=0)
        >>> first = monday.stream("patience", "billing").random()
        >>> first == Streams(seed=7, day=0).stream("patience", "billing").random()
        True
        >>> first == Streams(seed=7, day=1).stream("patience", "billing").random()
        False
    """

    seed: int
    """Any integer; the same seed gives the same numbers everywhere."""
    day: int = 0
    """Which replication of the day this is, from 0."""

    def stream(self, purpose: str, *subjects: str) -> np.random.Generator:
        """Return a fresh generator, at its beginning, for one purpose.

        Args:
            purpose: What is drawn, such as `"patience"`; one purpose for each kind of draw.
            *subjects: Whose draws, such as a call type or an agent, where each needs a stream.
        """
        name = repr((int(self.seed), int(self.day), purpose, *subjects)).encode()
        key = int.from_bytes(hashlib.blake2b(name, digest_size=_KEY_BYTES).digest(), "little")
        return np.random.Generator(np.random.Philox(key=key))

    def on_day(self, day: int) -> Streams:
        """Return the streams of another day under the same seed."""
        return Streams(self.seed, day)
