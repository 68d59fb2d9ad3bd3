"""The wallboard's layout, as a function of what was published."""

import json

from cordboard.console.supervisor.ahead import outlook_view, panel
from cordboard.console.supervisor.layout import board_view, pooled_service_level
from cordboard.runtime.board import (
    AgentLine,
    Board,
    CampaignLine,
    QueueLine,
    WindowLine,
    decode,
    encode,
)
from simulator.study import Estimate
from simulator.whatif import Outlook


def queue(queue_id="cards", **changes):
    line = {
        "waiting": 2,
        "longest_wait_ms": 34_000,
        "agents_ready": 0,
        "agents_signed_in": 6,
        "offered": 40,
        "answered": 36,
        "abandoned": 2,
        "short_abandons": 0,
        "service_level": 0.75,
        "service_level_ms": 20_000,
        "asa_ms": 9_000,
        "aht_ms": 214_000,
    }
    return QueueLine(queue_id=queue_id, **(line | changes))


def agent(agent_id, presence, state, reason="", queue_id=""):
    return AgentLine(
        agent_id=agent_id,
        presence=presence,
        reason=reason,
        state=state,
        since_ms=65_000,
        queue_id=queue_id,
        handled=7,
        occupancy=0.81,
    )


def board(queues=(), agents=(), campaigns=()):
    return Board(
        at_ms=1_000,
        scale=1,
        calls_in_flow=3,
        self_served=14,
        voicemails=1,
        refused=0,
        queues=tuple(queues),
        agents=tuple(agents),
        campaigns=tuple(campaigns),
    )


def words(component):
    return json.dumps(component.to_plotly_json(), default=lambda part: part.to_plotly_json())


def test_nothing_published_is_said_in_words():
    assert "worker runs" in words(board_view(None))


def test_queue_shows_its_waits_and_measures():
    text = words(board_view(board([queue()])))
    assert "0:34" in text
    assert "75 % in 20 s" in text


def test_queue_shows_whether_the_waits_its_callers_were_told_came_true():
    told = {"told_kept": 8, "told_sooner": 1, "told_later": 4, "told_unscored": 2}
    text = words(board_view(board([queue(**told)])))
    assert "8 of 13 true, 4 longer" in text
    assert "2 gave up first" in text
    assert "of 0 true" not in words(board_view(board([queue(told_unscored=2)])))


def test_measure_without_value_is_not_a_zero():
    text = words(board_view(board([queue(service_level=None, asa_ms=None)])))
    assert "% in 20 s" not in text


def test_agent_who_is_away_shows_the_reason():
    text = words(board_view(board(agents=[agent("bo", "not_ready", "idle", "lunch")])))
    assert "not ready" in text
    assert "lunch" in text


def test_agent_who_finishes_a_call_before_a_break_is_shown_at_work():
    text = words(board_view(board(agents=[agent("bo", "not_ready", "talking", "lunch", "cards")])))
    assert "talking" in text
    assert "lunch" not in text


def test_campaign_shows_outcomes_and_why():
    line = CampaignLine(
        campaign_id="renewals",
        is_running=True,
        pacer="progressive",
        dialling=2,
        waiting=0,
        talking=1,
        leads=50,
        outcomes={"no_answer": 15},
        abandonment_rate=0.0114,
        why="One dial per ready agent.",
        windows=(WindowLine(name="law", answers=200, abandons=5, rate_max=0.03),),
    )
    text = words(board_view(board(campaigns=[line])))
    assert "Window 'law': 5 of 200 answers abandoned, 2.50 % of at most 3.0 %" in text
    assert "no answer 15" in text
    assert "1.1 %" in text
    assert "One dial per ready agent." in text


def test_pooled_service_level_counts_each_queue_by_its_calls():
    lines = [
        queue(offered=10, short_abandons=0, service_level=1.0),
        queue(offered=31, short_abandons=1, service_level=0.0),
        queue(offered=9, service_level=None),
    ]
    assert pooled_service_level(lines) == 0.25


def test_board_survives_its_text():
    full = board([queue()], [agent("ana", "ready", "idle")])
    assert decode(encode(full)) == full


def outlook():
    sure = Estimate(-0.1, 0.04, 8)
    return Outlook(
        minutes=30,
        futures=8,
        change="fay leaves",
        as_is={"service_level": Estimate(0.8, 0.05, 8), "mean_wait_s": Estimate(9.0, 1.0, 8)},
        changed={"service_level": Estimate(0.7, 0.05, 8), "mean_wait_s": Estimate(9.2, 1.0, 8)},
        difference={"service_level": sure, "mean_wait_s": Estimate(0.2, 0.5, 8)},
    )


def test_an_outlook_says_what_is_beyond_doubt_and_what_is_not():
    shown = words(outlook_view(outlook()))
    assert "The next 30 minutes if fay leaves" in shown
    assert "-10.0 % \\u00b1 4.0 %, worse" in shown
    assert "none to be sure of" in shown


def test_the_look_ahead_offers_the_agents_and_campaigns_of_the_board():
    shown = words(panel(board(agents=[agent("ana", "ready", "idle")])))
    assert "ana" in shown
    assert "an agent goes home" in shown
    assert "Look ahead" in words(panel(None))
