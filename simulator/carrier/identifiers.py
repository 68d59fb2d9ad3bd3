"""Names of things: two letters and 32 hexadecimal digits, as functions of the seed.

The carrier's identifiers look random; here the n-th call of a run has the same name in every run
with the same seed, so that two recordings can be compared line by line.
"""

import hashlib
from collections import Counter


class Identifiers:
    """Mint the identifiers of one run."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._minted: Counter[str] = Counter()

    def mint(self, prefix: str) -> str:
        """Return the next identifier with a prefix such as `CA` (call) or `QU` (queue)."""
        self._minted[prefix] += 1
        return named(prefix, f"{self._seed}/{self._minted[prefix]}")


def named(prefix: str, name: str) -> str:
    """Return the identifier that belongs to a name, for things that exist from the start."""
    return prefix + hashlib.sha256(f"{prefix}/{name}".encode()).hexdigest()[:32]
