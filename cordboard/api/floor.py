"""The floor as it is now: queues and agents, from the published wallboard."""

from dataclasses import dataclass
from http import HTTPStatus

from cordboard.api.operation import Asked, Operation
from cordboard.api.problems import not_found, not_now
from cordboard.api.tokens import Scope
from cordboard.api.world import World
from cordboard.runtime.board import AgentLine, Board, QueueLine


@dataclass(frozen=True, slots=True)
class Queues:
    """Every queue, now and today."""

    at_ms: int
    queues: tuple[QueueLine, ...]


@dataclass(frozen=True, slots=True)
class Agents:
    """Every agent, now and today."""

    at_ms: int
    agents: tuple[AgentLine, ...]


def _board(world: World) -> Board:
    board = world.board()
    if board is None:
        raise not_now("the centre has published nothing yet, or its store does not answer")
    return board


def _queues(world: World, _asked: Asked) -> Queues:
    board = _board(world)
    return Queues(board.at_ms, board.queues)


def _queue(world: World, asked: Asked) -> QueueLine:
    lines = {line.queue_id: line for line in _board(world).queues}
    name = asked.path["queue"]
    if name not in lines:
        raise not_found(f"there is no queue '{name}'; there are: {', '.join(lines) or 'none'}")
    return lines[name]


def _agents(world: World, _asked: Asked) -> Agents:
    board = _board(world)
    return Agents(board.at_ms, board.agents)


OPERATIONS = (
    Operation(
        name="listQueues",
        method="GET",
        path="/queues",
        scope=Scope.FLOOR_READ,
        summary="How every queue is now, and today.",
        answer=_queues,
        gives=Queues,
        problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
    Operation(
        name="readQueue",
        method="GET",
        path="/queues/{queue}",
        scope=Scope.FLOOR_READ,
        summary="How one queue is now, and today.",
        answer=_queue,
        gives=QueueLine,
        problems=(HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE),
    ),
    Operation(
        name="listAgents",
        method="GET",
        path="/agents",
        scope=Scope.FLOOR_READ,
        summary="What every agent does now, and did today.",
        answer=_agents,
        gives=Agents,
        problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
)
