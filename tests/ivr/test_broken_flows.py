"""Each broken flow in `broken/` gives exactly the findings, or the refusal, its head names."""

import re
from pathlib import Path
from typing import get_args

import pytest

from ivr.flow import FlowError, read_flow
from ivr.flow.nodes import Node
from ivr.intents import understanding_of
from ivr.interpreter.machine import ENTER
from ivr.proofs import Centre, check
from tests.ivr.flow_texts import EXAMPLE

BROKEN = sorted(Path(__file__).with_name("broken").glob("*.yaml"))
CENTRE = Centre(
    queues=frozenset({"cards", "payments", "general"}),
    skills=frozenset({"english", "mandarin"}),
    numbers=frozenset({"+14155550100"}),
    hosts=frozenset({"crm.example"}),
)


def test_there_are_more_than_forty_of_them():
    assert len(BROKEN) > 40


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_broken_flow_gives_what_its_head_says(file):
    text = file.read_text(encoding="utf-8")
    refusals = re.findall(r"^# refuses: (.*)$", text, re.MULTILINE)
    expected = sorted(re.findall(r"^# finds: (.*)$", text, re.MULTILINE))
    assert bool(refusals) != bool(expected)
    if refusals:
        with pytest.raises(FlowError) as refusal:
            read_flow(text, file=file.name)
        assert str(refusal.value).startswith(file.name)
        assert refusals[0] in str(refusal.value).replace(" at ", " ")
        return
    findings = check(read_flow(text, file=file.name), CENTRE)
    assert sorted({f"{finding.check} at {finding.at}" for finding in findings}) == expected
    assert all(finding.line and finding.file == file.name for finding in findings)


def test_example_flow_has_no_findings():
    assert check(read_flow(EXAMPLE.read_bytes(), file=EXAMPLE.name), CENTRE) == []


def test_number_that_cannot_be_dialled_is_found_without_knowing_the_centre():
    text = (Path(__file__).with_name("broken") / "number_unknown.yaml").read_text(encoding="utf-8")
    wrong = text.replace("+14155550199", "call-centre")
    findings = check(read_flow(wrong, file="x.yaml"))
    assert [finding.check for finding in findings] == ["no-such-number"]
    assert check(read_flow(text, file="x.yaml")) == []


def test_private_value_may_be_said_to_a_verified_caller():
    text = (Path(__file__).with_name("broken") / "case_told_to_anybody.yaml").read_text(
        encoding="utf-8"
    )
    guarded = text.replace("{caller.segment: gold}", "{caller.verified: true}")
    assert check(read_flow(guarded, file="x.yaml")) == []
    tested = text.replace("{caller.segment: gold}", "{caller.verified: {equals: true}}")
    assert check(read_flow(tested, file="x.yaml")) == []


def test_a_finding_shows_the_way_a_caller_gets_there():
    file = Path(__file__).with_name("broken") / "circle_without_question.yaml"
    findings = check(read_flow(file.read_text(encoding="utf-8"), file=file.name), CENTRE)
    loop = next(finding for finding in findings if finding.check == "endless-loop")
    assert str(loop) == (
        "circle_without_question.yaml:16: [endless-loop] nodes.one: every caller goes round "
        "one > two > one for ever (by menu > one)"
    )


def test_flow_with_every_kind_of_node_has_no_findings_when_it_is_right():
    file = Path(__file__).with_name("every_kind.yaml")
    flow = read_flow(file.read_text(encoding="utf-8"), file=file.name)
    assert {type(node) for node in flow.nodes.values()} == set(get_args(Node))
    assert [str(finding) for finding in check(flow, CENTRE)] == []
    assert set(understanding_of(flow).hints) == {"en-GB", "zh-TW"}


def test_every_kind_of_node_has_a_function_that_enters_it():
    assert set(ENTER) == set(get_args(Node))


def test_number_outside_the_beginnings_a_centre_allows_is_found():
    text = (Path(__file__).with_name("broken") / "number_unknown.yaml").read_text(encoding="utf-8")
    flow = read_flow(text, file="x.yaml")
    assert check(flow, Centre(number_beginnings=("+1415555",))) == []
    (finding,) = check(flow, Centre(number_beginnings=("+44",)))
    assert finding.problem == "'+14155550199' may not be dialled; numbers allowed begin with: +44"
    assert finding.way == ("menu", "out")


def test_finding_about_a_node_names_the_nodes_that_lead_there():
    for file in BROKEN:
        text = file.read_text(encoding="utf-8")
        if "# finds: " in text:
            flow = read_flow(text, file=file.name)
            for finding in check(flow, CENTRE):
                if finding.node and finding.check not in ("unreachable", "no-such-node"):
                    assert finding.way[:1] in ((flow.document.start,), ()), finding
                    assert finding.way or finding.node not in flow.nodes, finding


def test_answer_that_is_only_related_to_one_read_is_used():
    text = (Path(__file__).with_name("broken") / "case_told_in_an_answer.yaml").read_text(
        encoding="utf-8"
    )
    right = text.replace("private: [caller.case.category]\n", "")
    assert check(read_flow(right, file="x.yaml")) == []


def test_survey_that_takes_a_zero_is_no_trap():
    text = """
name: rated
version: 1
start: rating
person: people
languages: {en-GB: {speech: false}}
nodes:
  rating: {kind: survey, minimum: 0, prompt: {en-GB: From 0 to 5?}, next: goodbye}
  goodbye: {kind: hang_up, outcome: self_served}
  people: {kind: queue, queue: cards}
"""
    assert check(read_flow(text, file="x.yaml")) == []
