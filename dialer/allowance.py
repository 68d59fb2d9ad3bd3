"""How many calls a campaign may start now, by its calls-per-second limit.

A bucket that refills at the limit and holds one second's worth, at least one call. All whole
numbers: the content is counted in millionths of a call, so that it is the same in every replay
wherever it runs. The pacer keeps a bucket of its own in floats; this one is the law.
"""

from dataclasses import dataclass

CALL = 1_000_000
"""One call, in millionths."""


@dataclass(slots=True)
class Allowance:
    """A bucket of calls, full at first."""

    per_ms: int  #: millionths of a call that come back each millisecond
    content: int = CALL
    filled_at_ms: int = 0

    @classmethod
    def of(cls, calls_per_s_max: float) -> "Allowance":
        """Make the bucket of a limit, rounded to a thousandth of a call a second."""
        per_ms = max(1, round(calls_per_s_max * 1_000))
        return cls(per_ms, content=max(CALL, per_ms * 1_000))

    def calls(self, at_ms: int) -> int:
        """Refill, and return how many calls may start now."""
        room = max(CALL, self.per_ms * 1_000)
        gained = (at_ms - self.filled_at_ms) * self.per_ms
        self.content = min(room, self.content + gained)
        self.filled_at_ms = at_ms
        return self.content // CALL

    def spend(self) -> None:
        """Take one call out."""
        self.content -= CALL
