"""Opening hours: on the office's wall clock, through summer time, midnight and holidays."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hours import OfficeHours, local_time, opening_hours


def at_ms(text: str, zone: str = "UTC") -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


OFFICE = opening_hours(
    OfficeHours(
        zone="Europe/London",
        week={
            "mon-thu": ["09:00-17:30"],
            "fri": ["09:00-12:00", "13:00-16:00"],
            "sat": ["22:00-02:00"],
        },
        closed=["2026-12-25"],
        special={"2026-12-24": ["09:00-12:00"]},
    )
)


@pytest.mark.parametrize(
    ("when", "state"),
    [
        ("2026-11-23 08:59", "closed"),
        ("2026-11-23 09:00", "open"),
        ("2026-11-23 17:29", "open"),
        ("2026-11-23 17:30", "closed"),
        ("2026-11-27 12:30", "closed"),
        ("2026-11-27 13:00", "open"),
        ("2026-11-28 23:00", "open"),
        ("2026-11-29 01:59", "open"),
        ("2026-11-29 02:00", "closed"),
        ("2026-12-24 11:00", "open"),
        ("2026-12-24 13:00", "holiday"),
        ("2026-12-25 10:00", "holiday"),
        ("2026-07-01 09:00", "open"),
        ("2026-07-01 08:59", "closed"),
    ],
)
def test_state_on_the_wall_clock_of_london(when, state):
    assert OFFICE.state_at(at_ms(when, "Europe/London")) == state


@given(
    st.integers(at_ms("2021-01-01") // 1000, at_ms("2049-12-31") // 1000),
    st.sampled_from(["Europe/London", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"]),
)
def test_local_time_agrees_with_the_time_zone_database(at_s, zone):
    wall = dt.datetime.fromtimestamp(at_s, tz=ZoneInfo(zone))
    minutes = local_time(zone).minute_at(at_s * 1000)
    shown = dt.datetime.fromtimestamp(minutes * 60, tz=dt.UTC)
    assert f"{shown:%Y-%m-%d %H:%M}" == f"{wall:%Y-%m-%d %H:%M}"
    assert local_time(zone).day_at(at_s * 1000) == wall.date()


def test_before_the_first_year_the_first_offset_holds():
    assert local_time("Asia/Shanghai").minute_at(0) == 8 * 60


@pytest.mark.parametrize(
    "span",
    ["9-17", "09:00", "09:00-09:00", "09:60-17:00", "24:01-25:00", "ab:cd-12:00", "²²:00-12:00"],
)
def test_span_that_is_none_is_refused(span):
    with pytest.raises(ValueError, match="write"):
        opening_hours(OfficeHours(zone="UTC", week={"mon": [span]}))


def test_week_may_begin_on_any_day():
    weekend = opening_hours(OfficeHours(zone="UTC", week={"sat-mon": ["00:00-24:00"]}))
    states = [weekend.state_at(at_ms(f"2026-11-{day} 12:00")) for day in range(20, 27)]
    assert states == ["closed", "open", "open", "open", "closed", "closed", "closed"]
