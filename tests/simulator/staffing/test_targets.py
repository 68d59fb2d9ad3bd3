"""Targets: excess adds up, verdicts say what was reached and how surely."""

import numpy as np
import pytest

from simulator.staffing.targets import Target, TargetView
from tests.simulator.staffing.example_centre import example_centre


@pytest.fixture(scope="module")
def seen():
    centre = example_centre(scale=0.3)
    team = np.full((4, 37), 6)
    return centre.simulate(centre.draw(days=16, seed=1), team)


def view(**settings):
    target = Target(**({"metric": "service_level", "limit": 0.8, "of": "billing"} | settings))
    return TargetView(target, call_types=("billing", "sales", "support"), groups=tuple("abcd"))


@pytest.mark.parametrize(
    ("metric", "of", "figure"),
    [
        ("service_level", "sales", lambda seen: seen.service_level()[1]),
        ("asa_s", "billing", lambda seen: seen.asa_s()[0]),
        ("p_abandon", "support", lambda seen: seen.p_abandon()[2]),
        ("occupancy", "d", lambda seen: seen.occupancy()[3]),
    ],
)
def test_verdict_reaches_the_figure_of_the_outcome(seen, metric, of, figure):
    verdict = view(metric=metric, of=of, limit=0.5).verdict(seen)
    assert verdict.reached == pytest.approx(figure(seen))


def test_target_is_met_exactly_when_its_excess_is_not_above_zero(seen):
    level = seen.service_level()[0]
    assert view(limit=level - 1e-6).verdict(seen).is_met
    assert not view(limit=level + 1e-6).verdict(seen).is_met


def test_probability_asks_that_many_days_to_meet_the_limit(seen):
    levels = np.sort((seen.in_time.sum(axis=2) / seen.due.sum(axis=2))[:, 0])
    for probability, must_meet in ((0.5, 8), (0.75, 12), (0.9, 15)):
        at_limit = levels[16 - must_meet]
        assert view(limit=at_limit - 1e-9, probability=probability).verdict(seen).is_met
        verdict = view(limit=at_limit + 1e-6, probability=probability).verdict(seen)
        assert not verdict.is_met
        assert verdict.days_met == (must_meet - 1) / 16


def test_interval_target_names_its_worst_interval(seen):
    shares = seen.in_time[:, 0].sum(axis=0) / seen.due[:, 0].sum(axis=0)
    verdict = view(scope="interval").verdict(seen)
    assert verdict.worst_interval is not None
    assert verdict.reached == pytest.approx(shares[verdict.worst_interval])
    assert verdict.reached <= shares.min() + 0.02


def test_day_weights_sum_to_one_and_gather_around_the_deciding_day(seen):
    assert view().day_weights(seen).tolist() == [1 / 16] * 16
    weights = view(probability=0.9).day_weights(seen)
    assert weights.sum() == pytest.approx(1)
    assert (weights > 0).sum() == 2


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"limit": 80}, "limit must be between 0 and 1, not 80"),
        ({"metric": "asa_s", "limit": 0}, "limit must be above 0"),
        ({"probability": 1.0}, "probability must be between 0 and 1"),
        ({"of": "marketing"}, "'marketing' is not one of billing, sales, support"),
    ],
)
def test_wrong_targets_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        view(**settings)


def test_target_reads_as_a_sentence():
    assert str(view(scope="interval", probability=0.9).target) == (
        "service_level of billing >= 0.8 in every interval on 90% of days"
    )
