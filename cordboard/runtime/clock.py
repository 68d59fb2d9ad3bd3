"""The one live clock: everything of ours that must know the time is given one of these.

Three times are kept apart. *Monotonic* time measures waits and never jumps. *Wall* time is what the
store's ids and the leads' calling windows are compared with; it may be stepped by its operator.
*Modelled* time is what the centre lives in: the journal's own, which runs `scale` times as fast as
monotonic time (1 live, more in a demonstration). Leases and time-outs of the network are never
scaled.
"""

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """What the runtime asks of a clock."""

    @property
    def scale(self) -> int:
        """Modelled milliseconds per real one."""
        ...

    def monotonic_ms(self) -> int:
        """Milliseconds of a clock that only goes on."""
        ...

    def wall_ms(self) -> int:
        """Unix time in milliseconds."""
        ...

    def wait(self, stop: threading.Event, wait_ms: int) -> bool:
        """Wait so long in real time, or until `stop` is set; tell whether it is."""
        ...


class LiveClock:
    """The machine's own clocks."""

    def __init__(self, scale: int = 1) -> None:
        if scale < 1:
            raise ValueError(f"the clock's scale is {scale}; it must be 1 or more")
        self._scale = scale

    @property
    def scale(self) -> int:
        """Modelled milliseconds per real one."""
        return self._scale

    def monotonic_ms(self) -> int:
        """Milliseconds of a clock that only goes on."""
        return time.monotonic_ns() // 1_000_000

    def wall_ms(self) -> int:
        """Unix time in milliseconds."""
        return time.time_ns() // 1_000_000

    def wait(self, stop: threading.Event, wait_ms: int) -> bool:
        """Wait so long in real time, or until `stop` is set; tell whether it is."""
        return stop.wait(wait_ms / 1_000)


class ModelledClock:
    """Estimates the journal's instant between two entries; the leader sets it, its threads read it.

    The estimate serves what is decided at the moment of execution (calling windows, the age of a
    command); no decision of the centre depends on it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._mark = (0, clock.monotonic_ms())

    def set(self, at_ms: int) -> None:
        """Note that the journal has reached `at_ms` now."""
        self._mark = (at_ms, self._clock.monotonic_ms())

    def now_ms(self) -> int:
        """Return about where the journal's time is."""
        at_ms, since_ms = self._mark
        return at_ms + self._clock.scale * (self._clock.monotonic_ms() - since_ms)
