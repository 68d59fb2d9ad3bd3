"""Calls we place."""

import pytest

from acd.events import CallEnded, LegCause
from dialer.events import (
    AnswerClassified,
    AnsweredBy,
    DialAnswered,
    DialBound,
    MessagePlayed,
    OptedOut,
)
from tests.webhooks.carrier import CALL
from webhooks.addresses import Addresses

ADDRESSES = Addresses("https://cc.example.com")
DIAL, CAMPAIGN = "7.12", "survey"


def test_answered_dial_hears_the_opening_and_never_silence_for_long(world):
    document = world.document(ADDRESSES.dial_answered(DIAL, CAMPAIGN))
    assert document.verbs == ["Say", "Pause", "Redirect"]
    assert world.journal.events == [DialAnswered(0, DIAL, CALL)]
    harbour = world.document(document.find("Redirect").text)
    assert "+1 212 555 0100" in harbour.spoken


def test_answer_told_by_document_and_by_status_is_one_fact(world):
    world.post(ADDRESSES.dial_answered(DIAL, CAMPAIGN))
    world.post(ADDRESSES.dial_status(DIAL), CallStatus="in-progress")
    assert len(world.journal.facts) == 2
    assert len(world.journal.distinct()) == 1


@pytest.mark.parametrize(
    ("params", "event"),
    [
        ({"CallStatus": "initiated"}, DialBound(0, DIAL, CALL)),
        ({"CallStatus": "ringing"}, DialBound(0, DIAL, CALL)),
        ({"CallStatus": "in-progress"}, DialAnswered(0, DIAL, CALL)),
        ({"CallStatus": "completed"}, CallEnded(0, DIAL, LegCause.COMPLETED, 0)),
        (
            {"CallStatus": "busy", "SipResponseCode": "486"},
            CallEnded(0, DIAL, LegCause.BUSY, 486),
        ),
        ({"CallStatus": "no-answer"}, CallEnded(0, DIAL, LegCause.NO_ANSWER, 0)),
        (
            {"CallStatus": "failed", "SipResponseCode": "604"},
            CallEnded(0, DIAL, LegCause.INVALID, 604),
        ),
        ({"CallStatus": "canceled"}, CallEnded(0, DIAL, LegCause.CANCELED, 0)),
    ],
)
def test_status_of_a_dial_becomes_a_fact(world, params, event):
    assert world.post(ADDRESSES.dial_status(DIAL), **params).status_code == 204
    assert world.journal.events == [event]


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ("human", AnsweredBy.HUMAN),
        ("machine_start", AnsweredBy.MACHINE),
        ("machine_end_beep", AnsweredBy.MACHINE_BEEP),
        ("machine_end_silence", AnsweredBy.MACHINE_BEEP),
        ("machine_end_other", AnsweredBy.MACHINE),
        ("fax", AnsweredBy.FAX),
        ("unknown", AnsweredBy.UNKNOWN),
        ("something_new", AnsweredBy.UNKNOWN),
    ],
)
def test_verdict_of_detection_becomes_a_fact(world, told, verdict):
    url = ADDRESSES.dial_detected(DIAL)
    world.post(url, AnsweredBy=told, MachineDetectionDuration="3900", drop=("From", "To"))
    assert world.journal.events == [AnswerClassified(0, DIAL, verdict, 3900)]


def test_safe_harbour_heard_to_its_end_is_noted(world):
    document = world.document(ADDRESSES.safe_harbour(DIAL, CAMPAIGN))
    assert document.verbs == ["Gather", "Redirect"]
    assert world.document(document.find("Redirect").text).verbs == ["Hangup"]
    assert world.journal.events == [MessagePlayed(0, DIAL)]


def test_key_in_the_safe_harbour_opts_out_and_says_so(world):
    document = world.document(ADDRESSES.safe_harbour(DIAL, CAMPAIGN))
    said = world.document(document.action, Digits="9")
    assert said.verbs == ["Say", "Hangup"]
    assert world.journal.events == [OptedOut(0, DIAL), MessagePlayed(0, DIAL)]


def test_another_key_is_no_opting_out(world):
    document = world.document(ADDRESSES.safe_harbour(DIAL, CAMPAIGN))
    world.document(document.action, Digits="1")
    assert world.journal.events == [MessagePlayed(0, DIAL)]


def test_message_left_on_a_machine_is_noted(world):
    document = world.document(ADDRESSES.leave_message(DIAL, CAMPAIGN))
    assert document.spoken == "Please call Example Bank."
    world.document(document.find("Redirect").text)
    assert world.journal.events == [MessagePlayed(0, DIAL)]


def test_fault_of_the_carriers_on_a_dial_leads_to_the_safe_harbour(world):
    document = world.document(ADDRESSES.fallback(DIAL, CAMPAIGN), ErrorCode="11200")
    assert "+1 212 555 0100" in document.spoken


def test_unknown_campaign_is_apologised_for_not_left_in_silence(world):
    document = world.document(ADDRESSES.dial_answered(DIAL, "nonesuch"))
    assert document.verbs == ["Say", "Pause", "Redirect"]
    assert world.document(ADDRESSES.dial_answered(DIAL, "nonesuch"), drop=()).verbs[0] == "Say"


@pytest.mark.parametrize(("status", "count"), [("ringing", 0), ("in-progress", 0), ("busy", 1)])
def test_customer_called_back_is_told_of_only_when_off_the_line(world, status, count):
    world.post(ADDRESSES.callback_status("7.20"), CallStatus=status)
    assert world.journal.events == [CallEnded(0, "7.20", LegCause.BUSY, 0)] * count


def test_fault_of_the_carriers_on_a_callback_is_apologised_for(world):
    document = world.document(
        ADDRESSES.fallback("7.20"), ErrorCode="11200", Direction="outbound-api"
    )
    assert document.verbs == ["Say", "Hangup"]
