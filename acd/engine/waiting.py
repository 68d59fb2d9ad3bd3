"""A call's wait: how it enters a line, keeps its place, and leaves.

The longest wait is a deadline of the call. When it comes during an offer, the offer may still
succeed; if it does not, the call is sent on instead of going back to its place.
"""

from collections.abc import Mapping

from acd.board import Board
from acd.calls import CALL_STATES, Call, CallState, CallStep
from acd.channels import Channel
from acd.commands import CloseConversation, ConversationEnd, Destination, SendCall
from acd.config import QueueConfig
from acd.deadlines import NO_TICKET
from acd.ids import NO_SID, CallId, QueueId
from acd.notices import (
    CallbackEnded,
    CallClosed,
    CallEnqueued,
    ConsultClosed,
    ConsultEnd,
    ContactOutcome,
    Direction,
)

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
    call.outcome = None
    stand(board, call, queue_id, skills, priority)


def stand(
    board: Board, call: Call, queue_id: QueueId, skills: Mapping[str, int], priority: int
) -> None:
    """Place a call in a queue; its place is that of its first queue entry for good."""
    call.queue_id, call.skills, call.priority = queue_id, skills, priority
    call.waiting_since_ms = board.now_ms
    if not call.order:
        call.queued_at_ms, call.order = _old_place(board, call) or (
            board.now_ms,
            board.next_order(),
        )
    board.tell(CallEnqueued(board.now_ms, call.call_id, queue_id))
    board.entered.append(call)


def _old_place(board: Board, call: Call) -> tuple[int, int] | None:
    """Return the place of a caller who gave up here a short while ago and is back."""
    if not board.dropped:
        return None
    queue = queue_of(board, call)
    place = board.dropped.pop((call.customer_id, queue.queue_id), None)
    if place is None or board.now_ms - place.left_at_ms > queue.resume_ms:
        return None
    return place.queued_at_ms, place.order


def is_full(board: Board, queue_id: QueueId) -> bool:
    """Tell whether a queue takes no more calls. Cost: O(lines), for queues with a limit only."""
    length_max = board.queues.queue_configs[queue_id].length_max
    return (
        0
        < length_max
        <= sum(line.waiting_count for line in board.queues.lines if line.needs.queue_id == queue_id)
    )


def turn_away(board: Board, call: Call) -> None:
    """Send a call on that has just entered a full queue."""
    send_elsewhere(board, call, _overflow(board, call))


def limit(board: Board, call: Call, wait_ms_max: int) -> None:
    """Set the instant at which the call is sent elsewhere."""
    due_ms = call.waiting_since_ms + wait_ms_max
    call.wait_ticket = board.deadlines.put(due_ms, LONGEST_WAIT, call.call_id)


def put_back(board: Board, call: Call, step: CallStep) -> None:
    """Return a call to its place after an offer in vain, or after a sign of life."""
    call.state = CALL_STATES.force(call.state, step)
    if call.is_overdue:
        destination = Destination(call.send_to) if call.send_to else _overflow(board, call)
        send_elsewhere(board, call, destination)
    else:
        board.entered.append(call)


def leave(board: Board, call: Call) -> None:
    """Take a call out of its line for good: its wait is over, however it goes on."""
    board.queues.take_out(call)
    deadlines = board.deadlines
    deadlines.cancel(call.wait_ticket)
    deadlines.cancel(call.relax_ticket)
    deadlines.cancel(call.prefer_ticket)
    deadlines.cancel(call.callback_ticket)
    call.wait_ticket = call.relax_ticket = call.prefer_ticket = call.callback_ticket = NO_TICKET
    if call.order and call.state in WAITS:
        call.waited_ms += board.now_ms - call.waiting_since_ms


WAITS = frozenset({CallState.WAITING, CallState.OFFERED, CallState.SUSPECT})


def wait_over(board: Board, key: str) -> None:
    """Carry out the deadline `LONGEST_WAIT`."""
    call = board.calls[CallId(key)]
    call.wait_ticket = NO_TICKET
    if call.state is CallState.OFFERED:
        call.is_overdue = True
    else:
        send_elsewhere(board, call, _overflow(board, call))


def queue_of(board: Board, call: Call) -> QueueConfig:
    """Return the settings of the queue a call waits in."""
    assert call.queue_id is not None, "only a queued call waits"
    return board.queues.queue_configs[call.queue_id]


def _overflow(board: Board, call: Call) -> Destination:
    return Destination(queue_of(board, call).overflow)


def send_elsewhere(board: Board, call: Call, destination: Destination) -> None:
    """Send a waiting call away: nobody will take it here. Callbacks and consults are given up."""
    if call.asked_by is not None or (call.origin_id is not None and not call.is_kept):
        close(board, call)
        return
    queue, queue_sid = queue_of(board, call), call.queue_sid
    if queue.channel is Channel.VOICE and destination is Destination.FLOW:
        take_out(board, call)
        board.order(SendCall(call.call_id, call.sid, queue_sid, destination))
        return
    leave(board, call)
    call.state = CALL_STATES.force(call.state, CallStep.SENT)
    conclude(call, _SENT_OUTCOMES.get(destination, ContactOutcome.REFUSED))
    if queue.channel is Channel.VOICE:
        board.order(SendCall(call.call_id, call.sid, queue_sid, destination))
    else:
        end = ConversationEnd.UNANSWERED
        board.order(CloseConversation(call.call_id, queue.queue_id, end))
        close(board, call)


def take_out(board: Board, call: Call) -> None:
    """Take a call out of its line, its offers ended before; it goes on in the flow."""
    leave(board, call)
    call.state = CALL_STATES.force(call.state, CallStep.WITHDRAWN)
    call.is_connectable, call.queue_sid = False, NO_SID
    call.is_overdue, call.send_to, call.preferred = False, "", ()


def conclude(call: Call, outcome: ContactOutcome) -> None:
    """Note how a call will be counted; who spoke with an agent stays connected."""
    if call.outcome is not ContactOutcome.CONNECTED:
        call.outcome = outcome


def close(board: Board, call: Call) -> None:
    """Close a call whose customer leg is over; offers and talks have been ended before."""
    if call.asked_by is not None:
        close_consult(board, call, ConsultEnd.UNANSWERED)
        return
    if call.outcome is None:
        call.outcome = _outcome(call)
    board.deadlines.cancel(call.recording_ticket)
    _remember_place(board, call)
    leave(board, call)
    board.deadlines.cancel(call.idle_ticket)
    call.state = CALL_STATES.force(call.state, CallStep.ENDED)
    board.forget(call)
    if call.case_id is not None:
        board.case_contacts.append(call)
    if call.origin_id is not None and not call.is_kept:
        _tell_given_up(board, call)
    board.tell(
        CallClosed(
            board.now_ms, call.call_id, call.direction, call.queue_id, call.outcome, call.waited_ms
        )
    )


def close_consult(board: Board, consult: Call, end: ConsultEnd) -> None:
    """Close a consult; the customer it was about stays where they are."""
    assert consult.asked_by is not None, "only a consult is closed like this"
    talk = board.reservations[consult.asked_by]
    leave(board, consult)
    consult.state = CALL_STATES.force(consult.state, CallStep.ENDED)
    board.forget(consult)
    talk.consult_id = None
    board.tell(
        ConsultClosed(
            board.now_ms, talk.call_id, talk.agent_id, talk.queue_id, consult.call_id, end
        )
    )


def _remember_place(board: Board, call: Call) -> None:
    if (
        call.state in WAITS
        and call.outcome is ContactOutcome.ABANDONED
        and call.queue_id is not None
        and call.origin_id is None
        and queue_of(board, call).resume_ms
    ):
        board.remember_place(call, call.queue_id)


def _tell_given_up(board: Board, call: Call) -> None:
    assert call.queue_id is not None, "a callback has a queue"
    del board.callbacks[call.number_key]
    wait_ms = board.now_ms - call.queued_at_ms if call.order else 0
    board.tell(
        CallbackEnded(
            board.now_ms,
            call.call_id,
            call.queue_id,
            is_kept=False,
            attempts=call.attempt_count,
            wait_ms=wait_ms,
        )
    )


def _outcome(call: Call) -> ContactOutcome:
    is_dialled = call.state is CallState.IN_FLOW and call.direction is Direction.OUTBOUND
    if is_dialled or call.origin_id is not None:
        return ContactOutcome.UNREACHED
    return ContactOutcome.ABANDONED
