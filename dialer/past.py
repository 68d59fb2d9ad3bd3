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
        self._ended: dict[CallId, tuple[int, CampaignId, LeadId, bool | None]] = {}

    def __contains__(self, call_id: CallId) -> bool:
        """Tell whether a dial of this id ended not long ago."""
        return call_id in self._ended

    def __len__(self) -> int:
        """Count the dials remembered."""
        return len(self._ended)

    def note(
        self,
        call_id: CallId,
        campaign_id: CampaignId,
        lead_id: LeadId,
        at_ms: int,
        *,
        was_checked: bool | None = None,
    ) -> None:
        """Remember a dial that is over, and forget those that ended too long ago.

        Args:
            call_id: The dial.
            campaign_id: Its campaign.
            lead_id: Its lead.
            at_ms: Now.
            was_checked: Whether an agent got it to check a machine verdict; None without a verdict.
        """
        self._ended[call_id] = (at_ms, campaign_id, lead_id, was_checked)
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
        _, campaign_id, lead_id, _ = self._ended[call_id]
        return campaign_id, lead_id

    def verdict_of(self, call_id: CallId) -> tuple[CampaignId, bool] | None:
        """Return campaign and `was_checked` of an ended dial that had a verdict; else None."""
        if call_id not in self._ended:
            return None
        _, campaign_id, _, was_checked = self._ended[call_id]
        return None if was_checked is None else (campaign_id, was_checked)

    def to_plain(self) -> list[list[object]]:
        """Return the memory as plain data."""
        return [[call_id, *row] for call_id, row in self._ended.items()]

    def restore(self, plain: list[tuple[CallId, int, CampaignId, LeadId, bool | None]]) -> None:
        """Replace the memory by what `to_plain` returned."""
        self._ended = {
            call_id: (at_ms, campaign_id, lead_id, was_checked)
            for call_id, at_ms, campaign_id, lead_id, was_checked in plain
        }
