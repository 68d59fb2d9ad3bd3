"""What the dialer uses: calls it opens itself, their wait, and a view of the floor."""

import pytest

from acd.commands import ConnectCall, EndCall, EndLeg
from acd.config import AcdConfig, AgentConfig, ConfigError, QueueConfig
from acd.deadlines import Deadlines
from acd.engine import Engine, Floor
from acd.events import (
    AgentLegAnswered,
    AgentSignedIn,
    AgentSignedOut,
    AgentWentReady,
    CallEnded,
    CallQueued,
    ClockTicked,
    PartyJoined,
)
from acd.invariants import check
from acd.messages import EngineError, EventError
from acd.notices import ContactOutcome, Direction

CONFIG = AcdConfig(
    queues=(QueueConfig(queue_id="campaign", wrap_up_ms=10_000),),
    agents=(AgentConfig(agent_id="ana", standing=True), AgentConfig(agent_id="ben")),
)


def centre():
    """Return a centre where Ana's standing leg is up."""
    engine = Engine(CONFIG)
    engine.handle(AgentSignedIn(0, "ana"))
    [opened] = engine.handle(AgentWentReady(0, "ana"))
    engine.handle(AgentLegAnswered(1, opened.leg_id, "S1"))
    engine.handle(PartyJoined(2, opened.room, opened.leg_id, "S1"))
    return engine


def dial(engine, at_ms, call_id="0.9"):
    engine.open_call(at_ms, call_id, "k", "")
    engine.bind_call(call_id, "CA9")
    return engine.enqueue(at_ms, call_id, "campaign", skills={}, priority=0)


def test_live_answer_is_moved_to_a_standing_leg_at_once():
    engine = centre()
    [connect] = dial(engine, 1_000)

    assert connect == ConnectCall("0.9", connect.reservation_id, "CA9", "", "0.1")
    assert [type(note).__name__ for note in engine.drain_notices()][:2] == [
        "CallOpened",
        "CallEnqueued",
    ]
    check(engine.board)


def test_call_of_the_layer_above_is_kept_for_the_agents_it_prefers():
    engine = centre()
    engine.handle(AgentSignedIn(3, "ben"))
    engine.open_call(1_000, "0.9", "k", "CA9")
    engine.enqueue(1_000, "0.9", "campaign", skills={}, priority=0, preferred=("ben",))
    assert engine.board.calls["0.9"].state == "waiting"  # Ana is free, Ben not ready yet

    [offer] = engine.handle(AgentWentReady(2_000, "ben"))
    assert offer.agent_id == "ben"


def test_waiting_call_has_no_longest_wait_of_the_distributors():
    engine = Engine(CONFIG)
    dial(engine, 1_000)

    assert engine.next_due_ms is None


@pytest.mark.parametrize("is_offered", [True, False])
def test_withdrawn_call_stays_open_and_frees_its_agent(is_offered):
    engine = centre() if is_offered else Engine(CONFIG)
    dial(engine, 1_000)
    assert engine.withdraw(3_000, "0.9") == []
    assert engine.withdraw(3_000, "0.9") == []

    assert engine.board.calls["0.9"].state == "in_flow"
    assert not engine.board.reservations
    check(engine.board)
    engine.handle(CallEnded(4_000, "0.9"))
    assert engine.notices[-1].outcome is ContactOutcome.ABANDONED


def test_closing_a_talking_call_ends_the_talk():
    engine = centre()
    [connect] = dial(engine, 1_000)
    engine.handle(PartyJoined(1_100, connect.room, "0.9", "CA9"))
    engine.close_call(2_000, "0.9")
    outcomes = [note for note in engine.drain_notices() if type(note).__name__ == "CallClosed"]

    assert [note.outcome for note in outcomes] == [ContactOutcome.CONNECTED]
    assert engine.floor("campaign").wrapping_since_ms == (2_000,)


def test_dial_that_never_waited_is_unreached():
    engine = centre()
    engine.open_call(5, "0.9", "k", "CA9")
    engine.close_call(6, "0.9")

    assert engine.drain_notices()[-1].outcome is ContactOutcome.UNREACHED
    assert engine.drain_notices() == []


def test_outcome_can_be_given():
    engine = centre()
    engine.open_call(5, "0.9", "k", "CA9")
    engine.close_call(6, "0.9", ContactOutcome.REFUSED)
    closed = engine.drain_notices()[-1]

    assert (closed.outcome, closed.direction) == (ContactOutcome.REFUSED, Direction.OUTBOUND)


def test_floor_tells_who_is_ready_talks_and_wraps_up():
    engine = centre()
    assert engine.floor("campaign") == Floor(1, 1, (), (), present=1)
    [connect] = dial(engine, 1_000)
    engine.handle(PartyJoined(1_100, connect.room, "0.9", "CA9"))
    assert engine.floor("campaign") == Floor(1, 0, (1_100,), (), present=1)
    engine.handle(CallEnded(2_000, "0.9"))
    assert engine.floor("campaign") == Floor(1, 0, (), (2_000,), present=1)


def test_misuse_by_the_layer_above_is_an_engine_error():
    engine = centre()
    engine.open_call(1, "0.9", "k", "CA9")
    with pytest.raises(EngineError, match="is open already"):
        engine.open_call(1, "0.9", "k", "CA9")
    for misuse in (
        lambda: engine.withdraw(1, "0.8"),
        lambda: engine.close_call(1, "0.8"),
        lambda: engine.bind_call("0.8", "S"),
        lambda: engine.fire((1, 1, "dialer.something", "x")),
    ):
        with pytest.raises(EngineError):
            misuse()


def test_deadlines_on_a_shared_heap_are_fired_by_their_owner():
    deadlines = Deadlines()
    engine = Engine(CONFIG, deadlines)
    engine.handle(AgentSignedIn(0, "ben"))
    engine.handle(AgentWentReady(0, "ben"))
    [offer] = engine.handle(CallQueued(1_000, "c1", "campaign", "k", {}))
    deadlines.put(2_000, "dialer.pace", "x")
    mine = []
    while (due := deadlines.pop(20_000)) is not None:
        if engine.is_mine(due[2]):
            mine += engine.fire(due)

    assert mine == [EndLeg(offer.reservation_id, "")]
    assert engine.now_ms == 16_000
    assert engine.ids.next() == "0.2"


def test_unknown_kind_of_event_is_refused():
    with pytest.raises(EventError, match="knows no Direction"):
        Engine(CONFIG).handle(Direction.INBOUND)


def test_what_deadlines_led_to_before_a_refused_event_comes_with_the_next_call():
    engine = Engine(CONFIG)
    engine.handle(AgentSignedIn(0, "ben"))
    engine.handle(AgentWentReady(0, "ben"))
    [offer] = engine.handle(CallQueued(1_000, "c1", "campaign", "k", {}))
    with pytest.raises(EventError):
        engine.handle(CallEnded(17_000, "never"))

    assert engine.handle(ClockTicked(17_000, 0, 1)) == [EndLeg(offer.reservation_id, "")]
    assert "OfferClosed" in [type(note).__name__ for note in engine.notices]


def test_agent_gone_from_the_settings_finishes_and_leaves():
    engine = centre()
    [connect] = dial(engine, 1_000)
    engine.handle(PartyJoined(1_100, connect.room, "0.9", "CA9"))
    without_ana = AcdConfig(queues=CONFIG.queues, agents=CONFIG.agents[1:])
    assert engine.reconfigure(1_500, without_ana) == []
    with pytest.raises(EventError, match="no longer in the settings"):
        engine.handle(AgentSignedIn(1_600, "ana"))
    engine.handle(CallEnded(2_000, "0.9"))
    [end] = engine.handle(ClockTicked(12_000, 0, 1))

    assert isinstance(end, EndLeg)
    assert engine.board.agents["ana"].presence == "signed_out"
    engine.reconfigure(13_000, without_ana)
    assert "ana" in engine.board.agents  # her leg has not ended yet
    check(engine.board)


def test_new_settings_with_an_unknown_policy_change_nothing():
    engine = centre()
    queue = QueueConfig(queue_id="campaign", agent_choice="nicest")
    before = engine.to_plain()
    with pytest.raises(ConfigError):
        engine.reconfigure(5, AcdConfig(queues=(queue,), agents=CONFIG.agents))

    assert engine.to_plain() == before
    assert engine.config is CONFIG


def test_new_skills_match_those_who_waited_for_them():
    needs = QueueConfig(queue_id="vip", skills={"vip": 5})
    engine = Engine(AcdConfig(queues=(needs,), agents=(AgentConfig(agent_id="ben"),)))
    engine.handle(AgentSignedIn(0, "ben"))
    engine.handle(AgentWentReady(0, "ben"))
    assert engine.handle(CallQueued(1, "c1", "vip", "k", {})) == []
    skilled = AgentConfig(agent_id="ben", skills={"vip": 5})
    [offer] = engine.reconfigure(2, AcdConfig(queues=(needs,), agents=(skilled,)))

    assert (offer.agent_id, offer.call_id) == ("ben", "c1")


def test_agent_who_no_longer_stands_lets_the_leg_go():
    engine = centre()
    agents = (AgentConfig(agent_id="ana"), CONFIG.agents[1])
    [end] = engine.reconfigure(5, AcdConfig(queues=CONFIG.queues, agents=agents))

    assert isinstance(end, EndLeg)
    [offer] = engine.handle(CallQueued(6, "c1", "campaign", "k", {}))
    assert offer.room == "c1"


def test_customer_who_joins_an_agents_room_too_late_is_taken_out_of_it():
    engine = centre()
    [connect] = dial(engine, 1_000)
    engine.handle(ClockTicked(21_000, 0, 1))
    [park] = engine.handle(PartyJoined(21_100, connect.room, "0.9", "CA9"))

    assert (park.call_id, park.room) == ("0.9", "0.9")


def test_customer_reached_for_a_callback_after_the_agent_left_is_let_go():
    engine = Engine(AcdConfig(queues=CONFIG.queues, agents=CONFIG.agents[1:]))
    from acd.events import CallbackAsked

    engine.handle(CallQueued(0, "c1", "campaign", "k", {}))
    engine.handle(CallbackAsked(1, "c1", "campaign", "n1"))
    callback_id = next(iter(engine.board.callbacks.values()))

    assert engine.handle(PartyJoined(5, "elsewhere", callback_id, "S")) == [
        EndCall(callback_id, "S")
    ]


@pytest.mark.parametrize("damage", [{"calls": 3}, {"now_ms": "x"}, {"agents": [{"x": 1}]}])
def test_damaged_snapshot_is_refused(damage):
    plain = centre().to_plain() | damage
    with pytest.raises(EngineError, match="a snapshot cannot be read"):
        Engine(CONFIG).restore(plain)


def test_agent_signs_out_and_the_standing_leg_ends():
    engine = centre()
    [end] = engine.handle(AgentSignedOut(10, "ana"))

    assert isinstance(end, EndLeg)
