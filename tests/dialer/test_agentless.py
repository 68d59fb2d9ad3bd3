"""A campaign without agents: people hear the recorded message, and nobody waits or is abandoned."""

from dataclasses import replace

import pytest

from acd.config import AcdConfig, AgentConfig
from acd.ids import AgentId
from dialer.commands import LeaveMessage, PaceCampaign, PlaySafeHarbour
from dialer.config import CampaignConfig, CentreConfig, Detection, MachinePolicy
from dialer.dials import DialState
from dialer.events import AnsweredBy, MessagePlayed, OptedOut
from dialer.invariants import check
from dialer.notices import DialClosed
from dialer.pacing import pacer_named
from dialer.pacing.desk import PacingDesk
from tests.dialer.site import CAMPAIGN, Site, leads, of, settings


def message_site(**campaign) -> Site:
    """Return a site where nobody is signed in and leads are at hand."""
    site = Site(settings(pacer="message", **campaign))
    site.supply(leads(20))
    site.wait(1_000)
    return site


def test_nobody_need_be_signed_in_or_have_a_standing_leg():
    acd = AcdConfig(queues=(), agents=(AgentConfig(agent_id=AgentId("ben")),))
    campaign = CampaignConfig(campaign_id=CAMPAIGN, pacer="message")
    site = Site(CentreConfig(acd=acd, campaigns=(campaign,)))
    site.supply(leads(5))
    assert len(site.pace(1)) == 1


def test_a_person_hears_the_message_at_the_verdict_and_is_not_abandoned():
    site = message_site()
    call_id = site.dial()
    site.answer(call_id)
    assert of(PlaySafeHarbour, site.verdict(call_id))
    assert site.centre.dialer.under_way.dials[call_id].state is DialState.APOLOGISING
    check(site.centre)
    site.wait(60_000)
    site.tell(MessagePlayed(site.now_ms, call_id))
    site.hang_up(call_id)
    [closed] = of(DialClosed, site.notices)
    assert (closed.outcome, closed.is_live_answer, closed.is_abandoned) == ("human", True, False)
    assert closed.wait_ms == 0
    site.wait(1_000)
    assert [window.answers for window in site.last(PaceCampaign).windows] == [0]


@pytest.mark.parametrize("detection", [Detection.OFF, Detection.AFTER])
def test_without_detection_before_the_message_begins_at_the_answer(detection):
    site = message_site(detection=detection)
    assert of(PlaySafeHarbour, site.answer(site.dial()))


def test_a_machine_that_records_gets_its_own_message():
    site = message_site(machine_policy=MachinePolicy.LEAVE_MESSAGE)
    call_id = site.dial()
    site.answer(call_id)
    assert of(LeaveMessage, site.verdict(call_id, AnsweredBy.MACHINE_BEEP))


def test_who_opts_out_during_the_message_is_heard():
    site = message_site()
    call_id = site.dial()
    site.answer(call_id)
    site.verdict(call_id)
    said = site.tell(OptedOut(site.now_ms, call_id))
    assert [type(command).__name__ for command in said] == ["OptOut"]


def test_rate_and_lines_are_the_limits():
    site = message_site(calls_per_s_max=4.0, lines_max=3)
    desk = PacingDesk(site.centre.config.campaigns)
    answer = desk.answer(site.last(PaceCampaign))
    assert (answer.wanted, answer.dials, answer.limit) == (4, 3, "trunks")
    free = replace(site.centre.config.campaigns[0], lines_max=50)
    assert PacingDesk((free,)).answer(site.last(PaceCampaign)).dials == 4
    assert pacer_named("message").name == "message"
