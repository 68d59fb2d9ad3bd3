"""What an agent does with a customer they are talking to: hold, resume, transfer.

A cold transfer sends the customer back to a line in the place of their first queue entry, so being
passed on costs nobody their turn. They hear music in their own room meanwhile, and the agent goes
on to wrap-up. Sent to a certain agent, they wait for that agent alone for the queue's
`preferred_ms`, then for anybody; the agent who sent them is not asked again.
"""

from acd.board import Board
from acd.calls import CALL_STATES, Call, CallStep
from acd.commands import HoldCall, ParkCall
from acd.engine import relaxation, talks, waiting
from acd.events import AgentHeldCall, AgentResumedCall, AgentTransferredCall
from acd.ids import NO_SID, AgentId, Room
from acd.messages import EventError
from acd.notices import CallTransferred


def held(board: Board, event: AgentHeldCall) -> None:
    """Take `AgentHeldCall`."""
    _set_hold(board, event.agent_id, is_on_hold=True)


def resumed(board: Board, event: AgentResumedCall) -> None:
    """Take `AgentResumedCall`."""
    _set_hold(board, event.agent_id, is_on_hold=False)


def _set_hold(board: Board, agent_id: AgentId, *, is_on_hold: bool) -> None:
    talk = talks.of_agent(board, agent_id)
    if talk is None or talk.is_on_hold == is_on_hold:
        board.stale_count += 1
        return
    call = board.calls[talk.call_id]
    talks.note_hold(board, talk, is_on_hold=is_on_hold)
    board.order(HoldCall(call.call_id, call.sid, talk.room, is_on_hold))


def transferred(board: Board, event: AgentTransferredCall) -> None:
    """Take `AgentTransferredCall`."""
    if event.queue_id not in board.queues.queue_configs:
        raise EventError(f"there is no queue '{event.queue_id[:64]}' to transfer to")
    preferred = () if event.to_agent_id is None else (event.to_agent_id,)
    for agent_id in preferred:
        board.agent(agent_id)
    talk = talks.of_agent(board, event.agent_id)
    if talk is None:
        board.stale_count += 1
        return
    call = board.calls[talk.call_id]
    talks.part(board, talk)
    call.reservation_id = None
    board.tell(
        CallTransferred(board.now_ms, call.call_id, event.agent_id, talk.queue_id, event.queue_id)
    )
    board.order(ParkCall(call.call_id, call.sid, Room(call.call_id)))
    _requeue(board, call, event, preferred)


def _requeue(
    board: Board, call: Call, event: AgentTransferredCall, preferred: tuple[AgentId, ...]
) -> None:
    call.state = CALL_STATES.force(call.state, CallStep.TRANSFERRED)
    call.is_connectable, call.queue_sid = True, NO_SID
    call.lowered, call.share_with, call.relax_index = {}, (), 0
    waiting.stand(board, call, event.queue_id, event.skills, call.priority)
    relaxation.prefer(board, call, preferred, (*call.excluded, event.agent_id))
    relaxation.plan(board, call)
