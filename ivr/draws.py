"""Draws that depend on a name alone: the same call always falls on the same side.

A split test and a gradual roll-out must treat a repeated webhook, a replayed journal and a second
machine alike, so nothing is drawn from a generator: the name itself is hashed.
"""

from hashlib import blake2b


def share_of(name: str) -> float:
    """Draw a number in [0, 1), evenly over names.

    Example:
        >>> share_of("call-1") == share_of("call-1")
        True
    """
    return int.from_bytes(blake2b(name.encode(), digest_size=6).digest(), "big") / 2**48
