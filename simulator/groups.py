"""Groups of agents: those who may serve the same queues.

A planner thinks in groups, settings name agents one by one. Agents whose skills and settings admit
them to the same waiting lines from the first second are one group, named after these lines.
"""

from __future__ import annotations

from collections.abc import Mapping

from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.ids import AgentId

NO_QUEUE = "no queue"
"""The group of those who may serve none of the queues; they may still have a campaign's calls."""


def groups_of(config: AcdConfig) -> Mapping[AgentId, str]:
    """Return the group of every agent, in the order of the settings.

    Example:
        >>> from acd.ids import QueueId
        >>> cards = QueueConfig(queue_id=QueueId("cards"), skills={"cards": 1})
        >>> loans = QueueConfig(queue_id=QueueId("loans"))
        >>> ana = AgentConfig(agent_id=AgentId("ana"), skills={"cards": 5})
        >>> bo = AgentConfig(agent_id=AgentId("bo"))
        >>> groups_of(AcdConfig(queues=(cards, loans), agents=(ana, bo)))
        {'ana': 'cards + loans', 'bo': 'loans'}
    """
    return {
        agent.agent_id: " + ".join(
            str(queue.queue_id) for queue in config.queues if _may_serve(agent, queue)
        )
        or NO_QUEUE
        for agent in config.agents
    }


def _may_serve(agent: AgentConfig, queue: QueueConfig) -> bool:
    is_named = not agent.queues or queue.queue_id in agent.queues
    return is_named and all(
        agent.skills.get(skill, 0) >= level for skill, level in queue.skills.items()
    )
