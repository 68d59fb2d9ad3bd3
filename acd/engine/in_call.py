"""What an agent does with a customer they are talking to: hold, resume, transfer.

A cold transfer sends the customer back to a line in the place of their first queue entry, so being
passed on costs nobody their turn. They hear music in their own room meanwhile, and the agent goes
on to wrap-up. Sent to a certain agent, they wait for that agent alone for the queue's
`preferred_ms`, then for anybody; the agent who sent them is not asked again.
"""

from acd.board import Board
from acd.engine import consults, returning, talks
from acd.events import AgentHeldCall, AgentResumedCall, AgentTransferredCall
from acd.ids import AgentId
from acd.messages import EventError
from acd.notices import CallTransferred, ConsultEnd


def held(board: Board, event: AgentHeldCall) -> None:
    """Take `AgentHeldCall`."""
    _set_hold(board, event.agent_id, is_on_hold=True)


def resumed(board: Board, event: AgentResumedCall) -> None:
    """Take `AgentResumedCall`."""
    _set_hold(board, event.agent_id, is_on_hold=False)


def _set_hold(board: Board, agent_id: AgentId, *, is_on_hold: bool) -> None:
    talk = consults.talk_with_customer(board, agent_id)
    if talk is None or talk.is_on_hold == is_on_hold:
        board.stale_count += 1
        return
    consults.set_hold(board, talk, is_on_hold=is_on_hold)


def transferred(board: Board, event: AgentTransferredCall) -> None:
    """Take `AgentTransferredCall`."""
    if event.queue_id not in board.queues.queue_configs:
        raise EventError(f"there is no queue '{event.queue_id[:64]}' to transfer to")
    preferred = () if event.to_agent_id is None else (event.to_agent_id,)
    for agent_id in preferred:
        board.agent(agent_id)
    if event.agent_id in preferred:
        raise EventError(f"agent '{event.agent_id}' cannot transfer a call to themselves")
    talk = consults.talk_with_customer(board, event.agent_id)
    if talk is None:
        board.stale_count += 1
        return
    call = board.calls[talk.call_id]
    consults.drop(board, talk, ConsultEnd.RETURNED)
    talks.part(board, talk)
    call.reservation_id = None
    board.tell(
        CallTransferred(board.now_ms, call.call_id, event.agent_id, talk.queue_id, event.queue_id)
    )
    others = tuple(agent_id for agent_id in call.excluded if agent_id not in preferred)
    excluded = (*others, event.agent_id)
    call.queue_id, call.skills = event.queue_id, event.skills
    returning.to_line(board, call, preferred=preferred, excluded=excluded)
