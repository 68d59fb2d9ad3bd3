"""The predictive pacer's decisions: its limits, its explanation, its memory."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.pacing import (
    Limit,
    PacingView,
    PredictivePacer,
    PredictiveSettings,
    WindowStanding,
)
from dialer.pacing.caps import target_within

PLAIN = PacingView(
    now_s=1000.0,
    ready=3,
    waiting=0,
    detecting=0,
    talking_since_s=[900.0, 950.0, 980.0, 990.0],
    wrapping_since_s=[960.0, 985.0],
    ringing_since_s=[],
    signed_in=9,
    calls_per_s_max=50.0,
)


def dials(view=PLAIN, **changes):
    return PredictivePacer().dials(replace(view, **changes))


def test_it_dials_ahead_of_the_ready_agents():
    assert dials() > 3


def test_nobody_to_take_a_call_means_no_call():
    empty = {"ready": 0, "talking_since_s": [], "wrapping_since_s": [], "signed_in": 2}
    decision = PredictivePacer().decide(replace(PLAIN, **empty))
    assert (decision.dials, decision.limit) == (0, Limit.NOBODY)


@pytest.mark.parametrize(
    "changes",
    [
        {"ringing_since_s": [995.0, 996.0]},
        {"detecting": 3},
        {"waiting": 2},
        {"ready": 1},
        {"leaving_talking": [0, 1, 2, 3], "leaving_wrapping": [0, 1]},
    ],
)
def test_whatever_takes_an_agent_lowers_the_number(changes):
    assert dials(**changes) < dials()


def test_numbers_that_seldom_answer_are_dialled_more_of():
    assert dials(next_odds=[0.1] * 60) > dials(next_odds=[0.3] * 60) > dials(next_odds=[0.9] * 60)


def test_calls_known_to_be_unlikely_leave_room_for_more():
    ringing = [990.0] * 6
    unlikely = dials(ringing_since_s=ringing, ringing_odds=[0.02] * 6)
    likely = dials(ringing_since_s=ringing, ringing_odds=[0.8] * 6)
    assert unlikely > likely


def test_running_out_of_numbers_is_said():
    decision = PredictivePacer().decide(replace(PLAIN, next_odds=[0.2]))
    assert (decision.dials, decision.limit) == (1, Limit.NUMBERS)
    assert decision.sentence == "Numbers at hand to dial: 1, and all of them are worth dialling."


def test_the_explanation_shows_the_price_of_the_next_call_above_what_is_allowed():
    decision = PredictivePacer().decide(PLAIN)
    assert decision.limit is Limit.ABANDON_RISK
    assert decision.inputs["loss"] > decision.inputs["threshold"]
    assert decision.sentence.startswith("One more call would cost an abandon with probability 0.")
    json.dumps(decision.as_dict())


def test_a_very_small_team_dials_one_by_one():
    small = {"ready": 2, "talking_since_s": [], "wrapping_since_s": [], "signed_in": 2}
    decision = PredictivePacer().decide(replace(PLAIN, **small))
    assert (decision.dials, decision.limit) == (2, Limit.READY_AGENTS)


def test_a_hard_window_over_its_limit_stops_dialling_ahead():
    over = WindowStanding("24 h", 0.03, answers=100, abandons=4, is_hard=True)
    decision = PredictivePacer().decide(replace(PLAIN, windows=[over]))
    assert (decision.dials, decision.limit) == (3, Limit.HARD_WINDOW)
    assert "'24 h' stands at 4.00 %" in decision.sentence
    assert dials(windows=[replace(over, abandons=3)]) > 3


def test_a_tighter_window_lowers_the_number():
    tight = WindowStanding("shift", 0.005, answers=1000, abandons=0)
    assert dials(windows=[tight]) < dials()


@pytest.mark.parametrize("risk", [0.3, 0.05, 0.001])
def test_risk_mode_holds_the_probability_of_a_breach(risk):
    """Abandons to come are Poisson at the target it chose: the quantile is kept."""
    window = WindowStanding("30 d", 0.03, 2000, 66, answers_ahead=3000.0, breach_risk_max=risk)
    target = target_within(0.03, [window])
    assert 0.0 < target < 0.03
    rng = np.random.default_rng(1)
    ends = 66 + rng.poisson(target * 3000.0, 100_000)
    assert (ends > 0.03 * 5000).mean() <= risk * 1.35


def test_a_window_that_can_no_longer_be_kept_allows_nothing():
    window = WindowStanding("30 d", 0.03, 2000, 90, answers_ahead=500.0, breach_risk_max=0.05)
    assert target_within(0.03, [window]) == 0.0


def test_without_windows_the_campaigns_target_stands():
    assert target_within(0.02, []) == 0.02


@pytest.mark.parametrize("wrong", [{"target": 0.0}, {"target": 3.0}, {"grace_s": -1.0}])
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        PredictiveSettings(**wrong)


def taught():
    pacer = PredictivePacer()
    for index in range(60):
        now_s = 10.0 * index
        pacer.on_dialled(now_s)
        pacer.on_outcome(now_s + 9.0, "human" if index % 5 == 0 else "no_answer", 9.0)
        pacer.on_talk_ended(now_s + 9.5, 60.0 + index)
        pacer.on_wrap_ended(now_s + 9.7, 20.0)
    pacer.on_abandoned(600.0)
    pacer.on_signed_out(650.0)
    return pacer


def test_everything_learnt_survives_a_restart_as_plain_text():
    pacer, other = taught(), PredictivePacer()
    other.restore(json.loads(json.dumps(pacer.snapshot())))
    assert other.snapshot() == pacer.snapshot()
    fresh = replace(PLAIN, now_s=2000.0, talking_since_s=[1900.0], wrapping_since_s=[])
    assert other.decide(fresh) == pacer.decide(fresh)


def test_the_same_history_gives_the_same_decisions():
    assert taught().decide(PLAIN) == taught().decide(PLAIN)


counts = st.integers(0, 40)
ages = st.lists(st.floats(0.0, 900.0), max_size=40)


@settings(max_examples=60, deadline=None)
@given(counts, st.integers(0, 5), st.integers(0, 10), ages, ages, ages, st.floats(0.2, 60.0))
def test_any_floor_gets_an_answer_within_the_carriers_rate(
    ready, waiting, detecting, talking_s, wrapping_s, ringing_s, calls_per_s_max
):
    view = PacingView(
        now_s=5000.0,
        ready=ready,
        waiting=waiting,
        detecting=detecting,
        talking_since_s=[5000.0 - age_s for age_s in talking_s],
        wrapping_since_s=[5000.0 - age_s for age_s in wrapping_s],
        ringing_since_s=[5000.0 - age_s for age_s in ringing_s],
        signed_in=ready + len(talking_s) + len(wrapping_s),
        calls_per_s_max=calls_per_s_max,
    )
    decision = PredictivePacer().decide(view)
    assert 0 <= decision.dials <= max(1.0, calls_per_s_max)
    assert decision.sentence
