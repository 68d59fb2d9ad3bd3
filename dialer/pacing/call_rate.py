"""The carrier's calls-per-second limit, kept on our side so that nothing queues at the carrier.

A carrier that is given more calls than its rate does not refuse them: it queues them, and they are
answered when the agents they were meant for are gone. So the pacer spends from a bucket that
refills at the carrier's rate and holds one second's worth, at least one call.

Source: Twilio, "Call resource", on calls per second: excess requests are queued and dialled later.
"""

from dataclasses import dataclass


@dataclass(slots=True)
class CallRate:
    """A token bucket over the caller's clock."""

    tokens: float = 1.0
    refilled_at_s: float | None = None

    def grant(self, now_s: float, calls_per_s_max: float) -> int:
        """Return how many calls may start now, without spending them; none at a rate of 0."""
        if calls_per_s_max <= 0.0:
            return 0
        capacity = max(1.0, calls_per_s_max)
        if self.refilled_at_s is None:
            self.tokens = capacity
        else:
            elapsed_s = max(0.0, now_s - self.refilled_at_s)
            self.tokens = min(capacity, self.tokens + elapsed_s * calls_per_s_max)
        self.refilled_at_s = now_s
        # A hair of slack, so that ten refills of a tenth make a whole call.
        return max(0, int(self.tokens + 1e-9))

    def spend(self) -> None:
        """Take one call out of the bucket: it has been dialled."""
        self.tokens -= 1.0

    def snapshot(self) -> dict[str, float | None]:
        """Return plain values from which `restore` makes an equal bucket."""
        return {"tokens": self.tokens, "refilled_at_s": self.refilled_at_s}

    @classmethod
    def restore(cls, state: dict[str, float | None]) -> "CallRate":
        """Make the bucket that `snapshot` described."""
        return cls(tokens=state["tokens"] or 0.0, refilled_at_s=state["refilled_at_s"])
