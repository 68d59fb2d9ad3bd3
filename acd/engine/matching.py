"""Bringing free agents and waiting calls together, once, at the end of every event.

Between events no free agent stands beside a call they may take. So only the agents an event freed
and the calls it let wait can make a new match, and only they are looked at.
"""

from acd.agents import Agent
from acd.board import Board
from acd.calls import Call, CallState
from acd.engine import availability, offers
from acd.queues import Line


def settle(board: Board) -> None:
    """Match what the event at hand freed and let wait.

    With agents and calls at once, every call is put in its place first, so that a freed agent
    sees them all; calls that are left may still suit somebody who was free before.
    """
    if board.entered and board.freed:
        waiting = [call for call in board.entered if _is_new(call)]
        for call in waiting:
            board.queues.let_wait(call, _line(board, call))
        _match_freed(board)
        for call in waiting:
            _match_waiting(board, call)
    elif board.freed:
        _match_freed(board)
    else:
        for call in board.entered:
            if _is_new(call):
                _match_entered(board, call)
    board.entered.clear()


def _match_freed(board: Board) -> None:
    for agent in board.freed:
        if not agent.free_ticket and availability.is_available(board, agent):
            _match_agent(board, agent)
    board.freed.clear()


def _match_agent(board: Board, agent: Agent) -> None:
    found = board.queues.first_call(agent, board.now_ms)
    if found is None:
        board.queues.set_free(agent)
    else:
        line, call = found
        line.drop_call(call)
        offers.make(board, agent, call)


def _match_entered(board: Board, call: Call) -> None:
    line = _line(board, call)
    agent = line.first_free()
    if agent is None:
        board.queues.let_wait(call, line)
    else:
        offers.make(board, agent, call)


def _match_waiting(board: Board, call: Call) -> None:
    line = _line(board, call)
    agent = line.first_free()
    if call.line_ticket and agent is not None:
        line.drop_call(call)
        offers.make(board, agent, call)


def _is_new(call: Call) -> bool:
    return call.state is CallState.WAITING and not call.line_ticket


def _line(board: Board, call: Call) -> Line:
    assert call.queue_id is not None, "only a queued call waits"
    return board.queues.line(call.queue_id, call.skills)
