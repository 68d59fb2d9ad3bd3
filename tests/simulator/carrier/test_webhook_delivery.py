"""The carrier as an HTTP client: retries, redirects, cookies, time-outs, order."""

import threading

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from simulator.carrier.people.manners import Reaction
from simulator.carrier.signature import sign
from simulator.carrier.webhooks import Answer, Delivery, Overrides
from tests.simulator.carrier.harness import CUSTOMER, OUR_NUMBER, twiml


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("", Overrides()),
        ("#rc=2&rp=5xx", Overrides(retries=2, retried=frozenset({"5xx"}))),
        ("#rc=9&ct=5", Overrides(retries=5, connect_ms=100)),
        ("#rp=all", Overrides(retried=frozenset({"4xx", "5xx", "ct", "rt"}))),
        ("#rp=4xx,rt&tt=900000", Overrides(retried=frozenset({"4xx", "rt"}), total_ms=15_000)),
        ("#ct=nonsense", Overrides()),
    ],
)
def test_overrides_are_read_and_kept_in_range(fragment, expected):
    assert Overrides.of("https://app.example/x?y=1" + fragment) == expected


@pytest.mark.parametrize(
    ("answer", "retried"),
    [
        (Answer(0, error=11205, text="ct"), True),
        (Answer(0, error=11200, text="rt"), False),
        (Answer(500, error=11200), False),
        (Answer(404, error=11200), False),
    ],
)
def test_by_default_only_a_failed_connection_is_tried_again(answer, retried):
    assert Overrides().retries_after(answer) is retried


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("https://app.example:8443/x#rc=2", "https://app.example/x"),
        ("https://user:secret@app.example/x", "https://app.example/x"),
        ("http://app.example:8080/x?a=1", "http://app.example:8080/x?a=1#y"),
    ],
)
def test_signature_leaves_out_what_is_not_signed(one, same):
    assert sign("token", one, [("a", "1")]) == sign("token", same, [("a", "1")])


def test_repeated_and_blank_parameters_are_signed_once_each(validator, world):
    token = world.carrier.account.token
    form = [("b", "2"), ("a", "z"), ("a", "y"), ("a", "z"), ("blank", "")]
    signature = sign(token, "https://app.example/x", form)
    assert validator.validate("https://app.example/x", MultiDict(form), signature)


def point(world, application, path, fragment=""):
    world.carrier.exchange.numbers[OUR_NUMBER].voice_url = application.url(path) + fragment


def test_server_error_is_retried_when_asked_for_under_one_token(world, application):
    point(world, application, "/flaky", "#rc=3&rp=5xx")

    def flaky(_visit):
        return Response("", 500) if len(application.at("/flaky")) < 3 else "<Hangup/>"

    application.pages["/flaky"] = flaky
    sid = world.call_in()
    world.pass_(3)
    visits = application.at("/flaky")
    assert len(visits) == 3
    assert len({visit.headers["I-Twilio-Idempotency-Token"] for visit in visits}) == 1
    assert world.status(sid) == "completed"
    assert world.alerts() == []
    (entry,) = [each for each in world.carrier.ledger.webhooks if each.kind == "voice"]
    assert entry.attempts == 3


def test_refused_connection_is_an_alert_of_its_own(world):
    world.carrier.exchange.numbers[OUR_NUMBER].voice_url = "http://127.0.0.1:9/voice"
    world.call_in()
    world.pass_(10)
    assert world.alerts() == [11205]


def test_slow_application_is_given_up_within_its_limit(world, application, unhurried):
    point(world, application, "/slow", "#rt=200")
    application.pages["/slow"] = unhurried
    world.call_in()
    world.pass_(10)
    assert world.alerts() == [11200]


@pytest.fixture
def unhurried():
    """A page that answers only when the test is over."""
    over = threading.Event()

    def page(_visit):
        over.wait(timeout=20)
        return "<Hangup/>"

    yield page
    over.set()


def test_redirect_becomes_a_get_that_has_lost_the_digits(world, application):
    application.pages["/voice"] = '<Gather numDigits="1" action="/old"><Say>Hi</Say></Gather>'
    application.pages["/old"] = Response("", 302, headers={"Location": "/new"})
    application.pages["/new"] = "<Hangup/>"
    world.call_in(Reaction(key="4"))
    world.pass_(10)
    (old,), (new,) = application.at("/old"), application.at("/new")
    assert old["Digits"] == "4"
    assert new.method == "GET"
    assert "Digits" not in new.form
    assert new["CallSid"] == old["CallSid"]


def test_endless_redirects_are_given_up(world, application):
    application.pages["/voice"] = Response("", 302, headers={"Location": "/voice"})
    world.call_in()
    world.pass_(10)
    assert len(application.at("/voice")) == 11
    assert world.alerts() == [11215]


def test_cookies_come_back_during_the_call(world, application):
    def first(_visit):
        answer = twiml("<Redirect>/second</Redirect>")
        answer.set_cookie("step", "one")
        return answer

    application.pages["/voice"] = first
    application.pages["/second"] = "<Hangup/>"
    world.call_in()
    world.pass_(5)
    (second,) = application.at("/second")
    assert second.headers["Cookie"] == "step=one"


def test_get_webhooks_carry_everything_in_their_address(world, application, validator):
    number = world.carrier.exchange.numbers[OUR_NUMBER]
    number.voice_method = "GET"
    application.pages["/voice"] = "<Hangup/>"
    world.call_in()
    world.pass_(3)
    (visit,) = application.at("/voice")
    assert visit.method == "GET"
    assert visit["From"] == CUSTOMER
    assert validator.validate(visit.url, {}, visit.headers["X-Twilio-Signature"])


@pytest.mark.off_contract
def test_callbacks_of_one_call_are_sent_in_order(world, application):
    delivery = Delivery("status", application.url("/s"), (("n", "0"),), lane="one")
    with world.carrier.timeline.held():
        for n in range(20):
            numbered = Delivery(delivery.kind, delivery.url, (("n", str(n)),), lane="one")
            world.carrier.exchange.courier.post(numbered)
    world.pass_(1)
    assert [visit["n"] for visit in application.at("/s")] == [str(n) for n in range(20)]
