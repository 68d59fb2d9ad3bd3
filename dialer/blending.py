"""Blending: by which rules callers and campaigns share agents.

The rules are the centre's (`dialer.config.Blending`) and bind every campaign whose agents also
serve callers:

- *inbound first*: nothing is dialled while a caller waits whom the campaign's agents could serve;
- *reserve*: so many ready agents are never dialled for, so that callers find somebody free;
- *service level*: nothing is dialled while callers are answered too late. It goes on only when the
  share stands `RECOVERY_PERCENT` above the limit, or too few callers are left to judge by, so that
  dialling does not flutter around the limit.

They hold back the *dialling*. A person who has answered is never held back: whoever is free, the
reserve too, takes them, because the law knows no reserve.

Counted are first connections and abandons of callers, each at its instant, over the last
`service_level_window_ms`. Short abandons count nowhere, as in the service level itself.
"""

from collections import deque
from collections.abc import Collection, Mapping
from typing import Any

from acd.config import QueueConfig
from acd.ids import CallId, QueueId
from acd.notices import CallClosed, CallConnected, CallEnqueued, ContactOutcome
from dialer.config import Blending

RECOVERY_PERCENT = 5.0
"""How far above its limit the service level must stand before dialling goes on."""


class Blend:
    """What the rules say now. Hears of callers' waits; knows nothing of campaigns."""

    def __init__(self, rules: Blending) -> None:
        self.rules = rules
        self._queues: dict[QueueId, QueueConfig] = {}
        self._waiting: dict[CallId, QueueId] = {}  #: callers who wait for their first agent
        self._ended: deque[tuple[int, QueueId, bool]] = deque()  #: instant, queue, in time
        self._held: dict[str, bool] = {}  #: per set of queues, whether dialling is held back

    def configure(self, rules: Blending, queues: Collection[QueueConfig]) -> None:
        """Take new settings; what was counted stays."""
        self.rules = rules
        self._queues = {queue.queue_id: queue for queue in queues}

    # --- what callers met --------------------------------------------------------------------

    def hear_enqueued(self, notice: CallEnqueued) -> None:
        """Hear that somebody waits; calls of campaigns' lines are nobody's concern here."""
        if notice.queue_id in self._queues:
            self._waiting[notice.call_id] = notice.queue_id

    def hear_connected(self, notice: CallConnected) -> None:
        """Hear that a caller reached an agent; the first time is what counts."""
        queue_id = self._waiting.pop(notice.call_id, None)
        if queue_id is not None and queue_id in self._queues:
            is_in_time = notice.wait_ms <= self._queues[queue_id].service_level_ms
            self._ended.append((notice.at_ms, queue_id, is_in_time))

    def hear_closed(self, notice: CallClosed) -> None:
        """Hear that a call is over; who gave up after the short time was not answered."""
        queue_id = self._waiting.pop(notice.call_id, None)
        if queue_id is None or queue_id not in self._queues:
            return
        is_short = notice.wait_ms < self._queues[queue_id].short_abandon_ms
        if notice.outcome is ContactOutcome.ABANDONED and not is_short:
            self._ended.append((notice.at_ms, queue_id, False))

    # --- what follows for a campaign ---------------------------------------------------------

    def objection(self, at_ms: int, shared: Collection[QueueId]) -> str:
        """Return why a campaign may not dial now, in one sentence; empty if it may.

        Args:
            at_ms: Now.
            shared: The callers' queues that the campaign's agents serve too, in a fixed order.
        """
        if self.rules.inbound_first:
            waiting = [queue_id for queue_id in self._waiting.values() if queue_id in shared]
            if waiting:
                return f"Callers go first: {len(waiting)} in '{waiting[0]}' and the like."
        return self._too_late(at_ms, shared)

    def reserve(self, shared: Collection[QueueId]) -> int:
        """Return how many agents are kept for callers."""
        return self.rules.reserve if shared else 0

    def _too_late(self, at_ms: int, shared: Collection[QueueId]) -> str:
        least = self.rules.service_level_percent_min
        if not least:
            return ""
        while self._ended and self._ended[0][0] <= at_ms - self.rules.service_level_window_ms:
            self._ended.popleft()
        ended = [is_in_time for _, queue_id, is_in_time in self._ended if queue_id in shared]
        key = " ".join(shared)
        if len(ended) < self.rules.service_level_calls_min:
            self._held[key] = False
            return ""
        percent = 100.0 * sum(ended) / len(ended)
        needed = least + (RECOVERY_PERCENT if self._held.get(key) else 0.0)
        self._held[key] = percent < min(100.0, needed)
        if not self._held[key]:
            return ""
        return (
            f"Callers are answered too late: {percent:.0f} % of {len(ended)} in time, dialling goes"
            f" on at {min(100.0, needed):.0f} %."
        )

    # --- snapshot ----------------------------------------------------------------------------

    def to_plain(self) -> dict[str, object]:
        """Return what was counted as plain data."""
        return {
            "waiting": dict(self._waiting),
            "ended": [list(row) for row in self._ended],
            "held": dict(self._held),
        }

    def restore(self, plain: Mapping[str, Any]) -> None:
        """Replace what was counted by what `to_plain` returned."""
        self._waiting = dict(plain["waiting"])
        self._ended = deque((at_ms, queue_id, is_in) for at_ms, queue_id, is_in in plain["ended"])
        self._held = dict(plain["held"])
