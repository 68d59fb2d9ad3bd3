"""Long random walks: nothing that must hold ever fails, and every contact is accounted for."""

import importlib.util
import json
from collections import Counter
from pathlib import Path

import pytest

from acd.engine import Engine
from acd.events import CallEnded
from acd.messages import EventError

_spec = importlib.util.spec_from_file_location("acd_walk", Path(__file__).with_name("acd_walk.py"))
acd_walk = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(acd_walk)

SEEDS = range(40)


def replayed(walk, cut=None):
    """Play a diary to a new engine, saved and restored once at the cut."""
    engine = Engine(walk.first_config)
    for number, (event, commands) in enumerate(walk.diary):
        take_settings(engine, walk, number)
        if number == cut:
            plain = json.loads(json.dumps(engine.to_plain()))
            engine = Engine(engine.config)
            engine.restore(plain)
        try:
            assert engine.handle(event) == commands
        except EventError:
            assert commands is None
    take_settings(engine, walk, len(walk.diary))
    return engine


def take_settings(engine, walk, number):
    if number in walk.settings:
        engine.reconfigure(*walk.settings[number])
        engine.drain_notices()


@pytest.mark.parametrize("seed", SEEDS)
def test_invariants_hold_after_every_event(seed):
    acd_walk.Walk(seed).run(300)


@pytest.mark.parametrize("seed", SEEDS)
def test_replay_gives_the_same_commands_and_state_also_from_a_snapshot(seed):
    walk = acd_walk.Walk(seed).run(250, is_checked=False)
    for cut in (None, 60, 200):
        engine = replayed(walk, cut)
        assert json.dumps(engine.to_plain(), sort_keys=True) == walk.state()


@pytest.mark.parametrize("seed", SEEDS)
def test_every_call_that_opened_closes_with_one_outcome(seed):
    walk = acd_walk.Walk(seed).run(300, is_checked=False)
    for call_id in list(walk.board.calls):
        walk.tell(CallEnded(walk.at_ms, call_id))
    for call_id in list(walk.board.calls):  # callbacks not kept yet
        walk.engine.close_call(walk.at_ms, call_id)
    walk.notices += walk.engine.drain_notices()
    names = Counter(type(notice).__name__ for notice in walk.notices)
    opened = {note.call_id for note in walk.notices if type(note).__name__ == "CallOpened"}
    closed = [note.call_id for note in walk.notices if type(note).__name__ == "CallClosed"]

    assert sorted(opened) == sorted(closed)
    assert names["CallOffered"] == names["OfferClosed"] + sum(
        held.state != "connected" for held in walk.board.reservations.values()
    )
    assert names["CallConnected"] == names["TalkEnded"]
    assert not walk.board.reservations


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1_000, 1_100))
def test_soak(seed):
    """A million events in all; behind `make soak`."""
    acd_walk.Walk(seed).run(10_000)
