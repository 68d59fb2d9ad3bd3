"""New settings while the centre works: what goes on finishes, and nobody loses a place.

Agents who are gone from the settings are signed out at the end of what they do; queues that are
gone are kept as they were while calls from them are open, or while the layer above says that calls
for them are still to come, and with them who serves them. Lines are built anew, so a change of
skills or policies counts at once for everyone who waits or is free.
"""

from collections.abc import Collection
from dataclasses import replace

from acd.agents import Agent, AgentState, Declaration, Presence
from acd.board import Board
from acd.calls import CallState
from acd.config import HOUR_MS, AcdConfig, AgentConfig, QueueConfig, RelaxStep
from acd.engine import availability, relaxation
from acd.ids import QueueId
from acd.queues import Queues

LAST_RESORT = RelaxStep(after_ms=24 * HOUR_MS, send="goodbye")
"""What a queue that is gone still does about a call that waits in it, if nothing else is left."""


def apply(board: Board, config: AcdConfig, expected: Collection[QueueId] = ()) -> None:
    """Replace the settings.

    Args:
        board: Of the site.
        config: What shall be in force.
        expected: Queues that are kept too if they are gone, because calls for them are to come.
    """
    config = _with_queues_in_use(board, config, expected)
    board.config = config
    board.queues = Queues(config, board.own_choices)
    _admit_agents(board, config)
    for call in board.calls.values():
        call.line_ticket = 0
        if call.relax_ticket:
            relaxation.plan_anew(board, call)
        if call.state is CallState.WAITING:
            board.entered.append(call)
    for agent in sorted(board.agents.values(), key=lambda agent: agent.idle_order):
        agent.free_ticket, agent.kept_for = 0, None
        is_signed_in = agent.presence is not Presence.SIGNED_OUT
        board.queues.set_signed_in(agent, is_signed_in=is_signed_in)
        _take_stock(board, agent)


def _with_queues_in_use(
    board: Board, config: AcdConfig, expected: Collection[QueueId]
) -> AcdConfig:
    known = {queue.queue_id for queue in config.queues}
    in_use = {call.queue_id for call in board.calls.values()}
    in_use |= {held.queue_id for held in board.reservations.values()}
    in_use |= set(expected)
    kept = [
        queue
        for queue in board.config.queues
        if queue.queue_id in in_use and queue.queue_id not in known
    ]
    known |= {queue.queue_id for queue in kept}
    before = {agent.agent_id: agent.queues for agent in board.config.agents}
    return replace(
        config,
        queues=config.queues + tuple(_without_lost_steps(queue, known) for queue in kept),
        agents=tuple(
            _still_serving(agent, kept, before.get(agent.agent_id, ())) for agent in config.agents
        ),
    )


def _still_serving(
    agent: AgentConfig, kept: Collection[QueueConfig], before: Collection[QueueId]
) -> AgentConfig:
    """Let an agent whose queues are named go on with the kept ones that they served before."""
    if not agent.queues:
        return agent
    own = tuple(queue.queue_id for queue in kept if queue.queue_id in before)
    return replace(agent, queues=agent.queues + own)


def _without_lost_steps(queue: QueueConfig, known: set[QueueId]) -> QueueConfig:
    """Drop the relaxation steps that lead to queues which are gone, but never all relaxation."""
    steps = tuple(
        step
        for step in queue.relaxation
        if known.issuperset(step.share_with) and (step.queue_id is None or step.queue_id in known)
    )
    if not any(step.priority or step.send or step.queue_id for step in steps):
        steps = (*steps, LAST_RESORT)
    return replace(queue, relaxation=steps)


def _admit_agents(board: Board, config: AcdConfig) -> None:
    old = board.agents
    board.agents = {}
    for agent_config in config.agents:
        agent = old.pop(agent_config.agent_id, None) or Agent(agent_config, agent_config.agent_id)
        agent.config, agent.is_retired = agent_config, False
        board.agents[agent.agent_id] = agent
    with_legs = {leg.agent_id for leg in board.legs.values()}
    for agent in old.values():
        is_there = agent.presence is not Presence.SIGNED_OUT or agent.agent_id in with_legs
        if is_there or agent.state is not AgentState.IDLE:
            agent.is_retired = True
            board.agents[agent.agent_id] = agent
            board.queues.admit(agent.config)


def _take_stock(board: Board, agent: Agent) -> None:
    if agent.is_retired and agent.presence is not Presence.SIGNED_OUT:
        availability.declare(board, agent, Declaration.SIGNED_OUT)
    if agent.state is AgentState.IDLE:
        availability.keep_standing_leg(board, agent)
    availability.review(board, agent)
