"""Self-service answers: what helps rises, what is stale sinks, what surges is seen."""

import datetime as dt

import pytest

from ivr.knowledge import (
    HALF_LIFE_MS,
    Hearing,
    Surge,
    entry_of,
    front_message,
    helpfulness,
    in_order,
    is_valid,
    label_of,
    poisson_tail,
    related,
    surges,
    unanswered,
)


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "valid"),
    [
        (None, None, True),
        ("2026-11-23", "2026-11-23", True),
        ("2026-11-24", None, False),
        (None, "2026-11-22", False),
    ],
)
def test_entry_is_valid_on_its_days(valid_from, valid_until, valid):
    assert is_valid(valid_from, valid_until, dt.date(2026, 11, 23)) is valid


def test_label_of_an_answer_is_not_that_of_an_intent():
    assert entry_of(label_of("fees")) == "fees"
    assert entry_of("fees") is None


def test_answer_that_stopped_helping_sinks():
    now = 10 * HALF_LIFE_MS
    long_ago = [Hearing("old", 0, helped=True)] * 20
    lately = [Hearing("old", now, helped=False)] * 2 + [Hearing("new", now, helped=True)] * 2
    scores = helpfulness(long_ago + lately, now)
    assert scores["new"] > 0.5 > scores["old"]
    assert in_order(["old", "unheard", "new"], scores) == ["new", "unheard", "old"]


def test_related_entries_share_most_tags_then_help_most():
    tags = {"a": ["x", "y"], "b": ["x"], "c": ["x", "y"], "d": ["x"], "e": ["z"]}
    assert related("a", tags, {"d": 0.9}) == ["c", "d", "b"]
    assert related("unknown", tags, {}) == []


def test_what_nobody_could_answer_is_listed_by_frequency():
    found = unanswered(["mortgage", "crypto", "mortgage"], limit=1)
    assert [(one.text, one.count) for one in found] == [("mortgage", 2)]


def test_surge_is_more_than_chance():
    found = surges({"outage": 40, "cards": 12, "new": 9}, {"outage": 8.0, "cards": 10.0})
    assert [surge.intent for surge in found] == ["outage", "new"]
    assert found[0].probability < 1e-10
    assert poisson_tail(0, 3.0) == 1.0
    assert poisson_tail(2000, 700.0) == pytest.approx(0.0, abs=1e-9)


def test_surge_proposes_a_message_for_the_front():
    surge = Surge("app_down", 40, 2.0, 0.0)
    texts = {"en-GB": "We know about {value}.", "zh-CN": "我们已经知道{value}。"}
    assert front_message(surge, {"zh-CN": "手机银行故障"}, texts) == {
        "en-GB": "We know about app down.",
        "zh-CN": "我们已经知道手机银行故障。",
    }
