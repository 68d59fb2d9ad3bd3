"""`cordboard flow`: a flow is proved, drawn, walked and described from the command line."""

import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from defusedxml import ElementTree
from sqlalchemy import create_engine, insert
from typer.testing import CliRunner

from cordboard.cli.main import app
from cordboard.cli.output import UserError
from cordboard.history.schema import flow_calls, flow_walks, metadata

ROOT = Path(__file__).parents[3]
BANK = ROOT / "examples/retail-bank"
FLOW = BANK / "flows/main.yaml"
BROKEN = ROOT / "tests/ivr/broken"


def run(*words, **options):
    return CliRunner().invoke(app, ["flow", *map(str, words)], **options)


def test_example_flow_has_nothing_to_mend():
    outcome = run("check", FLOW, "--centre", BANK)
    assert outcome.exit_code == 0
    assert "nothing to mend" in outcome.stdout


def test_finding_names_its_check_and_line():
    outcome = run("check", BROKEN / "circle_without_question.yaml")
    assert outcome.exit_code == 1
    assert "circle_without_question.yaml:16: [endless-loop] nodes.one:" in outcome.stderr


def test_text_that_is_no_flow_is_a_finding_with_its_line():
    outcome = run("check", BROKEN / "field_unknown.yaml", "--json")
    assert outcome.exit_code == 1
    [found] = json.loads(outcome.stdout)["findings"]
    assert found["where"].endswith("field_unknown.yaml:9")
    assert found["what"] == "at nodes.menu object contains unknown field `prority`"


def test_queue_is_looked_for_in_the_centre_only_when_one_is_named(tmp_path):
    flow = tmp_path / "flow.yaml"
    text = FLOW.read_text(encoding="utf-8")
    flow.write_text(text.replace("queue: payments", "queue: gardening"), encoding="utf-8")
    assert run("check", flow).exit_code == 0
    outcome = run("check", flow, "--centre", BANK)
    assert outcome.exit_code == 1
    assert "[no-such-queue]" in outcome.stderr


def test_intents_taken_for_each_other_are_a_warning(tmp_path):
    """Two intents whose examples differ in nothing that tells them apart."""
    flow = tmp_path / "flow.yaml"
    text = FLOW.read_text(encoding="utf-8")
    twins = "".join(f"      - my transfer number {n} has not arrived\n" for n in range(1, 24, 2))
    others = "".join(f"      - my transfer number {n} has not arrived\n" for n in range(2, 25, 2))
    for name, examples in (("payment_missing", twins), ("account_details", others)):
        begin = text.index("    examples:\n", text.index(f"\n  {name}:\n")) + len("    examples:\n")
        text = text[:begin] + examples + text[begin:]
    flow.write_text(text, encoding="utf-8")
    outcome = run("check", flow, "--json")
    assert outcome.exit_code == 0
    found = json.loads(outcome.stdout)["findings"]
    assert found
    assert all("[confusable]" in one["what"] and not one["is_error"] for one in found)


def test_distances_to_a_person_are_given_for_each_node():
    distances = json.loads(run("check", FLOW, "--distances", "--json").stdout)["distances"]
    assert distances["lost_card"]["turns"] == 0
    assert distances["menu"]["turns"] == 1
    assert "branch_hours" in run("check", FLOW, "--distances").stdout


def test_drawing_goes_to_the_terminal_as_mermaid():
    outcome = run("draw", FLOW)
    assert outcome.exit_code == 0
    assert outcome.stdout.startswith("flowchart TD\n")
    assert re.search(r" n\d+\n$", outcome.stdout)


def test_drawing_is_written_in_the_notation_of_its_ending(tmp_path):
    picture, text = tmp_path / "flow.svg", tmp_path / "flow.mmd"
    assert run("draw", FLOW, "--out", picture).exit_code == 0
    assert run("draw", FLOW, "--out", text).exit_code == 0
    assert ElementTree.fromstring(picture.read_text(encoding="utf-8")).tag.endswith("svg")
    assert text.read_text(encoding="utf-8").startswith("flowchart TD")


def test_calls_that_were_recorded_show_where_callers_went(tmp_path):
    calls = tmp_path / "calls.jsonl"
    for typed in ("1\n1\n", "1\n5\n", "2\n"):
        run("try", FLOW, "--at", "2026-11-23T10:00", "--record", calls, input=typed)
    drawn = run("draw", FLOW, "--walks", calls).stdout
    assert "|100%|" in drawn.replace('"', "")
    assert '"1 50%"' in drawn
    calls.write_text('{"way": ["nowhere", "else"]}\n', encoding="utf-8")
    assert "no call that went through this flow" in str(
        run("draw", FLOW, "--walks", calls).exception
    )


def test_calls_of_the_history_show_where_callers_went(tmp_path):
    url = f"sqlite:///{tmp_path / 'history.db'}"
    engine = create_engine(url)
    metadata.create_all(engine)
    row = {"customer_id": "cu", "flow": "retail-bank", "at_ms": 0, "language": "en-GB"}
    row |= {"intent": "", "outcome": "queued", "turns": 1, "unanswered": 0, "sealed": ""}
    with engine.begin() as connection:
        for call, version, target in (
            ("1", 1, "card_question"),
            ("2", 1, "lost_card"),
            ("3", 7, ""),
        ):
            connection.execute(
                insert(flow_calls).values(row | {"call_id": call, "version": version})
            )
            way = f'["in_your_words", "{target}"]'
            connection.execute(insert(flow_walks).values(call_id=call, way=way, sealed=""))
    engine.dispose()
    assert "50%" in run("draw", FLOW, "--history", url).stdout
    text = FLOW.read_text(encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(text.replace("\nversion: 1", "\nversion: 2"), encoding="utf-8")
    said = str(run("draw", other, "--history", url).exception)
    assert said.endswith("no call through retail-bank version 2; of its versions there are 1, 7")
    both = run("draw", FLOW, "--history", url, "--walks", tmp_path / "calls.jsonl")
    assert "would count twice" in str(both.exception)


def test_png_is_made_by_the_extra_and_named_when_that_is_missing(tmp_path, monkeypatch):
    renderer = ModuleType("resvg_py")
    renderer.svg_to_bytes = lambda svg_string: [137, len(svg_string) % 2]
    monkeypatch.setitem(sys.modules, "resvg_py", renderer)
    picture = tmp_path / "flow.png"
    assert run("draw", FLOW, "--out", picture).exit_code == 0
    assert picture.read_bytes()[:1] == b"\x89"
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    assert "cordboard[drawing]" in str(run("draw", FLOW, "--out", picture).exception)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "nowhere.yaml"), "cannot read nowhere.yaml"),
        (("check", FLOW, "--centre", "nowhere"), "centre.yaml"),
        (("draw", FLOW, "--out", "flow.gif"), ".svg or .png or .mmd"),
        (("draw", FLOW, "--out", "nowhere/flow.svg"), "cannot write nowhere/flow.svg"),
        (("draw", BROKEN / "field_unknown.yaml"), "field_unknown.yaml:9"),
        (("draw", FLOW, "--walks", "nowhere.jsonl"), "cannot read nowhere.jsonl"),
        (("draw", FLOW, "--walks", FLOW), "main.yaml: line 1: "),
        (
            ("try", FLOW, "--at", "2026-11-23", "--record", "nowhere/a.jsonl"),
            "cannot write nowhere",
        ),
    ],
)
def test_wrong_use_says_what_is_right(words, said):
    outcome = run(*words)
    assert isinstance(outcome.exception, UserError)
    assert said in str(outcome.exception)


def test_schema_is_json_that_knows_every_kind_of_node():
    schema = json.loads(run("schema").stdout)
    assert schema["title"] == "Cordboard call flow"
    assert "nodes" in schema["$defs"]["FlowDocument"]["properties"]


def walked(*lines, at="2026-11-23T10:00"):
    return run("try", FLOW, "--at", at, input="".join(f"{line}\n" for line in lines))


def test_piped_lines_walk_the_flow_to_the_queue():
    outcome = walked("1", "5", "I lost my card")
    assert outcome.exit_code == 0
    assert "in_your_words> I lost my card\n" in outcome.stdout
    assert "I am putting you through to the card team now.\n" in outcome.stdout
    assert "[waits in the queue cards]\n" in outcome.stdout
    assert "[the call ends: queued]\n" in outcome.stdout


def test_chosen_language_is_spoken():
    assert "正在为您转接银行卡挂失专席。" in walked("2", "我的卡丢了").stdout


def test_instant_decides_whether_the_office_is_open():
    assert "[waits in the queue general]" in walked("1", "0").stdout
    assert "[records a message for general]" in walked("1", "0", at="2026-11-22T10:00").stdout


def test_end_of_the_lines_is_the_caller_hanging_up():
    outcome = walked()
    assert outcome.exit_code == 0
    assert "opening> [hang up]\n[the call ends: abandoned]\n" in outcome.stdout


def test_interrupt_is_the_caller_hanging_up(monkeypatch):
    def interrupted(_prompt):
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", interrupted)
    outcome = walked()
    assert outcome.exit_code == 0
    assert "[the call ends: abandoned]" in outcome.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--at", "monday"), "2026-11-23T10:00"), (("--caller", "gold"), "segment=gold")],
)
def test_wrong_use_of_try_says_what_is_right(words, said):
    outcome = run("try", FLOW, *words)
    assert isinstance(outcome.exception, UserError)
    assert said in str(outcome.exception)
