"""Timers of a simulated day: things that are to happen at an instant, in order of time.

In a large centre thousands of timers run at once, one for each talk and each caller's patience. In
one heap every timer that runs out would lead through a dozen others all over the memory. So time is
cut into **spans** of about a second: a timer is put with the others of its span, unsorted, and only
the span at hand is a heap. A timer is touched when it is set and when its time comes.

SimPy keeps the clock: `Clock` is its environment, whose steps take timers beside its own events.
"""

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Any, TypeAlias

import simpy
from simpy.events import NORMAL

SPAN_BITS = 10
"""A span is 2**10 ms."""

NEVER_MS = 1 << 60
"""Later than any instant."""


class Timer:
    """Something that is to happen at an instant.

    SimPy's own events can also be waited for by processes, joined with others and made to fail;
    nobody does that to a timer, and a twin sets two or three of them for each call.
    """

    __slots__ = ("action", "at_ms", "value")

    def __init__(self, at_ms: int, action: "Action", subject: object) -> None:
        self.at_ms = at_ms
        self.action = action
        self.value: Any = subject  #: what it is about


Action: TypeAlias = Callable[[Timer], None]
"""What happens when a timer has run out."""


class Timers:
    """Timers by their instants; those of one instant in the order in which they were added."""

    __slots__ = ("_far", "_last_order", "_near", "_span", "_spans")

    def __init__(self) -> None:
        self._near: list[tuple[int, int, Timer]] = []  # a heap: those of the span at hand
        self._span = -1  # its number
        self._far: dict[int, list[Timer]] = {}  # by number: the spans after it
        self._spans: list[int] = []  # a heap of their numbers
        self._last_order = 0

    def add(self, timer: Timer) -> None:
        """Let a timer run."""
        span = timer.at_ms >> SPAN_BITS
        if span <= self._span:
            self._last_order += 1
            heappush(self._near, (timer.at_ms, self._last_order, timer))
            return
        others = self._far.get(span)
        if others is None:
            self._far[span] = [timer]
            heappush(self._spans, span)
        else:
            others.append(timer)

    @property
    def next_ms(self) -> int:
        """When the next timer runs out; `NEVER_MS` if none runs."""
        if not self._near:
            if not self._spans:
                return NEVER_MS
            self._open_next_span()
        return self._near[0][0]

    def pop(self) -> Timer:
        """Remove and return the next timer, for which `next_ms` has been asked."""
        return heappop(self._near)[2]

    def _open_next_span(self) -> None:
        self._span = heappop(self._spans)
        for timer in self._far.pop(self._span):
            self._last_order += 1
            self._near.append((timer.at_ms, self._last_order, timer))
        heapify(self._near)


class Clock(simpy.Environment):
    """SimPy's environment, in which timers run beside its events."""

    def __init__(self, start_ms: int, timers: Timers, elapse: Action) -> None:
        """Begin at an instant; `elapse` is called with every timer that has run out."""
        super().__init__(initial_time=start_ms)
        self._timers = timers
        self._elapse = elapse

    def peek(self) -> float:
        """Return when the next timer or event is due, infinity if there is none."""
        next_ms = self._timers.next_ms
        next_event: float = super().peek()
        return next_event if next_ms == NEVER_MS else min(next_ms, next_event)

    def step(self) -> None:
        """Let the next timer run out, or process the next event if that comes first."""
        next_ms, events = self._timers.next_ms, self._queue
        if next_ms == NEVER_MS or (events and events[0][:2] < (next_ms, NORMAL)):
            super().step()
        else:
            self._now = next_ms
            self._elapse(self._timers.pop())
