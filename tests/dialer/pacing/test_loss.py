"""The price of one more call: exact and normal laws of the counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.pacing.loss import ExactLaw, NormalLaw, count_law, grow

shares = st.floats(0.0, 1.0)


def tail_by_convolution(coins, room):
    """P(sum of independent coins >= room), one coin after the other."""
    law = np.array([1.0])
    for coin in coins:
        law = np.convolve(law, [1.0 - coin, coin])
    return law[room:].sum()


@given(
    coins=st.lists(shares, max_size=30),
    new=st.lists(shares, min_size=1, max_size=6),
    room=st.integers(0, 24),
)
def test_exact_law_is_the_convolution_of_the_coins(coins, new, room):
    law = ExactLaw(
        np.array(coins).reshape(-1, 1), room, np.array(new).reshape(-1, 1), np.array([1.0])
    )
    for count in range(len(new) + 1):
        expected = tail_by_convolution([*coins, *new[:count]], room)
        assert law.loss(count) == pytest.approx(expected, abs=1e-9)


def test_exact_law_stays_right_when_far_more_calls_ring_than_agents_serve():
    coins = np.full((300, 1), 0.05)
    law = ExactLaw(coins, 5, np.full((1, 1), 0.3), np.array([1.0]))
    assert law.loss(0) == pytest.approx(tail_by_convolution(coins[:, 0], 5), abs=1e-9)


def test_answer_times_are_weighed():
    coins = np.array([[0.2, 0.9]])
    law = ExactLaw(coins, 1, np.zeros((1, 2)), np.array([0.75, 0.25]))
    assert law.loss(0) == pytest.approx(0.75 * 0.2 + 0.25 * 0.9)


def test_normal_law_with_skewness_is_close_to_the_exact_one_on_larger_floors():
    rng = np.random.default_rng(4)
    coins = np.concatenate([rng.uniform(0.6, 0.99, 30), rng.uniform(0.05, 0.3, 25)])[:, None]
    new = np.full((8, 1), 0.25)
    for room in (30, 34, 38):
        normal = NormalLaw(coins, room, new, np.array([1.0]), relative_error=0.0)
        for count in (0, 8):
            exact = tail_by_convolution([*coins[:, 0], *new[:count, 0]], room)
            assert normal.loss(count) == pytest.approx(exact, abs=0.004)


def test_an_uncertain_answer_rate_makes_many_new_calls_dearer():
    coins, new = np.full((40, 1), 0.5), np.full((30, 1), 0.3)
    sure = NormalLaw(coins, 38, new, np.array([1.0]), relative_error=0.0)
    unsure = NormalLaw(coins, 38, new, np.array([1.0]), relative_error=0.3)
    assert sure.loss(0) == unsure.loss(0)
    assert unsure.loss(30) > sure.loss(30)


@pytest.mark.parametrize("room", [0, 3, 24, 25, 60])
def test_growth_stops_at_the_first_call_that_is_too_dear(room):
    law = count_law(np.full((10, 1), 0.5), room, np.full((20, 1), 0.3), np.array([1.0]), 0.0)
    growth = grow(law, 0.03, 20)
    again = count_law(np.full((10, 1), 0.5), room, np.full((20, 1), 0.3), np.array([1.0]), 0.0)
    losses = [again.loss(count) for count in range(growth.calls + 1)]
    assert all(loss <= 0.03 for loss in losses[: growth.calls])
    assert growth.calls == 20 or losses[-1] > 0.03


def test_with_no_room_every_answer_is_lost():
    law = count_law(np.zeros((0, 1)), 0, np.full((1, 1), 0.3), np.array([1.0]), 0.0)
    assert law.loss(0) == pytest.approx(1.0)
