"""How many calls a second we start: under the account's own limit, in modelled time."""

import threading
from collections.abc import Callable

_MILLI = 1_000


class Limit:
    """A bucket that fills at a rate and holds one second's worth, at least one.

    Example:
        >>> limit = Limit(2.0, now_ms=lambda: 0)
        >>> [limit.allows_one() for _ in range(3)]
        [True, True, False]
    """

    def __init__(self, per_s: float, now_ms: Callable[[], int]) -> None:
        self._per_s = per_s
        self._now_ms = now_ms
        self._room = max(1.0, per_s)
        self._full = max(1.0, per_s)
        self._at_ms = now_ms()
        self._lock = threading.Lock()

    def allows_one(self) -> bool:
        """Take one from the bucket, or tell that it is empty."""
        with self._lock:
            at_ms = self._now_ms()
            gained = self._per_s * max(0, at_ms - self._at_ms) / _MILLI
            self._room = min(self._full, self._room + gained)
            self._at_ms = at_ms
            if self._room < 1.0:
                return False
            self._room -= 1.0
            return True
