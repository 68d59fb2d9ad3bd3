"""What is told of agents: where each event left them, once, and not the ways between."""

from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.engine import Engine
from acd.events import (
    AgentLegAnswered,
    AgentSignedIn,
    AgentWentReady,
    CallEnded,
    CallQueued,
    CallWaited,
    PartyJoined,
)
from acd.notices import AgentChanged


def changes(engine, event):
    engine.handle(event)
    told = [(index, each) for index, each in enumerate(engine.notices)]
    found = [(index, each) for index, each in told if isinstance(each, AgentChanged)]
    assert [index for index, _ in found] == list(range(len(told) - len(found), len(told)))
    return [(each.agent_id, each.state, each.call_id) for _, each in found]


def talking(queue):
    """Return a centre in which Ana talks with the first of two callers."""
    engine = Engine(AcdConfig(queues=(queue,), agents=(AgentConfig(agent_id="ana"),)))
    engine.handle(AgentSignedIn(0, "ana"))
    engine.handle(AgentWentReady(0, "ana"))
    [offer] = engine.handle(CallQueued(1_000, "CA1", "q", "k1", {}))
    engine.handle(CallWaited(1_000, "CA1", "QU1"))
    [move] = engine.handle(AgentLegAnswered(2_000, offer.reservation_id, "CA9"))
    engine.handle(PartyJoined(2_000, move.room, "CA1", "CA1"))
    engine.handle(CallQueued(3_000, "CA2", "q", "k2", {}))
    return engine


def test_an_agent_who_parts_from_one_call_and_is_offered_the_next_changes_once():
    engine = talking(QueueConfig(queue_id="q", wrap_up_ms=0))
    assert changes(engine, CallEnded(9_000, "CA1")) == [("ana", "reserved", "CA2")]


def test_work_after_a_call_that_takes_time_is_told():
    engine = talking(QueueConfig(queue_id="q", wrap_up_ms=30_000))
    assert changes(engine, CallEnded(9_000, "CA1")) == [("ana", "wrap_up", "CA1")]


def test_what_deadlines_change_is_told_at_their_own_instants():
    engine = talking(QueueConfig(queue_id="q", wrap_up_ms=5_000))
    engine.handle(CallEnded(9_000, "CA1"))
    engine.advance(60_000)
    told = [each for each in engine.notices if isinstance(each, AgentChanged)]
    assert [(each.at_ms, each.state) for each in told][:2] == [
        (14_000, "reserved"),
        (29_000, "idle"),
    ]


def test_what_the_layer_above_changes_is_told_at_its_instant():
    engine = Engine(
        AcdConfig(queues=(QueueConfig(queue_id="q"),), agents=(AgentConfig(agent_id="ana"),))
    )
    engine.handle(AgentSignedIn(0, "ana"))
    engine.handle(AgentWentReady(0, "ana"))
    engine.open_call(1_000, "0.9", "k", "CA9")
    engine.enqueue(1_000, "0.9", "q", skills={}, priority=0)
    told = [each for each in engine.drain_notices() if isinstance(each, AgentChanged)]
    assert [(each.at_ms, each.state) for each in told] == [(1_000, "reserved")]
