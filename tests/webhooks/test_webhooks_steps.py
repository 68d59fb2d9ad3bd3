"""Steps of a flow that need the world: transfers, questions to other systems, errands, payments."""

import pytest
import structlog

from acd.events import CallbackAsked, FlowOutcome
from tests.webhooks import carrier, memory
from tests.webhooks.carrier import CALL, CALLER
from webhooks.destinations import is_allowed

FLOW = """
name: bank
version: 1
start: choose
person: people
languages:
  en: {say: en-GB, hear: en-GB}
nodes:
  choose:
    kind: menu
    prompt: {en: "Choose."}
    choices:
      - {to: outside, key: "1"}
      - {to: look, key: "2"}
      - {to: link, key: "3"}
      - {to: later, key: "4"}
      - {to: pay, key: "5"}
  outside: {kind: transfer, to: "+12125550177", prompt: {en: "Connecting."}, failed: people}
  look:
    kind: data
    url: https://crm.example.com/customer
    save: {name: name}
    prompt: {en: "Let me see."}
    next: greet
    failed: people
  greet: {kind: say, prompt: {en: "Hello {name}."}, next: people}
  link: {kind: message, text: {en: "https://example.com/help"}, next: bye, no_number: people}
  later:
    kind: callback
    queue: service
    prompt: {en: "Shall we call back?"}
    refused: people
    no_number: people
    booked: {en: "We will call you."}
  pay: {kind: pay, paid: bye, failed: people}
  people: {kind: queue, queue: service, prompt: {en: "One moment."}}
  bye: {kind: hang_up, outcome: self_served}
"""


@pytest.fixture
def world():
    return carrier.world(flow=FLOW, destinations=("+1212555",))


def _press(world, key):
    return world.document(world.begin().action, Digits=key)


# --- transfers -------------------------------------------------------------------------------


def test_transfer_dials_the_number_with_a_time_limit(world):
    document = _press(world, "1")
    assert document.verbs == ["Say", "Dial"]
    assert document.find("Dial/Number").text == "+12125550177"
    assert int(document.find("Dial").get("timeLimit")) == 14_400


def test_answered_transfer_ends_the_flow_once_however_it_is_told(world):
    document = _press(world, "1")
    answered = document.find("Dial/Number").get("statusCallback")
    world.post(answered, CallSid="CA" + "7" * 32, CallStatus="in-progress")
    assert world.document(document.action, DialCallStatus="completed").verbs == ["Hangup"]
    ended = [f.event for f in world.journal.distinct() if type(f.event).__name__ == "FlowEnded"]
    assert [event.outcome for event in ended] == [FlowOutcome.TRANSFERRED]


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled", ""])
def test_transfer_nobody_takes_goes_on_in_the_flow(world, status):
    document = world.document(_press(world, "1").action, DialCallStatus=status)
    assert "Enqueue" in document.verbs
    assert world.journal.named("FlowEnded") == []


def test_transfer_to_where_the_settings_allow_none_is_never_dialled():
    world = carrier.world(flow=FLOW)
    assert "Enqueue" in _press(world, "1").verbs


@pytest.mark.parametrize(
    ("number", "is_ok"),
    [
        ("+12125550177", True),
        ("+442079460000", False),
        ("12125550177", False),
        ("+1212555", True),
        ("+121255501771234567", False),
        ("sip:x@evil.example", False),
        ("+12125550177;phone-context=x", False),
        ("", False),
    ],
)
def test_only_full_numbers_with_an_allowed_beginning_are_dialled(number, is_ok):
    assert is_allowed(number, ("+1212555",)) is is_ok


def test_no_beginning_allows_nothing():
    assert not is_allowed("+12125550177", ())


# --- questions to other systems --------------------------------------------------------------


def test_caller_hears_something_while_another_system_is_asked():
    world = carrier.world(flow=FLOW, data=memory.Data({"name": "Robin"}))
    document = _press(world, "2")
    assert document.verbs == ["Say", "Redirect"]
    assert world.document(document.next).spoken == "Hello Robin. One moment."


def test_other_system_that_does_not_answer_costs_nobody_the_call(world):
    document = world.document(_press(world, "2").next)
    assert document.spoken == "One moment."
    assert "Enqueue" in document.verbs


# --- errands ---------------------------------------------------------------------------------


def test_message_ordered_by_the_flow_is_sent_once(world):
    action = world.begin().action
    for _ in range(2):
        document = world.document(action, Digits="3")
    assert document.verbs[-1] == "Hangup"
    (message,) = world.errands.messages.values()
    assert (message.receiver, message.text) == (CALLER, "https://example.com/help")
    assert (message.line_number, message.language) == (carrier.LINE, "en")


def test_caller_who_takes_no_texts_is_sent_another_way(world):
    world.errands.takes = False
    document = world.document(world.begin().action, Digits="3")
    assert world.errands.messages == {}
    assert "Enqueue" in document.verbs


def test_message_is_sent_once_though_the_place_could_not_be_stored(world):
    action = world.begin().action
    advance = world.sessions.advance

    def refuse(*args, **kwargs):
        world.journal.is_down = True
        return advance(*args, **kwargs)

    world.sessions.advance = refuse
    document = world.document(action, Digits="3")
    assert document.verbs[-1] == "Redirect"
    world.sessions.advance, world.journal.is_down = advance, False
    world.document(action, Digits="3")
    assert len(world.errands.messages) == 1


def test_promised_callback_is_a_fact_that_shows_no_number(world):
    document = world.document(_press(world, "4").action, Digits="1")
    assert "We will call you." in document.spoken
    asked = world.journal.facts[-1]
    number_key = memory.Customers().by_number(CALLER)
    assert asked.event == CallbackAsked(0, CALL, "service", number_key)
    assert asked.private["number"] == CALLER
    assert world.journal.named("FlowEnded") == []


# --- payments --------------------------------------------------------------------------------


def test_payment_is_collected_by_the_carrier_and_goes_on_with_its_token(world):
    document = _press(world, "5")
    assert "Pay" in document.verbs
    done = world.document(document.action, Result="success", PaymentToken="tok_1")
    assert done.verbs[-1] == "Hangup"
    assert world.journal.named("FlowEnded")[0].outcome is FlowOutcome.SELF_SERVED


@pytest.mark.parametrize("result", ["too-many-failed-attempts", "caller-hung-up", ""])
def test_payment_that_failed_goes_on_in_the_flow(world, result):
    document = world.document(_press(world, "5").action, Result=result)
    assert "Enqueue" in document.verbs


# --- nobody to do it -------------------------------------------------------------------------


def test_flow_goes_on_where_nobody_was_given_to_ask_other_systems():
    world = carrier.world(flow=FLOW, ports={"data": None})
    with structlog.testing.capture_logs() as lines:
        document = world.document(_press(world, "2").next)
        assert "Enqueue" in document.verbs
    assert [line["log_level"] for line in lines] == ["warning"]


def test_flow_promises_no_text_where_nobody_was_given_to_send_it():
    world = carrier.world(flow=FLOW, ports={"errands": None})
    assert "Enqueue" in _press(world, "3").verbs


def test_call_that_ends_while_an_answer_is_worked_on_ends_once(world):
    """The last answer moves the caller between our reading their place and ending it."""
    action = world.begin().action
    advance, raced = world.sessions.advance, []

    def race(call_id, **kwargs):
        if not raced:
            raced.append(world.document(action, Digits="9"))
        return advance(call_id, **kwargs)

    world.sessions.advance = race
    assert world.post("/voice/inbound/status", CallStatus="completed").status_code == 204
    assert len(world.journal.named("CallEnded")) == 1
    assert len(world.journal.named("FlowEnded")) == 1
