"""What cannot be is refused in one line that names nothing personal, and changes nothing.

Every event class is drawn from its own annotations: names of what there is now, of what there was,
of what never was, and texts in which somebody's data hides; numbers far beyond what makes sense.
"""

import importlib.util
import json
from dataclasses import fields
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType
from typing import NewType, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.codec import EVENTS
from acd.engine import Engine
from acd.ids import AgentId, CallId, CaseId, LegId, QueueId, ReservationId, Room
from acd.invariants import check
from acd.messages import EventError

_spec = importlib.util.spec_from_file_location("mixed", Path(__file__).with_name("mixed_walk.py"))
mixed_walk = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(mixed_walk)

SECRET = "pat.doe@example.com"
"""What stands for personal data in all texts that are not names of ours."""

NEVER = "never\nwas\x1b[31m\u2028"
"""A name that nobody gave, and that would spoil a log if it were shown as it is."""

NUMBERS = st.one_of(st.integers(-2, 12), st.sampled_from((-(10**15), 61_000, 10**15)))
LEVELS = st.dictionaries(st.sampled_from(("billing", SECRET)), NUMBERS, max_size=2)


class Names:
    """The names that a centre has, and has had, by their types."""

    def __init__(self, board):
        self._by_type = {
            AgentId: board.agents,
            CallId: (*board.calls, *board.ended),
            CaseId: board.cases,
            LegId: board.legs,
            QueueId: board.queues.queue_configs,
            ReservationId: board.reservations,
            Room: (*board.legs, *board.calls),
        }

    def of_type(self, hint):
        """Draw a value that a field of this type may hold."""
        if hint in self._by_type:
            return st.sampled_from([*sorted(self._by_type[hint]), "0.1", "9.9", NEVER])
        while isinstance(hint, NewType):
            hint = hint.__supertype__
        if get_origin(hint) is tuple:
            return st.lists(self.of_type(get_args(hint)[0]), max_size=2).map(tuple)
        if NoneType in get_args(hint):
            return st.one_of(st.none(), self.of_type(get_args(hint)[0]))
        if get_origin(hint) is not None:
            return LEVELS
        if issubclass(hint, Enum):
            return st.sampled_from(list(hint))
        return {int: NUMBERS, bool: st.booleans(), str: st.sampled_from(("", "vip", SECRET))}[hint]

    def event(self, cls, at_ms):
        """Draw an event of a class, at an instant."""
        hints = get_type_hints(cls)
        values = {field.name: self.of_type(hints[field.name]) for field in fields(cls)}
        return st.builds(cls, **{**values, "at_ms": st.just(at_ms)})


@cache
def day(seed):
    """Return the settings and the saved state of a centre in the middle of its day."""
    walk = mixed_walk.MixedWalk(seed).run(120, is_checked=False)
    return walk.engine.config, walk.state()


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.__name__)
@settings(max_examples=6, deadline=None)
@given(data=st.data(), seed=st.integers(0, 4))
def test_refused_event_changes_nothing_and_says_why_in_one_line(cls, data, seed):
    config, saved = day(seed)
    engine = Engine(config)
    engine.restore(json.loads(saved))
    board = engine.board
    for _ in range(5):
        event = data.draw(Names(board).event(cls, engine.now_ms))
        before = json.dumps(engine.to_plain())
        try:
            engine.handle(event)
        except EventError as refusal:
            sentence = str(refusal)
            assert json.dumps(engine.to_plain()) == before
            assert not board.commands
            assert not board.notices
            assert sentence.isprintable()
            assert SECRET not in sentence
        check(board)
