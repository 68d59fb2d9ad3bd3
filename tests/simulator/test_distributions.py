"""Distributions: right moments, right text, clear refusals."""

import numpy as np
import pytest
import yaml

from simulator import distributions
from simulator.distributions import Drawer, decode
from simulator.streams import Streams

KINDS = {
    "constant": "{kind: constant, value: 30}",
    "exponential": "{kind: exponential, mean: 365}",
    "lognormal": "{kind: lognormal, mean: 194, sd: 301}",
    "gamma": "{kind: gamma, mean: 240, sd: 120}",
    "weibull": "{kind: weibull, mean: 180, shape: 1.5}",
    "empirical": "{kind: empirical, values: [10, 20, 60]}",
    "mixture": (
        "{kind: mixture, parts: [{weight: 1, of: {kind: exponential, mean: 20}},"
        " {weight: 3, of: {kind: gamma, mean: 240, sd: 120}}]}"
    ),
}


@pytest.mark.parametrize("text", KINDS.values(), ids=KINDS)
def test_drawn_values_have_the_stated_mean_and_distribution(text):
    distribution = decode(yaml.safe_load(text))
    values = distribution.draw(Streams(3).stream("test"), 200_000)
    standard_error = values.std() / np.sqrt(values.size)
    assert abs(values.mean() - distribution.mean) <= 4 * standard_error + 1e-9
    points = np.quantile(values, [0.1, 0.3, 0.5, 0.8, 0.95])
    observed = np.array([(values <= point).mean() for point in points])
    np.testing.assert_allclose(distribution.cdf(points), observed, atol=0.005)
    assert values.min() >= 0


@pytest.mark.parametrize("kind", ["lognormal", "gamma"])
def test_drawn_values_have_the_stated_standard_deviation(kind):
    distribution = decode({"kind": kind, "mean": 100, "sd": 50})
    values = distribution.draw(Streams(4).stream("test"), 200_000)
    assert values.std() == pytest.approx(50, rel=0.02)


def test_no_share_of_a_duration_lies_below_zero():
    below = np.array([-1.0])
    for text in KINDS.values():
        assert decode(yaml.safe_load(text)).cdf(below) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{kind: lognormal, mean: 194}", "missing required field `sd`"),
        ("{kind: lognormal, mean: -1, sd: 2}", "mean must be a number above 0, not -1.0"),
        ("{kind: normal, mean: 1}", "Invalid value 'normal'"),
        ("{kind: exponential, mean: 1, sd: 2}", "unknown field `sd`"),
        ("{kind: exponential, mean: .nan}", "mean must be a number above 0, not nan"),
        ("{kind: empirical, values: []}", "at least one number"),
        ("{kind: empirical, values: [3, -1]}", r"values\[1\] must be 0 or more, not -1"),
        ("{kind: constant, value: -1}", "0 or more"),
        ("{kind: mixture, parts: []}", "at least one distribution"),
        (
            "{kind: mixture, parts: [{weight: 0, of: {kind: constant, value: 1}}]}",
            "weight must be a number above 0",
        ),
        ("180", "Expected `object`"),
    ],
)
def test_wrong_settings_are_refused_with_the_reason(text, message):
    with pytest.raises(ValueError, match=message):
        decode(yaml.safe_load(text))


def test_drawer_hands_out_the_values_of_the_stream_in_order():
    distribution = distributions.Gamma(mean=10, sd=3)
    expected = distribution.draw(Streams(1).stream("talk"), 10)
    for block in (1, 3, 10):
        drawer = Drawer(distribution, Streams(1).stream("talk"), block=block)
        assert [drawer.next() for _ in range(10)] == expected.tolist()
