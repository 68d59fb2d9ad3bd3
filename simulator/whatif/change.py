"""What may be changed: who is at work, what they may take, how fast a campaign dials, any setting.

A change is new settings for the centre, whole, and who comes or goes. The functions here make the
usual ones from the settings in force; each refuses by name what the centre does not have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from acd.config import AgentConfig, ConfigError
from acd.ids import AgentId, QueueId
from dialer.config import CentreConfig


class ChangeError(ValueError):
    """The change cannot be made; whoever asked for it must ask for another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change to the centre, from this moment on."""

    settings: CentreConfig | None = None
    """In force from now on; None leaves them."""
    coming: tuple[AgentId, ...] = ()
    """Agents who sign in now; the settings must have them."""
    leaving: tuple[AgentId, ...] = ()
    """Agents who sign out now, after what they are doing."""
    words: str = "nothing is changed"
    """What it is, for reports."""

    def along_with(self, other: Change) -> Change:
        """Return both changes together; `other` was made from the settings this one leaves."""
        return Change(
            settings=other.settings or self.settings,
            coming=self.coming + other.coming,
            leaving=self.leaving + other.leaving,
            words=f"{self.words}; {other.words}",
        )


def agents_like(config: CentreConfig, name: str, count: int) -> Change:
    """Return the change by which so many more agents with an agent's skills come to work.

    Args:
        config: The settings in force.
        name: An agent of the settings, whose skills and telephone the others have.
        count: How many, at least 1.

    Raises:
        ChangeError: There is no such agent, or the count is below 1.
    """
    if count < 1:
        raise ChangeError(f"{count} agents cannot come; at least 1 can")
    model = _agent(config, name)
    taken = {agent.agent_id for agent in config.acd.agents}
    names = [AgentId(f"{name}-{number}") for number in range(2, 2 + count + len(taken))]
    extra = tuple(
        replace(model, agent_id=one) for one in [one for one in names if one not in taken][:count]
    )
    return Change(
        settings=replace(config, acd=replace(config.acd, agents=config.acd.agents + extra)),
        coming=tuple(agent.agent_id for agent in extra),
        words=f"{count} more at work with the skills of {name}",
    )


def moved(config: CentreConfig, name: str, queue: str) -> Change:
    """Return the change by which an agent serves one queue alone.

    Raises:
        ChangeError: There is no such agent or queue.
    """
    agent = _agent(config, name)
    queues = {str(one.queue_id): one for one in config.acd.queues}
    if queue not in queues:
        raise ChangeError(f"there is no queue '{queue}'; there are {', '.join(queues)}")
    needed = queues[queue].skills
    skills = dict(agent.skills) | {
        skill: max(level, agent.skills.get(skill, 0)) for skill, level in needed.items()
    }
    changed = replace(agent, queues=(QueueId(queue),), skills=skills)
    agents = tuple(changed if one is agent else one for one in config.acd.agents)
    return Change(
        settings=replace(config, acd=replace(config.acd, agents=agents)),
        words=f"{name} serves {queue} alone",
    )


def pacing_target(config: CentreConfig, campaign: str, percent: float) -> Change:
    """Return the change by which a campaign aims at another share of abandoned calls.

    Raises:
        ChangeError: There is no such campaign, or the share is not allowed.
    """
    names = [str(one.campaign_id) for one in config.campaigns]
    if campaign not in names:
        listed = ", ".join(names) or "none"
        raise ChangeError(f"there is no campaign '{campaign}'; there are {listed}")
    try:
        campaigns = tuple(
            replace(one, abandon_percent_max=percent) if one.campaign_id == campaign else one
            for one in config.campaigns
        )
    except ConfigError as error:
        raise ChangeError(str(error)) from error
    return Change(
        settings=replace(config, campaigns=campaigns),
        words=f"{campaign} may abandon {percent:g} % of live answers",
    )


def leaving(config: CentreConfig, *names: str) -> Change:
    """Return the change by which agents go home after what they are doing.

    Raises:
        ChangeError: There is no such agent.
    """
    gone = tuple(_agent(config, name).agent_id for name in names)
    return Change(leaving=gone, words=_all(names, "leaves", "leave"))


def coming(config: CentreConfig, *names: str) -> Change:
    """Return the change by which agents of the settings come to work, or back to it.

    Raises:
        ChangeError: There is no such agent.
    """
    here = tuple(_agent(config, name).agent_id for name in names)
    return Change(coming=here, words=_all(names, "comes", "come"))


def _all(names: tuple[str, ...], one_does: str, many_do: str) -> str:
    return f"{', '.join(names)} {one_does if len(names) == 1 else many_do}"


def _agent(config: CentreConfig, name: str) -> AgentConfig:
    for agent in config.acd.agents:
        if agent.agent_id == name:
            return agent
    raise ChangeError(f"there is no agent '{name}' in the settings")
