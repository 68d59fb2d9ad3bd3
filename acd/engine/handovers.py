"""Handovers: a customer goes on with somebody else, and the agent to the work after the call.

| how | whom the customer is with then |
| --- | --- |
| a consulted colleague keeps them (warm transfer) | that agent, in a talk of their own |
| a consulted party outside keeps them | the party: the call is `outside` |
| passed on to a number outside (cold) | music while it rings, then the party |
| a supervisor takes over | the supervisor |

Customer and party meet in the call's own room: whoever is elsewhere, because the agent's leg stands
in a room of its own, is moved there. A party outside who does not answer costs the customer nothing
but time: they go back to their place, for the agent who passed them on if that one is soon free.

An agent who hangs up while the consulted party is there leaves the customer to that party.
"""

from acd.board import Board
from acd.calls import CALL_STATES, Call, CallStep
from acd.commands import ChangeSupervision, EndCall, HoldCall, ParkCall
from acd.engine import availability, cases, consults, recording, returning, supervision, talks
from acd.events import (
    AgentCompletedTransfer,
    AgentReleasedCall,
    AgentTransferredOut,
    LegCause,
    Supervision,
    TakeoverAsked,
)
from acd.ids import Room
from acd.legs import Leg, LegState
from acd.notices import CallTransferred, ConsultEnd, TransferKind
from acd.reservations import Reservation


def completed(board: Board, event: AgentCompletedTransfer) -> None:
    """Take `AgentCompletedTransfer`."""
    talk = consults.talk_with_customer(board, event.agent_id)
    if talk is None or not consults.is_consulting(talk):
        board.stale_count += 1
    elif not _leave_to_partner(board, talk):
        consults.refuse(board, event.agent_id, "nobody has answered the consult yet")


def released(board: Board, event: AgentReleasedCall) -> None:
    """Take `AgentReleasedCall`: the agent is done with a call, or with a task."""
    talk = talks.work_of(board, event.agent_id)
    if talk is None:
        board.stale_count += 1
    else:
        agent_left(board, talk)


def agent_left(board: Board, talk: Reservation) -> None:
    """End a conversation that an agent has left of their own accord."""
    if board.calls[talk.call_id].asked_by is not None:
        consults.colleague_left(board, talk)
    elif not _leave_to_partner(board, talk):
        consults.drop(board, talk, ConsultEnd.RETURNED)
        recording.stop(board, board.calls[talk.call_id])
        talks.part_from_customer(board, talk)


_HUNG_UP = frozenset({LegCause.COMPLETED, LegCause.CANCELED})
"""Causes of an agent's leg that mean somebody hung up; after any other the customer is kept."""


def agent_lost(board: Board, talk: Reservation, cause: LegCause) -> None:
    """End a conversation whose agent's leg is over; a fault of the line is not the customer's."""
    call = board.calls[talk.call_id]
    queue = board.queues.queue_configs[talk.queue_id]
    is_fault = cause not in _HUNG_UP and queue.keeps_customer
    if not is_fault or call.asked_by is not None or consults.partner(board, talk) is not None:
        agent_left(board, talk)
        return
    consults.drop(board, talk, ConsultEnd.RETURNED)
    talks.part(board, talk)
    call.reservation_id = None
    returning.to_place(board, call, (talk.agent_id,))


# --- to a consulted party --------------------------------------------------------------------


def _leave_to_partner(board: Board, talk: Reservation) -> bool:
    """Let the consulted party keep the customer; tell whether there was one."""
    partner = consults.partner(board, talk)
    if partner is None:
        return False
    if isinstance(partner, Leg):
        consults.forget_outside(board, talk, partner, ConsultEnd.TRANSFERRED)
        _leave_to_leg(board, talk, partner, TransferKind.WARM, partner.number_name)
    else:
        _leave_to_colleague(board, talk, partner)
    return True


def _leave_to_colleague(board: Board, talk: Reservation, held: Reservation) -> None:
    """Point the colleague's reservation to the customer's call; its place and history stay."""
    call, consult = board.calls[talk.call_id], board.calls[held.call_id]
    colleague = board.agents[held.agent_id]
    consults.hand_on(board, consult)
    where = _Place(talk)
    talks.part(board, talk)
    call.reservation_id, call.queue_id = held.reservation_id, held.queue_id
    held.call_id = colleague.call_id = call.call_id
    held.connected_at_ms = board.now_ms
    held.room = where.gather(board, call, board.legs[held.leg_id])
    board.tell(
        CallTransferred(
            board.now_ms,
            call.call_id,
            talk.agent_id,
            talk.queue_id,
            held.queue_id,
            TransferKind.WARM,
            colleague.agent_id,
        )
    )
    talks.tell_connected(board, held, call)
    if call.case_id is not None:
        cases.taken_up(board, call.case_id, colleague.agent_id)
    board.note_change(colleague)
    recording.review(board, held)


def _leave_to_leg(board: Board, talk: Reservation, leg: Leg, kind: TransferKind, name: str) -> None:
    """Let the customer go on with a party that holds no agent's slot, and is there."""
    call = board.calls[talk.call_id]
    where = _Place(talk)
    _pass_out(board, talk, leg, kind, name)
    where.gather(board, call, leg)


def _pass_out(board: Board, talk: Reservation, leg: Leg, kind: TransferKind, name: str) -> None:
    call = board.calls[talk.call_id]
    talks.part(board, talk)
    leg.call_id, call.outside_leg_id, call.reservation_id = call.call_id, leg.leg_id, None
    call.state = CALL_STATES.force(call.state, CallStep.PASSED_OUT)
    recording.stop(board, call)
    board.tell(
        CallTransferred(
            board.now_ms, call.call_id, talk.agent_id, talk.queue_id, talk.queue_id, kind, name
        )
    )


class _Place:
    """Where a talk was and whether the customer was held, as it must be known after its end."""

    def __init__(self, talk: Reservation) -> None:
        self._room, self._is_on_hold = talk.room, talk.is_on_hold

    def gather(self, board: Board, call: Call, leg: Leg) -> Room:
        """Let customer and party hear each other in the call's own room; return it."""
        own = Room(call.call_id)
        if self._room != own:
            board.order(ParkCall(call.call_id, call.sid, own))
            availability.move_leg(board, leg, own)
        elif self._is_on_hold:
            board.order(HoldCall(call.call_id, call.sid, own, is_on_hold=False))
        return own


# --- outside, and takeover -------------------------------------------------------------------


def transferred_out(board: Board, event: AgentTransferredOut) -> None:
    """Take `AgentTransferredOut`: the customer hears music until somebody answers there."""
    agent = board.agent(event.agent_id)
    consults.check_number(board, agent, event.number_name)
    talk = consults.talk_with_customer(board, event.agent_id)
    if talk is None:
        board.stale_count += 1
        return
    call = board.calls[talk.call_id]
    consults.drop(board, talk, ConsultEnd.RETURNED)
    own = Room(call.call_id)
    leg_id = consults.ring_outside(board, agent.agent_id, event.number_name, own)
    leg = board.legs[leg_id]
    _pass_out(board, talk, leg, TransferKind.OUTSIDE, event.number_name)
    board.order(ParkCall(call.call_id, call.sid, own))


def taken_over(board: Board, event: TakeoverAsked) -> None:
    """Take `TakeoverAsked`."""
    board.agent(event.agent_id)
    talk = consults.talk_with_customer(board, event.agent_id)
    leg = None if talk is None else supervision.guest(board, talk, event.supervisor_id)
    if talk is None or leg is None or leg.state is not LegState.UP:
        why = f"you take no part in a conversation of agent '{event.agent_id}'"
        consults.refuse(board, event.supervisor_id, why)
        return
    consults.drop(board, talk, ConsultEnd.RETURNED)
    if leg.heard_as != Supervision.BARGE:
        leg.mode = leg.heard_as = Supervision.BARGE
        board.order(
            ChangeSupervision(leg.leg_id, leg.sid, talk.room, Supervision.BARGE, talk.leg_id)
        )
    supervision.leave(board, talk, leg)
    _leave_to_leg(board, talk, leg, TransferKind.TAKEN_OVER, event.supervisor_id)


def party_over(board: Board, leg: Leg, *, had_answered: bool) -> None:
    """Note that the other party of a call that is `outside` is gone."""
    call = board.calls.get(leg.call_id) if leg.call_id else None
    if call is None or call.outside_leg_id != leg.leg_id:
        return
    call.outside_leg_id = None
    if had_answered:
        call.state = CALL_STATES.force(call.state, CallStep.PARTED)
        board.order(EndCall(call.call_id, call.sid))
    else:
        returning.to_place(board, call, (leg.agent_id,))


def customer_left(board: Board, call: Call) -> None:
    """End the other party's leg of a call that is `outside`, whose customer has hung up."""
    assert call.outside_leg_id is not None, "a call that is outside has a party there"
    availability.dismiss_leg(board, board.legs[call.outside_leg_id])
    call.outside_leg_id = None
