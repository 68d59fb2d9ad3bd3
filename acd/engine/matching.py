"""Bringing free agents and waiting calls together, once, at the end of every event.

Between events no free agent stands beside a call they may take. So only the agents an event freed
and the calls it let wait can make a new match, and only they are looked at.
"""

from acd.agents import Agent
from acd.board import Board
from acd.calls import Call, CallState
from acd.engine import availability, callbacks, cases, offers
from acd.queues import Line


def settle(board: Board) -> None:
    """Match what the event at hand freed and let wait.

    With agents and calls at once, every call is put in its place first, so that a freed agent
    sees them all; calls that are left may still suit somebody who was free before. A slot that a
    match frees beside the one it takes is matched last.
    """
    if board.case_contacts:
        cases.go_on(board)
    if board.entered and board.freed:
        waiting = [call for call in board.entered if _is_new(call)]
        for call in waiting:
            board.queues.let_wait(call)
        _match_freed(board)
        for call in waiting:
            if call.line_ticket:
                _match_call(board, call)
    elif board.freed:
        _match_freed(board)
    else:
        for call in board.entered:
            if _is_new(call) and not _match_call(board, call):
                board.queues.let_wait(call)
    board.entered.clear()
    if board.freed:
        _match_freed(board)


def _match_freed(board: Board) -> None:
    for agent in board.freed:
        if not agent.free_ticket and availability.is_available(board, agent):
            call = board.queues.first_call(agent, board.now_ms)
            if call is None:
                board.queues.set_free(agent, availability.tier(board, agent))
            else:
                _offer(board, board.queues.line_of(call), agent, call)
    board.freed.clear()


def _match_call(board: Board, call: Call) -> bool:
    """Offer a call to the free agent whom its queue prefers; tell whether there was one."""
    line = board.queues.line_of(call)
    agent = line.first_free(call)
    if agent is None:
        return False
    _offer(board, line, agent, call)
    return True


def _offer(board: Board, line: Line, agent: Agent, call: Call) -> None:
    """Offer a call to an agent, and to further free ones if its queue rings several at once.

    An agent with a standing leg does not ring, so there is nobody to be faster than; the customer
    of a callback can be rung for one agent only; a consult is with one colleague; and where
    contacts begin by themselves nobody is left to ask.
    """
    board.queues.take_out(call)
    offers.make(board, agent, call)
    if callbacks.is_pending(call) or call.asked_by is not None:
        return
    for _ in range(1, line.queue.ring_count):
        rival = line.first_free(call)
        is_taken = call.state is not CallState.OFFERED
        if is_taken or agent.config.standing or rival is None or rival.config.standing:
            return
        offers.make(board, rival, call)


def _is_new(call: Call) -> bool:
    return call.state is CallState.WAITING and not call.line_ticket
