"""The slots of an agent beside each other: what one of them holds back from the others.

An agent who may write as well as speak has one slot of calls and tasks and several of
conversations. Of the idle ones of conversations one at a time is free, so that it can stand in line
with as many contacts as the agent has, and the next contact goes to whoever has the fewest. Two
settings of the site say whether calls and conversations come on top of each other:
`messages_during_calls` and `calls_during_messages`.
"""

from acd.agents import Agent, AgentState
from acd.board import Board
from acd.channels import Channel


def conversation_count(board: Board, agent: Agent) -> int:
    """Return how many conversations an agent is offered or has."""
    slots = board.slots_of[agent.agent_id]
    return sum(
        slot.channel is Channel.MESSAGE and slot.state is not AgentState.IDLE for slot in slots
    )


def is_withheld(board: Board, agent: Agent) -> bool:
    """Tell whether the agent's other slots keep this idle one from being offered a contact."""
    voice, *written = board.slots_of[agent.agent_id]
    if agent.channel is Channel.VOICE:
        has_conversations = any(slot.state is not AgentState.IDLE for slot in written)
        return has_conversations and not board.config.calls_during_messages
    if voice.state is not AgentState.IDLE and not board.config.messages_during_calls:
        return True
    if any(slot.retry_ticket for slot in written):
        return True
    idle = (slot for slot in written if slot.state is AgentState.IDLE and not slot.is_retired)
    return agent is not next(idle, None)
