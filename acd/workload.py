"""An agent's busy time over the last hour, in twelve parts of five minutes.

Kept as a plain tuple: the number of the latest part, then the busy milliseconds of the latest
twelve, newest first. Coarse on purpose: it guards people from being burnt out, it does not bill.
"""

PART_MS = 300_000
PARTS = 12


def add_busy(recent: tuple[int, ...], since_ms: int, until_ms: int) -> tuple[int, ...]:
    """Add a stretch of busy time.

    Example:
        >>> add_busy((), 290_000, 310_000)[:3]
        (1, 10000, 10000)
    """
    last = until_ms // PART_MS
    parts = list(_aged(recent, last))
    for number in range(max(since_ms // PART_MS, last - PARTS + 1), last + 1):
        start_ms = max(since_ms, number * PART_MS)
        end_ms = min(until_ms, (number + 1) * PART_MS)
        parts[last - number] += end_ms - start_ms
    return (last, *parts)


def busy_ms(recent: tuple[int, ...], now_ms: int) -> int:
    """Return the busy time of the last hour, to five minutes."""
    return sum(_aged(recent, now_ms // PART_MS))


def _aged(recent: tuple[int, ...], last: int) -> tuple[int, ...]:
    if not recent:
        return (0,) * PARTS
    older = min(last - recent[0], PARTS)
    return (0,) * older + recent[1 : 1 + PARTS - older]
