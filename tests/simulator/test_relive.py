"""A recorded day lived again: as it was under its own routing, otherwise under another."""

import dataclasses

import msgspec
import pytest

from simulator.day import Day
from simulator.distributions import Constant, Exponential, Lognormal
from simulator.recorded import NoDayError, recorded_day
from simulator.relive import fidelity, relive, relived_world
from simulator.replay import NOTHING, journal_of, replay
from simulator.scenario import Carrier, Flow, Shift, Worker
from simulator.streams import Streams
from tests.simulator.small_centre import scenario

WORLD = scenario(
    agents=7,
    per_interval=(45.0, 60.0, 45.0),
    talk_s=Lognormal(170.0, 150.0),
    patience_s=Exponential(150.0),
    standing=False,
    flow=Flow(time_s=Exponential(25.0), self_served=0.2, abandoned=0.03),
    worker=Worker(shifts=(Shift(start="07:30", until="10:30"),), missed_share=0.03),
    carrier=Carrier(move_s=Constant(0.3)),
    queue={"wrap_up_ms": 20_000},
)


@pytest.fixture(scope="module")
def journal():
    day = Day(WORLD, Streams(4))
    day.world.recorded = []
    day.run()
    return list(journal_of(day.world.recorded, day.world.centre.config))


@pytest.fixture(scope="module")
def recorded(journal):
    return recorded_day(journal, NOTHING)


def test_everybody_of_the_day_is_found(journal, recorded):
    account = replay(journal).account
    assert len(recorded.callers) == sum(account.calls.values())
    talked = [caller for caller in recorded.callers if caller.talk_ms is not None]
    assert len(talked) == account.calls["connected"]
    assert sum(caller.talk_ms for caller in talked) == account.total.talk_ms
    assert recorded.other_days == 0
    assert {caller.line for caller in recorded.callers} == {"calls"}


def test_under_its_own_routing_the_day_comes_out_as_it_was(journal, recorded):
    lived = relive(relived_world(recorded), lives=8)
    assert not lived.problems
    compared = fidelity(replay(journal).account, lived)
    assert compared["offered"].actual == compared["offered"].predicted.mean
    assert compared["service_level"].predicted.mean == pytest.approx(
        compared["service_level"].actual, abs=0.04
    )
    assert compared["abandonment"].predicted.mean == pytest.approx(
        compared["abandonment"].actual, abs=0.02
    )
    assert compared["aht_s"].predicted.mean == pytest.approx(compared["aht_s"].actual, rel=0.02)
    assert compared["occupancy"].predicted.mean == pytest.approx(
        compared["occupancy"].actual, abs=0.03
    )
    assert compared["wait_p90_s"].actual > 0


def test_under_another_policy_the_same_people_fare_otherwise(recorded):
    world = relived_world(recorded)
    queue = dataclasses.replace(WORLD.centre.acd.queues[0], wait_ms_max=10_000)
    acd = dataclasses.replace(WORLD.centre.acd, queues=(queue,))
    other = world.with_centre(dataclasses.replace(WORLD.centre, acd=acd))
    before, after = relive(world, lives=2), relive(other, lives=2)
    sent = [day.account.calls.get("voicemail", 0) for day in after.days]
    assert [day.account.calls.get("voicemail", 0) for day in before.days] == [0, 0]
    assert min(sent) > 0
    assert [day.account.total.offered for day in before.days] == [
        day.account.total.offered for day in after.days
    ]


def test_fewer_agents_serve_the_same_people_worse(recorded):
    world = relived_world(recorded)
    names = list(WORLD.agents)[:5]
    fewer = world.with_staff(
        msgspec.structs.replace(WORLD, agents={name: WORLD.agents[name] for name in names})
    )
    before, after = relive(world, lives=2), relive(fewer, lives=2)
    assert after.estimates()["service_level"].mean < before.estimates()["service_level"].mean


def test_a_life_is_a_function_of_its_seed(recorded):
    world = relived_world(recorded)
    assert relive(world, lives=2) == relive(world, lives=2, workers=2)


def test_a_journal_without_calls_holds_no_day(journal):
    with pytest.raises(NoDayError, match="no inbound call that has ended"):
        recorded_day(journal[:5], NOTHING)
