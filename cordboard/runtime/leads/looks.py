"""Looks at the waterfalls of all campaigns, for pages that ask again and again.

A look walks through every lead that is due, so at a million leads it takes seconds. Whoever asks
gets what the last look found; the next one is taken only after a rest of `REST_LOOKS` times as long
as the last took, so that however many pages are open, the looks take a twentieth of a core at most.
One caller looks at a time; the others are not kept waiting for it.
"""

import sqlite3
import threading
from collections.abc import Callable, Mapping

import structlog

from cordboard.runtime.clock import Clock
from cordboard.runtime.leads.schema import LeadStoreError
from cordboard.runtime.leads.waterfall import Waterfall
from dialer.ids import CampaignId

REST_LOOKS = 20
REST_MS_MIN = 10_000
"""Between two looks there is at least this."""

Waterfalls = Mapping[CampaignId, Waterfall]

_log = structlog.get_logger(__name__)


class Looks:
    """What the last look found."""

    def __init__(self, look: Callable[[], Waterfalls], clock: Clock) -> None:
        self._look = look
        self._clock = clock
        self._found: Waterfalls | None = None
        self._next_ms: int | None = None
        self._looking = threading.Lock()

    def found(self) -> Waterfalls | None:
        """Return every campaign's waterfall, None while no look has succeeded."""
        if self._looking.acquire(blocking=False):
            try:
                self._look_if_rested()
            finally:
                self._looking.release()
        return self._found

    def _look_if_rested(self) -> None:
        begun_ms = self._clock.monotonic_ms()
        if self._next_ms is not None and begun_ms < self._next_ms:
            return
        try:
            self._found = self._look()
        except (LeadStoreError, sqlite3.Error) as reason:
            _log.warning("leads cannot be counted", reason=str(reason))
        ended_ms = self._clock.monotonic_ms()
        self._next_ms = ended_ms + max(REST_MS_MIN, REST_LOOKS * (ended_ms - begun_ms))
