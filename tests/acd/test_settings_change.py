"""New settings while calls wait and agents talk."""

import pytest

from acd.commands import OfferCall
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.engine import Engine
from acd.events import AgentSignedIn, AgentWentReady, CallQueued
from acd.ids import AgentId, CallId, CustomerId, QueueId
from acd.invariants import check
from acd.messages import EngineError, EventError


def config(*, skilled: bool, agents: tuple[str, ...] = ("ana",)) -> AcdConfig:
    return AcdConfig(
        queues=(QueueConfig(queue_id=QueueId("billing"), skills={"billing": 1}),),
        agents=tuple(
            AgentConfig(agent_id=AgentId(name), skills={"billing": 5} if skilled else {})
            for name in agents
        ),
    )


def waiting_engine(*, skilled: bool = False) -> Engine:
    engine = Engine(config(skilled=skilled))
    engine.handle(AgentSignedIn(0, AgentId("ana")))
    engine.handle(AgentWentReady(0, AgentId("ana")))
    engine.handle(CallQueued(0, CallId("c1"), QueueId("billing"), CustomerId("p1"), {}))
    return engine


def test_a_waiting_call_goes_to_an_agent_who_may_now_take_it():
    engine = waiting_engine()
    [offer] = engine.reconfigure(5, config(skilled=True))
    assert isinstance(offer, OfferCall)
    check(engine.board)


def test_a_vanished_agent_finishes_and_is_then_unknown():
    engine = waiting_engine()
    engine.reconfigure(5, config(skilled=True, agents=("ben",)))
    assert engine.board.agents[AgentId("ana")].presence == "signed_out"
    engine.reconfigure(6, config(skilled=True, agents=("ben",)))
    with pytest.raises(EventError, match="no agent 'ana'"):
        engine.handle(AgentSignedIn(7, AgentId("ana")))
    check(engine.board)


def test_a_queue_with_open_calls_must_be_kept():
    engine = waiting_engine()
    without = AcdConfig(queues=(QueueConfig(queue_id=QueueId("other")),), agents=())
    with pytest.raises(EngineError, match="'billing' has open calls"):
        engine.reconfigure(5, without)
