"""New settings while the centre works: nobody is hung up on, nobody loses their place.

The records go over to a board of the new settings, and who waits and who is free is matched again
under them. An agent who vanished is signed out, from the end of what they do; whoever gives the new
settings keeps a queue in them while calls of it are open.
"""

from acd import snapshot
from acd.agents import AgentState, Declaration, Presence
from acd.board import Board
from acd.config import AcdConfig
from acd.engine import availability, matching
from acd.messages import EngineError


def take(board: Board, config: AcdConfig) -> Board:
    """Return a board under the new settings, with everything that is under way.

    Raises:
        EngineError: A call is open in a queue that the new settings do not have; the caller must
            keep it.
    """
    kept = {queue.queue_id for queue in config.queues}
    for call in board.calls.values():
        if call.queue_id is not None and call.queue_id not in kept:
            raise EngineError(f"queue '{call.queue_id}' has open calls and must be kept")
    changed = Board(config, board.deadlines)
    snapshot.restore(changed, snapshot.to_plain(board))
    for agent in list(changed.queues.free):
        changed.queues.set_taken(agent)
        changed.freed.append(agent)
    _let_vanished_go(changed, config)
    matching.settle(changed)
    return changed


def _let_vanished_go(board: Board, config: AcdConfig) -> None:
    known = {agent.agent_id for agent in config.agents}
    for agent_id, agent in list(board.agents.items()):
        if agent_id in known:
            continue
        if agent.presence is Presence.SIGNED_OUT and agent.state is AgentState.IDLE:
            del board.agents[agent_id]
        else:
            availability.declare(board, agent, Declaration.SIGNED_OUT)
