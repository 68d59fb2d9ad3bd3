"""The flow as a picture, as a schema, and read from text."""

import json
from pathlib import Path

import msgspec
import pytest
from defusedxml import ElementTree

from ivr.drawing import callers_of, mermaid, svg
from ivr.drawing.labels import Area, fitted, text_px
from ivr.flow import FlowError, read_flow
from ivr.flow.prompts import Line, clean_text, fill, printable
from ivr.flow.source import read_source
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
    assert 'n1("first<br/>menu<br/>person: 1 question, 1 s")' in drawn
    assert 'n1 -->|"1 75%"| n2' in drawn
    assert '-->|"#quot;loan/s#quot; 0%"| missing["no node nowhere"]' in drawn
    assert 'n2 -->|"caller.segment, language"| n0' in drawn
    assert 'n3 -->|"new 30 %, old 70 %"| n0' in drawn


def test_example_flow_is_drawn_with_every_node():
    flow = read_flow(EXAMPLE.read_bytes(), file="main.yaml")
    drawn = mermaid(flow)
    assert all(f'"{name}<br/>' in drawn for name in flow.nodes)


def test_picture_is_well_formed_and_has_a_box_for_each_node():
    flow = read_flow(EXAMPLE.read_bytes(), file="main.yaml")
    picture = ElementTree.fromstring(svg(flow, {("opening", "menu"): 5}))
    space = "{http://www.w3.org/2000/svg}"
    assert len(picture.findall(f"./{space}g/{space}rect")) == len(flow.nodes)
    texts = [text.text for text in picture.iter(f"{space}text")]
    assert "100%" in texts
    corners = [(r.get("x"), r.get("y")) for r in picture.iter(f"{space}rect")]
    assert len(set(corners)) == len(corners)


def test_labels_cover_neither_boxes_nor_each_other():
    for file in (EXAMPLE, Path(__file__).with_name("every_kind.yaml")):
        flow = read_flow(file.read_bytes(), file=file.name)
        root = ElementTree.fromstring(svg(flow))
        space = "{http://www.w3.org/2000/svg}"
        areas = [
            Area(x, y, x + float(box.get("width")), y + float(box.get("height")))
            for box in root.iter(f"{space}rect")
            if box.get("x") is not None
            for x, y in [(float(box.get("x")), float(box.get("y")))]
        ]
        assert len(areas) == len(flow.nodes)
        for text in root.findall(f"./{space}text"):
            x, y, wide = float(text.get("x")), float(text.get("y")), text_px(text.text)
            area = Area(x - wide / 2, y - 12, x + wide / 2, y + 4)
            assert not any(area.common(other) for other in areas), text.text
            areas.append(area)


def test_names_nobody_can_read_break_neither_picture_nor_text():
    nodes = '  first: {kind: say, prompt: {en-GB: Hi}, next: "\\u0000\\u202e<&>"}\n'
    flow = tiny(nodes + '  "\\u0000\\u202e<&>": {kind: queue, queue: "\\u0007"}\n')
    ElementTree.fromstring(svg(flow))
    assert mermaid(flow).replace("\n", "").isprintable()


def test_text_that_does_not_fit_is_cut():
    assert fitted("short", 200) == "short"
    assert fitted("银行" * 40, 100) == "银行" * 3 + "银\u2026"
    assert text_px(fitted("x" * 80, 100)) <= 100


def test_callers_are_counted_between_nodes():
    assert callers_of([("a", "b", "a"), ("a", "b"), ("c",)]) == {("a", "b"): 2, ("b", "a"): 1}


def test_node_that_is_never_reached_is_drawn_in_the_last_row():
    picture = svg(tiny(DRAWN + "  lonely: {kind: say, prompt: {en-GB: Hi}, next: first}\n"))
    assert ">lonely</text>" in picture


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


def test_error_about_what_is_not_written_names_the_line_of_what_is_around_it():
    source = read_source("a:\n  b: 1\n", file="x.yaml")
    assert source.error(("a", "c"), "is missing").line == 1
    assert str(source.error(("a", "b"), "is wrong")) == "x.yaml:2: at a.b is wrong"


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
