"""The witness can fail: each kind of breach is seen, and what is right is left alone."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.response import Response
from twilio.rest import Client

from simulator.carrier.account import PhoneNumber
from simulator.carrier.clock import StepClock
from simulator.carrier.ledger import Exchanged
from simulator.carrier.options import CarrierOptions
from simulator.carrier.people.manners import Caller
from simulator.carrier.people.population import Directory
from simulator.carrier.sdk import client_of
from simulator.carrier.server import CarrierStandIn
from simulator.carrier.wsgi import WsgiTransport
from tests.contract import rest, webhooks
from tests.contract.witness import document_held, problems_of, seen

OURS, CUSTOMER = "+15550100100", "+15550100123"
CALLS = "/2010-04-01/Accounts/AC" + "a" * 32 + "/Calls.json"


@pytest.fixture
def carrier():
    def application(environ, start_response):
        del environ
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [answers[0]]

    answers = [b"<Response><Say>Hello.</Say></Response>"]
    options = CarrierOptions(numbers=(PhoneNumber(OURS, voice_url="http://app.example/voice"),))
    people = Directory(callers=[Caller(from_number=CUSTOMER, to_number=OURS, at_s=5.0)])
    transport = WsgiTransport(application)
    with CarrierStandIn(options, people, clock=StepClock(), transport=transport) as stand_in:
        stand_in.answers = answers
        yield stand_in
    seen()


def test_what_is_right_is_left_alone(carrier):
    client_of(carrier).calls.create(to=CUSTOMER, from_=OURS, url="http://app.example/voice")
    carrier.timeline.advance(60)
    assert carrier.ledger.webhooks
    assert carrier.ledger.requests
    assert problems_of(carrier) == []


def test_document_off_the_grammar_is_seen(carrier):
    carrier.answers[0] = b'<Response><Say loud="yes">Hello.</Say></Response>'
    carrier.timeline.advance(60)
    assert any("loud" in problem for problem in problems_of(carrier))


def test_request_the_carrier_refuses_is_seen(carrier):
    with pytest.raises(TwilioRestException):
        client_of(carrier).calls.create(to=CUSTOMER, from_=OURS, url="nowhere")
    assert any("21205" in problem for problem in problems_of(carrier))


def test_webhook_with_another_parameter_is_seen(carrier):
    carrier.timeline.advance(60)
    right = carrier.ledger.webhooks[0]
    params = (*right.params, ("Mood", "good"))
    fields = {name: getattr(right, name) for name in Exchanged.__slots__} | {"params": params}
    carrier.ledger.webhooks.append(Exchanged(**fields))
    assert problems_of(carrier) == ["voice has Mood"]


@pytest.mark.parametrize(
    ("method", "path", "params", "words"),
    [
        ("POST", CALLS, [("From", OURS)], "needs To"),
        ("POST", CALLS, [("To", "a"), ("From", "b"), ("Timeout", "long")], "Timeout is 'long'"),
        ("POST", CALLS, [("To", "a"), ("From", "b"), ("Method", "PUT")], "Method is 'PUT'"),
        ("POST", CALLS, [("To", "a"), ("To", "b"), ("From", "c")], "2 times"),
        ("POST", CALLS, [("To", "a"), ("From", "b"), ("Tone", "c")], "knows no Tone"),
        ("PUT", CALLS, [], "not described"),
        ("GET", CALLS.replace("/AC", "/XX"), [], "AccountSid is"),
    ],
)
def test_request_off_the_description_is_told(method, path, params, words):
    (problem,) = rest.problems(method, path, params)
    assert words in problem


def test_status_without_its_ending_is_told():
    told = dict.fromkeys(webhooks.BASES["status"], "x") | {"CallStatus": "completed"}
    assert "CallDuration" in webhooks.problems("status", tuple(told.items()))[0]


def test_request_answered_by_a_script_is_seen():
    class Script:
        def request(self, *_, **__):
            return Response(201, "{}")

    client = Client("AC" + "a" * 32, "token", http_client=Script())
    client.calls.create(to=CUSTOMER, from_=OURS, url="http://app.example/voice")
    assert seen() == []
    client.calls.create(to=CUSTOMER, from_=OURS, url="http://app.example/voice", method="PUT")
    (problem,) = seen()
    assert "Method is 'PUT'" in problem


def test_document_of_a_test_that_plays_the_carrier_is_seen():
    assert document_held("<Response><Say>Hello.</Say></Response>") == []
    (problem,) = document_held("<Response><Speak>Hello.</Speak></Response>")
    assert "Speak" in problem
