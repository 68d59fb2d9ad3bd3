"""What the dialer concluded: each attempt's one outcome, on top of `acd.notices`."""

from acd.ids import AgentId, CallId, CustomerId
from acd.messages import message
from acd.notices import Notice
from dialer.ids import CampaignId, LeadId


@message
class DialPlaced:
    """A dial was ordered: one more attempt."""

    at_ms: int
    call_id: CallId
    campaign_id: CampaignId
    lead_id: LeadId


@message
class DialClosed:
    """An attempt has its one outcome (see `dialer.outcomes`)."""

    at_ms: int
    call_id: CallId
    campaign_id: CampaignId
    lead_id: LeadId
    outcome: str
    is_live_answer: bool  #: a person was there, whether or not an agent was
    is_abandoned: bool  #: a live answer without an agent within the legal limit
    wait_ms: int  #: from verdict to agent, or to the message
    answered_at_ms: int = -1  #: the legal clocks' two starts: the answer ...
    live_at_ms: int = -1  #: ... and the verdict that a person is there; -1 if there was none


@message
class PacingSet:
    """Somebody changed by hand how a campaign dials."""

    at_ms: int
    campaign_id: CampaignId
    pacer: str
    abandon_ppm_max: int
    by: str
    why: str


@message
class CampaignPaced:
    """A pacer's answer was carried out: what was wanted, what was dialled, and what bound it."""

    at_ms: int
    campaign_id: CampaignId
    view: int  #: the question
    wanted: int  #: by the pacer
    dials: int  #: started
    why: str  #: the binding limit in one sentence: the pacer's, or the centre's own


@message
class LeadShown:
    """An agent sees a lead, to look at before it is dialled."""

    at_ms: int
    campaign_id: CampaignId
    agent_id: AgentId
    lead_id: LeadId
    number_index: int
    customer_id: CustomerId
    until_ms: int  #: then it is dialled or skipped by itself


@message
class PreviewEnded:
    """An agent no longer sees a lead."""

    at_ms: int
    campaign_id: CampaignId
    agent_id: AgentId
    lead_id: LeadId
    how: str  #: dialled, skipped, expired or withdrawn
    why: str = ""  #: of a skip, in the agent's words


DialerNotice = LeadShown | PreviewEnded | DialPlaced | DialClosed | PacingSet | CampaignPaced

CentreNotice = Notice | DialerNotice
