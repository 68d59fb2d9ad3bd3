"""New settings while the centre works: what goes on finishes, and nobody loses a place.

Agents who are gone from the settings are signed out at the end of what they do; queues that are
gone are kept as they were while calls from them are open, or while the layer above says that calls
for them are still to come, and with them who serves them. Lines are built anew, so a change of
skills or policies counts at once for everyone who waits or is free.
"""

from collections.abc import Collection
from dataclasses import replace

from acd.agents import Agent, AgentState, Declaration, Presence, slots_for
from acd.board import Board
from acd.calls import CallState
from acd.channels import Channel
from acd.config import HOUR_MS, AcdConfig, AgentConfig, ConfigError, QueueConfig, RelaxStep
from acd.engine import availability, relaxation
from acd.ids import QueueId, SlotId
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
    board.segments = {segment.segment_id: segment for segment in config.segments}
    board.queues = Queues(config, board.own_choices)
    _admit_agents(board, config)
    for call in board.calls.values():
        call.line_ticket = 0
        if call.relax_ticket:
            relaxation.plan_anew(board, call)
        if call.state is CallState.WAITING:
            board.entered.append(call)
    for agent in sorted(board.slots.values(), key=lambda agent: agent.idle_order):
        agent.free_ticket, agent.kept_for = 0, None
        is_signed_in = agent.presence is not Presence.SIGNED_OUT
        board.queues.set_signed_in(agent, is_signed_in=is_signed_in)
        _take_stock(board, agent)


def check_channels_kept(board: Board, config: AcdConfig) -> None:
    """Refuse to make calls of conversations, or the like: queues with contacts stay what they are.

    Raises:
        ConfigError: A queue that is in use carries another channel from now on.
    """
    in_use = _in_use(board)
    for queue in config.queues:
        before = board.queues.queue_configs.get(queue.queue_id)
        if before is not None and before.channel is not queue.channel and queue.queue_id in in_use:
            raise ConfigError(
                f"queue '{queue.queue_id}' has contacts or cases of the channel {before.channel};"
                f" it cannot carry {queue.channel} now: use another name, or wait until it is empty"
            )


def _with_queues_in_use(
    board: Board, config: AcdConfig, expected: Collection[QueueId]
) -> AcdConfig:
    known = {queue.queue_id for queue in config.queues}
    in_use = _in_use(board) | set(expected)
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


def _in_use(board: Board) -> set[QueueId]:
    """Return the queues that contacts or cases are in now."""
    in_use = {call.queue_id for call in board.calls.values() if call.queue_id is not None}
    in_use |= {held.queue_id for held in board.reservations.values()}
    return in_use | {case.queue_id for case in board.cases.values()}


def _still_serving(
    agent: AgentConfig, kept: Collection[QueueConfig], before: Collection[QueueId]
) -> AgentConfig:
    """Let an agent whose queues are named go on with the kept ones that they served before."""
    if not agent.queues:
        return agent
    own = tuple(queue.queue_id for queue in kept if queue.queue_id in before)
    return replace(agent, queues=agent.queues + own)


def _without_lost_steps(queue: QueueConfig, known: set[QueueId]) -> QueueConfig:
    """Drop what leads to queues that are gone, but never all relaxation of calls."""
    steps = tuple(
        step
        for step in queue.relaxation
        if known.issuperset(step.share_with) and (step.queue_id is None or step.queue_id in known)
    )
    is_stuck = not any(step.priority or step.send or step.queue_id for step in steps)
    if is_stuck and queue.channel is not Channel.TASK:
        steps = (*steps, LAST_RESORT)
    tasks_id = queue.follow_up_queue_id if queue.follow_up_queue_id in known else None
    return replace(queue, relaxation=steps, follow_up_queue_id=tasks_id)


def _admit_agents(board: Board, config: AcdConfig) -> None:
    old = board.slots
    board.slots, board.agents, board.slots_of = {}, {}, {}
    for agent_config in config.agents:
        slots = [old.pop(slot.slot_id, slot) for slot in slots_for(agent_config)]
        for slot in slots:
            slot.config, slot.is_retired = agent_config, False
            _catch_up(slot, slots[0])
        board.seat(slots)
    with_legs = {SlotId(leg.agent_id) for leg in board.legs.values()}
    for slot in old.values():
        is_there = slot.presence is not Presence.SIGNED_OUT or slot.slot_id in with_legs
        if is_there or slot.state is not AgentState.IDLE:
            known = board.all_slots(slot.agent_id)
            slot.is_retired = True
            slot.config = known[0].config if known else slot.config
            board.seat([*known, slot])
            board.queues.admit([slot])


def _catch_up(slot: Agent, first: Agent) -> None:
    """Let a slot that is new be told what its agent has declared before."""
    if slot.presence is Presence.SIGNED_OUT and first.presence is not Presence.SIGNED_OUT:
        slot.presence, slot.reason = first.presence, first.reason
        slot.signed_in_at_ms, slot.is_silent = first.signed_in_at_ms, first.is_silent
        slot.idle_since_ms, slot.idle_order = first.idle_since_ms, first.idle_order


def _take_stock(board: Board, agent: Agent) -> None:
    if agent.is_retired and agent.presence is not Presence.SIGNED_OUT:
        availability.declare(board, agent, Declaration.SIGNED_OUT)
    if agent.state is AgentState.IDLE:
        availability.keep_standing_leg(board, agent)
    availability.review(board, agent)
