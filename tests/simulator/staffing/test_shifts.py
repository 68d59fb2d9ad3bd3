"""Shifts: every rule kept, every agent's breaks real, the requirement covered at least cost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.staffing.shifts import Break, ShiftError, ShiftRule, cover, possible_shifts

HOUR_S = 3600.0
LUNCH = Break(length_s=1800, earliest_s=3 * HOUR_S, latest_s=5 * HOUR_S, is_paid=False)
COFFEE = Break(length_s=900, earliest_s=1.5 * HOUR_S, latest_s=2.5 * HOUR_S)
FULL = ShiftRule(name="full", length_s=8 * HOUR_S, breaks=(COFFEE, LUNCH))
SHORT = ShiftRule(name="short", length_s=4 * HOUR_S)
DAY = {"interval_s": 900.0, "opens_s": 8 * HOUR_S, "intervals": 40}


@given(st.lists(st.integers(0, 9), min_size=40, max_size=40))
@settings(max_examples=15, deadline=None)
def test_schedule_covers_the_requirement_and_breaks_lie_in_their_windows(required):
    required = np.array(required)
    required[-1] = 0
    shifts = possible_shifts((FULL, SHORT), **DAY)
    schedule = cover("team", required, shifts, interval_s=900)
    assert not schedule.short.any()
    on_duty = np.zeros(40, dtype=int)
    paid_s = 0.0
    for assignment in schedule.assignments:
        shift = assignment.shift
        assert len(assignment.breaks) == assignment.agents
        paid_s += assignment.agents * (7.5 if shift.rule is FULL else 4) * HOUR_S
        for breaks in assignment.breaks:
            on_duty[shift.start : shift.end] += 1
            for rest, start in zip(shift.rule.breaks, breaks, strict=True):
                since_s = (start - shift.start) * 900
                assert rest.earliest_s <= since_s <= rest.latest_s
                on_duty[start : start + round(rest.length_s / 900)] -= 1
    assert on_duty.tolist() == schedule.on_duty.tolist()
    assert paid_s == pytest.approx(schedule.paid_s)


def test_a_known_day_costs_what_it_must():
    """Two agents all day, in a day of exactly two short shifts: four of them, nothing over."""
    shifts = possible_shifts((SHORT,), interval_s=900, opens_s=0, intervals=32)
    schedule = cover("team", np.full(32, 2), shifts, interval_s=900)
    assert schedule.paid_s == 4 * 4 * HOUR_S
    assert schedule.on_duty.tolist() == [2] * 32


def test_what_no_shift_can_cover_is_reported_as_short():
    late = ShiftRule(name="late", length_s=4 * HOUR_S, earliest_s=12 * HOUR_S)
    schedule = cover("team", np.full(40, 1), possible_shifts((late,), **DAY), interval_s=900)
    assert schedule.short[:16].tolist() == [1] * 16
    assert not schedule.short[16:32].any()


def test_starts_keep_to_their_window_and_step():
    rule = ShiftRule(
        name="x", length_s=HOUR_S, earliest_s=9 * HOUR_S, latest_s=10 * HOUR_S, every_s=1800
    )
    assert [shift.start for shift in possible_shifts((rule,), **DAY)] == [4, 6, 8]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"length_s": 1000.0}, "a length of 1000 s is no multiple of the interval's 900 s"),
        ({"length_s": 20 * HOUR_S}, "no shift of these rules fits"),
        ({"length_s": HOUR_S, "every_s": 600.0}, "a step of 600 s is no multiple"),
    ],
)
def test_rules_that_do_not_fit_the_day_are_refused(rule, message):
    with pytest.raises(ShiftError, match=message):
        possible_shifts((ShiftRule(name="odd", **rule),), **DAY)


@pytest.mark.parametrize(
    ("breaks", "message"),
    [
        ((LUNCH, COFFEE), "windows of breaks must follow one another"),
        ((Break(length_s=900, earliest_s=HOUR_S, latest_s=5 * HOUR_S),), "do not fit"),
    ],
)
def test_breaks_that_contradict_each_other_are_refused(breaks, message):
    with pytest.raises(ValueError, match=message):
        ShiftRule(name="odd", length_s=4 * HOUR_S, breaks=breaks)
