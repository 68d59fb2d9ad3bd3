"""Callbacks: callers who hang up and are rung when their turn comes, or at a time of their choice.

A callback is a call of its own in the same line. Kept in place, it has the queue entry of the call
in which it was asked for, so it neither loses its turn nor overtakes anybody who is still holding.
Asked for a time, its turn begins then. The agent is rung first and hears the customer's phone ring,
so nobody who answers waits for an agent.

    dormant    its time has not come, or the customer did not answer and it will be tried again
    waiting    in line; then as any call, but the customer is rung instead of moved

One number has one live callback at a time. After so many attempts, or when it is too old, a
callback is given up, and says so (`CallbackEnded`).
"""

from acd.board import Board
from acd.calls import CALL_STATES, Call, CallState, CallStep
from acd.commands import EndCall, PlaceCallback
from acd.deadlines import NO_TICKET
from acd.engine import cases, waiting
from acd.events import CallbackAsked
from acd.ids import NO_SID, CallId
from acd.notices import CallbackEnded, CallbackPromised, CallOpened, Direction
from acd.reservations import Reservation

DUE = "acd.callback"
"""Kind of the deadline at which a dormant callback joins its line."""

CALLBACK = "callback"
"""The category of cases that stand for a promised callback."""


def promise(board: Board, asking: Call, event: CallbackAsked) -> None:
    """Open a callback for a call that is about to leave; its place is that call's."""
    if event.number_key in board.callbacks:
        board.stale_count += 1
        return
    call_id = CallId(board.ids.next())
    call = Call(call_id, Direction.OUTBOUND, asking.customer_id, NO_SID, CallState.DORMANT)
    call.origin_id, call.number_key = asking.call_id, event.number_key
    call.queue_id, call.excluded = event.queue_id, asking.excluded
    needs = asking if asking.order else event
    call.skills, call.priority, call.segment = needs.skills, needs.priority, needs.segment
    board.calls[call_id] = call
    board.callbacks[event.number_key] = call_id
    board.tell(CallOpened(board.now_ms, call_id, Direction.OUTBOUND, asking.customer_id))
    board.tell(
        CallbackPromised(board.now_ms, call_id, asking.call_id, event.queue_id, event.due_at_ms)
    )
    case = cases.follow_up(board, call, CALLBACK, max(event.due_at_ms, board.now_ms))
    if case is not None:
        call.case_id, case.call_id = case.case_id, call_id
        case.origin_id = asking.call_id
        cases.open_case(board, case)
    if event.due_at_ms > board.now_ms:
        call.callback_ticket = board.deadlines.put(event.due_at_ms, DUE, call_id)
    else:
        call.queued_at_ms = asking.queued_at_ms if asking.order else board.now_ms
        call.order = asking.order or board.next_order()
        call.waiting_since_ms = call.queued_at_ms
        _join(board, call)


def due(board: Board, key: str) -> None:
    """Carry out the deadline `DUE`."""
    call = board.calls[CallId(key)]
    call.callback_ticket = NO_TICKET
    if not call.order:
        call.queued_at_ms, call.order = board.now_ms, board.next_order()
        call.waiting_since_ms = board.now_ms
    _join(board, call)


def _join(board: Board, call: Call) -> None:
    call.state = CALL_STATES.force(call.state, CallStep.DUE)
    if not call.wait_ticket:
        due_ms = board.now_ms + waiting.queue_of(board, call).callback_ms_max
        call.wait_ticket = board.deadlines.put(due_ms, waiting.LONGEST_WAIT, call.call_id)
    board.entered.append(call)


def ring_customer(board: Board, reservation: Reservation, call: Call) -> None:
    """Ring the customer into the room where the agent is."""
    assert call.origin_id is not None, "only a callback rings its customer"
    reservation.is_moving = True
    queue = waiting.queue_of(board, call)
    board.order(
        PlaceCallback(
            call.call_id,
            call.origin_id,
            reservation.queue_id,
            reservation.reservation_id,
            reservation.room,
            queue.callback_ring_ms,
            queue.callback_detection,
        )
    )


def ring_ms(board: Board, call: Call) -> int:
    """Return how long a customer is rung, 0 for a call that needs no ringing."""
    return waiting.queue_of(board, call).callback_ring_ms if is_pending(call) else 0


def is_pending(call: Call) -> bool:
    """Tell whether this is a callback whose customer has not been reached yet."""
    return call.origin_id is not None and not call.is_kept


def attempt_failed(board: Board, call: Call) -> None:
    """End a customer's leg that was ordered in vain, and try again later or give up."""
    board.order(EndCall(call.call_id, call.sid))
    call.sid, call.is_connectable = NO_SID, False
    call.attempt_count += 1
    cases.put_back(board, call)
    queue = waiting.queue_of(board, call)
    if call.is_overdue or call.attempt_count >= queue.callback_attempts_max:
        waiting.close(board, call)
        return
    call.state = CALL_STATES.force(call.state, CallStep.UNANSWERED)
    due_ms = board.now_ms + queue.callback_retry_ms
    call.callback_ticket = board.deadlines.put(due_ms, DUE, call.call_id)


def settle(board: Board, call: Call, met_at_ms: int) -> None:
    """Say, when the first talk of a callback ends, that its promise is kept.

    Not sooner: until then a machine may be found to have picked up.
    """
    if call.origin_id is None or not call.is_kept or call.is_settled:
        return
    call.is_settled = True
    del board.callbacks[call.number_key]
    assert call.queue_id is not None, "a callback has a queue"
    wait_ms = met_at_ms - call.queued_at_ms
    board.tell(
        CallbackEnded(
            board.now_ms,
            call.call_id,
            call.queue_id,
            is_kept=True,
            attempts=call.attempt_count + 1,
            wait_ms=wait_ms,
        )
    )
