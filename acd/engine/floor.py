"""The floor: how the agents who may serve a queue are occupied, for whoever plans ahead of them."""

from dataclasses import dataclass

from acd.agents import AgentState, Presence
from acd.board import Board
from acd.ids import QueueId


@dataclass(frozen=True, slots=True)
class Floor:
    """The agents who may serve a queue, now. Instants ascend."""

    signed_in: int
    ready: int  #: could be offered a call of it right now
    talking_since_ms: tuple[int, ...]
    wrapping_since_ms: tuple[int, ...]


def floor(board: Board, queue_id: QueueId) -> Floor:
    """Look at every agent who may serve a queue's plain calls."""
    line = board.queues.plain_line(queue_id)
    talking: list[int] = []
    wrapping: list[int] = []
    signed_in = 0
    for agent in board.agents.values():
        if agent.presence is Presence.SIGNED_OUT or not board.queues.profile(agent).may_serve(
            line.needs
        ):
            continue
        signed_in += 1
        if agent.state is AgentState.TALKING:
            talking.append(agent.state_since_ms)
        elif agent.state is AgentState.WRAP_UP:
            wrapping.append(agent.state_since_ms)
    return Floor(signed_in, line.free_count, tuple(sorted(talking)), tuple(sorted(wrapping)))
