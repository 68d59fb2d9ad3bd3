"""What the law gives a campaign that says nothing, and takes from one that says too much."""

from pathlib import Path

import pytest

from acd.config import ConfigError
from cordboard.runtime.law import load_rule_book
from cordboard.runtime.settings import load_settings
from cordboard.runtime.settings.lawful import AbandonLaw
from dialer.compliance import Purpose
from dialer.compliance.rules import AbandonLimit, Source
from dialer.config import LEGAL_WINDOW, AbandonWindow, CampaignConfig, Detection

DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def book():
    return load_rule_book(None)


def campaign(**changes):
    return CampaignConfig(**{"campaign_id": "renewals", **changes})


def strict(percent_max=1.0, agent_within_ms=1_800):
    source = Source(text="Act 1", url="https://law.test", status="A", read_on="2026-11-21")
    return AbandonLaw(
        (
            AbandonLimit(
                id="strict",
                source=source,
                percent_max=percent_max,
                window_days=7,
                window="successive",
                agent_within_ms=agent_within_ms,
                clock="greeting_end",
            ),
        )
    )


def test_windows_are_those_of_the_region(book):
    (window,) = AbandonLaw.of(book, "GB", Purpose.SERVICE).windows()
    assert window == AbandonWindow(
        name="gb-abandon-24-h",
        kind="rolling",
        length_ms=DAY_MS,
        percent_max=3.0,
        counts_detection_errors=True,
    )
    (window,) = AbandonLaw.of(book, "US", Purpose.MARKETING).windows()
    assert (window.kind, window.length_ms, window.percent_max) == ("successive", 30 * DAY_MS, 3.0)


@pytest.mark.parametrize(("region", "purpose"), [("", Purpose.MARKETING), ("US", Purpose.SERVICE)])
def test_where_no_limit_is_known_it_is_three_per_cent_over_thirty_days(book, region, purpose):
    assert AbandonLaw.of(book, region, purpose).windows() == (LEGAL_WINDOW,)


@pytest.mark.parametrize(
    ("detection", "speech_end_ms", "left_ms"),
    [
        (Detection.BEFORE, 1_000, 1_000),
        (Detection.BEFORE, 600, 1_400),
        (Detection.AFTER, 1_000, 2_000),
        (Detection.OFF, 1_000, 2_000),
    ],
)
def test_an_agent_has_what_detection_leaves_of_two_seconds(detection, speech_end_ms, left_ms):
    config = campaign(detection=detection, speech_end_ms=speech_end_ms)
    assert config.agent_due_ms == left_ms
    told = campaign(detection=detection, speech_end_ms=speech_end_ms, agent_ms_max=left_ms)
    AbandonLaw().check_detection(told)
    AbandonLaw().check_told(told)


def test_a_verdict_after_all_of_the_legal_wait_leaves_no_time_for_an_agent():
    assert campaign(speech_end_ms=3_000).agent_due_ms == 0


def test_an_agent_who_may_come_later_than_the_law_waits_is_refused():
    with pytest.raises(ConfigError, match=r"at most 1: .* of them \(16 CFR 310.4\(b\)\(4\)\)"):
        AbandonLaw().check_told(campaign(agent_ms_max=1_001))
    law = strict()
    hasty = {"speech_end_ms": 800, "legal_wait_ms": law.wait_ms}
    with pytest.raises(ConfigError, match=r"at most 1: the law gives 1\.8 s .*strict, Act 1"):
        law.check_told(campaign(agent_ms_max=1_200, **hasty))
    law.check_told(campaign(agent_ms_max=1_000, **hasty))


def test_a_target_above_the_law_is_refused_with_its_rule():
    strict().check_target("renewals", 1.0)
    with pytest.raises(ConfigError, match=r"abandon_percent_max is 1.5; .* at most 1 \(strict"):
        strict().check_target("renewals", 1.5)


@pytest.mark.parametrize(
    "changes",
    [{"percent_max": 1.1}, {"length_ms": 8 * DAY_MS}, {"kind": "rolling"}],
)
def test_windows_laxer_than_the_law_stand_beside_the_law_s_and_stricter_ones_in_their_place(
    changes,
):
    law = {"kind": "successive", "length_ms": 7 * DAY_MS, "percent_max": 0.5}
    own = AbandonWindow(name="own", **law)
    assert strict().windows((own,)) == (own,)
    lax = AbandonWindow(name="own", **(law | changes))
    assert [window.name for window in strict().windows((lax,))] == ["strict", "own"]


def test_the_example_keeps_the_law_by_default():
    bank = Path(__file__).parents[3] / "examples/retail-bank"
    (config,) = load_settings(bank).centre.campaigns
    assert config.agent_due_ms + config.head_start_ms == 2_000
    assert [window.name for window in config.windows] == ["gb-abandon-24-h"]
