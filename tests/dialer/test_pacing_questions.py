"""What a pacer is told: windows, the chances of numbers, who is leaving, and how hard to dial."""

import json
from dataclasses import replace

import pytest

from acd.events import AgentWentNotReady, ClockTicked
from acd.ids import AgentId
from acd.messages import EventError
from dialer.campaigns import SHIFT_PAUSE_MS
from dialer.centre import Centre
from dialer.commands import PaceCampaign
from dialer.config import AbandonWindow, ConfigError, Detection
from dialer.events import AnsweredBy, PacingChanged, SettingsApplied
from dialer.notices import CampaignPaced, PacingSet
from dialer.settings import to_plain
from tests.dialer.site import CAMPAIGN, Site, leads, of, ready_site, settings

WINDOWS = (
    AbandonWindow(name="law"),
    AbandonWindow(name="day", kind="rolling", length_ms=60_000, is_hard=True),
    AbandonWindow(name="shift", kind="shift", length_ms=28_800_000, breach_risk_percent_max=5.0),
)


def standing(site: Site, name: str):
    """Return how a window stands in the next question."""
    site.wait(1_000)
    [window] = [one for one in site.last(PaceCampaign).windows if one.name == name]
    return window


def answered(site: Site, *, connected: bool) -> None:
    """Let one dial reach a person, and an agent or the message."""
    call_id = site.dial()
    site.answer(call_id)
    [connect] = [c for c in site.verdict(call_id) if type(c).__name__ == "ConnectCall"]
    if connected:
        site.join(connect)
    else:
        site.wait(4_000)
    site.hang_up(call_id)


def test_windows_count_answers_and_abandons():
    site = ready_site(settings(windows=WINDOWS))
    answered(site, connected=True)
    answered(site, connected=False)
    law = standing(site, "law")
    assert (law.answers, law.abandons, law.rate_ppm_max) == (2, 1, 30_000)
    assert law.ends_at_ms - law.starts_at_ms == 30 * 86_400_000
    day = standing(site, "day")
    assert (day.is_hard, day.ends_at_ms, day.breach_risk_ppm_max) == (True, -1, -1)
    assert standing(site, "shift").breach_risk_ppm_max == 50_000


def test_a_person_who_hangs_up_before_an_agent_counts_once_as_abandoned():
    site = ready_site(settings(agents=1, windows=WINDOWS))
    call_id = site.dial()
    site.answer(call_id)
    site.verdict(call_id)
    site.hang_up(call_id)
    assert (standing(site, "law").answers, standing(site, "law").abandons) == (1, 1)


def test_where_detection_may_take_an_answer_back_it_counts_at_the_end():
    site = ready_site(settings(windows=WINDOWS, detection=Detection.AFTER))
    call_id = site.dial()
    [connect] = [c for c in site.answer(call_id) if type(c).__name__ == "ConnectCall"]
    site.join(connect)
    assert standing(site, "law").answers == 0
    site.verdict(call_id, AnsweredBy.MACHINE)
    site.hang_up(call_id)
    assert standing(site, "law").answers == 0


def test_the_wait_counts_from_the_end_of_the_greeting():
    """The verdict comes a second after it: of the law's two seconds one is left."""
    site = ready_site(settings(windows=WINDOWS, speech_end_ms=1_000))
    call_id = site.dial()
    site.answer(call_id)
    site.wait(3_000)
    [connect] = [c for c in site.verdict(call_id) if type(c).__name__ == "ConnectCall"]
    site.wait(1_500)
    site.join(connect)
    assert standing(site, "law").abandons == 1


def test_a_shift_begins_anew_after_hours_without_a_question():
    site = ready_site(settings(windows=WINDOWS))
    answered(site, connected=True)
    began = standing(site, "shift").starts_at_ms
    for name in ("a0", "a1"):
        site.tell(AgentWentNotReady(site.now_ms, AgentId(name), "home"))
    campaign = site.campaign
    campaign.is_running = False
    site.tell(ClockTicked(site.now_ms + SHIFT_PAUSE_MS + 1_000, 0, 1))
    campaign.is_running = True
    campaign.touch()
    shift = standing(site, "shift")
    assert (shift.answers, shift.starts_at_ms > began) == (0, True)
    assert standing(site, "law").answers == 1


def test_windows_go_on_after_a_restart_and_after_new_settings():
    site = ready_site(settings(windows=WINDOWS))
    answered(site, connected=False)
    again = Centre(settings())
    again.restore(json.loads(json.dumps(site.centre.to_plain())))
    assert again.to_plain() == site.centre.to_plain()
    fewer = to_plain(settings(windows=WINDOWS[:2]))
    site.tell(SettingsApplied(site.now_ms, "d2", fewer))
    assert (standing(site, "law").answers, standing(site, "law").abandons) == (1, 1)
    assert [window.name for window in site.last(PaceCampaign).windows] == ["law", "day"]


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"kind": "daily"}, "kind is 'daily'; use successive, rolling or shift"),
        ({"percent_max": 101.0}, "must be 0 to 100"),
        ({"breach_risk_percent_max": 0.0}, "between 0 and 100"),
        ({"length_ms": 5}, "length_ms is 5"),
    ],
)
def test_a_window_that_cannot_be_is_refused(wrong, complaint):
    with pytest.raises(ConfigError, match=complaint):
        AbandonWindow(**{"name": "x", **wrong})


def test_two_windows_of_one_name_are_refused():
    with pytest.raises(ConfigError, match="two windows have one name"):
        settings(windows=(WINDOWS[0], WINDOWS[0]))


# --- chances of numbers --------------------------------------------------------------------------


def mixed_leads():
    """Return four leads whose numbers answer with different chances, one of them unknown."""
    return tuple(
        replace(lead, answer_permille=permille)
        for lead, permille in zip(leads(4), (200, 800, -1, 600), strict=True)
    )


def busy_site(supplied) -> Site:
    """Return a site with agents who have each a call on the way."""
    site = Site(settings(pacer="ratio:3"))
    site.sign_in()
    site.supply(leads(6, first=100))
    site.pace(6)
    site.wait(61_000)
    site.supply(supplied)
    site.wait(1_000)
    return site


def test_the_question_tells_the_chances_of_ringing_and_next_numbers():
    site = ready_site()
    assert (site.last(PaceCampaign).ringing_permille, site.last(PaceCampaign).next_permille) == (
        (),
        (),
    )
    site = Site()
    site.sign_in()
    site.supply(mixed_leads())
    site.wait(1_000)
    assert site.last(PaceCampaign).next_permille == (200, 800, -1, 600)
    site.pace(2)
    site.wait(1_000)
    assert site.last(PaceCampaign).ringing_permille == (200, 800)
    observed = [one for asked in of(PaceCampaign, site.commands) for one in asked.observations]
    assert [one.odds_permille for one in observed if one.what == "dialled"] == [200, 800]


def test_while_few_agents_are_free_likely_answers_are_dialled():
    site = busy_site(mixed_leads())
    assert site.campaign.is_likely_first
    assert site.last(PaceCampaign).next_permille == (800, 600, -1, 200)
    assert [placed.lead_id for placed in site.pace(3)] == ["l1", "l3", "l2"]


def test_an_urgent_lead_goes_before_a_likely_one():
    urgent, *others = mixed_leads()
    site = busy_site((*others, replace(urgent, urgency=1)))
    assert [placed.lead_id for placed in site.pace(2)] == ["l0", "l1"]


# --- who is leaving ------------------------------------------------------------------------------


def test_a_pause_after_this_call_is_told_to_the_pacer():
    site = ready_site()
    for _ in range(2):
        call_id = site.dial()
        site.answer(call_id)
        site.join(next(c for c in site.verdict(call_id) if type(c).__name__ == "ConnectCall"))
    site.wait(1_000)
    assert site.last(PaceCampaign).leaving_talking == ()
    site.tell(AgentWentNotReady(site.now_ms, AgentId("a1"), "lunch"))
    site.wait(1_000)
    question = site.last(PaceCampaign)
    assert (len(question.talking_since_ms), question.leaving_talking) == (2, (1,))


def test_a_break_is_observed_as_somebody_leaving():
    site = ready_site()
    site.tell(AgentWentNotReady(site.now_ms, AgentId("a1"), "lunch"))
    site.wait(1_000)
    observed = [one.what for one in site.last(PaceCampaign).observations]
    assert "signed_out" in observed


# --- how hard to dial ----------------------------------------------------------------------------


def changed(site: Site, pacer: str, ppm: int) -> list[object]:
    """Change pacing by hand."""
    return site.tell(PacingChanged(site.now_ms, CAMPAIGN, pacer, ppm, "sue", "the list is old"))


def test_pacing_changed_by_hand_acts_from_the_next_question_and_is_noted_with_who_and_why():
    site = ready_site()
    changed(site, "ratio:2", 20_000)
    site.wait(1_000)
    assert (site.last(PaceCampaign).pacer, site.last(PaceCampaign).abandon_ppm_max) == (
        "ratio:2",
        20_000,
    )
    [noted] = of(PacingSet, site.notices)
    assert (noted.by, noted.why, noted.pacer) == ("sue", "the list is old", "ratio:2")


def test_settings_that_say_the_same_of_pacing_leave_what_was_changed_by_hand():
    site = ready_site()
    changed(site, "ratio:2", 20_000)
    site.tell(SettingsApplied(site.now_ms, "d2", to_plain(settings(lines_max=7))))
    assert (site.campaign.config.pacer, site.campaign.config.lines_max) == ("ratio:2", 7)
    site.tell(SettingsApplied(site.now_ms, "d3", to_plain(settings(pacer="adaptive"))))
    assert site.campaign.config.pacer == "adaptive"


@pytest.mark.parametrize(("pacer", "ppm"), [("magic", 30_000), ("predictive", 30_001)])
def test_pacing_that_cannot_be_is_refused_and_changes_nothing(pacer, ppm):
    site = ready_site()
    with pytest.raises(EventError, match="pacing cannot be changed"):
        changed(site, pacer, ppm)
    assert site.campaign.config.pacer == "progressive"


@pytest.mark.parametrize(
    ("campaign", "wanted", "dials", "why"),
    [
        ({}, 2, 2, "test"),
        ({"lines_max": 1}, 3, 1, "1 of 1 lines are free."),
        ({"calls_per_s_max": 2.0}, 9, 2, "The call rate leaves 2 at 2 a second."),
    ],
)
def test_what_was_dialled_is_told_with_what_bound_it(campaign, wanted, dials, why):
    site = ready_site(settings(**campaign))
    site.pace(wanted)
    told = of(CampaignPaced, site.notices)[-1]
    assert (told.wanted, told.dials, told.why) == (wanted, dials, why)


def test_numbers_in_use_are_the_limit_that_is_told():
    site = Site()
    site.sign_in()
    site.supply(tuple(replace(lead, number_key="same") for lead in leads(3)))
    site.wait(1_000)
    site.pace(3)
    told = of(CampaignPaced, site.notices)[-1]
    assert (told.dials, told.why.startswith("No lead at hand may be dialled now")) == (1, True)
