"""Modelled time, its failures and alarms; and the books that are kept of talks."""

import pytest
import simpy

from simulator.carrier.clock import StepClock, WallClock
from simulator.carrier.ledger import Ledger, Leg, Talk
from simulator.carrier.timeline import Timeline


def failing(timeline):
    yield timeline.sleep(1)
    raise RuntimeError("a defect")


def test_failing_process_is_kept_and_time_goes_on(caplog):
    timeline, rung = Timeline(StepClock()), []
    timeline.spawn(failing(timeline))
    timeline.later(2.0, lambda: rung.append(timeline.now_s))
    timeline.advance(5)
    assert [str(failure) for failure in timeline.failures] == ["a defect"]
    assert rung == [2.0]
    assert "a process of the carrier stand-in failed" in caplog.text


def test_failing_alarm_is_kept_and_time_goes_on():
    timeline, rung = Timeline(StepClock()), []
    timeline.later(1.0, lambda: 1 / 0)
    timeline.later(2.0, lambda: rung.append(timeline.now_s))
    timeline.advance(5)
    assert [type(failure) for failure in timeline.failures] == [ZeroDivisionError]
    assert rung == [2.0]


def test_cancelled_alarm_does_not_ring():
    timeline, rung = Timeline(StepClock()), []
    alarm = timeline.later(1.0, lambda: rung.append("first"))
    timeline.later(2.0, lambda: rung.append("second"))
    alarm.cancel()
    timeline.advance(5)
    assert rung == ["second"]


def test_equal_instants_keep_their_order():
    timeline, rung = Timeline(StepClock()), []
    for name in ("one", "two", "three"):
        timeline.later(1.0, lambda name=name: rung.append(name))
    timeline.advance(1)
    assert rung == ["one", "two", "three"]


def test_work_outside_holds_time_back_and_is_given_up_in_the_end():
    timeline = Timeline(StepClock())
    with timeline.held():
        timeline.leave()
    with pytest.raises(TimeoutError, match=r"no answer within 0\.1 s"):
        timeline.advance(5, within_wall_s=0.1)
    assert timeline.now_s == 0.0
    with timeline.held():
        timeline.returned()
    timeline.advance(5)
    assert timeline.now_s == 5.0


def test_wall_clock_says_how_long_to_wait_in_wall_time():
    clock = WallClock(speed=100.0)
    until = clock.wall_s_until(clock.now_s() + 1000.0)
    assert 9.0 < until <= 10.0
    assert clock.wall_s_until(0.0) == 0.0
    assert StepClock().wall_s_until(10.0) is None


def test_time_of_a_wall_clock_catches_up_whenever_somebody_enters():
    timeline = Timeline(WallClock(speed=1000.0))
    event = timeline.event()

    def waits():
        yield timeline.sleep(0.0)
        event.succeed("done")

    with timeline.held():
        timeline.spawn(waits())
    assert event.value == "done"
    assert isinstance(event, simpy.Event)


def leg(sid, to, direction="outbound-api"):
    return Leg(sid, direction, "+15550100100", to, 0.0, status="completed")


@pytest.fixture
def ledger():
    legs = [leg("A", "client:ana"), leg("B", "client:ana"), leg("S", "client:sue")]
    legs += [leg(sid, f"+1555010010{n}") for n, sid in enumerate("XYZ")]
    return Ledger(legs={each.sid: each for each in legs})


@pytest.mark.parametrize(
    ("talks", "doubles"),
    [
        ([("A", "X", 0, 10), ("A", "Y", 10, 20)], 0),
        ([("A", "X", 0, 10), ("A", "Y", 9, 20)], 1),
        ([("A", "X", 0, 10), ("B", "Y", 5, 20)], 1),
        ([("A", "X", 0, None), ("Y", "A", 5, 6)], 1),
        ([("A", "X", 0, 10), ("A", "S", 2, 8), ("S", "X", 2, 8)], 0),
        ([("A", "X", 0, 10), ("A", "X", 3, 4)], 0),
        ([("A", "X", 0, 30), ("A", "Y", 5, 6), ("A", "Z", 7, 8)], 2),
        ([("X", "Y", 0, 10), ("X", "Z", 0, 10)], 0),
    ],
)
def test_two_conversations_of_one_agent_are_found(ledger, talks, doubles):
    ledger.talks = [Talk((one, other), "room", a, b) for one, other, a, b in talks]
    found = ledger.double_talks(lambda address: address.startswith("client:"))
    assert len(found) == doubles


def test_totals_count_legs_by_direction_and_status(ledger):
    ledger.legs["X"].status = "in-progress"
    assert ledger.totals() == {"outbound-api completed": 5, "outbound-api in-progress": 1}
    assert [each.sid for each in ledger.live_legs()] == ["X"]
    assert Talk(("A", "X"), "room", 3.0).seconds(now_s=10.0) == 7.0
