"""The round trip of calibration: simulate, keep as history, fit, and find what was put in."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest

from cordboard.history.counts import reading
from cordboard.history.records import read_records
from simulator.calibration import Records, calibrate, scenario_text
from simulator.day import Day
from simulator.distributions import Constant, Exponential, Lognormal, Mixture
from simulator.replay import journal_of
from simulator.scenario import CalledPeople, CallType, Carrier, Flow, Shift, Worker
from simulator.scenario_file import decode_scenario
from simulator.streams import Streams
from simulator.study import compare, simulate
from tests.cordboard.history.conftest import projected
from tests.simulator.small_centre import scenario

UTC = ZoneInfo("UTC")
DAYS = 4
PER_INTERVAL = (30.0, 45.0, 60.0, 40.0)
MONDAY = dt.date(2026, 11, 23)

WORLD = scenario(
    agents=9,
    per_interval=PER_INTERVAL,
    talk_s=Lognormal(mean=190.0, sd=150.0),
    patience_s=Exponential(150.0),
    standing=False,
    worker=Worker(
        shifts=(Shift(start="07:30", until="11:00"),),
        accept_s=Lognormal(3.0, 1.5),
        missed_share=0.03,
    ),
    flow=Flow(time_s=Lognormal(38.0, 18.0), self_served=0.25, abandoned=0.05),
    queue={"wrap_up_ms": 20_000},
    carrier=Carrier(enqueue_s=Constant(0.2), ring_s=Constant(0.0), move_s=Constant(0.3)),
)


def history_of(world, day, folder):
    simulated = Day(world, Streams(1, day))
    simulated.world.recorded = []
    simulated.run()
    entries = journal_of(simulated.world.recorded, simulated.world.centre.config)
    return projected(entries, folder / f"day{day}.db", site="small")


def records_of(world, folder, days=DAYS):
    """Return the records of some simulated days, each on a date of its own."""
    whole = []
    for day in range(days):
        with reading(history_of(world, day, folder)) as connection:
            whole.append(moved(read_records(connection, UTC), MONDAY + dt.timedelta(days=day)))
    columns = ("callers", "handlings", "offers", "dials", "presence")
    return Records(*(sum((getattr(one, name) for one in whole), ()) for name in columns))


def moved(records, day):
    return replace(
        records,
        callers=tuple(replace(one, day=day) for one in records.callers),
        presence=tuple(replace(one, day=day) for one in records.presence),
    )


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return calibrate(records_of(WORLD, tmp_path_factory.mktemp("days")))


def test_arrivals_come_back_within_their_intervals(model):
    (queue,) = model.queues
    expected = queue.arrivals.expected
    assert model.opens_s == 8 * 3_600
    assert len(expected) == len(PER_INTERVAL)
    # Some of the first interval's callers are still in the flow when it ends: they count where
    # they called.
    reach = 1.6 * queue.arrivals.half_widths  # 99.7 % instead of 95 %
    assert (np.abs(expected - np.array(PER_INTERVAL)) <= reach).all()


def test_talk_and_wrap_up_come_back_within_their_intervals(model):
    (queue,) = model.queues
    assert abs(queue.talk.mean_s - 190) <= 1.6 * queue.talk.mean_half_width_s
    assert isinstance(queue.talk.distribution, Lognormal)
    assert queue.talk.distribution.sd == pytest.approx(150, rel=0.12)
    assert queue.wrap.mean_s == 0, "nobody had anything to do after a call"
    assert queue.talk.distance < 0.03


def test_patience_comes_back_from_behind_the_censoring(model):
    (queue,) = model.queues
    best = queue.patience[0]
    assert abs(best.distribution.mean - 150) <= 3 * best.mean_error_s
    assert queue.waits_s[queue.abandoned].mean() < 60, "their mean wait is no estimate of patience"


def test_the_call_flow_comes_back(model):
    callers = sum(len(queue.waits_s) for queue in model.queues) / 0.7
    for outcome, truth in (("self_served", 0.25), ("abandoned", 0.05)):
        error = (truth * (1 - truth) / callers) ** 0.5
        assert abs(model.flow.shares[outcome] - truth) <= 3 * error
    assert model.flow.time.mean_s == pytest.approx(38, rel=0.05)


def test_agents_come_back(model):
    assert len(model.agents) == 9
    ana = model.agents[0]
    assert ana.shifts[0].from_s == 7.5 * 3_600
    assert all(abs(agent.talk_factor - 1) < 0.2 for agent in model.agents)
    assert model.accept.mean_s == pytest.approx(3.0, rel=0.1)
    missed = np.mean([agent.missed_share for agent in model.agents])
    assert missed == pytest.approx(0.03, abs=0.02)


def test_the_scenario_written_behaves_like_the_centre_it_was_learnt_from(model):
    learnt = decode_scenario(scenario_text(model, name="learnt")).with_centre(WORLD.centre)
    truth, again = simulate(WORLD, days=6, seed=5), simulate(learnt, days=6, seed=5)
    change = compare(truth, again)
    for figure, allowed in (("service_level", 0.06), ("abandonment", 0.04), ("aht_s", 15.0)):
        assert abs(change[figure].mean) <= allowed, figure


def test_lists_come_back(tmp_path):
    people = CalledPeople(leads=250, answer_share=0.4, talk_s=Exponential(60.0), opens_at="08:00")
    world = scenario(people=people, calls_per_s_max=1.0, queue={"wrap_up_ms": 20_000})
    (campaign,) = calibrate(records_of(world, tmp_path, days=1)).lists
    error = (0.4 * 0.6 / campaign.dials) ** 0.5
    # One person in 33 is taken for a machine and counted as one.
    assert abs(campaign.answer_share - 0.4 * 0.97) <= 4 * error
    assert campaign.talk.mean_s == pytest.approx(60, rel=0.25)
    assert campaign.times_s["ring_timeout_s"] == pytest.approx(25, abs=1)


def test_work_after_calls_that_its_limit_ends_is_kept_as_it_was(tmp_path):
    kind = CallType(
        queue="q",
        per_interval=(60.0, 60.0),
        talk_s=Exponential(60.0),
        wrap_s=Exponential(20.0),
        patience_s=Exponential(200.0),
    )
    small = scenario(agents=9, queue={"wrap_up_ms": 20_000})
    world = msgspec.structs.replace(small, calls={"calls": kind})
    (queue,) = calibrate(records_of(world, tmp_path, days=1)).queues
    assert isinstance(queue.wrap.distribution, Mixture)
    capped = (queue.wrap.values == 20.0).mean()
    assert capped == pytest.approx(np.exp(-1), abs=0.12)
    assert queue.wrap.distance < 0.08
