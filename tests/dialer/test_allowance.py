"""The calls-per-second limit, in whole numbers."""

from hypothesis import given
from hypothesis import strategies as st

from dialer.allowance import Allowance


def test_a_slow_limit_still_grants_one_call_at_once():
    assert Allowance.of(0.2).calls(0) == 1


def test_a_spent_call_comes_back_after_its_time():
    subject = Allowance.of(0.5)
    subject.calls(0)
    subject.spend()
    assert subject.calls(1_999) == 0
    assert subject.calls(2_000) == 1


def test_a_long_rest_saves_up_one_second_only():
    subject = Allowance.of(5)
    subject.calls(0)
    assert subject.calls(3_600_000) == 5


@given(
    limit=st.floats(0.1, 50),
    steps=st.lists(st.integers(0, 3_000), min_size=1, max_size=200),
)
def test_no_window_ever_grants_more_than_a_second_beyond_the_limit(limit, steps):
    subject, at_ms, spent = Allowance.of(limit), 0, 0
    for step in steps:
        at_ms += step
        for _ in range(subject.calls(at_ms)):
            subject.spend()
            spent += 1
    assert spent <= limit * at_ms / 1_000 + max(1.0, limit) + 0.001 * at_ms / 1_000 + 1e-6
