"""Blending, as stories: callers and one campaign share two agents."""

import json
from dataclasses import replace

import pytest

from acd.config import AcdConfig, AgentConfig, ConfigError, QueueConfig
from acd.events import CallArrived, CallEnded, CallQueued, CallWaited, LegCause
from acd.ids import AgentId, CallId, CustomerId, QueueId, Sid
from dialer.centre import Centre
from dialer.commands import PaceCampaign
from dialer.config import Blending, CentreConfig
from dialer.notices import CampaignPaced
from dialer.settings import acd_config, shared_queues
from tests.dialer.site import CAMPAIGN, DAY_MS, Site, leads, of, ready_site, settings

BILLING = QueueId("billing")


def blended(*, agents: int = 2, pacer: str = "progressive", **rules) -> CentreConfig:
    """Return the small site with rules; callers are to be answered within ten seconds."""
    config = settings(agents=agents, pacer=pacer, wrap_up_ms=1_000)
    queue = QueueConfig(queue_id=BILLING, service_level_ms=10_000, wrap_up_ms=1_000)
    acd = replace(config.acd, queues=(queue,))
    return replace(config, acd=acd, blending=Blending(**rules))


def call(site: Site, name: str) -> list[object]:
    """Let a caller come and wait for an agent."""
    call_id, who = CallId(name), CustomerId(name)
    site.tell(CallArrived(site.now_ms, call_id, "main", who))
    site.tell(CallQueued(site.now_ms, call_id, BILLING, who, {}))
    return site.tell(CallWaited(site.now_ms, call_id, Sid(f"QU{name}")))


def answer(site: Site, name: str) -> None:
    """Let a caller come, be connected at once and go again."""
    said = call(site, name)
    site.join(next(command for command in said if type(command).__name__ == "ConnectCall"))
    site.hang_up(CallId(name))
    site.wait(1_500)


def give_up(site: Site, name: str) -> None:
    """Let a caller who waits hang up."""
    site.tell(CallEnded(site.now_ms, CallId(name), LegCause.COMPLETED))


def busy_agents(site: Site) -> None:
    """Give each agent a caller to speak with."""
    for name in ("c1", "c2"):
        site.join(next(c for c in call(site, name) if type(c).__name__ == "ConnectCall"))


def told(site: Site) -> CampaignPaced:
    return of(CampaignPaced, site.notices)[-1]


def test_without_rules_a_campaign_dials_while_callers_wait():
    site = ready_site(blended(pacer="ratio:2"))
    busy_agents(site)
    call(site, "c3")
    assert len(site.pace(1)) == 1


def test_inbound_first_dials_nobody_while_a_caller_waits():
    site = ready_site(blended(pacer="ratio:2", inbound_first=True))
    busy_agents(site)
    call(site, "c3")
    assert site.pace(2) == []
    assert told(site).why == "Callers go first: 1 in 'billing' and the like."
    give_up(site, "c3")
    assert len(site.pace(2)) == 2


def test_the_reserve_is_told_to_the_pacer_and_not_dialled_for():
    site = ready_site(blended(reserve=1))
    question = site.last(PaceCampaign)
    assert (question.ready, question.reserve) == (2, 1)


def test_a_person_who_has_answered_may_have_the_reserve():
    site = ready_site(blended(agents=1, reserve=1))
    call_id = site.dial()
    site.answer(call_id)
    assert any(type(command).__name__ == "ConnectCall" for command in site.verdict(call_id))


def test_outbound_goes_on_where_too_few_have_called_to_judge_by():
    rules = {"service_level_percent_min": 90.0, "service_level_calls_min": 3}
    site = ready_site(blended(**rules))
    busy_agents(site)
    call(site, "late")
    site.wait(12_000)
    give_up(site, "late")
    assert site.pace(1) == []
    for name in ("c1", "c2"):
        site.hang_up(CallId(name))
    site.wait(1_800_000)
    site.supply(leads(3, first=50, closes=10 * DAY_MS))
    assert len(site.pace(1)) == 1


def test_service_level_below_the_limit_is_the_reason_that_is_told():
    rules = {"service_level_percent_min": 90.0, "service_level_calls_min": 3}
    site = ready_site(blended(**rules))
    busy_agents(site)
    call(site, "late")
    site.wait(12_000)
    give_up(site, "late")
    assert site.pace(1) == []
    assert told(site).why == (
        "Callers are answered too late: 67 % of 3 in time, dialling goes on at 90 %."
    )
    for name in ("c1", "c2"):
        site.hang_up(CallId(name))
    site.wait(2_000)
    for index in range(9):
        answer(site, f"in time {index}")
    assert site.pace(1) == []  # 92 % is above the limit, not yet by the five points of recovery
    assert "dialling goes on at 95 %" in told(site).why


def test_a_caller_who_hangs_up_at_once_says_nothing_about_the_service():
    rules = {"service_level_percent_min": 90.0, "service_level_calls_min": 1}
    site = ready_site(blended(pacer="ratio:2", **rules))
    busy_agents(site)
    call(site, "short")
    site.wait(1_000)
    give_up(site, "short")
    assert len(site.pace(1)) == 1


def test_callers_whom_other_agents_serve_hold_nobody_back():
    config = blended(pacer="ratio:2", inbound_first=True)
    skilled = QueueConfig(queue_id=BILLING, skills={"billing": 5})
    config = replace(config, acd=replace(config.acd, queues=(skilled,)))
    site = ready_site(config)
    call(site, "c1")
    assert len(site.pace(1)) == 1


def test_queues_are_shared_where_an_agent_of_the_line_has_the_skills():
    acd = AcdConfig(
        queues=(QueueConfig(queue_id=BILLING), QueueConfig(queue_id=QueueId("cards"))),
        agents=(
            AgentConfig(agent_id=AgentId("ana"), standing=True, queues=(BILLING,)),
            AgentConfig(agent_id=AgentId("ben")),
        ),
    )
    config = replace(settings(), acd=acd)
    agents = acd_config(config).agents
    assert shared_queues(QueueId(CAMPAIGN), acd.queues, agents) == (BILLING,)


def test_what_was_counted_survives_a_restart():
    site = ready_site(blended(inbound_first=True, service_level_percent_min=80.0))
    answer(site, "c0")
    busy_agents(site)
    call(site, "c3")
    again = Centre(settings())
    again.restore(json.loads(json.dumps(site.centre.to_plain())))
    assert again.to_plain() == site.centre.to_plain()


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"reserve": -1}, "reserve is -1"),
        ({"service_level_percent_min": 101.0}, "must be 0 to 100"),
        ({"service_level_window_ms": 5}, "service_level_window_ms is 5"),
    ],
)
def test_rules_that_cannot_be_are_refused(wrong, complaint):
    with pytest.raises(ConfigError, match=complaint):
        Blending(**wrong)
