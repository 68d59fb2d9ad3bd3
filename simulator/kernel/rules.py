"""The live distributor's settings, compiled to the kernel's tables, or refused by name.

Agents with the same skills and queues form a group. Who may serve whom is asked of the
distributor's own `acd.queues.Profile`, so the tables cannot disagree with it. A relaxation step
that lowers levels or opens a queue to others becomes a finite `reach_s`.

What no table can say raises `TableError` with the queue and the setting: policies that look at an
agent's history, calls ringing several agents, steps with conditions, added priority, another queue
or a way out (strict bands cannot do without), and an occupancy cap. Two things are left to whoever
uses the tables, because they are not routing: callers leave at `wait_s_max` (shorten their
patience to it), and ring time is part of the wait in the live centre but absent here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from acd.channels import Channel
from acd.config import AcdConfig, AgentConfig, QueueConfig, RelaxStep
from acd.ids import AgentId, QueueId
from acd.queues import Needs, Profile
from simulator.distributions import Floats
from simulator.kernel.tables import RoutingTables, TableError


@dataclass(frozen=True)
class CompiledRules:
    """Tables, and what connects them with the live settings."""

    tables: RoutingTables
    members: tuple[tuple[AgentId, ...], ...]
    """The agents of each group."""
    wait_s_max: Floats
    """When callers of each queue are sent elsewhere: (T,)."""


def compile_rules(config: AcdConfig) -> CompiledRules:
    """Turn the distributor's settings into routing tables.

    Groups are named after their first agent.

    Raises:
        TableError: A setting the tables cannot express; the message names it and its queue.
    """
    if config.occupancy_percent_max < 100:
        raise TableError(
            f"occupancy_percent_max is {config.occupancy_percent_max}: the kernel does not follow "
            "the occupancy of single agents"
        )
    for queue in config.queues:
        _refuse(queue)
    groups = _groups(config)
    profiles = [Profile(mine[0].skills, mine[0].queues, Channel.VOICE) for mine in groups]
    priority, priority_per_s = _priorities(config)
    tables = RoutingTables(
        call_types=tuple(str(queue.queue_id) for queue in config.queues),
        groups=tuple(str(mine[0].agent_id) for mine in groups),
        reach_s=np.array([[_reach_s(queue, who) for who in profiles] for queue in config.queues]),
        rank=np.array([_ranks(queue, groups) for queue in config.queues], dtype=np.int64),
        priority=np.repeat(priority[:, None], len(groups), axis=1),
        priority_per_s=priority_per_s,
    )
    return CompiledRules(
        tables=tables,
        members=tuple(tuple(agent.agent_id for agent in mine) for mine in groups),
        wait_s_max=np.array([queue.wait_ms_max / 1000 for queue in config.queues]),
    )


def _groups(config: AcdConfig) -> list[list[AgentConfig]]:
    """Return agents who can do the same, in order of first appearance."""
    groups: dict[tuple[object, ...], list[AgentConfig]] = {}
    for agent in config.agents:
        key = (tuple(sorted(agent.skills.items())), tuple(sorted(agent.queues)))
        groups.setdefault(key, []).append(agent)
    return list(groups.values())


def _refuse(queue: QueueConfig) -> None:
    name = f"queue '{queue.queue_id}'"
    if queue.channel is not Channel.VOICE:
        raise TableError(f"{name}: channel is {queue.channel}; the kernel knows calls alone")
    if queue.agent_choice not in _RANKS:
        raise TableError(
            f"{name}: agent_choice {queue.agent_choice} looks at single agents; the kernel knows "
            f"{', '.join(_RANKS)}"
        )
    if queue.ring_count > 1:
        raise TableError(f"{name}: ring_count is {queue.ring_count}; the kernel rings one agent")
    for step in queue.relaxation:
        refused = {
            "only_if": step.only_if,
            "priority": step.priority,
            "queue_id": step.queue_id,
            "send": step.send,
        }
        for setting, value in refused.items():
            if value:
                raise TableError(
                    f"{name}: the relaxation step after {step.after_ms} ms has {setting} {value}, "
                    "which the kernel's tables cannot express"
                )


def _reach_s(queue: QueueConfig, profile: Profile) -> float:
    """Return how long a call of the queue waits until the profile may serve it."""
    levels = dict(queue.skills)
    shared: tuple[QueueId, ...] = ()
    for step in (RelaxStep(after_ms=0), *queue.relaxation):
        for skill, level in step.levels.items():
            if skill in levels:
                levels[skill] = min(levels[skill], level)
        shared += step.share_with
        needs = Needs(queue.queue_id, queue.channel, tuple(sorted(levels.items())), shared)
        if profile.may_serve(needs):
            return step.after_ms / 1000
    return float("inf")


def _ranks(queue: QueueConfig, groups: list[list[AgentConfig]]) -> list[int]:
    """Return the order in which the groups are tried, equal where the policy sees no difference."""
    keys = [_RANKS[queue.agent_choice](queue, mine[0]) for mine in groups]
    order = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    return [order[key] for key in keys]


def _longest_idle(queue: QueueConfig, agent: AgentConfig) -> tuple[int, ...]:
    del queue, agent
    return ()


def _most_skilled(queue: QueueConfig, agent: AgentConfig) -> tuple[int, ...]:
    return (-sum(agent.skills.get(skill, 0) for skill in queue.skills),)


def _least_skilled(queue: QueueConfig, agent: AgentConfig) -> tuple[int, ...]:
    del queue
    return (len(agent.skills), sum(agent.skills.values()))


_RANKS: Mapping[str, Callable[[QueueConfig, AgentConfig], tuple[int, ...]]] = {
    "longest_idle": _longest_idle,
    "most_skilled": _most_skilled,
    "least_skilled": _least_skilled,
}
"""The part of `acd.routing.agent_choice` that is the same for all agents of a group."""


def _priorities(config: AcdConfig) -> tuple[Floats, Floats]:
    """Return base and gain per second of each queue: (T,) each, in points."""
    base = np.array([float(queue.priority) for queue in config.queues])
    gain = np.array([queue.priority_per_minute / 60 for queue in config.queues])
    if config.call_choice == "aged_priority":
        return base, gain
    if config.call_choice == "weighted_wait":
        return np.zeros_like(base), gain
    if config.call_choice == "nearest_deadline":
        due_s = np.array([queue.service_level_ms / 1000 for queue in config.queues])
        return -due_s, np.ones_like(base)
    raise TableError(
        f"call_choice is {config.call_choice}; the kernel knows aged_priority, weighted_wait and "
        "nearest_deadline"
    )
