"""Draws that depend on a name alone: the same call always falls on the same side.

A split test and a gradual roll-out must treat a repeated webhook, a replayed journal and a second
machine alike, so nothing is drawn from a generator: the name itself is hashed.
"""

from bisect import bisect_right
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate


def share_of(name: str) -> float:
    """Draw a number in [0, 1), evenly over names.

    Example:
        >>> share_of("call-1") == share_of("call-1")
        True
    """
    return int.from_bytes(blake2b(name.encode(), digest_size=6).digest(), "big") / 2**48


def side_of(drawn: float, percents: Sequence[int]) -> int:
    """Say on which side a draw falls.

    Args:
        drawn: A number in [0, 1).
        percents: The sides' shares, which add up to 100.

    Example:
        >>> side_of(0.29, [30, 70]), side_of(0.3, [30, 70])
        (0, 1)
    """
    return bisect_right(list(accumulate(percents)), drawn * 100)
