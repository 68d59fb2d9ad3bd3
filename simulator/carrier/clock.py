"""Where modelled time comes from: the wall clock at some speed, or a hand that turns it.

All behaviour in the stand-in (rings, speech, patience, time-outs of verbs) is in *modelled*
seconds since the start. Only HTTP time-outs are wall time, because the application under test is
real. A clock says what time it is and how long to wait for an instant; it never calls anybody.
"""

import time
from typing import Protocol


class Clock(Protocol):
    """The seam between modelled time and whatever drives it."""

    def now_s(self) -> float:
        """Return modelled seconds since the start; never runs backwards."""
        ...

    def wall_s_until(self, at_s: float) -> float | None:
        """Return wall seconds until a modelled instant, or None if only a hand moves time."""
        ...


class WallClock:
    """Modelled time that runs `speed` times as fast as the wall clock."""

    def __init__(self, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError(f"speed is {speed}; it must be above 0, such as 1 for real time")
        self.speed = speed
        self._origin_s = time.monotonic()

    def now_s(self) -> float:
        """Return modelled seconds since this clock was made."""
        return (time.monotonic() - self._origin_s) * self.speed

    def wall_s_until(self, at_s: float) -> float | None:
        """Return the wall seconds until `at_s`, 0 if it has passed."""
        return max(0.0, (at_s - self.now_s()) / self.speed)


class StepClock:
    """Modelled time that stands still until `Timeline.advance` moves it: for tests."""

    def __init__(self) -> None:
        self._now_s = 0.0

    def now_s(self) -> float:
        """Return the instant it was last moved to."""
        return self._now_s

    def wall_s_until(self, at_s: float) -> float | None:  # noqa: ARG002  (the protocol's form)
        """Return None: no wait makes this clock move."""
        return None

    def move_to(self, at_s: float) -> None:
        """Turn the hand forward to `at_s`."""
        assert at_s >= self._now_s, "modelled time never runs backwards"
        self._now_s = at_s
