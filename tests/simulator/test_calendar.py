"""The days of a study: which dates, and what weekdays and special days make of the calls."""

import datetime as dt

import msgspec
import numpy as np
import pytest

from simulator.calendar import Calendar, DayOfCalls, shaped
from simulator.day import Day
from simulator.scenario import Scenario, Shift, Worker
from simulator.streams import Streams
from simulator.study import simulate
from tests.simulator.small_centre import scenario

WEEK = msgspec.convert(
    {
        "first_day": "2026-12-21",  # a Monday
        "covers": ["mon", "tue", "wed", "thu", "fri"],
        "weekdays": {"mon": 1.5, "fri": 0.5},
        "special_days": {
            "eve": {"dates": ["2026-12-24"], "calls": {"factor": 0.5, "shape": [3, 1]}},
            "christmas": {"dates": ["2026-12-25"], "calls": 0},
            "sale": {"dates": ["2026-12-27"], "calls": 2},
        },
    },
    Calendar,
)


def with_calendar(world: Scenario, calendar: Calendar = WEEK) -> Scenario:
    return msgspec.structs.replace(world, calendar=calendar)


def test_a_study_passes_over_days_that_are_not_covered_or_have_no_calls():
    """Christmas has no calls, Saturday is not covered; the Sunday of the sale is a special day."""
    dates = [WEEK.date_of(number) for number in range(6)]
    assert [date.day for date in dates] == [21, 22, 23, 24, 27, 28]
    names = [WEEK.name_of(date) for date in dates]
    assert names == ["mon", "tue", "wed", "eve", "sale", "mon"]


def test_a_day_is_found_by_its_name():
    assert WEEK.named("eve") == dt.date(2026, 12, 24)
    assert WEEK.named("wed") == dt.date(2026, 12, 23)
    with pytest.raises(ValueError, match="'easter' is no day of the calendar; it has mon"):
        WEEK.named("easter")


def test_a_shape_moves_calls_within_the_day_and_a_factor_changes_their_number():
    ordinary = np.array([40.0, 60.0])
    assert shaped(ordinary, 1.5).tolist() == [60, 90]
    assert shaped(ordinary, DayOfCalls(factor=0.5, shape=(3, 1))).tolist() == [37.5, 12.5]
    assert shaped(ordinary, DayOfCalls(factor=2)).tolist() == [80, 120]
    with pytest.raises(ValueError, match="1 intervals, the ordinary day has 2"):
        shaped(ordinary, DayOfCalls(shape=(1,)))


def test_special_days_go_before_weekdays_and_a_call_type_before_the_calendar():
    world = with_calendar(scenario(per_interval=(40.0, 60.0)))
    assert world.on("mon").expected("calls").tolist() == [60, 90]
    assert world.on("tue").expected("calls").tolist() == [40, 60]
    assert world.on("eve").expected("calls").tolist() == [37.5, 12.5]
    own = msgspec.structs.replace(world.calls["calls"], days={"mon": 3.0})
    world = msgspec.structs.replace(world, calls={"calls": own})
    assert world.on("mon").expected("calls").tolist() == [120, 180]


def test_shifts_are_worked_on_their_days_only():
    early = Shift(start="07:00", until="12:00", days=("mon", "eve"))
    always = Shift(start="12:00", until="15:00")
    world = msgspec.structs.replace(
        scenario(), calendar=WEEK, agents={"a000": Worker(shifts=(early, always))}
    )
    starts = [shift.start for shift in world.on("eve").agents["a000"].shifts]
    assert starts == ["07:00", "12:00"]
    assert world.on("tue").agents["a000"].shifts == (always,)


def test_days_of_a_study_follow_the_calendar():
    study = simulate(with_calendar(scenario(agents=10)), days=6, seed=1)
    assert [day.name for day in study.days] == ["mon", "tue", "wed", "eve", "sale", "mon"]
    offered = [day.account.total.offered for day in study.days]
    assert offered[4] > offered[0] > offered[1] > offered[3]
    assert study.problems == ()


def test_an_ordinary_day_of_the_calendar_is_the_day_without_one():
    """The same people call: a calendar changes only the days it names."""
    world = scenario()
    plain, dated = Day(world, Streams(3, 1)).run(), Day(with_calendar(world), Streams(3, 1)).run()
    assert dated.name == "tue"
    assert dated.account == plain.account


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"covers": ["monday"]}, "Invalid enum value 'monday'"),
        ({"covers": []}, "length >= 1"),
        ({"weekdays": {"mon": -1}}, ">= 0"),
        ({"weekdays": {"mon": 0}, "covers": ["mon"]}, "no weekday on which anybody calls"),
        ({"special_days": {"mon": {"dates": ["2026-12-24"]}}}, "called as a weekday"),
        (
            {"special_days": {name: {"dates": ["2026-12-24"]} for name in ("a", "b")}},
            "2026-12-24 is both 'a' and 'b'",
        ),
        ({"special_days": {"a": {"dates": ["2026-13-01"]}}}, "Invalid RFC3339"),
        ({"weekdays": {"mon": {"shape": [0, 0]}}}, "shape must have a weight above 0"),
    ],
)
def test_a_wrong_calendar_is_refused_with_the_reason(wrong, complaint):
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.convert({"first_day": "2026-12-21", **wrong}, Calendar)


def test_names_of_days_must_be_those_of_the_calendar():
    world = scenario()
    kind = msgspec.structs.replace(world.calls["calls"], days={"easter": 2.0})
    with pytest.raises(ValueError, match=r"calls\.calls\.days\.easter: the calendar has no such"):
        with_calendar(msgspec.structs.replace(world, calls={"calls": kind}))
    shift = Shift(start="07:00", until="12:00", days=("easter",))
    with pytest.raises(ValueError, match="a shift's days name 'easter'"):
        scenario(worker=Worker(shifts=(shift,)))
    shape = msgspec.convert(
        {"first_day": "2026-12-21", "weekdays": {"mon": {"shape": [1]}}}, Calendar
    )
    with pytest.raises(
        ValueError, match="calendar: mon: a shape has 1 intervals, the ordinary day has 2"
    ):
        with_calendar(world, shape)
