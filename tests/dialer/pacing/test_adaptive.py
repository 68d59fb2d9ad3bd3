"""The level rules, case by case as described in docs/pacing.md."""

import pytest

from dialer.pacing import AdaptivePacer, AdaptiveSettings, Limit, LimitRule, PacingView
from dialer.pacing.adaptive import (
    abandoned_percent_with_machines,
    calmed_level,
    hhmm,
    limited_level,
    moved_level,
)


def test_no_difference_keeps_the_level():
    assert moved_level(2.0, 0.0, 10, AdaptiveSettings()) == 2.0


@pytest.mark.parametrize(
    ("difference", "intensity", "level"),
    [(2, 0, 2.4), (-2, 0, 1.6), (-2, 40, 1.76), (-2, -40, 1.44), (2, 40, 2.56), (2, 150, 3.0)],
)
def test_idle_agents_raise_and_waiting_answers_lower_the_level(difference, intensity, level):
    settings = AdaptiveSettings(intensity_percent=intensity)
    assert moved_level(2.0, difference, 10, settings) == pytest.approx(level)


def test_intensity_beyond_a_hundred_softens_falls_less_again():
    """The factor is |intensity - 1|: at +150 % a fall is halved, at +300 % it is doubled."""
    falls = [
        2.0 - moved_level(2.0, -2, 10, AdaptiveSettings(intensity_percent=percent))
        for percent in (100, 150, 300)
    ]
    assert falls == pytest.approx([0.0, 0.2, 0.8])


def test_the_level_stays_between_one_and_its_cap():
    assert moved_level(2.9, 9, 10, AdaptiveSettings()) == 3.0
    assert moved_level(1.1, -9, 10, AdaptiveSettings()) == 1.0
    assert moved_level(2.0, 5, 0, AdaptiveSettings()) == 2.0


@pytest.mark.parametrize(
    ("rule", "level"), [(LimitRule.HARD, 1.0), (LimitRule.AVERAGE, 1.0), (LimitRule.TAPERED, 1.54)]
)
def test_each_rule_cuts_the_level_over_the_limit(rule, level):
    settings = AdaptiveSettings(rule=rule)
    assert limited_level(2.0, 3.1, 51, 1330, settings) == pytest.approx(level)


def test_the_limit_is_silent_at_fifty_calls_and_at_its_own_figure():
    settings = AdaptiveSettings()
    assert limited_level(2.0, 9.0, 50, 1330, settings) == 2.0
    assert limited_level(2.0, 3.0, 51, 1330, settings) == 2.0


def test_tapering_counts_clock_digits_not_minutes():
    settings = AdaptiveSettings(rule=LimitRule.TAPERED)
    assert limited_level(2.0, 4.0, 60, 1000, settings) == 2.0
    assert limited_level(2.0, 4.0, 60, 2059, settings) == pytest.approx(2.0 * 0.041)
    assert limited_level(2.0, 4.0, 60, 2101, settings) == 1.0


def test_more_than_half_of_a_busy_minute_abandoned_halves_the_level():
    assert calmed_level(2.0, 21, 11) == 1.0
    assert calmed_level(2.0, 21, 10) == 2.0
    assert calmed_level(2.0, 20, 20) == 2.0


def test_machines_among_the_abandoned_are_estimated_from_what_agents_met():
    assert abandoned_percent_with_machines(29, 9, 7) == pytest.approx(64.44, abs=0.005)
    assert abandoned_percent_with_machines(3, 0, 0) is None


def test_clock_digits():
    assert hhmm(13.5 * 3600) == 1330
    assert hhmm(86_400 + 60) == 1


def view(now_s, ready=10, talking=0, ringing=0, waiting=0):
    return PacingView(now_s, ready, waiting, 0, [0.0] * talking, [], [now_s] * ringing, 10, 100.0)


def test_level_one_is_progressive():
    pacer = AdaptivePacer(AdaptiveSettings(level_max=1.0))
    assert pacer.dials(view(0.0, ready=4, talking=6, ringing=1)) == 3


def test_calls_are_placed_every_two_and_a_half_seconds():
    pacer = AdaptivePacer()
    assert pacer.dials(view(0.0)) > 0
    decision = pacer.decide(view(1.0))
    assert (decision.dials, decision.limit) == (0, Limit.BETWEEN_LOOPS)
    assert decision.sentence == "The next dial loop is due in 1.5 s."
    assert pacer.dials(view(2.5)) > 0


def test_idle_agents_raise_the_level_every_fifteen_seconds():
    pacer = AdaptivePacer()
    levels = []
    for second in range(31):
        pacer.dials(view(float(second), ready=2, talking=8))
        levels.append(pacer.level)
    assert levels[14] == levels[0]
    assert levels[15] == pytest.approx(levels[0] * 1.2)
    assert levels[30] == pytest.approx(levels[0] * 1.44)


def test_a_day_over_the_limit_resets_to_level_one_and_midnight_forgets():
    pacer = AdaptivePacer()
    pacer.level = 2.0
    for _ in range(60):
        pacer.on_dialled(0.0)
    for _ in range(3):
        pacer.on_abandoned(0.0)
        pacer.on_wrap_ended(0.0, 5.0)
    pacer.dials(view(0.0, ready=1, talking=9))
    assert pacer.level == 1.0
    for at_s in (86_400.0, 86_415.0):
        pacer.dials(view(at_s, ready=1, talking=9))
    assert pacer.level == pytest.approx(1.1**2)


def test_too_few_agents_set_the_level_to_one():
    pacer = AdaptivePacer(AdaptiveSettings(agents_min=11))
    pacer.level = 2.0
    pacer.dials(view(0.0))
    assert pacer.level == 1.0


def test_state_survives_a_restart():
    pacer, other = AdaptivePacer(), AdaptivePacer()
    for second in range(40):
        pacer.dials(view(float(second), ready=2, talking=8))
    pacer.on_dialled(39.5)
    other.restore(pacer.snapshot())
    for second in range(40, 60):
        now = view(float(second), ready=3, talking=7, ringing=1)
        assert other.decide(now) == pacer.decide(now)
