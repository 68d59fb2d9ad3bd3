"""What travels with the call: everything the caller told, and nothing that was to be secret."""

import json
from unittest.mock import ANY

import pytest
import structlog

from ivr.flow import read_flow
from ivr.session import Session, TrailEntry
from tests.webhooks import carrier
from tests.webhooks.carrier import CALL
from webhooks.places import Place
from webhooks.told import Hearing, Story, _heard, story_of, told_by, unanswered, wishes_of

PIN, CARD = "739182", "4111111111111111"
FLOW = """
name: bank
version: 3
start: wish
person: people
languages:
  en: {say: en-GB, hear: en-GB}
intents:
  lost_card: {examples: [my card is gone], keywords: [lost my card]}
  address: {examples: [I moved], keywords: [moved house]}
nodes:
  wish:
    kind: intent
    prompt: {en: "What is it about?"}
    routes: {lost_card: pin, address: note}
  pin:
    kind: ask
    type: digits
    length_min: 6
    length_max: 6
    sensitive: true
    save: pin
    prompt: {en: "Your code?"}
    next: check
  check:
    kind: data
    method: POST
    url: https://crm.example.com/verify
    body: {pin: "{pin}"}
    save: {caller.verified: verified}
    next: people
    failed: people
  note:
    kind: ask
    type: free_text
    save: note
    read_back: never
    prompt: {en: "Tell me."}
    next: side
  side:
    kind: split
    branches: [{name: a, percent: 100, to: people}, {name: b, percent: 0, to: people}]
  people: {kind: queue, queue: service, prompt: {en: "One moment."}}
"""


class Asked:
    """Another system that remembers what it was asked."""

    def __init__(self):
        self.bodies = []

    def fetch(self, question):
        self.bodies.append(dict(question.body))
        return {"verified": True}


def _verified():
    asked = Asked()
    world = carrier.world(flow=FLOW, data=asked)
    with structlog.testing.capture_logs() as lines:
        document = world.document(world.begin().action, SpeechResult="I have lost my card.")
        document = world.document(document.action, Digits=PIN)
        document = world.document(document.next)
        assert "Enqueue" in document.verbs
    return world, asked, lines


def test_secret_reaches_the_system_that_asks_for_it_and_nobody_else():
    world, asked, lines = _verified()
    assert asked.bodies == [{"pin": PIN}]
    kept = [fact.private for fact in world.journal.facts]
    told = world.sessions.told[CALL]
    everything = [kept, told, world.sessions.kept[CALL], lines, world.journal.events]
    assert PIN not in repr(everything)


def test_story_says_what_was_said_found_and_wanted():
    world, _, _ = _verified()
    story = Story.from_private(world.sessions.told[CALL].story)
    assert (story.flow, story.version, story.language) == ("bank", 3, "en")
    assert story.data["intent"] == "lost_card"
    assert story.data["caller.verified"] == "true"
    assert [(one.kind, one.text) for one in story.trail] == [
        ("said", "I have lost my card."),
        ("intent", "lost_card"),
        ("keyed", "\u2022" * 6),
        ("data", "caller.verified: true"),
    ]


def test_card_number_said_in_the_open_is_dots_in_the_story():
    world = carrier.world(flow=FLOW)
    document = world.document(world.begin().action, SpeechResult="I moved house")
    document = world.document(document.action, SpeechResult=f"it is {CARD} thank you")
    told = world.sessions.told[CALL]
    assert CARD not in repr(told)
    assert CARD not in repr([fact.private for fact in world.journal.facts])
    assert told.record["splits"] == {"side": "a"}


def test_record_for_history_has_nothing_personal():
    world, _, _ = _verified()
    record = world.sessions.told[CALL].record
    assert json.dumps(record)
    assert carrier.CALLER not in repr(record)
    assert "lost my card" not in repr(record)
    assert (record["flow"], record["version"], record["intent"]) == ("bank", 3, "lost_card")
    assert record["outcome"] == "queued"
    assert record["way"] == ("wish", "pin", "check", "people")


def test_nobody_knows_what_is_secret_in_a_flow_that_is_not_kept():
    session = Session(CALL, "bank", 1, "en", data={"pin": PIN})
    assert story_of(session, None).data == {}


# --- what a flow can learn from --------------------------------------------------------------


def test_words_at_open_questions_are_kept_apart_and_nothing_that_was_keyed_elsewhere():
    world, _, _ = _verified()
    assert wishes_of(world.sessions.told[CALL].wishes) == (
        TrailEntry(ANY, "wish", "said", "I have lost my card."),
        TrailEntry(ANY, "wish", "intent", "lost_card"),
        TrailEntry(ANY, "pin", "went", ""),
        TrailEntry(ANY, "check", "went", ""),
    )


def test_card_number_in_a_wish_is_dots_and_silence_is_no_wish():
    [entry] = wishes_of(_wishes_told(("wish", "said", f"my card {CARD} is gone")))
    assert entry.text == f"my card {'•' * len(CARD)} is gone"
    assert not _wishes_told(("note", "said", "I moved house"))


def _wishes_told(*trail):
    place = Place(session=_session(*trail), asked=None, customer_id="cu-1")
    return told_by(place, read_flow(FLOW, file="bank.yaml"), at_ms=0, outcome="queued").wishes


def test_what_is_no_trail_is_refused():
    with pytest.raises(ValueError, match="no wishes of a call"):
        wishes_of({"trail": "{"})


# --- questions nobody could answer -----------------------------------------------------------


def _session(*trail, **data):
    entries = tuple(TrailEntry(0, node, kind, text) for node, kind, text in trail)
    return Session(CALL, "bank", 3, "en", trail=entries, data=data)


def _unanswered(*trail, **data):
    flow = read_flow(FLOW, file="bank.yaml")
    return list(unanswered(_session(*trail, **data), flow))


def test_question_that_led_to_nothing_is_unanswered():
    said = ("wish", "said", "do you sell pizza"), ("wish", "went", "no_match")
    assert _unanswered(*said) == ["do you sell pizza"]


def test_question_that_was_understood_in_the_end_is_answered():
    assert _unanswered(("wish", "said", "my thing"), ("wish", "intent", "lost_card")) == []


def test_answer_that_did_not_help_leaves_the_question_open():
    said = ("wish", "said", "when are you open"), ("hours", "answer", "hours")
    assert _unanswered(*said, **{"answer.hours": "not helped"}) == ["when are you open"]
    assert _unanswered(*said, **{"answer.hours": "helped"}) == []


def test_yes_no_digits_and_the_wish_for_a_person_are_no_questions():
    said = [("wish", "said", text) for text in ("no", "two", "agent", "", "!?")]
    assert _unanswered(*said) == []


def test_what_was_said_elsewhere_is_no_question():
    assert _unanswered(("note", "said", "do you sell pizza")) == []


def test_answers_heard_come_with_what_the_caller_thought_of_them():
    heard = [("n", "answer", "a"), ("n", "answer", "b"), ("n", "answer", "a"), ("n", "answer", "c")]
    session = _session(*heard, **{"answer.a": "helped", "answer.b": "not helped"})
    assert list(_heard(session)) == [Hearing("a", True), Hearing("b", False), Hearing("c", None)]
