"""The abandonment meter against a recount from the raw answers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.compliance import (
    AbandonmentMeter,
    LiveAnswer,
    Purpose,
    WindowKind,
    WindowRule,
    window_of_law,
)
from dialer.compliance.rules import AbandonLimit
from tests.dialer.compliance.law_fixtures import DAY_MS, supplied_book

LEGAL = WindowRule("legal", WindowKind.SUCCESSIVE, 30_000, 30_000)
ROLLING = WindowRule(
    "day", WindowKind.ROLLING, 10_000, 30_000, clock="answer", counts_detection_errors=True
)
SHIFT = WindowRule("shift", WindowKind.SHIFT, 0, 50_000, counts_early_hang_ups=False)
RULES = (LEGAL, ROLLING, SHIFT)


def answer(known_at_ms, connected_after_ms=None, greeting_ms=0, hung_up_after_ms=None):
    answered_at_ms = known_at_ms - 3000
    return LiveAnswer(
        known_at_ms=known_at_ms,
        answered_at_ms=answered_at_ms,
        greeting_end_at_ms=answered_at_ms + greeting_ms,
        connected_at_ms=None if connected_after_ms is None else answered_at_ms + connected_after_ms,
        hung_up_at_ms=None if hung_up_after_ms is None else answered_at_ms + hung_up_after_ms,
    )


def test_the_wait_counts_from_the_end_of_the_greeting_where_the_law_says_so():
    late = answer(10_000, connected_after_ms=2900, greeting_ms=1000)
    assert not late.is_abandoned(LEGAL)
    assert late.is_abandoned(ROLLING)


def test_two_seconds_to_the_millisecond_are_in_time():
    assert not answer(10_000, connected_after_ms=2000).is_abandoned(ROLLING)
    assert answer(10_000, connected_after_ms=2001).is_abandoned(ROLLING)


def test_who_hangs_up_early_counts_as_the_window_says():
    gone = answer(10_000, hung_up_after_ms=1500)
    assert gone.is_abandoned(LEGAL)
    assert not gone.is_abandoned(SHIFT)


def test_without_a_greeting_end_the_answer_starts_the_clock():
    assert LiveAnswer(9000, answered_at_ms=5000, connected_at_ms=7500).is_abandoned(LEGAL)


def test_a_window_over_its_limit_says_so():
    meter = AbandonmentMeter([SHIFT], 0)
    for index in range(19):
        meter.on_answer(answer(5000 + index, connected_after_ms=100))
    meter.on_answer(answer(6000))
    assert not meter.standings(6000)[0].is_over
    meter.on_answer(answer(6001))
    assert meter.standings(6001)[0].is_over


def test_detection_errors_are_added_where_they_count():
    meter = AbandonmentMeter(RULES, 0, errors_ppm=30_000)
    for _ in range(100):
        meter.on_machine(5000)
    counted = {standing.name: standing.abandons for standing in meter.standings(5000)}
    assert counted == {"legal": 0, "day": 3, "shift": 0}


def test_the_laws_window_is_taken_over():
    (us,) = supplied_book().applicable(["us-tx"]).of(AbandonLimit, Purpose.MARKETING)
    rule = window_of_law(us)
    assert (rule.kind, rule.length_ms) == (WindowKind.SUCCESSIVE, 30 * DAY_MS)
    assert rule.rate_ppm_max == 30_000


def test_a_window_added_later_starts_empty():
    meter = AbandonmentMeter([LEGAL], 0)
    meter.on_answer(answer(5000))
    wider = AbandonmentMeter([LEGAL, SHIFT], 0)
    wider.restore(meter.snapshot())
    assert [standing.answers for standing in wider.standings(5000)] == [1, 0]


@pytest.mark.parametrize(
    "wrong", [{"length_ms": 0}, {"rate_ppm_max": 2_000_000}, {"clock": "ring"}]
)
def test_a_window_that_is_none_is_refused(wrong):
    told = {"name": "w", "kind": WindowKind.ROLLING, "length_ms": 1, "rate_ppm_max": 1}
    with pytest.raises(ValueError, match="w:"):
        WindowRule(**{**told, **wrong})


happenings = st.lists(
    st.tuples(
        st.integers(0, 9000),
        st.sampled_from(["answer", "machine", "shift", "restart"]),
        st.none() | st.integers(0, 3000),
        st.integers(0, 2000),
        st.none() | st.integers(0, 3000),
    ),
    max_size=60,
)


def recount(rule, history, now_ms, errors_ppm):
    """Count one window from the raw history, with no memory of earlier counts."""
    after_ms = -1
    if rule.kind is WindowKind.ROLLING:
        after_ms = now_ms - rule.length_ms
    elif rule.kind is WindowKind.SUCCESSIVE:
        after_ms = (now_ms // rule.length_ms) * rule.length_ms - 1
    else:
        shifts = [index for index, (_, what) in enumerate(history) if what == "shift"]
        history = history[shifts[-1] :] if shifts else history
    inside = [what for at_ms, what in history if after_ms < at_ms <= now_ms]
    answers = [what for what in inside if isinstance(what, LiveAnswer)]
    errors = 0
    if rule.counts_detection_errors:
        errors = inside.count("machine") * errors_ppm // 1_000_000
    abandons = sum(what.is_abandoned(rule) for what in answers)
    return len(answers) + errors, abandons + errors


@settings(max_examples=200)
@given(happenings)
def test_the_meter_equals_a_recount_and_survives_a_restart(happening):
    meter = AbandonmentMeter(RULES, 0, errors_ppm=200_000)
    history, now_ms = [], 0
    for step_ms, what, connected_after_ms, greeting_ms, hung_up_after_ms in happening:
        now_ms += step_ms
        if what == "answer":
            live = answer(now_ms, connected_after_ms, greeting_ms, hung_up_after_ms)
            meter.on_answer(live)
            history.append((now_ms, live))
        elif what == "machine":
            meter.on_machine(now_ms)
            history.append((now_ms, "machine"))
        elif what == "shift":
            meter.on_shift_started(now_ms)
            history.append((now_ms, "shift"))
        else:
            taken_over = AbandonmentMeter(RULES, 0, errors_ppm=200_000)
            taken_over.restore(meter.snapshot())
            meter = taken_over
        for rule, standing in zip(RULES, meter.standings(now_ms), strict=True):
            expected = recount(rule, history, now_ms, 200_000)
            assert (standing.answers, standing.abandons) == expected
