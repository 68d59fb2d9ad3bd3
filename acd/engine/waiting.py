"""A call's wait: how it enters a line, keeps its place, and leaves.

The longest wait is a deadline of the call. When it comes during an offer, the offer may still
succeed; if it does not, the call is sent on instead of going back to its place.
"""

from collections.abc import Mapping

from acd.agents import Presence
from acd.board import Board
from acd.calls import CALL_STATES, Call, CallState, CallStep
from acd.commands import Destination, SendCall
from acd.config import QueueConfig, RelaxStep
from acd.deadlines import NO_TICKET
from acd.ids import AgentId, CallId, QueueId
from acd.notices import CallbackEnded, CallClosed, CallEnqueued, ContactOutcome, Direction

PREFERENCE = "acd.prefer"
"""Kind of the deadline until which a call is kept for its preferred agents."""

RELAXATION = "acd.relax"
"""Kind of the deadline at which a queue's next relaxation step is due for a call."""

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
        call.queued_at_ms = board.now_ms
        call.order = board.next_order()
    board.tell(CallEnqueued(board.now_ms, call.call_id, queue_id))
    board.entered.append(call)


def plan(board: Board, call: Call) -> None:
    """Set what happens to a call as it waits: relaxation, and the end of the longest wait."""
    plan_step(board, call)
    limit(board, call, _queue(board, call).wait_ms_max)


def prefer(
    board: Board, call: Call, preferred: tuple[AgentId, ...], excluded: tuple[AgentId, ...]
) -> None:
    """Keep a call for its preferred agents for a while, if one of them is there; bar others.

    Called right after `enter`.
    """
    call.excluded = excluded
    prefer_ms = _queue(board, call).preferred_ms
    if prefer_ms and any(_is_there(board, agent_id, call) for agent_id in preferred):
        call.preferred = preferred
        due_ms = board.now_ms + prefer_ms
        call.prefer_ticket = board.deadlines.put(due_ms, PREFERENCE, call.call_id)


def _is_there(board: Board, agent_id: AgentId, call: Call) -> bool:
    agent = board.agents.get(agent_id)
    return (
        agent is not None
        and agent.presence is not Presence.SIGNED_OUT
        and board.queues.may_serve(agent, call)
    )


def preference_over(board: Board, key: str) -> None:
    """Carry out the deadline `PREFERENCE`: anybody may take the call now."""
    call = board.calls[CallId(key)]
    call.prefer_ticket = NO_TICKET
    board.queues.take_out(call)
    call.preferred = ()
    change_line(board, call)


def change_line(board: Board, call: Call) -> None:
    """Let a call whose needs have changed wait in its new line, in its place."""
    if call.state is CallState.WAITING:
        board.entered.append(call)


def plan_step(board: Board, call: Call) -> None:
    """Set the instant of the call's next relaxation step, if its queue has one more."""
    steps = _queue(board, call).relaxation
    if call.relax_index < len(steps):
        due_ms = max(call.waiting_since_ms + steps[call.relax_index].after_ms, board.now_ms + 1)
        call.relax_ticket = board.deadlines.put(due_ms, RELAXATION, call.call_id)


def plan_anew(board: Board, call: Call) -> None:
    """Follow the steps of new settings: those that lie behind are not made up for."""
    board.deadlines.cancel(call.relax_ticket)
    call.relax_ticket, call.relax_index = NO_TICKET, 0
    _skip_past_steps(board, call)
    plan_step(board, call)


def step_due(board: Board, key: str) -> None:
    """Carry out the deadline `RELAXATION`."""
    call = board.calls[CallId(key)]
    call.relax_ticket = NO_TICKET
    step = _queue(board, call).relaxation[call.relax_index]
    call.relax_index += 1
    if _holds(board, call, step):
        _relax(board, call, step)
    if call.state in _WAITS and not call.relax_ticket:
        plan_step(board, call)


def _holds(board: Board, call: Call, step: RelaxStep) -> bool:
    line = board.queues.line_of(call)
    if step.only_if == "nobody_signed_in":
        return not line.staffed_count
    return step.only_if != "nobody_free" or not line.free_count


def _relax(board: Board, call: Call, step: RelaxStep) -> None:
    """Make a call easier to take; an offer that rings is not disturbed."""
    if step.send:
        if call.state is CallState.OFFERED:
            call.is_overdue = True
        else:
            send_elsewhere(board, call, Destination(step.send))
        return
    board.queues.take_out(call)
    call.lowered = {**call.lowered, **step.levels}
    call.share_with += step.share_with
    call.priority += step.priority
    if step.queue_id is not None and step.queue_id != call.queue_id:
        call.queue_id, call.relax_index = step.queue_id, 0
        board.tell(CallEnqueued(board.now_ms, call.call_id, step.queue_id))
        _skip_past_steps(board, call)
    change_line(board, call)


def _skip_past_steps(board: Board, call: Call) -> None:
    """Go past the steps of a new queue that lie behind a call which has waited elsewhere."""
    waited_ms = board.now_ms - call.waiting_since_ms
    steps = _queue(board, call).relaxation
    while call.relax_index < len(steps) and steps[call.relax_index].after_ms <= waited_ms:
        call.relax_index += 1


def limit(board: Board, call: Call, wait_ms_max: int) -> None:
    """Set the instant at which the call is sent elsewhere."""
    due_ms = call.waiting_since_ms + wait_ms_max
    call.wait_ticket = board.deadlines.put(due_ms, LONGEST_WAIT, call.call_id)


def put_back(board: Board, call: Call, step: CallStep) -> None:
    """Return a call to its place after an offer in vain, or after a sign of life."""
    call.state = CALL_STATES.force(call.state, step)
    if call.is_overdue:
        send_elsewhere(board, call, _overflow(board, call))
    else:
        board.entered.append(call)


def leave(board: Board, call: Call) -> None:
    """Take a call out of its line for good: its wait is over, however it goes on."""
    board.queues.take_out(call)
    tickets = (call.wait_ticket, call.relax_ticket, call.prefer_ticket, call.callback_ticket)
    for ticket in tickets:
        if ticket:
            board.deadlines.cancel(ticket)
    call.wait_ticket = call.relax_ticket = call.prefer_ticket = call.callback_ticket = NO_TICKET
    if call.order and call.state in _WAITS:
        call.waited_ms += board.now_ms - call.waiting_since_ms


_WAITS = frozenset({CallState.WAITING, CallState.OFFERED, CallState.SUSPECT})


def wait_over(board: Board, key: str) -> None:
    """Carry out the deadline `LONGEST_WAIT`."""
    call = board.calls[CallId(key)]
    call.wait_ticket = NO_TICKET
    if call.state is CallState.OFFERED:
        call.is_overdue = True
    else:
        send_elsewhere(board, call, _overflow(board, call))


def _queue(board: Board, call: Call) -> QueueConfig:
    assert call.queue_id is not None, "only a queued call waits"
    return board.queues.queue_configs[call.queue_id]


def _overflow(board: Board, call: Call) -> Destination:
    return Destination(_queue(board, call).overflow)


def send_elsewhere(board: Board, call: Call, destination: Destination) -> None:
    """Send a waiting call away: nobody will take it here. A callback is given up."""
    if call.origin_id is not None and not call.is_kept:
        close(board, call)
        return
    leave(board, call)
    call.state = CALL_STATES.force(call.state, CallStep.SENT)
    conclude(call, _SENT_OUTCOMES[destination])
    board.order(SendCall(call.call_id, call.sid, call.queue_sid, destination))


def conclude(call: Call, outcome: ContactOutcome) -> None:
    """Note how a call will be counted; who spoke with an agent stays connected."""
    if call.outcome is not ContactOutcome.CONNECTED:
        call.outcome = outcome


def close(board: Board, call: Call) -> None:
    """Close a call whose customer leg is over; offers and talks have been ended before."""
    if call.outcome is None:
        call.outcome = _outcome(call)
    leave(board, call)
    call.state = CALL_STATES.force(call.state, CallStep.ENDED)
    board.forget(call)
    if call.origin_id is not None and not call.is_kept:
        _tell_given_up(board, call)
    board.tell(
        CallClosed(
            board.now_ms, call.call_id, call.direction, call.queue_id, call.outcome, call.waited_ms
        )
    )


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
