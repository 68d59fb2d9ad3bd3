"""`cordboard erlang`, as a planner runs it."""

import json

import pytest
from typer.testing import CliRunner

from cordboard.cli.main import app
from cordboard.cli.output import UserError


def run(*words):
    return CliRunner().invoke(app, ["erlang", *words])


def test_smallest_team_for_the_textbook_load():
    answer = json.loads(
        run("--calls", "100", "--aht", "180", "--shrinkage", "0.3", "--json").stdout
    )
    assert answer["agents"] == 14
    assert answer["rostered"] == 20
    assert answer["service_level"] == pytest.approx(0.88835, abs=5e-6)


def test_patience_makes_it_erlang_a():
    words = ["--calls", "100", "--aht", "180", "--agents", "14", "--patience", "300", "--json"]
    answer = json.loads(run(*words).stdout)
    assert answer["formula"] == "A"
    assert answer["p_abandon"] == pytest.approx(0.013984, abs=5e-7)


def test_table_is_for_people():
    assert "answered within 20 s, of offered" in run("--calls", "100", "--aht", "180").stdout


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--calls", "100", "--aht", "180", "--agents", "9"], "at least 11 agents"),
        (["--calls", "100", "--aht", "180", "--per", "0"], "longer than 0 s"),
        (["--calls", "100", "--aht", "-1"], "handle_s"),
    ],
)
def test_impossible_figures_are_explained(words, problem):
    outcome = run(*words)
    assert isinstance(outcome.exception, UserError)
    assert problem in str(outcome.exception)
