"""The floor as people look at it: what `wallboard` keeps, made into a `Board`.

A display reads the floor and changes nothing, so it can be made anew whenever settings change. The
settings say which lines there are and in which order; the floor says how each of them stands. The
formulas are those of `acd.measures`.
"""

from collections.abc import Mapping

import msgspec

from acd.config import AgentConfig, QueueConfig
from acd.estimates import Ledger
from acd.ids import AgentId
from acd.measures import QueueCounts, abandonment, aht_ms, asa_ms, occupancy, service_level
from acd.notices import Direction
from cordboard.runtime.board import AgentLine, Board, CampaignLine, CaseLine, QueueLine, WindowLine
from cordboard.runtime.conversations import conversations_of
from cordboard.runtime.floor import AgentNow, CallNow, CampaignNow, FloorState
from cordboard.runtime.followups import lines_by_contact, overdue_by_agent
from cordboard.runtime.shown_leads import preview_line
from dialer.config import CampaignConfig, CentreConfig
from dialer.settings import acd_config

_PPM = 1_000_000
_NOBODY, _NOTHING, _NO_CALL = AgentNow(), CampaignNow(), CallNow("")
"""What is shown of whom the floor does not know yet; only ever read."""


class Display:
    """What a site shows under its settings; `board` is the whole of it."""

    def __init__(self, config: CentreConfig, scale: int) -> None:
        derived = acd_config(config)
        self._scale = scale
        self._directory = config.acd.directory
        self._agents = [agent.agent_id for agent in config.acd.agents]
        self._campaigns: Mapping[str, CampaignConfig] = {
            campaign.campaign_id: campaign for campaign in config.campaigns
        }
        self._inbound = [q for q in derived.queues if q.queue_id not in self._campaigns]
        self._serving = {
            queue.queue_id: [a.agent_id for a in derived.agents if _may_serve(a, queue)]
            for queue in self._inbound
        }

    def board(self, floor: FloorState, at_ms: int) -> Board:
        """Return what is shown at an instant."""
        in_flow = [
            call
            for call in floor.calls.values()
            if call.direction == Direction.INBOUND and not call.queue_id
        ]
        return Board(
            at_ms=at_ms,
            scale=self._scale,
            calls_in_flow=len(in_flow),
            self_served=floor.outcomes.get("self_served", 0),
            voicemails=floor.outcomes.get("voicemail", 0),
            refused=floor.outcomes.get("refused", 0),
            queues=tuple(self._queue_line(floor, queue, at_ms) for queue in self._inbound),
            agents=self._agent_lines(floor, at_ms),
            campaigns=tuple(self._campaign_line(floor, name) for name in sorted(self._campaigns)),
            directory=self._directory,
            cases_open=len(floor.cases),
            cases_overdue=sum(case.is_overdue for case in floor.cases.values()),
        )

    def _queue_line(self, floor: FloorState, queue: QueueConfig, at_ms: int) -> QueueLine:
        name = queue.queue_id
        counts = floor.queues.get(name) or QueueCounts()
        told = floor.ledgers.get(name) or Ledger()
        since = [
            call.waiting_since_ms
            for call in floor.calls.values()
            if call.queue_id == name and call.waiting_since_ms is not None
        ]
        agents = [floor.agents.get(agent_id, _NOBODY) for agent_id in self._serving[name]]
        return QueueLine(
            queue_id=name,
            waiting=len(since),
            longest_wait_ms=at_ms - min(since) if since else 0,
            agents_ready=sum(agent.is_free for agent in agents),
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
            told_kept=told.kept,
            told_sooner=told.sooner,
            told_later=told.later,
            told_unscored=told.unscored,
        )

    def _agent_lines(self, floor: FloorState, at_ms: int) -> tuple[AgentLine, ...]:
        cases, overdue = lines_by_contact(floor), overdue_by_agent(floor)
        return tuple(
            self._agent_line(
                floor,
                name,
                at_ms,
                case=cases.get(floor.agents.get(name, _NOBODY).call_id),
                overdue=overdue.get(name, 0),
            )
            for name in self._agents
        )

    def _agent_line(
        self,
        floor: FloorState,
        agent_id: AgentId,
        at_ms: int,
        *,
        case: CaseLine | None,
        overdue: int,
    ) -> AgentLine:
        agent = floor.agents.get(agent_id, _NOBODY)
        call = floor.calls.get(agent.call_id, _NO_CALL)
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
            asked_by=floor.consults.get(agent.call_id, ""),
            supervised_by=dict(agent.supervised_by),
            recording=agent.recording,
            note=agent.note,
            call_id=call.origin_id or (case.origin_id if case else "") or agent.call_id,
            case=case,
            is_task=call.direction == Direction.INTERNAL,
            overdue=overdue,
            conversations=conversations_of(floor, agent_id),
            preview=preview_line(agent, self._campaigns, at_ms),
        )

    def _campaign_line(self, floor: FloorState, campaign_id: str) -> CampaignLine:
        campaign = floor.campaigns.get(campaign_id, _NOTHING)
        calls = [call for call in floor.calls.values() if call.queue_id == campaign_id]
        config = self._campaigns[campaign_id]
        return CampaignLine(
            campaign_id=campaign_id,
            is_running=campaign.is_running,
            pacer=campaign.pacer or config.pacer,
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


def _may_serve(agent: AgentConfig, queue: QueueConfig) -> bool:
    is_named = not agent.queues or queue.queue_id in agent.queues
    return is_named and all(
        agent.skills.get(skill, 0) >= level for skill, level in queue.skills.items()
    )


def _target(campaign: CampaignNow, config: CampaignConfig) -> float:
    if campaign.abandon_ppm_max >= 0:
        return campaign.abandon_ppm_max / _PPM
    return config.abandon_percent_max / 100


def _rounded(value: float | None) -> int | None:
    return None if value is None else round(value)
