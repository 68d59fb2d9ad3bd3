"""A small site for tests of the centre: two agents with standing legs, one campaign, a queue."""

from acd.commands import OpenStandingLeg
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.events import (
    AgentLegAnswered,
    AgentSignedIn,
    AgentWentReady,
    CallEnded,
    ClockTicked,
    LeaderElected,
    LegCause,
    PartyJoined,
)
from acd.ids import AgentId, CallId, CustomerId, QueueId, Sid
from dialer.centre import Centre
from dialer.commands import PaceCampaign, PlaceCall, RequestLeads
from dialer.config import CampaignConfig, CentreConfig
from dialer.events import (
    AnswerClassified,
    AnsweredBy,
    DialAnswered,
    DialBound,
    DialsPaced,
    Lead,
    LeadsSupplied,
)
from dialer.ids import CampaignId, LeadId

CAMPAIGN = CampaignId("renewals")
DAY_MS = 86_400_000


def settings(agents: int = 2, **campaign: object) -> CentreConfig:
    """Return a site's settings; `campaign` overrides the campaign's."""
    return CentreConfig(
        acd=AcdConfig(
            queues=(QueueConfig(queue_id=QueueId("billing")),),
            agents=tuple(
                AgentConfig(agent_id=AgentId(f"a{index}"), standing=True) for index in range(agents)
            ),
        ),
        campaigns=(
            CampaignConfig(**{"campaign_id": CAMPAIGN, "calls_per_s_max": 10.0, **campaign}),
        ),
    )


def leads(count: int, *, first: int = 0, opens: int = 0, closes: int = DAY_MS) -> tuple[Lead, ...]:
    """Return leads with numbers of their own."""
    return tuple(
        Lead(LeadId(f"l{i}"), 0, f"k{i}", CustomerId(f"p{i}"), opens, closes, "us-1", 0)
        for i in range(first, first + count)
    )


class Site:
    """A centre and the world's answers to it, one step at a time."""

    def __init__(self, config: CentreConfig | None = None) -> None:
        self.centre = Centre(config or settings())
        self.now_ms = 0
        self.commands: list[object] = []  #: all, ever
        self.notices: list[object] = []
        self.tell(LeaderElected(0, 1, "n", 1, 1))

    @property
    def campaign(self):
        """The campaign's state inside the dialer."""
        return self.centre.dialer.campaigns[CAMPAIGN]

    def tell(self, event) -> list[object]:
        """Hand an event to the centre and keep what it says."""
        commands = self.centre.handle(event)
        self.now_ms = max(self.now_ms, event.at_ms)
        self.commands += commands
        self.notices += self.centre.notices
        return commands

    def wait(self, ms: int) -> list[object]:
        """Let time pass, firing each deadline at its instant as the worker does."""
        until_ms, said = self.now_ms + ms, []
        while (due_ms := self.centre.next_due_ms) is not None and due_ms <= until_ms:
            said += self.tell(ClockTicked(due_ms, 0, 1))
        return said + self.tell(ClockTicked(until_ms, 0, 1))

    def sign_in(self, *names: str) -> None:
        """Bring agents to their standing legs, ready."""
        for name in names or [agent.agent_id for agent in self.centre.config.acd.agents]:
            self.tell(AgentSignedIn(self.now_ms, AgentId(name)))
            self.answer_legs(self.tell(AgentWentReady(self.now_ms, AgentId(name))))

    def answer_legs(self, commands) -> None:
        """Pick up every standing leg that the commands open."""
        for command in commands:
            if isinstance(command, OpenStandingLeg):
                sid = Sid(f"CA{command.leg_id}")
                self.tell(AgentLegAnswered(self.now_ms, command.leg_id, sid))
                self.tell(PartyJoined(self.now_ms, command.room, command.leg_id, sid))

    def supply(self, supplied: tuple[Lead, ...], *, is_exhausted: bool = False) -> list[object]:
        """Answer the last request for leads."""
        request = self.last(RequestLeads).request
        return self.tell(LeadsSupplied(self.now_ms, CAMPAIGN, request, supplied, is_exhausted))

    def pace(self, dials: int) -> list[PlaceCall]:
        """Answer the open question to the pacer, or the next one; return the calls placed."""
        if not self.campaign.open_view:
            self.wait(1_000)
        view = self.last(PaceCampaign).view
        said = self.tell(DialsPaced(self.now_ms, CAMPAIGN, view, dials, "test"))
        return [command for command in said if isinstance(command, PlaceCall)]

    def dial(self) -> CallId:
        """Place one call that rings."""
        [placed] = self.pace(1)
        self.tell(DialBound(self.now_ms, placed.call_id, Sid(f"CA{placed.call_id}")))
        return placed.call_id

    def answer(self, call_id: CallId) -> list[object]:
        """Let somebody or something pick up."""
        return self.tell(DialAnswered(self.now_ms, call_id, Sid(f"CA{call_id}")))

    def verdict(self, call_id: CallId, answered_by=AnsweredBy.HUMAN) -> list[object]:
        """Let detection speak."""
        return self.tell(AnswerClassified(self.now_ms, call_id, answered_by, 3_000))

    def join(self, connect) -> list[object]:
        """Carry out a `ConnectCall`."""
        return self.tell(PartyJoined(self.now_ms, connect.room, connect.call_id, connect.sid))

    def hang_up(self, call_id: CallId, cause=LegCause.COMPLETED) -> list[object]:
        """End a customer's leg."""
        return self.tell(CallEnded(self.now_ms, call_id, cause))

    def last(self, kind: type):
        """Return the last command of a kind."""
        return next(c for c in reversed(self.commands) if isinstance(c, kind))


def ready_site(config: CentreConfig | None = None, *, count: int = 20) -> Site:
    """Return a site with its agents ready, leads at hand and the pacer asked."""
    site = Site(config)
    site.sign_in()
    site.supply(leads(count))
    site.wait(1_000)
    return site


def of(kind: type, said) -> list:
    """Return the messages of one kind."""
    return [message for message in said if isinstance(message, kind)]
