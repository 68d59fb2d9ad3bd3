"""Walks through calls, conversations and tasks together: what must hold, holds for all of them."""

import importlib.util
import json
from collections import Counter
from pathlib import Path

import pytest

from acd.engine import Engine
from acd.events import CallEnded, CaseResolved
from acd.messages import EventError

_spec = importlib.util.spec_from_file_location("mixed", Path(__file__).with_name("mixed_walk.py"))
mixed_walk = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(mixed_walk)

SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_invariants_hold_after_every_event_of_every_channel(seed):
    mixed_walk.MixedWalk(seed).run(300)


@pytest.mark.parametrize("seed", SEEDS)
def test_mixed_walk_goes_on_alike_from_a_snapshot(seed):
    walk = mixed_walk.MixedWalk(seed).run(250, is_checked=False)
    engine = Engine(walk.first_config)
    for number, (event, commands) in enumerate(walk.diary):
        if number in walk.settings:
            engine.reconfigure(*walk.settings[number])
            engine.drain_notices()
        if number in (60, 200):
            plain = json.loads(json.dumps(engine.to_plain()))
            engine = Engine(engine.config)
            engine.restore(plain)
        try:
            assert engine.handle(event) == commands
        except EventError:
            assert commands is None
    if len(walk.diary) in walk.settings:
        engine.reconfigure(*walk.settings[len(walk.diary)])
    assert json.dumps(engine.to_plain(), sort_keys=True) == walk.state()


@pytest.mark.parametrize("seed", SEEDS)
def test_every_contact_closes_once_and_no_open_case_is_forgotten(seed):
    walk = mixed_walk.MixedWalk(seed).run(300, is_checked=False)
    for case in list(walk.board.cases.values()):
        walk.tell(CaseResolved(walk.at_ms, case.case_id))
    for call_id in list(walk.board.calls):
        walk.tell(CallEnded(walk.at_ms, call_id))
    for call_id in list(walk.board.calls):  # callbacks not kept yet
        walk.engine.close_call(walk.at_ms, call_id)
    walk.notices += walk.engine.drain_notices()
    names = Counter(type(notice).__name__ for notice in walk.notices)
    opened = Counter(note.call_id for note in walk.notices if type(note).__name__ == "CallOpened")
    closed = Counter(note.call_id for note in walk.notices if type(note).__name__ == "CallClosed")

    assert opened == closed
    assert set(closed.values()) <= {1}
    assert names["CallConnected"] == names["TalkEnded"]
    assert not walk.board.reservations
    assert not walk.board.calls


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2_000, 2_020))
def test_soak_of_all_channels(seed):
    """200 000 events in all; behind `make soak`."""
    mixed_walk.MixedWalk(seed).run(10_000)
