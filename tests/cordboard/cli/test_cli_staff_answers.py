"""`cordboard staff --what-if`, `--one-more`, `--prices`: what is asked, shown and refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cordboard.cli import staff_answers
from cordboard.cli.main import app
from cordboard.cli.output import UserError
from cordboard.cli.simulate import read_world
from cordboard.cli.staff_inputs import Wishes, centre_of, read_forecast_file
from cordboard.cli.staff_whatif import Circumstances, circumstances_of, variants_of
from simulator.staffing.variants import ALL_CALLS
from tests.simulator.staffing.test_variants import two_teams

BANK = Path(__file__).parents[3] / "examples/retail-bank"

WISHES = Wishes(
    service_level=0.8,
    within_s=None,
    abandon_max=None,
    probability=None,
    each_interval=False,
    patience_s=None,
    shrinkage=0.0,
    agents_max=100,
    skill_premium=0.1,
)

SMALL = """type,start,calls,aht_s
billing,09:00,12,200
billing,09:30,18,200
"""


@pytest.fixture
def forecast(tmp_path):
    path = tmp_path / "forecast.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture
def shifts(tmp_path):
    path = tmp_path / "shifts.yaml"
    path.write_text("shifts: [{name: hour, hours: 1}]", encoding="utf-8")
    return path


@pytest.fixture
def now():
    return Circumstances(
        centre=two_teams(),
        served=np.array([0.2, 0.0]),
        lost=np.array([0.0, 0.1]),
        premium=0.1,
        has_shifts=True,
    )


def run(*words):
    return CliRunner().invoke(app, ["staff", *(str(word) for word in words)])


def test_differences_and_prices_are_shown_for_people_and_for_programs(forecast, shifts, tmp_path):
    page = tmp_path / "plan.html"
    words = (forecast, "--patience", 200, "--shifts", shifts, "--what-if", "usual")
    words += ("--one-more", "--prices", "--asa-max", 60, "--occupancy-max", 0.95)
    outcome = run(*words, "--report", page)
    assert outcome.exit_code == 0, outcome.output
    assert "What if?" in outcome.stdout
    assert "no-shows=5%" in outcome.stdout
    assert "hour 09:00-10:00" in outcome.stdout
    assert "asa_s of billing <= 60 over the day" in outcome.stdout
    assert "What is one more agent worth?" in page.read_text(encoding="utf-8")
    told = json.loads(run(*words[:-6], "--what-if", "aht=+10%", "--json").stdout)
    longer = next(one for one in told["answers"]["what_ifs"] if one["name"] == "aht=+10%")
    assert longer["service_level"][ALL_CALLS]["difference"] < 0
    assert told["answers"]["prices"] == []


def test_the_bank_s_flow_serves_what_its_scenario_says():
    world = read_world(BANK)
    centre = centre_of(read_forecast_file(BANK / "forecast.csv"), BANK, WISHES)
    known = circumstances_of(centre, world, premium=0.1, has_shifts=False)
    assert known.served.tolist() == [0.28, 0.12, 0.18]
    assert known.lost.tolist() == [0.02, 0.02, 0.03]


@pytest.mark.parametrize(
    ("text", "name", "field", "value"),
    [
        ("aht=+10%", "aht=+10%", "handle", [1.1, 1.1]),
        ("aht:loans=-5%", "aht:loans=-5%", "handle", [1.0, 0.95]),
        ("patience=-20 %", "patience=-20 %", "patience", [0.8, 0.8]),
        ("calls:cards=+2.5%", "calls:cards=+2.5%", "calls", [1.025, 1.0]),
        ("self-service=+10%", "self-service=+10%", "calls", [0.7 / 0.8, 0.8 / 0.9]),
        ("no-shows=5%", "no-shows=5%", "absent_share", 0.05),
        ("learn:tellers=loans", "tellers learns loans", "more", None),
    ],
)
def test_what_ifs_are_read(now, text, name, field, value):
    [variant] = variants_of([text], now)
    assert variant.name == name
    found = getattr(variant, field)
    assert found == pytest.approx(value) if value is not None else found is None


def test_usual_asks_for_everything_and_learn_for_every_training(now):
    usual = [variant.name for variant in variants_of(["usual"], now)]
    assert "self-service=-5%" not in usual  # nobody is served by the flow of loans
    assert usual[-2:] == ["tellers learns loans", "lenders learns cards"]
    assert "no-shows=5%" in usual
    assert len(variants_of(["learn", "aht=+1%"], now)) == 3
    nobody_lends = replace(now, team=np.array([[3], [0]]))
    [only] = variants_of(["learn"], nobody_lends)
    assert only.name == "tellers learns loans"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("aht", "say how much in percent, as [+]10% or -5%"),
        ("aht=10", "say how much in percent"),
        ("aht=-100%", "less than nothing is left"),
        ("weather=+10%", "'weather' is not known; ask for self-service, calls"),
        ("=", "write for example aht=[+]10%"),
        ("aht:homes=+10%", "'homes' is not one of cards, loans"),
        ("no-shows=0%", "write no-shows=5%"),
        ("no-shows:cards=5%", "write no-shows=5%"),
        ("self-service=-10%", "loans: the call flow would serve -10% of callers"),
        ("learn:tellers", "learn:GROUP=QUEUE"),
        ("learn:tellers=cards", "tellers takes cards already"),
    ],
)
def test_a_what_if_that_says_nothing_possible_is_explained(now, text, problem):
    with pytest.raises(UserError, match=problem):
        variants_of([text], now)


def test_no_shows_without_shifts_are_refused(forecast):
    outcome = run(forecast, "--patience", 200, "--what-if", "no-shows=5%")
    assert isinstance(outcome.exception, UserError)
    assert "give --shifts" in str(outcome.exception)


def test_an_interrupted_question_shows_what_was_known_by_then(forecast, shifts, monkeypatch):
    whole = staff_answers._prices

    def interrupted(*asked):
        yield next(whole(*asked))
        raise KeyboardInterrupt

    monkeypatch.setattr(staff_answers, "_prices", interrupted)
    words = (forecast, "--patience", 200, "--shifts", shifts, "--abandon-max", 0.2, "--prices")
    outcome = run(*words)
    assert "interrupted; what follows is what was known by then" in outcome.stderr
    assert "0.79 instead of 0.8" in outcome.stdout
    assert "without it" not in outcome.stdout.replace("planned again without it", "")
