"""Inbound calls: what the application is asked, what the caller does, how it ends."""

import pytest
from werkzeug.wrappers import Response

from simulator.carrier.people.manners import Reaction
from simulator.carrier.rest.application import Gate
from simulator.carrier.rest.errors import RestError
from tests.simulator.carrier.harness import CUSTOMER, OUR_NUMBER

MENU = """<Gather action="/menu" numDigits="1" input="dtmf speech" speechTimeout="1">
<Say>For your balance, press 1.</Say></Gather><Say>Goodbye.</Say>"""


def test_first_request_has_the_documented_parameters(world, application):
    application.pages["/voice"] = "<Hangup/>"
    sid = world.call_in()
    world.pass_(1)
    (visit,) = application.at("/voice")
    assert visit["CallSid"] == sid
    assert visit["CallStatus"] == "ringing"
    assert visit["Direction"] == "inbound"
    assert (visit["From"], visit["To"]) == (CUSTOMER, OUR_NUMBER)
    assert {"AccountSid", "Caller", "Called", "ApiVersion", "CallToken", "StirVerstat"} <= set(
        visit.form
    )
    assert world.status(sid) == "completed"


def test_webhooks_carry_a_signature_the_sdk_accepts(world, application, validator):
    application.pages["/voice"] = "<Say>Hello</Say>"
    world.call_in()
    world.pass_(5)
    assert {visit.path for visit in application.visits} == {"/voice", "/number-status"}
    for visit in application.visits:
        signature = visit.headers["X-Twilio-Signature"]
        assert validator.validate(visit.url, visit.form, signature)
        assert visit.headers["I-Twilio-Idempotency-Token"]


def test_caller_keys_a_digit_after_the_prompt(world, application):
    application.pages["/voice"] = MENU
    application.pages["/menu"] = "<Say>Thank you.</Say>"
    sid = world.call_in(Reaction(when="balance", key="1", after_s=1.0))
    world.pass_(2)
    assert application.at("/menu") == []
    world.pass_(2)
    (visit,) = application.at("/menu")
    assert (visit["Digits"], visit["CallStatus"]) == ("1", "in-progress")
    world.pass_(5)
    assert world.status(sid) == "completed"


def test_caller_says_what_they_want(world, application):
    application.pages["/voice"] = MENU
    sid = world.call_in(Reaction(say="my balance please"))
    world.pass_(30)
    (visit,) = application.at("/menu")
    assert visit["SpeechResult"] == "my balance please"
    assert 0 <= float(visit["Confidence"]) <= 1
    assert world.status(sid) == "completed"


def test_silence_falls_through_to_the_next_verb_without_an_action_request(world, application):
    application.pages["/voice"] = MENU
    sid = world.call_in()
    world.pass_(30)
    assert application.at("/menu") == []
    assert world.status(sid) == "completed"


def test_inbound_number_gets_completed_only(world, application):
    application.pages["/voice"] = "<Say>Hello</Say>"
    world.call_in()
    world.pass_(10)
    (visit,) = application.at("/number-status")
    assert visit["CallStatus"] == "completed"
    assert visit["SequenceNumber"] == "0"
    assert visit["CallbackSource"] == "call-progress-events"
    assert {"CallDuration", "Duration", "Timestamp", "SipResponseCode"} <= set(visit.form)


def test_rejected_call_is_never_answered(world, application):
    application.pages["/voice"] = '<Reject reason="busy"/>'
    sid = world.call_in()
    world.pass_(5)
    assert world.status(sid) == "busy"
    assert world.carrier.ledger.legs[sid].answered_at_s is None


def test_redirect_replaces_the_document(world, application):
    application.pages["/voice"] = "<Redirect>/next</Redirect><Say>never</Say>"
    application.pages["/next"] = "<Hangup/>"
    sid = world.call_in()
    world.pass_(5)
    assert len(application.at("/next")) == 1
    assert world.status(sid) == "completed"


def test_broken_application_leads_to_an_alert_and_a_hang_up(world, application):
    application.pages["/voice"] = Response("oops", 500)
    sid = world.call_in()
    world.pass_(10)
    assert world.alerts() == [11200]
    assert world.status(sid) == "completed"


def test_caller_who_hangs_up_ends_the_call(world, application):
    application.pages["/voice"] = MENU
    sid = world.call_in(Reaction(hang_up=True, after_s=0.5, interrupts=True))
    world.pass_(1)
    assert world.status(sid) == "completed"
    assert world.carrier.ledger.live_legs() == []


def test_recording_a_message_tells_where_it_is(world, application):
    application.pages["/voice"] = '<Say>Speak</Say><Record action="/done" timeout="3"/>'
    application.pages["/done"] = "<Hangup/>"
    world.call_in(Reaction(say="Please call me back about my card."))
    world.pass_(30)
    (visit,) = application.at("/done")
    assert visit["RecordingUrl"].startswith("https://api.twilio.com/")
    assert int(visit["RecordingDuration"]) >= 2


def test_partial_speech_is_told_while_the_caller_speaks(world, application):
    application.pages["/voice"] = (
        '<Gather input="speech" action="/menu" partialResultCallback="/partial">'
        "<Say>How can we help?</Say></Gather>"
    )
    world.call_in(Reaction(say="I would like my balance"))
    world.pass_(3)
    (partial,) = application.at("/partial")
    assert partial["UnstableSpeechResult"] == "I would like"
    assert application.at("/menu") == []
    world.pass_(10)
    assert application.at("/menu")[0]["SpeechResult"] == "I would like my balance"


def test_documents_that_redirect_in_a_circle_do_not_stop_time(world, application):
    application.pages["/voice"] = "<Redirect>/voice</Redirect>"
    sid = world.call_in()
    world.pass_(2)
    assert 100 < len(application.at("/voice")) < 130
    assert world.status(sid) == "ringing"


def test_caller_who_is_not_answered_gives_up(world, application):
    application.pages["/voice"] = '<Pause length="600"/>'
    sid = world.call_in()
    world.pass_(100)
    leg = world.carrier.ledger.legs[sid]
    assert (leg.status, leg.ended_at_s) == ("no-answer", 90.0)


def test_finish_key_alone_counts_as_no_input(world, application):
    application.pages["/voice"] = '<Gather action="/menu"><Say>Your number?</Say></Gather>'
    world.call_in(Reaction(key="#"))
    world.pass_(20)
    assert application.at("/menu") == []


def test_keys_are_taken_until_the_finish_key(world, application):
    application.pages["/voice"] = (
        '<Gather action="/menu" finishOnKey="*"><Say>Your number?</Say></Gather>'
    )
    world.call_in(Reaction(key="12#3*"))
    world.pass_(5)
    assert application.at("/menu")[0]["Digits"] == "12#3"


def test_interrupting_caller_stops_the_prompt(world, application):
    long = "word " * 60
    application.pages["/voice"] = f'<Gather action="/menu" numDigits="1"><Say>{long}</Say></Gather>'
    world.call_in(Reaction(key="1", after_s=2.0, interrupts=True))
    world.pass_(3)
    assert len(application.at("/menu")) == 1


@pytest.mark.off_contract
def test_number_that_leads_nowhere_fails(world):
    world.carrier.exchange.numbers[OUR_NUMBER].voice_url = ""
    sid = world.call_in()
    world.pass_(2)
    assert world.status(sid) == "failed"
    assert world.alerts() == [11100]


@pytest.mark.off_contract
def test_reject_after_another_verb_is_only_a_warning(world, application):
    application.pages["/voice"] = "<Say>Hello</Say><Reject/>"
    sid = world.call_in()
    world.pass_(5)
    assert world.status(sid) == "completed"
    assert world.alerts() == [12200]


def test_failing_fallback_ends_the_call_with_an_apology(world, application):
    number = world.carrier.exchange.numbers[OUR_NUMBER]
    number.voice_fallback_url = application.url("/fallback")
    application.pages["/voice"] = Response("oops", 500)
    application.pages["/fallback"] = Response("oops", 503)
    sid = world.call_in()
    world.pass_(10)
    assert world.alerts() == [11200, 11200]
    assert world.status(sid) == "completed"


def test_silent_recording_falls_through(world, application):
    application.pages["/voice"] = '<Record action="/done" timeout="3"/><Redirect>/next</Redirect>'
    world.call_in()
    world.pass_(10)
    assert application.at("/done") == []
    assert len(application.at("/next")) == 1
    assert world.alerts() == [16102]


def test_recording_ends_when_the_caller_hangs_up(world, application):
    application.pages["/voice"] = '<Record action="/done"/>'
    world.call_in(Reaction(say="Please call me back"), stays_s=4.0)
    world.pass_(10)
    (visit,) = application.at("/done")
    assert (visit["Digits"], visit["CallStatus"]) == ("hangup", "completed")


def test_too_many_requests_at_once_are_refused(world):
    gate = Gate(1)
    with gate.entered() as inside:
        assert inside == 1
        with pytest.raises(RestError) as caught, gate.entered():
            pass
    assert (caught.value.status, caught.value.code) == (429, 20429)
    assert gate.inside == 0


@pytest.mark.off_contract
def test_unknown_path_is_answered_as_the_carrier_would(world):
    uri = f"https://api.twilio.com/2010-04-01/Accounts/{world.carrier.account.sid}/Faxes.json"
    answer = world.client.request("GET", uri)
    assert answer.status_code == 404
    assert '"code": 20404' in answer.text
