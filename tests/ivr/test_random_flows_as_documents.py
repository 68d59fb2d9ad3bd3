"""Whatever a flow says to anybody, the carrier can run: every document keeps to the grammar.

The grammar is that of the carrier stand-in (`simulator.carrier.grammar`), which shares no code with
the writers of documents and is held against the carrier's own definitions by a test of its own.
"""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.ids import CallId
from ivr.flow import read_flow
from ivr.flow.nodes import Node
from ivr.inputs import DataFetched, Digits, NoInput, Speech, Started
from ivr.interpreter import advance
from ivr.session import new_session
from ivr.steps import Enqueue, Final, Steps, ending_of
from simulator.carrier.grammar import problems
from simulator.carrier.twiml import parse
from tests.ivr.flow_texts import EXAMPLE, Caller
from tests.ivr.random_flows import documents, inputs_from_anyone
from tests.ivr.test_ivr_totality import flow_of
from webhooks.addresses import Addresses
from webhooks.flow_document import FlowDocuments
from webhooks.twiml import DOCUMENT_BYTES_MAX

WRITER = FlowDocuments(Addresses("https://voice.example"), talk_s_max=14_400)
HOSTILE = [
    "x" * 10_000,
    "<Say>you owe</Say><Hangup/> & ]]> \"'",
    "\x00\x01\x1b[31m\x7f\x85\ufffe",
    "\u202eright to left\u202c \u200f\u2066",
    "👩‍👩‍👧‍👦" * 50 + "\ud83d",
    "{caller.name} {no.such} %s ${x}",
    "零" * 3_000,
    "   ",
]


def document_of(steps: Steps) -> str:
    place = WRITER.place(CallId("CA" + "0" * 32), "token")
    return WRITER.document(steps, place)


def is_right(steps: Steps) -> bool:
    text = document_of(steps)
    assert len(text.encode()) <= DOCUMENT_BYTES_MAX
    assert [str(problem) for problem in problems(parse(text))] == []
    return True


def test_random_flows_have_every_kind_of_node():
    kinds = {kind.__struct_config__.tag for kind in get_args(Node)}
    seen: set[str] = set()

    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    @given(documents)
    def look(document):
        seen.update(node["kind"] for node in document["nodes"].values())

    look()
    assert seen == kinds


@settings(max_examples=100, deadline=None)
@given(documents, st.lists(inputs_from_anyone, max_size=12))
def test_every_document_of_a_random_flow_keeps_to_the_grammar(document, given_all):
    flow = flow_of(document)
    session = new_session(call="c", flow=flow.name, version=1, language=flow.first_language)
    for given_one in given_all:
        session, steps = advance(flow, session, given_one)
        assert is_right(steps)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_caller_always_hears_something_the_carrier_can_say(text):
    """In names, speech and keys, at every question of the example flow, to the end of the call."""
    flow = read_flow(EXAMPLE.read_bytes(), file="main.yaml")
    caller = Caller(flow, name=text, number=text, segment=text, language=text)
    assert is_right(caller.steps)
    assert caller.hears
    answers = [(Speech, {"text": text, "alternatives": (text,) * 9}), (Digits, {"digits": text}),
               (NoInput, {})]  # fmt: skip
    for turn in range(flow.document.turns_max + 2):
        kind, fields = answers[turn % len(answers)]
        caller.does(kind, **fields)
        assert is_right(caller.steps)
        if isinstance(ending_of(caller.steps), Final):
            break
        assert caller.hears
    assert isinstance(ending_of(caller.steps), Enqueue)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("first", ["1", "2"])
def test_unknown_keys_and_wishes_end_with_a_person(text, first):
    flow = read_flow(EXAMPLE.read_bytes(), file="main.yaml")
    caller = Caller(flow)
    caller.does(Digits, digits=first)
    for _ in range(flow.document.turns_max):
        caller.does(Digits, digits="55")
        assert is_right(caller.steps)
        if isinstance(ending_of(caller.steps), Final):
            break
        caller.does(Speech, text=text)
        assert is_right(caller.steps)
        if isinstance(ending_of(caller.steps), Final):
            break
    assert isinstance(ending_of(caller.steps), Enqueue)


LYING = """
name: lying
version: 1
start: dip
person: people
languages: {en-GB: {}, zh-CN: {}}
nodes:
  dip:
    kind: data
    url: https://crm.example/balance
    method: POST
    save: {balance: balance, name: name}
    prompt: {en-GB: One moment., zh-CN: 请稍等。}
    next: tell
    failed: sorry
  tell:
    kind: menu
    prompt: {en-GB: "{name}, you have {balance}.", zh-CN: "{name}, 您有{balance}。"}
    choices: [{key: "1", to: people}]
  sorry: {kind: say, prompt: {en-GB: I cannot see it., zh-CN: 查不到。}, next: people}
  people: {kind: queue, queue: general}
"""


@pytest.mark.parametrize("value", [*HOSTILE, None, True, float("nan"), 10**400, -1])
def test_data_dip_that_lies_is_said_harmlessly_or_counts_as_failed(value):
    caller = Caller(read_flow(LYING, file="lying.yaml"))
    assert "One moment." in caller.hears
    caller.does(DataFetched, values={"balance": value, "name": value, "more": "x" * 100_000})
    assert is_right(caller.steps)
    assert caller.hears


def test_data_dip_that_hangs_is_answered_by_whatever_comes_next():
    """The shell reports a failure; were it not to, the next webhook asks the other system again."""
    flow = read_flow(LYING, file="lying.yaml")
    caller = Caller(flow)
    for kind, fields in [(NoInput, {}), (Started, {}), (Speech, {"text": "hello?"})]:
        caller.does(kind, **fields)
        assert is_right(caller.steps)
        assert caller.hears
    for _ in range(flow.document.turns_max):
        caller.does(NoInput)
    assert isinstance(ending_of(caller.steps), Final)
