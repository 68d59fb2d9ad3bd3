"""Customers who go back to a line: passed on by an agent, or given back by somebody who is gone.

They wait in the place of their first queue entry, with music in their own room, and easier needs
than the queue's are forgotten. Certain agents may be preferred for the queue's `preferred_ms`.
"""

from acd.board import Board
from acd.calls import CALL_STATES, Call, CallStep
from acd.channels import Channel
from acd.commands import ParkCall
from acd.engine import cases, recording, relaxation, waiting
from acd.ids import NO_SID, AgentId, Room


def to_line(
    board: Board, call: Call, *, preferred: tuple[AgentId, ...], excluded: tuple[AgentId, ...]
) -> None:
    """Let a customer wait again, as the call's queue and skills say; its talk has ended before."""
    assert call.queue_id is not None, "who talked with an agent came from a queue"
    call.state = CALL_STATES.force(call.state, CallStep.TRANSFERRED)
    call.is_connectable, call.queue_sid = True, NO_SID
    call.lowered, call.share_with, call.relax_index = {}, (), 0
    call.is_overdue, call.send_to = False, ""
    recording.stop(board, call)
    cases.put_back(board, call)
    if waiting.queue_of(board, call).channel is Channel.VOICE:
        board.order(ParkCall(call.call_id, call.sid, Room(call.call_id)))
    waiting.stand(board, call, call.queue_id, call.skills, call.priority)
    relaxation.prefer(board, call, preferred, excluded)
    relaxation.plan(board, call)


def to_place(board: Board, call: Call, preferred: tuple[AgentId, ...]) -> None:
    """Let a customer wait again where they came from, for certain agents first."""
    excluded = tuple(name for name in call.excluded if name not in preferred)
    to_line(board, call, preferred=preferred, excluded=excluded)
