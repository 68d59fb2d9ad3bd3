"""A call's wait: how it enters a line, keeps its place, and leaves.

The longest wait is a deadline of the call. When it comes during an offer, the offer may still
succeed; if it does not, the call is sent on instead of going back to its place.
"""

from collections.abc import Mapping

from acd.board import Board
from acd.calls import CALL_STATES, Call, CallState, CallStep
from acd.commands import Destination, SendCall
from acd.deadlines import NO_TICKET
from acd.ids import CallId, QueueId
from acd.notices import CallClosed, CallEnqueued, ContactOutcome, Direction

LONGEST_WAIT = "acd.wait"
"""Kind of the deadline after which a waiting call is sent elsewhere."""

_SENT_OUTCOMES = {
    Destination.VOICEMAIL: ContactOutcome.VOICEMAIL,
    Destination.GOODBYE: ContactOutcome.REFUSED,
}


def enter(
    board: Board, call: Call, queue_id: QueueId, skills: Mapping[str, int], priority: int
) -> None:
    """Let a call wait in a queue, from its first queue entry on."""
    call.state = CALL_STATES.force(call.state, CallStep.QUEUED)
    call.queue_id, call.skills, call.priority = queue_id, skills, priority
    call.outcome = None
    if not call.order:
        call.queued_at_ms = board.now_ms
        call.order = board.next_order()
    board.tell(CallEnqueued(board.now_ms, call.call_id, queue_id))
    board.entered.append(call)


def limit(board: Board, call: Call, wait_ms_max: int) -> None:
    """Set the instant at which the call is sent elsewhere."""
    due_ms = call.queued_at_ms + wait_ms_max
    call.wait_ticket = board.deadlines.put(due_ms, LONGEST_WAIT, call.call_id)


def put_back(board: Board, call: Call, step: CallStep) -> None:
    """Return a call to its place after an offer in vain, or after a sign of life."""
    call.state = CALL_STATES.force(call.state, step)
    if call.is_overdue:
        send_elsewhere(board, call)
    else:
        board.entered.append(call)


def leave(board: Board, call: Call) -> None:
    """Take a call out of its line for good: its wait is over, however it goes on."""
    if call.line_ticket and call.queue_id is not None:
        board.queues.line(call.queue_id, call.skills).drop_call(call)
    board.deadlines.cancel(call.wait_ticket)
    call.wait_ticket = NO_TICKET
    if call.order and call.state in _WAITS:
        call.waited_ms = board.now_ms - call.queued_at_ms


_WAITS = frozenset({CallState.WAITING, CallState.OFFERED, CallState.SUSPECT})


def wait_over(board: Board, key: str) -> None:
    """Carry out the deadline `LONGEST_WAIT`."""
    call = board.calls[CallId(key)]
    call.wait_ticket = NO_TICKET
    if call.state is CallState.OFFERED:
        call.is_overdue = True
    else:
        send_elsewhere(board, call)


def send_elsewhere(board: Board, call: Call) -> None:
    """Send a waiting call where its queue says that overlong waits go."""
    assert call.queue_id is not None, "only a queued call can have waited too long"
    destination = Destination(board.queues.queue_configs[call.queue_id].overflow)
    leave(board, call)
    call.state = CALL_STATES.force(call.state, CallStep.SENT)
    call.outcome = _SENT_OUTCOMES[destination]
    board.order(SendCall(call.call_id, call.sid, call.queue_sid, destination))


def close(board: Board, call: Call) -> None:
    """Close a call whose customer leg is over; offers and talks have been ended before."""
    if call.outcome is None:
        call.outcome = _outcome(call)
    leave(board, call)
    call.state = CALL_STATES.force(call.state, CallStep.ENDED)
    board.forget(call)
    board.tell(
        CallClosed(
            board.now_ms, call.call_id, call.direction, call.queue_id, call.outcome, call.waited_ms
        )
    )


def _outcome(call: Call) -> ContactOutcome:
    if call.state is CallState.IN_FLOW and call.direction is Direction.OUTBOUND:
        return ContactOutcome.UNREACHED
    return ContactOutcome.ABANDONED
