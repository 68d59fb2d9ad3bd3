"""A queue that records is announced by a flow, or the check says so."""

import shutil
from pathlib import Path

import pytest

from cordboard.cli.check import findings

BANK = Path(__file__).parents[3] / "examples/retail-bank"

FLOW = """
name: recorded
version: 1
start: ask
person: people
languages:
  en: {say: en-GB, hear: en-GB}
nodes:
  ask:
    kind: menu
    prompt: {en: "We would like to record this call. Press 1 to agree, 2 if you would rather not."}
    choices: [{to: agreed, key: "1"}, {to: refused, key: "2"}]
  agreed: {kind: set, values: {recording_consent: "yes"}, next: people}
  refused: {kind: set, values: {recording_consent: "no"}, next: people}
  people: {kind: queue, queue: cards, prompt: {en: "One moment."}}
"""


@pytest.fixture
def centre(tmp_path):
    folder = tmp_path / "centre"
    shutil.copytree(BANK, folder)
    return folder


def recording(folder, policy):
    path = folder / "centre.yaml"
    text = path.read_text(encoding="utf-8")
    assert "  cards: {" in text or "  cards:\n" in text
    path.write_text(text.replace("ring_s: 15", f"ring_s: 15\n    recording: {policy}", 1))


def told(folder):
    return {one.where: one.what for one in findings(folder) if one.where.startswith("queue ")}


@pytest.mark.parametrize(
    ("policy", "words"),
    [("with_consent", "nobody is recorded"), ("always", "say it before the line")],
)
def test_recording_that_no_flow_announces_is_found(centre, policy, words):
    recording(centre, policy)
    (what,) = told(centre).values()
    assert words in what


def test_recording_that_a_flow_asks_for_is_fine(centre):
    recording(centre, "with_consent")
    (where,) = told(centre)
    (centre / "flows" / "recorded.yaml").write_text(FLOW.replace("cards", where.split()[1]))
    assert told(centre) == {}


def test_centre_that_records_nobody_has_nothing_to_announce(centre):
    assert told(centre) == {}
