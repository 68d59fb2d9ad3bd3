"""What callers want lately, and when it is suddenly more than usual."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, insert

from cordboard.history.schema import flow_calls, metadata
from cordboard.history.topics import (
    DAY_MS,
    HOUR_MS,
    hot_topics,
    surging,
    unanswered_questions,
    usual_counts,
)

LONDON = ZoneInfo("Europe/London")
WEDNESDAY_MS = 1_795_600_800_000  # 2026-11-25 10:00 UTC


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def calls(connection, count, *, intent="lost_card", ago_ms=HOUR_MS // 2, **changes):
    for index in range(count):
        row = {
            "call_id": f"CA{ago_ms}-{intent}-{index}",
            "customer_id": "cu-1",
            "flow": "bank",
            "version": 1,
            "at_ms": WEDNESDAY_MS - ago_ms,
            "language": "en",
            "intent": intent,
            "outcome": "queued",
            "turns": 1,
            "unanswered": 0,
            "sealed": "",
        }
        connection.execute(insert(flow_calls).values(row | changes))


def a_week(connection, per_hour, intent="lost_card", days=range(1, 8)):
    for day in days:
        calls(connection, per_hour, intent=intent, ago_ms=day * DAY_MS + HOUR_MS // 2)


def topics(connection):
    return hot_topics(connection, "bank", WEDNESDAY_MS, LONDON)


def test_usual_is_the_same_hour_of_days_of_the_same_kind(connection):
    a_week(connection, 4)
    a_week(connection, 9, intent="fees", days=(3, 4))  # Sunday and Saturday
    assert usual_counts(connection, "bank", WEDNESDAY_MS, LONDON) == {"lost_card": 4.0}


def test_later_days_count_more(connection):
    calls(connection, 10, ago_ms=DAY_MS + HOUR_MS // 2)
    calls(connection, 2, ago_ms=2 * DAY_MS + HOUR_MS // 2)
    calls(connection, 2, ago_ms=14 * DAY_MS + HOUR_MS // 2)
    usual = usual_counts(connection, "bank", WEDNESDAY_MS, LONDON)
    assert usual is not None
    assert 14 / 3 < usual["lost_card"] < 6


def test_day_on_which_nobody_called_is_no_quiet_day(connection):
    a_week(connection, 4, days=(1, 2, 7))
    usual = usual_counts(connection, "bank", WEDNESDAY_MS, LONDON)
    assert usual == {"lost_card": pytest.approx(4.0)}


def test_nothing_is_usual_before_three_days_are_known(connection):
    a_week(connection, 4, days=(1, 2))
    calls(connection, 50)
    (topic,) = topics(connection)
    assert (topic.callers, topic.usual) == (50, None)
    assert surging([topic]) == []


@pytest.mark.parametrize(("callers", "is_surge"), [(4, False), (10, False), (14, True), (40, True)])
def test_surge_is_what_chance_does_not_explain(connection, callers, is_surge):
    """Four are usual: 13 or more come by chance once in 4 000 hours, 14 once in 13 000."""
    a_week(connection, 4)
    calls(connection, callers)
    assert bool(surging(topics(connection))) is is_surge


def test_few_callers_are_no_surge_however_rare_their_intent(connection):
    a_week(connection, 4)
    calls(connection, 4, intent="fees")
    assert surging(topics(connection)) == []
    calls(connection, 3, intent="fees", ago_ms=HOUR_MS // 3)
    assert [one.intent for one in surging(topics(connection))] == ["fees"]


def test_topics_are_listed_by_how_many_want_them(connection):
    calls(connection, 2, intent="fees")
    calls(connection, 5)
    calls(connection, 1, intent="")
    calls(connection, 9, intent="old", ago_ms=2 * HOUR_MS)
    assert [(one.intent, one.callers) for one in topics(connection)] == [
        ("lost_card", 5),
        ("fees", 2),
    ]


def test_calls_with_open_questions_are_listed_latest_first(connection):
    calls(connection, 1, intent="a", ago_ms=2_000, sealed="x")
    calls(connection, 1, intent="b", ago_ms=1_000, sealed="y")
    calls(connection, 1, intent="c", ago_ms=500)
    found = unanswered_questions(connection, "bank", 0, WEDNESDAY_MS)
    assert [one.sealed for one in found] == ["y", "x"]
