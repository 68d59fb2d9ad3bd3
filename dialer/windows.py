"""How a campaign stands against its abandonment windows, for the pacer and for people.

Settings become the rules of the compliance meter, a dial that reached a person becomes a live
answer, and the meter's standings become what the pacer is shown. All of it whole numbers.

A live answer counts when its end is known: at the agent, at the message, or when the person hung
up before either. Where detection may still take an answer back (`after`), it counts at the end of
the call.
"""

from dialer.commands import WindowCount
from dialer.compliance import AbandonmentMeter, LiveAnswer, WindowKind, WindowRule
from dialer.config import AbandonWindow, CampaignConfig
from dialer.dials import Dial

PPM_PER_PERCENT = 10_000


def meter_of(config: CampaignConfig, at_ms: int) -> AbandonmentMeter:
    """Make a campaign's meter; its windows begin now."""
    return AbandonmentMeter([_rule(window) for window in config.windows], at_ms)


def window_counts(
    config: CampaignConfig, meter: AbandonmentMeter, at_ms: int
) -> tuple[WindowCount, ...]:
    """Return how every window of a campaign stands."""
    return tuple(
        WindowCount(
            name=standing.name,
            rate_ppm_max=standing.rate_ppm_max,
            answers=standing.answers,
            abandons=standing.abandons,
            starts_at_ms=standing.starts_at_ms,
            ends_at_ms=-1 if window.kind == "rolling" else standing.starts_at_ms + window.length_ms,
            length_ms=window.length_ms,
            is_hard=standing.is_hard,
            breach_risk_ppm_max=_or_none(standing.breach_risk_ppm_max),
        )
        for window, standing in zip(config.windows, meter.standings(at_ms), strict=True)
    )


def live_answer(dial: Dial, config: CampaignConfig, at_ms: int) -> LiveAnswer:
    """Return what the meter is told of a dial that reached a person and whose end is known now."""
    has_ended = not (dial.was_connected or dial.is_abandoned)
    return LiveAnswer(
        known_at_ms=at_ms,
        answered_at_ms=dial.answered_at_ms,
        greeting_end_at_ms=max(dial.answered_at_ms, dial.live_at_ms - config.head_start_ms),
        connected_at_ms=dial.live_at_ms + dial.wait_ms if dial.was_connected else None,
        hung_up_at_ms=at_ms if has_ended else None,
    )


def _rule(window: AbandonWindow) -> WindowRule:
    risk = window.breach_risk_percent_max
    return WindowRule(
        name=window.name,
        kind=WindowKind(window.kind),
        length_ms=window.length_ms,
        rate_ppm_max=round(window.percent_max * PPM_PER_PERCENT),
        counts_detection_errors=window.counts_detection_errors,
        is_hard=window.is_hard,
        breach_risk_ppm_max=None if risk is None else round(risk * PPM_PER_PERCENT),
    )


def _or_none(ppm: int | None) -> int:
    return -1 if ppm is None else ppm
