"""Instructions of outbound calling, on top of `acd.commands`; the same rules hold.

`PaceCampaign` is an instruction to the shell to ask the campaign's pacer, which lives there because
its floats must stay out of the replayed core. It carries everything the pacer may know: the state
of the floor now, and what happened since the view before. So the pacer's state is a function of the
`PaceCampaign` messages alone, and live and twin give the same answers to the same questions.
"""

from acd.commands import Command
from acd.ids import CallId, Sid
from acd.messages import message
from dialer.ids import CampaignId, LeadId


@message
class Observation:
    """One thing a pacer learns from: the name and arguments of one of its `on_...` methods."""

    what: str  #: dialled outcome connected abandoned talk_ended wrap_ended signed_in signed_out
    at_ms: int
    duration_ms: int = 0  #: dial to outcome, wait, talk or wrap-up
    outcome: str = ""  #: for `outcome`: human machine busy no_answer invalid
    odds_permille: int = -1  #: for `dialled`: the number's chance of a live answer; -1 if unknown


@message
class WindowCount:
    """How one abandonment window of a campaign stands (see `dialer.config.AbandonWindow`)."""

    name: str
    rate_ppm_max: int
    answers: int
    abandons: int
    starts_at_ms: int
    ends_at_ms: int = -1  #: -1: the window rolls, so that it never ends
    length_ms: int = 0
    is_hard: bool = False
    breach_risk_ppm_max: int = -1  #: -1: the risk of a breach is not held


@message
class RequestLeads:
    """Ask the lead store for the next callable leads, best first."""

    campaign_id: CampaignId
    request: int
    count: int


@message
class PaceCampaign:
    """Ask the campaign's pacer how many dials to start now; answered by `DialsPaced`.

    The sequences are ascending instants: since when each agent talks or wraps up, since when each
    dial rings. All counts are of agents who may serve the campaign.
    """

    campaign_id: CampaignId
    view: int
    at_ms: int
    ready: int
    waiting: int  #: live people without an agent
    detecting: int  #: answered, not classified
    talking_since_ms: tuple[int, ...]
    wrapping_since_ms: tuple[int, ...]
    ringing_since_ms: tuple[int, ...]
    signed_in: int
    leads: int  #: callable leads at hand
    observations: tuple[Observation, ...]
    pacer: str = ""  #: the rule in force; empty leaves it to the settings
    abandon_ppm_max: int = -1  #: the target in force; -1 leaves it to the settings
    windows: tuple[WindowCount, ...] = ()
    ringing_permille: tuple[int, ...] = ()
    """Chance of a live answer of each ringing number, -1 if unknown; empty: none is known."""
    next_permille: tuple[int, ...] = ()
    """The same of the numbers that would be dialled next, in that order; empty: none is known."""
    leaving_talking: tuple[int, ...] = ()
    """Places in `talking_since_ms` of agents who will not be ready after their contact."""
    leaving_wrapping: tuple[int, ...] = ()
    previewed: int = 0  #: leads that agents looked at and want dialled
    reserve: int = 0  #: agents whom the rules of the centre keep for callers


@message
class PlaceCall:
    """Dial a lead's number. The leg carries `call_id`; one dial per number in flight."""

    call_id: CallId
    campaign_id: CampaignId
    lead_id: LeadId
    number_index: int
    ring_ms: int
    rule_set: str  #: the rules that allowed it, checked again at execution


@message
class PlaySafeHarbour:
    """No agent is free for a live person: play the recorded message, then end the call."""

    call_id: CallId
    sid: Sid
    campaign_id: CampaignId


@message
class LeaveMessage:
    """Leave the campaign's message on the machine that answered, then end the call."""

    call_id: CallId
    sid: Sid
    campaign_id: CampaignId


@message
class CloseAttempt:
    """Write the outcome of an attempt to the lead store, which decides about the next one."""

    call_id: CallId
    campaign_id: CampaignId
    lead_id: LeadId
    number_index: int
    outcome: str  #: an outcome of `dialer.outcomes`
    dialled_at_ms: int
    was_connected: bool = False  #: the person spoke with an agent
    is_abandoned: bool = False  #: no agent came in time: the store locks the number for a while


@message
class OptOut:
    """Put the lead's customer on the centre's own do-not-call list, at once."""

    call_id: CallId
    campaign_id: CampaignId
    lead_id: LeadId


DialerCommand = (
    RequestLeads | PaceCampaign | PlaceCall | PlaySafeHarbour | LeaveMessage | CloseAttempt | OptOut
)

CentreCommand = Command | DialerCommand
