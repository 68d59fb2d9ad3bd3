"""Agents kept for the calls of one queue: offered nothing else until they are let go."""

import pytest

from acd import invariants
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.engine import Engine
from acd.events import AgentSignedIn, AgentWentNotReady, AgentWentReady, CallQueued

CONFIG = AcdConfig(
    queues=(QueueConfig(queue_id="bills"), QueueConfig(queue_id="renewals")),
    agents=(AgentConfig(agent_id="ana"), AgentConfig(agent_id="bo")),
)


@pytest.fixture
def engine():
    centre = Engine(CONFIG)
    for at_ms, name in enumerate(("ana", "bo")):
        centre.handle(AgentSignedIn(at_ms, name))
        centre.handle(AgentWentReady(at_ms, name))
    return centre


def queue(engine, at_ms, call_id, queue_id="bills"):
    commands = engine.handle(CallQueued(at_ms, call_id, queue_id, "k1", {}))
    invariants.check(engine.board)
    return [command.agent_id for command in commands]


def test_kept_agent_is_passed_over_by_callers_of_other_queues(engine):
    engine.keep(10, "renewals", 1)
    assert queue(engine, 20, "c1") == ["bo"]
    assert queue(engine, 30, "c2") == []


def test_longest_idle_agent_is_kept_first_and_takes_the_call_it_was_kept_for(engine):
    engine.keep(10, "renewals", 1)
    assert queue(engine, 20, "c1", "renewals") == ["ana"]
    assert engine.kept_count("renewals") == 0


def test_agent_let_go_takes_the_call_that_waited_meanwhile(engine):
    engine.keep(10, "renewals", 2)
    assert queue(engine, 20, "c1") == []
    commands = engine.keep(30, "renewals", 1)
    invariants.check(engine.board)
    assert [command.agent_id for command in commands] == ["bo"]


def test_no_more_agents_are_kept_than_there_are_free(engine):
    engine.keep(10, "renewals", 5)
    assert engine.kept_count("renewals") == 2
    engine.handle(AgentWentNotReady(20, "ana", "lunch"))
    assert engine.kept_count("renewals") == 1
    invariants.check(engine.board)


def test_agent_who_comes_back_is_nobodys_again(engine):
    engine.keep(10, "renewals", 2)
    engine.handle(AgentWentNotReady(20, "ana", "lunch"))
    engine.handle(AgentWentReady(30, "ana"))
    assert queue(engine, 40, "c1") == ["ana"]


def test_snapshot_remembers_who_is_kept(engine):
    engine.keep(10, "renewals", 1)
    again = Engine(CONFIG)
    again.restore(engine.to_plain())
    assert again.kept_count("renewals") == 1
    assert queue(again, 20, "c1") == ["bo"]


def test_new_settings_let_everybody_go(engine):
    engine.keep(10, "renewals", 2)
    engine.reconfigure(20, CONFIG)
    assert engine.kept_count("renewals") == 0
    assert queue(engine, 30, "c1") == ["ana"]
