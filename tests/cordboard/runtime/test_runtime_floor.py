"""The floor: what notices add up to on the wallboard."""

import pytest

from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.notices import (
    AgentChanged,
    CallClosed,
    CallConnected,
    CallEnqueued,
    CallOffered,
    CallOpened,
    ContactOutcome,
    Direction,
    HandlingEnded,
    OfferClosed,
    OfferEnd,
    TalkEnded,
)
from cordboard.runtime.floor import Floor
from dialer.commands import PaceCampaign
from dialer.config import CampaignConfig, CentreConfig
from dialer.notices import DialClosed, DialPlaced

CONFIG = CentreConfig(
    acd=AcdConfig(
        queues=(QueueConfig(queue_id="cards", skills={"cards": 3}),),
        agents=(
            AgentConfig(agent_id="ana", skills={"cards": 8}),
            AgentConfig(agent_id="bo", skills={"cards": 2}, standing=True),
        ),
    ),
    campaigns=(CampaignConfig(campaign_id="renewals"),),
)
DAY_MS = 24 * 3_600_000


@pytest.fixture
def floor():
    return Floor(CONFIG, "Europe/London")


def answered(call_id, at_ms, wait_ms=5_000, talk_ms=60_000):
    end_ms = at_ms + wait_ms + talk_ms
    return [
        CallOpened(at_ms, call_id, Direction.INBOUND, "cu"),
        CallEnqueued(at_ms, call_id, "cards"),
        CallOffered(at_ms, call_id, "cards", "ana", "1.1"),
        OfferClosed(at_ms, call_id, "ana", "1.1", OfferEnd.CONNECTED, wait_ms),
        CallConnected(at_ms + wait_ms, call_id, "cards", "ana", wait_ms),
        TalkEnded(end_ms, call_id, "cards", "ana", talk_ms),
        CallClosed(end_ms, call_id, Direction.INBOUND, "cards", ContactOutcome.CONNECTED, wait_ms),
        HandlingEnded(end_ms + 10_000, call_id, "cards", "ana", 10_000, None),
    ]


def test_answered_call_makes_the_measures_of_its_queue(floor):
    floor.heed(1_000, answered("c1", 1_000))
    [line] = floor.board(100_000, 1).queues
    assert (line.offered, line.answered, line.service_level) == (1, 1, 1.0)
    assert (line.asa_ms, line.aht_ms) == (5_000, 70_000)


def test_abandoned_and_short_abandoned_calls_are_counted_apart(floor):
    for call_id, wait_ms in (("c1", 4_000), ("c2", 30_000)):
        floor.heed(
            1_000,
            [
                CallOpened(1_000, call_id, Direction.INBOUND, "cu"),
                CallEnqueued(1_000, call_id, "cards"),
                CallClosed(
                    1_000 + wait_ms,
                    call_id,
                    Direction.INBOUND,
                    "cards",
                    ContactOutcome.ABANDONED,
                    wait_ms,
                ),
            ],
        )
    [line] = floor.board(100_000, 1).queues
    assert (line.abandoned, line.short_abandons, line.service_level) == (1, 1, 0.0)


def test_waiting_and_flow_are_told_apart(floor):
    floor.heed(1_000, [CallOpened(1_000, "c1", Direction.INBOUND, "cu")])
    assert floor.board(2_000, 1).calls_in_flow == 1
    floor.heed(3_000, [CallEnqueued(3_000, "c1", "cards")])
    board = floor.board(10_000, 1)
    assert (board.calls_in_flow, board.queues[0].waiting) == (0, 1)
    assert board.queues[0].longest_wait_ms == 7_000


def test_only_agents_with_the_level_count_as_able(floor):
    for agent_id in ("ana", "bo"):
        floor.heed(1_000, [AgentChanged(1_000, agent_id, "ready", "", "idle", None)])
    [line] = floor.board(2_000, 1).queues
    assert (line.agents_ready, line.agents_signed_in) == (1, 1)


def test_occupancy_is_busy_time_over_time_at_work(floor):
    floor.heed(0, [AgentChanged(1_000, "ana", "ready", "", "idle", None)])
    floor.heed(0, [AgentChanged(31_000, "ana", "ready", "", "talking", "c1")])
    ana = floor.board(41_000, 1).agents[0]
    assert ana.occupancy == 0.25
    assert ana.since_ms == 10_000


def test_offer_names_its_reservation_until_it_is_closed(floor):
    floor.heed(0, [CallOffered(1_000, "c1", "cards", "ana", "1.9")])
    assert floor.board(2_000, 1).agents[0].reservation_id == "1.9"
    floor.heed(0, [OfferClosed(3_000, "c1", "ana", "1.9", OfferEnd.TIMED_OUT, 2_000)])
    assert floor.board(4_000, 1).agents[0].reservation_id == ""


def test_campaign_shows_outcomes_rate_leads_and_why(floor):
    pace = PaceCampaign("renewals", 1, 0, 1, 0, 0, (), (), (), 1, 40, ())
    floor.heed(0, [DialPlaced(0, "1.1", "renewals", "L1"), DialPlaced(0, "1.2", "renewals", "L2")])
    floor.heed(
        0, [DialClosed(9_000, "1.1", "renewals", "L1", "abandoned", True, True, 2_000)], [pace]
    )
    floor.note_pacing("renewals", "One agent is ready.")
    [line] = floor.board(10_000, 1).campaigns
    assert (line.dialling, line.leads, line.outcomes) == (1, 40, {"abandoned": 1})
    assert line.abandonment_rate == 1.0
    assert line.why == "One agent is ready."


def test_new_day_begins_at_local_midnight_and_forgets_only_today(floor):
    floor.heed(1_000, answered("c1", 1_000))
    floor.heed(DAY_MS, [])
    assert floor.board(DAY_MS, 1).queues[0].offered == 0
    assert floor.state.ever.queues["cards"].offered == 1


def test_snapshot_brings_the_floor_back(floor):
    floor.heed(1_000, answered("c1", 1_000)[:4])
    again = Floor(CONFIG, "Europe/London")
    again.restore(floor.to_plain())
    floor.heed(2_000, answered("c1", 1_000)[4:])
    again.heed(2_000, answered("c1", 1_000)[4:])
    assert again.board(90_000, 1) == floor.board(90_000, 1)
