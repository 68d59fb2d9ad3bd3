"""`--report`: the same option for every command that makes a study, and what it writes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cordboard.cli.main import app
from cordboard.cli.output import UserError
from cordboard.cli.study_file import check_report_files, command_line

BANK = Path(__file__).parents[3] / "examples/retail-bank"


def test_ending_says_how_a_study_is_written():
    files = [Path("a.html"), Path("b.CSV"), Path("c.json")]
    assert check_report_files(files) == tuple(files)
    assert check_report_files(None) == ()
    with pytest.raises(UserError, match=r"day\.pdf; its name must end in \.html, \.csv, \.json"):
        check_report_files([Path("day.pdf")])


@pytest.mark.parametrize("command", ["simulate", "staff", "replay", "whatif", "calibrate"])
def test_every_study_can_be_written(command):
    told = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).output
    assert "--report" in told


def test_command_is_told_without_what_changes_nothing():
    words = ["simulate", "bank", "--workers", "2", "--report", "a.html", "--seed", "3", "--json"]
    assert command_line(words) == "cordboard simulate bank --seed 3"
    assert command_line(["simulate", "bank", "--report=a.html"]) == "cordboard simulate bank"
    assert command_line(["simulate", "--json", "bank"]) == "cordboard simulate bank"


def test_passwords_are_left_out_of_the_command():
    address = "postgresql://keeper:secret@db.example/history"
    told = command_line(["calibrate", "--history", address])
    assert "secret" not in told
    assert "keeper:***@db.example" in told


def test_simulated_day_is_written_in_all_three_ways(tmp_path):
    files = [tmp_path / f"day.{ending}" for ending in ("html", "csv", "json")]
    words = [word for file in files for word in ("--report", str(file))]
    outcome = CliRunner().invoke(app, ["simulate", str(BANK), "--json", *words])
    assert outcome.exit_code == 0, outcome.output
    page, table, told = (file.read_text(encoding="utf-8") for file in files)
    study = json.loads(told)
    assert study["figures"]["offered"]["mean"] == json.loads(outcome.stdout)["figures"]["offered"]
    assert study["origin"]["seed"] == 1
    assert table.startswith("start,")
    assert len(table.splitlines()) == 1 + len(study["lines"]["starts"])
    assert f"<h1>{study['title']}</h1>" in page
