"""What the law makes of a campaign's settings: defaults it prescribes, values it forbids.

A campaign that names its region keeps the abandonment windows of that jurisdiction without being
told, beside those it names itself; one that names neither keeps three per cent over thirty days.
Settings may be stricter than the law and never laxer; a value that is not is refused with the rule.

Detection `before` costs a part of the time the law gives. The wait for an agent counts from the end
of the person's greeting, and the verdict comes one speech-end threshold later; so what may pass
from verdict to agent is the legal wait less that threshold, and a second of it must be left.
Source: 16 CFR 310.4(b)(4)(ii), "within two (2) seconds after the person's completed greeting".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from acd.config import ConfigError
from dialer.compliance import RuleBook
from dialer.compliance.meter import window_of_law
from dialer.compliance.rules import AbandonLimit, Purpose
from dialer.config import (
    LEGAL_WAIT_MS,
    LEGAL_WINDOW,
    AbandonWindow,
    CampaignConfig,
    Detection,
)

ANY_RULE = "16 CFR 310.4(b)(4)"
"""What is named where no region tells whose rule binds."""

LEFT_MS_MIN = 1_000
"""So much of the legal wait must be left at the verdict: connecting an agent takes time."""

_PPM_PER_PERCENT = 10_000


@dataclass(frozen=True, slots=True)
class AbandonLaw:
    """What binds a campaign that may abandon calls."""

    limits: tuple[AbandonLimit, ...] = ()  #: of its region; none where no region is told

    @classmethod
    def of(cls, book: RuleBook, region: str, purpose: Purpose) -> "AbandonLaw":
        """Return the limits of a region for a purpose; of an unknown region, none."""
        if not region:
            return cls()
        return cls(tuple(book.applicable([region.lower()]).of(AbandonLimit, purpose)))

    @property
    def wait_ms(self) -> int:
        """How long a person may wait for an agent after their greeting."""
        return min([LEGAL_WAIT_MS, *(limit.agent_within_ms for limit in self.limits)])

    def windows(self, told: Sequence[AbandonWindow] = ()) -> tuple[AbandonWindow, ...]:
        """Return the windows a campaign keeps: those told, and the law's they would not keep."""
        law = (
            _window(limit)
            for limit in self.limits
            if not any(_keeps(window, limit) for window in told)
        )
        return (*law, *told) or (LEGAL_WINDOW,)

    def check_detection(self, config: CampaignConfig) -> None:
        """Refuse a verdict that comes too late to find an agent in time.

        Raises:
            ConfigError: The author of the settings must change it.
        """
        speech_end_ms_max = self.wait_ms - LEFT_MS_MIN
        if config.detection is Detection.BEFORE and config.speech_end_ms > speech_end_ms_max:
            raise ConfigError(
                f"campaign '{config.campaign_id}': speech_end_s is"
                f" {config.speech_end_ms / 1_000:g}; it must be at most"
                f" {speech_end_ms_max / 1_000:g}, so that a second of the legal"
                f" {self.wait_ms / 1_000:g} is left at the verdict ({self._wait_rule()})"
            )

    def check_told(self, config: CampaignConfig) -> None:
        """Refuse a wait for an agent that was told and that the law cuts short.

        Raises:
            ConfigError: The author of the settings must change it.
        """
        if config.agent_ms_max > config.agent_due_ms:
            raise ConfigError(
                f"campaign '{config.campaign_id}': agent_s_max is"
                f" {config.agent_ms_max / 1_000:g}; it must be at most"
                f" {config.agent_due_ms / 1_000:g}: the law gives {self.wait_ms / 1_000:g} s"
                f" from the end of the greeting, and detection takes"
                f" {config.head_start_ms / 1_000:g} s of them ({self._wait_rule()})"
            )

    def check_target(self, campaign_id: str, percent_max: float) -> None:
        """Refuse a target for abandoned calls above what the law allows.

        Raises:
            ConfigError: It is above; the text names the rule.
        """
        for limit in self.limits:
            if percent_max > limit.percent_max:
                raise ConfigError(
                    f"campaign '{campaign_id}': abandon_percent_max is {percent_max:g}; it must be"
                    f" at most {limit.percent_max:g} ({limit.id}, {limit.source})"
                )

    def _wait_rule(self) -> str:
        shortest = [limit for limit in self.limits if limit.agent_within_ms == self.wait_ms]
        return f"{shortest[0].id}, {shortest[0].source}" if shortest else ANY_RULE


def _window(limit: AbandonLimit) -> AbandonWindow:
    rule = window_of_law(limit)
    return AbandonWindow(
        name=rule.name,
        kind=rule.kind.value,
        length_ms=rule.length_ms,
        percent_max=rule.rate_ppm_max / _PPM_PER_PERCENT,
        counts_detection_errors=rule.counts_detection_errors,
    )


def _keeps(window: AbandonWindow, limit: AbandonLimit) -> bool:
    """Tell whether who keeps a window keeps a limit: as strict, and over the same time."""
    law = _window(limit)
    is_same_time = (window.kind, window.length_ms) == (law.kind, law.length_ms)
    is_complete = window.counts_detection_errors or not law.counts_detection_errors
    return is_same_time and is_complete and window.percent_max <= law.percent_max
