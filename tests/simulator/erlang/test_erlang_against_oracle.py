"""Erlang B, C and A agree with an independent computation in 30 digits."""

import pytest

from simulator.erlang import erlang_a, erlang_b, erlang_c
from tests.simulator.erlang.erlang_oracle import erlang_a_figures, erlang_b_share, erlang_c_figures

EXACT = 1e-11

LOSS_CASES = [(0.01, 1), (5, 0), (1, 40), (10, 10), (100, 80), (100, 130), (950, 1030), (1000, 700)]

DELAY_CASES = [(0.5, 1), (7, 8), (90, 100), (99.9, 100), (100, 110), (950, 1000), (2900, 3000)]

ABANDONMENT_CASES = [
    # arrivals a second, handle, patience, agents, within
    (1 / 3, 300, 180, 100, 20),
    (1 / 18, 180, 300, 14, 20),
    (0.8, 60, 120, 50, 20),
    (0.07, 120, 60, 12, 20),
    (0.001, 300, 180, 1, 20),
    (0.01, 300, 5, 1, 3),
    (0.02, 300, 600, 4, 60),
    (1 / 3, 300, 180, 60, 20),
    (1 / 3, 300, 180, 140, 20),
    (1 / 3, 300, 20_000, 101, 20),
    (1 / 3, 300, 20, 100, 10),
    (10 / 3, 300, 240, 1000, 20),
    (10 / 3, 300, 240, 1030, 20),
    (10 / 3, 300, 240, 900, 300),
    (10 / 3, 300, 240, 960, 0.01),
    (20 / 3, 300, 180, 2000, 30),
]


@pytest.mark.parametrize(("load", "agents"), LOSS_CASES)
def test_erlang_b_agrees_with_the_recursion_in_thirty_digits(load, agents):
    expected = float(erlang_b_share(load, agents))
    assert erlang_b(load=load, agents=agents) == pytest.approx(expected, rel=EXACT)


@pytest.mark.parametrize(("load", "agents"), DELAY_CASES)
def test_erlang_c_agrees_with_the_oracle(load, agents):
    figures = {"arrivals_per_s": load / 240, "handle_s": 240, "agents": agents}
    queue = erlang_c(**figures)
    expected = erlang_c_figures(**figures, within_s=20)
    assert queue.p_wait == pytest.approx(float(expected["p_wait"]), rel=EXACT)
    assert queue.asa_s == pytest.approx(float(expected["asa_s"]), rel=EXACT)
    assert queue.service_level(20) == pytest.approx(float(expected["service_level"]), rel=EXACT)


@pytest.mark.parametrize("case", ABANDONMENT_CASES)
def test_erlang_a_agrees_with_the_oracle(case):
    arrivals_per_s, handle_s, patience_s, agents, within_s = case
    figures = {
        "arrivals_per_s": arrivals_per_s,
        "handle_s": handle_s,
        "patience_s": patience_s,
        "agents": agents,
    }
    queue = erlang_a(**figures)
    expected = erlang_a_figures(**figures, within_s=within_s)
    for name in ("p_wait", "p_abandon", "mean_wait_s", "asa_s", "occupancy"):
        assert getattr(queue, name) == pytest.approx(float(expected[name]), rel=EXACT), name
    level = float(expected["service_level"])
    assert queue.service_level(within_s) == pytest.approx(level, rel=1e-10)
