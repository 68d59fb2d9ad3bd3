import json
from collections.abc import Mapping

import pytest

from acd.codec import COMMANDS, EVENTS, NOTICES, Codec
from acd.commands import EndCall
from acd.events import AgentWentReady, CallEnded, CallQueued, LegCause, WrapUpEnded
from acd.messages import EngineError, EventError, message

EVENT_CODEC = Codec(EVENTS)


@message
class Wheel:
    at_ms: int
    size: int


@message
class Cart:
    at_ms: int
    wheels: tuple[Wheel, ...]
    cargo: Mapping[str, object]
    is_full: bool = False


def test_queued_call_survives_the_way_through_text():
    event = CallQueued(7, "CA1", "billing", "k1", {"en": 3}, priority=5)
    name, facts = EVENT_CODEC.encode(event)
    text = json.dumps(facts)

    assert name == "CallQueued"
    assert "at_ms" not in facts
    assert EVENT_CODEC.decode(name, json.loads(text), at_ms=7) == event


def test_enumerations_travel_as_their_values():
    name, facts = EVENT_CODEC.encode(CallEnded(1, "CA1", LegCause.BUSY))

    assert facts["cause"] == "busy"
    assert type(facts["cause"]) is str
    assert EVENT_CODEC.decode(name, facts, at_ms=1).cause is LegCause.BUSY


def test_fields_with_defaults_may_be_missing():
    assert EVENT_CODEC.decode("WrapUpEnded", {"agent_id": "ana"}, at_ms=2) == WrapUpEnded(2, "ana")


def test_messages_inside_messages_keep_their_own_instant():
    codec = Codec([Cart])
    cart = Cart(9, (Wheel(1, 20), Wheel(2, 21)), {"boxes": [1, None, {"a": 0.5}]}, is_full=True)
    name, facts = codec.encode(cart)

    assert facts["wheels"] == [{"at_ms": 1, "size": 20}, {"at_ms": 2, "size": 21}]
    assert codec.decode(name, json.loads(json.dumps(facts)), at_ms=9) == cart


@pytest.mark.parametrize("cls", [*EVENTS, *COMMANDS, *NOTICES])
def test_every_message_can_be_put_into_a_codec(cls):
    assert Codec([cls])


@pytest.mark.parametrize(
    ("name", "facts", "sentence"),
    [
        ("AgentExploded", {}, "there is no message named 'AgentExploded'"),
        ("AgentWentReady", {}, "AgentWentReady.agent_id is missing"),
        ("AgentWentReady", {"agent_id": 5}, "AgentWentReady.agent_id must be a text"),
        ("AgentWentReady", {"agent_id": None}, "AgentWentReady.agent_id must be a text"),
        ("AgentWentReady", {"agent_id": "a", "x": 1}, "AgentWentReady has no field 'x'"),
        ("AgentWentReady", {"agent_id": "a", "at_ms": 1}, "AgentWentReady has no field 'at_ms'"),
        ("ClockTicked", {"advance_ms": True, "scale": 1}, "advance_ms must be a whole number"),
        ("CallEnded", {"call_id": "c", "cause": "bored"}, "cause must be one of completed"),
        ("CallEnded", {"call_id": "c", "cause": ["x"]}, "cause must be one of completed"),
        ("WrapUpEnded", {"agent_id": "a", "disposition": 1}, "disposition must be a text"),
        (
            "CallQueued",
            {"call_id": "c", "queue_id": "q", "customer_id": "k", "skills": {1: 1}},
            "CallQueued.skills must be a mapping from texts",
        ),
        (
            "CallQueued",
            {"call_id": "c", "queue_id": "q", "customer_id": "k", "skills": {"en": "x"}},
            "CallQueued.skills must be a whole number",
        ),
    ],
)
def test_wrong_facts_are_refused_in_one_sentence(name, facts, sentence):
    with pytest.raises(EventError, match=sentence) as refusal:
        EVENT_CODEC.decode(name, facts, at_ms=1)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"wheels": 3, "cargo": {}}, "Cart.wheels must be a list"),
        ({"wheels": [3], "cargo": {}}, "Cart.wheels must be a mapping of fields"),
        ({"wheels": [{"size": 3}], "cargo": {}}, "Wheel.at_ms is missing"),
        ({"wheels": [], "cargo": {}, "is_full": 1}, "Cart.is_full must be true or false"),
    ],
)
def test_wrong_inner_messages_are_refused(facts, sentence):
    with pytest.raises(EventError, match=sentence):
        Codec([Cart]).decode("Cart", facts, at_ms=1)


def test_unknown_class_cannot_be_encoded():
    with pytest.raises(EngineError, match="EndCall is not among"):
        EVENT_CODEC.encode(EndCall("CA1", "CA1"))


def test_field_that_no_journal_can_hold_is_found_when_the_codec_is_made():
    @message
    class Sack:
        potatoes: set[str]

    @message
    class Bag:
        either: int | str

    @message
    class Box:
        raw: bytes

    for cls in (Sack, Bag, Box):
        with pytest.raises(EngineError, match=cls.__name__):
            Codec([cls])


def test_agent_event_has_its_instant_from_the_journal():
    assert EVENT_CODEC.decode("AgentWentReady", {"agent_id": "a"}, 42) == AgentWentReady(42, "a")
