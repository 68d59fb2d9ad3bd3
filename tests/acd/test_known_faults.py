"""Faults that users of other queue engines have met, each as a test that it cannot happen here.

The numbers are those of the issue trackers where they were reported.
"""

import json
from itertools import permutations

import pytest

from acd.agents import Presence
from acd.commands import ConnectCall, EndLeg, OfferCall, ParkCall
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.engine import Engine
from acd.events import (
    AgentFellSilent,
    AgentLegAnswered,
    AgentLegBound,
    AgentLegEnded,
    AgentSignedIn,
    AgentSignedOut,
    AgentWentNotReady,
    AgentWentReady,
    CallEnded,
    CallQueued,
    CallWaited,
    ClockTicked,
    LegCause,
    OfferAccepted,
    OfferRejected,
    PartyJoined,
)
from acd.invariants import Watch, check
from acd.measures import Measures
from acd.messages import EngineError

WRAP_UP_MS = 10_000


class Floor:
    """A small centre that checks itself after every event and feeds its measures."""

    def __init__(self, *names, ring_count=1, by_button=()):
        queue = QueueConfig(queue_id="billing", wrap_up_ms=WRAP_UP_MS, ring_count=ring_count)
        agents = tuple(
            AgentConfig(agent_id=name, accept_by_button=name in by_button) for name in names
        )
        self.config = AcdConfig(queues=(queue,), agents=agents, missed_offers_max=3)
        self.engine = Engine(self.config)
        self.watch = Watch(self.engine.board)
        self.measures = Measures(self.config.queues)
        self.journal = []
        for name in names:
            self.tell(AgentSignedIn(0, name))
            self.tell(AgentWentReady(0, name))

    def tell(self, *events):
        commands = []
        for event in events:
            self.journal.append(event)
            commands += self.engine.handle(event)
            self.measures.feed(self.engine.notices)
            self.watch.check()
        return commands

    def queue(self, at_ms, call_id="c1"):
        """Let a call wait; return the offers it leads to."""
        commands = self.tell(CallQueued(at_ms, call_id, "billing", "k", {}))
        self.tell(CallWaited(at_ms, call_id, "QU1"))
        return [command for command in commands if isinstance(command, OfferCall)]

    def states(self):
        return {name: str(agent.state) for name, agent in self.engine.board.agents.items()}

    @property
    def board(self):
        return self.engine.board


def answered(at_ms, offer):
    return AgentLegAnswered(at_ms, offer.reservation_id, f"S{offer.reservation_id}")


def leg_ended(at_ms, offer, cause=LegCause.COMPLETED):
    return AgentLegEnded(at_ms, offer.reservation_id, f"S{offer.reservation_id}", cause)


def joined(at_ms, offer):
    return PartyJoined(at_ms, offer.room, offer.call_id, offer.call_id)


@pytest.mark.parametrize("window", range(5))
def test_freeswitch_1973_caller_hangs_up_in_any_window_around_the_accept(window):
    """There the member stayed "Answered" for hours. Here nothing remains."""
    floor = Floor("ana")
    [offer] = floor.queue(1_000)
    steps = [
        AgentLegBound(2_000, offer.reservation_id, "S1"),
        answered(2_000, offer),
        joined(2_000, offer),
        AgentWentNotReady(2_000, "ana", "lunch"),
    ]
    events = [*steps[:window], CallEnded(2_000, "c1"), *steps[window:]]
    floor.tell(*events, leg_ended(2_100, offer), ClockTicked(2_100 + WRAP_UP_MS, 0, 1))

    assert floor.states() == {"ana": "idle"}
    assert not floor.board.calls
    assert not floor.board.reservations
    assert not floor.board.legs


def test_freeswitch_2529_leg_created_after_the_caller_left_is_ended():
    """There a zombie call rang the agent. Here the leg is ended by name, whenever it turns up."""
    floor = Floor("ana")
    [offer] = floor.queue(1_000)
    [end] = floor.tell(CallEnded(1_001, "c1"))

    assert isinstance(end, EndLeg)
    assert (end.leg_id, end.sid) == (offer.reservation_id, "")
    assert floor.tell(AgentLegBound(1_200, offer.reservation_id, "S1")) == []
    assert floor.tell(answered(1_300, offer)) == []
    floor.tell(leg_ended(1_400, offer, LegCause.CANCELED))
    assert not floor.board.legs


def test_freeswitch_2529_leg_that_no_record_knows_is_ended_when_it_turns_up():
    floor = Floor("ana")

    assert floor.tell(AgentLegBound(5, "3.77", "S1")) == [EndLeg("3.77", "S1")]
    assert floor.tell(AgentLegAnswered(6, "3.77", "S1")) == [EndLeg("3.77", "S1")]


@pytest.mark.parametrize("count", [2, 3, 5])
def test_freeswitch_2540_all_but_one_of_the_agents_who_answer_together_are_idle_at_once(count):
    """There agents stayed "Reserved" when another answered at the same moment."""
    names = [f"a{index}" for index in range(count)]
    floor = Floor(*names, ring_count=count)
    offers = floor.queue(1_000)
    commands = floor.tell(*[answered(2_000, offer) for offer in offers])

    assert sum(isinstance(command, ConnectCall) for command in commands) == 1
    assert sorted(floor.states().values()) == ["idle"] * (count - 1) + ["reserved"]


def test_freeswitch_1062_a_free_agent_beside_a_waiting_call_is_an_error_not_a_silence():
    """There the dispatcher stopped and only a reload cured it. Here `check` would say so."""
    floor = Floor("ana", "ben")
    floor.tell(AgentWentNotReady(1, "ana", "lunch"), AgentWentNotReady(1, "ben", "lunch"))
    floor.queue(1_000)
    ana = floor.board.agents["ana"]
    ana.presence = Presence.READY
    floor.board.queues.set_free(ana, 0)

    with pytest.raises(EngineError, match="call 'c1' waits while 'ana' is free for it"):
        check(floor.board)


@pytest.mark.parametrize("last_does", ["signs out", "is not ready", "is silent", "fails"])
def test_freeswitch_1221_no_single_agents_state_blocks_the_queue(last_does):
    """There one unavailable agent at the end of the list halted everybody."""
    floor = Floor("ana", "ben", "last")
    event = {
        "signs out": AgentSignedOut(1, "last"),
        "is not ready": AgentWentNotReady(1, "last", "lunch"),
        "is silent": AgentFellSilent(1, "last"),
        "fails": None,
    }[last_does]
    if event is None:
        offers = [floor.queue(1, f"x{index}")[0] for index in range(3)]
        floor.tell(leg_ended(2, offers[2], LegCause.FAILED))
        floor.tell(*[CallEnded(3, f"x{index}") for index in range(3)])
    else:
        floor.tell(event)

    assert [floor.queue(10, "c1")[0].agent_id, floor.queue(11, "c2")[0].agent_id] == ["ana", "ben"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_asterisk_176_two_acceptances_in_one_millisecond_bridge_one_agent(order):
    """There two agents answered and were acknowledged for one call."""
    floor = Floor("ana", "ben", "cleo", ring_count=3, by_button=("ana", "ben", "cleo"))
    offers = floor.queue(1_000)
    for offer in offers:
        floor.tell(answered(1_500, offer))
    accepts = [OfferAccepted(2_000, offers[index].reservation_id) for index in order]
    commands = floor.tell(*accepts, *accepts)
    connects = [command for command in commands if isinstance(command, ConnectCall)]

    assert [connect.reservation_id for connect in connects] == [accepts[0].reservation_id]
    floor.tell(joined(2_100, offers[0]))
    assert sorted(floor.states().values()) == ["idle", "idle", "talking"]


def test_asterisk_1557_winner_who_hangs_up_before_the_bridge_costs_the_caller_nothing():
    """There everybody rang again. Here the call goes back to its old place and keeps its wait."""
    floor = Floor("ana")
    [offer] = floor.queue(1_000, "c1")
    floor.queue(2_000, "c2")
    floor.tell(answered(3_000, offer), leg_ended(3_100, offer))
    offers = [c for c in floor.tell(ClockTicked(20_000, 0, 1)) if isinstance(c, OfferCall)]

    assert [again.call_id for again in offers] == ["c1"]
    floor.tell(answered(21_000, offers[0]), joined(21_200, offers[0]))
    connected = [note for note in floor.engine.notices if type(note).__name__ == "CallConnected"]
    assert [note.wait_ms for note in connected] == [20_200]


def test_asterisk_313_figures_follow_from_the_journal_alone():
    """There bridge and log disagreed. Here a replay of the facts gives the same figures."""
    floor = Floor("ana", "ben", ring_count=2)
    first, second = floor.queue(1_000)
    floor.tell(answered(2_000, first), answered(2_000, second), joined(2_200, first))
    floor.tell(CallEnded(9_000, "c1"), ClockTicked(60_000, 0, 1))
    engine, measures = Engine(floor.config), Measures(floor.config.queues)
    for event in floor.journal:
        engine.handle(event)
        measures.feed(engine.notices)

    total = measures.total()
    assert total == floor.measures.total()
    assert (total.offered, total.answered, total.handled, total.talk_ms) == (1, 1, 1, 6_800)


def test_openacd_6_signing_in_again_during_an_offer_keeps_the_offer():
    """There re-registering made the ring fail."""
    floor = Floor("ana")
    [offer] = floor.queue(1_000)
    floor.tell(AgentSignedIn(2_000, "ana"), AgentWentReady(2_001, "ana"))

    assert floor.states() == {"ana": "reserved"}
    [connect] = floor.tell(answered(3_000, offer))
    assert isinstance(connect, ConnectCall)


@pytest.mark.parametrize("lost", ["customer", "agent"])
def test_opensips_3123_agent_is_not_locked_when_one_leg_is_found_missing(lost):
    """There an agent stayed "incall" for ever. Here either leg's end frees them."""
    floor = Floor("ana")
    [offer] = floor.queue(1_000)
    floor.tell(answered(2_000, offer), joined(2_100, offer))
    if lost == "customer":
        [end] = floor.tell(CallEnded(60_000, "c1", LegCause.GONE))
        assert isinstance(end, EndLeg)
    else:
        [kept] = floor.tell(leg_ended(60_000, offer, LegCause.GONE))
        assert isinstance(kept, ParkCall)
        floor.tell(CallEnded(60_500, "c1"))
    floor.tell(ClockTicked(60_000 + WRAP_UP_MS, 0, 1))

    assert floor.states() == {"ana": "idle"}


def test_vicidial_inactive_agent_gets_no_offer_after_the_instant_of_the_change():
    """There a remote agent set inactive went on getting calls for up to a minute."""
    floor = Floor("ana")
    floor.tell(AgentWentNotReady(1_000, "ana", "lunch"))

    assert floor.queue(1_000) == []
    assert len(floor.tell(AgentWentReady(1_001, "ana"))) == 1


def test_vicidial_lagged_desk_gets_no_offers():
    floor = Floor("ana")
    floor.tell(AgentFellSilent(1_000, "ana"))

    assert floor.queue(1_001) == []


def test_genesys_stuck_call_is_freed_when_its_leg_is_found_gone():
    """A release event was lost; what the carrier's list shows ends everything that hung on it."""
    floor = Floor("ana")
    [offer] = floor.queue(1_000)
    floor.tell(answered(2_000, offer), joined(2_100, offer))
    floor.tell(leg_ended(300_000, offer, LegCause.GONE), CallEnded(300_001, "c1", LegCause.GONE))
    floor.tell(ClockTicked(300_000 + WRAP_UP_MS, 0, 1))

    assert not floor.board.calls
    assert floor.states() == {"ana": "idle"}


def test_late_answer_of_an_offer_that_timed_out_never_connects():
    floor = Floor("ana", "ben")
    [offer] = floor.queue(1_000)
    floor.tell(ClockTicked(16_000, 0, 1))
    commands = floor.tell(answered(16_000, offer), OfferAccepted(16_000, offer.reservation_id))

    assert not any(isinstance(command, ConnectCall) for command in commands)
    assert floor.states()["ana"] == "idle"


def test_taskrouter_14215_an_offer_is_good_for_one_acceptance_by_its_agent():
    floor = Floor("ana", by_button=("ana",))
    [offer] = floor.queue(1_000)
    accept = OfferAccepted(2_000, offer.reservation_id)
    commands = floor.tell(answered(1_500, offer), accept, accept)

    assert sum(isinstance(command, ConnectCall) for command in commands) == 1
    assert floor.tell(OfferRejected(2_100, offer.reservation_id)) == []
    assert floor.board.stale_count == 2


def test_wrap_up_after_a_call_of_one_queue_is_not_cut_short_by_another_queue():
    """Asterisk's wrap-up did not span queues; here the agent has one voice slot for all."""
    queues = (
        QueueConfig(queue_id="slow", wrap_up_ms=30_000),
        QueueConfig(queue_id="fast", wrap_up_ms=0),
    )
    engine = Engine(AcdConfig(queues=queues, agents=(AgentConfig(agent_id="ana"),)))
    for event in (
        AgentSignedIn(0, "ana"),
        AgentWentReady(0, "ana"),
        CallQueued(0, "c1", "slow", "k", {}),
        CallWaited(0, "c1", "QU"),
        AgentLegAnswered(1, "0.1", "S"),
        PartyJoined(2, "c1", "c1", "c1"),
        CallEnded(3, "c1"),
    ):
        engine.handle(event)

    assert engine.handle(CallQueued(4, "c2", "fast", "k", {})) == []
    assert engine.handle(ClockTicked(30_002, 0, 1)) == []
    assert len(engine.handle(ClockTicked(30_003, 0, 1))) == 1
    assert json.dumps(engine.to_plain())
