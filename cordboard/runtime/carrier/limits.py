"""How many calls a second we start, and whose go first: under the account's own limit.

The carrier counts every call that a request creates, whether it is a call or a participant of a
room, and whomever it rings; calls that come in and what a document dials are not counted. What is
above the rate waits in a queue of the carrier's which knows no order but that of arrival: the
telephone of an agent for whom a caller waits would ring after fifty dials of a campaign. So nothing
is sent that would wait there. It waits here, and its turn comes by who waits for it.

Source: https://www.twilio.com/docs/glossary/cps (created by requests, not inbound, not dialled),
https://www.twilio.com/en-us/changelog/queue-time-now-returned-when-creating-new-conference-participant
(participants are counted as calls are).
"""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from itertools import count

_MILLI = 1_000

LATE_MS_MAX = 2_000
"""Whoever does not come back so long after they might is not waited for any more."""


class Waiting(IntEnum):
    """Who waits for a leg; the first here go first."""

    CALLER = 0  #: somebody is on the line
    STAFF = 1  #: an agent or a supervisor
    NOBODY = 2


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the line of those who asked in vain."""

    waiting: Waiting
    order: int
    due_ms: int  #: when they were told to ask again

    @property
    def rank(self) -> tuple[int, int]:
        """What the line is ordered by."""
        return self.waiting, self.order


class Limit:
    """A bucket that fills at a rate and holds one second's worth, at least one; many threads ask.

    Example:
        >>> limit = Limit(2.0, now_ms=lambda: 0)
        >>> [limit.wait_ms(key, Waiting.NOBODY) for key in ("a", "b", "c")]
        [0, 0, 500]
    """

    def __init__(self, per_s: float, now_ms: Callable[[], int]) -> None:
        """Begin with a full bucket.

        Args:
            per_s: Calls a second, above 0.
            now_ms: The time in which the rate is meant.
        """
        self._per_s = per_s
        self._now_ms = now_ms
        self._room = max(1.0, per_s)
        self._full = max(1.0, per_s)
        self._at_ms = now_ms()
        self._line: dict[str, _Place] = {}
        self._order = count()
        self._lock = threading.Lock()

    def wait_ms(self, key: str, waiting: Waiting) -> int:
        """Let a call start now, which is 0, or tell after how long to ask again.

        Whoever asked in vain keeps a place in the line: it is theirs when they ask again.

        Args:
            key: Who asks, the same every time.
            waiting: Who waits for it.
        """
        with self._lock:
            self._fill()
            old = self._line.pop(key, None)
            order = next(self._order) if old is None else old.order
            ahead = sum(place.rank < (waiting, order) for place in self._line.values())
            lacking = ahead + 1 - self._room
            if lacking <= 0:
                self._room -= 1.0
                return 0
            wait_ms = math.ceil(lacking / self._per_s * _MILLI)
            self._line[key] = _Place(waiting, order, self._at_ms + wait_ms)
            return wait_ms

    def leave(self, key: str) -> None:
        """Give up a place in the line, if there is one."""
        with self._lock:
            self._line.pop(key, None)

    def _fill(self) -> None:
        """Let time pass, and forget whoever did not come back."""
        now_ms = max(self._at_ms, self._now_ms())
        gained = self._per_s * (now_ms - self._at_ms) / _MILLI
        self._room = min(self._full, self._room + gained)
        self._at_ms = now_ms
        self._line = {
            key: place for key, place in self._line.items() if now_ms <= place.due_ms + LATE_MS_MAX
        }
