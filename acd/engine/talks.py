"""Talks: from the moment agent and customer have each other to the end of the work after it."""

from acd.agents import AGENT_STATES, Agent, AgentState, AgentStep
from acd.board import Board
from acd.calls import CALL_STATES, Call, CallStep
from acd.channels import Channel
from acd.commands import CloseConversation, ConversationEnd, EndCall
from acd.config import HOUR_MS
from acd.deadlines import NO_TICKET
from acd.engine import availability, callbacks, cases, waiting
from acd.ids import AgentId, SlotId
from acd.messages import EventError
from acd.notices import (
    CallConnected,
    ContactOutcome,
    HandlingEnded,
    HoldChanged,
    OfferClosed,
    OfferEnd,
    TalkEnded,
)
from acd.reservations import RESERVATIONS, Reservation, ReservationStep

WRAP_UP = "acd.wrap_up"
"""Kind of the deadline at which after-call work ends by itself."""

IDLE = "acd.idle"
"""Kind of the deadline at which a conversation in which nobody writes is closed."""


def connect(board: Board, reservation: Reservation, call: Call) -> None:
    """Note that the customer is in the room with the agent: the offer has succeeded."""
    agent = board.slots[reservation.slot_id]
    reservation.state = RESERVATIONS.force(reservation.state, ReservationStep.JOINED)
    board.deadlines.cancel(reservation.ticket)
    reservation.ticket = NO_TICKET
    reservation.connected_at_ms = board.now_ms
    waiting.leave(board, call)
    call.state = CALL_STATES.force(call.state, CallStep.CONNECTED)
    call.outcome = ContactOutcome.CONNECTED
    agent.missed_count = 0
    ring_ms = board.now_ms - reservation.offered_at_ms
    board.tell(
        OfferClosed(
            board.now_ms,
            call.call_id,
            agent.agent_id,
            reservation.reservation_id,
            OfferEnd.CONNECTED,
            ring_ms,
        )
    )
    if call.asked_by is None:
        tell_connected(board, reservation, call)
    availability.move_to(board, agent, AgentStep.CONNECTED)
    if call.case_id is not None:
        cases.taken_up(board, call.case_id, agent.agent_id)
    if reservation.channel is Channel.MESSAGE:
        note_message(board, call)


def note_message(board: Board, call: Call) -> None:
    """Begin to wait for the next message of a conversation; its queue says for how long."""
    board.deadlines.cancel(call.idle_ticket)
    call.idle_ticket = NO_TICKET
    idle_ms_max = waiting.queue_of(board, call).idle_ms_max
    if idle_ms_max:
        due_ms = board.now_ms + idle_ms_max
        call.idle_ticket = board.deadlines.put(due_ms, IDLE, call.call_id)


def tell_connected(board: Board, reservation: Reservation, call: Call) -> None:
    """Say that customer and agent hear each other."""
    agent_id, queue_id = reservation.agent_id, reservation.queue_id
    board.tell(CallConnected(board.now_ms, call.call_id, queue_id, agent_id, call.waited_ms))


def of_agent(board: Board, agent_id: AgentId) -> Reservation | None:
    """Return the call an agent is in, None when they are in none."""
    talk = work_of(board, agent_id)
    return talk if talk is not None and talk.channel is Channel.VOICE else None


def work_of(board: Board, agent_id: AgentId) -> Reservation | None:
    """Return the call or task an agent is in, None when they are in neither."""
    agent = board.agent(agent_id)
    if agent.state is not AgentState.TALKING or agent.reservation_id is None:
        return None
    return board.reservations[agent.reservation_id]


def note_hold(board: Board, reservation: Reservation, *, is_on_hold: bool) -> None:
    """Begin or end a hold."""
    hold_ms = 0 if is_on_hold else board.now_ms - reservation.hold_since_ms
    reservation.is_on_hold, reservation.hold_since_ms = is_on_hold, board.now_ms
    board.tell(
        HoldChanged(
            board.now_ms,
            reservation.call_id,
            reservation.queue_id,
            reservation.agent_id,
            is_on_hold,
            hold_ms,
        )
    )


def part(board: Board, reservation: Reservation, disposition: str | None = None) -> None:
    """End a talk for the agent: their leg ends, their wrap-up begins.

    A conversation has no wrap-up: the agent had the time while it went on.
    """
    agent = board.slots[reservation.slot_id]
    call = board.calls[reservation.call_id]
    callbacks.settle(board, call, reservation.connected_at_ms)
    if reservation.is_on_hold:
        note_hold(board, reservation, is_on_hold=False)
    reservation.state = RESERVATIONS.force(reservation.state, ReservationStep.LOST)
    del board.reservations[reservation.reservation_id]
    agent.reservation_id = None
    for guest_id in reservation.guests:
        availability.dismiss_leg(board, board.legs[guest_id])
    leg = board.legs.get(reservation.leg_id)
    if leg is not None:
        availability.let_go(board, leg)
    if call.asked_by is not None:
        _end_consulting(board, agent)
        return
    talk_ms = board.now_ms - reservation.connected_at_ms
    board.tell(
        TalkEnded(board.now_ms, reservation.call_id, reservation.queue_id, agent.agent_id, talk_ms)
    )
    availability.move_to(board, agent, AgentStep.PARTED)
    wrap_up_ms = _wrap_up_ms(board, reservation, agent)
    if wrap_up_ms:
        _wrap_up_for(board, agent, wrap_up_ms)
    else:
        finish(board, agent, disposition)


def _wrap_up_ms(board: Board, reservation: Reservation, agent: Agent) -> int:
    if reservation.channel is Channel.MESSAGE:
        return 0
    queue = board.queues.queue_configs[reservation.queue_id]
    return queue.wrap_up_ms if agent.config.wrap_up_ms is None else agent.config.wrap_up_ms


def _end_consulting(board: Board, agent: Agent) -> None:
    """Free a colleague who was consulted: the contact is not theirs, so no work is left."""
    availability.move_to(board, agent, AgentStep.PARTED)
    availability.take_new_place(board, agent)
    availability.become_idle(board, agent, AgentStep.FINISHED)


def _wrap_up_for(board: Board, agent: Agent, wrap_up_ms: int) -> None:
    board.deadlines.cancel(agent.wrap_up_ticket)
    due_ms = board.now_ms + wrap_up_ms
    agent.wrap_up_ticket = board.deadlines.put(due_ms, WRAP_UP, agent.slot_id)


def extend_wrap_up(board: Board, agent_id: AgentId, extension_ms: int) -> None:
    """Give an agent more time for the work after the call."""
    agent = board.agent(agent_id)
    if not 0 < extension_ms <= HOUR_MS:
        raise EventError(f"wrap-up cannot go on for {extension_ms} ms; it must be 1 to {HOUR_MS}")
    if agent.state is AgentState.WRAP_UP:
        _wrap_up_for(board, agent, extension_ms)
    else:
        board.stale_count += 1


def part_from_customer(board: Board, reservation: Reservation) -> None:
    """End a talk that the agent has left: the customer's leg is ended too, a task is over."""
    call = board.calls[reservation.call_id]
    part(board, reservation)
    call.reservation_id = None
    call.state = CALL_STATES.force(call.state, CallStep.PARTED)
    if reservation.channel is Channel.VOICE:
        board.order(EndCall(call.call_id, call.sid))
    else:
        waiting.close(board, call)


def end_conversation(
    board: Board, reservation: Reservation, end: ConversationEnd, disposition: str | None = None
) -> None:
    """End a conversation, by the agent or because nobody writes any more."""
    call = board.calls[reservation.call_id]
    part(board, reservation, disposition)
    call.reservation_id = None
    call.state = CALL_STATES.force(call.state, CallStep.PARTED)
    board.order(CloseConversation(call.call_id, reservation.queue_id, end))
    waiting.close(board, call)


def end_wrap_up(board: Board, agent_id: AgentId, disposition: str | None) -> None:
    """Take the agent's word that the work after the call is done."""
    agent = board.agent(agent_id)
    if AGENT_STATES.turn(agent.state, AgentStep.FINISHED) is None:
        board.stale_count += 1
        return
    finish(board, agent, disposition)


def wrap_up_over(board: Board, key: str) -> None:
    """Carry out the deadline `WRAP_UP`."""
    finish(board, board.slots[SlotId(key)], None)


def finish(board: Board, agent: Agent, disposition: str | None) -> None:
    """End the handling of a contact; the agent is idle from here on."""
    board.deadlines.cancel(agent.wrap_up_ticket)
    agent.wrap_up_ticket = NO_TICKET
    assert agent.call_id is not None, "who wraps up has a contact"
    assert agent.queue_id is not None, "and it came from a queue"
    wrap_up_ms = board.now_ms - agent.state_since_ms
    agent.handled_count += 1
    board.tell(
        HandlingEnded(
            board.now_ms, agent.call_id, agent.queue_id, agent.agent_id, wrap_up_ms, disposition
        )
    )
    availability.take_new_place(board, agent)
    availability.become_idle(board, agent, AgentStep.FINISHED)
