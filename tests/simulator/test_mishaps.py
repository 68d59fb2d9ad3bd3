"""A carrier that refuses, loses, is late; a centre without a leader: nobody is lost with it."""

import pytest

from acd.events import LeaderElected
from simulator.day import Day, simulate_day
from simulator.distributions import Constant, Exponential
from simulator.replay import NOTHING, journal_of, replay
from simulator.scenario import CalledPeople, Carrier, Failovers
from simulator.streams import Streams
from tests.simulator.small_centre import scenario

PEOPLE = CalledPeople(leads=60, answer_share=0.4, talk_s=Exponential(60.0), opens_at="08:00")

FAULTS = {
    "refused moves": {"carrier": Carrier(refused_share=0.2)},
    "lost legs": {"carrier": Carrier(lost_leg_share=0.2)},
    "late callbacks": {"carrier": Carrier(late_share=0.3, late_s=Exponential(4.0))},
    "callbacks that never come": {"carrier": Carrier(untold_share=0.1)},
    "failovers": {"failovers": Failovers(at=("08:20", "08:21"), lasts_s=Constant(25.0), per_day=3)},
    "everything": {
        "carrier": Carrier(
            refused_share=0.05, lost_leg_share=0.05, late_share=0.2, untold_share=0.05
        ),
        "failovers": Failovers(at=("08:20",), lasts_s=Exponential(20.0), per_day=4),
    },
}


@pytest.mark.parametrize("standing", [True, False])
@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
def test_the_books_balance_whatever_goes_wrong(faults, standing):
    dials = {"people": PEOPLE, "calls_per_s_max": 1.0} if standing else {}
    world = scenario(agents=5, standing=standing, **faults, **dials)
    calm = scenario(agents=5, standing=standing, **dials)
    for seed in (1, 2):
        result, undisturbed = simulate_day(world, seed), simulate_day(calm, seed)
        assert result.problems == ()
        assert result.account.figures() != undisturbed.account.figures()
        assert sum(result.account.calls.values()) == sum(undisturbed.account.calls.values())


def failing_over(lasts_s):
    failovers = Failovers(at=("08:30",), lasts_s=Constant(lasts_s))
    world = scenario(agents=5, failovers=failovers, per_interval=(120.0, 120.0))
    day = Day(world, Streams(1))
    day.world.recorded = []
    day.run()
    return day.world


def test_while_nobody_leads_nothing_is_decided_and_facts_wait():
    """They keep the order in which they came, and happened at most two seconds after the loss."""
    world = failing_over(25.0)
    lost_ms, found_ms = 30_600_000, 30_625_000
    elections = [one for one in world.recorded if isinstance(one, LeaderElected)]
    assert [one.epoch for one in elections] == [1, 2]
    assert elections[1].at_ms == found_ms
    before = world.recorded[: world.recorded.index(elections[1])]
    assert [one.at_ms for one in before] == sorted(one.at_ms for one in before)
    waited = [one for one in before if one.at_ms > lost_ms]
    assert waited
    assert max(one.at_ms for one in waited) <= lost_ms + 2_000


def test_a_day_with_failovers_is_a_journal_like_any_other():
    world = failing_over(40.0)
    day = replay(journal_of(world.recorded, world.centre.config), config=NOTHING)
    assert day.quarantined == 0
    assert day.problems == ()
    calls = [one.total for one in day.account.queues.values()]
    assert sum(one.answered for one in calls) == world.measures.total("q").answered


def test_a_minute_is_the_longest_that_a_centre_counts():
    (_, found) = [one for one in failing_over(500.0).recorded if isinstance(one, LeaderElected)]
    assert found.at_ms == 30_660_000


def test_callers_wait_longer_for_an_answer_that_comes_late():
    late = scenario(agents=5, carrier=Carrier(late_share=1.0, late_s=Constant(3.0)))
    calm = scenario(agents=5)
    waits = [simulate_day(world, 1).account.figures()["wait_p50_s"] for world in (late, calm)]
    assert waits[0] > waits[1] + 2.5
