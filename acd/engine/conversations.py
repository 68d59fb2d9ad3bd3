"""Written conversations: what is told of them beyond what every contact has.

A conversation waits and is offered as a call is (`acd.engine.offers`), and is begun by the agent's
agreement alone. While it goes on, a customer or agent who writes keeps it open; where nobody writes
for the queue's `idle_ms_max` it is closed, and the customer told so.
"""

from acd.board import Board
from acd.calls import CallState
from acd.channels import Channel
from acd.commands import ConversationEnd
from acd.deadlines import NO_TICKET
from acd.engine import in_call, talks
from acd.events import ConversationEnded, ConversationTransferred, MessagePassed
from acd.ids import AgentId, CallId
from acd.reservations import Reservation


def passed(board: Board, event: MessagePassed) -> None:
    """Take `MessagePassed`; before an agent has the conversation it means nothing."""
    call = board.call(event.call_id)
    if call is None:
        return
    talk = board.reservations.get(call.reservation_id) if call.reservation_id else None
    if talk is None or call.state is not CallState.TALKING or talk.channel is not Channel.MESSAGE:
        board.stale_count += 1
    else:
        talks.note_message(board, call)


def ended(board: Board, event: ConversationEnded) -> None:
    """Take `ConversationEnded`: the agent closed it."""
    talk = _of_agent(board, event.agent_id, event.call_id)
    if talk is not None:
        talks.end_conversation(board, talk, ConversationEnd.CLOSED, event.disposition)


def transferred(board: Board, event: ConversationTransferred) -> None:
    """Take `ConversationTransferred`: the customer waits in another line, in their place."""
    preferred = in_call.check_transfer(board, event, Channel.MESSAGE)
    talk = _of_agent(board, event.agent_id, event.call_id)
    if talk is not None:
        in_call.pass_on(board, talk, event.queue_id, event.skills, preferred)


def idle_over(board: Board, key: str) -> None:
    """Carry out the deadline `IDLE`."""
    call = board.calls[CallId(key)]
    call.idle_ticket = NO_TICKET
    assert call.reservation_id is not None, "only a conversation with an agent is idle"
    talks.end_conversation(board, board.reservations[call.reservation_id], ConversationEnd.IDLE)


def _of_agent(board: Board, agent_id: AgentId, call_id: CallId) -> Reservation | None:
    """Find a conversation an agent is in; None means it is over and the fact is stale."""
    board.agent(agent_id)
    call = board.call(call_id)
    if call is None:
        return None
    talk = board.reservations.get(call.reservation_id) if call.reservation_id else None
    is_theirs = (
        talk is not None
        and talk.agent_id == agent_id
        and call.state is CallState.TALKING
        and talk.channel is Channel.MESSAGE
    )
    if not is_theirs:
        board.stale_count += 1
    return talk if is_theirs else None
