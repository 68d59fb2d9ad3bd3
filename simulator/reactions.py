"""What callers do of themselves: hang up on hearing of the queue, ask to be rung back, call again.

A call type may give its callers `manners` (see `simulator.scenario.Manners`). Who does what is a
function of the seed and the caller, so the same people react alike under every policy. Callers
without manners cost nothing here.

- **balk**: nobody can take them at once, and they hang up;
- **callback**: after a while in the queue they ask to be rung back, and hang up; they keep their
  place, and answer or do not when their turn comes;
- **redial**: they gave up, and call again some time later, with a new need and new patience. A
  redial is a call of its own: offered calls grow where callers give up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from acd.calls import CallState
from acd.commands import PlaceCallback
from acd.events import CallbackAsked, CallEnded, LegCause, PartyJoined
from acd.ids import CallId, CustomerId, LegId, Sid
from acd.notices import CallbackPromised, CallClosed, ContactOutcome, Direction
from simulator.callers import Caller, Callers
from simulator.customers import Customer, Customers, Line
from simulator.distributions import Distribution, Lognormal
from simulator.draws import to_ms
from simulator.scenario import CallType
from simulator.streams import Streams
from simulator.world import Timer, World

PICK_UP_S = Lognormal(8.0, 4.0)
"""How long a customer who expects a callback lets it ring."""

ANSWER_SHARE = 0.8
"""Of callbacks to people of whom nothing is known, such as those promised before the simulation."""


@dataclass(slots=True)
class _Waiting:
    """A caller with manners who has entered a queue."""

    caller: Caller
    rng: np.random.Generator  #: of this caller alone
    redials: bool


class Reactions:
    """The manners of all callers of a day."""

    def __init__(
        self,
        world: World,
        customers: Customers,
        callers: Callers,
        kinds: Mapping[str, CallType],
        streams: Streams,
    ) -> None:
        self._world = world
        self._customers = customers
        self._callers = callers
        self._kinds = kinds
        self._streams = streams
        self._waiting: dict[CallId, _Waiting] = {}
        self._promised: dict[CallId, _Waiting] = {}  # by the call in which it was asked for
        callers.on_queued = self._queued
        world.doers[PlaceCallback] = self._ring_back
        world.listen(CallbackPromised, self._hear_promised)
        world.listen(CallClosed, self._hear_closed)

    def _queued(self, caller: Caller) -> None:
        """Decide what a caller will do; the centre knows them by now."""
        manners = caller.kind.manners
        assert manners is not None, "only callers with manners are told of"
        call_id = caller.customer.call_id
        rng = self._streams.stream("manners", call_id)
        balks, asks, redials = rng.random(3).tolist()
        waiting = _Waiting(caller, rng, redials < manners.redial_share)
        self._waiting[call_id] = waiting
        call = self._world.centre.acd.board.calls.get(call_id)
        is_waiting = call is not None and call.state is CallState.WAITING
        if not is_waiting and self._world.is_led:
            return
        if balks < manners.balk_share:
            self._customers.hang_up(caller.customer)
        elif asks < manners.callback_share:
            self._world.after(to_ms(manners.callback_after_s), self._ask, waiting)

    def _ask(self, timer: Timer) -> None:
        """Ask to be rung back, unless somebody is about to answer."""
        waiting: _Waiting = timer.value
        customer = waiting.caller.customer
        call = self._world.centre.acd.board.calls.get(customer.call_id)
        if call is None or call.state is not CallState.WAITING or customer.line is not Line.WAITING:
            return
        now_ms, call_id = self._world.now_ms, customer.call_id
        assert call.queue_id is not None, "who waits, waits in a queue"
        self._world.tell(CallbackAsked(now_ms, call_id, call.queue_id, f"number of {call_id}"))
        self._customers.hang_up(customer)

    # --- callbacks ---------------------------------------------------------------------------

    def _hear_promised(self, notice: CallbackPromised) -> None:
        waiting = self._waiting.get(notice.origin_id)
        if waiting is not None:
            self._promised[notice.call_id] = waiting

    def _ring_back(self, command: PlaceCallback) -> None:
        """Let the customer's telephone ring in the agent's ear."""
        waiting = self._promised.get(command.call_id)
        manners = None if waiting is None else waiting.caller.kind.manners
        share = ANSWER_SHARE if manners is None else manners.callback_answer_share
        rng = self._streams.stream("callback", command.call_id) if waiting is None else waiting.rng
        pick_up_ms = to_ms(float(PICK_UP_S.draw(rng, 1)[0]))
        if rng.random() < share and pick_up_ms < command.ring_ms:
            customer = self._called_back(command, waiting, rng)
            self._customers.by_call[command.call_id] = customer
            self._world.after(pick_up_ms, self._pick_up, (customer, command))
        else:
            self._world.after(command.ring_ms, self._ring_out, command.call_id)

    def _called_back(
        self, command: PlaceCallback, waiting: _Waiting | None, rng: np.random.Generator
    ) -> Customer:
        if waiting is not None:
            known = waiting.caller.customer
            return Customer(
                command.call_id,
                known.customer_id,
                known.talk_ms,
                known.wrap_ms,
                known.patience_ms,
                Line.WAITING,
            )
        kinds = [kind for kind in self._kinds.values() if kind.queue == command.queue_id]
        kind = kinds[0] if kinds else next(iter(self._kinds.values()))
        return _fresh(command.call_id, CustomerId(f"back-{command.call_id}"), kind, rng)

    def _pick_up(self, timer: Timer) -> None:
        customer: Customer
        command: PlaceCallback
        customer, command = timer.value
        now_ms, leg_id = self._world.now_ms, LegId(command.call_id)
        customer.line = Line.WAITING
        self._world.tell(PartyJoined(now_ms, command.room, leg_id, Sid(f"CA{command.call_id}")))

    def _ring_out(self, timer: Timer) -> None:
        ended = CallEnded(self._world.now_ms, timer.value, LegCause.NO_ANSWER)
        self._world.tell(ended)

    # --- calling again -----------------------------------------------------------------------

    def _hear_closed(self, notice: CallClosed) -> None:
        if notice.direction is not Direction.INBOUND:
            if self._promised.pop(notice.call_id, None) is not None:
                self._customers.by_call.pop(notice.call_id, None)
            return
        waiting = self._waiting.get(notice.call_id)
        if waiting is None or notice.outcome is ContactOutcome.CALLBACK:
            return
        del self._waiting[notice.call_id]
        if waiting.redials and notice.outcome is ContactOutcome.ABANDONED:
            self._redial(waiting)

    def _redial(self, waiting: _Waiting) -> None:
        kind, was = waiting.caller.kind, waiting.caller.customer
        assert kind.manners is not None, "only callers with manners call again"
        customer = _fresh(CallId(f"{was.call_id}+"), was.customer_id, kind, waiting.rng)
        before = waiting.caller
        again = Caller(0, kind, before.line, before.flow_ms, None, customer, before.way)
        delay_s = _draw_s(kind.manners.redial_after_s, waiting.rng)
        self._world.after(to_ms(delay_s), self._call_again, again)

    def _call_again(self, timer: Timer) -> None:
        self._callers.arrive(timer.value)


def _fresh(
    call_id: CallId, customer_id: CustomerId, kind: CallType, rng: np.random.Generator
) -> Customer:
    drawn = (_draw_s(one, rng) for one in (kind.talk_s, kind.wrap_s, kind.patience_s))
    talk_ms, wrap_ms, patience_ms = (to_ms(seconds) for seconds in drawn)
    return Customer(call_id, customer_id, talk_ms, wrap_ms, patience_ms)


def _draw_s(distribution: Distribution, rng: np.random.Generator) -> float:
    return float(distribution.draw(rng, 1)[0])
