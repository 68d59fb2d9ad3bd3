"""What the dialer concluded: each attempt's one outcome, on top of `acd.notices`."""

from acd.ids import CallId
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


DialerNotice = DialPlaced | DialClosed

CentreNotice = Notice | DialerNotice
