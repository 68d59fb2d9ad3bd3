"""Staff: shifts and breaks, telephones that ring, offers taken or missed, the work after a call.

Agents do what their scenario says and nothing else: sign in and out at their times, leave for
breaks (the centre lets them finish the call they have), take an offer after their own delay or let
it ring, and come back some time after the system has put them to not ready. Whoever is at work
already when the simulation begins goes on from there.

Each agent draws from streams of their own, so one more agent on the team changes nothing about the
others.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from acd.agents import LEG_FAILED, RONA, SIGNED_IN
from acd.agents import Agent as AgentRecord
from acd.agents import Presence as Declared
from acd.commands import EndLeg, OfferCall, OpenStandingLeg
from acd.events import (
    AgentLegAnswered,
    AgentLegBound,
    AgentLegEnded,
    AgentSignedIn,
    AgentSignedOut,
    AgentWentNotReady,
    AgentWentReady,
    LegCause,
    OfferAccepted,
    PartyJoined,
    WrapUpEnded,
)
from acd.ids import AgentId, CallId, LegId, Sid
from acd.notices import AgentChanged, TalkEnded
from simulator.attendance import Presence, is_as_planned, presences
from simulator.customers import Customers
from simulator.draws import Draws
from simulator.scenario import Worker
from simulator.streams import Streams
from simulator.world import Action, Timer, World

RETURN_MS = 30_000
"""How long after a missed offer or a failed leg an agent says that they are there again."""

_COMES_BACK = frozenset({RONA, LEG_FAILED})
_NO_BREAK = frozenset({RONA, LEG_FAILED, SIGNED_IN})


@dataclass(slots=True)
class Agent:
    """One agent at their desk, or away from it."""

    agent_id: AgentId
    worker: Worker
    accepts: Draws
    misses: np.random.Generator
    is_on_shift: bool = False
    is_on_break: bool = False
    wraps_up: CallId | None = None  #: the call whose after-call work is being done


class Staff:
    """Everybody who works on one day."""

    def __init__(
        self,
        world: World,
        customers: Customers,
        workers: Mapping[str, Worker],
        streams: Streams,
        rings: Draws,
    ) -> None:
        self._world = world
        self._customers = customers
        self._rings = rings
        self._legs: dict[LegId, bool] = {}  # ours that are not over: were they answered?
        known = world.centre.acd.board.agents
        self._agents = {
            AgentId(name): _agent(name, worker, streams, known.get(AgentId(name)))
            for name, worker in workers.items()
        }
        world.doers |= {
            OfferCall: self._ring,
            OpenStandingLeg: self._ring_standing,
            EndLeg: self._end_leg,
        }
        world.listen(TalkEnded, self._hear_talk_ended)
        world.listen(AgentChanged, self._hear_changed)
        for agent in self._agents.values():
            is_planned = is_as_planned(agent.worker)
            rng = None if is_planned else streams.stream("attendance", agent.agent_id)
            for presence in presences(agent.worker, rng, is_there=agent.is_on_shift):
                self._plan(agent, presence)
            if agent.agent_id in known and known[agent.agent_id].reason in _COMES_BACK:
                world.after(RETURN_MS, self._come_back, agent)

    # --- shifts ------------------------------------------------------------------------------

    def _plan(self, agent: Agent, shift: Presence) -> None:
        """Plan what a shift has yet to bring."""
        self._plan_at(shift.from_ms, self._come, agent)
        self._plan_at(shift.until_ms, self._leave, agent)
        for absence in shift.absences:
            self._plan_at(absence.from_ms, self._start_break, (agent, absence.reason))
            if absence.until_ms < shift.until_ms:
                self._plan_at(absence.until_ms, self._end_break, agent)

    def _plan_at(self, time_of_day_ms: int, action: Action, subject: object) -> None:
        at_ms = self._world.midnight_ms + time_of_day_ms
        if at_ms >= self._world.now_ms:
            self._world.at(at_ms, action, subject)

    def _come(self, timer: Timer) -> None:
        agent: Agent = timer.value
        agent.is_on_shift = True
        self._world.tell(AgentSignedIn(self._world.now_ms, agent.agent_id))
        self._world.tell(AgentWentReady(self._world.now_ms, agent.agent_id))

    def _leave(self, timer: Timer) -> None:
        agent: Agent = timer.value
        agent.is_on_shift = agent.is_on_break = False
        self._world.tell(AgentSignedOut(self._world.now_ms, agent.agent_id))

    def _start_break(self, timer: Timer) -> None:
        agent, reason = timer.value
        agent.is_on_break = True
        self._world.tell(AgentWentNotReady(self._world.now_ms, agent.agent_id, reason))

    def _end_break(self, timer: Timer) -> None:
        agent: Agent = timer.value
        agent.is_on_break = False
        self._world.tell(AgentWentReady(self._world.now_ms, agent.agent_id))

    def _hear_changed(self, notice: AgentChanged) -> None:
        """Come back from a state that the agent never asked for."""
        if notice.reason in _COMES_BACK:
            self._world.after(RETURN_MS, self._come_back, self._agents[notice.agent_id])

    def _come_back(self, timer: Timer) -> None:
        agent: Agent = timer.value
        if agent.is_on_shift and not agent.is_on_break:
            self._world.tell(AgentWentReady(self._world.now_ms, agent.agent_id))

    # --- telephones --------------------------------------------------------------------------

    def _ring(self, command: OfferCall) -> None:
        """Ring for an offer: the agent takes it after a while, or lets it ring."""
        agent = self._agents[command.agent_id]
        leg_id = LegId(command.reservation_id)
        self._legs[leg_id] = False
        self._world.tell(AgentLegBound(self._world.now_ms, leg_id, _sid(leg_id)))
        if agent.worker.missed_share and agent.misses.random() < agent.worker.missed_share:
            return
        delay_ms = self._rings.next_ms() + agent.accepts.next_ms()
        customer = self._customers.by_call.get(command.call_id)
        if customer is not None:  # of a callback nobody is on the line before the agent is
            customer.taken_by_ms = self._world.now_ms + delay_ms
        if delay_ms:
            self._world.after(delay_ms, self._answer_offer, command)
        else:
            self._take(command)

    def _answer_offer(self, timer: Timer) -> None:
        command: OfferCall = timer.value
        if LegId(command.reservation_id) in self._legs:
            self._take(command)

    def _take(self, command: OfferCall) -> None:
        leg_id, now_ms = LegId(command.reservation_id), self._world.now_ms
        self._legs[leg_id] = True
        answered = AgentLegAnswered(now_ms, leg_id, _sid(leg_id))
        if self._world.centre.acd.board.agents[command.agent_id].config.accept_by_button:
            self._world.tell_all([answered, OfferAccepted(now_ms, command.reservation_id)])
        else:
            self._world.tell(answered)

    def _ring_standing(self, command: OpenStandingLeg) -> None:
        self._legs[command.leg_id] = False
        sid = _sid(command.leg_id)
        self._world.tell(AgentLegBound(self._world.now_ms, command.leg_id, sid))
        self._world.after(self._rings.next_ms(), self._answer_standing, command)

    def _answer_standing(self, timer: Timer) -> None:
        command: OpenStandingLeg = timer.value
        if command.leg_id in self._legs:
            self._legs[command.leg_id] = True
            now_ms, sid = self._world.now_ms, _sid(command.leg_id)
            self._world.tell(AgentLegAnswered(now_ms, command.leg_id, sid))
            self._world.tell(PartyJoined(now_ms, command.room, command.leg_id, sid))

    def _end_leg(self, command: EndLeg) -> None:
        was_answered = self._legs.pop(command.leg_id, None)
        if was_answered is not None:
            cause = LegCause.COMPLETED if was_answered else LegCause.CANCELED
            sid = _sid(command.leg_id)
            self._world.tell(AgentLegEnded(self._world.now_ms, command.leg_id, sid, cause))

    def adopt_leg(self, leg_id: LegId, *, is_answered: bool) -> None:
        """Take over a leg that was there before."""
        self._legs[leg_id] = is_answered

    # --- after-call work ---------------------------------------------------------------------

    def _hear_talk_ended(self, notice: TalkEnded) -> None:
        """Do the work after a call, unless the centre ends it before."""
        queues = self._world.centre.acd.board.queues.queue_configs
        wrap_ms_max = queues[notice.queue_id].wrap_up_ms
        if not wrap_ms_max:
            return
        agent = self._agents[notice.agent_id]
        customer = self._customers.by_call[notice.call_id]
        wrap_ms = round(customer.wrap_ms * agent.worker.wrap_factor)
        if wrap_ms < wrap_ms_max:
            self.wrap_up(notice.agent_id, notice.call_id, wrap_ms)

    def wrap_up(self, agent_id: AgentId, call_id: CallId, wrap_ms: int) -> None:
        """Be busy with after-call work for so long, unless the centre ends it before."""
        agent = self._agents[agent_id]
        agent.wraps_up = call_id
        self._world.after(wrap_ms, self._finish, (agent, call_id))

    def _finish(self, timer: Timer) -> None:
        agent, call_id = timer.value
        if agent.wraps_up == call_id:
            agent.wraps_up = None
            self._world.tell(WrapUpEnded(self._world.now_ms, agent.agent_id))


def _agent(name: str, worker: Worker, streams: Streams, now: AgentRecord | None) -> Agent:
    """Return an agent as the centre knows them; one it does not know yet is not there."""
    agent = Agent(
        AgentId(name),
        worker,
        Draws(worker.accept_s, streams.stream("accept", name)),
        streams.stream("missed offers", name),
    )
    if now is not None:
        agent.is_on_shift = now.presence is not Declared.SIGNED_OUT
        agent.is_on_break = now.presence is Declared.NOT_READY and now.reason not in _NO_BREAK
    return agent


def _sid(leg_id: LegId) -> Sid:
    return Sid(f"CA{leg_id}")
