"""`cordboard intents`: a flow's understanding of sentences, measured from the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cordboard.cli.main import app
from cordboard.cli.output import UserError

BANK = Path(__file__).parents[3] / "examples/retail-bank"
FLOW = BANK / "flows/main.yaml"
SENTENCES = BANK / "sentences.tsv"


def run(*words):
    return CliRunner().invoke(app, ["intents", "test", *map(str, words)])


def table(tmp_path, text):
    file = tmp_path / "said.tsv"
    file.write_text(text, encoding="utf-8")
    return file


def test_figures_of_a_table_are_given():
    outcome = run(FLOW, SENTENCES, "--json")
    assert outcome.exit_code == 0
    figures = json.loads(outcome.stdout)
    assert figures["sentences"] == 28
    assert figures["accuracy"] > 0.6
    assert sum(one["count"] for one in figures["bins"]) == 24
    wrong = sum(one["count"] for one in figures["confusions"])
    assert wrong == round(24 * (1 - figures["accuracy"]))


def test_report_is_for_people():
    outcome = run(FLOW, SENTENCES)
    assert outcome.exit_code == 0
    assert "calibration error" in outcome.stdout
    assert "out of scope, noticed" in outcome.stdout


def test_accuracy_below_the_least_is_found(tmp_path):
    file = table(tmp_path, "I lost my card\tlost_card\nI lost my card\taccount_details\n")
    assert run(FLOW, file, "--least", "0.5").exit_code == 0
    outcome = run(FLOW, file, "--least", "0.6")
    assert outcome.exit_code == 1
    assert "below 60.0%" in outcome.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I lost my card\tlost_kard\n", "there are: lost_card"),
        ("I lost my card\n", "line 1"),
        ("\n", "no sentences"),
    ],
)
def test_mistake_in_the_table_says_what_is_right(tmp_path, text, said):
    outcome = run(FLOW, table(tmp_path, text))
    assert isinstance(outcome.exception, UserError)
    assert said in str(outcome.exception)


def test_missing_table_is_named():
    outcome = run(FLOW, "nowhere.tsv")
    assert isinstance(outcome.exception, UserError)
    assert "cannot read nowhere.tsv" in str(outcome.exception)


def test_flow_without_intents_has_nothing_to_measure(tmp_path):
    flow = tmp_path / "flow.yaml"
    text = FLOW.read_text(encoding="utf-8")
    flow.write_text(text[: text.index("\nintents:")], encoding="utf-8")
    outcome = run(flow, SENTENCES)
    assert isinstance(outcome.exception, UserError)
    assert "nothing to tell apart" in str(outcome.exception)
