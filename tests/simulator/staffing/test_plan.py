"""A plan: cheapest team found, targets proven on fresh days, the impossible said clearly."""

import numpy as np
import pytest

from simulator.staffing.bracket import bracket
from simulator.staffing.centre import Group, PlanError
from simulator.staffing.effects import measure_effects
from simulator.staffing.plan import Effort, plan_day
from simulator.staffing.search import CannotBeMetError, required_team, team_cost
from simulator.staffing.shifts import Break, ShiftRule
from simulator.staffing.targets import Target
from tests.simulator.staffing.example_centre import TABLES, example_centre

HOUR_S = 3600.0
RULES = (
    ShiftRule(
        name="full",
        length_s=8 * HOUR_S,
        breaks=(Break(length_s=1800, earliest_s=3 * HOUR_S, latest_s=5 * HOUR_S, is_paid=False),),
    ),
    ShiftRule(name="half", length_s=4 * HOUR_S),
)
QUICK = Effort(search_days=20, proof_days=60, team_rounds=3, shift_rounds=3, repairs=3)


@pytest.fixture(scope="module")
def plan():
    return plan_day(example_centre(scale=0.3), RULES, seed=5, effort=QUICK)


def test_plan_meets_its_targets_on_days_it_was_not_searched_on(plan):
    assert plan.is_proven
    again = plan.centre.simulate(plan.centre.draw(days=60, seed=6), plan.team)
    assert again.service_level().tolist() == plan.seen.service_level().tolist()
    assert (again.service_level() >= 0.8).all()


def test_team_is_what_the_shifts_put_to_work(plan):
    on_duty = np.array([schedule.on_duty for schedule in plan.schedules])
    assert plan.team.tolist() == on_duty.tolist()
    paid = sum(
        assignment.agents * assignment.shift.paid_s / 3600 * group.cost_per_hour
        for group, schedule in zip(plan.centre.groups, plan.schedules, strict=True)
        for assignment in schedule.assignments
    )
    assert plan.cost == pytest.approx(paid)
    assert plan.cost_per_contact == pytest.approx(paid / (plan.seen.answered.sum() / 60))


def test_same_seed_gives_the_same_plan(plan):
    again = plan_day(example_centre(scale=0.3), RULES, seed=5, effort=QUICK)
    assert again.schedules[0].assignments == plan.schedules[0].assignments
    assert again.cost == plan.cost


def test_search_meets_the_targets_at_about_the_cost_of_the_closed_forms_or_less():
    centre = example_centre(scale=0.3)
    draws = centre.draw(days=20, seed=1)
    found = required_team(centre, draws, rounds_max=5)
    assert found.is_met
    assert team_cost(centre, found.agents) < 1.05 * team_cost(centre, bracket(centre))


def test_targets_at_a_probability_need_a_larger_team():
    def cost(**settings):
        targets = tuple(
            Target(metric="service_level", limit=0.8, of=name, **settings)
            for name in TABLES.call_types
        )
        centre = example_centre(scale=0.3, targets=targets)
        found = required_team(centre, centre.draw(days=30, seed=1), rounds_max=3)
        assert found.is_met
        return team_cost(centre, found.agents)

    assert cost(probability=0.9) > 1.02 * cost()


def test_all_four_metrics_can_be_targets_at_once():
    targets = (
        Target(metric="service_level", limit=0.7, of="billing", scope="interval"),
        Target(metric="asa_s", limit=12.0, of="sales"),
        Target(metric="p_abandon", limit=0.03, of="support"),
        Target(metric="occupancy", limit=0.85, of="support team"),
    )
    centre = example_centre(scale=0.3, targets=targets)
    found = required_team(centre, centre.draw(days=30, seed=1), rounds_max=3)
    assert found.is_met
    assert found.seen.asa_s()[1] <= 12
    assert found.seen.p_abandon()[2] <= 0.03
    assert found.seen.occupancy()[2] <= 0.85
    by_interval = found.seen.in_time[:, 0].sum(axis=0) / found.seen.due[:, 0].sum(axis=0)
    assert by_interval.min() >= 0.7


def test_targets_out_of_reach_name_the_nearest_figure():
    groups = tuple(Group(name=name, agents_max=2) for name in TABLES.groups)
    centre = example_centre(scale=0.3, groups=groups)
    with pytest.raises(CannotBeMetError, match=r"billing >= 0.8 .* cannot be met; nearest is 0\."):
        required_team(centre, centre.draw(days=5, seed=1))


def test_effects_say_what_one_agent_does():
    """Credited effects of single changes agree with changing that one interval alone."""
    centre = example_centre(scale=0.3)
    draws = centre.draw(days=10, seed=2)
    team = np.maximum(bracket(centre) - 1, 1)
    seen = centre.simulate(draws, team)
    effects = measure_effects(centre, draws, team, seen, change=1)
    changed = team.copy()
    changed[0, 12] += 1
    view = centre.views[0]
    alone = view.pressure(centre.simulate(draws, changed)) - view.pressure(seen)
    assert alone[0] < 0
    assert effects.by_target[0][0, 0, 12] == pytest.approx(alone[0], rel=0.3)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"shrinkage": 1.0}, "shrinkage must be from 0 to below 1"),
        ({"targets": ()}, "at least one target"),
        ({"groups": (Group(name="x"),)}, "the tables have groups"),
    ],
)
def test_a_centre_that_does_not_fit_together_is_refused(changes, message):
    with pytest.raises(PlanError, match=message):
        example_centre(**changes)
