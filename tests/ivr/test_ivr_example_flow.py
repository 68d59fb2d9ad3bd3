"""The example centre's flow, walked by callers of several kinds."""

import msgspec
import pytest

from ivr.flow import Flow, read_flow
from ivr.inputs import Digits, HungUp, NoInput, QueueLeft, RecordingDone, Speech
from ivr.intents import understanding_of
from ivr.session import Session
from ivr.steps import Ask, Enqueue, HangUp, SendMessage, Voicemail
from tests.ivr.flow_texts import EXAMPLE, SUNDAY_NOON_MS, Caller


@pytest.fixture(scope="module")
def flow() -> Flow:
    return understanding_of(read_flow(EXAMPLE.read_bytes(), file=EXAMPLE.name))


def test_opening_is_said_in_both_languages(flow):
    caller = Caller(flow)
    assert "Welcome" in caller.hears
    assert "欢迎" in caller.hears


def test_mandarin_caller_reaches_the_card_team_by_speech_alone(flow):
    caller = Caller(flow)
    caller.does(Speech, text="中文")
    assert caller.session.language == "zh-CN"
    caller.does(Speech, text="我要挂失。")
    assert isinstance(caller.steps[-1], Enqueue)
    assert caller.steps[-1].queue == "cards"
    assert caller.steps[-1].language == "zh-CN"


def test_caller_of_a_known_language_skips_the_choice(flow):
    caller = Caller(flow, language="zh-CN")
    assert caller.session.node == "menu"
    assert caller.session.language == "zh-CN"


def test_account_number_with_a_wrong_check_digit_is_asked_again(flow):
    caller = Caller(flow, language="en-GB")
    caller.does(Digits, digits="2")
    caller.does(Digits, digits="12345678")
    assert "not one of our account numbers" in caller.hears
    caller.does(Digits, digits="12345674")
    assert caller.steps[-1] == Enqueue(
        queue="cards",
        language="en-GB",
        data={"caller.language": "en-GB", "account": "12345674"},
    )


def test_own_words_lead_to_payments(flow):
    caller = Caller(flow, language="en-GB")
    caller.does(Digits, digits="5")
    caller.does(Speech, text="The transfer I sent on Monday has not arrived.", confidence=0.9)
    if caller.session.stage:
        caller.does(Digits, digits="1")
    assert caller.session.data["intent"] == "payment_missing"
    assert caller.steps[-1].queue == "payments"
    assert "reason" in caller.steps[-1].data


def test_question_in_own_words_is_answered_before_anybody_is_asked(flow):
    caller = Caller(flow, language="zh-CN")
    caller.does(Digits, digits="5")
    caller.does(Speech, text="转账需要多久啊？")
    assert "两个小时" in caller.hears
    caller.does(Digits, digits="4")
    assert "对付款提出异议请按1" in caller.hears
    caller.does(Digits, digits="2")
    assert caller.steps[-1].queue == "general"
    assert caller.session.data["answer.transfer_times"] == "not helped"


def test_branch_hours_are_self_served(flow):
    caller = Caller(flow, language="en-GB")
    caller.does(Digits, digits="4")
    assert "nine to five" in caller.hears
    caller.does(Digits, digits="1")
    assert caller.steps[-1] == HangUp("self_served")
    assert caller.session.outcome == "self_served"


@pytest.mark.parametrize(
    "given", [(Digits, {"digits": "0"}), (Speech, {"text": "Agent!"}), (Speech, {"text": "转人工"})]
)
def test_a_person_can_be_asked_for_in_any_way(flow, given):
    caller = Caller(flow, language="en-GB")
    kind, fields = given
    caller.does(kind, **fields)
    assert isinstance(caller.steps[-1], Enqueue)
    assert caller.steps[-1].queue == "general"


def test_two_misses_lead_to_a_person(flow):
    caller = Caller(flow, language="en-GB")
    caller.does(NoInput)
    assert isinstance(caller.steps[-1], Ask)
    caller.does(Speech, text="blah blah")
    assert isinstance(caller.steps[-1], Enqueue)


def test_out_of_hours_a_person_is_a_voicemail(flow):
    caller = Caller(flow, at_ms=SUNDAY_NOON_MS, language="en-GB")
    caller.does(Digits, digits="0")
    assert caller.steps[-1] == Voicemail(mailbox="general")
    caller.does(RecordingDone, duration_ms=9000, url="https://recordings.example/1")
    assert caller.steps[-1] == HangUp("voicemail")


def test_lost_card_is_served_out_of_hours(flow):
    caller = Caller(flow, at_ms=SUNDAY_NOON_MS, language="en-GB")
    caller.does(Digits, digits="1")
    assert isinstance(caller.steps[-1], Enqueue)


def test_full_queue_leads_to_a_voicemail(flow):
    caller = Caller(flow, language="en-GB")
    caller.does(Digits, digits="0")
    caller.does(QueueLeft, reason="full")
    assert isinstance(caller.steps[-1], Voicemail)


def test_hanging_up_in_the_flow_is_an_abandonment_and_in_the_queue_is_not_ours_to_count(flow):
    caller = Caller(flow)
    caller.does(HungUp)
    assert caller.session.outcome == "abandoned"
    waiting = Caller(flow, language="en-GB")
    waiting.does(Digits, digits="0")
    waiting.does(HungUp)
    assert waiting.session.outcome == "queued"


def test_session_survives_its_storage(flow):
    caller = Caller(flow)
    caller.does(Speech, text="Something I did not expect, 谢谢")
    stored = msgspec.json.encode(caller.session)
    assert msgspec.json.decode(stored, type=Session) == caller.session


def at_the_dispute_answer(flow, texts):
    caller = Caller(flow, language="en-GB", number="+12025550101", texts=texts)
    caller.does(Digits, digits="3")
    caller.does(Digits, digits="1")
    caller.does(Digits, digits="1")
    return caller


def test_caller_with_a_mobile_gets_the_link_by_text(flow):
    caller = at_the_dispute_answer(flow, "true")
    caller.does(Digits, digits="1")
    (message,) = [step for step in caller.steps if isinstance(step, SendMessage)]
    assert "https://bank.example/dispute" in message.text
    assert caller.steps[-1] == HangUp("self_served")


def test_caller_at_a_landline_is_not_offered_a_text(flow):
    caller = at_the_dispute_answer(flow, "false")
    assert caller.steps[-1] == HangUp("self_served")
    assert "text message" not in caller.hears
