"""Each legal window counted by both starts of the clock."""

from dialer.compliance import LiveAnswer, Purpose
from dialer.compliance.account import AnswerLog, account
from tests.dialer.compliance.law_fixtures import DAY_MS, NOON, supplied_book

US = supplied_book().applicable(["us"])


def answer(after_ms=0, greeting_ms=1_500, agent_ms=None):
    """A person who answers and speaks for some time before an agent comes."""
    begins = NOON + after_ms
    return LiveAnswer(
        known_at_ms=begins + 60_000,
        answered_at_ms=begins,
        greeting_end_at_ms=begins + greeting_ms,
        connected_at_ms=None if agent_ms is None else begins + agent_ms,
        hung_up_at_ms=None,
    )


def stand(log, at_ms=NOON + DAY_MS, errors_ppm=0):
    (found,) = account(US, Purpose.MARKETING, log, at_ms, errors_ppm)
    return found


def test_agent_after_three_seconds_is_late_by_the_answer_and_in_time_by_the_greeting():
    found = stand(AnswerLog(NOON, answers=[answer(agent_ms=3_000)]))
    assert (found.by_answer.abandons, found.by_greeting_end.abandons) == (1, 0)
    assert found.binding is found.by_greeting_end  # 16 CFR 310.4(b)(4)


def test_answer_s_clock_never_gives_the_lower_figure():
    log = AnswerLog(NOON, answers=[answer(n, agent_ms=n) for n in range(0, 6_000, 250)])
    found = stand(log)
    assert found.by_answer.abandons >= found.by_greeting_end.abandons


def test_what_was_known_later_is_left_out():
    log = AnswerLog(NOON, answers=[answer(), answer(after_ms=DAY_MS)])
    assert stand(log, NOON + DAY_MS).by_answer.answers == 1


def test_answers_may_come_in_any_order():
    several = [answer(n * 1_000, agent_ms=n * 300) for n in range(20)]
    assert stand(AnswerLog(NOON, answers=several)) == stand(AnswerLog(NOON, answers=several[::-1]))


def test_successive_window_begins_with_the_campaign():
    old = answer(-31 * DAY_MS)
    log = AnswerLog(NOON - 31 * DAY_MS, answers=[old, answer(agent_ms=0)])
    assert stand(log).binding.answers == 1


def test_purpose_that_no_limit_binds_has_no_window():
    assert account(US, Purpose.COLLECTION, AnswerLog(NOON), NOON) == []


def test_detection_errors_count_where_the_law_counts_them():
    gb = supplied_book().applicable(["gb"])
    log = AnswerLog(NOON, machines_at_ms=[NOON] * 100)
    (found,) = account(gb, Purpose.MARKETING, log, NOON + 1, errors_ppm=50_000)
    assert found.binding.abandons == (5 if found.limit.counts_detection_errors else 0)
