"""Who has picked up a telephone that asks for a key gets time for it, however long it rang."""

import pytest

from acd.commands import ConnectCall, EndLeg, OfferCall
from acd.config import AcdConfig, AgentConfig, ConfigError, QueueConfig
from acd.engine import Engine
from acd.events import (
    AgentLegAnswered,
    AgentSignedIn,
    AgentWentReady,
    CallQueued,
    CallWaited,
    ClockTicked,
    OfferAccepted,
)

RING_MS, KEY_MS = 10_000, 20_000


def ringing(key_ms):
    """Return a centre in which Ana's telephone rings since 0, and the reservation."""
    agent = AgentConfig(agent_id="ana", accept_by_button=True, key_ms=key_ms)
    queue = QueueConfig(queue_id="billing", ring_ms=RING_MS)
    engine = Engine(AcdConfig(queues=(queue,), agents=(agent,)))
    engine.handle(AgentSignedIn(0, "ana"))
    engine.handle(AgentWentReady(0, "ana"))
    (offer,) = engine.handle(CallQueued(0, "CA1", "billing", "cu1", {}))
    engine.handle(CallWaited(0, "CA1", "QU1"))
    assert type(offer) is OfferCall
    return engine, offer.reservation_id


@pytest.mark.parametrize(("key_ms", "due_ms"), [(0, RING_MS), (KEY_MS, 9_000 + KEY_MS)])
def test_time_begins_when_the_telephone_is_picked_up(key_ms, due_ms):
    engine, reservation_id = ringing(key_ms)
    engine.handle(AgentLegAnswered(9_000, reservation_id, "CA2"))
    assert engine.next_due_ms == due_ms
    assert not [c for c in engine.handle(ClockTicked(due_ms - 1, 0, 1)) if type(c) is EndLeg]
    assert [c for c in engine.handle(ClockTicked(due_ms, 0, 1)) if type(c) is EndLeg]


def test_key_in_that_time_takes_the_call():
    engine, reservation_id = ringing(KEY_MS)
    engine.handle(AgentLegAnswered(9_000, reservation_id, "CA2"))
    commands = engine.handle(OfferAccepted(25_000, reservation_id))
    assert [type(command) for command in commands] == [ConnectCall]


def test_time_for_the_key_is_at_most_a_minute():
    with pytest.raises(ConfigError, match="key_ms is 60001"):
        AgentConfig(agent_id="ana", key_ms=60_001)
