"""Campaigns, and the centre's settings as a whole, validated when they are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from acd.config import AcdConfig, ConfigError, check_levels, check_range
from dialer.ids import CampaignId


class Detection(StrEnum):
    """When a campaign knows whether a person answered."""

    BEFORE = "before"  #: the person hears the opening; the agent is taken at the verdict
    AFTER = "after"  #: straight into an agent's room; a machine verdict frees the agent
    OFF = "off"  #: every answer counts as a person


class MachinePolicy(StrEnum):
    """What to do with a machine."""

    HANG_UP = "hang_up"
    LEAVE_MESSAGE = "leave_message"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignConfig:
    """One outbound campaign: whom it may disturb, how hard it dials, how long things may last."""

    campaign_id: CampaignId
    pacer: str = (
        "progressive"  #: preview, progressive, ratio:<lines per agent>, adaptive, predictive
    )
    skills: Mapping[str, int] = field(default_factory=dict)  #: what an agent needs to serve it
    priority: int = 0  #: of live answers, on the scale of the queues' own
    ring_ms: int = 25_000  #: no-answer after this; the law asks for 15 s at least
    detection: Detection = Detection.BEFORE
    machine_policy: MachinePolicy = MachinePolicy.HANG_UP
    unknown_is_human: bool = True
    agent_ms_max: int = 2_000  #: from the verdict to an agent; then the safe-harbour message
    abandon_percent_max: float = 3.0  #: of live answers
    wrap_up_ms: int = 30_000
    calls_per_s_max: float = 1.0  #: under the carrier account's own limit
    lines_max: int = 50  #: dials in flight at a time
    starts_paused: bool = False

    def __post_init__(self) -> None:
        """Check every number."""
        name = f"campaign '{self.campaign_id}'"
        check_levels(name, self.skills)
        check_range(f"{name}: ring_ms", self.ring_ms, 15_000, 120_000)
        check_range(f"{name}: agent_ms_max", self.agent_ms_max, 0, 2_000)
        check_range(f"{name}: wrap_up_ms", self.wrap_up_ms, 0, 3_600_000)
        check_range(f"{name}: lines_max", self.lines_max, 1, 10_000)
        if not 0 <= self.abandon_percent_max <= 3:
            raise ConfigError(
                f"{name}: abandon_percent_max is {self.abandon_percent_max}; it must be 0 to 3,"
                " the ceiling of 16 CFR 310.4(b)(4)"
            )
        if not 0 < self.calls_per_s_max <= 1_000:
            raise ConfigError(f"{name}: calls_per_s_max is {self.calls_per_s_max}; use 0.1 to 1000")


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreConfig:
    """Everything the centre's decisions depend on."""

    acd: AcdConfig
    campaigns: tuple[CampaignConfig, ...] = ()

    def __post_init__(self) -> None:
        """Check that a campaign's name is free, and that somebody could take its answers."""
        names = {str(queue.queue_id) for queue in self.acd.queues}
        for campaign in self.campaigns:
            if campaign.campaign_id in names:
                raise ConfigError(
                    f"campaign '{campaign.campaign_id}' has the name of a queue or of another"
                    " campaign; names must differ"
                )
            names.add(campaign.campaign_id)
            if not any(agent.standing for agent in self.acd.agents):
                raise ConfigError(
                    f"campaign '{campaign.campaign_id}': no agent has a standing leg, and ringing"
                    " one takes longer than a called person may wait; set standing to true"
                )
