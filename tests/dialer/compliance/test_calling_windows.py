"""Local hours as instants: summer time, holidays, several zones, several rules."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from dialer.compliance import OffsetSpan, Purpose, Window, callable_windows
from dialer.compliance.rules import CallingHours
from dialer.compliance.windows import hours_as_windows
from tests.dialer.compliance.law_fixtures import HOUR_MS, at, supplied_book


def spans(zone, from_text, days):
    """The shell's work: spans of constant offset, found hour by hour."""
    start = datetime.fromisoformat(from_text).replace(tzinfo=UTC)
    found = []
    for hour in range(24 * days):
        instant = start + timedelta(hours=hour)
        from_at_ms = int(instant.timestamp() * 1000)
        offset = int(instant.astimezone(ZoneInfo(zone)).utcoffset().total_seconds() // 60)
        if found and found[-1].offset_minutes == offset:
            found[-1] = OffsetSpan(found[-1].from_at_ms, from_at_ms + HOUR_MS, offset)
        else:
            found.append(OffsetSpan(from_at_ms, from_at_ms + HOUR_MS, offset))
    return found


def hours(region, purpose=Purpose.MARKETING):
    return list(supplied_book().applicable([region]).of(CallingHours, purpose))


def utc(windows):
    return [
        tuple(
            datetime.fromtimestamp(edge / 1000, UTC).strftime("%d %H:%M")
            for edge in (window.from_at_ms, window.until_at_ms)
        )
        for window in windows
    ]


def test_eight_to_nine_where_the_person_is():
    zone = spans("America/New_York", "2026-11-23", 2)
    assert utc(callable_windows(hours("us-tx"), [zone])) == [
        ("23 00:00", "23 02:00"),
        ("23 13:00", "24 02:00"),
        ("24 13:00", "25 00:00"),
    ]


def test_the_tighter_state_wins():
    zone = spans("America/New_York", "2026-11-23", 2)
    assert ("23 13:00", "24 01:00") in utc(callable_windows(hours("us-fl"), [zone]))


def test_two_possible_zones_leave_the_hours_both_allow():
    east = spans("America/New_York", "2026-11-23", 2)
    west = spans("America/Los_Angeles", "2026-11-23", 2)
    assert ("23 16:00", "24 02:00") in utc(callable_windows(hours("us-tx"), [east, west]))


def test_the_day_the_clocks_change_opens_by_the_new_clock():
    zone = spans("America/New_York", "2026-03-07", 3)
    opens = [start for start, _ in utc(callable_windows(hours("us-tx"), [zone]))]
    assert opens == ["07 00:00", "07 13:00", "08 12:00", "09 12:00"]


def test_no_calls_on_sundays_and_holidays_where_the_law_says_so():
    zone = spans("Australia/Sydney", "2026-11-20 13:00", 5)
    monday = (date(2026, 11, 23) - date(1970, 1, 1)).days
    open_days = [
        datetime.fromtimestamp(window.from_at_ms / 1000, ZoneInfo("Australia/Sydney")).day
        for window in callable_windows(hours("au"), [zone], holidays={monday})
    ]
    assert open_days == [21, 24, 25]


def test_an_unknown_region_gets_the_intersection_of_all_hours():
    zone = spans("UTC", "2026-11-23", 1)
    assert utc(callable_windows(hours("zz"), [zone])) == [
        ("23 10:00", "23 13:00"),
        ("23 14:00", "23 20:00"),
    ]


def test_no_zone_or_no_rule_is_never_open():
    assert callable_windows(hours("us"), []) == ()
    assert callable_windows([], [spans("UTC", "2026-11-23", 1)]) == ()


def test_a_window_is_open_at_its_start_and_shut_at_its_end():
    window = Window(at("2026-11-23 08:00"), at("2026-11-23 21:00"))
    assert at("2026-11-23 08:00") in window
    assert at("2026-11-23 21:00") not in window


def test_windows_are_joined_across_a_change_of_offset():
    all_day = CallingHours(
        id="x",
        source=hours("us")[0].source,
        weekday=("00:00-24:00",),
        saturday=("00:00-24:00",),
        sunday=("00:00-24:00",),
    )
    zone = spans("America/New_York", "2026-10-31", 3)
    assert len(hours_as_windows(all_day, zone)) == 1


def local(instant, offset_minutes):
    """Minute of the local day, and what kind of day it is."""
    moment = datetime.fromtimestamp(instant / 1000, UTC) + timedelta(minutes=offset_minutes)
    kind = {5: "saturday", 6: "sunday"}.get(moment.weekday(), "weekday")
    return moment.hour * 60 + moment.minute, kind


@given(
    st.lists(st.integers(-14 * 4, 14 * 4), min_size=1, max_size=4),
    st.integers(0, 14 * 24 * 4 - 1),
    st.sampled_from(["us", "gb", "au", "fr", "zz"]),
)
def test_an_instant_is_in_the_windows_when_every_local_clock_allows_it(quarters, step, region):
    start = at("2026-03-20 00:00")
    zones = [[OffsetSpan(start, start + 14 * 24 * HOUR_MS, 15 * quarter)] for quarter in quarters]
    windows = callable_windows(hours(region), zones)
    instant = start + step * HOUR_MS // 4
    allowed = all(
        any(opens <= minute < closes for opens, closes in rule.minutes(kind, kind))
        for minute, kind in (local(instant, 15 * quarter) for quarter in quarters)
        for rule in hours(region)
    )
    assert any(instant in window for window in windows) == allowed


def test_a_holiday_is_a_day_like_any_other_where_the_law_says_nothing():
    zone = spans("UTC", "2026-11-23", 1)
    monday = (date(2026, 11, 23) - date(1970, 1, 1)).days
    assert callable_windows(hours("us-tx"), [zone], holidays={monday}) == callable_windows(
        hours("us-tx"), [zone]
    )
