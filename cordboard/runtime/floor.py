"""The floor as the centre's notices tell it: the fold from which the wallboard is made.

The leader keeps it beside the centre, in the same snapshot, and publishes a `Board` of it with its
commits. It counts twice: since local midnight, which is what a supervisor looks at, and since the
journal began, which is what must balance: every call and every dial that began is open or has one
outcome. The formulas are those of `acd.measures`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from acd.config import AgentConfig, QueueConfig
from acd.measures import QueueCounts, aht_ms, asa_ms, occupancy, service_level
from acd.notices import (
    AgentChanged,
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
from cordboard.runtime.board import AgentLine, Board, CampaignLine, QueueLine
from dialer.commands import PaceCampaign
from dialer.config import CentreConfig
from dialer.notices import DialClosed, DialPlaced

SERVICE_LEVEL_MS = 20_000
"""For a queue that is no longer in the settings."""

SHORT_ABANDON_MS = 5_000


class Tally(msgspec.Struct):
    """What the centre did since some instant."""

    calls_opened: dict[str, int] = {}
    calls_closed: dict[str, dict[str, int]] = {}  #: direction -> outcome -> count
    dials_placed: dict[str, int] = {}  #: by campaign
    dials_closed: dict[str, dict[str, int]] = {}  #: campaign -> outcome -> count
    live_answers: dict[str, int] = {}  #: by campaign
    abandoned_dials: dict[str, int] = {}  #: by campaign
    queues: dict[str, QueueCounts] = {}

    def queue(self, queue_id: str) -> QueueCounts:
        """Return the counts of a queue."""
        return self.queues.setdefault(queue_id, QueueCounts())

    def closed(self, direction: Direction, outcome: ContactOutcome) -> int:
        """Return how many calls of a direction ended so."""
        return self.calls_closed.get(direction, {}).get(outcome, 0)


class AgentNow(msgspec.Struct):
    """One agent now, and their time since they signed in."""

    presence: str = "signed_out"
    reason: str = ""
    state: str = "idle"
    call_id: str | None = None
    queue_id: str = ""
    reservation_id: str = ""
    since_ms: int = 0
    busy_ms: int = 0
    ready_ms: int = 0
    handled: int = 0

    def spend(self, at_ms: int) -> None:
        """Add the time since the last change to where it belongs."""
        spent_ms = max(0, at_ms - self.since_ms)
        if self.state != "idle":
            self.busy_ms += spent_ms
        elif self.presence == "ready":
            self.ready_ms += spent_ms
        self.since_ms = at_ms


class CampaignNow(msgspec.Struct):
    """One campaign now."""

    is_running: bool = True
    talking: int = 0
    leads: int = 0
    why: str = ""


class State(msgspec.Struct):
    """All of the floor that a snapshot keeps."""

    day: str = ""
    today: Tally = msgspec.field(default_factory=Tally)
    ever: Tally = msgspec.field(default_factory=Tally)
    agents: dict[str, AgentNow] = {}
    campaigns: dict[str, CampaignNow] = {}
    open_calls: dict[str, str] = {}  #: call -> direction
    in_flow: dict[str, bool] = {}  #: inbound calls that have not been queued yet
    waiting: dict[str, tuple[str, int]] = {}  #: call -> queue, since
    answered: dict[str, bool] = {}  #: open calls that have spoken with an agent


class Floor:
    """The fold. `heed` takes what one journal entry turned out to mean."""

    def __init__(self, config: CentreConfig, time_zone: str) -> None:
        self.state = State()
        self._zone = ZoneInfo(time_zone)
        self._day_ends_ms = 0
        self._config = config
        self._queues: dict[str, QueueConfig] = {}
        self._heeders: Mapping[type, Callable[..., None]] = {
            AgentChanged: self._agent_changed,
            CallOpened: self._call_opened,
            CallEnqueued: self._call_enqueued,
            CallOffered: self._call_offered,
            OfferClosed: self._offer_closed,
            CallConnected: self._call_connected,
            TalkEnded: self._talk_ended,
            HandlingEnded: self._handling_ended,
            CallClosed: self._call_closed,
            DialPlaced: self._dial_placed,
            DialClosed: self._dial_closed,
        }
        self.apply_settings(config)

    def apply_settings(self, config: CentreConfig) -> None:
        """Take new settings: show every queue, agent and campaign of them."""
        self._config = config
        self._queues = {queue.queue_id: queue for queue in config.acd.queues}
        for agent in config.acd.agents:
            self.state.agents.setdefault(agent.agent_id, AgentNow())
        for campaign in config.campaigns:
            now = CampaignNow(is_running=not campaign.starts_paused)
            self.state.campaigns.setdefault(campaign.campaign_id, now)

    def heed(self, at_ms: int, notices: Sequence[object], commands: Sequence[object] = ()) -> None:
        """Count what an entry meant, and note what it led to."""
        self._turn_page(at_ms)
        for notice in notices:
            heeder = self._heeders.get(type(notice))
            if heeder is not None:
                heeder(notice)
        for command in commands:
            if isinstance(command, PaceCampaign):
                self._campaign(command.campaign_id).leads = command.leads

    def note_pacing(self, campaign_id: str, why: str) -> None:
        """Note what bounded a campaign's latest decision."""
        self._campaign(campaign_id).why = why

    def set_running(self, campaign_id: str, *, is_running: bool) -> None:
        """Note that somebody started or paused a campaign."""
        self._campaign(campaign_id).is_running = is_running

    def leave_line(self, call_id: str) -> None:
        """Note that a call no longer waits."""
        self.state.waiting.pop(call_id, None)

    def to_plain(self) -> dict[str, object]:
        """Return the floor's state for a snapshot."""
        plain: dict[str, object] = msgspec.to_builtins(self.state)
        return plain

    def restore(self, plain: Mapping[str, object]) -> None:
        """Go on from what `to_plain` returned."""
        self.state = msgspec.convert(plain, State)
        self._day_ends_ms = 0
        self.apply_settings(self._config)

    def board(self, at_ms: int, scale: int) -> Board:
        """Return what pages show."""
        state, today = self.state, self.state.today
        inbound = partial(today.closed, Direction.INBOUND)
        return Board(
            at_ms=at_ms,
            scale=scale,
            calls_in_flow=len(state.in_flow),
            self_served=inbound(ContactOutcome.SELF_SERVED),
            voicemails=inbound(ContactOutcome.VOICEMAIL),
            refused=inbound(ContactOutcome.REFUSED),
            queues=tuple(self._queue_line(queue, at_ms) for queue in self._config.acd.queues),
            agents=tuple(
                self._agent_line(agent.agent_id, at_ms) for agent in self._config.acd.agents
            ),
            campaigns=tuple(
                self._campaign_line(one.campaign_id, one.pacer) for one in self._config.campaigns
            ),
        )

    def _turn_page(self, at_ms: int) -> None:
        """Begin a new day at local midnight."""
        if at_ms < self._day_ends_ms:
            return
        now = datetime.fromtimestamp(at_ms / 1_000, self._zone)
        tomorrow = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), self._zone)
        self._day_ends_ms = int(tomorrow.timestamp() * 1_000)
        day = now.date().isoformat()
        if day != self.state.day:
            self.state.day = day
            self.state.today = Tally()

    def _agent_changed(self, notice: AgentChanged) -> None:
        agent = self._agent(notice.agent_id)
        if agent.presence == "signed_out" and notice.presence != "signed_out":
            agent = self.state.agents[notice.agent_id] = AgentNow(handled=agent.handled)
        is_same = (agent.presence, agent.state) == (notice.presence, notice.state)
        since_ms = agent.since_ms
        agent.spend(notice.at_ms)
        if is_same and agent.state != "idle":
            agent.since_ms = since_ms
        agent.presence, agent.reason = notice.presence, notice.reason
        agent.state, agent.call_id = notice.state, notice.call_id
        if notice.state == "idle":
            agent.queue_id = ""

    def _call_opened(self, notice: CallOpened) -> None:
        self.state.open_calls[notice.call_id] = notice.direction
        if notice.direction is Direction.INBOUND:
            self.state.in_flow[notice.call_id] = True
        for tally in self._tallies():
            _count(tally.calls_opened, notice.direction)

    def _call_enqueued(self, notice: CallEnqueued) -> None:
        self.state.in_flow.pop(notice.call_id, None)
        self.state.waiting[notice.call_id] = (notice.queue_id, notice.at_ms)
        for tally in self._tallies():
            tally.queue(notice.queue_id).offered += 1

    def _call_offered(self, notice: CallOffered) -> None:
        agent = self._agent(notice.agent_id)
        agent.queue_id = notice.queue_id
        agent.reservation_id = notice.reservation_id

    def _offer_closed(self, notice: OfferClosed) -> None:
        self._agent(notice.agent_id).reservation_id = ""
        queue_id = self.state.waiting.get(notice.call_id, ("", 0))[0]
        if queue_id and notice.end in (OfferEnd.TIMED_OUT, OfferEnd.REJECTED):
            for tally in self._tallies():
                tally.queue(queue_id).missed_offers += 1

    def _call_connected(self, notice: CallConnected) -> None:
        self.leave_line(notice.call_id)
        if notice.queue_id in self.state.campaigns:
            self.state.campaigns[notice.queue_id].talking += 1
        if notice.call_id in self.state.answered:
            return
        self.state.answered[notice.call_id] = True
        is_in_time = notice.wait_ms <= self._service_level_ms(notice.queue_id)
        for tally in self._tallies():
            counts = tally.queue(notice.queue_id)
            counts.answered += 1
            counts.answered_within += is_in_time
            counts.answered_wait_ms += notice.wait_ms
            counts.longest_wait_ms = max(counts.longest_wait_ms, notice.wait_ms)

    def _talk_ended(self, notice: TalkEnded) -> None:
        if notice.queue_id in self.state.campaigns:
            self.state.campaigns[notice.queue_id].talking -= 1
        for tally in self._tallies():
            tally.queue(notice.queue_id).talk_ms += notice.talk_ms

    def _handling_ended(self, notice: HandlingEnded) -> None:
        self._agent(notice.agent_id).handled += 1
        for tally in self._tallies():
            counts = tally.queue(notice.queue_id)
            counts.handled += 1
            counts.wrap_up_ms += notice.wrap_up_ms

    def _call_closed(self, notice: CallClosed) -> None:
        state = self.state
        self.leave_line(notice.call_id)
        state.open_calls.pop(notice.call_id, None)
        state.in_flow.pop(notice.call_id, None)
        has_talked = state.answered.pop(notice.call_id, False)
        for tally in self._tallies():
            outcomes = tally.calls_closed.setdefault(notice.direction, {})
            _count(outcomes, notice.outcome)
            is_abandoned = notice.outcome is ContactOutcome.ABANDONED and not has_talked
            if notice.queue_id is not None and is_abandoned:
                counts = tally.queue(notice.queue_id)
                counts.abandoned += 1
                counts.abandoned_wait_ms += notice.wait_ms
                is_short = notice.wait_ms < self._short_abandon_ms(notice.queue_id)
                counts.short_abandons += is_short

    def _dial_placed(self, notice: DialPlaced) -> None:
        for tally in self._tallies():
            _count(tally.dials_placed, notice.campaign_id)

    def _dial_closed(self, notice: DialClosed) -> None:
        for tally in self._tallies():
            _count(tally.dials_closed.setdefault(notice.campaign_id, {}), notice.outcome)
            if notice.is_live_answer:
                _count(tally.live_answers, notice.campaign_id)
            if notice.is_abandoned:
                _count(tally.abandoned_dials, notice.campaign_id)

    def _queue_line(self, queue: QueueConfig, at_ms: int) -> QueueLine:
        counts = self.state.today.queue(queue.queue_id)
        since = [ms for queue_id, ms in self.state.waiting.values() if queue_id == queue.queue_id]
        able = [
            self.state.agents[agent.agent_id]
            for agent in self._config.acd.agents
            if may_serve(agent, queue)
        ]
        return QueueLine(
            queue_id=queue.queue_id,
            waiting=len(since),
            longest_wait_ms=at_ms - min(since) if since else 0,
            agents_ready=sum(now.presence == "ready" and now.state == "idle" for now in able),
            agents_signed_in=sum(now.presence != "signed_out" for now in able),
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

    def _agent_line(self, agent_id: str, at_ms: int) -> AgentLine:
        now = self._agent(agent_id)
        spent_ms = max(0, at_ms - now.since_ms)
        is_busy, is_ready = now.state != "idle", now.presence == "ready"
        return AgentLine(
            agent_id=agent_id,
            presence=now.presence,
            reason=now.reason,
            state=now.state,
            since_ms=spent_ms if now.since_ms else 0,
            queue_id=now.queue_id,
            handled=now.handled,
            occupancy=occupancy(
                now.busy_ms + spent_ms * is_busy,
                now.ready_ms + spent_ms * (is_ready and not is_busy),
            ),
            reservation_id=now.reservation_id,
        )

    def _campaign_line(self, campaign_id: str, pacer: str) -> CampaignLine:
        today, ever = self.state.today, self.state.ever
        now = self._campaign(campaign_id)
        closed = sum(ever.dials_closed.get(campaign_id, {}).values())
        waiting = sum(queue == campaign_id for queue, _ in self.state.waiting.values())
        open_dials = ever.dials_placed.get(campaign_id, 0) - closed
        live = today.live_answers.get(campaign_id, 0)
        abandoned = today.abandoned_dials.get(campaign_id, 0)
        return CampaignLine(
            campaign_id=campaign_id,
            is_running=now.is_running,
            pacer=pacer,
            dialling=max(0, open_dials - now.talking - waiting),
            waiting=waiting,
            talking=now.talking,
            leads=now.leads,
            outcomes=dict(sorted(today.dials_closed.get(campaign_id, {}).items())),
            abandonment_rate=abandoned / live if live else None,
            why=now.why,
        )

    def _tallies(self) -> tuple[Tally, Tally]:
        return self.state.today, self.state.ever

    def _agent(self, agent_id: str) -> AgentNow:
        return self.state.agents.setdefault(agent_id, AgentNow())

    def _campaign(self, campaign_id: str) -> CampaignNow:
        return self.state.campaigns.setdefault(campaign_id, CampaignNow())

    def _service_level_ms(self, queue_id: str) -> int:
        queue = self._queues.get(queue_id)
        return queue.service_level_ms if queue else SERVICE_LEVEL_MS

    def _short_abandon_ms(self, queue_id: str) -> int:
        queue = self._queues.get(queue_id)
        return queue.short_abandon_ms if queue else SHORT_ABANDON_MS


def may_serve(agent: AgentConfig, queue: QueueConfig) -> bool:
    """Tell whether an agent's skills and list of queues admit them to a queue."""
    if agent.queues and queue.queue_id not in agent.queues:
        return False
    return all(agent.skills.get(skill, 0) >= level for skill, level in queue.skills.items())


def _count(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1


def _rounded(value: float | None) -> int | None:
    return None if value is None else round(value)
