"""Closed grammars: what is understood without any model, and what must not be."""

import pytest

from ivr import speech


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("I'd like an AGENT, please!", "i'd like an agent please"),
        ("I\u2019d", "i'd"),
        ("转 人工。", "转人工"),
        ("我的 credit card 丢了", "我的 credit card 丢了"),
        ("ＡＢＣ１２", "abc12"),
        ("…", ""),
    ],
)
def test_texts_are_compared_in_their_normal_form(text, normal):
    assert speech.normal(text) == normal


@pytest.mark.parametrize(
    ("said", "is_wish"),
    [
        ("agent", True),
        ("a human please", True),
        ("can I please speak to a person about my bill today", True),
        ("转人工", True),
        ("我要找人工服务谢谢", True),
        ("my travel agent charged me twice for the same booking", False),
        ("I want to add a person to my account next week", False),
        ("reagents", False),
        ("", False),
    ],
)
def test_wish_for_a_person(said, is_wish):
    assert speech.means(speech.normal(said), speech.PERSON) is is_wish


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("yes", "yes"),
        ("Yeah, that's right.", "yes"),
        ("是的", "yes"),
        ("没错", "yes"),
        ("no", "no"),
        ("No, that's not right.", "no"),
        ("it isn't", "no"),
        ("不是", "no"),
        ("不对不对", "no"),
        ("the other one", None),
        ("", None),
    ],
)
def test_yes_and_no(said, meaning):
    assert speech.yes_or_no(speech.normal(said)) == meaning


@pytest.mark.parametrize(
    ("said", "digit"),
    [
        ("two", "2"),
        ("press two", "2"),
        ("按二", "2"),
        ("二", "2"),
        ("option 3", "3"),
        ("两", "2"),
        ("twenty two", None),
        ("12", None),
        ("", None),
    ],
)
def test_one_digit_said(said, digit):
    assert speech.digit_said(speech.normal(said)) == digit


def test_language_is_known_by_its_name_in_any_language():
    languages = ["en-GB", "zh-CN"]
    assert speech.language_named("mandarin", languages) == "zh-CN"
    assert speech.language_named("英文", languages) == "en-GB"
    assert speech.language_named("i speak english at home", languages) is None


def test_single_character_counts_only_alone():
    assert speech.matches("卡", ["卡"])
    assert not speech.matches("我没带卡片来", ["卡"])
    assert not speech.matches("anything", [""])
