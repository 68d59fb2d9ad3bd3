"""The order in which commands are carried out: many at a time, but those about one thing in turn.

A command belongs to the lane of what it is about: an agent's leg, a customer's call, a campaign.
Within a lane the next one waits until the one before is settled, so "end this leg" is never sent
before it is known whether the leg exists. Lanes do not wait for each other.

A command may be put off (the carrier is busy, an outcome is not known yet); its lane waits for it.
What arrives behind it wakes it up: it may be pointless by now, or its outcome may be known. Whoever
carries it out sees what waits behind it: an offer followed by its own end need not ring anybody.
"""

import heapq
import threading
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


class Lanes(Generic[_Item]):
    """A monitor shared by one reader of the outbox and several threads that carry out."""

    def __init__(self, monotonic_ms: Callable[[], int]) -> None:
        self._monotonic_ms = monotonic_ms
        self._changed = threading.Condition()
        self._lanes: dict[str, deque[_Item]] = {}  #: the head is being carried out or put off
        self._ready: list[tuple[int, int, str]] = []  #: (not before, order, lane)
        self._scheduled: dict[str, int] = {}  #: lane -> order of its valid place in `_ready`
        self._order = count()
        self._is_closed = False

    def put(self, lane: str, item: _Item) -> None:
        """Add an item at the end of its lane. A head that was put off is tried again at once."""
        with self._changed:
            waiting = self._lanes.setdefault(lane, deque())
            waiting.append(item)
            if len(waiting) == 1 or lane in self._scheduled:
                self._schedule(lane, self._monotonic_ms())

    def take(self) -> tuple[str, _Item] | None:
        """Wait for an item that may be carried out now; None when closed."""
        with self._changed:
            while not self._is_closed:
                self._drop_stale()
                wait_ms = self._ready[0][0] - self._monotonic_ms() if self._ready else None
                if wait_ms is not None and wait_ms <= 0:
                    lane = heapq.heappop(self._ready)[2]
                    del self._scheduled[lane]
                    return lane, self._lanes[lane][0]
                self._changed.wait(None if wait_ms is None else wait_ms / 1_000)
            return None

    def behind(self, lane: str) -> list[_Item]:
        """Return what waits behind the item that is being carried out."""
        with self._changed:
            return list(self._lanes[lane])[1:]

    def finish(self, lane: str) -> None:
        """Note that the item that was taken is settled; the next one of its lane may go."""
        with self._changed:
            waiting = self._lanes[lane]
            waiting.popleft()
            if waiting:
                self._schedule(lane, self._monotonic_ms())
            else:
                del self._lanes[lane]

    def put_off(self, lane: str, wait_ms: int) -> None:
        """Give the item that was taken back, not to be taken again before `wait_ms` are over."""
        with self._changed:
            self._schedule(lane, self._monotonic_ms() + wait_ms)

    def close(self) -> None:
        """Let every waiting `take` return None; items that were taken may still be finished."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def __len__(self) -> int:
        """Return how many items are not settled."""
        with self._changed:
            return sum(len(waiting) for waiting in self._lanes.values())

    def _schedule(self, lane: str, not_before_ms: int) -> None:
        """Give a lane its place among the ready; an earlier place becomes stale."""
        order = next(self._order)
        self._scheduled[lane] = order
        heapq.heappush(self._ready, (not_before_ms, order, lane))
        self._changed.notify()

    def _drop_stale(self) -> None:
        while self._ready and self._scheduled.get(self._ready[0][2]) != self._ready[0][1]:
            heapq.heappop(self._ready)
