"""Random draws as functions of the seed and of what they are for.

Each purpose has its own stream, named by the seed and words such as `("callee", number, 2)`: the
second dial of a number behaves the same however the threads around it are scheduled, and a new
draw for one purpose moves nobody else's.
"""

import random


def stream(seed: int, *names: str | int) -> random.Random:
    """Return the random stream with these names, at its beginning."""
    key = "/".join(str(part) for part in (seed, *names))
    return random.Random(key)  # noqa: S311  (modelled people, not secrets)
