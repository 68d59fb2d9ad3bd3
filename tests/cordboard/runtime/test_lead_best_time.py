"""When somebody is likely to answer: shrinkage, a number's own history, the choice of an hour."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordboard.runtime.leads.best_time import (
    ANSWERS_BEFORE,
    HOUR_MS,
    AnswerTimes,
    OwnDial,
    Trials,
    chance_of_number,
    local_hour,
    pick,
)
from dialer.compliance import Window
from tests.cordboard.runtime.lead_lists import at

LONDON = ZoneInfo("Europe/London")
WORKDAY = (Window(at(2, 8), at(2, 21)), Window(at(3, 8), at(3, 21)), Window(at(4, 8), at(4, 21)))


def times(**by_hour):
    """Trials of Mondays: `h18=(100, 60)` are 60 answers of 100 dials between six and seven."""
    return AnswerTimes({(0, int(h[1:])): Trials(*told) for h, told in by_hour.items()})


class TestChances:
    def test_without_any_dial_all_hours_are_alike(self):
        chance = AnswerTimes().chances()
        assert {round(chance((day, hour)), 9) for day in range(7) for hour in range(24)} == {
            ANSWERS_BEFORE
        }

    def test_few_dials_say_little_and_many_say_nearly_all(self):
        few, many = times(h18=(2, 2)), times(h18=(5_000, 3_000))
        assert few.chances()((0, 18)) < 0.4
        assert many.chances()((0, 18)) == pytest.approx(0.6, abs=0.01)

    def test_good_hour_of_one_day_speaks_for_the_same_hour_of_another(self):
        chance = times(h10=(400, 40), h18=(400, 200)).chances()
        assert chance((3, 18)) > 2 * chance((3, 10))

    @given(
        st.lists(st.tuples(st.integers(0, 6), st.integers(0, 23), st.integers(0, 99)), max_size=9)
    )
    def test_chance_is_a_share_whatever_is_known(self, told):
        cells = {(day, hour): Trials(100, answers) for day, hour, answers in told}
        chance = AnswerTimes(cells).chances()
        assert all(0 <= chance((day, hour)) <= 1 for day in range(7) for hour in range(24))


class TestOfANumber:
    def test_hours_near_the_number_s_own_failures_are_worth_less(self):
        own = [OwnDial((0, 10), was_answered=False)] * 2
        assert chance_of_number(0.3, 11, own) < chance_of_number(0.3, 15, own) == 0.3

    def test_midnight_is_near_to_one_o_clock(self):
        own = [OwnDial((0, 23), was_answered=False)]
        assert chance_of_number(0.3, 0, own) < 0.3

    def test_number_that_answered_then_is_worth_more_then(self):
        own = [OwnDial((0, 18), was_answered=True)]
        assert chance_of_number(0.3, 18, own) > 0.4


class TestPick:
    def test_nothing_known_means_as_soon_as_allowed(self):
        assert pick(at(2, 10, 20), WORKDAY, LONDON, AnswerTimes(), []) == at(2, 10, 20)
        assert pick(at(2, 22), WORKDAY, LONDON, AnswerTimes(), []) == at(3, 8)

    def test_much_better_hour_is_waited_for(self):
        known = times(h10=(400, 40), h14=(400, 40), h18=(400, 240))
        assert pick(at(2, 10), WORKDAY, LONDON, known, []) == at(2, 18)

    def test_slightly_better_hour_is_not(self):
        known = times(h10=(400, 103), h18=(400, 104))
        assert pick(at(2, 10), WORKDAY, LONDON, known, []) == at(2, 10)

    def test_number_that_did_not_answer_in_the_morning_is_tried_later_in_the_day(self):
        own = [OwnDial((0, 10), was_answered=False)]
        assert local_hour(pick(at(3, 10), WORKDAY, LONDON, AnswerTimes(), own), LONDON)[1] == 12

    def test_without_a_window_the_earliest_instant_stands(self):
        assert pick(at(2, 10), (), LONDON, AnswerTimes(), []) == at(2, 10)

    @given(st.integers(0, 40), st.integers(0, 59))
    def test_choice_lies_in_a_window_and_not_before_the_pause(self, hours, minutes):
        earliest_ms = at(2, 0, minutes) + hours * HOUR_MS
        chosen_ms = pick(earliest_ms, WORKDAY, LONDON, times(h18=(400, 200)), [])
        assert chosen_ms >= earliest_ms
        assert any(chosen_ms in window for window in WORKDAY)
