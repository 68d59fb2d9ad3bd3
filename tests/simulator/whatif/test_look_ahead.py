"""A look ahead from a centre at work: its people go on, and a change shows in pairs."""

import json

import numpy as np
import pytest

from acd.events import LeaderElected
from dialer.centre import Centre
from simulator.day import Day
from simulator.distributions import Constant, Exponential, Lognormal
from simulator.scenario import Break, CalledPeople, Carrier, Flow, Shift, Worker
from simulator.streams import Streams
from simulator.whatif import Change, ChangeError, Present, agents_like, look_ahead, moved
from simulator.whatif.change import coming, leaving, pacing_target
from simulator.whatif.outlook import live
from simulator.whatif.tally import Tally
from tests.simulator.small_centre import scenario

MINUTE_MS = 60_000
HALF_PAST_MS = (8 * 60 + 40) * MINUTE_MS

WORLD = scenario(
    agents=6,
    per_interval=(45.0, 45.0, 45.0, 45.0),
    talk_s=Lognormal(180.0, 200.0),
    patience_s=Exponential(150.0),
    standing=False,
    flow=Flow(time_s=Exponential(20.0), self_served=0.1),
    worker=Worker(shifts=(Shift(start="07:59", until="12:00"),), missed_share=0.02),
    carrier=Carrier(move_s=Constant(0.3)),
    queue={"wrap_up_ms": 10_000},
)

PEOPLE = CalledPeople(
    leads=5_000, answer_share=0.4, talk_s=Exponential(60.0), wrap_s=Constant(5.0), opens_at="08:00"
)


def day_until(world, at_ms, day=0, seed=7):
    """Return a day that has gone by until an instant."""
    begun = Day(world, Streams(seed, day))
    begun.world.tell(LeaderElected(begun.world.now_ms, 1, "twin", 1, 1))
    begun.world.run_until(at_ms)
    return begun


def present_of(begun):
    world = begun.world
    return Present(centre=world.centre.to_plain(), at_ms=world.now_ms, midnight_ms=0)


@pytest.fixture(scope="module")
def begun():
    return day_until(WORLD, HALF_PAST_MS)


@pytest.fixture(scope="module")
def present(begun):
    states = {call.state for call in begun.world.centre.acd.board.calls.values()}
    assert len(states) > 1, "a moment at which nothing happens would show nothing"
    return present_of(begun)


def test_without_a_change_the_two_lives_of_a_future_are_one(present):
    outlook = look_ahead(present, WORLD, Change(), minutes=15, futures=3)
    assert outlook.as_is == outlook.changed
    assert all(figure.mean == 0 for figure in outlook.difference.values())


def test_more_agents_help_and_fewer_hurt_beyond_doubt(present):
    config = WORLD.centre
    more = look_ahead(present, WORLD, agents_like(config, "a000", 2), minutes=20, futures=8)
    fewer = look_ahead(present, WORLD, leaving(config, "a000", "a001"), minutes=20, futures=8)
    assert more.difference["service_level"].low > 0
    assert fewer.difference["service_level"].high < 0
    assert fewer.difference["mean_wait_s"].low > 0
    assert more.as_is == fewer.as_is, "as it is, it is the same whatever is compared with it"
    narrow = more.difference["service_level"].half_width
    assert narrow < more.as_is["service_level"].half_width, "pairs tell more than two averages"


def test_the_state_may_have_been_through_text(present):
    text = json.loads(json.dumps(present.centre))
    again = Present(centre=text, at_ms=present.at_ms, midnight_ms=0)
    assert live(again, WORLD, Change(), 10, Streams(1)) == live(
        present, WORLD, Change(), 10, Streams(1)
    )


def test_the_outlook_does_not_depend_on_the_number_of_workers(present):
    change = leaving(WORLD.centre, "a000")
    alone = look_ahead(present, WORLD, change, minutes=5, futures=2)
    assert alone == look_ahead(present, WORLD, change, minutes=5, futures=2, workers=2)


def test_what_is_foreseen_is_what_comes_on_average():
    """Thirty presents: what each foresees against what its own day goes on to bring."""
    errors = {"service_level": [], "mean_wait_s": [], "abandonment": []}
    for day in range(30):
        begun = day_until(WORLD, HALF_PAST_MS, day, seed=11)
        now = present_of(begun)
        horizon_ms = now.at_ms + 20 * MINUTE_MS
        tally = Tally(begun.world, horizon_ms)
        begun.world.run_until(horizon_ms + 5 * MINUTE_MS)
        tally.close()
        came = tally.figures()
        foreseen = look_ahead(now, WORLD, Change(), minutes=20, futures=2, seed=day).as_is
        for name, values in errors.items():
            values.append(foreseen[name].mean - came[name])
    for name, values in errors.items():
        error = np.std(values, ddof=1) / len(values) ** 0.5
        assert abs(np.mean(values)) <= 3 * error, name


def test_shifts_and_breaks_to_come_come():
    pause = Break(at="08:45", minutes=5)
    worker = Worker(shifts=(Shift(start="07:59", until="08:50", breaks=(pause,)),))
    world = scenario(agents=2, worker=worker, per_interval=(20.0, 20.0))
    now = present_of(day_until(world, HALF_PAST_MS))
    figures = live(now, world, Change(), 30, Streams(1))
    whole = live(now, scenario(agents=2, per_interval=(20.0, 20.0)), Change(), 30, Streams(1))
    assert figures["service_level"] < whole["service_level"]


def test_a_centre_of_today_and_a_day_of_zero_are_one_future():
    """Instants of a live centre are Unix time; times of day count from its midnight."""
    figures = []
    for midnight_ms in (0, 1_795_305_600_000):
        centre = Centre(WORLD.centre)
        at_ms = midnight_ms + 8 * 60 * MINUTE_MS - 2 * MINUTE_MS
        centre.handle(LeaderElected(at_ms, 1, "live", 1, 1))
        now = Present(centre=centre.to_plain(), at_ms=at_ms, midnight_ms=midnight_ms)
        figures.append(live(now, WORLD, Change(), 30, Streams(1)))
    assert figures[0] == figures[1]
    assert figures[0]["offered"] > 10


@pytest.mark.parametrize("pacer", ["progressive", "predictive"])
def test_every_moment_of_a_blended_day_can_be_gone_on_from(pacer):
    world = scenario(
        agents=6,
        per_interval=(20.0, 20.0),
        people=PEOPLE,
        calls_per_s_max=2.0,
        pacer=pacer,
        worker=Worker(shifts=(Shift(start="07:59", until="12:00"),)),
    )
    begun = day_until(world, 8 * 60 * MINUTE_MS)
    states = set()
    for step in range(12):
        begun.world.run_until((8 * 60 + 3 * step + 1) * MINUTE_MS + 1_717 * step)
        centre = begun.world.centre
        states |= {dial.state for dial in centre.dialer.under_way.dials.values()}
        now = present_of(begun)
        figures = live(now, world, Change(), 3, Streams(1, step))
        assert figures["occupancy"] is not None
    assert len(states) >= 3, states


def test_a_higher_target_abandons_more():
    world = scenario(
        agents=8,
        per_interval=(1.0, 1.0),
        people=PEOPLE,
        calls_per_s_max=2.0,
        pacer="predictive",
        abandon_percent_max=3.0,
        worker=Worker(shifts=(Shift(start="07:59", until="12:00"),)),
    )
    now = present_of(day_until(world, HALF_PAST_MS))
    calm = pacing_target(world.centre, "sales", 0.0)
    outlook = look_ahead(now, world, calm, minutes=15, futures=3)
    assert outlook.difference["occupancy"].mean < 0, "who abandons nobody dials less"


def test_an_agent_can_be_moved_and_called_in():
    world = scenario(agents=3)
    assert moved(world.centre, "a001", "q").settings.acd.agents[1].queues == ("q",)
    both = agents_like(world.centre, "a000", 1).along_with(leaving(world.centre, "a001"))
    assert both.coming == ("a000-2",)
    assert both.leaving == ("a001",)
    assert coming(world.centre, "a002").coming == ("a002",)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda config: agents_like(config, "zoe", 1), "no agent 'zoe'"),
        (lambda config: agents_like(config, "a000", 0), "at least 1 can"),
        (lambda config: moved(config, "a000", "x"), "no queue 'x'; there are q"),
        (lambda config: leaving(config, "zoe"), "no agent 'zoe'"),
        (lambda config: pacing_target(config, "x", 1.0), "no campaign 'x'; there are none"),
    ],
)
def test_what_the_centre_does_not_have_cannot_be_changed(change, message):
    with pytest.raises(ChangeError, match=message):
        change(scenario(agents=1).centre)


def test_numbers_that_make_no_sense_are_refused(present):
    with pytest.raises(ValueError, match="futures 1"):
        look_ahead(present, WORLD, Change(), futures=1)
