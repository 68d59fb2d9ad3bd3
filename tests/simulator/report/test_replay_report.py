"""The reports of a recorded day and of a look ahead, and what they say of a change."""

import csv
import io
import json

import pytest

from acd.events import LeaderElected
from simulator.day import Day, watch_day
from simulator.figure_names import number
from simulator.recorded import recorded_day
from simulator.relive import fidelity, relive, relived_world
from simulator.replay import NOTHING, journal_of, replay
from simulator.report import (
    Lives,
    Origin,
    outlook_study,
    replay_study,
    study_csv,
    study_json,
    study_page,
)
from simulator.report.comparison import Compared, comparison_table
from simulator.report.figures import Figure
from simulator.report.recorded_side import recorded_sample
from simulator.scenario import Shift, Worker
from simulator.streams import Streams
from simulator.whatif import Change, Present, look_ahead
from simulator.whatif.change import agents_like
from tests.simulator.report.pages import assert_stands_alone
from tests.simulator.small_centre import scenario

SHIFT = Worker(shifts=(Shift(start="07:59", until="10:00"),))
WORLD = scenario(agents=4, worker=SHIFT)
FEWER = scenario(agents=2, worker=SHIFT)
MADE_BY = Origin(command="cordboard replay day.jsonl", seed=1)
HOUR_MS = 3_600_000


@pytest.fixture(scope="module")
def lived_day():
    """A simulated day, watched, and its journal."""
    day = Day(WORLD, Streams(7))
    day.world.recorded = []
    result = day.run()
    return result, list(journal_of(day.world.recorded, day.world.centre.config))


@pytest.fixture(scope="module")
def study(lived_day):
    _, entries = lived_day
    day = recorded_day(entries, NOTHING)
    world = relived_world(day)
    lived = relive(world, lives=3, is_watched=True)
    other = relive(world.with_staff(FEWER), lives=3, is_watched=True)
    lives = Lives(
        entries=entries,
        day=day,
        world=world,
        fidelity=fidelity(replay(entries).account, lived),
        lived=lived,
        other=other,
        change="half the agents of <anywhere>",
    )
    return replay_study(lives, title="Replay of day", origin=MADE_BY)


@pytest.fixture(scope="module")
def present():
    begun = Day(WORLD, Streams(3)).world
    begun.tell(LeaderElected(begun.now_ms, 1, "twin", 1, 1))
    begun.run_until(8 * HOUR_MS + HOUR_MS // 2)
    return Present(centre=begun.centre.to_plain(), at_ms=begun.now_ms, midnight_ms=0)


def ahead(present, change):
    outlook = look_ahead(present, WORLD, change, minutes=10, futures=3)
    return outlook_study(
        outlook,
        title=f"What if: {outlook.change}",
        begins_ms=present.at_ms,
        is_changed=change != Change(),
        origin=MADE_BY,
    )


@pytest.fixture(scope="module")
def outlook(present):
    return ahead(present, agents_like(WORLD.centre, "a000", 2))


def test_recorded_day_is_counted_as_it_was_simulated(lived_day):
    result, entries = lived_day
    sample = recorded_sample(entries, recorded_day(entries, NOTHING), 1_800_000)
    simulated = result.account.queues["q"].intervals
    assert sample.queues["q"] == dict(simulated)


def test_recorded_course_is_that_of_the_day(lived_day):
    """The journal of a watched day, folded again, shows the same callers and agents."""
    watched = watch_day(WORLD, 7).course
    _, entries = lived_day
    sample = recorded_sample(entries, recorded_day(entries, NOTHING), 1_800_000)
    assert sample.course.waiting_ms == watched.waiting_ms
    assert sample.course.times == watched.times
    assert sample.course.answered_waits == watched.answered_waits


def test_replay_page_is_well_formed_and_stands_alone(study):
    page = study_page(study)
    assert_stands_alone(page)
    assert "half the agents of &lt;anywhere&gt;" in page


def test_fidelity_of_the_page_is_that_of_the_json(study):
    page = assert_stands_alone(study_page(study))
    told = json.loads(study_json(study))["fidelity"]
    shown = page.tables["Fidelity"][1:]
    assert [row[1] for row in shown] == [number(one["name"], one["recorded"]) for one in told]
    assert [row[4].startswith("like") for row in shown] == [one["is_within"] for one in told]


def test_half_the_agents_are_told_to_be_worse(study):
    told = {one.name: one for one in study.differences}
    assert told["service_level"].difference.mean < 0
    assert told["offered"].difference.mean == 0


def test_replay_table_has_a_row_for_each_figure(study):
    rows = {row["figure"]: row for row in csv.DictReader(io.StringIO(study_csv(study)))}
    assert float(rows["offered"]["recorded"]) == float(rows["offered"]["predicted"])
    assert float(rows["service_level"]["difference"]) < 0


def compared(mean, half_width):
    one = Figure(0.5, 0.01, 9)
    return Compared(name="asa_s", as_is=one, changed=one, difference=Figure(mean, half_width, 9))


@pytest.mark.parametrize(
    ("mean", "half_width", "verdict"),
    [
        (2.0, 1.0, "more"),
        (-2.0, 1.0, "less"),
        (1.0, 2.0, "not clear"),
        (0.0, 0.0, "the same"),
        (1.0, None, "not clear"),
    ],
)
def test_difference_is_told_in_words_too(mean, half_width, verdict):
    page = comparison_table([compared(mean, half_width)], as_is="is", changed="would be")
    assert verdict in page


def test_outlook_page_is_well_formed_and_stands_alone(outlook):
    assert_stands_alone(study_page(outlook))


def test_outlook_figures_of_the_page_are_those_of_the_json(outlook):
    page = assert_stands_alone(study_page(outlook))
    told = json.loads(study_json(outlook))
    shown = page.tables["Differences"][1:]
    assert [row[1].split(" ±")[0] for row in shown] == [
        number(one["name"], one["as_is"]["mean"]) for one in told["figures"]
    ]


def test_waiting_callers_are_told_from_now_to_the_horizon(outlook):
    assert outlook.times[0] == "08:30"
    assert outlook.times[-1] == "08:40"
    [panel] = outlook.waiting
    assert [one.label for one in panel.series] == ["as it is", "changed"]
    assert all(len(one.values) == 11 for one in panel.series)


def test_outlook_table_has_a_row_for_each_figure(outlook):
    rows = {row["figure"]: row for row in csv.DictReader(io.StringIO(study_csv(outlook)))}
    assert float(rows["offered"]["difference"]) == 0


def test_outlook_without_a_change_tells_what_comes(present):
    page = study_page(ahead(present, Change()))
    assert_stands_alone(page)
    assert "What do the next minutes bring?" in page
