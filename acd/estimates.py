"""How long a caller will wait, as a range, and a ledger of what such promises were worth.

**The range.** A caller with `n` others ahead is served after `n + 1` departures. With `s` agents
who finish a contact every `h` on average, and waiting callers who each give up at rate `r`, the
time to the next departure while `j` are ahead is exponential with rate `s / h + j r`. The sum of
these times has a known mean and variance; a gamma distribution with the same two gives the range
from its quantiles.

**The ledger.** Every promise is kept until the caller is answered and then scored: inside the range
or not. Ranges are stretched on each side by a factor that grows whenever a promise was broken and
shrinks a little whenever one was kept, so that in the long run the promised share is kept, however
wrong the model is. Callers who give up first cannot be scored and are counted apart.

Handle time and patience are learnt from the notices of the distributor. Floats are used freely:
nothing here decides who gets whom.

Sources: W. Whitt, "Improving service by informing customers about anticipated delays", Management
Science 45(2), 1999 (the sum of exponential departures with reneging). E. Wilson and M. Hilferty,
"The distribution of chi-square", PNAS 17(12), 1931 (quantiles of a gamma distribution). I. Gibbs
and E. Candes, "Adaptive conformal inference under distribution shift", NeurIPS 2021 (the factor).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import exp, sqrt
from typing import Any

from acd.ids import CallId, QueueId
from acd.notices import (
    CallClosed,
    CallConnected,
    CallEnqueued,
    ContactOutcome,
    HandlingEnded,
    Notice,
    TalkEnded,
)

NORMAL_QUANTILES = {0.5: 0.674490, 0.9: 1.644854}
"""Half-widths of the middle share of a standard normal distribution."""

LEARNING_RATE = 0.05
"""How fast means follow (as an exponential average), and how fast ranges stretch."""

FIRST_TALK_MS = 210_000.0
FIRST_WRAP_UP_MS = 30_000.0
FIRST_PATIENCE_MS = 600_000.0
"""What is assumed before anything was learnt: four minutes of work, ten of patience."""

SPREAD_MAX = 8.0


@dataclass(frozen=True, slots=True)
class WaitRange:
    """A wait in milliseconds that is promised with a given share."""

    low_ms: int
    high_ms: int
    share: float  #: how many of such promises should be kept, 0..1


def wait_range(  # noqa: PLR0913  (each is a named quantity of the model)
    *, ahead: int, agents: int, handle_ms: float, patience_ms: float, share: float, spread: float
) -> WaitRange | None:
    """Return the middle `share` of the wait's distribution, stretched by `spread`.

    Args:
        ahead: Callers who will be served before.
        agents: How many agents serve this line.
        handle_ms: Mean time an agent needs per contact, wrap-up included.
        patience_ms: Mean time after which a waiting caller gives up.
        share: 0.5 or 0.9.
        spread: Factor on the distance of both ends from the median; 1 leaves the model as it is.

    Returns:
        None when nobody is there to serve.

    Example:
        >>> wait_range(ahead=0, agents=10, handle_ms=2e5, patience_ms=6e5, share=0.9, spread=1.0)
        WaitRange(low_ms=790, high_ms=59369, share=0.9)
    """
    if agents <= 0:
        return None
    mean_ms = variance = 0.0
    for others in range(ahead + 1):
        departure_ms = 1 / (agents / handle_ms + others / patience_ms)
        mean_ms += departure_ms
        variance += departure_ms**2
    shape, scale_ms = mean_ms**2 / variance, variance / mean_ms
    half_width = NORMAL_QUANTILES[share] * spread
    low_ms, high_ms = (_gamma_quantile(shape, scale_ms, z) for z in (-half_width, half_width))
    return WaitRange(round(low_ms), round(high_ms), share)


def _gamma_quantile(shape: float, scale: float, z: float) -> float:
    """Return the quantile of a gamma distribution at a standard normal's `z`."""
    cube_root = 1 - 1 / (9 * shape) + z / (3 * sqrt(shape))
    return shape * scale * max(cube_root, 0.0) ** 3


@dataclass(slots=True)
class Ledger:
    """What the promises of one queue were worth, and how far its ranges are stretched for it."""

    kept: int = 0
    sooner: int = 0  #: answered before the range began
    later: int = 0  #: answered after its end
    unscored: int = 0  #: gave up, or went elsewhere
    spread: float = 1.0

    @property
    def scored(self) -> int:
        """How many promises were made to callers who were answered."""
        return self.kept + self.sooner + self.later

    def score(self, promised: WaitRange, wait_ms: int) -> None:
        """Write down what became of a promise, and stretch or shrink the next ones a little."""
        is_kept = promised.low_ms <= wait_ms <= promised.high_ms
        self.kept += is_kept
        self.sooner += wait_ms < promised.low_ms
        self.later += wait_ms > promised.high_ms
        miss = (not is_kept) - (1 - promised.share)
        wanted = self.spread * exp(LEARNING_RATE * miss)
        self.spread = min(max(wanted, 1 / SPREAD_MAX), SPREAD_MAX)

    def begin_day(self) -> None:
        """Count from nothing again; what was learnt stays."""
        self.kept = self.sooner = self.later = self.unscored = 0


@dataclass(slots=True)
class _QueueNow:
    """What was learnt about one queue."""

    waiting: int = 0
    talk_ms: float = FIRST_TALK_MS
    wrap_up_ms: float = FIRST_WRAP_UP_MS
    patience_ms: float = FIRST_PATIENCE_MS
    ledger: Ledger = field(default_factory=Ledger)


class Promises:
    """Learns from notices, promises ranges, and scores what it promised."""

    def __init__(self, share: float = 0.9) -> None:
        self.share = share
        self._queues: dict[QueueId, _QueueNow] = {}
        self._waiting_in: dict[CallId, QueueId] = {}
        self._promised: dict[CallId, WaitRange] = {}
        self._feeders: Mapping[type, Callable[[Any], None]] = {
            CallEnqueued: self._enqueued,
            CallConnected: self._connected,
            CallClosed: self._closed,
            TalkEnded: self._talk_ended,
            HandlingEnded: self._handling_ended,
        }

    def feed(self, notices: Iterable[Notice]) -> None:
        """Learn from what was concluded, and score the promises to those who were answered."""
        for notice in notices:
            feeder = self._feeders.get(type(notice))
            if feeder is not None:
                feeder(notice)

    def promise(self, call_id: CallId, agents: int) -> WaitRange | None:
        """Promise a range to a caller who has just begun to wait; the first promise counts.

        Args:
            call_id: The caller, the last in their queue.
            agents: How many agents who may serve them are signed in.

        Returns:
            None when the caller does not wait or nobody is there to serve.
        """
        queue_id = self._waiting_in.get(call_id)
        if queue_id is None:
            return None
        now = self._queues[queue_id]
        promised = wait_range(
            ahead=now.waiting - 1,
            agents=agents,
            handle_ms=now.talk_ms + now.wrap_up_ms,
            patience_ms=now.patience_ms,
            share=self.share,
            spread=now.ledger.spread,
        )
        if promised is not None:
            self._promised.setdefault(call_id, promised)
        return promised

    def coverage(self, queue_id: QueueId) -> float | None:
        """Return the share of scored promises that were kept, None before the first."""
        now = self._queues.get(queue_id)
        if now is None or not now.ledger.scored:
            return None
        return now.ledger.kept / now.ledger.scored

    def spread(self, queue_id: QueueId) -> float:
        """Return by how much ranges of a queue are stretched now."""
        now = self._queues.get(queue_id)
        return 1.0 if now is None else now.ledger.spread

    def _enqueued(self, notice: CallEnqueued) -> None:
        self._leave(notice.call_id)
        self._waiting_in[notice.call_id] = notice.queue_id
        self._queues.setdefault(notice.queue_id, _QueueNow()).waiting += 1

    def _leave(self, call_id: CallId) -> _QueueNow | None:
        queue_id = self._waiting_in.pop(call_id, None)
        if queue_id is None:
            return None
        now = self._queues[queue_id]
        now.waiting -= 1
        return now

    def _connected(self, notice: CallConnected) -> None:
        now = self._leave(notice.call_id)
        promised = self._promised.pop(notice.call_id, None)
        if now is None:
            return
        now.patience_ms += LEARNING_RATE * notice.wait_ms  # waited, and did not give up
        if promised is not None:
            now.ledger.score(promised, notice.wait_ms)

    def _closed(self, notice: CallClosed) -> None:
        now = self._leave(notice.call_id)
        promised = self._promised.pop(notice.call_id, None)
        if now is None:
            return
        now.ledger.unscored += promised is not None
        if notice.outcome is ContactOutcome.ABANDONED:
            now.patience_ms += LEARNING_RATE * (notice.wait_ms - now.patience_ms)

    def _talk_ended(self, notice: TalkEnded) -> None:
        now = self._queues.setdefault(notice.queue_id, _QueueNow())
        now.talk_ms += LEARNING_RATE * (notice.talk_ms - now.talk_ms)

    def _handling_ended(self, notice: HandlingEnded) -> None:
        now = self._queues.setdefault(notice.queue_id, _QueueNow())
        now.wrap_up_ms += LEARNING_RATE * (notice.wrap_up_ms - now.wrap_up_ms)
