"""From records to a scenario's distribution: what is fitted, what is kept as it was."""

import numpy as np
import pytest

from simulator.calibration import describe_durations, fit_patience_shapes
from simulator.distributions import Constant, Empirical, Exponential, Lognormal, Mixture, Weibull
from simulator.streams import Streams


def drawn(distribution, count=2_000):
    return distribution.draw(Streams(3).stream("durations"), count)


def test_smooth_records_get_the_likeliest_distribution():
    shape = describe_durations(drawn(Lognormal(200.0, 160.0)))
    assert isinstance(shape.distribution, Lognormal)
    assert abs(shape.mean_s - 200) <= 1.6 * shape.mean_half_width_s
    assert shape.distance < 0.03
    assert shape.fits[0].anderson < shape.fits[-1].anderson


def test_a_value_that_many_share_keeps_its_share():
    values = np.concatenate((np.zeros(500), np.minimum(drawn(Exponential(20.0), 1_500), 30.0)))
    shape = describe_durations(values)
    assert isinstance(shape.distribution, Mixture)
    assert shape.distribution.cdf(np.array([0.0]))[0] == pytest.approx(0.25)
    assert shape.distribution.mean == pytest.approx(values.mean(), rel=0.02)
    assert shape.distance < 0.05


def test_records_that_no_kind_describes_stand_for_themselves():
    two_humps = np.concatenate(
        (drawn(Lognormal(10.0, 1.0), 500), drawn(Lognormal(300.0, 9.0), 500))
    )
    shape = describe_durations(two_humps)
    assert isinstance(shape.distribution, Empirical)
    assert len(shape.distribution.values) <= 200
    assert shape.distance < 0.01


def test_always_the_same_is_a_constant():
    assert describe_durations(np.full(50, 7.0)).distribution == Constant(7.0)
    assert describe_durations(np.array([7.0])).mean_half_width_s == np.inf


@pytest.mark.parametrize("values", [[], [1.0, -1.0], [np.nan]])
def test_impossible_durations_are_refused(values):
    with pytest.raises(ValueError, match="0 or more"):
        describe_durations(np.array(values))


@pytest.mark.parametrize("truth", [Exponential(200.0), Weibull(mean=150.0, shape=2.2)])
def test_the_shape_of_patience_is_found(truth):
    patience_s = drawn(truth, 8_000)
    offered_s = Exponential(80.0).draw(Streams(3).stream("offered"), 8_000)
    fits = fit_patience_shapes(np.minimum(patience_s, offered_s), patience_s < offered_s)
    assert abs(fits[0].distribution.mean - truth.mean) <= 3 * fits[0].mean_error_s
    if isinstance(truth, Weibull):
        assert fits[0].distribution.shape == pytest.approx(2.2, rel=0.05)


def test_a_few_hang_ups_get_no_second_figure():
    waits_s = np.linspace(1.0, 50.0, 200)
    assert len(fit_patience_shapes(waits_s, waits_s > 48)) == 1
