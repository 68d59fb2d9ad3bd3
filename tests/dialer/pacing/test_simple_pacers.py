"""Preview, progressive and ratio; the limits every rule obeys; explanations."""

import pytest

from dialer.pacing import (
    Limit,
    PacingView,
    PreviewPacer,
    ProgressivePacer,
    RatioPacer,
    pacer_named,
)


def floor(**changes):
    told = {
        "now_s": 100.0,
        "ready": 3,
        "waiting": 0,
        "detecting": 0,
        "talking_since_s": [40.0, 60.0],
        "wrapping_since_s": [95.0],
        "ringing_since_s": [],
        "signed_in": 6,
        "calls_per_s_max": 10.0,
    }
    return PacingView(**{**told, **changes})


def test_progressive_keeps_one_call_per_ready_agent():
    pacer = ProgressivePacer()
    assert pacer.dials(floor()) == 3
    assert pacer.dials(floor(ringing_since_s=[99.0], detecting=1)) == 1
    assert pacer.dials(floor(ready=1, waiting=1)) == 0
    assert pacer.dials(floor(ready=0)) == 0


@pytest.mark.parametrize(("ratio", "ready", "dials"), [(1.45, 1, 1), (1.45, 2, 3), (1.55, 1, 2)])
def test_ratio_rounds_its_lines_to_whole_calls(ratio, ready, dials):
    assert RatioPacer(ratio).dials(floor(ready=ready)) == dials


def test_ratio_counts_what_is_already_on_the_way():
    assert RatioPacer(2.0).dials(floor(ringing_since_s=[98.0, 99.0], detecting=1)) == 3


def test_ratio_must_be_positive():
    with pytest.raises(ValueError, match="above 0"):
        RatioPacer(0.0)


def test_preview_dials_what_agents_asked_for():
    assert PreviewPacer().dials(floor(previewed=2)) == 2
    assert PreviewPacer().dials(floor()) == 0


def test_the_carriers_rate_binds_and_refills():
    pacer = ProgressivePacer()
    first = pacer.decide(floor(ready=9, calls_per_s_max=2.0))
    assert (first.dials, first.wanted, first.limit) == (2, 9, Limit.CALL_RATE)
    for _ in range(first.dials):
        pacer.on_dialled(100.0)
    assert pacer.dials(floor(ready=9, calls_per_s_max=2.0)) == 0
    assert pacer.dials(floor(ready=9, calls_per_s_max=2.0, now_s=100.5)) == 1
    assert pacer.dials(floor(ready=9, calls_per_s_max=2.0, now_s=130.0)) == 2


def test_a_rate_under_one_call_a_second_spaces_the_calls():
    pacer = ProgressivePacer()
    started = 0
    for tick in range(400):
        now_s = 100.0 + tick * 0.25
        dials = pacer.dials(floor(ready=9, now_s=now_s, calls_per_s_max=0.2))
        for _ in range(dials):
            pacer.on_dialled(now_s)
        started += dials
    assert started == 20


def test_no_rate_means_no_call():
    decision = ProgressivePacer().decide(floor(calls_per_s_max=0.0))
    assert (decision.dials, decision.limit) == (0, Limit.CALL_RATE)


def test_free_lines_bind():
    decision = ProgressivePacer().decide(floor(ready=5, trunks_free=2))
    assert (decision.dials, decision.limit) == (2, Limit.TRUNKS)
    assert decision.sentence == "Only 2 lines are free; 5 calls were wanted."


def test_every_decision_says_in_one_sentence_what_bound_it():
    decision = RatioPacer(1.6).decide(floor(ringing_since_s=[99.0]))
    assert decision.sentence == "1.60 lines per ready agent make 5 for 3 ready; 1 are on the way."
    assert decision.as_dict()["limit"] == "lines_per_agent"


def test_the_rate_survives_a_restart():
    pacer = ProgressivePacer()
    pacer.dials(floor(calls_per_s_max=2.0))
    pacer.on_dialled(100.0)
    taken_over = ProgressivePacer()
    taken_over.restore(pacer.snapshot())
    view = floor(ready=9, calls_per_s_max=2.0)
    assert taken_over.dials(view) == pacer.dials(view) == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("preview", "preview"),
        ("progressive", "progressive"),
        ("ratio:1.6", "ratio"),
        ("adaptive", "adaptive"),
        ("adaptive:1.3", "adaptive"),
        ("predictive", "predictive"),
    ],
)
def test_pacers_are_found_by_name(text, name):
    assert pacer_named(text).name == name


@pytest.mark.parametrize("text", ["", "ratio", "ratio:-1", "ratio:x", "predictive:2", "magic"])
def test_a_name_that_is_none_is_refused_with_what_may_be_written(text):
    with pytest.raises(ValueError, match="pacer"):
        pacer_named(text)
