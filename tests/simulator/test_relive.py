"""A recorded day lived again: as it was under its own routing, otherwise under another."""

import dataclasses
from statistics import fmean

import msgspec
import pytest

from simulator.day import Day
from simulator.distributions import Constant, Exponential, Lognormal
from simulator.recorded import NoDayError, recorded_day
from simulator.relive import fidelity, relive, relived_world
from simulator.replay import NOTHING, journal_of, replay
from simulator.scenario import Carrier, Flow, Manners, Shift, Worker
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


@pytest.fixture(scope="module")
def day_of_callbacks():
    """A day with too few agents, on which half of those who wait ask to be rung back."""
    manners = Manners(
        callback_share=0.5, callback_after_s=30.0, callback_answer_share=0.4, balk_share=0.1
    )
    kind = msgspec.structs.replace(WORLD.calls["calls"], manners=manners)
    agents = {name: WORLD.agents[name] for name in list(WORLD.agents)[:4]}
    queue = dataclasses.replace(
        WORLD.centre.acd.queues[0], callback_retry_ms=60_000, callback_attempts_max=2
    )
    acd = dataclasses.replace(WORLD.centre.acd, queues=(queue,))
    world = msgspec.structs.replace(
        WORLD,
        calls={"calls": kind},
        agents=agents,
        centre=dataclasses.replace(WORLD.centre, acd=acd),
    )
    day = Day(world, Streams(2))
    day.world.recorded = []
    result = day.run()
    assert result.problems == ()
    return result.account, list(journal_of(day.world.recorded, world.centre))


def kept(account):
    counts = account.queues["q"].intervals.values()
    return sum(one.callbacks_kept for one in counts), sum(one.callbacks_given_up for one in counts)


def test_who_asked_for_a_callback_is_found_with_what_came_of_it(day_of_callbacks):
    account, journal = day_of_callbacks
    callers = recorded_day(journal, NOTHING).callers
    asked = [one for one in callers if one.asked_back_ms is not None]
    assert len(asked) == account.calls["callback"] > 10
    assert sum(one.is_reached for one in asked) == kept(account)[0]
    assert all(one.asked_back_ms - one.queued_ms >= 30_000 for one in asked)
    reached = [one for one in asked if one.is_reached]
    assert all(one.talk_ms and one.agent for one in reached)
    assert not any(one.is_answered for one in asked)


def test_callbacks_are_asked_for_and_kept_when_the_day_is_lived_again(day_of_callbacks):
    account, journal = day_of_callbacks
    world = relived_world(recorded_day(journal, NOTHING))
    lived = relive(world, lives=3)
    assert lived.problems == ()
    (was_kept, was_given_up) = kept(account)
    for day in lived.days:
        assert sum(day.account.calls.values()) == sum(account.calls.values())
        assert day.account.calls["callback"] == pytest.approx(account.calls["callback"], rel=0.35)
        assert sum(kept(day.account)) == day.account.calls["callback"]
    asked = fmean(day.account.calls["callback"] for day in lived.days)
    assert asked == pytest.approx(was_kept + was_given_up, rel=0.2)
    reached = fmean(kept(day.account)[0] for day in lived.days)
    assert reached == pytest.approx(was_kept, rel=0.35)
    assert was_given_up > 0


def test_with_plenty_of_agents_nobody_needs_a_callback(day_of_callbacks):
    _, journal = day_of_callbacks
    world = relived_world(recorded_day(journal, NOTHING))
    plenty = relive(world.with_staff(WORLD), lives=1)
    few = relive(world, lives=1)
    asked = [study.days[0].account.calls.get("callback", 0) for study in (plenty, few)]
    assert asked[0] < asked[1] / 2
