"""Quiet hours of text messages: whose law binds, in which zones, and the site's own."""

from datetime import UTC, datetime

import pytest

from cordboard.runtime.law import load_rule_book
from cordboard.runtime.leads.plan import own_rules
from cordboard.runtime.text_hours import TextHours
from dialer.compliance import Purpose

LONDON, WASHINGTON, PARIS, DRAMA_MOBILE = (
    *("+442079460123", "+12025550101", "+33140000000"),
    "+447700900123",  # in no numbering plan, and yet British
)
TOLL_FREE = "+18005550101"
"""May be in any zone of North America."""


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000)


def opens(hours, number, now):
    opened = datetime.fromtimestamp(hours.opens_at_ms(number, at(now)) / 1_000, UTC)
    return opened.strftime("%Y-%m-%d %H:%M")


@pytest.fixture(scope="module")
def service():
    return TextHours(load_rule_book(), Purpose.SERVICE)


@pytest.mark.parametrize(
    ("number", "now", "opened"),
    [
        (LONDON, "2026-11-03 12:00", "2026-11-03 12:00"),
        (LONDON, "2026-11-03 03:00", "2026-11-03 08:00"),
        (LONDON, "2026-07-07 03:00", "2026-07-07 07:00"),  # summer time
        (WASHINGTON, "2026-11-03 12:00", "2026-11-03 13:00"),
        (WASHINGTON, "2026-11-03 23:00", "2026-11-03 23:00"),
        (WASHINGTON, "2026-11-04 03:00", "2026-11-04 13:00"),
        (DRAMA_MOBILE, "2026-11-03 03:00", "2026-11-03 08:00"),
    ],
)
def test_hours_are_those_of_the_numbers_country_and_clock(service, number, now, opened):
    assert opens(service, number, now) == opened


def test_number_of_many_zones_waits_until_it_is_day_in_all_of_them(service):
    early, late = at("2026-11-03 13:00"), at("2026-11-03 18:30")
    assert service.opens_at_ms(TOLL_FREE, early) > service.opens_at_ms(WASHINGTON, early)
    assert service.opens_at_ms(TOLL_FREE, late) >= late


def test_purpose_decides_which_hours_of_the_law_bind(service):
    marketing = TextHours(load_rule_book(), Purpose.MARKETING)
    sunday = "2026-11-08 12:00"
    assert opens(service, PARIS, sunday) <= opens(marketing, PARIS, sunday)
    assert opens(marketing, PARIS, sunday) > "2026-11-09"


def test_own_hours_bind_besides_the_laws():
    late_risers = TextHours(load_rule_book(), Purpose.SERVICE, own_rules(["10:00-12:00"], ()))
    assert opens(late_risers, LONDON, "2026-11-03 08:30") == "2026-11-03 10:00"
    assert opens(late_risers, LONDON, "2026-11-03 12:00") == "2026-11-04 10:00"
    assert opens(late_risers, WASHINGTON, "2026-11-03 10:00") == "2026-11-03 15:00"


def test_where_no_hour_is_open_it_is_asked_again_in_two_days():
    never = TextHours(load_rule_book(), Purpose.SERVICE, own_rules(["03:00-04:00"], ()))
    now = at("2026-11-03 12:00")
    opened = never.opens_at_ms(LONDON, now)
    assert 24 * 3_600_000 < opened - now <= 3 * 24 * 3_600_000


@pytest.mark.parametrize("sender", ["72345", "HARBOUR", ""])
def test_what_is_no_number_has_no_hours(service, sender):
    now = at("2026-11-03 12:00")
    assert service.opens_at_ms(sender, now) > now
