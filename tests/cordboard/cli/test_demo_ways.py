"""The demo's callers know the way: each one is walked through the example's call flow."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cordboard.cli.demo.ways import read_ways
from cordboard.cli.output import UserError
from ivr.flow import read_flow
from ivr.inputs import Digits, Speech, Started
from ivr.intents.flows import understanding_of
from ivr.interpreter import advance
from ivr.session import new_session
from ivr.steps import Ask, Enqueue, HangUp
from simulator.ways import steps_of

BANK = Path(__file__).parents[3] / "examples/retail-bank"
MONDAY_10H = int(datetime(2026, 11, 23, 10, tzinfo=UTC).timestamp() * 1_000)
WAYS = read_ways(BANK / "people.yaml", ["cards", "payments", "general"])


@pytest.fixture(scope="module")
def flow():
    path = BANK / "flows/main.yaml"
    return understanding_of(read_flow(path.read_text(encoding="utf-8"), file=str(path)))


def walk(flow, way, drawn=0.0):
    """Return the last step a caller reaches who takes this way; `drawn` chooses their sentences."""
    session = new_session(call="CA1", flow="main", version=1, language="en-GB")
    given = Started(at_ms=MONDAY_10H, caller={})
    left = list(steps_of(way))
    while True:
        session, steps = advance(flow, session, given)
        last = steps[-1]
        if not isinstance(last, Ask):
            return last
        heard = " ".join(part.text for part in (*steps[:-1], *last.prompts))
        matching = [step for step in left if re.search(step.when, heard, re.IGNORECASE)]
        assert matching, f"nobody knows what to do at: {heard}"
        left.remove(matching[0])
        if matching[0].key:
            given = Digits(at_ms=MONDAY_10H, digits=matching[0].key.rstrip("#"))
        else:
            given = Speech(at_ms=MONDAY_10H, text=matching[0].said(drawn), confidence=0.9)


@pytest.mark.parametrize(
    ("name", "way"), [(name, way) for name, ways in WAYS.items() for way in ways.queued]
)
def test_way_to_a_queue_leads_to_the_queue_of_its_call_type(flow, name, way):
    for drawn in (0.0, 0.5, 0.99):
        last = walk(flow, way, drawn)
        assert isinstance(last, Enqueue)
        assert last.queue == name


@pytest.mark.parametrize(
    ("name", "way"), [(name, way) for name, ways in WAYS.items() for way in ways.self_served]
)
def test_way_of_self_service_ends_in_an_answer(flow, name, way):
    last = walk(flow, way)
    assert isinstance(last, HangUp), name
    assert last.outcome == "self_served"


def test_call_type_without_a_way_is_named():
    with pytest.raises(UserError, match="callers of 'mortgages'"):
        read_ways(BANK / "people.yaml", ["mortgages"])


def test_missing_file_says_what_it_is_for(tmp_path):
    with pytest.raises(UserError, match="what callers do at prompts"):
        read_ways(tmp_path / "people.yaml", [])
