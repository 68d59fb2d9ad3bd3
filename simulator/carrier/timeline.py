"""One order for everything that happens: a SimPy environment behind one lock.

The exchange is a set of SimPy processes (a call executing TwiML, a person thinking, a ring timing
out). SimPy gives them a total order by time and sequence; this module ties that order to a `Clock`
and lets the outside in:

* whoever enters from a thread (a REST request, a webhook's answer) takes `held()`: the environment
  first catches up with the clock, then the newcomer acts, then what became due at once is run;
* one scheduler thread sleeps until the next event is due, or until `held()` brought an earlier one;
* work that happens outside (a webhook under way) is counted, so that stepping by hand lets no
  modelled time pass while an answer is outstanding. This makes stepped runs repeatable.

A process that fails is a defect of the stand-in: it is kept in `failures` for tests to look at and
logged, and the other calls go on.
"""

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import simpy

from simulator.carrier.clock import Clock, StepClock

LOG = logging.getLogger(__name__)

#: A process of the exchange: yields SimPy events, may return something to `yield from`.
Steps = Generator[simpy.Event, Any, Any]


class Timeline:
    """Run SimPy processes against a clock, under one lock that the outside shares."""

    def __init__(self, clock: Clock, epoch: datetime | None = None) -> None:
        self.clock = clock
        self.environment = simpy.Environment()
        self.failures: list[Exception] = []
        self._epoch = (epoch or datetime.now(UTC)).replace(microsecond=0)
        self._changed = threading.Condition(threading.RLock())
        self._outside = 0
        self._wakes_at_s = 0.0
        self._stopping = False
        self._thread: threading.Thread | None = None

    # -- reading time ------------------------------------------------------------------------

    @property
    def now_s(self) -> float:
        """Modelled seconds since the start, as the processes see it."""
        return float(self.environment.now)

    @property
    def is_stepped(self) -> bool:
        """Whether time moves by hand only."""
        return isinstance(self.clock, StepClock)

    def instant(self, at_s: float | None = None) -> datetime:
        """Return the calendar instant of a modelled second (default: now), in UTC."""
        return self._epoch + timedelta(seconds=self.now_s if at_s is None else at_s)

    # -- for processes, which run with the lock already held ---------------------------------

    def event(self) -> simpy.Event:
        """Return an event that nobody has triggered yet."""
        return self.environment.event()

    def sleep(self, seconds: float) -> simpy.Event:
        """Return an event that happens after `seconds`, at once when that is not above 0."""
        return self.environment.timeout(max(0.0, seconds))

    def spawn(self, steps: Steps) -> simpy.Process:
        """Start a process; its failure is recorded and does not stop the others."""
        return self.environment.process(self._guarded(steps))

    def later(self, seconds: float, act: Callable[[], object]) -> "Alarm":
        """Do something after `seconds`, unless the returned alarm is cancelled first."""
        return Alarm(self.sleep(seconds), act)

    def _guarded(self, steps: Steps) -> Steps:
        try:
            return (yield from steps)
        except Exception as failure:  # noqa: BLE001  (a defect of one call must not stop time)
            self._failed(failure)
            return None

    def settle(self) -> None:
        """Run what is due now, so that a request can show its own effect."""
        self._catch_up()

    # -- for the outside ---------------------------------------------------------------------

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the exchange still: catch up with the clock, act, run what became due at once."""
        with self._changed:
            self._catch_up()
            try:
                yield
            finally:
                self._catch_up()
                if self.environment.peek() < self._wakes_at_s or self._outside == 0:
                    self._changed.notify_all()

    def leave(self) -> None:
        """Note that work has gone outside (a webhook is under way). Call it with the lock held."""
        self._outside += 1

    def returned(self) -> None:
        """Note that outside work has come back. Call it with the lock held."""
        self._outside -= 1

    def wait_until(self, holds: Callable[[], bool], *, within_wall_s: float) -> bool:
        """Wait, in wall time, until something holds; checked whenever the exchange changes."""
        deadline = time.monotonic() + within_wall_s
        with self._changed:
            while not holds():
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    return False
                self._changed.wait(min(remaining, 0.05))
            return True

    def advance(self, seconds: float, *, within_wall_s: float = 20.0) -> None:
        """Turn a `StepClock` forward, event by event, waiting for every webhook on the way.

        Raises:
            TimeoutError: A webhook was still unanswered after `within_wall_s` of wall time.
        """
        clock = self.clock
        assert isinstance(clock, StepClock), "only a StepClock is moved by hand"
        until_s = clock.now_s() + seconds
        while True:
            if not self.wait_until(lambda: self._outside == 0, within_wall_s=within_wall_s):
                raise TimeoutError(f"a webhook had no answer within {within_wall_s} s")
            with self._changed:
                self._catch_up()
                if self._outside:
                    continue
                next_s = self.environment.peek()
                clock.move_to(min(max(next_s, clock.now_s()), until_s))
                self._catch_up()
                if next_s > until_s and not self._outside:
                    return

    # -- the scheduler thread ----------------------------------------------------------------

    def start(self) -> None:
        """Start the thread that wakes when the next event is due; not needed to step by hand."""
        self._thread = threading.Thread(target=self._run, name="carrier-timeline", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; events still ahead never happen."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        with self._changed:
            while not self._stopping:
                self._catch_up()
                self._wakes_at_s = self.environment.peek()
                wall_s = (
                    None
                    if self._wakes_at_s == float("inf")
                    else self.clock.wall_s_until(self._wakes_at_s)
                )
                self._changed.wait(wall_s)

    def _catch_up(self) -> None:
        environment = self.environment
        now_s = self.clock.now_s()
        while environment.peek() <= now_s:
            self._step()
        if now_s > environment.now:
            # An event of our own brings SimPy's clock here: `run(until=...)` would leave one
            # behind that is always due.
            environment.timeout(now_s - environment.now)
            self._step()

    def _step(self) -> None:
        """Run one event; a failing alarm is recorded like a failing process, and time goes on."""
        try:
            self.environment.step()
        except Exception as failure:  # noqa: BLE001  (a defect of one call must not stop time)
            self._failed(failure)

    def _failed(self, failure: Exception) -> None:
        self.failures.append(failure)
        LOG.error("a process of the carrier stand-in failed", exc_info=failure)


class Alarm:
    """Something to be done later that can be cancelled."""

    __slots__ = ("_act",)

    def __init__(self, timeout: simpy.Event, act: Callable[[], object]) -> None:
        self._act: Callable[[], object] | None = act
        assert timeout.callbacks is not None
        timeout.callbacks.append(self._ring)

    def cancel(self) -> None:
        """Make sure it is not done any more; harmless when it was."""
        self._act = None

    def _ring(self, _timeout: simpy.Event) -> None:
        act, self._act = self._act, None
        if act is not None:
            act()
