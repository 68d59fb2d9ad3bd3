"""How long cases are known, and what new settings mean for them."""

import pytest

from acd.board import CASE_MEMORY_MS, MEMORY_MS
from acd.channels import Channel
from acd.config import AcdConfig, AgentConfig, ConfigError, QueueConfig
from acd.engine import Engine
from acd.events import (
    AgentLegAnswered,
    AgentSignedIn,
    AgentWentReady,
    CallbackAsked,
    CallEnded,
    CallQueued,
    CaseOpened,
    CaseResolved,
    ClockTicked,
    FlowEnded,
    FlowOutcome,
    PartyJoined,
    VoicemailLeft,
)
from acd.invariants import check
from acd.messages import EngineError, EventError

TASKS = QueueConfig(queue_id="tasks", channel=Channel.TASK, auto_accept=True)
CALLS = QueueConfig(queue_id="calls", follow_up_queue_id="tasks")
ANA = AgentConfig(agent_id="ana", messages_max=1)


def centre(*queues):
    return Engine(AcdConfig(queues=queues, agents=(ANA,)))


def test_settled_case_is_forgotten_after_two_weeks():
    engine = centre(TASKS)
    engine.handle(CaseOpened(1, "CS1", "k", "tasks", "refund", 1_000))
    engine.handle(CaseResolved(2, "CS1"))
    later = 3 + CASE_MEMORY_MS
    engine.handle(CaseOpened(later, "CS2", "k", "tasks", "refund", later + 1_000))
    engine.handle(CaseResolved(later, "CS2"))

    assert list(engine.board.cases) == ["CS2"]
    with pytest.raises(EventError, match="no case 'CS1', or it was settled long ago"):
        engine.handle(CaseResolved(later, "CS1"))


def test_queue_of_an_open_case_outlives_the_settings_that_drop_it():
    engine = centre(TASKS, CALLS)
    engine.handle(CaseOpened(1, "CS1", "k", "tasks", "refund", 1_000, from_at_ms=500))
    engine.handle(CallQueued(2, "c1", "calls", "k", {}))
    engine.reconfigure(3, AcdConfig(queues=(QueueConfig(queue_id="other"),), agents=(ANA,)))
    engine.handle(AgentSignedIn(4, "ana"))
    engine.advance(600)

    assert engine.board.calls[engine.board.cases["CS1"].call_id].queue_id == "tasks"
    check(engine.board)


def test_agent_who_may_write_more_than_before_does_so_at_once():
    engine = Engine(
        AcdConfig(
            queues=(QueueConfig(queue_id="texts", channel=Channel.MESSAGE, auto_accept=True),),
            agents=(AgentConfig(agent_id="ana"),),
        )
    )
    engine.handle(AgentSignedIn(1, "ana"))
    engine.handle(AgentWentReady(1, "ana"))
    engine.handle(CallQueued(2, "t1", "texts", "k", {}))
    assert engine.board.calls["t1"].state == "waiting"

    engine.reconfigure(3, AcdConfig(queues=engine.config.queues, agents=(ANA,)))
    assert engine.board.calls["t1"].state == "talking"
    check(engine.board)


@pytest.mark.parametrize("channel", [Channel.MESSAGE, Channel.TASK])
def test_queue_with_a_call_in_it_cannot_carry_anything_else_until_it_is_empty(channel):
    engine = centre(QueueConfig(queue_id="calls"))
    engine.handle(CallQueued(1, "c1", "calls", "k", {}))
    wanted = AcdConfig(queues=(QueueConfig(queue_id="calls", channel=channel),), agents=(ANA,))
    before = engine.to_plain()
    with pytest.raises(ConfigError, match="'calls' has contacts or cases of the channel voice"):
        engine.reconfigure(2, wanted)
    assert engine.to_plain() == before

    engine.handle(CallEnded(3, "c1"))
    engine.reconfigure(4, wanted)
    assert engine.config.queues[0].channel is channel


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda board: board.settled.pop("CS1"), "is settled and kept for ever"),
        (
            lambda board: setattr(board.cases["CS2"], "task_ticket", 0),
            "in line is False, to come is False",
        ),
        (
            lambda board: setattr(board.cases["CS2"], "is_overdue", True),
            "overdue is True, and the deadline is not as it should be",
        ),
    ],
)
def test_spoilt_case_is_found_by_the_invariants(spoil, sentence):
    engine = centre(TASKS)
    engine.handle(CaseOpened(1, "CS1", "k", "tasks", "refund", 1_000))
    engine.handle(CaseResolved(2, "CS1"))
    engine.handle(CaseOpened(3, "CS2", "k", "tasks", "refund", 1_000, from_at_ms=900))
    check(engine.board)
    spoil(engine.board)

    with pytest.raises(EngineError, match=sentence):
        check(engine.board)


def test_callback_outlives_the_memory_of_its_settled_case():
    engine = centre(TASKS, CALLS)
    engine.handle(CallQueued(1, "c1", "calls", "k", {}))
    due_at_ms = 2 * CASE_MEMORY_MS
    engine.handle(CallbackAsked(2, "c1", "calls", "n1", due_at_ms))
    [case_id] = engine.board.cases
    engine.handle(CaseResolved(3, case_id))
    engine.handle(CaseOpened(due_at_ms - 5, "CS9", "k", "tasks", "refund", due_at_ms - 4))
    engine.handle(CaseResolved(due_at_ms - 5, "CS9"))
    assert case_id not in engine.board.cases

    engine.handle(AgentSignedIn(due_at_ms - 2, "ana"))
    engine.handle(AgentWentReady(due_at_ms - 1, "ana"))
    [offer] = engine.handle(ClockTicked(due_at_ms, 1, 1))
    engine.handle(AgentLegAnswered(due_at_ms, offer.reservation_id, "S"))
    engine.handle(PartyJoined(due_at_ms, offer.room, offer.call_id, "S2"))
    engine.handle(CallEnded(due_at_ms + 9, offer.call_id))
    check(engine.board)


def test_empty_recording_of_a_caller_who_hung_up_is_nothing_to_follow():
    engine = centre(TASKS, CALLS)
    engine.handle(CallQueued(1, "c1", "calls", "k", {}))
    engine.handle(FlowEnded(2, "c1", FlowOutcome.VOICEMAIL))
    engine.handle(CallEnded(3, "c1"))
    engine.handle(VoicemailLeft(4, "c1", "RE1", 0))

    assert not engine.board.cases


def test_ended_call_is_forgotten_with_the_message_it_may_have_left():
    engine = centre(TASKS, CALLS)
    for number, at_ms in enumerate((1, 10 + MEMORY_MS)):
        engine.handle(CallQueued(at_ms, f"c{number}", "calls", "k", {}))
        engine.handle(FlowEnded(at_ms, f"c{number}", FlowOutcome.VOICEMAIL))
        engine.handle(CallEnded(at_ms, f"c{number}"))

    assert list(engine.board.unheard) == ["c1"]
    with pytest.raises(EventError, match="there is no call 'c0'"):
        engine.handle(VoicemailLeft(20 + MEMORY_MS, "c0", "RE1", 9_000))
