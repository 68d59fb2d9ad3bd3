"""Dials that are over, remembered for a while.

Facts come late: a second status, a verdict, an opt-out keyed in the last second of the message. A
dial that ended within `MEMORY_MS` is still known here, so that such a fact is stale rather than
wrong, and an opt-out still finds whose it is. Older ones are forgotten as new ones end, so memory
is bounded by the rate of dialling.
"""

from acd.ids import CallId
from acd.messages import EventError
from dialer.ids import CampaignId, LeadId

MEMORY_MS = 600_000
"""How long an ended dial is remembered."""


class Past:
    """Ended dials, oldest first."""

    __slots__ = ("_ended",)

    def __init__(self) -> None:
        self._ended: dict[CallId, tuple[int, CampaignId, LeadId]] = {}

    def __contains__(self, call_id: CallId) -> bool:
        """Tell whether a dial of this id ended not long ago."""
        return call_id in self._ended

    def __len__(self) -> int:
        """Count the dials remembered."""
        return len(self._ended)

    def note(self, call_id: CallId, campaign_id: CampaignId, lead_id: LeadId, at_ms: int) -> None:
        """Remember a dial that is over, and forget those that ended too long ago."""
        self._ended[call_id] = (at_ms, campaign_id, lead_id)
        oldest = next(iter(self._ended))
        while self._ended[oldest][0] < at_ms - MEMORY_MS:
            del self._ended[oldest]
            oldest = next(iter(self._ended))

    def whose(self, call_id: CallId) -> tuple[CampaignId, LeadId]:
        """Return the campaign and the lead of an ended dial.

        Raises:
            EventError: No such dial is known; whoever wrote the fact named a wrong one.
        """
        if call_id not in self._ended:
            raise EventError(
                f"dial '{call_id}' is not known: it was never ordered, or ended long ago"
            )
        _, campaign_id, lead_id = self._ended[call_id]
        return campaign_id, lead_id

    def to_plain(self) -> list[list[object]]:
        """Return the memory as plain data."""
        return [[call_id, *row] for call_id, row in self._ended.items()]

    def restore(self, plain: list[tuple[CallId, int, CampaignId, LeadId]]) -> None:
        """Replace the memory by what `to_plain` returned."""
        self._ended = {call_id: (at_ms, *whose) for call_id, at_ms, *whose in plain}  # type: ignore[misc]
