"""Each broken flow in `broken/` gives exactly the findings, or the refusal, its head names."""

import re
from pathlib import Path

import pytest

from ivr.flow import FlowError, read_flow
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


def test_a_finding_shows_the_way_a_caller_gets_there():
    file = Path(__file__).with_name("broken") / "circle_without_question.yaml"
    findings = check(read_flow(file.read_text(encoding="utf-8"), file=file.name), CENTRE)
    loop = next(finding for finding in findings if finding.check == "endless-loop")
    assert str(loop) == (
        "circle_without_question.yaml:16: [endless-loop] nodes.one: every caller goes round "
        "one > two > one for ever (by menu > one)"
    )
