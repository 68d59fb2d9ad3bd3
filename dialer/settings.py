"""The centre's settings: as plain data, and as the distributor understands them.

A campaign is a waiting line to the distributor: `acd_config` derives one queue per campaign and
says who serves it. Only agents with a standing leg do, because ringing a telephone takes longer
than a called person may be kept waiting. An agent's list of queues restricts inbound work; what
they do for campaigns follows from their skills. When settings change, the distributor keeps the
line of a campaign that is gone until its calls and dials are over.

Settings travel in the journal (`SettingsApplied`) as plain data, because what the centre decides
depends on them; `to_plain` and `from_plain` are that form.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast

import msgspec

from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.ids import QueueId
from acd.messages import EventError
from dialer.config import CampaignConfig, CentreConfig

PREFERRED_MS = 500
"""How long a person waits for the very agent who looked at the lead, or promised to call them;
then anybody may take them."""


def acd_config(config: CentreConfig) -> AcdConfig:
    """Return the distributor's settings, with one more queue for each campaign."""
    inbound = tuple(queue.queue_id for queue in config.acd.queues)
    lines = tuple(QueueId(campaign.campaign_id) for campaign in config.campaigns)
    return replace(
        config.acd,
        queues=config.acd.queues + tuple(_line(campaign) for campaign in config.campaigns),
        agents=tuple(_serving(agent, inbound, lines) for agent in config.acd.agents),
    )


def shared_queues(
    line: QueueId, queues: Iterable[QueueConfig], agents: Iterable[AgentConfig]
) -> tuple[QueueId, ...]:
    """Return the callers' queues that agents of a campaign's line serve too, in the given order."""
    serving = [agent for agent in agents if line in agent.queues]
    return tuple(
        queue.queue_id
        for queue in queues
        if any(queue.queue_id in agent.queues and _is_skilled(agent, queue) for agent in serving)
    )


def _is_skilled(agent: AgentConfig, queue: QueueConfig) -> bool:
    return all(agent.skills.get(skill, 0) >= level for skill, level in queue.skills.items())


def to_plain(config: CentreConfig) -> dict[str, object]:
    """Return the settings as plain data: texts, numbers, lists and mappings."""
    return cast("dict[str, object]", msgspec.to_builtins(config))


def acd_to_plain(config: AcdConfig) -> dict[str, object]:
    """Return the distributor's settings as plain data."""
    return cast("dict[str, object]", msgspec.to_builtins(config))


def acd_from_plain(plain: Mapping[str, object]) -> AcdConfig:
    """Make the distributor's settings of what `acd_to_plain` returned."""
    return msgspec.convert(dict(plain), AcdConfig)


def from_plain(plain: Mapping[str, object]) -> CentreConfig:
    """Make the settings of plain data.

    Raises:
        EventError: The data is not that of settings; the message names the place and what is
            wrong there.
    """
    try:
        return msgspec.convert(dict(plain), CentreConfig)
    except (msgspec.ValidationError, ValueError) as error:
        raise EventError(f"settings cannot be taken: {error}") from error


def _line(campaign: CampaignConfig) -> QueueConfig:
    return QueueConfig(
        queue_id=QueueId(campaign.campaign_id),
        skills=campaign.skills,
        priority=campaign.priority,
        wrap_up_ms=campaign.wrap_up_ms,
        preferred_ms=PREFERRED_MS,
        overflow="goodbye",
    )


def _serving(
    agent: AgentConfig, inbound: tuple[QueueId, ...], lines: tuple[QueueId, ...]
) -> AgentConfig:
    """Say explicitly which queues an agent serves, campaigns included if their leg stands."""
    own = agent.queues or inbound
    return replace(agent, queues=own + lines if agent.standing else own)
