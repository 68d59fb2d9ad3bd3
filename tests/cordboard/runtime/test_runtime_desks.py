"""Desks that are heard, fall silent and are heard again."""

import pytest
import redis

from acd.events import AgentFellSilent, AgentHeardAgain
from cordboard.runtime.desks import BEAT_MS, LOOK_MS, NOTE_MS, DeskNotes, DeskWatch
from cordboard.runtime.floor import AgentNow, FloorState
from tests.cordboard.runtime.runtime_doubles import HandClock


@pytest.fixture
def desks(store):
    clock = HandClock()
    client = store.client()
    client.delete(store.keys.desks)
    notes = DeskNotes(client, store.keys, clock)
    return clock, notes, DeskWatch(client, store.keys, clock)


def floor(**presences):
    return FloorState(agents={name: AgentNow(presence=word) for name, word in presences.items()})


def look(clock, watch, seen, silent=()):
    clock.now_ms += LOOK_MS
    return watch.look_if_due(seen, silent)


def test_desk_that_misses_two_beats_is_silent_until_it_is_heard_again(desks):
    clock, notes, watch = desks
    here = floor(ana="ready")
    assert look(clock, watch, here) == []
    clock.now_ms += 1
    notes.heard("ana")
    clock.now_ms += 2 * BEAT_MS - LOOK_MS
    assert look(clock, watch, here) == []
    assert look(clock, watch, here) == [AgentFellSilent(0, "ana")]
    assert look(clock, watch, here, silent=["ana"]) == []
    notes.heard("ana")
    assert look(clock, watch, here, silent=["ana"]) == [AgentHeardAgain(0, "ana")]


def test_agent_without_a_page_is_never_silent(desks):
    clock, _, watch = desks
    for _ in range(5):
        clock.now_ms += BEAT_MS
        assert look(clock, watch, floor(ana="ready")) == []


def test_page_of_an_earlier_shift_does_not_count(desks):
    clock, notes, watch = desks
    notes.heard("ana")
    clock.now_ms += 5 * BEAT_MS
    assert look(clock, watch, floor(ana="signed_out")) == []
    assert look(clock, watch, floor(ana="ready")) == []
    clock.now_ms += 5 * BEAT_MS
    assert look(clock, watch, floor(ana="ready")) == []


def test_desks_are_looked_at_and_noted_now_and_then_only(desks, store):
    clock, notes, watch = desks
    notes.heard("ana")
    first = store.client().hget(store.keys.desks, "ana")
    clock.now_ms += NOTE_MS - 1
    notes.heard("ana")
    assert store.client().hget(store.keys.desks, "ana") == first
    assert watch.look_if_due(floor(ana="ready"), ()) == []


def test_store_in_trouble_costs_a_note_and_nothing_else(store):
    class Down:
        def hset(self, *_):
            raise redis.ConnectionError

    DeskNotes(Down(), store.keys, HandClock()).heard("ana")
