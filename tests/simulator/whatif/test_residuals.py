"""How much longer something lasts, given how long it has lasted."""

import numpy as np
import pytest
from scipy import stats

from simulator.distributions import (
    Constant,
    Empirical,
    Exponential,
    Gamma,
    Lognormal,
    Mixture,
    Part,
)
from simulator.streams import Streams
from simulator.whatif.residuals import residual_s

UNIFORMS = ((np.arange(400) + 0.5) / 400).tolist()


@pytest.mark.parametrize(
    "whole",
    [
        Exponential(180.0),
        Lognormal(190.0, 300.0),
        Gamma(240.0, 120.0),
        Mixture((Part(0.3, Exponential(20.0)), Part(0.7, Lognormal(200.0, 90.0)))),
    ],
    ids=lambda whole: type(whole).__name__,
)
@pytest.mark.parametrize("elapsed_s", [0.0, 60.0, 400.0])
def test_what_is_left_follows_the_part_beyond(whole, elapsed_s):
    drawn = whole.draw(Streams(4).stream("whole"), 400_000)
    beyond = drawn[drawn > elapsed_s] - elapsed_s
    left = [residual_s(whole, elapsed_s, uniform) for uniform in UNIFORMS]
    assert stats.ks_2samp(left, beyond).statistic < 0.03


def test_the_memoryless_stays_as_it_was():
    for uniform in (0.1, 0.9):
        fresh, old = (residual_s(Exponential(100.0), age, uniform) for age in (0.0, 300.0))
        assert old == pytest.approx(fresh, rel=1e-9)


def test_a_constant_has_exactly_the_rest_to_go():
    assert residual_s(Constant(30.0), 12.0, 0.4) == pytest.approx(18.0)


def test_recorded_values_beyond_are_all_equally_likely():
    values = Empirical((10.0, 20.0, 40.0, 60.0))
    left = [round(residual_s(values, 15.0, uniform), 6) for uniform in (0.1, 0.5, 0.9)]
    assert left == [5.0, 25.0, 45.0]


def test_what_has_outlasted_its_model_ends_in_the_mean():
    assert residual_s(Constant(30.0), 45.0, 0.4) == 30.0
