"""Campaigns: leads asked for, the rhythm of pacing, and the limits no pacer can overstep."""

import pytest

from acd.events import AgentSignedOut, LeaderElected, LegCause
from acd.ids import AgentId
from acd.messages import EventError
from dialer.campaigns import CAUTION_MS
from dialer.commands import PaceCampaign, PlaceCall, RequestLeads
from dialer.engine import LEADS_AGAIN_MS
from dialer.events import (
    CampaignPaused,
    CampaignStarted,
    DialsPaced,
    LeadsSupplied,
    SettingsApplied,
)
from dialer.ids import CampaignId
from dialer.notices import CampaignPaced
from dialer.settings import to_plain
from tests.dialer.site import CAMPAIGN, Site, leads, of, ready_site, settings


def test_leads_are_asked_for_when_the_campaign_runs():
    assert of(RequestLeads, Site().commands)
    assert not of(RequestLeads, Site(settings(starts_paused=True)).commands)


def test_a_store_without_more_leads_is_asked_again_after_a_while():
    site = Site()
    site.supply((), is_exhausted=True)
    assert not of(RequestLeads, site.wait(LEADS_AGAIN_MS - 1))
    [request] = of(RequestLeads, site.wait(1))
    assert request.request == 2


def test_leads_that_come_late_are_taken_and_those_that_come_again_are_not():
    site = Site()
    site.wait(LEADS_AGAIN_MS)
    for _ in range(2):
        site.tell(LeadsSupplied(site.now_ms, CAMPAIGN, 1, leads(5), False))
    assert len(site.campaign.stock) == 5
    assert site.centre.dialer.under_way.stale_count == 1


def test_the_pacer_is_asked_at_once_when_the_floor_changes_but_not_too_often():
    site = ready_site()
    site.pace(0)
    asked_ms = site.last(PaceCampaign).at_ms
    site.tell(AgentSignedOut(site.now_ms, AgentId("a0")))
    assert not of(PaceCampaign, site.wait(asked_ms + 249 - site.now_ms))
    [question] = of(PaceCampaign, site.wait(1))
    assert (question.signed_in, question.ready) == (1, 1)
    assert [seen.what for seen in question.observations] == ["signed_out"]


def test_the_pacer_is_asked_every_second_anyway():
    site = ready_site()
    site.pace(0)
    first = site.last(PaceCampaign).at_ms
    assert [q.at_ms - first for q in of(PaceCampaign, site.wait(3_000))] == [1_000, 2_000, 3_000]


def test_only_one_question_is_open_and_a_lost_answer_is_given_up():
    site = ready_site()
    opened = site.last(PaceCampaign)
    site.tell(AgentSignedOut(site.now_ms, AgentId("a0")))
    assert not of(PaceCampaign, site.wait(opened.at_ms + 999 - site.now_ms))
    assert of(PaceCampaign, site.wait(1))
    said = site.tell(DialsPaced(site.now_ms, CAMPAIGN, opened.view, 1, "late"))
    assert not of(PlaceCall, said), "an answer to a question given up is stale"


def test_nobody_signed_in_means_no_question_and_no_dial():
    site = Site()
    site.supply(leads(5))
    assert not of(PaceCampaign, site.wait(5_000))


def test_the_question_shows_the_floor_and_what_happened_since_the_last():
    site = ready_site()
    site.dial()
    [question, *_] = of(PaceCampaign, site.wait(1_000))
    assert len(question.ringing_since_ms) == 1
    assert question.leads == 19
    assert [seen.what for seen in question.observations] == ["dialled"]


@pytest.mark.parametrize(
    ("campaign", "placed"),
    [
        ({}, 6),
        ({"lines_max": 3}, 3),
        ({"calls_per_s_max": 2.0}, 2),
        ({"calls_per_s_max": 0.5}, 1),
    ],
)
def test_the_pacers_wish_is_cut_to_lines_and_call_rate(campaign, placed):
    site = ready_site(settings(**campaign), count=6)
    assert len(site.pace(100)) == placed


def test_a_lead_is_not_dialled_outside_its_window():
    site = Site()
    site.sign_in()
    site.supply(leads(1, opens=5_000) + leads(1, first=1, closes=1_500))
    site.wait(2_000)
    assert not site.pace(2)
    site.wait(3_000)
    assert [placed.lead_id for placed in site.pace(2)] == ["l0"]


def test_a_paused_campaign_places_no_call_and_goes_on_when_started():
    site = ready_site()
    site.tell(CampaignPaused(site.now_ms, CAMPAIGN, "sue", "lunch"))
    view = site.last(PaceCampaign).view
    assert not of(PlaceCall, site.tell(DialsPaced(site.now_ms, CAMPAIGN, view, 2, "")))
    assert not of(PaceCampaign, site.wait(5_000))
    assert of(PaceCampaign, site.tell(CampaignStarted(site.now_ms, CAMPAIGN, "sue", "back")))


def test_an_unknown_campaign_is_refused_with_the_known_ones():
    with pytest.raises(EventError, match="the campaigns are renewals"):
        Site().tell(CampaignPaused(0, CampaignId("x"), "sue", ""))


def test_after_a_takeover_a_campaign_dials_one_per_ready_agent_for_a_while():
    site = ready_site(count=60)
    assert len(site.pace(6)) == 6
    site.tell(LeaderElected(site.now_ms, 2, "m", 1, 1))
    for placed in of(PlaceCall, site.commands):
        site.hang_up(placed.call_id, LegCause.NO_ANSWER)
    calm = site.pace(9)
    assert len(calm) == 2, "two agents are ready"
    site.wait(CAUTION_MS)
    for placed in calm:
        site.hang_up(placed.call_id, LegCause.NO_ANSWER)
    assert len(site.pace(9)) == 9


def test_an_answer_asked_for_by_the_leader_before_is_stale():
    site = ready_site()
    view = site.last(PaceCampaign).view
    site.tell(LeaderElected(site.now_ms, 2, "m", 1, 1))
    assert not of(PlaceCall, site.tell(DialsPaced(site.now_ms, CAMPAIGN, view, 2, "")))


def test_the_first_leader_is_no_takeover():
    assert len(ready_site().pace(6)) == 6


def test_a_campaign_gone_from_the_settings_finishes_its_dials_and_is_forgotten():
    site = ready_site()
    call_id = site.dial()
    without = to_plain(settings())
    without["campaigns"] = []
    site.tell(SettingsApplied(site.now_ms, "d2", without))
    assert not of(PlaceCall, site.wait(2_000))
    site.hang_up(call_id)
    assert not site.centre.dialer.campaigns


def test_changed_settings_keep_leads_and_dials():
    site = ready_site()
    site.dial()
    site.tell(SettingsApplied(site.now_ms, "d2", to_plain(settings(lines_max=2))))
    assert (len(site.campaign.stock), len(site.campaign.dials)) == (19, 1)
    assert len(site.pace(9)) == 1


def test_settings_that_cannot_be_are_refused_and_change_nothing():
    site = ready_site()
    wrong = to_plain(settings())
    wrong["campaigns"][0]["ring_ms"] = 10
    before = site.centre.to_plain()
    with pytest.raises(EventError, match="ring_ms is 10; it must be 15000"):
        site.tell(SettingsApplied(site.now_ms, "d2", wrong))
    assert site.centre.to_plain()["dialer"] == before["dialer"]


def test_after_a_takeover_it_dials_one_to_one_until_old_dials_are_over_and_a_minute_has_passed():
    site = ready_site(settings(pacer="ratio:9", calls_per_s_max=50.0), count=90)
    old = site.pace(6)
    site.wait(1)
    site.tell(LeaderElected(site.now_ms, 2, "m", 1, 1))
    assert site.pace(9) == []
    for placed in old[:5]:
        site.hang_up(placed.call_id)
    assert len(site.pace(9)) == 1
    assert "After a takeover one call per ready agent" in of(CampaignPaced, site.notices)[-1].why
    site.wait(CAUTION_MS)
    assert site.pace(9) == []  # one dial of the time before is not over
    site.hang_up(old[5].call_id)
    site.supply(leads(90, first=200))
    assert len(site.pace(9)) == 9
