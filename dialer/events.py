"""Facts of outbound calling, on top of `acd.events`; the same rules hold.

A dial is a call that we place, so its bridging, its rooms and its end are told by the
distributor's events (`PartyJoined`, `CallEnded` ...). Here is what only a dial has: leads, pacing,
the answer and its classification.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from acd.events import Event
from acd.ids import AgentId, CallId, CustomerId, Sid
from acd.messages import message
from dialer.ids import CampaignId, LeadId


class AnsweredBy(StrEnum):
    """The verdict of machine detection."""

    HUMAN = "human"
    MACHINE = "machine"  #: a greeting plays; it is not over
    MACHINE_BEEP = "machine_beep"  #: the greeting ended; a message may be left
    FAX = "fax"
    SCREENING = "screening"  #: a call-screening assistant speaks for the person
    UNKNOWN = "unknown"


@message
class Lead:
    """One callable lead as the lead store supplies it: no number, no name."""

    lead_id: LeadId
    number_index: int  #: which of the lead's numbers
    number_key: str  #: equal for equal numbers: at most one dial in flight per key
    customer_id: CustomerId
    opens_at_ms: int  #: may be dialled from here ...
    closes_at_ms: int  #: ... until before here
    rule_set: str  #: the version of the rules that allowed it
    attempts: int  #: dials of this lead so far
    answer_permille: int = -1  #: chance of a live answer, 0..1000; -1 when there is no estimate
    urgency: int = 0  #: higher goes first, whatever the chance of an answer: a promised time
    agent_id: AgentId | None = None  #: who promised to call, and has it first


@message
class SettingsApplied:
    """The centre's settings, whole, from here on."""

    at_ms: int
    digest: str  #: of the settings' text, to know whether they changed
    settings: Mapping[str, object]  #: `dialer.config.CentreConfig` as plain data


@message
class CampaignStarted:
    """Somebody let a campaign dial."""

    at_ms: int
    campaign_id: CampaignId
    by: str  #: who: an account of the console, or `system`
    why: str


@message
class CampaignPaused:
    """Somebody stopped a campaign from dialling; dials in flight go on."""

    at_ms: int
    campaign_id: CampaignId
    by: str
    why: str


@message
class LeadsSupplied:
    """The lead store answered a request for leads."""

    at_ms: int
    campaign_id: CampaignId
    request: int  #: the ordinal of the request
    leads: tuple[Lead, ...]
    is_exhausted: bool  #: no further lead is callable now


@message
class DialsPaced:
    """The pacer answered: start so many dials now."""

    at_ms: int
    campaign_id: CampaignId
    view: int  #: the ordinal of the view it answered
    dials: int
    why: str  #: the binding limit in one sentence
    wanted: int = -1  #: what the rule asked for before the carrier's limits; -1 if it did not say
    limit: str = ""  #: what bound it, in a word
    inputs: Mapping[str, str] = field(default_factory=dict)  #: what it weighed, as people read it


@message
class PacingChanged:
    """Somebody set how a campaign dials, from here on and until the settings say otherwise."""

    at_ms: int
    campaign_id: CampaignId
    pacer: str  #: as in the settings
    abandon_ppm_max: int  #: of live answers, in parts per million
    by: str  #: who: an account of the console
    why: str


@message
class PreviewAccepted:
    """An agent wants the lead before them dialled."""

    at_ms: int
    campaign_id: CampaignId
    agent_id: AgentId
    lead_id: LeadId


@message
class PreviewSkipped:
    """An agent passes over the lead before them."""

    at_ms: int
    campaign_id: CampaignId
    agent_id: AgentId
    lead_id: LeadId
    why: str


@message
class DialBound:
    """The carrier created the call and named it."""

    at_ms: int
    call_id: CallId
    sid: Sid


@message
class DialAnswered:
    """The dialled end was picked up, by whom or what is not known yet."""

    at_ms: int
    call_id: CallId
    sid: Sid


@message
class AnswerClassified:
    """Machine detection gave its verdict."""

    at_ms: int
    call_id: CallId
    answered_by: AnsweredBy
    detection_ms: int  #: from the answer to the verdict, as the carrier measured it


@message
class DialRefused:
    """The carrier did not accept the request to call: no leg ever existed."""

    at_ms: int
    call_id: CallId
    code: int  #: the carrier's error code


@message
class MessagePlayed:
    """The recorded message (safe harbour, opening or voicemail drop) was heard to its end."""

    at_ms: int
    call_id: CallId


@message
class OptedOut:
    """The called person asked not to be called again."""

    at_ms: int
    call_id: CallId


DialerEvent = (
    SettingsApplied
    | CampaignStarted
    | CampaignPaused
    | LeadsSupplied
    | DialsPaced
    | PacingChanged
    | PreviewAccepted
    | PreviewSkipped
    | DialBound
    | DialAnswered
    | AnswerClassified
    | DialRefused
    | MessagePlayed
    | OptedOut
)

CentreEvent = Event | DialerEvent
