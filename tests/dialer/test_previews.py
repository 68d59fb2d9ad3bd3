"""Preview: an agent looks at a lead, dials or skips it, or lets the time pass."""

import json

import pytest

from acd.events import AgentWentNotReady, CallArrived, CallQueued, CallWaited, LegCause
from acd.ids import AgentId, CallId, CustomerId, QueueId, Sid
from dialer.centre import Centre
from dialer.commands import PlaceCall
from dialer.config import ConfigError
from dialer.events import CampaignPaused, PreviewAccepted, PreviewSkipped, SettingsApplied
from dialer.ids import LeadId
from dialer.invariants import check
from dialer.notices import LeadShown, PreviewEnded
from dialer.pacing.desk import PacingDesk
from dialer.settings import to_plain
from tests.dialer.site import CAMPAIGN, Site, leads, of, settings

ANA, BEN = AgentId("a0"), AgentId("a1")


def preview_site(*, count: int = 20, **campaign) -> Site:
    """Return a site whose agents look at a lead each."""
    site = Site(settings(pacer="preview", **campaign))
    site.sign_in()
    site.supply(leads(count))
    return site


def shown(site: Site) -> dict[str, str]:
    """Return which lead each agent sees."""
    return {
        str(agent_id): str(preview.lead.lead_id)
        for agent_id, preview in site.campaign.previews.shown.items()
    }


def accept(site: Site, agent: AgentId = ANA, lead: str = "l0") -> list[PlaceCall]:
    """Press dial, and let the pacer answer the next question."""
    site.tell(PreviewAccepted(site.now_ms, CAMPAIGN, agent, LeadId(lead)))
    site.wait(1_000)
    return site.pace(9)


def skip(site: Site, agent: AgentId = ANA, lead: str = "l0") -> None:
    site.tell(PreviewSkipped(site.now_ms, CAMPAIGN, agent, LeadId(lead), "called yesterday"))


def test_each_free_agent_is_shown_a_lead_of_their_own():
    site = preview_site()
    assert shown(site) == {"a0": "l0", "a1": "l1"}
    told = of(LeadShown, site.notices)
    assert [(one.agent_id, one.lead_id) for one in told] == [(ANA, "l0"), (BEN, "l1")]
    assert told[0].until_ms - told[0].at_ms == 60_000


def test_only_what_an_agent_wants_dialled_is_dialled():
    site = preview_site()
    site.wait(5_000)
    assert site.pace(9) == []
    [placed] = accept(site)
    assert placed.lead_id == "l0"
    assert shown(site) == {"a1": "l1"}  # who waits for their call is shown nothing
    [ended] = of(PreviewEnded, site.notices)
    assert (ended.agent_id, ended.how) == (ANA, "dialled")


def test_the_pacer_is_told_how_many_want_their_lead_dialled():
    site = preview_site()
    site.tell(PreviewAccepted(site.now_ms, CAMPAIGN, BEN, LeadId("l1")))
    [question] = [c for c in site.wait(1_000) if type(c).__name__ == "PaceCampaign"]
    answer = PacingDesk(site.centre.config.campaigns).answer(question)
    assert (question.previewed, answer.dials, answer.limit) == (1, 1, "previews")


def test_the_person_who_answers_is_theirs_who_looked():
    site = preview_site()
    [placed] = accept(site, BEN, "l1")
    site.answer(placed.call_id)
    site.verdict(placed.call_id)
    [held] = site.centre.acd.board.reservations.values()
    assert held.agent_id == BEN


def test_a_dead_number_is_followed_by_the_next_lead():
    site = preview_site()
    [placed] = accept(site)
    site.hang_up(placed.call_id, LegCause.NO_ANSWER)
    assert shown(site) == {"a0": "l2", "a1": "l1"}


def test_a_skipped_lead_goes_behind_the_others():
    site = preview_site(count=3)
    skip(site)
    assert shown(site) == {"a0": "l2", "a1": "l1"}
    assert [lead.lead_id for lead in site.campaign.stock.leads] == ["l0"]
    [ended] = of(PreviewEnded, site.notices)
    assert (ended.how, ended.why) == ("skipped", "called yesterday")


def test_skips_are_limited_by_the_hour():
    site = preview_site(skips_per_hour_max=1, preview_ms=3_600_000)
    skip(site)
    skip(site, lead="l2")
    assert shown(site)["a0"] == "l2"
    assert site.centre.dialer.under_way.stale_count == 1


@pytest.mark.parametrize(("end", "dialled"), [("dial", ["l0", "l1"]), ("skip", [])])
def test_what_follows_when_the_time_is_over_is_a_setting(end, dialled):
    site = preview_site(preview_ms=10_000, preview_end=end)
    site.wait(10_000)
    site.wait(1_000)
    assert [placed.lead_id for placed in site.pace(9)] == dialled
    if end == "skip":
        assert {one.how for one in of(PreviewEnded, site.notices)} == {"expired"}


def test_an_agent_who_takes_a_caller_gives_the_lead_back():
    site = preview_site()
    call_id, who = CallId("c1"), CustomerId("p")
    site.tell(CallArrived(site.now_ms, call_id, "main", who))
    site.tell(CallQueued(site.now_ms, call_id, QueueId("billing"), who, {}))
    site.tell(CallWaited(site.now_ms, call_id, Sid("QU")))
    [ended] = of(PreviewEnded, site.notices)
    assert ended.how == "withdrawn"
    assert len(shown(site)) == 1
    assert site.campaign.stock.leads[0].lead_id == ended.lead_id


def test_a_break_a_pause_and_settings_without_it_take_the_leads_back():
    site = preview_site()
    site.tell(AgentWentNotReady(site.now_ms, ANA, "lunch"))
    assert shown(site) == {"a1": "l1"}
    site.tell(CampaignPaused(site.now_ms, CAMPAIGN, "sue", "enough"))
    assert shown(site) == {}
    other = preview_site()
    other.tell(SettingsApplied(other.now_ms, "d2", to_plain(settings()) | {"campaigns": []}))
    other.wait(120_000)
    assert CAMPAIGN not in other.centre.dialer.campaigns


def test_a_lead_whose_window_closed_meanwhile_is_not_dialled():
    site = Site(settings(pacer="preview"))
    site.sign_in()
    site.supply(leads(2, closes=2_000))
    site.wait(2_500)
    assert accept(site) == []
    check(site.centre)


def test_a_number_in_use_waits():
    site = preview_site()
    first, second = site.campaign.previews.shown.values()
    second.lead.number_key = first.lead.number_key
    [placed] = accept(site)
    assert accept(site, BEN, "l1") == []
    site.hang_up(placed.call_id)
    site.wait(1_000)
    assert len(site.pace(9)) == 1


@pytest.mark.parametrize("what", [accept, skip])
def test_a_word_about_another_lead_is_too_late(what):
    site = preview_site()
    assert not what(site, lead="l9")
    assert shown(site) == {"a0": "l0", "a1": "l1"}


def test_previews_survive_a_restart():
    site = preview_site()
    skip(site)
    site.tell(PreviewAccepted(site.now_ms, CAMPAIGN, BEN, LeadId("l1")))
    text = json.dumps(site.centre.to_plain(), sort_keys=True)
    again = Centre(settings())
    again.restore(json.loads(text))
    assert json.dumps(again.to_plain(), sort_keys=True) == text


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [({"preview_end": "wait"}, "use dial or skip"), ({"preview_ms": 1}, "preview_ms is 1")],
)
def test_preview_settings_that_cannot_be_are_refused(wrong, complaint):
    with pytest.raises(ConfigError, match=complaint):
        settings(**wrong)
