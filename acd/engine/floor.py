"""The floor: how the agents who may serve a queue are occupied, for whoever plans ahead of them.

Whoever declared during a contact that they will not be ready after it, or is gone from the
settings, is *leaving*: busy like everybody else, but not to be counted on.
"""

from dataclasses import dataclass

from acd.agents import Agent, AgentState, Presence
from acd.board import Board
from acd.ids import AgentId, QueueId
from acd.queues import Line


@dataclass(frozen=True, slots=True)
class Floor:
    """The agents who may serve a queue, now. Instants ascend."""

    signed_in: int
    ready: int  #: could be offered a call of it right now
    talking_since_ms: tuple[int, ...]
    wrapping_since_ms: tuple[int, ...]
    present: int = 0  #: signed in and ready, contacts in hand included: not on a break
    leaving_talking: tuple[int, ...] = ()  #: places in `talking_since_ms`
    leaving_wrapping: tuple[int, ...] = ()  #: places in `wrapping_since_ms`


def floor(board: Board, queue_id: QueueId) -> Floor:
    """Look at every agent who may serve a queue's plain calls."""
    line = board.queues.plain_line(queue_id)
    talking: list[tuple[int, bool]] = []
    wrapping: list[tuple[int, bool]] = []
    present = 0
    for agent in line.staff.values():
        present += agent.presence is Presence.READY
        if agent.state is AgentState.TALKING:
            talking.append((agent.state_since_ms, _is_leaving(agent)))
        elif agent.state is AgentState.WRAP_UP:
            wrapping.append((agent.state_since_ms, _is_leaving(agent)))
    talking.sort()
    wrapping.sort()
    return Floor(
        len(line.staff),
        line.free_count,
        tuple(since_ms for since_ms, _ in talking),
        tuple(since_ms for since_ms, _ in wrapping),
        present,
        tuple(place for place, (_, is_leaving) in enumerate(talking) if is_leaving),
        tuple(place for place, (_, is_leaving) in enumerate(wrapping) if is_leaving),
    )


def _is_leaving(agent: Agent) -> bool:
    """Tell whether a busy agent will not be ready after what they do."""
    following = agent.presence if agent.wanted is None else agent.wanted
    return agent.is_retired or following is not Presence.READY


def free_agents(board: Board, queue_id: QueueId) -> tuple[AgentId, ...]:
    """Return the agents who could be offered a plain call of a queue now, in a fixed order."""
    line = board.queues.plain_line(queue_id)
    return tuple(
        agent.agent_id
        for agent in board.agents.values()
        if agent.free_ticket and agent.kept_for in (None, queue_id) and _serves(board, agent, line)
    )


def _serves(board: Board, agent: Agent, line: Line) -> bool:
    """Tell whether an agent may serve a line, by what was worked out when both were made."""
    return line in board.queues.profile(agent).lines
