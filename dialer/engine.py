"""The dialer: campaigns that turn leads into calls with agents, or into nothing but an outcome.

It is the upper half of the centre. The distributor below knows agents and waiting lines; the
dialer knows leads, dials and verdicts. Both share one heap of deadlines and one mint of ids;
`dialer.centre` makes one machine of them.

Here campaigns are run: settings, starting and pausing, leads asked for and taken, the pacer asked
and its answer carried out. Facts about dials go to `dialer.attempts`, the rhythm of pacing in
`dialer.campaigns`. A pacer's answer is a wish: `Campaign.grant` cuts it to the lines, the call rate
and the agents there are, and a lead is dialled only inside its window and never while
its number is being dialled.

An `EventError` is raised before anything is changed.
"""

from collections.abc import Callable
from typing import Any, get_args

from acd.config import ConfigError
from acd.deadlines import NO_TICKET, Deadlines, Due
from acd.engine import Engine
from acd.events import CallEnded, LeaderElected
from acd.ids import AgentId, CallId, QueueId
from acd.messages import EventError
from acd.notices import (
    AgentChanged,
    CallClosed,
    CallConnected,
    CallEnqueued,
    CallOffered,
    HandlingEnded,
    Notice,
    OfferClosed,
    TalkEnded,
)
from dialer.attempts import VERDICT_DUE, Attempts, DialFact
from dialer.blending import Blend
from dialer.campaigns import NO_VIEW, Campaign
from dialer.commands import RequestLeads
from dialer.config import CentreConfig
from dialer.events import (
    CampaignPaused,
    CampaignStarted,
    DialerEvent,
    DialsPaced,
    Lead,
    LeadsSupplied,
    OptedOut,
    PacingChanged,
    PreviewAccepted,
    PreviewSkipped,
)
from dialer.ids import CampaignId
from dialer.leads import LEADS_PER_REQUEST, is_owned
from dialer.live_answers import AGENT_DUE, GRACE_DUE, LiveAnswers
from dialer.looking import PREVIEW_DUE, Looking
from dialer.notices import CampaignPaced, PacingSet
from dialer.settings import shared_queues
from dialer.under_way import DialsUnderWay

LEADS_AGAIN_MS = 60_000
"""When the lead store had no more, or did not answer, it is asked again after this."""

NO_LEAD_NOW = (
    "No lead at hand may be dialled now: its window is shut, its number in use, or its agent away."
)

PACE_DUE = "dialer.pace"
LEADS_DUE = "dialer.leads"
"""Kinds of deadlines: a pacer to be asked, the lead store to be asked again."""

KINDS = (PACE_DUE, LEADS_DUE, PREVIEW_DUE, VERDICT_DUE, AGENT_DUE, GRACE_DUE)
"""All deadlines of the dialer."""


class Dialer:
    """All campaigns of a site, over the distributor that serves their live answers."""

    def __init__(self, config: CentreConfig, acd: Engine, deadlines: Deadlines) -> None:
        self.blend = Blend(config.blending)
        self.campaigns: dict[CampaignId, Campaign] = {}
        self.under_way = DialsUnderWay(acd, deadlines, self.campaigns)
        self.answers = LiveAnswers(self.under_way)
        self.attempts = Attempts(self.under_way, self.answers)
        self.looking = Looking(deadlines, self.under_way)
        self._acd = acd
        self._deadlines = deadlines
        self._served: dict[AgentId, tuple[Campaign, ...]] = {}
        self._shared: dict[CampaignId, tuple[QueueId, ...]] = {}
        self._handlers: dict[type, Callable[[Any], None]] = {
            LeaderElected: self._on_leader,
            CampaignStarted: self._on_campaign_started,
            CampaignPaused: self._on_campaign_paused,
            LeadsSupplied: self._on_leads_supplied,
            DialsPaced: self._on_dials_paced,
            PacingChanged: self._on_pacing_changed,
            PreviewAccepted: self._on_preview,
            PreviewSkipped: self._on_preview,
            OptedOut: self.attempts.opt_out,
            **dict.fromkeys(get_args(DialFact), self.attempts.handle),
        }
        self._listeners: dict[type, Callable[[Any], None]] = {
            AgentChanged: self._hear_agent_changed,
            TalkEnded: self._hear_talk_ended,
            HandlingEnded: self._hear_handling_ended,
            CallEnqueued: self.blend.hear_enqueued,
            CallOffered: self.answers.hear_offered,
            OfferClosed: self.answers.hear_offer_closed,
            CallConnected: self._hear_connected,
            CallClosed: self._hear_closed,
        }
        self.configure(config)

    def configure(self, config: CentreConfig) -> None:
        """Take new settings, after the distributor has taken its own.

        A campaign that vanished dials no more and finishes its dials; one that stays keeps its
        leads and whether it runs.
        """
        wanted = {campaign.campaign_id: campaign for campaign in config.campaigns}
        for campaign_id, its_config in wanted.items():
            if campaign_id in self.campaigns:
                self.campaigns[campaign_id].change(its_config)
            else:
                self.campaigns[campaign_id] = Campaign.of(its_config)
        for campaign_id, campaign in self.campaigns.items():
            if campaign_id not in wanted:
                campaign.retire()
        self.index(config)

    def index(self, config: CentreConfig) -> None:
        """Work out which agents serve which campaigns, and which callers they serve besides."""
        campaigns = [campaign.campaign_id for campaign in config.campaigns]
        agents = self._acd.config.agents
        self._served = {
            agent.agent_id: tuple(
                self.campaigns[campaign_id]
                for campaign_id in campaigns
                if QueueId(campaign_id) in agent.queues
            )
            for agent in agents
        }
        self.blend.configure(config.blending, config.acd.queues)
        self._shared = {
            campaign_id: shared_queues(QueueId(campaign_id), config.acd.queues, agents)
            for campaign_id in campaigns
        }

    # --- facts -------------------------------------------------------------------------------

    def handle(self, event: DialerEvent | CallEnded | LeaderElected) -> None:
        """Take one fact of outbound calling. Deadlines due before it have been fired.

        Raises:
            EventError: The fact names a campaign or a dial that does not exist; its writer is
                wrong, and nothing has changed.
        """
        self._handlers[type(event)](event)

    def _on_leader(self, event: LeaderElected) -> None:
        for campaign in self.campaigns.values():
            campaign.begin_caution(event.at_ms)

    def _on_campaign_started(self, event: CampaignStarted) -> None:
        campaign = self._campaign(event.campaign_id)
        if campaign.is_retired:
            raise EventError(f"campaign '{event.campaign_id}' is gone from the settings")
        campaign.is_running = True
        campaign.touch()

    def _on_campaign_paused(self, event: CampaignPaused) -> None:
        campaign = self._campaign(event.campaign_id)
        campaign.is_running, campaign.is_unsettled = False, True

    def _on_leads_supplied(self, event: LeadsSupplied) -> None:
        campaign = self._campaign(event.campaign_id)
        stock = campaign.stock
        if not stock.supply(event.request, event.leads, is_exhausted=event.is_exhausted):
            self.under_way.stale_count += 1
            return
        self._set_leads_deadline(campaign, event.at_ms)
        campaign.touch()

    def _on_dials_paced(self, event: DialsPaced) -> None:
        campaign = self._campaign(event.campaign_id)
        if event.view != campaign.open_view:
            self.under_way.stale_count += 1
            return
        campaign.open_view = NO_VIEW
        campaign.is_unsettled = True
        shared = self._shared.get(event.campaign_id, ())
        grant = campaign.grant(
            event.at_ms,
            event.dials,
            self._acd.floor(QueueId(event.campaign_id)),
            self.blend.objection(event.at_ms, shared),
        )
        dial = self.looking.dial if campaign.config.is_preview else self._dial
        dials = dial(campaign, grant.dials, event.at_ms)
        cut = grant.why if dials == grant.dials else NO_LEAD_NOW
        wanted = max(event.wanted, event.dials)
        self.under_way.notices.append(
            CampaignPaced(
                event.at_ms, event.campaign_id, event.view, wanted, dials, cut or event.why
            )
        )

    def _dial(self, campaign: Campaign, count: int, at_ms: int) -> int:
        """Dial the next leads, at most so many; return how many there were."""
        under_way = self.under_way
        for placed in range(count):
            lead = campaign.stock.take(
                at_ms,
                under_way.is_dialled,
                is_kept=lambda lead: self._is_kept(campaign, lead, at_ms),
                is_likely_first=campaign.is_likely_first,
            )
            if lead is None:
                return placed
            under_way.place(campaign, lead, at_ms, lead.agent_id)
        return count

    def _is_kept(self, campaign: Campaign, lead: Lead, at_ms: int) -> bool:
        """Tell whether a lead waits for the agent who promised to call and is not free now."""
        if not is_owned(lead, at_ms, campaign.config.owner_ms):
            return False
        return lead.agent_id not in self._acd.free_agents(QueueId(campaign.config.campaign_id))

    def _on_preview(self, event: PreviewAccepted | PreviewSkipped) -> None:
        campaign = self._campaign(event.campaign_id)
        if isinstance(event, PreviewAccepted):
            is_taken = self.looking.accept(campaign, event)
        else:
            is_taken = self.looking.skip(campaign, event)
        self.under_way.stale_count += not is_taken

    def _on_pacing_changed(self, event: PacingChanged) -> None:
        campaign = self._campaign(event.campaign_id)
        try:
            campaign.set_pacing(event.pacer, event.abandon_ppm_max)
        except ConfigError as error:
            raise EventError(f"pacing cannot be changed: {error}") from error
        self.under_way.notices.append(
            PacingSet(
                event.at_ms,
                event.campaign_id,
                event.pacer,
                event.abandon_ppm_max,
                event.by,
                event.why,
            )
        )

    def _campaign(self, campaign_id: CampaignId) -> Campaign:
        campaign = self.campaigns.get(campaign_id)
        if campaign is None:
            known = ", ".join(self.campaigns) or "none"
            raise EventError(f"there is no campaign '{campaign_id}'; the campaigns are {known}")
        return campaign

    # --- deadlines ---------------------------------------------------------------------------

    def fire(self, due: Due) -> None:
        """Carry out one deadline of ours that was popped from the shared heap."""
        due_ms, _, kind, key = due
        if kind == PREVIEW_DUE:
            campaign_id, _, agent_id = key.partition("|")
            campaign = self.campaigns[CampaignId(campaign_id)]
            self.looking.fire(campaign, AgentId(agent_id), due_ms)
            return
        if kind not in (PACE_DUE, LEADS_DUE):
            self.attempts.fire(due_ms, kind, CallId(key))
            return
        campaign = self.campaigns[CampaignId(key)]
        campaign.is_unsettled = True
        if kind == PACE_DUE:
            campaign.pace_ticket = NO_TICKET
        else:
            campaign.leads_ticket = NO_TICKET
            campaign.stock.give_up_waiting()

    def settle(self, at_ms: int) -> None:
        """Ask pacers and lead store where it is time to: the end of every fact and deadline."""
        for campaign in self.campaigns.values():
            if campaign.is_unsettled:
                campaign.is_unsettled = False
                self._keep_agents(campaign, at_ms)
                self.looking.show(campaign, at_ms)
                self._ask_for_leads(campaign, at_ms)
                self._ask_pacer(campaign, at_ms)
        if any(campaign.is_done for campaign in self.campaigns.values()):
            self._forget_done()

    def _keep_agents(self, campaign: Campaign, at_ms: int) -> None:
        """Keep an agent free for each dial without a verdict, if the campaign does so."""
        if not campaign.config.keeps_agents:
            return
        queue_id = QueueId(campaign.config.campaign_id)
        count = campaign.unknown_count
        if count != self._acd.kept_count(queue_id):
            self.under_way.commands += self._acd.keep(at_ms, queue_id, count)

    def _ask_for_leads(self, campaign: Campaign, at_ms: int) -> None:
        if campaign.is_running and campaign.stock.needs_more:
            request = campaign.stock.ask()
            self.under_way.commands.append(
                RequestLeads(campaign.config.campaign_id, request, LEADS_PER_REQUEST)
            )
            self._set_leads_deadline(campaign, at_ms)

    def _ask_pacer(self, campaign: Campaign, at_ms: int) -> None:
        deadlines = self._deadlines
        deadlines.cancel(campaign.pace_ticket)
        campaign.pace_ticket = NO_TICKET
        if not campaign.has_work:
            return
        campaign_id = campaign.config.campaign_id
        if campaign.next_pace_ms <= at_ms:
            floor = self._acd.floor(QueueId(campaign_id))
            if not (floor.signed_in or campaign.config.is_agentless):
                return
            reserve = self.blend.reserve(self._shared.get(campaign_id, ()))
            question = campaign.view(at_ms, floor, self.under_way.is_dialled, reserve)
            self.under_way.commands.append(question)
        campaign.pace_ticket = deadlines.put(campaign.next_pace_ms, PACE_DUE, campaign_id)

    def _set_leads_deadline(self, campaign: Campaign, at_ms: int) -> None:
        deadlines = self._deadlines
        deadlines.cancel(campaign.leads_ticket)
        campaign.leads_ticket = NO_TICKET
        if campaign.stock.is_waiting:
            due_ms = at_ms + LEADS_AGAIN_MS
            campaign.leads_ticket = deadlines.put(due_ms, LEADS_DUE, campaign.config.campaign_id)

    def _forget_done(self) -> None:
        """Drop campaigns that are gone from the settings and have finished their dials."""
        for campaign_id, campaign in list(self.campaigns.items()):
            if campaign.is_done:
                self._deadlines.cancel(campaign.pace_ticket)
                self._deadlines.cancel(campaign.leads_ticket)
                del self.campaigns[campaign_id]

    # --- what the distributor concluded ------------------------------------------------------

    def hear(self, notice: Notice) -> None:
        """Learn from one notice of the distributor."""
        listener = self._listeners.get(type(notice))
        if listener is not None:
            listener(notice)

    def _hear_connected(self, notice: CallConnected) -> None:
        self.blend.hear_connected(notice)
        self.answers.hear_connected(notice)

    def _hear_closed(self, notice: CallClosed) -> None:
        self.blend.hear_closed(notice)
        self.answers.hear_closed(notice)

    def _hear_agent_changed(self, notice: AgentChanged) -> None:
        for campaign in self._served.get(notice.agent_id, ()):
            campaign.touch()

    def _hear_talk_ended(self, notice: TalkEnded) -> None:
        for campaign in self._served.get(notice.agent_id, ()):
            if campaign.is_running:
                campaign.observe("talk_ended", notice.at_ms, duration_ms=notice.talk_ms)

    def _hear_handling_ended(self, notice: HandlingEnded) -> None:
        self.attempts.hear_handled(notice)
        for campaign in self._served.get(notice.agent_id, ()):
            if campaign.is_running:
                campaign.observe("wrap_ended", notice.at_ms, duration_ms=notice.wrap_up_ms)
