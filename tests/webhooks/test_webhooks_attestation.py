"""Who vouches for a caller's number: the carrier's word, the flow, the agent's story, history."""

import pytest

from tests.webhooks import carrier
from tests.webhooks.carrier import CALL
from webhooks.attestation import MEANINGS, grade_of
from webhooks.told import Story

FLOW = """
name: front
version: 1
start: gate
person: people
languages:
  en: {say: en-GB, hear: en-GB}
nodes:
  gate:
    kind: condition
    cases:
      - {when: {caller.attestation: failed}, to: refused}
      - {when: {caller.attestation: full}, to: people}
    otherwise: menu
  refused: {kind: say, prompt: {en: "Please call from your own telephone."}, next: bye}
  bye: {kind: hang_up, outcome: self_served}
  menu:
    kind: menu
    prompt: {en: "Press 1 for a person."}
    choices: [{to: people, key: "1"}]
  people: {kind: queue, queue: service, prompt: {en: "One moment."}}
"""

GRADES = {
    "TN-Validation-Passed-A": "full",
    "TN-Validation-Passed-B": "partial",
    "TN-Validation-Passed-C": "gateway",
    "TN-Validation-Passed-A-Diverted": "full",
    "TN-Validation-Passed-C-Diverted": "gateway",
    "TN-Validation-Failed-A": "failed",
    "TN-Validation-Failed-C-Diverted": "failed",
    "TN-Validation-Failed": "failed",
    "No-TN-Validation": "none",
    "": "none",
}


@pytest.mark.parametrize(("verstat", "grade"), GRADES.items())
def test_every_word_of_the_carrier_is_one_of_five_grades(verstat, grade):
    assert grade_of(verstat) == grade
    assert grade in MEANINGS


@pytest.mark.parametrize(
    "verstat",
    ["TN-Validation-Passed", "TN-Validation-Passed-D", "xTN-Validation-Passed-A", "full", "<A>"],
)
def test_word_nobody_knows_vouches_for_nothing(verstat):
    assert grade_of(verstat) == "none"


@pytest.fixture
def world():
    return carrier.world(flow=FLOW)


@pytest.mark.parametrize(
    ("told", "verb", "grade"),
    [
        ({"StirVerstat": "TN-Validation-Failed-B"}, "Hangup", "failed"),
        ({"StirVerstat": "TN-Validation-Passed-A"}, "Enqueue", "full"),
        ({"StirVerstat": "TN-Validation-Passed-B"}, "Gather", "partial"),
        ({}, "Gather", "none"),
    ],
)
def test_flow_decides_by_the_grade_and_history_keeps_it(world, told, verb, grade):
    assert verb in world.begin(**told).verbs
    world.post("/voice/inbound/status", CallStatus="completed")
    kept = world.sessions.told[CALL]
    assert kept.record["attestation"] == grade
    assert Story.from_private(kept.story).data["caller.attestation"] == grade
