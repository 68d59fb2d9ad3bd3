"""Calls that an agent promised: theirs first, and after a while anybody's."""

from dataclasses import replace

import pytest

from acd.commands import ConnectCall
from acd.config import ConfigError
from acd.events import AgentWentNotReady
from acd.ids import AgentId
from acd.notices import CallOffered
from tests.dialer.site import Site, leads, of, settings

ANA, BEN = AgentId("a0"), AgentId("a1")
OWNER_MS = 120_000


def site_with(*owners, **campaign) -> Site:
    """Return a site with one lead for each owner, None for a lead of nobody's."""
    site = Site(settings(**campaign))
    site.sign_in()
    supplied = leads(len(owners), opens=site.now_ms)
    site.supply(
        tuple(replace(lead, agent_id=own) for lead, own in zip(supplied, owners, strict=True)),
        is_exhausted=True,
    )
    return site


def shown(site: Site) -> dict[str, str]:
    return {
        str(agent_id): str(preview.lead.lead_id)
        for agent_id, preview in site.campaign.previews.shown.items()
    }


def away(site: Site, agent: AgentId) -> None:
    site.tell(AgentWentNotReady(site.now_ms, agent, "break"))


def test_a_promised_lead_is_shown_to_who_promised_it_and_before_others():
    assert shown(site_with(BEN, None, pacer="preview")) == {"a0": "l1", "a1": "l0"}
    assert shown(site_with(None, None, ANA, pacer="preview")) == {"a0": "l2", "a1": "l0"}


def test_a_promised_lead_whose_agent_is_away_is_shown_to_others_after_its_time():
    site = Site(settings(pacer="preview"))
    site.sign_in()
    away(site, BEN)
    [lead] = leads(1, opens=site.now_ms)
    site.supply((replace(lead, agent_id=BEN),), is_exhausted=True)
    site.wait(OWNER_MS - 1)
    assert shown(site) == {}
    site.wait(1)
    assert shown(site) == {"a0": "l0"}


@pytest.mark.parametrize("pacer", ["progressive", "predictive"])
def test_a_promised_lead_is_dialled_while_its_agent_is_free_and_reaches_them(pacer):
    site = site_with(BEN, pacer=pacer)
    [placed] = site.pace(1)
    site.answer(placed.call_id)
    assert of(ConnectCall, site.verdict(placed.call_id))
    assert of(CallOffered, site.notices)[-1].agent_id == BEN


def test_a_promised_lead_whose_agent_is_busy_waits_its_time_and_others_go_before():
    site = site_with(BEN, None)
    away(site, BEN)
    assert [placed.lead_id for placed in site.pace(2)] == ["l1"]
    assert site.pace(1) == []
    site.wait(OWNER_MS)
    assert [placed.lead_id for placed in site.pace(1)] == ["l0"]


def test_without_a_time_of_their_own_promises_are_anybodys():
    site = site_with(BEN, owner_ms=0)
    away(site, BEN)
    assert [placed.lead_id for placed in site.pace(1)] == ["l0"]


def test_a_promise_is_kept_no_longer_than_a_lead_is_lent():
    with pytest.raises(ConfigError, match="owner_ms is 300001; it must be 0 to 300000"):
        settings(owner_ms=300_001)
