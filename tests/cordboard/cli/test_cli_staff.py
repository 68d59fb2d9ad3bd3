"""`cordboard staff`: small days planned, the example's files read, mistakes named."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cordboard.cli.deferred_file import read_deferred
from cordboard.cli.main import app
from cordboard.cli.output import UserError
from cordboard.cli.shift_file import read_shifts
from cordboard.cli.staff_inputs import Wishes, centre_of, read_forecast_file
from cordboard.cli.staff_proof import TwinVerdict, asked_for_more
from simulator.scenario_file import read_scenario

BANK = Path(__file__).parents[3] / "examples/retail-bank"

SMALL = """type,start,calls,aht_s
billing,09:00,12,200
billing,09:30,18,200
"""


@pytest.fixture
def forecast(tmp_path):
    path = tmp_path / "forecast.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path


def run(*words):
    return CliRunner().invoke(app, ["staff", *(str(word) for word in words)])


def wishes(**changes):
    plain = {
        "service_level": 0.8,
        "within_s": None,
        "abandon_max": None,
        "probability": None,
        "each_interval": False,
        "patience_s": None,
        "shrinkage": 0.0,
        "agents_max": 100,
        "skill_premium": 0.1,
    }
    return Wishes(**(plain | changes))


def bank(**changes):
    return centre_of(read_forecast_file(BANK / "forecast.csv"), BANK, wishes(**changes))


def test_small_day_is_planned_with_shifts_and_written(forecast, tmp_path):
    rules, figures, page = (tmp_path / name for name in ("shifts.yaml", "plan.csv", "plan.html"))
    roster = tmp_path / "roster.csv"
    rules.write_text("shifts: [{name: hour, hours: 1}]", encoding="utf-8")
    outcome = run(
        *(forecast, "--patience", 200, "--shifts", rules),
        *("--out", figures, "--report", page, "--roster", roster, "--json"),
    )
    assert outcome.exit_code == 0, outcome.output
    study = json.loads(outcome.stdout)
    assert study["starts"] == ["09:00", "09:30"]
    assert all(target["is_met"] for target in study["targets"])
    [group] = study["groups"]
    assert group["paid_hours"] == sum(shift["agents"] for shift in study["shifts"])
    rows = list(csv.DictReader(figures.read_text(encoding="utf-8").splitlines()))
    assert [int(row["scheduled billing"]) for row in rows] == group["team"]
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    agents = roster.read_text(encoding="utf-8").splitlines()[1:]
    assert agents == ["billing,hour,09:00,10:00,,"] * int(group["paid_hours"])


def test_table_is_for_people(forecast):
    outcome = run(forecast, "--patience", 200)
    assert outcome.exit_code == 0, outcome.output
    assert "09:30" in outcome.stdout
    assert "took no part in the search" in outcome.stdout


def test_targets_out_of_reach_end_with_the_nearest_figure(forecast):
    outcome = run(forecast, "--patience", 200, "--agents-max", 1)
    assert outcome.exit_code == 1
    assert "cannot be met; nearest is 0." in outcome.stderr
    assert len(outcome.stderr.strip().splitlines()) == 1


def test_example_forecast_is_what_the_scenario_sends_to_its_queues():
    scenario = read_scenario(BANK / "scenario.yaml")
    for kind in read_forecast_file(BANK / "forecast.csv").types:
        callers = scenario.calls[kind.name]
        left = 1 - callers.flow.self_served - callers.flow.abandoned
        np.testing.assert_allclose(kind.calls, left * scenario.expected(kind.name), atol=0.05)


def test_agents_who_take_the_same_queues_are_one_group():
    groups = {group.name: group.cost_per_hour for group in bank().groups}
    assert groups == {
        "cards + general": 1.1,
        "cards + payments": 1.1,
        "cards + payments + general": 1.2,
        "payments + general": 1.1,
        "general": 1.0,
        "payments": 1.0,
    }


def test_scenario_gives_patience_and_spread_and_the_settings_the_threshold():
    centre = bank(each_interval=True, abandon_max=0.05)
    cards = centre.demands[0]
    assert cards.patience.mean == 365
    assert cards.within_s == 20
    assert centre.variability.day_cv == 0.063
    assert [target.scope for target in centre.targets] == ["interval"] * 6


def test_example_shifts_are_read():
    full, half = read_shifts(BANK / "shifts.yaml")
    assert (full.length_s, half.length_s) == (8.5 * 3600, 4.5 * 3600)
    assert not full.breaks[0].is_paid
    assert half.breaks[0].is_paid


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("18,200", "many,200", "row 3, column calls: 'many' is not a number"),
        ("09:30", "9h30", "row 3, column start: '9h30' is no time of day"),
        ("aht_s", "aht", "row 1: no column aht_s"),
    ],
)
def test_bad_forecast_names_row_and_column(forecast, old, new, problem):
    forecast.write_text(SMALL.replace(old, new), encoding="utf-8")
    outcome = run(forecast)
    assert isinstance(outcome.exception, UserError)
    assert problem in str(outcome.exception)
    assert "\n" not in str(outcome.exception)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--service-level", "1.2"], "limit must be between 0 and 1"),
        (["--shrinkage", "1"], "shrinkage must be from 0 to below 1"),
        (["--patience", "-2"], "mean must be a number above 0"),
        (["--scenario", BANK], "'billing' is no queue of the centre; it has cards"),
        (["--shifts", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
    ],
)
def test_wrong_use_is_explained(forecast, words, problem):
    outcome = run(forecast, *words)
    assert isinstance(outcome.exception, UserError)
    assert problem in str(outcome.exception)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("shifts: []", "name at least one"),
        ("shifts: [{name: day, hours: 8, pause: 1}]", "unknown field `pause`"),
        ("shifts: [{name: day, hours: 0}]", "do not fit"),
        ("shifts: [", "while parsing"),
    ],
)
def test_bad_shift_file_is_explained_in_one_line(tmp_path, text, problem):
    path = tmp_path / "shifts.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=problem) as refused:
        read_shifts(path)
    assert "\n" not in str(refused.value)


def test_a_roster_is_tried_in_the_twin(tmp_path):
    """Two quiet hours of the example bank, with shifts of an hour."""
    forecast, rules = tmp_path / "forecast.csv", tmp_path / "shifts.yaml"
    rows = [f"cards,{hour},14,188\npayments,{hour},9,243" for hour in ("10:00", "10:30")]
    forecast.write_text("type,start,calls,aht_s\n" + "\n".join(rows), encoding="utf-8")
    rules.write_text("shifts: [{name: hour, hours: 1}]", encoding="utf-8")
    outcome = run(forecast, "--scenario", BANK, "--shifts", rules, "--verify", 4)
    assert "Tried in the twin, 4 days" in outcome.stdout
    assert outcome.exit_code in (0, 1), outcome.output


def test_work_that_can_wait_is_shown_by_interval_with_what_found_no_place(tmp_path):
    forecast, rules, works = (tmp_path / name for name in ("f.csv", "shifts.yaml", "work.yaml"))
    rows = [f"cards,{hour}:00,{calls},188" for hour, calls in ((9, 40), (10, 4), (11, 40))]
    forecast.write_text("type,start,calls,aht_s\n" + "\n".join(rows), encoding="utf-8")
    rules.write_text("shifts: [{name: all, hours: 3, start_every_minutes: 60}]", encoding="utf-8")
    works.write_text(
        "work: [{name: letters, queue: cards, hours: 99, from: 09:00, until: 12:00}]",
        encoding="utf-8",
    )
    words = (forecast, "--scenario", BANK, "--shifts", rules, "--deferred", works)
    roster = tmp_path / "roster.csv"
    outcome = run(*words, "--verify", 2, "--roster", roster)
    assert "Work that can wait" in outcome.stdout
    assert "of 99 hours placed" in outcome.stdout
    assert "found no place" in outcome.stdout
    assert ",09:00,12:00,,10:00-11:00" in roster.read_text(encoding="utf-8")


def test_work_that_can_wait_needs_shifts(forecast, tmp_path):
    works = tmp_path / "work.yaml"
    works.write_text("work: [{name: a, queue: billing, hours: 1, from: 9:00, until: 10:00}]")
    outcome = run(forecast, "--deferred", works)
    assert isinstance(outcome.exception, UserError)
    assert "give --shifts" in str(outcome.exception)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("work: []", "name at least one"),
        ("work: [{name: a, queue: q, hours: x, from: 9:00, until: 10:00}]", "work.0..hours"),
        ("work: [{name: a, queue: q, hours: 1, from: 9h, until: 10:00}]", "'9h' is no time of day"),
        ("work: [{name: a, queue: q, hours: 1, from: 9:00, until: 8:00}]", "it must end after"),
        ("work: [{name: a, queue: q, hours: 1}]", "missing required field `from`"),
        ("work: [", "while parsing"),
    ],
)
def test_bad_file_of_deferred_work_is_explained_in_one_line(tmp_path, text, problem):
    path = tmp_path / "work.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=problem) as refused:
        read_deferred(path)
    assert "\n" not in str(refused.value)


def test_times_of_deferred_work_are_times_of_day_not_numbers():
    """An unquoted 10:00 is a number of minutes to YAML."""
    _, renewals = read_deferred(BANK / "deferred.yaml")
    assert (renewals.from_s, renewals.until_s) == (10 * 3600, 20 * 3600)


def test_a_proof_in_the_twin_needs_a_centre_and_a_roster(forecast):
    outcome = run(forecast, "--patience", 200, "--verify", 4)
    assert isinstance(outcome.exception, UserError)
    assert "give --scenario and --shifts" in str(outcome.exception)


def test_a_miss_in_the_twin_asks_for_so_much_more():
    centre = centre_of(read_forecast_file(BANK / "forecast.csv"), BANK, wishes(abandon_max=0.05))
    verdicts = [
        TwinVerdict("", 0.8, 0.77, is_met=False, metric="service_level", of="cards"),
        TwinVerdict("", 0.05, 0.06, is_met=False, metric="p_abandon", of="general"),
    ]
    limits = {
        (target.metric, target.of): target.limit
        for target in asked_for_more(centre, centre, verdicts).targets
    }
    assert limits["service_level", "cards"] == pytest.approx(0.835)
    assert limits["service_level", "general"] == 0.8
    assert limits["p_abandon", "general"] == pytest.approx(0.035)


def test_a_least_level_of_every_interval_stands_beside_the_targets_of_the_day():
    centre = centre_of(read_forecast_file(BANK / "forecast.csv"), BANK, wishes(interval_level=0.5))
    asked = {(target.of, target.scope): target.limit for target in centre.targets}
    assert asked["cards", "day"] == 0.8
    assert asked["cards", "interval"] == 0.5
