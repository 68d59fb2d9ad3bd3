"""The state a look ahead starts from, and putting its people into the twin.

A snapshot knows calls, legs, agents and dials; it does not know how long people will go on talking,
waiting or dialling numbers. That is drawn here, given how long each has done it already
(`residuals`). What the carrier was told to do and has not reported yet is done anew: an agent's
telephone that rings goes on ringing for a whole answering time, a dial under way rings from its
beginning, a caller on the way to an agent is moved again. These last seconds; what lasts minutes,
talks and waits, is followed exactly.

Callers in the call flow are known, but neither what they will want nor since when they are there:
they are given a type by how often it calls, and a random part of a time in the flow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from acd.agents import AgentState
from acd.calls import Call, CallState
from acd.commands import ConnectCall, EndLeg, OfferCall, OpenStandingLeg
from acd.ids import AgentId, CallId
from acd.legs import Leg, LegState
from acd.notices import Direction
from acd.reservations import Reservation, ReservationState
from dialer.centre import Centre
from dialer.commands import PlaceCall, PlaySafeHarbour
from dialer.dials import Dial, DialState
from dialer.pacing.desk import PacingDesk
from simulator.callers import Caller, Callers, draw_outcomes
from simulator.customers import GOODBYE_MS, Customer, Customers, Line
from simulator.draws import to_ms
from simulator.outbound import Outbound
from simulator.policies import installed_choices
from simulator.replay import NOTHING
from simulator.scenario import CalledPeople, CallType, Scenario
from simulator.staff import Staff
from simulator.streams import Streams
from simulator.whatif.residuals import residual_s
from simulator.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """A centre at one moment."""

    centre: Mapping[str, object]
    """What `Centre.to_plain` returned."""
    at_ms: int
    """The moment, on the centre's own clock."""
    midnight_ms: int
    """The instant at which the scenario's times of day begin to count."""
    desk: Mapping[str, object] | None = None
    """What the pacers have learnt (`PacingDesk.snapshot`); None lets them begin anew."""

    def restored(self) -> Centre:
        """Return a copy of the centre."""
        centre = Centre(NOTHING, installed_choices())
        centre.restore(self.centre)
        return centre


@dataclass(slots=True)
class Parts:
    """The people of one future."""

    world: World
    customers: Customers
    staff: Staff
    callers: Callers
    outbound: Outbound
    desk: PacingDesk


class Continuing:
    """Lets everybody who is on the line or at work go on from where they are."""

    def __init__(self, parts: Parts, scenario: Scenario, streams: Streams) -> None:
        self._parts = parts
        self._scenario = scenario
        self._board = parts.world.centre.acd.board
        self._now_ms = parts.world.now_ms
        self._uniform = streams.stream("what is left").random
        self._whole = streams.stream("those in progress")

    def start(self) -> None:
        """Put everybody in, in the order in which the centre knows them."""
        for dial in list(self._parts.world.centre.dialer.under_way.dials.values()):
            self._dial(dial)
        for call in list(self._board.calls.values()):
            if call.call_id not in self._parts.customers.by_call:
                self._call(call)
        for agent in self._board.agents.values():
            if agent.state is AgentState.WRAP_UP:
                self._wrap_up(agent.agent_id, agent.call_id, agent.state_since_ms)
        for held in list(self._board.reservations.values()):
            self._reservation(held)
        for leg in list(self._board.legs.values()):
            self._leg(leg)

    # --- calls -------------------------------------------------------------------------------

    def _call(self, call: Call) -> None:
        if call.state in (CallState.ENDED, CallState.DORMANT):
            return
        kind = self._kind_of(call)
        if kind is None:
            return  # a callback's customer is at home, and is rung when it is their turn
        customer = self._customer(call, kind)
        customers = self._parts.customers
        if call.state is CallState.IN_FLOW:
            part = float(self._uniform())
            whole_s = float(kind.flow.time_s.draw(self._whole, 1)[0])
            (outcome,) = draw_outcomes(kind.flow, self._whole, 1)
            caller = Caller(0, kind, "", 0, outcome, customer)
            self._parts.callers.go_on(caller, to_ms(part * whole_s))
        elif call.state is CallState.TALKING:
            self._talk(customer, call, lambda: kind)
        elif call.state is CallState.LEAVING:
            customers.hang_up_later(customer, GOODBYE_MS)
        elif call.is_connectable and call.state is not CallState.SUSPECT:
            customers.mind(customer)
        else:
            self._parts.callers.become_movable(customer)

    def _customer(self, call: Call, kind: CallType) -> Customer:
        """Return the person on the line, with what is left of their patience."""
        waited_s = max(0, self._now_ms - call.waiting_since_ms) / 1_000 if call.order else 0.0
        patience_ms = to_ms(residual_s(kind.patience_s, waited_s, float(self._uniform())))
        talk_ms, wrap_ms = self._draw_ms(kind)
        customer = Customer(call.call_id, call.customer_id, talk_ms, wrap_ms, patience_ms)
        self._parts.customers.by_call[call.call_id] = customer
        if call.state in (CallState.WAITING, CallState.OFFERED, CallState.SUSPECT):
            self._parts.customers.wait(customer)
        return customer

    def _draw_ms(self, kind: CallType | CalledPeople) -> tuple[int, int]:
        talk_s = float(kind.talk_s.draw(self._whole, 1)[0])
        return to_ms(talk_s), to_ms(float(kind.wrap_s.draw(self._whole, 1)[0]))

    def _kind_of(self, call: Call) -> CallType | None:
        """Return the type of a call: that of its queue, or any by how often it calls."""
        if call.direction is Direction.OUTBOUND:
            return None
        kinds = self._scenario.calls
        mine = [name for name in kinds if kinds[name].queue == call.queue_id] or list(kinds)
        weights = np.array([float(self._scenario.expected(name).sum()) for name in mine])
        bounds = np.cumsum(weights) / max(float(weights.sum()), 1e-9)
        chosen = int(np.searchsorted(bounds, float(self._uniform()), side="right"))
        return kinds[mine[min(chosen, len(mine) - 1)]]

    def _talk(
        self, customer: Customer, call: Call, model: Callable[[], CallType | CalledPeople]
    ) -> None:
        held = self._board.reservations.get(call.reservation_id) if call.reservation_id else None
        since_ms = self._now_ms if held is None else held.connected_at_ms
        worker = None if held is None else self._scenario.agents.get(held.agent_id)
        factor = 1.0 if worker is None else worker.talk_factor
        talked_s = (self._now_ms - since_ms) / 1_000 / factor
        left_s = residual_s(model().talk_s, talked_s, float(self._uniform())) * factor
        self._parts.customers.talk(customer, to_ms(left_s))

    # --- agents ------------------------------------------------------------------------------

    def _wrap_up(self, agent_id: AgentId, call_id: CallId | None, since_ms: int) -> None:
        if call_id is None:
            return
        agent = self._board.agents[agent_id]
        people = self._scenario.campaigns.get(agent.queue_id or "")
        kinds = [kind for kind in self._scenario.calls.values() if kind.queue == agent.queue_id]
        model = people or (kinds[0] if kinds else None)
        if model is None:
            return
        worker = self._scenario.agents.get(agent_id)
        factor = 1.0 if worker is None else worker.wrap_factor
        worked_s = (self._now_ms - since_ms) / 1_000 / factor
        left_s = residual_s(model.wrap_s, worked_s, float(self._uniform())) * factor
        self._parts.staff.wrap_up(agent_id, call_id, to_ms(left_s))

    def _reservation(self, held: Reservation) -> None:
        """Do anew what was ordered for an offer that has not come to its end."""
        call = self._board.calls.get(held.call_id)
        doers = self._parts.world.doers
        if call is None:
            return
        leg = self._board.legs.get(held.leg_id)
        if held.state in _RINGING and (leg is None or not leg.is_standing):
            doers[OfferCall](_offer(held, self._ring_ms(held)))
        elif held.state is ReservationState.CONNECTING and held.is_moving:
            doers[ConnectCall](_connect(held, call))

    def _ring_ms(self, held: Reservation) -> int:
        configs = self._board.queues.queue_configs
        return configs[held.queue_id].ring_ms if held.queue_id in configs else 0

    def _leg(self, leg: Leg) -> None:
        if leg.state is LegState.UP or leg.state is LegState.ENDING:
            self._parts.staff.adopt_leg(leg.leg_id, is_answered=True)
        doers = self._parts.world.doers
        if leg.state is LegState.ENDING:
            doers[EndLeg](EndLeg(leg.leg_id, leg.sid))
        elif leg.state is LegState.ORDERED and leg.is_standing:
            doers[OpenStandingLeg](OpenStandingLeg(leg.leg_id, leg.agent_id, leg.room))

    # --- dials -------------------------------------------------------------------------------

    def _dial(self, dial: Dial) -> None:
        people = self._scenario.campaigns.get(dial.campaign_id)
        if people is None or dial.state is DialState.OVER:
            return
        outbound, doers = self._parts.outbound, self._parts.world.doers
        if dial.state in (DialState.ORDERED, DialState.RINGING):
            doers[PlaceCall](_place(dial))
            return
        waited_s = max(0, self._now_ms - dial.answered_at_ms) / 1_000
        patience_s = residual_s(people.patience_s, waited_s, float(self._uniform()))
        if dial.state is DialState.DETECTING:
            outbound.go_on(dial, to_ms(patience_s))
            return
        customer = outbound.customer_of(dial, to_ms(patience_s))
        call = self._board.calls.get(dial.call_id)
        if dial.state is DialState.CONNECTED and call is not None:
            self._talk(customer, call, lambda: people)
        elif dial.state in (DialState.APOLOGISING, DialState.MESSAGING):
            doers[PlaySafeHarbour](PlaySafeHarbour(dial.call_id, dial.sid, dial.campaign_id))
        elif dial.state is DialState.WAITING:
            self._parts.customers.mind(customer)
        else:
            customer.line = Line.LEAVING
            self._parts.customers.hang_up_later(customer, GOODBYE_MS)


_RINGING = (ReservationState.RINGING, ReservationState.ANSWERED, ReservationState.AGREED)


def _offer(held: Reservation, ring_ms: int) -> OfferCall:
    return OfferCall(
        held.reservation_id, held.agent_id, held.call_id, held.queue_id, held.room, ring_ms
    )


def _connect(held: Reservation, call: Call) -> ConnectCall:
    return ConnectCall(call.call_id, held.reservation_id, call.sid, call.queue_sid, held.room)


def _place(dial: Dial) -> PlaceCall:
    lead = dial.lead
    return PlaceCall(
        dial.call_id, dial.campaign_id, lead.lead_id, lead.number_index, 0, lead.rule_set
    )


def callers_ahead(callers: list[Caller], *, from_ms: int, until_ms: int) -> Iterator[Caller]:
    """Iterate over the callers of a day who call in a part of it, under names of their own.

    Args:
        callers: Of the whole day, in order.
        from_ms: Start of the part, since midnight; inclusive.
        until_ms: Its end; exclusive.
    """
    for caller in callers:
        if from_ms <= caller.at_ms < until_ms:
            caller.customer.call_id = CallId(f"ahead-{caller.customer.call_id}")
            yield caller
