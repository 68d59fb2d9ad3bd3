"""Rare corners: late facts, forgotten names, and facts that concern nobody any more."""

import pytest

from acd.board import MEMORY_MS
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.engine import Engine
from acd.events import (
    AgentLegEnded,
    AgentSignedIn,
    AgentTransferredCall,
    AgentWentNotReady,
    AgentWentReady,
    CallArrived,
    CallbackAsked,
    CallEnded,
    CallQueued,
    CallWaited,
    ClockTicked,
    ConnectFailed,
    ConnectFailure,
    ConsultAsked,
    FlowEnded,
    FlowOutcome,
    LeaderElected,
    LegCause,
    PartyLeft,
    VoicemailLeft,
)
from acd.invariants import check
from acd.messages import EventError


def centre(**settings):
    engine = Engine(
        AcdConfig(
            queues=(QueueConfig(queue_id="billing", **settings),),
            agents=(AgentConfig(agent_id="ana"),),
        )
    )
    engine.handle(AgentSignedIn(0, "ana"))
    return engine


def queue(engine, at_ms, call_id, customer="k"):
    return engine.handle(CallQueued(at_ms, call_id, "billing", customer, {}))


@pytest.mark.parametrize(
    "late",
    [
        FlowEnded(9, "c1", FlowOutcome.VOICEMAIL),
        CallWaited(9, "c1", "QU"),
        VoicemailLeft(9, "c1", "RE", 5),
        CallEnded(9, "c1"),
        CallArrived(9, "c1", "main", "k"),
        CallQueued(9, "c1", "billing", "k", {}),
        PartyLeft(9, "c1", "c1", "c1"),
    ],
)
def test_late_fact_about_an_ended_call_changes_nothing(late):
    engine = centre()
    queue(engine, 1, "c1")
    engine.handle(CallEnded(2, "c1"))

    assert engine.handle(late) == []
    assert not engine.board.calls


def test_ended_call_is_forgotten_after_an_hour():
    engine = centre()
    queue(engine, 1, "c1")
    engine.handle(CallEnded(2, "c1"))
    queue(engine, 3 + MEMORY_MS, "c2")
    engine.handle(CallEnded(4 + MEMORY_MS, "c2"))

    with pytest.raises(EventError, match="there is no call 'c1'"):
        engine.handle(CallEnded(5 + MEMORY_MS, "c1"))


def test_place_of_who_gave_up_is_forgotten_after_an_hour():
    engine = centre(resume_ms=60_000)
    for number, at_ms in enumerate((1, 2 + MEMORY_MS, 3 + 2 * MEMORY_MS)):
        queue(engine, at_ms, f"c{number}", customer=f"k{number}")
        engine.handle(CallEnded(at_ms, f"c{number}"))

    assert [customer for customer, _ in engine.board.dropped] == ["k2"]


def test_failed_move_must_name_the_call_of_its_reservation():
    engine = centre()
    engine.handle(AgentWentReady(1, "ana"))
    [offer] = queue(engine, 2, "c1")

    with pytest.raises(EventError, match="is not for this call"):
        engine.handle(ConnectFailed(3, "c2", offer.reservation_id, ConnectFailure.GONE))


def test_end_of_a_leg_that_is_over_is_stale():
    engine = centre()
    engine.handle(AgentLegEnded(1, "0.77", "S", LegCause.COMPLETED))

    assert engine.board.stale_count == 1


def test_epoch_must_grow():
    engine = centre()
    engine.handle(LeaderElected(1, 3, "n", 1, 1))
    with pytest.raises(EventError, match="epoch 3 is not after epoch 3"):
        engine.handle(LeaderElected(2, 3, "n", 1, 1))


def test_agent_freed_and_gone_within_one_event_is_not_matched():
    """Two declarations before one settling: what counts is how the agent is at its end."""
    from acd.engine import agent_events, matching

    engine = centre()
    agent_events.went_ready(engine.board, AgentWentReady(1, "ana"))
    agent_events.went_not_ready(engine.board, AgentWentNotReady(1, "ana", "lunch"))
    matching.settle(engine.board)

    assert not engine.board.agents["ana"].free_ticket
    check(engine.board)


def test_time_of_an_event_stamped_too_early_is_that_of_the_last():
    engine = centre()
    engine.handle(ClockTicked(1_000, 0, 1))
    queue(engine, 500, "c1")

    assert engine.board.calls["c1"].queued_at_ms == 1_000


@pytest.mark.parametrize(
    "event",
    [
        AgentTransferredCall(1, "ana", "billing", {"english": 99}),
        ConsultAsked(1, "ana", queue_id="billing", skills={"english": 0}),
        CallbackAsked(1, "c1", "billing", "n1", skills={"english": -1}),
    ],
)
def test_level_that_no_agent_can_have_is_refused_wherever_a_line_is_named(event):
    engine = centre()
    with pytest.raises(EventError, match="levels go from 1 to 10"):
        engine.handle(event)


def test_refusal_is_one_line_whatever_was_sent():
    with pytest.raises(EventError) as refusal:
        centre().handle(CallEnded(1, "c1\nERROR \x1b[31m all is lost"))

    assert str(refusal.value) == "there is no call 'c1?ERROR ?[31m all is lost'"
