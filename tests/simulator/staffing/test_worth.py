"""Worth: one more agent helps where work is, and easier targets cost no more."""

import numpy as np
import pytest

from simulator.report.estimates import mean
from simulator.staffing.search import required_team
from simulator.staffing.targets import Target
from simulator.staffing.worth import prices_of_targets, worth_of_agents
from tests.simulator.staffing.example_centre import example_centre


@pytest.fixture(scope="module")
def searched():
    targets = (
        Target(metric="service_level", limit=0.8, of="billing"),
        Target(metric="service_level", limit=0.8, of="sales"),
        Target(metric="asa_s", limit=15.0, of="support"),
        Target(metric="occupancy", limit=0.99, of="billing team"),
    )
    centre = example_centre(scale=0.3, targets=targets)
    draws = centre.draw(days=25, seed=4)
    return centre, draws, required_team(centre, draws, rounds_max=4)


def test_one_more_agent_saves_calls_and_costs_a_days_work(searched):
    centre, draws, found = searched
    worths = worth_of_agents(centre, draws, found.agents)
    for row, worth in enumerate(worths):
        hours = (found.agents[row] > 0).sum() / 4
        assert worth.cost == pytest.approx(hours * centre.groups[row].cost_per_hour)
        gain = mean(np.array(worth.in_time_calls))
        assert gain.value > gain.half_width > 0
        assert worth.cost_per_saved_call > 0


def test_easing_a_target_never_costs_and_a_slack_target_is_free(searched):
    centre, draws, found = searched
    prices = prices_of_targets(centre, draws, found, rounds_max=2)
    assert all(price.saved >= 0 for price in prices)
    assert prices[0].eased.limit == pytest.approx(0.79)
    assert prices[2].eased.limit == pytest.approx(16.5)
    assert prices[3].eased.limit == pytest.approx(0.995)
