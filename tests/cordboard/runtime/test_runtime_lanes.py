"""Commands about one thing in turn, all others side by side."""

from cordboard.runtime.lanes import Lanes
from tests.cordboard.runtime.runtime_doubles import HandClock


def lanes_and_clock():
    clock = HandClock()
    return Lanes(clock.monotonic_ms), clock


def test_commands_of_one_lane_wait_for_the_one_before():
    lanes, _ = lanes_and_clock()
    for lane, item in (("call", "ring"), ("call", "end"), ("other", "ring")):
        lanes.put(lane, item)
    assert lanes.take() == ("call", "ring")
    assert lanes.behind("call") == ["end"]
    assert lanes.take() == ("other", "ring")
    lanes.finish("call")
    assert lanes.take() == ("call", "end")
    assert len(lanes) == 2


def test_command_put_off_is_taken_again_when_its_time_has_come():
    lanes, clock = lanes_and_clock()
    lanes.put("call", "ring")
    lanes.put("other", "ring")
    lane, _ = lanes.take()
    lanes.put_off(lane, 3_000)
    assert lanes.take() == ("other", "ring")
    clock.now_ms += 3_000
    assert lanes.take() == ("call", "ring")


def test_what_arrives_behind_a_command_put_off_wakes_it():
    lanes, _ = lanes_and_clock()
    lanes.put("call", "ring")
    lane, _ = lanes.take()
    lanes.put_off(lane, 3_000)
    lanes.put("call", "end")
    assert lanes.take() == ("call", "ring")
    assert lanes.behind("call") == ["end"]


def test_closed_lanes_give_nothing_out_but_let_what_was_taken_finish():
    lanes, _ = lanes_and_clock()
    lanes.put("call", "ring")
    lanes.put("other", "ring")
    lane, _ = lanes.take()
    lanes.close()
    lanes.finish(lane)
    assert lanes.take() is None
