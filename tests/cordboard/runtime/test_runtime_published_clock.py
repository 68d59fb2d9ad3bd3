"""The modelled present of processes that do not lead."""

from types import SimpleNamespace

from cordboard.runtime.published_clock import PublishedClock


class HandClock:
    scale = 20

    def __init__(self):
        self.ms = 1_000

    def monotonic_ms(self):
        return self.ms

    def wall_ms(self):
        return 77


def test_before_anything_is_published_the_wall_clock_tells():
    assert PublishedClock(lambda: None, HandClock()).now_ms() == 77


def test_between_two_looks_time_goes_on_at_the_centres_scale():
    clock, looks = HandClock(), []

    def board():
        looks.append(1)
        return SimpleNamespace(at_ms=500_000)

    published = PublishedClock(board, clock)
    assert published.now_ms() == 500_000
    clock.ms += 900
    assert published.now_ms() == 518_000
    assert len(looks) == 1


def test_board_that_stands_still_does_not_turn_time_back():
    clock = HandClock()
    published = PublishedClock(lambda: SimpleNamespace(at_ms=500_000), clock)
    published.now_ms()
    clock.ms += 5_000
    assert published.now_ms() == 600_000
