"""The fold that makes the wallboard: notices in, a `Board` out.

The leader keeps it beside the centre and publishes it with its commits (see `readmodel`). Counts
are of the local day so far; what agents and calls are doing now survives midnight. Beside the day
there are the *books*, counted since the journal began: every call and every dial that began is
still open or has exactly one outcome, so they must balance at any instant.

The formulas are those of `acd.measures`; only the keeping is done here, because a wallboard must
survive a restart of the leader and so must be plain data.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from acd.channels import Channel
from acd.config import AgentConfig, QueueConfig
from acd.ids import QueueId
from acd.measures import QueueCounts, abandonment, aht_ms, asa_ms, occupancy, service_level
from acd.notices import (
    AgentChanged,
    CallbackPromised,
    CallClosed,
    CallConnected,
    CallEnqueued,
    CallOffered,
    CallOpened,
    ContactOutcome,
    Direction,
    HandlingEnded,
    OfferClosed,
    OfferEnd,
    TalkEnded,
)
from cordboard.runtime.board import AgentLine, Board, CampaignLine, CaseLine, QueueLine, WindowLine
from cordboard.runtime.company import COMPANY
from cordboard.runtime.conversations import CONVERSATIONS, conversations_of, offer_closed
from cordboard.runtime.floor import AgentNow, CallNow, CampaignNow, FloorState, WindowNow
from cordboard.runtime.followups import FOLLOW_UPS, lines_by_contact, overdue_by_agent
from cordboard.runtime.shown_leads import SHOWN_LEADS, preview_line
from dialer.commands import PaceCampaign
from dialer.config import CampaignConfig, CentreConfig
from dialer.notices import CampaignPaced, DialClosed, DialPlaced, PacingSet
from dialer.settings import acd_config

_PPM = 1_000_000


class Wallboard:
    """The fold. `heed` takes what one journal entry turned out to mean."""

    def __init__(self, config: CentreConfig, time_zone: str, scale: int) -> None:
        self.state = FloorState()
        self._zone = ZoneInfo(time_zone)
        self._scale = scale
        self._day_ends_ms = 0
        self._config = config
        self._queues: dict[str, QueueConfig] = {}
        self._campaigns: dict[str, CampaignConfig] = {}
        self._serving: dict[str, list[str]] = {}  #: queue -> agents who may serve it
        self._heeders: dict[type, Callable[[Any], None]] = {
            AgentChanged: self._agent_changed,
            CallOffered: self._offered,
            OfferClosed: self._offer_closed,
            CallOpened: self._opened,
            CallbackPromised: self._promised,
            CallEnqueued: self._enqueued,
            CallConnected: self._connected,
            TalkEnded: self._talk_ended,
            HandlingEnded: self._handling_ended,
            CallClosed: self._closed,
            DialPlaced: self._dial_placed,
            DialClosed: self._dial_closed,
            CampaignPaced: self._paced,
            PacingSet: self._pacing_set,
        }
        on_floor = {**COMPANY, **FOLLOW_UPS, **CONVERSATIONS, **SHOWN_LEADS}
        self._heeders |= {kind: partial(self._heed_on_floor, h) for kind, h in on_floor.items()}
        self.configure(config)

    def configure(self, config: CentreConfig) -> None:
        """Take new settings: their queues, agents and campaigns are shown from now on."""
        self._config = config
        derived = acd_config(config)
        self._queues = {queue.queue_id: queue for queue in derived.queues}
        self._campaigns = {campaign.campaign_id: campaign for campaign in config.campaigns}
        self._serving = {
            queue.queue_id: [a.agent_id for a in derived.agents if _may_serve(a, queue)]
            for queue in derived.queues
        }
        for agent in derived.agents:
            self.state.agents.setdefault(agent.agent_id, AgentNow())
        for campaign in config.campaigns:
            running = CampaignNow(is_running=not campaign.starts_paused)
            self.state.campaigns.setdefault(campaign.campaign_id, running)

    # --- counting ----------------------------------------------------------------------------

    def heed(self, at_ms: int, notices: Iterable[object]) -> None:
        """Count what an entry meant."""
        self._turn_page(at_ms)
        for notice in notices:
            heeder = self._heeders.get(type(notice))
            if heeder is not None:
                heeder(notice)

    def heed_question(self, question: PaceCampaign) -> None:
        """Take what the centre told a pacer."""
        campaign = self._campaign(question.campaign_id)
        campaign.leads, campaign.pacer = question.leads, question.pacer
        campaign.abandon_ppm_max = question.abandon_ppm_max
        campaign.windows = [
            WindowNow(window.name, window.answers, window.abandons, window.rate_ppm_max)
            for window in question.windows
        ]

    def set_running(self, campaign_id: str, *, is_running: bool) -> None:
        """Note that somebody started or paused a campaign."""
        self._campaign(campaign_id).is_running = is_running

    def leave_line(self, call_id: str) -> None:
        """Note that a call no longer waits."""
        self._call(call_id).waiting_since_ms = None

    def _turn_page(self, at_ms: int) -> None:
        """Begin a new day at local midnight."""
        if at_ms < self._day_ends_ms:
            return
        today = datetime.fromtimestamp(at_ms / 1_000, self._zone).date()
        tomorrow = datetime.combine(
            today + timedelta(days=1), datetime.min.time(), tzinfo=self._zone
        )
        self._day_ends_ms = int(tomorrow.timestamp() * 1_000)
        if today.isoformat() == self.state.day:
            return
        self.state.day = today.isoformat()
        self.state.queues, self.state.outcomes = {}, {}
        for campaign in self.state.campaigns.values():
            campaign.outcomes, campaign.live_answers, campaign.abandoned = {}, 0, 0

    def _agent_changed(self, notice: AgentChanged) -> None:
        agent = self._agent(notice.agent_id)
        agent.spend(notice.at_ms)
        if agent.presence == "signed_out" != notice.presence:
            agent.handled = agent.busy_ms = agent.ready_ms = 0
        agent.since_ms = notice.at_ms
        agent.presence, agent.reason = notice.presence, notice.reason
        agent.state, agent.call_id = notice.state, notice.call_id or ""
        if agent.state != "talking":
            agent.forget_company()

    def _offered(self, notice: CallOffered) -> None:
        if self._limits(notice.queue_id).channel is Channel.MESSAGE:
            self.state.text_offers[notice.call_id] = notice.reservation_id
        else:
            self._agent(notice.agent_id).reservation_id = notice.reservation_id

    def _offer_closed(self, notice: OfferClosed) -> None:
        offer_closed(self.state, notice)
        agent = self._agent(notice.agent_id)
        if agent.reservation_id == notice.reservation_id:
            agent.reservation_id = ""
        is_missed = notice.end in (OfferEnd.TIMED_OUT, OfferEnd.REJECTED)
        if is_missed and notice.call_id not in self.state.consults:
            queue_id = self._call(notice.call_id).queue_id
            self._queue(QueueId(queue_id)).missed_offers += 1

    def _opened(self, notice: CallOpened) -> None:
        self.state.calls[notice.call_id] = CallNow(notice.direction)
        _count(self.state.books.opened, notice.direction)

    def _promised(self, notice: CallbackPromised) -> None:
        self._call(notice.call_id).origin_id = notice.origin_id

    def _enqueued(self, notice: CallEnqueued) -> None:
        call = self._call(notice.call_id)
        if not call.queue_id:
            self._queue(notice.queue_id).offered += 1
        call.queue_id, call.waiting_since_ms = notice.queue_id, notice.at_ms

    def _connected(self, notice: CallConnected) -> None:
        call, counts = self._call(notice.call_id), self._queue(notice.queue_id)
        call.waiting_since_ms, call.is_talking = None, True
        if call.has_talked:
            return
        call.has_talked = True
        counts.answered += 1
        counts.answered_wait_ms += notice.wait_ms
        counts.answered_within += notice.wait_ms <= self._limits(notice.queue_id).service_level_ms

    def _talk_ended(self, notice: TalkEnded) -> None:
        self._queue(notice.queue_id).talk_ms += notice.talk_ms
        self._call(notice.call_id).is_talking = False
        agent = self._agent(notice.agent_id)
        if agent.call_id == notice.call_id:
            agent.forget_company()  # the next contact may begin before a change of theirs is told

    def _handling_ended(self, notice: HandlingEnded) -> None:
        counts = self._queue(notice.queue_id)
        counts.handled += 1
        counts.wrap_up_ms += notice.wrap_up_ms
        self._agent(notice.agent_id).handled += 1

    def _heed_on_floor(self, heed: Callable[[FloorState, Any], None], notice: object) -> None:
        heed(self.state, notice)

    def _closed(self, notice: CallClosed) -> None:
        call = self.state.calls.pop(notice.call_id, CallNow(notice.direction))
        _count(self.state.books.closed.setdefault(notice.direction, {}), notice.outcome)
        if notice.direction is Direction.INBOUND:
            _count(self.state.outcomes, notice.outcome)
        if notice.queue_id is None or call.has_talked:
            return
        counts = self._queue(notice.queue_id)
        if notice.outcome is ContactOutcome.ABANDONED:
            counts.abandoned += 1
            limits = self._limits(notice.queue_id)
            counts.short_abandons += notice.wait_ms < limits.short_abandon_ms
        else:
            counts.sent_on += 1

    def _dial_placed(self, notice: DialPlaced) -> None:
        self.state.books.dials_placed += 1
        self._campaign(notice.campaign_id).dialling += 1

    def _dial_closed(self, notice: DialClosed) -> None:
        campaign, books = self._campaign(notice.campaign_id), self.state.books
        campaign.dialling -= 1
        for outcomes in (campaign.outcomes, books.dials_closed):
            _count(outcomes, notice.outcome)
        campaign.live_answers += notice.is_live_answer
        campaign.abandoned += notice.is_abandoned
        books.live_answers += notice.is_live_answer
        books.abandoned_dials += notice.is_abandoned

    def _paced(self, notice: CampaignPaced) -> None:
        self._campaign(notice.campaign_id).why = notice.why

    def _pacing_set(self, notice: PacingSet) -> None:
        campaign = self._campaign(notice.campaign_id)
        campaign.pacer, campaign.abandon_ppm_max = notice.pacer, notice.abandon_ppm_max

    def _agent(self, agent_id: str) -> AgentNow:
        return self.state.agents.setdefault(agent_id, AgentNow())

    def _call(self, call_id: str) -> CallNow:
        return self.state.calls.get(call_id) or CallNow("")

    def _campaign(self, campaign_id: str) -> CampaignNow:
        return self.state.campaigns.setdefault(campaign_id, CampaignNow())

    def _queue(self, queue_id: QueueId) -> QueueCounts:
        return self.state.queues.setdefault(queue_id, QueueCounts())

    def _limits(self, queue_id: QueueId) -> QueueConfig:
        return self._queues.get(queue_id) or QueueConfig(queue_id=queue_id)

    # --- snapshot ----------------------------------------------------------------------------

    def to_plain(self) -> dict[str, object]:
        """Return the fold's state as plain data."""
        plain: dict[str, object] = msgspec.to_builtins(self.state)
        return plain

    def restore(self, plain: Mapping[str, object]) -> None:
        """Go on from what `to_plain` returned."""
        self.state = msgspec.convert(plain, FloorState)
        self._day_ends_ms = 0
        self.configure(self._config)

    # --- showing -----------------------------------------------------------------------------

    def board(self, at_ms: int) -> Board:
        """Return the wallboard at an instant."""
        in_flow = [
            call
            for call in self.state.calls.values()
            if call.direction == Direction.INBOUND and not call.queue_id
        ]
        inbound = [q for q in self._queues.values() if q.queue_id not in self._campaigns]
        return Board(
            at_ms=at_ms,
            scale=self._scale,
            calls_in_flow=len(in_flow),
            self_served=self.state.outcomes.get("self_served", 0),
            voicemails=self.state.outcomes.get("voicemail", 0),
            refused=self.state.outcomes.get("refused", 0),
            queues=tuple(self._queue_line(queue, at_ms) for queue in inbound),
            agents=self._agent_lines(at_ms),
            campaigns=tuple(self._campaign_line(name) for name in sorted(self._campaigns)),
            directory=self._config.acd.directory,
            cases_open=len(self.state.cases),
            cases_overdue=sum(case.is_overdue for case in self.state.cases.values()),
        )

    def _agent_lines(self, at_ms: int) -> tuple[AgentLine, ...]:
        cases, overdue = lines_by_contact(self.state), overdue_by_agent(self.state)
        names = [agent.agent_id for agent in self._config.acd.agents]
        return tuple(
            self._agent_line(
                name, at_ms, cases.get(self._agent(name).call_id), overdue.get(name, 0)
            )
            for name in names
        )

    def _queue_line(self, queue: QueueConfig, at_ms: int) -> QueueLine:
        name = queue.queue_id
        counts = self.state.queues.get(name) or QueueCounts()
        since = [
            call.waiting_since_ms
            for call in self.state.calls.values()
            if call.queue_id == name and call.waiting_since_ms is not None
        ]
        agents = [self._agent(agent_id) for agent_id in self._serving[name]]
        return QueueLine(
            queue_id=name,
            waiting=len(since),
            longest_wait_ms=at_ms - min(since) if since else 0,
            agents_ready=sum(
                agent.presence == "ready" and agent.state == "idle" for agent in agents
            ),
            agents_signed_in=sum(agent.presence != "signed_out" for agent in agents),
            offered=counts.offered,
            answered=counts.answered,
            abandoned=counts.abandoned - counts.short_abandons,
            short_abandons=counts.short_abandons,
            service_level=service_level(
                counts.answered_within, counts.offered, counts.short_abandons
            ),
            service_level_ms=queue.service_level_ms,
            asa_ms=_rounded(asa_ms(counts.answered_wait_ms, counts.answered)),
            aht_ms=_rounded(aht_ms(counts.talk_ms, counts.wrap_up_ms, counts.handled)),
        )

    def _agent_line(
        self, agent_id: str, at_ms: int, case: CaseLine | None, overdue: int
    ) -> AgentLine:
        agent = self._agent(agent_id)
        call = self._call(agent.call_id)
        now = msgspec.structs.replace(agent)
        now.spend(at_ms)
        return AgentLine(
            agent_id=agent_id,
            presence=agent.presence,
            reason=agent.reason,
            state=agent.state,
            since_ms=at_ms - agent.since_ms if agent.since_ms else 0,
            queue_id=call.queue_id,
            handled=agent.handled,
            occupancy=occupancy(now.busy_ms, now.ready_ms),
            reservation_id=agent.reservation_id,
            is_on_hold=agent.is_on_hold,
            consult=agent.consult,
            is_consulting=agent.is_consulting,
            asked_by=self.state.consults.get(agent.call_id, ""),
            supervised_by=dict(agent.supervised_by),
            recording=agent.recording,
            note=agent.note,
            call_id=call.origin_id or (case.origin_id if case else "") or agent.call_id,
            case=case,
            is_task=call.direction == Direction.INTERNAL,
            overdue=overdue,
            conversations=conversations_of(self.state, agent_id),
            preview=preview_line(agent, self._campaigns, at_ms),
        )

    def _campaign_line(self, campaign_id: str) -> CampaignLine:
        campaign = self._campaign(campaign_id)
        calls = [call for call in self.state.calls.values() if call.queue_id == campaign_id]
        config = self._campaigns.get(campaign_id)
        return CampaignLine(
            campaign_id=campaign_id,
            is_running=campaign.is_running,
            pacer=campaign.pacer or ("" if config is None else config.pacer),
            dialling=campaign.dialling,
            waiting=sum(call.waiting_since_ms is not None for call in calls),
            talking=sum(call.is_talking for call in calls),
            leads=campaign.leads,
            outcomes=dict(sorted(campaign.outcomes.items())),
            abandonment_rate=abandonment(campaign.abandoned, campaign.live_answers, 0),
            why=campaign.why,
            abandon_rate_max=_target(campaign, config),
            windows=tuple(
                WindowLine(
                    name=window.name,
                    answers=window.answers,
                    abandons=window.abandons,
                    rate_max=window.rate_ppm_max / _PPM,
                )
                for window in campaign.windows
            ),
        )

    def books(self) -> dict[str, object]:
        """Return the books, and what is open: opened = closed + open, for calls and for dials."""
        open_calls: dict[str, int] = {}
        for call in self.state.calls.values():
            _count(open_calls, call.direction)
        states: dict[str, int] = {}
        for agent in self.state.agents.values():
            _count(states, agent.state)
        plain: dict[str, Any] = msgspec.to_builtins(self.state.books)
        dialling = sum(campaign.dialling for campaign in self.state.campaigns.values())
        return plain | {"open": open_calls, "dialling": dialling, "agents": states}


def _may_serve(agent: AgentConfig, queue: QueueConfig) -> bool:
    is_named = not agent.queues or queue.queue_id in agent.queues
    return is_named and all(
        agent.skills.get(skill, 0) >= level for skill, level in queue.skills.items()
    )


def _target(campaign: CampaignNow, config: CampaignConfig | None) -> float | None:
    if campaign.abandon_ppm_max >= 0:
        return campaign.abandon_ppm_max / _PPM
    return None if config is None else config.abandon_percent_max / 100


def _count(counts: dict[str, int], name: str) -> None:
    counts[str(name)] = counts.get(str(name), 0) + 1


def _rounded(value: float | None) -> int | None:
    return None if value is None else round(value)
