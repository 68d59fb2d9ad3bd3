"""The flow as a picture, as a schema, and read from text."""

import json

import msgspec
import pytest

from ivr.drawing import mermaid
from ivr.flow import FlowError, read_flow
from ivr.flow.prompts import Line, clean_text, fill, printable
from ivr.schema import flow_schema
from ivr.steps import Ask, HangUp, Say, ending_of
from tests.ivr.flow_texts import EXAMPLE, HEAD, tiny

DRAWN = """
  first:
    kind: menu
    prompt: {en-GB: Press 1.}
    choices: [{key: "1", to: check}, {to: nowhere, phrases: {en-GB: ['"loan|s"']}}, {to: half, intent: x}]
  check:
    kind: condition
    cases: [{when: {caller.segment: gold, language: en-GB}, to: people}]
    otherwise: half
  half:
    kind: split
    branches: [{name: new, percent: 30, to: people}, {name: old, percent: 70, to: people}]
"""  # noqa: E501  (a list on one line)


def test_flow_is_drawn_with_distances_and_shares():
    drawn = mermaid(tiny(DRAWN), {("first", "check"): 3, ("first", "half"): 1})
    assert drawn.startswith("flowchart TD\n")
    assert 'n1("first<br/>menu<br/>person: 1 questions, 1 s")' in drawn
    assert 'n1 -->|"1 75%"| n2' in drawn
    assert '-->|"#quot;loan/s#quot; 0%"| missing["no node nowhere"]' in drawn
    assert 'n2 -->|"caller.segment, language"| n0' in drawn
    assert 'n3 -->|"new 30 %, old 70 %"| n0' in drawn


def test_example_flow_is_drawn_with_every_node():
    flow = read_flow(EXAMPLE.read_bytes(), file="main.yaml")
    drawn = mermaid(flow)
    assert all(f'"{name}<br/>' in drawn for name in flow.nodes)


def test_schema_knows_every_kind_of_node():
    schema = flow_schema()
    text = json.dumps(schema)
    for kind in ("menu", "ask", "intent", "answer", "condition", "hours", "data", "set", "queue",
                 "callback", "voicemail", "message", "transfer", "survey", "language", "subflow",
                 "split", "hang_up", "say", "pay", "return", "refuse"):  # fmt: skip
        assert f'"{kind}"' in text
    assert schema["$schema"].startswith("https://json-schema.org/")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"\xff\xfe\x00", "not YAML text in UTF-8"),
        ("[" * 30_000 + "]" * 30_000, "nested too deeply"),
        ("a: &a [1]\nb: [*a, *a]\n", "unknown field `a`"),
        ("? [1]\n: 2\n", "a key must be a word"),
        (HEAD + "  first: {kind: queue, queue: null}\n", "nodes.first.queue expected `str`"),
        (HEAD.replace("nodes:", "nodes: 5\nother:"), "expected `object`"),
        (HEAD.replace("languages: {en-GB: {}}", "languages: {}"), "languages"),
        (HEAD + "zone: Nowhere/Town\n  first: {}\n", "not YAML"),
        ("x: " + "[" * 40 + "]" * 40, "nested too deeply"),
        ("\x07", "not YAML text"),
        ("a: &a [*a]", "more values"),
    ],
)
def test_text_that_is_no_flow_is_refused_with_its_place(text, problem):
    with pytest.raises(FlowError) as refused:
        read_flow(text, file="x.yaml")
    assert problem in str(refused.value).replace(" at ", " ")


def test_unknown_zone_of_today_is_refused():
    with pytest.raises(FlowError, match="zone 'Mars' is no time zone"):
        tiny("  first: {kind: queue, queue: x}\nzone: Mars\n")


def test_text_that_unfolds_without_end_is_refused():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(8)
    )
    with pytest.raises(FlowError, match="more values"):
        read_flow(bomb, file="bomb.yaml")


def test_places_are_filled_for_what_they_go_into():
    data = {"name": "A & B", "number": "1234567"}
    assert fill("Hi {name}{unknown}!", data) == "Hi A & B!"
    assert fill("{name}", data, into="ssml") == "A &amp; B"
    assert fill("?q={name}", data, into="url") == "?q=A%20%26%20B"
    assert fill("{number|digits} {number|last4}", data) == "1 2 3 4 5 6 7 4 5 6 7"


def test_nothing_unprintable_is_said():
    assert clean_text("\u202eabc\x00\ud800\n d") == "abc d"
    assert len(clean_text("x" * 10_000)) == 200
    assert printable("a\u200eb") == "ab"


def test_line_says_one_thing():
    with pytest.raises(ValueError, match="exactly one"):
        Line(text="a", audio="b")


def test_steps_have_one_end():
    ask, say = Ask(language="en-GB"), Say("Hi", language="en-GB")
    assert ending_of((say, ask)) is ask
    for wrong in [(), (say,), (ask, ask), (HangUp("refused"), ask)]:
        with pytest.raises(ValueError, match="step"):
            ending_of(wrong)


def test_document_survives_its_own_codec():
    document = tiny(DRAWN).document
    assert msgspec.json.decode(msgspec.json.encode(document), type=type(document)) == document
