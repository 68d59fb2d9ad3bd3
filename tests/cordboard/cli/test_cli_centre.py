"""The commands that read a centre's folder: check, simulate, serve; what is wrong in one line."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cordboard.cli.check import findings
from cordboard.cli.main import app
from cordboard.cli.output import UserError, stop

BANK = Path(__file__).parents[3] / "examples/retail-bank"

CREDENTIALS = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token",
    "CORDBOARD_SECRET": "a secret that is long enough",
    "CORDBOARD_PUBLIC_URL": "https://centre.example",
}


@pytest.fixture
def centre(tmp_path):
    folder = tmp_path / "centre"
    shutil.copytree(BANK, folder)
    return folder


def change(folder, old, new, file="centre.yaml"):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def run(*words, **environment):
    return CliRunner().invoke(app, [str(word) for word in words], env=environment)


def test_example_has_nothing_to_mend():
    outcome = run("check", BANK)
    assert outcome.exit_code == 0
    assert "nothing to mend" in outcome.stdout


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ring_s: 15", "ring_s: 9999", "ring_s"),
        ("pacer: progressive", "pacer: reckless", "use "),
        ("lines_max: 8", "lines_max: 0", "1 to"),
        ("leads: leads.csv", "leads: nowhere.csv", "there is no file"),
        ("abandon_percent_max: 3.0", "abandon_percent_max: 4.0", "310.4"),
        ("purpose: service", "purpose: marketing", "regist"),
        ("queues:\n  cards:", "queues:\n  kards:", "cards"),
    ],
)
def test_each_mistake_is_found_with_what_would_be_right(centre, old, new, said):
    change(centre, old, new)
    found = findings(centre)
    assert found
    assert any(said in one.what for one in found), found


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("leads.csv", "leed,number\nL1,+442079460200\n", "use lead"),
        ("leads.csv", "lead,number\nL1,12\n", "leads.csv:2"),
        ("leads.csv", "lead,number\nL1,+442079460200\nL1,+442079460201\n", "leads.csv:3"),
        ("people.yaml", "[]", "people.yaml"),
        ("scenario.yaml", "name: nothing", "scenario.yaml"),
    ],
)
def test_files_beside_the_settings_are_looked_into(centre, file, text, said):
    (centre / file).write_text(text)
    assert any(said in f"{one.where} {one.what}" for one in findings(centre))


def test_empty_journal_is_refused(tmp_path):
    (tmp_path / "journal.jsonl").touch()
    outcome = run("replay", tmp_path / "journal.jsonl")
    assert isinstance(outcome.exception, UserError)
    assert "is empty" in str(outcome.exception)


def test_missing_folder_is_one_finding(tmp_path):
    [one] = findings(tmp_path / "nothing")
    assert "centre.yaml" in one.where


def test_found_mistakes_make_the_exit_code(centre):
    change(centre, "pacer: progressive", "pacer: reckless")
    outcome = run("check", centre, "--json")
    assert outcome.exit_code == 1
    assert json.loads(outcome.stdout)[0]["is_error"]


def test_simulated_day_prints_the_measures_and_balances():
    outcome = run("simulate", BANK, "--seed", "3", "--workers", "1", "--json")
    assert outcome.exit_code == 0
    report = json.loads(outcome.stdout)
    assert report["balances"]
    assert 0 < report["figures"]["service_level"] <= 1
    assert sum(report["calls"].values()) > 500


def test_part_of_the_day_counts_only_its_callers():
    words = ("simulate", BANK, "--workers", "1", "--from", "10:00", "--until", "11:00", "--json")
    figures = json.loads(run(*words).stdout)["figures"]
    whole = json.loads(run("simulate", BANK, "--workers", "1", "--json").stdout)["figures"]
    assert 0 < figures["offered"]["mean"] < whole["offered"] / 4


def test_callers_walk_the_flow_that_is_named_and_another_flow_changes_the_day(tmp_path):
    """Without the answer to branch hours whoever asks for them needs a person."""
    flow = Path(BANK) / "flows/main.yaml"
    text = flow.read_text(encoding="utf-8")
    without = tmp_path / "without.yaml"
    without.write_text(text.replace("to: branch_hours", "to: staffed"), encoding="utf-8")
    figures = [
        json.loads(run("simulate", BANK, "--flow", file, "--workers", "1", "--json").stdout)[
            "figures"
        ]
        for file in (flow, without)
    ]
    assert figures[0]["containment"] > 0.15 > figures[1]["containment"]
    assert figures[1]["general.offered"] > figures[0]["general.offered"]
    assert figures[0]["flow.menu.callers"] > 700
    assert "flow.branch_hours.callers" not in figures[1]


def test_days_of_a_study_can_be_one_of_the_calendar():
    words = ("simulate", BANK, "--workers", "1", "--json", "--on")
    eve = json.loads(run(*words, "christmas_eve").stdout)["figures"]
    assert eve["offered"] < 400
    outcome = run(*words, "easter")
    assert "'easter' is no day of the calendar; it has mon" in str(outcome.exception)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--flow", "no-such-flow.yaml"), "cannot read no-such-flow.yaml"),
        (("--days", "0"), "at least one"),
        (("--workers", "-1"), "0 for all"),
        (("--from", "ten"), "times of day"),
        (("--from", "11:00", "--until", "10:00"), "later than"),
    ],
)
def test_wrong_use_of_simulate_says_what_is_right(words, said):
    outcome = run("simulate", BANK, *words)
    assert isinstance(outcome.exception, UserError)
    assert said in str(outcome.exception)


def test_serving_without_credentials_names_what_is_missing(monkeypatch):
    for name in CREDENTIALS:
        monkeypatch.delenv(name, raising=False)
    outcome = run("serve", "--config", BANK)
    assert isinstance(outcome.exception, UserError)
    assert "CORDBOARD_SECRET" in str(outcome.exception)


def test_serving_with_an_unreachable_store_says_so_in_one_line(tmp_path):
    words = ("serve", "--config", BANK, "--port", "0", "--webhooks-port", "0")
    environment = CREDENTIALS | {
        "REDIS_URL": f"unix://{tmp_path}/nobody.sock",
        "CORDBOARD_DATA": str(tmp_path / "data"),
    }
    outcome = run(*words, **environment)
    assert isinstance(outcome.exception, UserError)
    assert "nobody.sock" in str(outcome.exception)
    assert "\n" not in str(outcome.exception)


def test_serving_from_a_broken_folder_names_the_file(centre):
    change(centre, "ring_s: 15", "ring_s: fifteen")
    outcome = run("serve", "--config", centre, **CREDENTIALS)
    assert isinstance(outcome.exception, UserError)
    assert "centre.yaml" in str(outcome.exception)


def test_problem_with_square_brackets_is_printed_as_it_is(tmp_path, capsys):
    with pytest.raises(SystemExit):
        stop("no folder [/x] and no field $[red]")
    assert "no folder [/x] and no field $[red]" in capsys.readouterr().err
    outcome = run("check", tmp_path / "[/x]")
    assert outcome.exit_code == 1
    assert "[/x]" in outcome.stderr


def test_journal_whose_entries_are_out_of_order_is_refused_in_one_line(tmp_path):
    tick = '{"id":"%s","a":"%s","d":"{}","n":"","t":"ClockTicked","w":"1"}\n'
    path = tmp_path / "journal.jsonl"
    path.write_text(tick % ("20-0", "a1") + tick % ("10-0", "a2"), encoding="utf-8")
    outcome = run("replay", path)
    assert isinstance(outcome.exception, UserError)
    assert "entry 10-0 was read after 20-0" in str(outcome.exception)
