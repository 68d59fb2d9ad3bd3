"""The centre as one machine: order, refused facts, snapshots, settings."""

import json

import pytest

from acd.config import AcdConfig, AgentConfig, ConfigError, QueueConfig
from acd.engine import Engine
from acd.events import CallArrived, CallEnded, CallQueued, CallWaited, LegCause
from acd.ids import AgentId, CallId, CustomerId, LegId, QueueId, Sid
from acd.messages import EngineError, EventError
from dialer.attempts import VERDICT_MS_MAX
from dialer.centre import Centre
from dialer.commands import CloseAttempt, PaceCampaign
from dialer.config import CampaignConfig, CentreConfig
from dialer.dials import DialState
from dialer.events import CampaignPaused, CampaignStarted, DialBound, SettingsApplied
from dialer.ids import CampaignId
from dialer.invariants import check
from dialer.past import Past
from dialer.settings import acd_config, to_plain
from tests.dialer.site import CAMPAIGN, Site, of, ready_site, settings


def test_deadlines_of_both_halves_fire_in_one_order():
    """A ring that times out and a verdict overdue: each at its own instant, before the fact."""
    site = ready_site()
    call_id = site.dial()
    site.answer(call_id)
    answered_ms = site.now_ms
    site.tell(
        CallQueued(site.now_ms + 30_000, CallId("c1"), QueueId("billing"), CustomerId("p"), {})
    )
    [welcomed] = [
        n for n in site.notices if type(n).__name__ == "CallOpened" and n.call_id == call_id
    ]
    assert welcomed.at_ms == answered_ms + VERDICT_MS_MAX


def test_commands_of_deadlines_before_a_refused_fact_come_with_the_next():
    site = ready_site()
    site.pace(0)
    wrong = DialBound(site.now_ms + 5_000, CallId("9.9"), Sid("CA"))
    with pytest.raises(EventError):
        site.centre.handle(wrong)
    restored = Centre(settings())
    restored.restore(json.loads(json.dumps(site.centre.to_plain())))
    for centre in (site.centre, restored):
        paused = CampaignPaused(wrong.at_ms, CAMPAIGN, "sue", "")
        assert of(PaceCampaign, centre.handle(paused))


def test_a_damaged_snapshot_is_our_mistake():
    with pytest.raises(EngineError, match="snapshot of the centre cannot be read"):
        Centre(settings()).restore({"settings": {}})


def test_a_restored_centre_says_the_same():
    site = ready_site()
    site.dial()
    text = json.dumps(site.centre.to_plain(), sort_keys=True)
    again = Centre(CentreConfig(acd=AcdConfig(queues=(), agents=())))
    again.restore(json.loads(text))
    assert json.dumps(again.to_plain(), sort_keys=True) == text


def test_a_person_of_a_vanished_campaign_still_finds_an_agent():
    site = ready_site()
    call_id = site.dial()
    site.answer(call_id)
    without = to_plain(settings()) | {"campaigns": []}
    site.tell(SettingsApplied(site.now_ms, "d2", without))
    assert any(type(command).__name__ == "ConnectCall" for command in site.verdict(call_id))
    with pytest.raises(EventError, match="gone from the settings"):
        site.tell(CampaignStarted(site.now_ms, CAMPAIGN, "sue", ""))
    assert of(CloseAttempt, site.hang_up(call_id))


def test_a_campaign_that_comes_back_goes_on():
    site = ready_site()
    site.dial()
    site.tell(SettingsApplied(site.now_ms, "d2", to_plain(settings()) | {"campaigns": []}))
    site.tell(SettingsApplied(site.now_ms, "d3", to_plain(settings(calls_per_s_max=3.0))))
    assert (site.campaign.is_running, site.campaign.is_retired) == (True, False)
    assert site.campaign.allowance.per_ms == 3_000


def test_settings_that_name_no_policy_are_refused():
    site = ready_site()
    wrong = to_plain(settings())
    wrong["acd"]["queues"][0]["agent_choice"] = "whoever"
    with pytest.raises(EventError, match="settings cannot be taken"):
        site.tell(SettingsApplied(site.now_ms, "d2", wrong))


def test_without_campaigns_the_centre_is_its_distributor():
    config = CentreConfig(acd=settings().acd)
    centre, engine = Centre(config), Engine(acd_config(config))
    call_id, who = CallId("c1"), CustomerId("p1")
    for event in (
        CallArrived(0, call_id, "main", who),
        CallQueued(1_000, call_id, QueueId("billing"), who, {}),
        CallWaited(1_200, call_id, Sid("QU")),
        CallEnded(9_000, call_id, LegCause.COMPLETED),
    ):
        assert centre.handle(event) == engine.handle(event)
        assert centre.notices == engine.notices
    assert centre.next_due_ms == engine.next_due_ms


def test_only_standing_legs_serve_campaigns_whatever_queues_an_agent_names():
    billing, cards = QueueId("billing"), QueueId("cards")
    config = CentreConfig(
        acd=AcdConfig(
            queues=(QueueConfig(queue_id=billing), QueueConfig(queue_id=cards)),
            agents=(
                AgentConfig(agent_id=AgentId("ana"), standing=True, queues=(cards,)),
                AgentConfig(agent_id=AgentId("ben")),
            ),
        ),
        campaigns=(CampaignConfig(campaign_id=CAMPAIGN),),
    )
    ana, ben = acd_config(config).agents
    assert ana.queues == (cards, QueueId(CAMPAIGN))
    assert ben.queues == (billing, cards)


def test_a_line_whose_dials_are_not_over_keeps_those_who_serve_it():
    site = ready_site()
    site.dial()
    without = to_plain(settings()) | {"campaigns": []}
    site.tell(SettingsApplied(site.now_ms, "shorter", without))
    kept = site.centre.acd.config
    assert [queue.queue_id for queue in kept.queues] == ["billing", CAMPAIGN]
    assert all(CAMPAIGN in agent.queues for agent in kept.agents)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"abandon_percent_max": 5.0}, "must be 0 to 3"),
        ({"calls_per_s_max": 0.0}, "use 0.1 to 1000"),
        ({"campaign_id": CampaignId("billing")}, "names must differ"),
        ({"ring_ms": 5_000}, "ring_ms is 5000; it must be 15000"),
    ],
)
def test_settings_that_break_a_rule_are_refused(change, complaint):
    with pytest.raises(ConfigError, match=complaint):
        settings(**change)


def test_a_campaign_needs_somebody_with_a_standing_leg():
    with pytest.raises(ConfigError, match="no agent has a standing leg"):
        CentreConfig(
            acd=AcdConfig(queues=(), agents=(AgentConfig(agent_id=AgentId("ben")),)),
            campaigns=settings().campaigns,
        )


def test_invariants_see_a_person_without_a_deadline():
    site = ready_site()
    call_id = site.dial()
    check(site.centre)
    site.centre.dialer.under_way.dials[call_id].state = DialState.DETECTING
    with pytest.raises(EngineError, match="detecting and its deadline is missing"):
        check(site.centre)


def test_the_past_counts_what_it_remembers():
    past = Past()
    past.note(CallId("1.1"), CAMPAIGN, LegId("l"), 0)
    assert len(past) == 1


def test_an_agents_work_for_a_paused_campaign_teaches_nothing():
    site = Site(settings(starts_paused=True))
    site.sign_in()
    call_id = CallId("c1")
    said = site.tell(CallQueued(site.now_ms, call_id, QueueId("billing"), CustomerId("p"), {}))
    said += site.tell(CallWaited(site.now_ms, call_id, Sid("QU")))
    site.join(next(command for command in said if type(command).__name__ == "ConnectCall"))
    site.hang_up(call_id)
    site.wait(60_000)
    assert not site.campaign.observations
