"""How long a caller will wait, from how fast their queue served lately: what callers are told."""

import math
from collections.abc import Sequence

CONNECTIONS_KEPT = 20
"""How many of a queue's latest connections tell how fast it serves."""

CONNECTIONS_MIN = 5
"""With fewer there is nothing honest to say about a wait."""

_LIFE_MS = 30 * 60_000
"""Connections older than this say nothing about now."""


def estimate_ms(position: int, connected_at_ms: Sequence[int]) -> tuple[int | None, int | None]:
    """Return the quartiles of the wait of the call at `position`, by how fast its queue served.

    If connections come at a steady rate, the wait until the k-th is gamma distributed with shape k;
    its quartiles by the approximation of Wilson and Hilferty.

    Args:
        position: 1 is next.
        connected_at_ms: The instants of the queue's latest connections, ascending.

    Returns:
        Lower and upper quartile, or twice None when too little is known.

    Source: E. B. Wilson and M. M. Hilferty, "The distribution of chi-square", Proceedings of the
        National Academy of Sciences 17 (1931) 684-688.

    Example:
        >>> estimate_ms(4, [0, 30_000, 60_000, 90_000, 120_000])
        (76275, 153122)
        >>> estimate_ms(1, [0, 60_000])
        (None, None)
    """
    newest = connected_at_ms[-1] if connected_at_ms else 0
    recent = [at_ms for at_ms in connected_at_ms if at_ms > newest - _LIFE_MS]
    if len(recent) < CONNECTIONS_MIN:
        return None, None
    gap_ms = (recent[-1] - recent[0]) / (len(recent) - 1)
    quartile = 0.6745 / (3 * math.sqrt(position))
    base = 1 - 1 / (9 * position)
    low, high = (position * gap_ms * (base + z) ** 3 for z in (-quartile, quartile))
    return max(0, round(low)), round(high)
