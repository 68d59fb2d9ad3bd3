"""A carrier that refuses and loses: nobody is lost with it."""

import pytest

from simulator.day import simulate_day
from simulator.distributions import Exponential
from simulator.scenario import CalledPeople, Carrier
from tests.simulator.small_centre import scenario

PEOPLE = CalledPeople(leads=60, answer_share=0.4, talk_s=Exponential(60.0), opens_at="08:00")


@pytest.mark.parametrize("standing", [True, False])
@pytest.mark.parametrize(
    "carrier",
    [Carrier(refused_share=0.2), Carrier(lost_leg_share=0.2)],
    ids=["refused moves", "lost legs"],
)
def test_the_books_balance_whatever_the_carrier_does(carrier, standing):
    dials = {"people": PEOPLE, "calls_per_s_max": 1.0} if standing else {}
    world = scenario(agents=5, carrier=carrier, standing=standing, **dials)
    calm = scenario(agents=5, standing=standing, **dials)
    for seed in (1, 2):
        result, undisturbed = simulate_day(world, seed), simulate_day(calm, seed)
        assert result.problems == ()
        assert result.account.figures() != undisturbed.account.figures()
        assert sum(result.account.calls.values()) == sum(undisturbed.account.calls.values())
