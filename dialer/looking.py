"""Agents at their previews: leads shown, dialled, skipped and taken back."""

from acd.deadlines import NO_TICKET, Deadlines
from acd.ids import AgentId, QueueId
from dialer.campaigns import Campaign
from dialer.events import PreviewAccepted, PreviewSkipped
from dialer.notices import LeadShown, PreviewEnded
from dialer.previews import Preview
from dialer.under_way import DialsUnderWay

PREVIEW_DUE = "dialer.preview"
"""Kind of the deadline at which an agent has looked long enough."""


class Looking:
    """The previews of all campaigns."""

    def __init__(self, deadlines: Deadlines, under_way: DialsUnderWay) -> None:
        self._acd = under_way.acd
        self._deadlines = deadlines
        self._under_way = under_way

    def show(self, campaign: Campaign, at_ms: int) -> None:
        """Take back what nobody can look at any more, and show each free agent a lead."""
        if not (campaign.config.is_preview or campaign.previews):
            return
        line = QueueId(campaign.config.campaign_id)
        is_showing = campaign.config.is_preview and campaign.is_running
        free = self._acd.free_agents(line) if is_showing else ()
        for preview in list(campaign.previews.gone(free)):
            self._end(campaign, preview, at_ms, "withdrawn")
            campaign.stock.leads.appendleft(preview.lead)
        dialling = [dial.agent_id for dial in campaign.dials.values()]
        for agent_id in free:
            if agent_id not in campaign.previews.shown and agent_id not in dialling:
                self._show_next(campaign, agent_id, at_ms)

    def dial(self, campaign: Campaign, count: int, at_ms: int) -> int:
        """Dial what agents want dialled, at most so many; return how many."""
        dialled = 0
        for preview in campaign.previews.pressed:
            if preview.lead.closes_at_ms <= at_ms:
                del campaign.previews.shown[preview.agent_id]
                self._end(campaign, preview, at_ms, "expired")
            elif dialled < count and not self._under_way.is_dialled(preview.lead.number_key):
                del campaign.previews.shown[preview.agent_id]
                self._end(campaign, preview, at_ms, "dialled")
                self._under_way.place(campaign, preview.lead, at_ms, preview.agent_id)
                dialled += 1
        return dialled

    def accept(self, campaign: Campaign, event: PreviewAccepted) -> bool:
        """Note that an agent wants their lead dialled; False if they have no such lead."""
        preview = campaign.previews.shown.get(event.agent_id)
        if preview is None or preview.lead.lead_id != event.lead_id or preview.is_pressed:
            return False
        self._press(campaign, preview)
        return True

    def skip(self, campaign: Campaign, event: PreviewSkipped) -> bool:
        """Pass over an agent's lead, if they may still do so."""
        shown, limit = campaign.previews.shown, campaign.config.skips_per_hour_max
        preview = shown.get(event.agent_id)
        if preview is None or preview.lead.lead_id != event.lead_id or preview.is_pressed:
            return False
        if not campaign.previews.may_skip(event.agent_id, event.at_ms, limit):
            return False
        campaign.previews.note_skip(event.agent_id, event.at_ms)
        self._pass_over(campaign, preview, event.at_ms, "skipped", event.why)
        return True

    def fire(self, campaign: Campaign, agent_id: AgentId, due_ms: int) -> None:
        """End the looking of an agent whose time is over: dial or skip, as the campaign says."""
        preview = campaign.previews.shown[agent_id]
        preview.ticket = NO_TICKET
        if campaign.config.preview_end == "dial":
            self._press(campaign, preview)
        else:
            self._pass_over(campaign, preview, due_ms, "expired")

    def _show_next(self, campaign: Campaign, agent_id: AgentId, at_ms: int) -> None:
        lead = campaign.stock.take_for(
            agent_id, at_ms, self._under_way.is_dialled, campaign.config.owner_ms
        )
        if lead is None:
            return
        until_ms = at_ms + campaign.config.preview_ms
        preview = Preview(agent_id, lead, at_ms)
        key = f"{campaign.config.campaign_id}|{agent_id}"
        preview.ticket = self._deadlines.put(until_ms, PREVIEW_DUE, key)
        campaign.previews.shown[agent_id] = preview
        self._under_way.notices.append(
            LeadShown(
                at_ms,
                campaign.config.campaign_id,
                agent_id,
                lead.lead_id,
                lead.number_index,
                lead.customer_id,
                until_ms,
            )
        )

    def _press(self, campaign: Campaign, preview: Preview) -> None:
        preview.is_pressed = True
        self._deadlines.cancel(preview.ticket)
        preview.ticket = NO_TICKET
        campaign.touch()

    def _pass_over(
        self, campaign: Campaign, preview: Preview, at_ms: int, how: str, why: str = ""
    ) -> None:
        del campaign.previews.shown[preview.agent_id]
        campaign.stock.leads.append(preview.lead)
        self._end(campaign, preview, at_ms, how, why)
        campaign.touch()

    def _end(
        self, campaign: Campaign, preview: Preview, at_ms: int, how: str, why: str = ""
    ) -> None:
        self._deadlines.cancel(preview.ticket)
        preview.ticket = NO_TICKET
        self._under_way.notices.append(
            PreviewEnded(
                at_ms,
                campaign.config.campaign_id,
                preview.agent_id,
                preview.lead.lead_id,
                how,
                why,
            )
        )
