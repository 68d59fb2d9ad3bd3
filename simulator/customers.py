"""Customers on the line, whoever called whom: waiting, being moved, talking, hanging up.

A customer knows from the start how long they will talk and how long they stand waiting. Whether
they ever talk is the centre's doing.

**Patience costs a timer only for those who wait.** A customer who is being taken at once, or whose
ringing agent will answer before their patience ends, needs none; if that offer comes to nothing
the timer is set then, for the same instant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from acd.commands import ConnectCall, Destination, EndCall, ParkCall, SendCall
from acd.events import (
    CallEnded,
    ConnectFailed,
    ConnectFailure,
    LegCause,
    PartyJoined,
    VoicemailLeft,
)
from acd.ids import AgentId, CallId, CustomerId, LegId, Sid
from acd.notices import CallClosed, CallConnected, Direction, OfferClosed, OfferEnd
from simulator.draws import Draws
from simulator.world import Action, Timer, World

VOICEMAIL_MS = 20_000
GOODBYE_MS = 4_000
"""How long a caller who is sent away stays on the line."""


class Line(IntEnum):
    """What a customer is doing."""

    BUSY = 0  #: in the call flow, or not answered yet
    WAITING = 1
    TALKING = 2
    LEAVING = 3  #: hears a message, or leaves one
    GONE = 4


@dataclass(slots=True)
class Customer:
    """One customer on one call, and what they will do if they are let."""

    call_id: CallId
    customer_id: CustomerId
    talk_ms: int
    wrap_ms: int  #: what the agent will have to do afterwards
    patience_ms: int
    line: Line = Line.BUSY
    gives_up_at_ms: int = 0  #: while waiting
    taken_by_ms: int = 0  #: when a ringing agent will have taken the call; 0 when nobody rings
    has_timer: bool = False


class Customers:
    """Everybody who is on the line."""

    def __init__(self, world: World, moves: Draws, talk_factors: dict[AgentId, float]) -> None:
        self.by_call: dict[CallId, Customer] = {}
        self.on_sent_to_flow: Callable[[CallId], bool] | None = None
        """Lets a caller go on in their flow; False if they have none."""
        self._world = world
        self._moves = moves
        self._talk_factors = talk_factors  # of those agents who are not of the usual pace
        # Bound once: a timer keeps its action, and thousands run at a time.
        self._when_it_is_over: Action = self._hang_up
        self._when_patience_ends: Action = self._give_up
        world.doers |= {
            ConnectCall: self._move,
            ParkCall: self._park,
            SendCall: self._send,
            EndCall: self._end,
        }
        world.listen(CallConnected, self._hear_connected)
        world.listen(OfferClosed, self._hear_offer_closed)
        world.listen(CallClosed, self._hear_closed)

    def wait(self, customer: Customer) -> None:
        """Begin to wait; tell the centre so before or after, then `mind` them."""
        customer.line = Line.WAITING
        customer.gives_up_at_ms = self._world.now_ms + customer.patience_ms

    def mind(self, customer: Customer) -> None:
        """Set the timer of a waiting customer's patience, unless it is not needed."""
        if (
            customer.line is Line.WAITING
            and not customer.has_timer
            and not 0 < customer.taken_by_ms < customer.gives_up_at_ms
        ):
            customer.has_timer = True
            self._world.at(customer.gives_up_at_ms, self._when_patience_ends, customer)

    def talk(self, customer: Customer, talk_ms: int) -> None:
        """Talk for so long, then hang up."""
        customer.line = Line.TALKING
        self._world.after(talk_ms, self._when_it_is_over, customer)

    def hang_up(self, customer: Customer) -> None:
        """End the customer's leg."""
        if customer.line is not Line.GONE:
            customer.line = Line.GONE
            self._world.tell(CallEnded(self._world.now_ms, customer.call_id, LegCause.COMPLETED))

    def hang_up_later(self, customer: Customer, delay_ms: int) -> None:
        """Stay for a message, then leave."""
        customer.line = Line.LEAVING
        self._world.after(delay_ms, self._when_it_is_over, customer)

    def _hang_up(self, timer: Timer) -> None:
        self.hang_up(timer.value)

    def _give_up(self, timer: Timer) -> None:
        customer: Customer = timer.value
        customer.has_timer = False
        if customer.line is not Line.WAITING:
            return
        if customer.gives_up_at_ms <= self._world.now_ms:
            self.hang_up(customer)
        else:
            self.mind(customer)  # they left the line, and wait again

    def _move(self, command: ConnectCall) -> None:
        delay_ms = self._moves.next_ms()
        if delay_ms:
            self._world.after(delay_ms, self._arrive, command)
        else:
            self._join(command)

    def _arrive(self, timer: Timer) -> None:
        self._join(timer.value)

    def _join(self, command: ConnectCall) -> None:
        customer = self.by_call.get(command.call_id)
        now_ms = self._world.now_ms
        if customer is None or customer.line is not Line.WAITING:
            call_id, reservation_id = command.call_id, command.reservation_id
            failure = ConnectFailed(now_ms, call_id, reservation_id, ConnectFailure.GONE)
            self._world.tell(failure)
        else:
            leg_id = LegId(customer.call_id)
            self._world.tell(PartyJoined(now_ms, command.room, leg_id, command.sid))

    def _park(self, command: ParkCall) -> None:
        self._world.after(self._moves.next_ms(), self._arrive_parked, command)

    def _arrive_parked(self, timer: Timer) -> None:
        command: ParkCall = timer.value
        customer = self.by_call.get(command.call_id)
        if customer is not None and customer.line is Line.WAITING:
            leg_id = LegId(command.call_id)
            self._world.tell(PartyJoined(self._world.now_ms, command.room, leg_id, command.sid))

    def _send(self, command: SendCall) -> None:
        customer = self.by_call[command.call_id]
        if customer.line is not Line.WAITING:
            return
        if command.destination is Destination.VOICEMAIL:
            recording = Sid(f"RE{command.call_id}")
            left = VoicemailLeft(self._world.now_ms, command.call_id, recording, VOICEMAIL_MS)
            self._world.tell(left)
            self.hang_up_later(customer, VOICEMAIL_MS)
        elif command.destination is Destination.GOODBYE or not self._go_on(command.call_id):
            self.hang_up_later(customer, GOODBYE_MS)

    def _go_on(self, call_id: CallId) -> bool:
        """Let a caller go on in the flow they came from, if they came through one."""
        return self.on_sent_to_flow is not None and self.on_sent_to_flow(call_id)

    def _end(self, command: EndCall) -> None:
        customer = self.by_call.get(command.call_id)
        if customer is not None:
            self.hang_up(customer)

    def _hear_connected(self, notice: CallConnected) -> None:
        customer = self.by_call[notice.call_id]
        if customer.line is Line.WAITING:
            factor = self._talk_factors.get(notice.agent_id, 1.0)
            self.talk(customer, round(customer.talk_ms * factor))

    def _hear_offer_closed(self, notice: OfferClosed) -> None:
        customer = self.by_call.get(notice.call_id)
        if customer is not None and notice.end is not OfferEnd.CONNECTED:
            customer.taken_by_ms = 0
            self.mind(customer)

    def _hear_closed(self, notice: CallClosed) -> None:
        """Forget a caller; a called person may stay for a message, and is forgotten by the dial."""
        if notice.direction is Direction.INBOUND:
            self.by_call.pop(notice.call_id, None)
