"""The wallboard: what the centre publishes of itself for people to look at.

One worker writes it after a commit, at most a few times a second; any number of pages read it. It
is a view and can be made again from the state at any time, so nothing may depend on its history.
It names agents and queues, never customers. All instants and durations are modelled milliseconds,
like everything the centre says; counts and measures are of the day so far, by the formulas of
`acd.measures`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """One waiting line, now and today."""

    queue_id: str
    waiting: int
    longest_wait_ms: int  #: of those waiting now; 0 when nobody waits
    agents_ready: int  #: who could be offered a call of this queue right now
    agents_signed_in: int  #: who may serve it
    offered: int
    answered: int
    abandoned: int  #: without the short ones
    short_abandons: int
    service_level: float | None  #: share 0..1 within the queue's threshold; None before the first
    service_level_ms: int  #: that threshold
    asa_ms: int | None
    aht_ms: int | None
    told_kept: int = 0  #: of callers who were told a range, those answered inside it
    told_sooner: int = 0
    told_later: int = 0
    told_unscored: int = 0  #: of them, those who were never answered


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """The case of the contact an agent has."""

    case_id: str
    category: str
    due_at_ms: int  #: what the customer was told
    is_overdue: bool
    origin_id: str  #: the contact it comes from, in which the customer told their story


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationLine:
    """A written conversation that an agent is offered or has."""

    call_id: str
    queue_id: str
    is_open: bool  #: they have it; else it is offered
    reservation_id: str = ""  #: of the offer they have not answered yet


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """The lead an agent looks at before it is dialled; who it is stays in the lead store."""

    campaign_id: str
    lead_id: str
    until_ms: int  #: then it ends by itself ...
    end: str  #: ... in a dial or a skip
    skips_left: int  #: in this hour


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLine:
    """One agent, now and today."""

    agent_id: str
    presence: str
    reason: str
    state: str
    since_ms: int  #: how long in this presence and state
    queue_id: str  #: of the contact they have; empty when they have none
    handled: int
    occupancy: float | None  #: share 0..1 since signing in
    reservation_id: str = ""  #: of the offer they have not answered yet; empty when there is none
    is_on_hold: bool = False  #: their customer hears music
    consult: str = ""  #: whom they asked for: a queue, an agent, a number's name
    is_consulting: bool = False  #: that party is there
    asked_by: str = ""  #: the agent who consults them, or wants to
    supervised_by: Mapping[str, str] = field(default_factory=dict)  #: who is heard how
    recording: str = "off"  #: of their conversation: off, on, paused
    note: str = ""  #: why what they last asked for could not be, in one sentence
    call_id: str = ""  #: under which the caller told their story; of a callback, the asking call
    case: CaseLine | None = None  #: of the contact they have or are offered
    is_task: bool = False  #: that contact has no customer on a line
    overdue: int = 0  #: cases they promised that are overdue
    conversations: tuple[ConversationLine, ...] = ()
    preview: PreviewLine | None = None  #: the lead before them


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowLine:
    """How a campaign stands against one abandonment limit."""

    name: str
    answers: int
    abandons: int
    rate_max: float  #: share 0..1


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignLine:
    """One campaign, now and today."""

    campaign_id: str
    is_running: bool
    pacer: str
    dialling: int
    waiting: int  #: live people without an agent
    talking: int
    leads: int  #: at hand
    outcomes: Mapping[str, int]  #: closed attempts by outcome
    abandonment_rate: float | None  #: share 0..1 of live answers
    why: str  #: what bound the last decision of the pacer, in one sentence
    windows: tuple[WindowLine, ...] = ()
    abandon_rate_max: float | None = None  #: share 0..1 of live answers that it settles on


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The whole site."""

    at_ms: int  #: modelled Unix time
    scale: int  #: modelled milliseconds per real one
    calls_in_flow: int
    self_served: int
    voicemails: int
    refused: int
    queues: tuple[QueueLine, ...]
    agents: tuple[AgentLine, ...]
    campaigns: tuple[CampaignLine, ...]
    directory: tuple[str, ...] = ()  #: names of numbers outside
    cases_open: int = 0
    cases_overdue: int = 0


def agent_line(board: Board | None, agent_id: str) -> AgentLine | None:
    """Return one agent of the wallboard, None when it is not there or names no such agent."""
    lines = board.agents if board else ()
    return next((line for line in lines if line.agent_id == agent_id), None)


def encode(board: Board) -> bytes:
    """Return the board as JSON text."""
    return msgspec.json.encode(board)


def decode(text: bytes | str) -> Board:
    """Return the board from JSON text.

    Raises:
        msgspec.DecodeError: The text was not written by `encode` of this version: our mistake.
    """
    return msgspec.json.decode(text, type=Board)
