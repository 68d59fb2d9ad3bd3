"""The shape of `centre.yaml`, as people write it: names as keys, times in seconds.

A field left out has the default of the setting it becomes (`acd.config`, `dialer.config`); nothing
is defaulted twice. Numbers are telephone numbers in E.164 form, quoted, with their plus sign.
"""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dialer.compliance import Purpose

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Number = Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{6,14}$")]
_SIP = (
    r"sips?:[A-Za-z0-9_.!~*'()&=+$,-]+@[A-Za-z0-9.-]+(:[0-9]{1,5})?"  # no password
    r"(;transport=(udp|tcp|tls))?(;(edge|region)=[a-z0-9-]+)*"
    r"(\?[A-Za-z0-9-]+=[A-Za-z0-9._~%-]*(&[A-Za-z0-9-]+=[A-Za-z0-9._~%-]*)*)?"
)
"""Source: https://www.twilio.com/docs/voice/twiml/sip (address, transport, headers, length)."""

Endpoint = Annotated[
    str,
    Meta(
        pattern=rf"^(\+[1-9][0-9]{{6,14}}|client:[A-Za-z0-9_.-]{{1,121}}|{_SIP})$", max_length=255
    ),
]
Fact = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")]
Skills = dict[str, int]


class _Document(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A mapping in which only these names may be written."""


class LineDocument(_Document):
    """One of our own numbers and the call flow that answers it."""

    number: Number
    flow: Name
    texts: Name | UnsetType = UNSET  #: the queue, of channel message, of what is written to it
    texts_from: Number | UnsetType = UNSET  #: from which flows write to its callers; its own number


class RelaxDocument(_Document):
    """What becomes easier for a call that has waited so long."""

    after_s: float
    only_if: str | UnsetType = UNSET
    levels: Skills | UnsetType = UNSET
    share_with: list[Name] | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    queue: Name | UnsetType = UNSET
    send: str | UnsetType = UNSET


class QueueDocument(_Document):
    """One waiting line."""

    channel: str | UnsetType = UNSET
    skills: Skills | UnsetType = UNSET
    agent_choice: str | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    priority_per_minute: int | UnsetType = UNSET
    ring_s: float | UnsetType = UNSET
    wrap_up_s: float | UnsetType = UNSET
    wait_s_max: float | UnsetType = UNSET
    overflow: str | UnsetType = UNSET
    service_level_s: float | UnsetType = UNSET
    short_abandon_s: float | UnsetType = UNSET
    ring_count: int | UnsetType = UNSET
    preferred_s: float | UnsetType = UNSET
    relaxation: list[RelaxDocument] | UnsetType = UNSET
    length_max: int | UnsetType = UNSET
    resume_s: float | UnsetType = UNSET
    keeps_customer: bool | UnsetType = UNSET
    recording: str | UnsetType = UNSET
    callback_ring_s: float | UnsetType = UNSET
    callback_attempts_max: int | UnsetType = UNSET
    callback_retry_s: float | UnsetType = UNSET
    callback_s_max: float | UnsetType = UNSET
    callback_detection: bool | UnsetType = UNSET
    auto_accept: bool | UnsetType = UNSET
    idle_s_max: float | UnsetType = UNSET
    follow_up_queue: Name | UnsetType = UNSET
    follow_up_s: float | UnsetType = UNSET
    follow_up_retry_s: float | UnsetType = UNSET
    overdue_priority: int | UnsetType = UNSET


class AgentDocument(_Document):
    """One agent; `endpoint` is where they are rung."""

    endpoint: Endpoint
    skills: Skills | UnsetType = UNSET
    queues: list[Name] | UnsetType = UNSET
    standing: bool | UnsetType = UNSET
    accept_by_button: bool | UnsetType = UNSET
    asks_for_key: bool | UnsetType = UNSET  #: before a caller is put through; numbers do
    may_transfer_out: bool | UnsetType = UNSET
    wrap_up_s: float | UnsetType = UNSET
    weight: int | UnsetType = UNSET
    messages_max: int | UnsetType = UNSET

    @property
    def is_confirming(self) -> bool:
        """Whether a key is asked for: on telephones that a voicemail may answer, if not told."""
        is_number = self.endpoint.startswith("+")
        return is_number if self.asks_for_key is UNSET else self.asks_for_key


class SegmentDocument(_Document):
    """A group of customers, and what it is given in any queue."""

    priority: int | UnsetType = UNSET
    queues: dict[Name, Name] = {}  #: queue -> one of their own
    follow_up_percent: int | UnsetType = UNSET


class SupervisorDocument(_Document):
    """A supervisor who listens in; `endpoint` is where they are rung."""

    endpoint: Endpoint


class VoiceSdkDocument(_Document):
    """The carrier's script for browsers that are rung, in one known version, and where it lies."""

    url: Annotated[str, Meta(pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[A-Za-z0-9._~/@+-]+$")]
    integrity: Annotated[str, Meta(pattern=r"^sha(256|384|512)-[A-Za-z0-9+/]{40,90}={0,2}$")]


class ListDocument(_Document):
    """One of several lists of a campaign."""

    file: str  #: a CSV file beside `centre.yaml`
    weight: Annotated[int, Meta(ge=1, le=1_000)] = 1  #: its share of the dials
    conversations_max: Annotated[int, Meta(ge=1)] | None = None  #: its quota


class RetryDocument(_Document):
    """What follows one outcome."""

    after_minutes: Annotated[int, Meta(ge=0, le=60 * 24 * 60)] | None = (
        None  #: none: no further try
    )
    times_max: Annotated[int, Meta(ge=1)] | None = None


class CapsDocument(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """How often somebody is called; the law's own caps bind besides."""

    lead: Annotated[int, Meta(ge=1, le=100)] | UnsetType = UNSET
    number_day: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    number_week: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    person_day: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    person_week: Annotated[int, Meta(ge=1)] | UnsetType = UNSET


class WindowDocument(_Document):
    """A limit on abandoned calls over some time; the law's thirty days are the default."""

    name: Name
    kind: str | UnsetType = UNSET
    length_s: float | UnsetType = UNSET
    percent_max: float | UnsetType = UNSET
    is_hard: bool | UnsetType = UNSET
    counts_detection_errors: bool | UnsetType = UNSET
    breach_risk_percent_max: float | UnsetType = UNSET


class BlendingDocument(_Document):
    """By which rules callers and campaigns share agents."""

    inbound_first: bool | UnsetType = UNSET
    reserve: int | UnsetType = UNSET
    service_level_percent_min: float | UnsetType = UNSET
    service_level_window_s: float | UnsetType = UNSET
    service_level_calls_min: int | UnsetType = UNSET


class CampaignDocument(_Document):
    """One outbound campaign, with one list of leads (`leads`) or several (`lists`)."""

    caller_id: Number
    language: str
    opening: str
    safe_harbour: str
    voicemail: str = ""
    caller_ids: list[Number] = []  #: further ones, shown to those they resemble
    leads: str = ""  #: a CSV file beside `centre.yaml`
    lists: dict[Name, ListDocument] = {}
    hours: list[str] = []  #: the campaign's own, as "09:00-20:00"; the law's bind besides
    attempts_max: CapsDocument = CapsDocument()
    retries: dict[str, RetryDocument] = {}  #: by outcome
    conversations_goal: Annotated[int, Meta(ge=1)] | None = None
    region: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")] | UnsetType = UNSET
    purpose: Purpose = Purpose.MARKETING
    registers: dict[str, str] = {}  #: do-not-call register -> date of the copy it was checked with
    pacer: str | UnsetType = UNSET
    skills: Skills | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    ring_s: float | UnsetType = UNSET
    detection: str | UnsetType = UNSET
    machine_policy: str | UnsetType = UNSET
    unknown_is_human: bool | UnsetType = UNSET
    screening_is_human: bool | UnsetType = UNSET
    machine_sample_percent: float | UnsetType = UNSET
    machine_dispositions: list[str] | UnsetType = UNSET
    agent_s_max: float | UnsetType = UNSET
    abandon_percent_max: float | UnsetType = UNSET
    windows: list[WindowDocument] | UnsetType = UNSET
    speech_end_s: float | UnsetType = UNSET
    preview_s: float | UnsetType = UNSET
    preview_end: str | UnsetType = UNSET
    skips_per_hour_max: int | UnsetType = UNSET
    owner_s: float | UnsetType = UNSET
    wrap_up_s: float | UnsetType = UNSET
    calls_per_s_max: float | UnsetType = UNSET
    lines_max: int | UnsetType = UNSET
    starts_paused: bool | UnsetType = UNSET


class SourceDocument(_Document):
    """Another system that call flows may ask; its credentials come from the environment."""

    url: Annotated[str, Meta(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^?#%]*)?/$")]
    inside: bool = False  #: it has a private address, in our own network


class TextingDocument(_Document):
    """When and to whom text messages are sent."""

    name: Annotated[str, Meta(max_length=40)] = ""  #: ours, in answers to words of consent
    hours: list[str] = []  #: in which people are written to unasked; the law's bind besides
    purpose: Purpose = Purpose.SERVICE  #: what these messages are about: the law's hours differ
    to: list[str] = []  #: beginnings of numbers that flows write to; our own countries
    per_number_day: Annotated[int, Meta(ge=1, le=100)] = 5  #: texts of flows to one number, in 24 h


class CentreDocument(_Document):
    """A whole site."""

    site: Name
    time_zone: str
    languages: Annotated[list[str], Meta(min_length=1)]
    lines: Annotated[dict[Name, LineDocument], Meta(min_length=1)]
    queues: Annotated[dict[Name, QueueDocument], Meta(min_length=1)]
    agents: dict[Name, AgentDocument]
    supervisors: dict[Name, SupervisorDocument] = {}  #: by the name of their account
    voice_sdk: VoiceSdkDocument | None = None  #: none: no browser is rung
    campaigns: dict[Name, CampaignDocument] = {}
    blending: BlendingDocument = msgspec.field(default_factory=BlendingDocument)
    caller_id: Number | UnsetType = UNSET  #: shown to agents' telephones; the first line's number
    hold_music: list[str] = []
    leave_key: Annotated[str, Meta(pattern=r"^[0-9*#]?$")] = ""  #: leaves the line; none if empty
    owned_numbers: list[Number] = []  #: numbers of ours besides the lines', to be shown to people
    destinations: list[str] = []  #: beginnings of numbers to which flows may transfer
    directory: dict[Name, Number] = {}  #: numbers outside to which agents may pass on
    outside_ring_s: float | UnsetType = UNSET
    consult_s_max: float | UnsetType = UNSET
    recording_pause_s_max: float | UnsetType = UNSET
    callbacks_to: list[str] = []  #: beginnings of numbers to call back; our own countries
    texting: TextingDocument = msgspec.field(default_factory=TextingDocument)
    sources: dict[Name, SourceDocument] = {}  #: systems that flows may ask
    caller_facts: list[Fact] = []  #: what customers' records tell flows, such as `case.state`
    segments: dict[Name, SegmentDocument] = {}
    call_choice: str | UnsetType = UNSET
    occupancy_percent_max: int | UnsetType = UNSET
    missed_offers_max: int | UnsetType = UNSET
    answer_s_max: float | UnsetType = UNSET
    no_answer_retry_s: float | UnsetType = UNSET
    reject_retry_s: float | UnsetType = UNSET
    busy_retry_s: float | UnsetType = UNSET
    calls_during_messages: bool | UnsetType = UNSET
    messages_during_calls: bool | UnsetType = UNSET
    calls_per_s_max: Annotated[float, Meta(gt=0, le=1_000)] = (
        1.0  #: of the carrier account: agents' legs, callbacks, dials
    )


TABLES = {
    "lines": LineDocument,
    "queues": QueueDocument,
    "agents": AgentDocument,
    "segments": SegmentDocument,
    "supervisors": SupervisorDocument,
    "campaigns": CampaignDocument,
    "sources": SourceDocument,
}
"""The tables of `CentreDocument` whose keys are names, and what each entry is."""
