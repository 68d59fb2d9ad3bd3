"""The report of simulated days: what it says is what was simulated, whatever queues are called."""

import csv
import dataclasses
import io
import json

import pytest
from msgspec.structs import replace

from acd.ids import QueueId
from simulator.figure_names import number
from simulator.report import Origin, study_csv, study_json, study_page, twin_study
from simulator.report.metrics import MEANINGS
from simulator.scenario import Break, Shift, Worker
from simulator.study import simulate
from tests.simulator.report.pages import assert_stands_alone
from tests.simulator.small_centre import scenario

HOSTILE = "<script>alert('&')</script>"
REST = Break(at="08:30", minutes=15)


def with_queue_named(world, name):
    queue = dataclasses.replace(world.centre.acd.queues[0], queue_id=QueueId(name))
    centre = dataclasses.replace(
        world.centre, acd=dataclasses.replace(world.centre.acd, queues=(queue,))
    )
    calls = {kind: replace(one, queue=name) for kind, one in world.calls.items()}
    return replace(world, calls=calls, centre=centre)


WORLD = with_queue_named(
    scenario(
        agents=4, worker=Worker(shifts=(Shift(start="08:00", until="09:30", breaks=(REST,)),))
    ),
    HOSTILE,
)
MADE_BY = Origin(command="cordboard simulate <here>", seed=3)


@pytest.fixture(scope="module")
def result():
    return simulate(WORLD, days=4, seed=3, is_watched=True)


@pytest.fixture(scope="module")
def study(result):
    return twin_study(result, WORLD, MADE_BY)


@pytest.fixture(scope="module")
def told(study):
    return json.loads(study_json(study))


def panel(panels, name=None):
    return next(one for one in panels if name in (None, one["name"]))


def series(panel, label):
    return next(one for one in panel["series"] if one["label"] == label)


def test_page_is_well_formed_and_stands_alone(study):
    assert_stands_alone(study_page(study))


def test_hostile_names_are_quoted_everywhere(study):
    page = study_page(study)
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;" in page
    assert "cordboard simulate &lt;here&gt;" in page


def test_figures_of_the_page_are_those_of_the_json(study, told):
    page = assert_stands_alone(study_page(study))
    shown = page.tables["Figures of the queues"][1]
    names = ("offered", "service_level", "asa_s", "aht_s", "abandonment")
    for cell, name in zip(shown[1:], names, strict=True):
        assert cell.startswith(number(name, told["figures"][name]["mean"]))


def test_lines_of_the_page_are_those_of_the_json(study, told):
    page = assert_stands_alone(study_page(study))
    told_series = panel(told["lines"]["levels"])["series"][0]
    rows = page.tables[f"What service level will callers meet? {HOSTILE}"][1:]
    written = ["-" if one is None else f"{100 * one:.1f} %" for one in told_series["values"]]
    assert [row[1] for row in rows] == written


def test_scheduled_agents_have_their_breaks_taken_off(told):
    lines = told["lines"]
    scheduled = series(panel(lines["staff"]), "scheduled")["values"]
    assert dict(zip(lines["starts"], scheduled, strict=True)) == {
        "08:00": 4,
        "08:30": 2,
        "09:00": 4,
    }


def test_agents_at_work_are_those_who_came_less_those_on_a_break(told):
    at_work = series(panel(told["lines"]["staff"]), "at work")
    assert at_work["values"][0] == pytest.approx(4)
    assert 2 <= at_work["values"][1] < 3  # some finish a call before their break
    assert all(low <= high for low, high in zip(at_work["low"], at_work["high"], strict=True))


def test_callers_waiting_add_up_to_their_waits(result, told):
    """Little's law, exact over the day: time spent in the queue is the sum of all waits."""
    waiting = panel(told["lines"]["queues"])["series"][0]["values"]
    waited_ms = sum(
        counts.answered_wait_ms + counts.abandoned_wait_ms
        for day in result.days
        for counts in (day.account.total,)
    )
    assert sum(waiting) * 1_800_000 * 4 == pytest.approx(waited_ms, rel=0.02)


def test_shares_of_waits_add_up_to_one(told):
    for one in told["lines"]["waits"][0]["series"]:
        assert sum(one["values"]) == pytest.approx(1)


def test_csv_has_a_row_for_each_interval(study, told):
    rows = list(csv.DictReader(io.StringIO(study_csv(study))))
    assert [row["start"] for row in rows] == told["lines"]["starts"]
    assert float(rows[0][f"{HOSTILE} scheduled"]) == 4


def test_csv_keeps_names_from_being_formulas():
    from simulator.report.spellings import csv_text

    assert csv_text("name", ["=1+1"], {"note": ["+x"]}) == "name,note\n'=1+1,'+x\n"


def test_same_seed_gives_the_same_bytes(study):
    again = twin_study(simulate(WORLD, days=4, seed=3, is_watched=True), WORLD, MADE_BY)
    assert study_page(again) == study_page(study)
    assert study_json(again) == study_json(study)
    assert study_csv(again) == study_csv(study)


def test_watching_a_day_changes_nothing_of_it(result):
    plain = simulate(WORLD, days=4, seed=3)
    assert [day.account for day in plain.days] == [day.account for day in result.days]
    assert plain.days[0].course is None


def test_every_figure_of_the_page_is_defined(told):
    assert set(told["meanings"]) <= set(MEANINGS)
    assert "service level" in told["meanings"]


def test_one_day_has_no_band_and_says_so():
    study = twin_study(simulate(WORLD, days=1, seed=3, is_watched=True), WORLD, MADE_BY)
    page = study_page(study)
    assert_stands_alone(page)
    assert "One day alone" in page
    assert study.lines.levels[0].series[0].low is None
