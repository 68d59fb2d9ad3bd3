"""Which free agent a call gets: one pure function per policy.

A policy gives each free agent a **rank** within a line; the smallest is chosen. A rank is a tuple
of integers that does not change while the agent stays free, so that the free agents of a line can
stand in a heap and a choice costs O(log n). Equal ranks go by the order in which the agents became
free. Whatever a policy looks at must therefore be settled when the agent becomes free.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from acd.agents import Agent
from acd.config import ConfigError

Rank: TypeAlias = tuple[int, ...]
AgentChoice: TypeAlias = Callable[[Agent, Mapping[str, int]], Rank]
"""Ranks an agent for calls with the given needs (skill -> least level)."""


def longest_idle(agent: Agent, needs: Mapping[str, int]) -> Rank:
    """Prefer whoever has been idle longest."""
    del needs
    return (agent.idle_since_ms,)


AGENT_CHOICES: Mapping[str, AgentChoice] = {"longest_idle": longest_idle}


def agent_choice_named(name: str) -> AgentChoice:
    """Look a policy up.

    Raises:
        ConfigError: There is none of that name; the author of the settings must change it.
    """
    try:
        return AGENT_CHOICES[name]
    except KeyError:
        known = ", ".join(AGENT_CHOICES)
        raise ConfigError(f"there is no agent choice '{name}'; there are {known}") from None
