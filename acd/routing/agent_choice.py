"""Which free agent a call gets: one pure function per policy.

A policy gives each free agent a **rank** within a line; the smallest is chosen. A rank is a tuple
of integers that does not change while the agent stays free, so that the free agents of a line can
stand in a heap and a choice costs O(log n). Equal ranks go by the order in which the agents became
free. Whatever a policy looks at must therefore be settled when the agent becomes free.

A policy of one's own is a function of the same form, given to the engine under a name by whoever
starts it. The same rules hold: nothing but its arguments, whole numbers, no chance but
`acd.routing.draws`.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from acd.agents import Agent
from acd.config import ConfigError
from acd.routing.draws import exponential

Rank: TypeAlias = tuple[int, ...]
AgentChoice: TypeAlias = Callable[[Agent, Mapping[str, int]], Rank]
"""Ranks an agent for calls with the given needs (skill -> least level)."""


def longest_idle(agent: Agent, needs: Mapping[str, int]) -> Rank:
    """Prefer whoever has been idle longest."""
    del needs
    return (agent.idle_since_ms,)


def most_skilled(agent: Agent, needs: Mapping[str, int]) -> Rank:
    """Prefer the highest levels, summed over the skills that the call needs."""
    skills = agent.config.skills
    return (-sum(skills.get(skill, 0) for skill in needs), agent.idle_since_ms)


def least_skilled(agent: Agent, needs: Mapping[str, int]) -> Rank:
    """Prefer who suffices with the fewest skills, then the lowest levels: scarce ones stay free."""
    del needs
    skills = agent.config.skills
    return (len(skills), sum(skills.values()), agent.idle_since_ms)


def fewest_calls(agent: Agent, needs: Mapping[str, int]) -> Rank:
    """Prefer whoever handled the fewest calls since signing in."""
    del needs
    return (agent.handled_count, agent.idle_since_ms)


def least_occupied(agent: Agent, needs: Mapping[str, int]) -> Rank:
    """Prefer the smallest share of busy time since signing in, as it was on becoming free.

    In thousandths; busy is reserved, talking and wrapping up.
    """
    del needs
    signed_in_ms = max(agent.idle_since_ms - agent.signed_in_at_ms, 1)
    return (1_000 * agent.busy_ms // signed_in_ms, agent.idle_since_ms)


def round_robin(agent: Agent, needs: Mapping[str, int]) -> Rank:
    """Prefer whoever was last offered a call the longest ago, taken or not."""
    del needs
    return (agent.offered_order,)


def weighted_random(agent: Agent, needs: Mapping[str, int]) -> Rank:
    """Draw, with a chance in proportion to the agents' weights; drawn anew whenever one frees up.

    The draw follows from the agent's name and their place among the idle, so replay repeats it.
    """
    del needs
    return (exponential(agent.config.weight, agent.agent_id, agent.idle_order),)


AGENT_CHOICES: Mapping[str, AgentChoice] = {
    policy.__name__: policy
    for policy in (
        longest_idle,
        most_skilled,
        least_skilled,
        fewest_calls,
        least_occupied,
        round_robin,
        weighted_random,
    )
}
"""The policies by the names that settings use."""


def agent_choice_named(name: str, own: Mapping[str, AgentChoice]) -> AgentChoice:
    """Look a policy up, among ours and the site's own.

    Raises:
        ConfigError: There is none of that name; the author of the settings must change it.
    """
    policy = own.get(name) or AGENT_CHOICES.get(name)
    if policy is None:
        known = ", ".join([*AGENT_CHOICES, *own])
        raise ConfigError(f"there is no agent choice '{name}'; there are {known}")
    return policy
