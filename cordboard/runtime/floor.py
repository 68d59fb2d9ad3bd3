"""The floor as the wallboard keeps it: plain records that go into a snapshot and come back.

They say what agents, calls and campaigns are doing now, what happened today, and, in the books, all
that began and ended since the journal did. Who writes them is `wallboard`.
"""

import msgspec

from acd.estimates import Ledger
from acd.measures import QueueCounts


class Books(msgspec.Struct):
    """Everything that began and ended since the journal did."""

    opened: dict[str, int] = {}  #: calls by direction
    closed: dict[str, dict[str, int]] = {}  #: calls by direction and outcome
    dials_placed: int = 0
    dials_closed: dict[str, int] = {}  #: by outcome
    live_answers: int = 0
    abandoned_dials: int = 0


class LeadNow(msgspec.Struct):
    """A lead that an agent looks at before it is dialled."""

    campaign_id: str
    lead_id: str
    until_ms: int


class AgentNow(msgspec.Struct):
    """What an agent is doing, and how their time went since they signed in."""

    presence: str = "signed_out"
    reason: str = ""
    state: str = "idle"
    since_ms: int = 0
    call_id: str = ""
    reservation_id: str = ""
    handled: int = 0
    busy_ms: int = 0
    ready_ms: int = 0
    is_on_hold: bool = False
    consult: str = ""
    is_consulting: bool = False
    supervised_by: dict[str, str] = {}
    recording: str = "off"
    note: str = ""
    leads: list[LeadNow] = []  #: shown to them, oldest first; one for each campaign at most
    skips: dict[str, list[int]] = {}  #: by campaign, the instants of the last hour

    @property
    def is_free(self) -> bool:
        """Whether they wait for a contact."""
        return self.presence == "ready" and self.state == "idle"

    def forget_company(self) -> None:
        """Note that they are in no conversation, so nobody is with them."""
        self.is_on_hold = self.is_consulting = False
        self.consult = self.note = ""
        self.recording = "off"
        self.supervised_by = {}

    def spend(self, at_ms: int) -> None:
        """Book the time since the last change."""
        spent_ms = at_ms - self.since_ms
        if self.state != "idle":
            self.busy_ms += spent_ms
        elif self.presence == "ready":
            self.ready_ms += spent_ms


class SlotNow(msgspec.Struct):
    """A slot of conversations that holds one."""

    agent_id: str
    state: str
    call_id: str


class CallNow(msgspec.Struct):
    """An open call."""

    direction: str
    queue_id: str = ""  #: the last it entered
    waiting_since_ms: int | None = None
    is_talking: bool = False
    has_talked: bool = False
    origin_id: str = ""  #: of a callback: the call in which it was asked for


class ToldNow(msgspec.Struct):
    """What a waiting caller was told first about the wait that was left."""

    queue_id: str
    at_ms: int
    low_ms: int
    high_ms: int


class CaseNow(msgspec.Struct):
    """A case that is not settled."""

    category: str
    due_at_ms: int
    call_id: str = ""  #: its contact: in line, with an agent, or a callback to come
    origin_id: str = ""  #: the contact it comes from
    agent_id: str = ""  #: who promised it or works on it
    is_overdue: bool = False


class WindowNow(msgspec.Struct):
    """How a campaign stood against one abandonment limit when its pacer was last asked."""

    name: str
    answers: int
    abandons: int
    rate_ppm_max: int


class CampaignNow(msgspec.Struct):
    """What a campaign is doing."""

    is_running: bool = True
    dialling: int = 0
    leads: int = 0
    why: str = ""
    pacer: str = ""  #: the rule in force; empty until it is known to differ from the settings'
    abandon_ppm_max: int = -1  #: the target in force; -1 leaves it to the settings
    windows: list[WindowNow] = []
    outcomes: dict[str, int] = {}
    live_answers: int = 0
    abandoned: int = 0


class FloorState(msgspec.Struct):
    """All that the wallboard keeps."""

    day: str = ""
    queues: dict[str, QueueCounts] = {}
    outcomes: dict[str, int] = {}  #: inbound calls that closed today
    agents: dict[str, AgentNow] = {}
    calls: dict[str, CallNow] = {}
    cases: dict[str, CaseNow] = {}  #: those that are not settled
    slots: dict[str, SlotNow] = {}  #: those that hold a conversation
    text_offers: dict[str, str] = {}  #: conversation -> reservation of its offer
    consults: dict[str, str] = {}  #: consult -> the agent who asked for it
    told: dict[str, ToldNow] = {}  #: by call; those whose wait is not over
    ledgers: dict[str, Ledger] = {}  #: by queue: what such announcements were worth today
    campaigns: dict[str, CampaignNow] = {}
    books: Books = msgspec.field(default_factory=Books)
