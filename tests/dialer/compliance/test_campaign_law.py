"""Illegal settings are refused with the rule that forbids them."""

from dataclasses import replace

import pytest

from dialer.compliance import CampaignPractice, Purpose, check_campaign
from tests.dialer.compliance.law_fixtures import supplied_book

LAWFUL = CampaignPractice(
    purpose=Purpose.MARKETING,
    abandon_percent_target=3.0,
    agent_within_ms=2000,
    ring_s=20,
    asks_consent=True,
    abandon_pause_h=72,
    message_within_ms=2000,
    message_names_caller=True,
    message_gives_number=True,
    message_opt_out_key=True,
    hours=("10:00-13:00",),
    attempts_per_day_max=1,
    registers=("us-national-dnc", "gb-tps"),
)


def findings(region="us", **changes):
    return check_campaign(replace(LAWFUL, **changes), supplied_book().applicable([region]))


@pytest.mark.parametrize("region", ["us", "us-fl", "gb", "fr", "cn", "zz"])
def test_a_lawful_campaign_passes_everywhere(region):
    assert findings(region) == []


@pytest.mark.parametrize(
    ("changes", "setting", "rule"),
    [
        ({"abandon_percent_target": 3.5}, "abandon_percent_target", "us-abandon-30-days"),
        ({"agent_within_ms": 2500}, "agent_within_ms", "us-abandon-30-days"),
        ({"message_within_ms": None}, "message_within_ms", "us-abandon-message"),
        ({"message_within_ms": 2001}, "message_within_ms", "us-abandon-message"),
        ({"message_opt_out_key": False}, "message_opt_out_key", "us-abandon-message"),
        ({"ring_s": 14}, "ring_s", "us-ring-15-s"),
        ({"hours": ("07:30-20:00",)}, "hours", "us-hours-marketing"),
        ({"asks_consent": False, "registers": ()}, "registers", "us-national-dnc"),
        ({"asks_consent": False, "is_recorded": True}, "asks_consent", "us-consent-recorded"),
        ({"records_years": 4}, "records_years", "us-records"),
    ],
)
def test_an_illegal_setting_names_the_rule(changes, setting, rule):
    found = findings("us-tx", **changes)
    assert [(finding.setting, finding.rule) for finding in found] == [(setting, rule)]


def test_the_finding_says_what_would_be_right_and_who_says_so():
    (found,) = findings("us-tx", abandon_percent_target=5.0)
    assert str(found) == (
        "abandon_percent_target: 5 % is not lawful (at most 3 %); us-abandon-30-days, "
        "16 CFR 310.4(b)(4)(i); 47 CFR 64.1200(a)(7) (status A)"
    )


def test_more_attempts_than_a_cap_are_refused():
    assert [f.rule for f in findings("us-fl", attempts_per_day_max=4)] == ["us-fl-three-in-24-h"]


def test_one_call_per_ready_agent_needs_no_message():
    changes = {
        "dials_ahead": False,
        "message_within_ms": None,
        "abandon_percent_target": 9.0,
        "abandon_pause_h": 0,
        "attempts_per_day_max": 3,
    }
    assert findings("gb", **changes) == []


def test_too_short_a_pause_after_an_abandoned_call_is_refused():
    assert [f.rule for f in findings("gb", abandon_pause_h=24)] == ["gb-abandon-72-h"]


def test_without_a_daily_number_of_attempts_the_gate_alone_counts_them():
    assert findings("us-fl", attempts_per_day_max=None) == []
