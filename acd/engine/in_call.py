"""What an agent does with a customer they are talking to: hold, resume, transfer.

A cold transfer sends the customer back to a line in the place of their first queue entry, so being
passed on costs nobody their turn. They hear music in their own room meanwhile, and the agent goes
on to wrap-up. Sent to a certain agent, they wait for that agent alone for the queue's
`preferred_ms`, then for anybody; the agent who sent them is not asked again.
"""

from collections.abc import Mapping

from acd.board import Board
from acd.channels import Channel
from acd.deadlines import NO_TICKET
from acd.engine import consults, returning, talks
from acd.events import (
    AgentHeldCall,
    AgentResumedCall,
    AgentTransferredCall,
    ConversationTransferred,
)
from acd.ids import AgentId, QueueId
from acd.messages import EventError
from acd.notices import CallTransferred, ConsultEnd
from acd.reservations import Reservation


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
    preferred = check_transfer(board, event, Channel.VOICE)
    talk = consults.talk_with_customer(board, event.agent_id)
    if talk is None:
        board.stale_count += 1
        return
    consults.drop(board, talk, ConsultEnd.RETURNED)
    pass_on(board, talk, event.queue_id, event.skills, preferred)


def check_transfer(
    board: Board, event: AgentTransferredCall | ConversationTransferred, channel: Channel
) -> tuple[AgentId, ...]:
    """Return who should take the contact, if anybody is named.

    Raises:
        EventError: The queue or the agent is not there, no agent can be what is needed, or agents
            name themselves.
    """
    board.check_needs(event.queue_id, event.skills)
    board.check_channel(event.queue_id, channel)
    board.agent(event.agent_id)
    if event.to_agent_id is None:
        return ()
    board.agent(event.to_agent_id)
    if event.to_agent_id == event.agent_id:
        raise EventError(f"agent '{event.agent_id}' cannot transfer a call to themselves")
    return (event.to_agent_id,)


def pass_on(
    board: Board,
    talk: Reservation,
    queue_id: QueueId,
    skills: Mapping[str, int],
    preferred: tuple[AgentId, ...],
) -> None:
    """End a talk for the agent and let the customer wait in another line, in their place."""
    call = board.calls[talk.call_id]
    talks.part(board, talk)
    call.reservation_id = None
    board.deadlines.cancel(call.idle_ticket)
    call.idle_ticket = NO_TICKET
    board.tell(CallTransferred(board.now_ms, call.call_id, talk.agent_id, talk.queue_id, queue_id))
    others = tuple(agent_id for agent_id in call.excluded if agent_id not in preferred)
    excluded = (*others, talk.agent_id)
    call.queue_id, call.skills = queue_id, skills
    returning.to_line(board, call, preferred=preferred, excluded=excluded)
