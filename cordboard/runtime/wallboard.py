"""The fold behind the wallboard: notices in, a floor kept that can be shown at any instant.

The leader keeps it beside the centre and publishes it with its commits (see `readmodel`). Counts
are of the local day so far; what agents and calls are doing now survives midnight. Beside the day
there are the *books*, counted since the journal began: every call and every dial that began is
still open or has exactly one outcome, so they must balance at any instant.

Only the keeping is done here, in plain data, because a wallboard must survive a restart of the
leader; `display` makes of it what people look at.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from acd.channels import Channel
from acd.config import QueueConfig
from acd.ids import QueueId
from acd.measures import QueueCounts
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
from cordboard.runtime.board import Board
from cordboard.runtime.company import COMPANY
from cordboard.runtime.conversations import CONVERSATIONS, offer_closed
from cordboard.runtime.display import Display
from cordboard.runtime.floor import AgentNow, CallNow, CampaignNow, FloorState, WindowNow
from cordboard.runtime.followups import FOLLOW_UPS
from cordboard.runtime.shown_leads import SHOWN_LEADS
from dialer.commands import PaceCampaign
from dialer.config import CentreConfig
from dialer.notices import CampaignPaced, DialClosed, DialPlaced, PacingSet
from dialer.settings import acd_config


class Wallboard:
    """The fold. `heed` takes what one journal entry turned out to mean."""

    def __init__(self, config: CentreConfig, time_zone: str, scale: int) -> None:
        self.state = FloorState()
        self._zone = ZoneInfo(time_zone)
        self._scale = scale
        self._day_ends_ms = 0
        self._config = config
        self._queues: dict[str, QueueConfig] = {}
        self._display = Display(config, scale)
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
        self._display = Display(config, self._scale)
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
        """Return what is shown at an instant."""
        return self._display.board(self.state, at_ms)

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


def _count(counts: dict[str, int], name: str) -> None:
    counts[str(name)] = counts.get(str(name), 0) + 1
