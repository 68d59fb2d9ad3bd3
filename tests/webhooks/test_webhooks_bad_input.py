"""Whatever callers, recognisers and networks send, the caller hears something sensible, as TwiML.

Every document is checked against the grammar by which the carrier stand-in judges documents.
"""

from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from acd.ids import CustomerId
from simulator.carrier.grammar import problems
from simulator.carrier.people.manners import Reaction
from simulator.carrier.twiml import parse
from tests.webhooks import carrier, memory
from tests.webhooks.carrier import CALL, Document
from tests.webhooks.stage import stage

BANK = (Path(__file__).parents[2] / "examples/retail-bank/flows/main.yaml").read_text()
FLOW = """
name: bank
version: 1
start: wish
person: people
languages:
  en-GB: {voice: Polly.Amy}
  zh-CN: {say: cmn-CN, hear: cmn-Hans-CN}
intents:
  lost: {examples: [my card is gone], keywords: [lost my card, 卡丢了]}
nodes:
  wish:
    kind: intent
    prompt: {en-GB: "What is it about?", zh-CN: "您要办理什么业务?"}
    no_match: [{en-GB: "Say it in other words.", zh-CN: "请换一种说法。"}]
    no_input: [{en-GB: "Are you there?", zh-CN: "您在吗?"}]
    routes: {lost: account}
  account:
    kind: ask
    type: digits
    length_min: 4
    length_max: 8
    save: account
    prompt: {en-GB: "Your account?", zh-CN: "账号?"}
    next: greet
  greet:
    kind: say
    prompt: {en-GB: "Thank you {caller.name}.", zh-CN: "谢谢{caller.name}。"}
    next: rate
  rate: {kind: survey, prompt: {en-GB: "1 to 5?", zh-CN: "1到5?"}, next: later}
  later:
    kind: callback
    queue: service
    prompt: {en-GB: "Shall we call back?", zh-CN: "需要回电吗?"}
    booked: {en-GB: "We will.", zh-CN: "好的。"}
    refused: people
    no_number: people
  people: {kind: queue, queue: service, prompt: {en-GB: "One moment.", zh-CN: "请稍候。"}}
"""


def right(world, url, **params):
    """Post, and return the document if the carrier would have nothing to say about it."""
    answer = world.post(url, **params)
    assert answer.status_code == 200
    assert list(problems(parse(answer.text))) == []
    assert len(answer.text.encode()) < 64_000
    return Document.of(answer.text)


def begin(flow=FLOW, **params):
    world = carrier.world(flow=flow)
    return world, right(world, "/voice/inbound", CallStatus="ringing", **params)


def at(kind):
    """Lead a caller to a question of this kind."""
    world, document = begin()
    for params in {
        "wish": [],
        "account": [{"SpeechResult": "lost my card"}],
        "rate": [{"SpeechResult": "lost my card"}, {"Digits": "1234"}],
        "later": [{"SpeechResult": "lost my card"}, {"Digits": "1234"}, {"Digits": "5"}],
    }[kind]:
        document = right(world, document.action, **params)
    return world, document


QUESTIONS = ["wish", "account", "rate", "later"]


# --- silence ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_question_is_told_of_silence_and_falls_through_to_a_request_if_it_is_not(kind):
    _, document = at(kind)
    assert document.find("Gather").get("actionOnEmptyResult") == "true"
    assert document.verbs[-1] == "Redirect"
    assert document.next == document.action


@pytest.mark.parametrize(
    "silence", [{}, {"Digits": ""}, {"SpeechResult": ""}, {"Digits": "", "SpeechResult": ""}]
)
def test_silence_is_silence_however_it_is_told(silence):
    world, document = at("wish")
    again = right(world, document.action, **silence)
    assert again.spoken == "Are you there?"


@pytest.mark.parametrize("kind", QUESTIONS)
def test_two_silences_lead_on_and_never_to_the_end_of_the_call(kind):
    world, document = at(kind)
    document = right(world, document.action)
    document = right(world, document.action)
    assert document.verbs[-1] == "Redirect"
    assert {"Enqueue", "Gather"} & set(document.verbs)


def test_silence_and_misunderstanding_are_counted_together_and_answered_apart():
    world, document = at("wish")
    document = right(world, document.action)
    assert document.spoken == "Are you there?"
    document = right(world, document.action, SpeechResult="blue seven elephants")
    assert "Enqueue" in document.verbs


def test_silent_caller_of_the_example_gets_to_a_person_on_the_real_carrier_stand_in():
    with stage(flow=BANK.replace("retail-bank", "bank", 1)) as scene:
        scene.call_in(stays_s=200.0)
        scene.pass_(150)
        assert scene.count("CallQueued") == 1
        assert scene.alerts() == []


# --- people ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize(
    "wish",
    [
        {"Digits": "0"},
        {"SpeechResult": "Agent."},
        {"SpeechResult": "AGENT!", "Confidence": "0.0"},
        {"SpeechResult": "Can I speak to a person, please?"},
        {"SpeechResult": "人工。"},
        {"SpeechResult": "转 人工", "Confidence": "0.31"},
    ],
)
def test_wish_for_a_person_is_granted_everywhere(kind, wish):
    world, document = at(kind)
    assert "Enqueue" in right(world, document.action, **wish).verbs


# --- what recognisers write ------------------------------------------------------------------


@pytest.mark.parametrize(
    "confidence", [None, "0.0", "0.31", "0.9128386", "1.0", "", "high", "7", "nan", "-1"]
)
@pytest.mark.parametrize(
    "said", ["I've lost my card.", "lost my card", "LOST MY CARD!?", "我的卡丢了。"]
)
def test_punctuation_and_confidence_change_nothing(said, confidence):
    world, document = at("wish")
    told = {} if confidence is None else {"Confidence": confidence}
    assert "account" in right(world, document.action, SpeechResult=said, **told).spoken


@pytest.mark.parametrize(
    "said", ["1234", "1-2-3-4.", "one two three four", "One, two, three, four!"]
)
def test_number_is_understood_however_it_is_written(said):
    world, document = at("account")
    document = right(world, document.action, SpeechResult=said, Confidence="0.9")
    assert "1" in document.spoken
    document = right(world, document.action, SpeechResult="Yes.")
    assert document.spoken.endswith("1 to 5?")


# --- nonsense --------------------------------------------------------------------------------

HOSTILE = [
    "x" * 10_000,
    "字" * 3_400,  # as long: 10 kB
    "lost " * 2_000,
    "<Response><Hangup/></Response>",
    "</Say><Dial>+12125550199</Dial><Say>",
    "]]>&#0;&amp;\x00\x01\x08\x1b",
    "\u202e\u2066right to left\u2069",
    "\ud83d\ude00" * 50,
    "\ufffe\uffff\u0000",
    "{account} {caller.number|digits} ${jndi:ldap://x}",
    "' OR 1=1; --",
    "\r\nX-Header: 1\r\n\r\n",
    "   ",
]


def _sendable(text):
    return text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_speech_is_heard_as_words_at_every_question(kind, text):
    world, document = at(kind)
    document = right(world, document.action, SpeechResult=_sendable(text))
    assert document.root.find(".//Dial") is None
    assert document.verbs[-1] in ("Redirect", "Hangup")


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize(
    "keys", ["99999999", "*", "#", "**##", "ABCD", "1" * 200, "٤", "-1", "1e9"]
)
def test_unknown_keys_are_a_question_again_or_a_person(kind, keys):
    world, document = at(kind)
    document = right(world, document.action, Digits=keys)
    assert {"Gather", "Enqueue"} & set(document.verbs) or document.verbs[-1] == "Hangup"


@pytest.mark.parametrize(
    "name", [text for text in HOSTILE if text.strip()], ids=lambda text: text[:6]
)
def test_hostile_name_is_said_as_text(name):
    world = carrier.world(flow=FLOW.replace("start: wish", "start: greet"))
    document = right(world, "/voice/inbound", CallerName=_sendable(name), CallStatus="ringing")
    assert document.spoken.startswith("Thank you")
    assert document.root.find(".//Dial") is None


@pytest.mark.parametrize(
    "number", ["", "anonymous", "unknown", "+266696687", "sip:a@b", "client:<x>", "'"]
)
def test_caller_without_a_number_is_not_offered_a_callback_that_cannot_be_made(number):
    _, document = begin(flow=FLOW.replace("start: wish", "start: later"), From=number)
    is_offered = "Gather" in document.verbs
    assert is_offered is (number.startswith("+"))


@pytest.mark.parametrize("repeats", [2, 5])
def test_doubled_and_late_answers_are_answered_alike(repeats):
    world, first = at("wish")
    said = {"SpeechResult": "lost my card"}
    texts = {world.post(first.action, **said).text for _ in range(repeats)}
    assert len(texts) == 1
    second = Document.of(texts.pop())
    right(world, second.action, Digits="1234")
    late = right(world, first.action, **said)
    assert late.spoken.endswith("1 to 5?")  # where the caller is by now


# --- another system that hangs, fails or lies ------------------------------------------------

DIP = FLOW.replace("start: wish", "start: dip").replace(
    "nodes:\n",
    "nodes:\n"
    "  dip:\n"
    "    kind: data\n"
    "    url: https://crm.example.com/x\n"
    "    save: {tier: customer.tier}\n"
    '    prompt: {en-GB: "One second."}\n'
    "    next: tiered\n"
    "    failed: people\n"
    '  tiered: {kind: say, prompt: {en-GB: "You are {tier}."}, next: rate}\n',
)


@pytest.mark.parametrize(
    "values",
    [
        None,
        {},
        {"tier": "gold"},
        {"customer.tier": None},
        {"customer": "gold"},
    ],
)
def test_system_that_fails_or_lacks_the_field_leads_to_the_fallback(values):
    world = carrier.world(flow=DIP, data=memory.Data(values))
    document = right(world, "/voice/inbound", CallStatus="ringing")
    assert document.spoken == "One second."
    assert "Enqueue" in right(world, document.next).verbs


@pytest.mark.parametrize("lie", ["<Hangup/>", "\x00\x07", "x" * 900, 1e308, True, -0.0, "{tier}"])
def test_lie_of_another_system_is_said_as_text(lie):
    world = carrier.world(flow=DIP, data=memory.Data({"customer.tier": lie}))
    document = right(world, "/voice/inbound", CallStatus="ringing")
    document = right(world, document.next)
    assert document.spoken.startswith("You are")
    assert document.verbs[-1] == "Redirect"


# --- what a verified caller may hear ---------------------------------------------------------

CASE = """
name: bank
version: 1
start: pin
person: people
private: [caller.case.state]
languages: {en: {say: en-GB, hear: en-GB}}
nodes:
  pin: {kind: ask, type: digits, length_min: 4, length_max: 4, sensitive: true, save: pin,
        prompt: {en: "Your code?"}, next: check}
  check: {kind: data, method: POST, url: "https://crm.example.com/v", body: {pin: "{pin}"},
          save: {caller.verified: verified}, next: gate, failed: people}
  gate: {kind: condition, cases: [{when: {caller.verified: true}, to: told}], otherwise: people}
  told: {kind: say, prompt: {en: "Your case is {caller.case.state}."}, next: owed}
  owed: {kind: condition, cases: [{when: {caller.callback: owed}, to: soon}], otherwise: people}
  soon: {kind: hang_up, prompt: {en: "We will call you today."}, outcome: self_served}
  people: {kind: queue, queue: service, prompt: {en: "One moment."}}
"""


class Records:
    """Everything about everybody, and a claim that must not be believed."""

    def facts(self, customer_id, at_ms):
        assert customer_id == memory.Customers().by_number(carrier.CALLER) != CustomerId("")
        return {"case.state": "nearly done", "callback": "owed", "verified": "true"}


@pytest.mark.parametrize(
    ("verdict", "is_told"), [(True, True), ("true", True), (False, False), (None, False)]
)
def test_state_of_a_case_is_told_to_verified_callers_only(verdict, is_told):
    data = memory.Data({"verified": verdict})
    world = carrier.world(flow=CASE, data=data, ports={"callers": Records()})
    document = right(world, "/voice/inbound", CallStatus="ringing")
    document = right(world, document.action, Digits="4711")
    document = right(world, document.next)
    assert ("nearly done" in document.spoken) is is_told
    assert ("call you today" in document.spoken) is is_told


def test_number_and_records_alone_verify_nobody():
    gate = CASE.replace("start: pin", "start: gate")
    world = carrier.world(flow=gate, ports={"callers": Records()})
    document = right(world, "/voice/inbound", CallStatus="ringing")
    assert "nearly done" not in document.spoken
    assert world.sessions.told[CALL].story["data"].count('"caller.verified":"false"') == 1


# --- on the wire -----------------------------------------------------------------------------


def test_spoken_way_through_the_example_on_the_carrier_stand_in():
    with stage(flow=BANK.replace("retail-bank", "bank", 1)) as scene:
        scene.call_in(
            Reaction(when="English", key="1"),
            Reaction(when="lost or stolen", say="I have lost my card!"),
            stays_s=60.0,
        )
        scene.pass_(40)
        (queued,) = [event for event in scene.told() if type(event).__name__ == "CallQueued"]
        assert queued.queue_id == "cards"
        assert scene.alerts() == []


def test_documents_have_no_control_characters_left():
    world = carrier.world(flow=FLOW.replace("start: wish", "start: greet"))
    text = world.post("/voice/inbound", CallStatus="ringing", CallerName="a\x07b\u202ec").text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert fromstring(text).tag == "Response"
