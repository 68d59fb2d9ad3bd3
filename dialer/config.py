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


DAY_MS = 86_400_000

SPEECH_END_MS = (500, 5_000)
"""The shortest and the longest silence that carriers take for the end of a greeting.

Source: https://www.twilio.com/docs/voice/answering-machine-detection,
`MachineDetectionSpeechEndThreshold`.
"""

LEGAL_WAIT_MS = 2_000
"""From the end of a person's greeting to an agent, at the most.

Source: 16 CFR 310.4(b)(4)(ii), "within two (2) seconds after the person's completed greeting".
"""

PACER_FORMS = "preview, progressive, ratio:LINES, adaptive, adaptive:CAP, predictive or message"
"""The pacing rules a campaign may name, as messages write them."""

_FIGURES = {
    "preview": "none",
    "progressive": "none",
    "predictive": "none",
    "message": "none",
    "adaptive": "optional",
    "ratio": "needed",
}
"""Whether a rule's name is followed by a figure."""


def check_pacer(owner: str, text: str) -> None:
    """Refuse a pacing rule that nobody knows.

    Raises:
        ConfigError: The name, or the figure after its colon, is none; the author of the settings
            must change it.
    """
    name, colon, figure = text.partition(":")
    form = _FIGURES.get(name)
    is_plain = not colon and form in ("none", "optional")
    if not is_plain and not (colon and form in ("optional", "needed") and _is_figure(figure)):
        raise ConfigError(f"{owner}: pacer is '{text}'; use {PACER_FORMS}")


def _is_figure(text: str) -> bool:
    whole, _, rest = text.partition(".")
    return (whole + rest).isdigit() and any(digit != "0" for digit in whole + rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonWindow:
    """A limit on abandoned over live answers, and the time over which both are counted.

    The legal window, a limit on the shift and a cap on the day are all windows; the pacer keeps
    every one of them.
    """

    name: str
    kind: str = "successive"
    """`successive` ones follow each other from the first question to the pacer on; `rolling` covers
    the last `length_ms`; `shift` begins when dialling begins after a pause of some hours."""
    length_ms: int = 30 * DAY_MS  #: of a shift: how long it will about be
    percent_max: float = 3.0
    is_hard: bool = False  #: over the limit, one call per ready agent until it recovers
    counts_detection_errors: bool = False  #: people taken for machines count as abandoned
    breach_risk_percent_max: float | None = None
    """Hold the probability of ending over the limit below this."""

    def __post_init__(self) -> None:
        """Check the kind and the numbers."""
        name = f"window '{self.name}'"
        if self.kind not in ("successive", "rolling", "shift"):
            raise ConfigError(f"{name}: kind is '{self.kind}'; use successive, rolling or shift")
        check_range(f"{name}: length_ms", self.length_ms, 60_000, 366 * DAY_MS)
        if not 0 <= self.percent_max <= 100:
            raise ConfigError(f"{name}: percent_max is {self.percent_max}; it must be 0 to 100")
        risk = self.breach_risk_percent_max
        if risk is not None and not 0 < risk < 100:
            raise ConfigError(
                f"{name}: breach_risk_percent_max is {risk}; it must lie between 0 and 100"
            )


LEGAL_WINDOW = AbandonWindow(name="law")
"""Three per cent over 30 days, campaign by campaign. Source: 16 CFR 310.4(b)(4)(i)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignConfig:
    """One outbound campaign: whom it may disturb, how hard it dials, how long things may last."""

    campaign_id: CampaignId
    pacer: str = "progressive"
    """preview, progressive, ratio:<lines per agent>, adaptive, predictive, or message: a recorded
    message with a key to opt out and no agent at all."""
    skills: Mapping[str, int] = field(default_factory=dict)  #: what an agent needs to serve it
    priority: int = 0  #: of live answers, on the scale of the queues' own
    ring_ms: int = 25_000  #: no-answer after this; the law asks for 15 s at least
    detection: Detection = Detection.BEFORE
    machine_policy: MachinePolicy = MachinePolicy.HANG_UP
    unknown_is_human: bool = True
    screening_is_human: bool = False  #: an assistant that asks who calls is passed to an agent
    machine_sample_percent: float = 0.0  #: of machine verdicts, checked by agents who are free
    machine_dispositions: tuple[str, ...] = ("machine",)  #: by which agents say it was none
    legal_wait_ms: int = LEGAL_WAIT_MS  #: from the greeting's end, where a region's law says less
    agent_ms_max: int = LEGAL_WAIT_MS  #: from the verdict to an agent, as far as the law lets it
    abandon_percent_max: float = 3.0  #: of live answers: what the pacer settles on
    windows: tuple[AbandonWindow, ...] = (LEGAL_WINDOW,)  #: what it must keep besides
    speech_end_ms: int = 1_000  #: a greeting is taken to have ended so long before its verdict
    preview_ms: int = 60_000  #: how long an agent may look at a lead
    preview_end: str = "skip"  #: what follows then: dial or skip
    skips_per_hour_max: int = 30  #: of one agent
    owner_ms: int = 120_000  #: so long a promised call is kept for the agent who promised it
    wrap_up_ms: int = 30_000
    calls_per_s_max: float = 1.0  #: under the carrier account's own limit
    lines_max: int = 50  #: dials in flight at a time
    starts_paused: bool = False

    @property
    def is_preview(self) -> bool:
        """Whether an agent looks at each lead before it is dialled."""
        return self.pacer == "preview"

    @property
    def is_agentless(self) -> bool:
        """Whether people hear a recorded message and no agent is needed."""
        return self.pacer == "message"

    @property
    def head_start_ms(self) -> int:
        """How much of the legal wait for an agent has gone by when the verdict comes."""
        return self.speech_end_ms if self.detection is Detection.BEFORE else 0

    @property
    def agent_due_ms(self) -> int:
        """How long after the verdict an agent may come; then the safe-harbour message plays.

        As long as the settings allow, and never longer than what detection leaves of the legal
        wait: that counts from the end of the greeting, `head_start_ms` before the verdict.
        """
        return min(self.agent_ms_max, max(0, self.legal_wait_ms - self.head_start_ms))

    @property
    def keeps_agents(self) -> bool:
        """Whether an agent is kept free for each dial until its verdict.

        So it is where the pacer does not dial ahead: one dial, one agent. Otherwise a caller could
        take the agent for whom a dial rings, and the person who answers would meet nobody.
        """
        return self.pacer in ("preview", "progressive")

    def __post_init__(self) -> None:
        """Check every number."""
        name = f"campaign '{self.campaign_id}'"
        check_levels(name, self.skills)
        check_range(f"{name}: ring_ms", self.ring_ms, 15_000, 120_000)
        check_range(f"{name}: legal_wait_ms", self.legal_wait_ms, 0, LEGAL_WAIT_MS)
        check_range(f"{name}: agent_ms_max", self.agent_ms_max, 0, LEGAL_WAIT_MS)
        check_range(f"{name}: wrap_up_ms", self.wrap_up_ms, 0, 3_600_000)
        check_range(f"{name}: lines_max", self.lines_max, 1, 10_000)
        check_range(f"{name}: speech_end_ms", self.speech_end_ms, *SPEECH_END_MS)
        if not 0 <= self.machine_sample_percent <= 20:
            raise ConfigError(
                f"{name}: machine_sample_percent is {self.machine_sample_percent}; use 0 to 20"
            )
        check_range(f"{name}: preview_ms", self.preview_ms, 5_000, 3_600_000)
        check_range(f"{name}: owner_ms", self.owner_ms, 0, 300_000)
        check_range(f"{name}: skips_per_hour_max", self.skips_per_hour_max, 0, 1_000)
        if self.preview_end not in ("dial", "skip"):
            raise ConfigError(f"{name}: preview_end is '{self.preview_end}'; use dial or skip")
        check_pacer(name, self.pacer)
        names = [window.name for window in self.windows]
        if len(set(names)) < len(names):
            raise ConfigError(f"{name}: two windows have one name; names must differ")
        if not 0 <= self.abandon_percent_max <= 3:
            raise ConfigError(
                f"{name}: abandon_percent_max is {self.abandon_percent_max}; it must be 0 to 3,"
                " the ceiling of 16 CFR 310.4(b)(4)"
            )
        if not 0 < self.calls_per_s_max <= 1_000:
            raise ConfigError(f"{name}: calls_per_s_max is {self.calls_per_s_max}; use 0.1 to 1000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blending:
    """By which rules callers and campaigns share agents (see `dialer.blending`)."""

    inbound_first: bool = False  #: nothing is dialled while a caller waits for the same agents
    reserve: int = 0  #: so many ready agents are never dialled for
    service_level_percent_min: float = 0.0  #: below, nothing is dialled; 0 does not look at it
    service_level_window_ms: int = 1_800_000  #: over so long
    service_level_calls_min: int = 10  #: fewer callers than that say nothing

    def __post_init__(self) -> None:
        """Check every number."""
        check_range("blending: reserve", self.reserve, 0, 10_000)
        window_ms = self.service_level_window_ms
        check_range("blending: service_level_window_ms", window_ms, 60_000, DAY_MS)
        calls = self.service_level_calls_min
        check_range("blending: service_level_calls_min", calls, 1, 10_000)
        if not 0 <= self.service_level_percent_min <= 100:
            raise ConfigError(
                f"blending: service_level_percent_min is {self.service_level_percent_min};"
                " it must be 0 to 100"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreConfig:
    """Everything the centre's decisions depend on."""

    acd: AcdConfig
    campaigns: tuple[CampaignConfig, ...] = ()
    blending: Blending = Blending()

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
            if not (campaign.is_agentless or any(agent.standing for agent in self.acd.agents)):
                raise ConfigError(
                    f"campaign '{campaign.campaign_id}': no agent has a standing leg, and ringing"
                    " one takes longer than a called person may wait; set standing to true"
                )
