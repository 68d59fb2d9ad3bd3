"""What the carrier tells of agents' legs and of rooms.

A leg that reads like ours but is on no record was made for something long over, or under a leader
whose journal's tail was lost. It is ended when it turns up; nothing else about it matters.
"""

from acd.board import Board
from acd.calls import Call, CallState, CallStep
from acd.commands import EndCall, EndLeg
from acd.engine import (
    availability,
    callbacks,
    consults,
    handovers,
    offers,
    recording,
    supervision,
    talks,
    waiting,
)
from acd.events import AgentLegAnswered, AgentLegBound, AgentLegEnded, PartyJoined, PartyLeft
from acd.ids import NO_SID, CallId, LegId, ReservationId, Room, Sid
from acd.legs import LEGS, Leg, LegState, LegStep
from acd.messages import EventError
from acd.notices import ConsultEnd
from acd.reservations import Reservation, ReservationState


def bound(board: Board, event: AgentLegBound) -> None:
    """Take `AgentLegBound`."""
    leg = _leg(board, event.leg_id)
    if leg is None:
        board.order(EndLeg(event.leg_id, event.sid))
    else:
        leg.state = LEGS.force(leg.state, LegStep.BOUND)
        leg.sid = event.sid


def answered(board: Board, event: AgentLegAnswered) -> None:
    """Take `AgentLegAnswered`."""
    leg = _leg(board, event.leg_id)
    if leg is None:
        board.order(EndLeg(event.leg_id, event.sid))
        return
    following = LEGS.turn(leg.state, LegStep.ANSWERED)
    if following is None:
        board.stale_count += 1
        return
    leg.state, leg.sid = following, event.sid
    if leg.is_standing:
        availability.review(board, board.agents[leg.agent_id])
        return
    reservation = board.reservations.get(ReservationId(leg.leg_id))
    if reservation is not None:
        offers.leg_answered(board, reservation)
        consults.review(board, board.agents[leg.agent_id])
    else:
        _guest_answered(board, leg)


def _guest_answered(board: Board, leg: Leg) -> None:
    held = _held_by(board, leg)
    if held is not None and held.outside_leg_id == leg.leg_id:
        consults.outside_answered(board, held, leg)


def _held_by(board: Board, leg: Leg) -> Reservation | None:
    """Return what the agent of a leg, or whose guest it is, holds now."""
    reservation_id = board.agents[leg.agent_id].reservation_id
    return None if reservation_id is None else board.reservations[reservation_id]


def ended(board: Board, event: AgentLegEnded) -> None:
    """Take `AgentLegEnded`: an offer ends in vain, a talk is over, a standing leg is gone."""
    leg = _leg(board, event.leg_id)
    if leg is None:
        return
    had_answered = leg.state is LegState.UP
    leg.state = LEGS.force(leg.state, LegStep.ENDED)
    del board.legs[leg.leg_id]
    agent = board.agents[leg.agent_id]
    if agent.standing_leg_id == leg.leg_id:
        availability.standing_leg_over(board, agent)
    held = _held_by(board, leg)
    if held is not None and leg.leg_id in held.guests:
        _guest_over(board, held, leg, had_answered=had_answered)
    elif held is not None and held.leg_id == leg.leg_id:
        if held.state is ReservationState.CONNECTED:
            handovers.agent_lost(board, held, event.cause)
        else:
            offers.leg_lost(board, held, event.cause)
    elif leg.call_id is not None:
        handovers.party_over(board, leg, had_answered=had_answered)


def _guest_over(board: Board, held: Reservation, leg: Leg, *, had_answered: bool) -> None:
    if leg.supervisor_id:
        supervision.leave(board, held, leg)
    else:
        end = ConsultEnd.LEFT if had_answered else ConsultEnd.UNANSWERED
        consults.forget_outside(board, held, leg, end)


def joined(board: Board, event: PartyJoined) -> None:
    """Take `PartyJoined`: the customer's leg if it has a call's name, else an agent's."""
    call = board.calls.get(CallId(event.leg_id))
    if call is not None and call.asked_by is None:
        _customer_joined(board, call, event.room, event.sid)
    elif CallId(event.leg_id) in board.ended:
        board.stale_count += 1
    else:
        _set_joined(board, event.leg_id, event.room, is_joined=True)


def left(board: Board, event: PartyLeft) -> None:
    """Take `PartyLeft`: only a standing leg out of its room means anything by itself."""
    call_id = CallId(event.leg_id)
    if call_id not in board.calls and call_id not in board.ended:
        _set_joined(board, event.leg_id, event.room, is_joined=False)


def _set_joined(board: Board, leg_id: LegId, room: Room, *, is_joined: bool) -> None:
    leg = _leg(board, leg_id)
    if leg is not None and leg.room == room:
        leg.is_joined = is_joined
        if leg.is_standing:
            availability.review(board, board.agents[leg.agent_id])
        if is_joined:
            consults.review(board, board.agents[leg.agent_id])
        if leg.supervisor_id and is_joined:
            supervision.follow(board, leg)


def _customer_joined(board: Board, call: Call, room: Room, sid: Sid) -> None:
    """Connect them if the agent is there; bring them back if they came too late.

    A customer must never be left in an agent's room that is no longer theirs: the agent's next
    customer is on the way there.
    """
    reservation = board.reservation_of(call)
    if reservation is not None and reservation.room == room:
        if reservation.state is ReservationState.CONNECTING:
            if callbacks.is_pending(call):
                call.sid, call.is_connectable, call.is_kept = sid, True, True
            talks.connect(board, reservation, call)
            offers.drop_rivals(board, call)
            recording.review(board, reservation)
            return
    elif callbacks.is_pending(call):
        board.order(EndCall(call.call_id, sid))
        return
    elif call.state in _WAITS and room != Room(call.call_id):
        offers.park(board, call)
        return
    if call.state is CallState.SUSPECT:
        sign_of_life(board, call, NO_SID)
    else:
        board.stale_count += 1


_WAITS = frozenset({CallState.WAITING, CallState.OFFERED, CallState.SUSPECT})


def sign_of_life(board: Board, call: Call, queue_sid: Sid) -> None:
    """Note that a waiting caller is there and can be moved, and from where."""
    call.is_connectable, call.queue_sid = True, queue_sid
    if call.state is CallState.SUSPECT:
        waiting.put_back(board, call, CallStep.WAITED)
    elif call.reservation_id is not None:
        offers.move_customer(board, board.reservations[call.reservation_id], call)


def _leg(board: Board, leg_id: LegId) -> Leg | None:
    leg = board.legs.get(leg_id)
    if leg is None:
        if not board.ids.has_form(leg_id):
            raise EventError(f"'{leg_id[:64]}' is not the name of a leg")
        board.stale_count += 1
    return leg
