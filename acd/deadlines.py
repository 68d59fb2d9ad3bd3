"""Deadlines: one heap of what falls due when, shared by everything in the centre that waits.

A ring that times out, a wrap-up that ends, a longest wait: each is one entry `(due_ms, ticket,
kind, key)`. The heap orders by instant, then by ticket, a number that only grows, so two deadlines
of one instant fire in the order in which they were set and nothing further is ever compared.

`kind` says what is to happen, and so who owns the deadline (the distributor and the dialer share
one heap; see `Engine.is_mine`). `key` names the record it is about. Entries are plain, so a
snapshot holds them as they are.

**Late insertion.** Most deadlines are cancelled soon after they were set: the caller is in the
room, the agent has answered. So a new one waits beside the heap until somebody asks what is due,
and goes into the heap only if it still counts then. What was cancelled before never gets there.

**Lazy deletion.** `cancel` forgets the ticket and leaves the entry in the heap; whoever meets it at
the top drops it. Cancelled entries never outnumber the live ones by more than `SLACK`: beyond that
the heap is rebuilt, at a cost that the cancellations before have paid for.

The clock does not live here: the shell asks `next_due_ms` and brings a tick when that instant has
come.
"""

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import TypeAlias, cast

from acd.messages import EngineError

Due: TypeAlias = tuple[int, int, str, str]
"""One deadline: the instant, its ticket, what is to happen, to which record."""

SLACK = 64
"""Cancelled entries that are tolerated beyond the number of live ones."""

NO_TICKET = 0
"""A ticket that no deadline ever has: nothing is set."""

_NEVER_MS = 1 << 60
"""Later than any instant."""


class Deadlines:
    """A due-heap with cancellation.

    Example:
        >>> deadlines = Deadlines()
        >>> ticket = deadlines.put(15_000, "ring", "1.7")
        >>> deadlines.next_due_ms
        15000
        >>> deadlines.pop(14_999)
        >>> deadlines.pop(15_000)
        (15000, 1, 'ring', '1.7')
    """

    __slots__ = ("_fresh", "_fresh_due_ms", "_heap", "_last_ticket", "_live")

    def __init__(self) -> None:
        self._heap: list[Due] = []
        self._fresh: list[Due] = []  # not in the heap yet
        self._fresh_due_ms = _NEVER_MS  # no fresh one is due before
        self._live: dict[int, None] = {}
        self._last_ticket = NO_TICKET

    def __len__(self) -> int:
        """Count the deadlines that will still fire."""
        return len(self._live)

    @property
    def garbage(self) -> int:
        """Cancelled entries that are still kept."""
        return len(self._heap) + len(self._fresh) - len(self._live)

    @property
    def next_due_ms(self) -> int | None:
        """The instant of the next deadline, or None when nothing is waited for."""
        if self._fresh:
            self._sort_in()
        heap, live = self._heap, self._live
        while heap:
            due_ms, ticket, _, _ = heap[0]
            if ticket in live:
                return due_ms
            heappop(heap)
        return None

    def put(self, due_ms: int, kind: str, key: str) -> int:
        """Set a deadline and return its ticket, by which it can be cancelled."""
        ticket = self._last_ticket = self._last_ticket + 1
        self._live[ticket] = None
        self._fresh.append((due_ms, ticket, kind, key))
        self._fresh_due_ms = min(self._fresh_due_ms, due_ms)
        return ticket

    def cancel(self, ticket: int) -> None:
        """Forget a deadline. One that fired, was cancelled before or is `NO_TICKET` is ignored."""
        live = self._live
        if ticket and ticket in live:
            del live[ticket]
            if self.garbage > len(live) + SLACK:
                self._sort_in()
                self._heap = [due for due in self._heap if due[1] in live]
                heapify(self._heap)

    def pop(self, at_ms: int) -> Due | None:
        """Remove and return the next deadline that is due at or before `at_ms`, if there is one.

        Cost: for every event of the centre, so two comparisons when nothing is due.
        """
        if self._fresh_due_ms <= at_ms:
            self._sort_in()
        heap = self._heap
        while heap and heap[0][0] <= at_ms:
            due = heappop(heap)
            if self._live.pop(due[1], 0) is None:
                return due
        return None

    def _sort_in(self) -> None:
        """Bring the fresh deadlines that still count into the heap."""
        heap, live = self._heap, self._live
        for due in self._fresh:
            if due[1] in live:
                heappush(heap, due)
        self._fresh.clear()
        self._fresh_due_ms = _NEVER_MS

    def is_set(self, ticket: int) -> bool:
        """Tell whether the deadline of this ticket will still fire."""
        return ticket in self._live

    def to_plain(self) -> dict[str, object]:
        """Return the live deadlines, in the order in which they will fire, as plain data."""
        live = sorted(due for due in (*self._heap, *self._fresh) if due[1] in self._live)
        return {"last_ticket": self._last_ticket, "due": [list(due) for due in live]}

    def restore(self, plain: Mapping[str, object]) -> None:
        """Replace everything by what `to_plain` returned.

        Raises:
            EngineError: The data was not made by `to_plain`; the snapshot is damaged.
        """
        try:
            rows = cast("Sequence[Due]", plain["due"])
            heap = [(int(row[0]), int(row[1]), str(row[2]), str(row[3])) for row in rows]
            self._last_ticket = int(cast("int", plain["last_ticket"]))
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise EngineError(f"deadlines of a snapshot cannot be read: {error!r}") from error
        self._heap = heap
        heapify(self._heap)
        self._fresh, self._fresh_due_ms = [], _NEVER_MS
        self._live = {due[1]: None for due in sorted(heap)}
