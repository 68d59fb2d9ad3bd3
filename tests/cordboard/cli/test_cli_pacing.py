"""`cordboard pacing`, on short shifts."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cordboard.cli.main import app
from cordboard.cli.output import UserError
from cordboard.cli.pacing import find_floor

BANK = Path(__file__).parents[3] / "examples/retail-bank"


def run(*words):
    return CliRunner().invoke(app, ["pacing", *(str(word) for word in words)])


def rows(*words):
    outcome = run(*words, "--json")
    assert outcome.exit_code == 0, outcome.output
    return json.loads(outcome.stdout)


def without_stopwatch(found):
    return [{name: row[name] for name in row if name != "decision_us"} for row in found]


def test_pacers_stand_side_by_side_in_the_order_asked_for():
    found = rows("s10", "--hours", "0.5", "--pacers", "ratio:1.6, progressive")
    assert [row["pacer"] for row in found] == ["ratio:1.6", "progressive"]
    ratio, progressive = found
    assert ratio["utilisation"] > progressive["utilisation"]
    assert ratio["abandonment"] > progressive["abandonment"]


def test_same_seed_gives_the_same_figures():
    beside = ("--verdict-delay", "0")
    words = ("s5", "--hours", "0.5", "--pacers", "adaptive", "--seed", "7", *beside)
    assert without_stopwatch(rows(*words)) == without_stopwatch(rows(*words))


def test_shifts_are_pooled_over_the_following_seeds():
    found = rows("s5", "--hours", "0.25", "--pacers", "preview", "--runs", "3", "--seed", "4")
    assert found[0]["seeds"] == [4, 5, 6]


def test_table_names_floor_and_figures_for_people():
    printed = run("s5", "--hours", "0.25", "--pacers", "progressive").stdout
    assert "s5: 5 agents, 1 shift of 0.25 h, seed 1" in printed
    assert "worst 30 min" in printed


def test_verdict_delay_stands_beside_unless_it_is_left_out():
    words = ("s5", "--hours", "0.25", "--pacers", "progressive")
    [row] = rows(*words)
    assert row["beside"]["scenario"] == "s5-verdict"
    assert row["beside"]["idle_wait_s"] > row["idle_wait_s"]
    [row] = rows(*words, "--verdict-delay", "0")
    assert row["beside"] is None


def test_target_is_what_a_rule_settles_on():
    words = ("s10", "--hours", "1", "--pacers", "predictive", "--verdict-delay", "0")
    [low], [high] = rows(*words, "--target", "1"), rows(*words, "--target", "9")
    assert low["abandonment"] < high["abandonment"]


@pytest.mark.parametrize("name", ["s10-known", "s20-unknown-verdict", "relay50-announced"])
def test_floor_has_variants(name):
    assert find_floor(name, "").name == name


def test_campaign_of_a_scenario_becomes_a_floor():
    floor = find_floor(str(BANK), "")
    assert floor.agents == 4
    assert floor.hours == 11
    assert floor.answer_shares == (0.3,)
    assert floor.talk_s == 120
    assert floor.talk_cv == pytest.approx(110 / 120, rel=0.05)
    assert rows(BANK, "--hours", "0.25", "--pacers", "progressive")[0]["abandonment"] == 0


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["s7"], "floors are s5, s10"),
        (["s10", "--pacers", "reckless"], "there is no pacer 'reckless'"),
        (["s10", "--pacers", "ratio:fast"], "'fast' is not a figure"),
        (["s10", "--pacers", ","], "names none"),
        (["s10", "--hours", "0"], "longer than 0"),
        (["s10", "--runs", "0"], "at least one"),
        (["s5", "--target", "0"], "--target is 0; it must be above 0"),
        (["s5", "--verdict-delay", "-1"], "use 0 to 30 seconds"),
        ([BANK, "--campaign", "surveys"], "it has renewals"),
    ],
)
def test_wrong_use_is_explained_in_one_line(words, problem):
    outcome = run(*words)
    assert isinstance(outcome.exception, UserError)
    assert problem in str(outcome.exception)
    assert "\n" not in str(outcome.exception)
