"""What waiting changes: a call kept for certain agents first, then asking for less by steps.

The steps of a queue (`acd.config.RelaxStep`) are followed one after the other, each from its own
deadline, counted from the beginning of this wait. A call that moves to another queue goes on with
that queue's steps, from where its wait has brought it; new settings are followed the same way. The
place of the call never changes, and an offer that rings is not disturbed.
"""

from acd.agents import Presence
from acd.board import Board
from acd.calls import Call, CallState
from acd.channels import Channel
from acd.commands import Destination
from acd.config import RelaxStep
from acd.deadlines import NO_TICKET
from acd.engine import waiting
from acd.ids import AgentId, CallId
from acd.notices import CallEnqueued

PREFERENCE = "acd.prefer"
"""Kind of the deadline until which a call is kept for its preferred agents."""

RELAXATION = "acd.relax"
"""Kind of the deadline at which a queue's next relaxation step is due for a call."""


def plan(board: Board, call: Call) -> None:
    """Set what happens to a call as it waits: relaxation, and the end of the longest wait.

    A task is never given up, so its wait has no end.
    """
    plan_step(board, call)
    queue = waiting.queue_of(board, call)
    if queue.channel is not Channel.TASK:
        waiting.limit(board, call, queue.wait_ms_max)


def prefer(
    board: Board, call: Call, preferred: tuple[AgentId, ...], excluded: tuple[AgentId, ...]
) -> None:
    """Keep a call for its preferred agents for a while, if one of them is there; bar others.

    Called right after `enter`.
    """
    call.excluded = excluded
    prefer_ms = waiting.queue_of(board, call).preferred_ms
    if prefer_ms and any(_is_there(board, agent_id, call) for agent_id in preferred):
        call.preferred = tuple(dict.fromkeys(preferred))
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
    steps = waiting.queue_of(board, call).relaxation
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
    step = waiting.queue_of(board, call).relaxation[call.relax_index]
    call.relax_index += 1
    if _holds(board, call, step):
        _relax(board, call, step)
    if call.state in waiting.WAITS and not call.relax_ticket:
        plan_step(board, call)


def _holds(board: Board, call: Call, step: RelaxStep) -> bool:
    if not step.only_if:
        return True
    line = board.queues.line_of(call)
    count = line.staffed_count if step.only_if == "nobody_signed_in" else line.free_count
    if call.state is not CallState.WAITING:
        board.queues.take_out(call)
    return not count


def _relax(board: Board, call: Call, step: RelaxStep) -> None:
    """Make a call easier to take; an offer that rings is not disturbed."""
    if step.send:
        if call.state is CallState.OFFERED:
            call.is_overdue, call.send_to = True, step.send
        else:
            waiting.send_elsewhere(board, call, Destination(step.send))
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
    steps = waiting.queue_of(board, call).relaxation
    while call.relax_index < len(steps) and steps[call.relax_index].after_ms <= waited_ms:
        call.relax_index += 1
