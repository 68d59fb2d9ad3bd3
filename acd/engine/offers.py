"""Offers: an agent is reserved for a call, rings, takes it or not, and the customer is moved.

How an offer can end in vain, what it means for the agent and what for the call:

| end | the agent | the call |
| --- | --- | --- |
| the caller is gone, or taken out | free again, in their old place | leaves |
| not answered in time | held back; not ready after too many in a row | back to its place |
| declined, or busy | held back for a while | back to its place |
| the leg failed | not ready, so that somebody looks at it | back to its place |
| the customer could not be moved | free again, in their old place | waits for a sign of life |

A call that had already been told to move is parked: it hears music in its own room, from where the
next agent gets it.
"""

from acd.agents import LEG_FAILED, RONA, Agent, AgentStep
from acd.board import Board
from acd.calls import CALL_STATES, Call, CallStep
from acd.channels import Channel
from acd.commands import ConnectCall, OfferCall, ParkCall
from acd.deadlines import NO_TICKET
from acd.engine import availability, callbacks, talks, waiting
from acd.events import ConnectFailure, LegCause
from acd.ids import NO_SID, LegId, ReservationId, Room
from acd.legs import Leg
from acd.notices import CallOffered, OfferClosed, OfferEnd
from acd.reservations import RESERVATIONS, Reservation, ReservationState, ReservationStep

RING = "acd.ring"
"""Kind of the deadline until which an offer may ring."""

ANSWER = "acd.answer"
"""Kind of the deadline until which the customer must be in the room of an accepted offer."""


_LOST_AS = {
    LegCause.BUSY: OfferEnd.REJECTED,
    LegCause.COMPLETED: OfferEnd.REJECTED,  # answered, and hung up before the customer came
    LegCause.NO_ANSWER: OfferEnd.TIMED_OUT,
    LegCause.CANCELED: OfferEnd.TIMED_OUT,
}
"""How the end of an agent's leg ends the offer; everything else is a failed leg."""


def make(board: Board, agent: Agent, call: Call) -> None:
    """Reserve the agent for the call and ring, or move the customer to a standing leg."""
    reservation = _reserve(board, agent, call)
    board.tell(
        CallOffered(
            board.now_ms,
            call.call_id,
            reservation.queue_id,
            agent.agent_id,
            reservation.reservation_id,
        )
    )
    availability.move_to(board, agent, AgentStep.RESERVED)
    if reservation.channel is not Channel.VOICE:
        _ask(board, reservation)
    elif agent.standing_leg_id is None:
        _ring(board, reservation)
    else:
        _await_customer(board, reservation, call)


def _reserve(board: Board, agent: Agent, call: Call) -> Reservation:
    assert call.queue_id is not None, "only a queued call is offered"
    reservation_id = ReservationId(board.ids.next())
    channel = board.queues.queue_configs[call.queue_id].channel
    standing = agent.standing_leg_id if channel is Channel.VOICE else None
    leg_id = LegId(reservation_id) if standing is None else standing
    room = _meeting_place(board, standing, call)
    reservation = Reservation(
        reservation_id,
        agent.agent_id,
        agent.slot_id,
        call.call_id,
        call.queue_id,
        channel,
        leg_id,
        room,
        ReservationState.RINGING if standing is None else ReservationState.CONNECTING,
        board.now_ms,
    )
    board.reservations[reservation_id] = reservation
    board.queues.set_taken(agent)
    agent.offered_order = board.next_order()
    agent.reservation_id, agent.call_id, agent.queue_id = (
        reservation_id,
        call.call_id,
        call.queue_id,
    )
    call.state = CALL_STATES.force(call.state, CallStep.OFFERED)
    if call.reservation_id is None:
        call.reservation_id = reservation_id
    else:
        call.rivals += (reservation_id,)
    return reservation


def _ask(board: Board, reservation: Reservation) -> None:
    """Offer a task or a conversation: nothing rings, the agent's desk shows it."""
    queue = board.queues.queue_configs[reservation.queue_id]
    if queue.auto_accept:
        _step(board, reservation, ReservationStep.TAKEN)
    else:
        due_ms = board.now_ms + queue.ring_ms
        reservation.ticket = board.deadlines.put(due_ms, RING, reservation.reservation_id)


def _begin(board: Board, reservation: Reservation) -> None:
    """Begin a task or a conversation that an agent took: there is nobody to wait for."""
    call = board.calls[reservation.call_id]
    reservation.state = RESERVATIONS.force(reservation.state, ReservationStep.ANSWERED)
    if call.rivals:
        _win(board, reservation, call)
    talks.connect(board, reservation, call)
    drop_rivals(board, call)


def _meeting_place(board: Board, standing: LegId | None, call: Call) -> Room:
    """Return the room of an offer: a consult's is where it was asked for."""
    if call.asked_by is not None:
        return board.reservations[call.asked_by].room
    return Room(call.call_id) if standing is None else Room(standing)


def _ring(board: Board, reservation: Reservation) -> None:
    ring_ms = board.queues.queue_configs[reservation.queue_id].ring_ms
    agent_id, room, leg_id = reservation.agent_id, reservation.room, reservation.leg_id
    board.legs[leg_id] = Leg(leg_id, agent_id, room, is_standing=False)
    due_ms = board.now_ms + ring_ms
    reservation.ticket = board.deadlines.put(due_ms, RING, reservation.reservation_id)
    board.order(
        OfferCall(
            reservation.reservation_id,
            agent_id,
            reservation.call_id,
            reservation.queue_id,
            room,
            ring_ms,
        )
    )


def leg_answered(board: Board, reservation: Reservation) -> None:
    """The agent's leg is up: for a plain phone that is the acceptance too."""
    _step(board, reservation, ReservationStep.ANSWERED)
    if reservation.state is ReservationState.ANSWERED:
        agent = board.slots[reservation.slot_id]
        if not agent.config.accept_by_button:
            _step(board, reservation, ReservationStep.TAKEN)
        elif agent.config.key_ms:
            board.deadlines.cancel(reservation.ticket)
            due_ms = board.now_ms + agent.config.key_ms
            reservation.ticket = board.deadlines.put(due_ms, RING, reservation.reservation_id)


def accept(board: Board, reservation_id: ReservationId) -> None:
    """The agent took the offer by button or key."""
    reservation = board.reservation(reservation_id)
    if reservation is not None:
        _step(board, reservation, ReservationStep.TAKEN)


def reject(board: Board, reservation_id: ReservationId) -> None:
    """The agent declined the offer."""
    reservation = board.reservation(reservation_id)
    if reservation is None:
        return
    if RESERVATIONS.turn(reservation.state, ReservationStep.REJECTED) is None:
        board.stale_count += 1
        return
    agent = board.slots[reservation.slot_id]
    availability.hold_back(board, agent, board.config.reject_retry_ms)
    end(board, reservation, ReservationStep.REJECTED, OfferEnd.REJECTED)


def ring_over(board: Board, key: str) -> None:
    """Carry out the deadline `RING`."""
    reservation = board.reservations[ReservationId(key)]
    reservation.ticket = NO_TICKET
    if not board.ids.is_of_this_epoch(reservation.reservation_id):
        # Nobody may have led while it rang: who did not answer then has not missed anything.
        end(board, reservation, ReservationStep.EXPIRED, OfferEnd.CANCELLED)
        return
    _note_miss(board, board.slots[reservation.slot_id], board.config.no_answer_retry_ms)
    end(board, reservation, ReservationStep.EXPIRED, OfferEnd.TIMED_OUT)


def answer_over(board: Board, key: str) -> None:
    """Carry out the deadline `ANSWER`: the customer never came; it is not the agent's fault."""
    reservation = board.reservations[ReservationId(key)]
    reservation.ticket = NO_TICKET
    drop_rivals(board, board.calls[reservation.call_id])
    end(board, reservation, ReservationStep.EXPIRED, OfferEnd.FAILED, CallStep.MISSED)


def leg_lost(board: Board, reservation: Reservation, cause: LegCause) -> None:
    """The agent's leg is over before the customer was in the room."""
    agent, config = board.slots[reservation.slot_id], board.config
    offer_end = _LOST_AS.get(cause, OfferEnd.FAILED)
    if offer_end is OfferEnd.TIMED_OUT:
        _note_miss(board, agent, config.no_answer_retry_ms)
    elif offer_end is OfferEnd.FAILED:
        availability.put_not_ready(board, agent, LEG_FAILED)
    else:
        is_busy = cause is LegCause.BUSY
        retry_ms = config.busy_retry_ms if is_busy else config.reject_retry_ms
        availability.hold_back(board, agent, retry_ms)
    end(board, reservation, ReservationStep.LOST, offer_end)


def connect_failed(board: Board, reservation: Reservation, cause: ConnectFailure) -> None:
    """The customer could not be moved: try again at the next sign of life, or give up."""
    if reservation.state is not ReservationState.CONNECTING or not reservation.is_moving:
        board.stale_count += 1
        return
    if callbacks.is_pending(board.calls[reservation.call_id]):
        drop_rivals(board, board.calls[reservation.call_id])
        end(board, reservation, ReservationStep.DROPPED, OfferEnd.CANCELLED)
        return
    reservation.is_moving = False
    if cause is ConnectFailure.NOT_YET:
        board.calls[reservation.call_id].is_connectable = False
    else:
        drop_rivals(board, board.calls[reservation.call_id])
        end(board, reservation, ReservationStep.DROPPED, OfferEnd.FAILED, CallStep.MISSED)


def move_customer(board: Board, reservation: Reservation, call: Call) -> None:
    """Tell the carrier to move the customer, once they can be moved and the agent is there."""
    if call.asked_by is not None:
        _move_agent(board, reservation)
    elif callbacks.is_pending(call):
        if reservation.state is ReservationState.CONNECTING and not reservation.is_moving:
            callbacks.ring_customer(board, reservation, call)
    elif (
        call.is_connectable
        and reservation.state is ReservationState.CONNECTING
        and not reservation.is_moving
    ):
        reservation.is_moving = True
        board.order(
            ConnectCall(
                call.call_id, reservation.reservation_id, call.sid, call.queue_sid, reservation.room
            )
        )


def _move_agent(board: Board, reservation: Reservation) -> None:
    """Bring a standing leg into the room of a consult; a leg that was rung for it is there."""
    leg = board.legs[reservation.leg_id]
    if leg.is_standing and not reservation.is_moving:
        reservation.is_moving = True
        availability.move_leg(board, leg, reservation.room)


def cancel(board: Board, call: Call) -> None:
    """End the offer of a call that goes away; the call is the caller's to move on."""
    assert call.reservation_id is not None, "an offered call has a reservation"
    reservation = board.reservations[call.reservation_id]
    drop_rivals(board, call)
    end(board, reservation, ReservationStep.DROPPED, OfferEnd.CANCELLED, None)


def drop_rivals(board: Board, call: Call) -> None:
    """End the other offers of a call: it has been taken for good, or goes away."""
    for reservation_id in call.rivals:
        rival = board.reservations[reservation_id]
        end(board, rival, ReservationStep.DROPPED, OfferEnd.CANCELLED, None)


def end(
    board: Board,
    reservation: Reservation,
    step: ReservationStep,
    offer_end: OfferEnd,
    call_step: CallStep | None = CallStep.RETURNED,
) -> None:
    """End an offer in vain: free the agent and, unless `call_step` is None, the call."""
    call, agent = board.calls[reservation.call_id], board.slots[reservation.slot_id]
    reservation.state = RESERVATIONS.force(reservation.state, step)
    board.deadlines.cancel(reservation.ticket)
    del board.reservations[reservation.reservation_id]
    is_only = _detach(reservation, call)
    ring_ms = board.now_ms - reservation.offered_at_ms
    board.tell(
        OfferClosed(
            board.now_ms,
            call.call_id,
            agent.agent_id,
            reservation.reservation_id,
            offer_end,
            ring_ms,
        )
    )
    leg = board.legs.get(reservation.leg_id)
    if leg is not None:
        availability.let_go(board, leg)
    if call_step is not None and is_only:
        _return_call(board, reservation, call, call_step)
    elif call_step is not None and reservation.is_moving:
        park(board, call)
    availability.become_idle(board, agent, AgentStep.RELEASED)


def _detach(reservation: Reservation, call: Call) -> bool:
    """Take an ended offer from its call; tell whether none is left. A rival takes its place."""
    if call.reservation_id == reservation.reservation_id:
        if not call.rivals:
            call.reservation_id = None
            return True
        call.reservation_id, *others = call.rivals
        call.rivals = tuple(others)
    else:
        call.rivals = tuple(rival for rival in call.rivals if rival != reservation.reservation_id)
    return False


def _return_call(board: Board, reservation: Reservation, call: Call, step: CallStep) -> None:
    if callbacks.is_pending(call):
        if reservation.is_moving:
            callbacks.attempt_failed(board, call)
        else:
            waiting.put_back(board, call, CallStep.RETURNED)
        return
    if call.asked_by is not None:
        waiting.put_back(board, call, CallStep.RETURNED)
        return
    if reservation.is_moving:
        park(board, call)
    if step is CallStep.MISSED and not call.is_overdue:
        call.state = CALL_STATES.force(call.state, step)
        call.is_connectable = False
    else:
        waiting.put_back(board, call, CallStep.RETURNED)


def park(board: Board, call: Call) -> None:
    """Bring a customer who is on the way into a room to their own room, to wait with music."""
    call.queue_sid = NO_SID
    board.order(ParkCall(call.call_id, call.sid, Room(call.call_id)))


def _step(board: Board, reservation: Reservation, step: ReservationStep) -> None:
    following = RESERVATIONS.turn(reservation.state, step)
    if following is None:
        board.stale_count += 1
        return
    if following is ReservationState.CONNECTING:
        call = board.calls[reservation.call_id]
        if call.rivals and not _win(board, reservation, call):
            end(board, reservation, ReservationStep.DROPPED, OfferEnd.CANCELLED)
        else:
            reservation.state = following
            _await_customer(board, reservation, call)
    else:
        reservation.state = following
        if following is ReservationState.AGREED and reservation.channel is not Channel.VOICE:
            _begin(board, reservation)


def _win(board: Board, reservation: Reservation, call: Call) -> bool:
    """Let the first of several agents who takes the call have it; tell whether it is this one.

    The others go on ringing until the bridge stands, in case this one fails.
    """
    assert call.reservation_id is not None, "an offered call has a reservation"
    leader_id = call.reservation_id
    if leader_id != reservation.reservation_id:
        if board.reservations[leader_id].state is ReservationState.CONNECTING:
            return False
        others = (rival for rival in call.rivals if rival != reservation.reservation_id)
        call.reservation_id, call.rivals = reservation.reservation_id, (leader_id, *others)
    return True


def _await_customer(board: Board, reservation: Reservation, call: Call) -> None:
    board.deadlines.cancel(reservation.ticket)
    due_ms = board.now_ms + board.config.answer_ms_max + callbacks.ring_ms(board, call)
    reservation.ticket = board.deadlines.put(due_ms, ANSWER, reservation.reservation_id)
    move_customer(board, reservation, call)


def _note_miss(board: Board, agent: Agent, retry_ms: int) -> None:
    agent.missed_count += 1
    if agent.missed_count >= board.config.missed_offers_max:
        availability.put_not_ready(board, agent, RONA)
    else:
        availability.hold_back(board, agent, retry_ms)
