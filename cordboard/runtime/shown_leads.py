"""Leads that agents look at before they are dialled, for the wallboard.

The board names a lead by its id alone. Who it is, the agent's page looks up in the lead store, for
the agent who sees it and nobody else.
"""

from collections.abc import Callable, Mapping
from typing import Any

from cordboard.runtime.board import PreviewLine
from cordboard.runtime.floor import AgentNow, FloorState, LeadNow
from dialer.config import CampaignConfig
from dialer.notices import LeadShown, PreviewEnded
from dialer.previews import HOUR_MS


def _shown(floor: FloorState, notice: LeadShown) -> None:
    agent = floor.agents.setdefault(notice.agent_id, AgentNow())
    agent.leads.append(LeadNow(notice.campaign_id, notice.lead_id, notice.until_ms))


def _ended(floor: FloorState, notice: PreviewEnded) -> None:
    agent = floor.agents.setdefault(notice.agent_id, AgentNow())
    ended = (notice.campaign_id, notice.lead_id)
    agent.leads = [lead for lead in agent.leads if (lead.campaign_id, lead.lead_id) != ended]
    if notice.how == "skipped":
        skips = agent.skips.setdefault(notice.campaign_id, [])
        skips[:] = [*_recent(skips, notice.at_ms), notice.at_ms]


SHOWN_LEADS: Mapping[type, Callable[[FloorState, Any], None]] = {
    LeadShown: _shown,
    PreviewEnded: _ended,
}


def preview_line(
    agent: AgentNow, campaigns: Mapping[str, CampaignConfig], at_ms: int
) -> PreviewLine | None:
    """Return the lead before an agent, None if there is none.

    Where several campaigns show them one, it is the first; the next follows when that has ended.
    """
    if not agent.leads:
        return None
    lead = agent.leads[0]
    config = campaigns.get(lead.campaign_id)
    skips = len(_recent(agent.skips.get(lead.campaign_id, []), at_ms))
    return PreviewLine(
        campaign_id=lead.campaign_id,
        lead_id=lead.lead_id,
        until_ms=lead.until_ms,
        end="" if config is None else config.preview_end,
        skips_left=0 if config is None else max(0, config.skips_per_hour_max - skips),
    )


def _recent(skips: list[int], at_ms: int) -> list[int]:
    return [skip_ms for skip_ms in skips if skip_ms > at_ms - HOUR_MS]
