"""Every cell of every table is filled, and every row says what the record's module says."""

from enum import StrEnum

import pytest

from acd.agents import AGENT_STATES, PRESENCES
from acd.calls import CALL_STATES
from acd.legs import LEGS
from acd.messages import EngineError, EventError
from acd.reservations import RESERVATIONS
from acd.transitions import IMPOSSIBLE, STALE, Table

TABLES = [PRESENCES, AGENT_STATES, CALL_STATES, RESERVATIONS, LEGS]
CELLS = [
    (table, state, trigger, word)
    for table in TABLES
    for state, row in table.rows.items()
    for trigger, word in row.items()
]


class Light(StrEnum):
    ON = "on"
    OFF = "off"


class Press(StrEnum):
    PRESSED = "pressed"
    BROKEN = "broken"


GOOD = """
       pressed  broken
  on   off      impossible
  off  on       stale
"""


@pytest.mark.parametrize(("table", "state", "trigger", "word"), CELLS)
def test_cell_does_what_it_says(table, state, trigger, word):
    if word == IMPOSSIBLE:
        with pytest.raises(EventError, match=f"that is {state} cannot be {trigger}"):
            table.turn(state, trigger)
        with pytest.raises(EngineError):
            table.force(state, trigger)
    elif word == STALE:
        assert table.turn(state, trigger) is None
        with pytest.raises(EngineError):
            table.force(state, trigger)
    else:
        assert table.turn(state, trigger) == word
        assert table.force(state, trigger) == word


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.noun)
def test_every_state_can_be_left_or_is_the_end(table):
    for state, row in table.rows.items():
        others = {word for word in row.values() if word not in (STALE, IMPOSSIBLE, state)}
        assert others or state == "ended"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (GOOD.replace("broken", "", 1).replace("impossible", "").replace("stale", ""), "column"),
        (GOOD.replace("  off  on       stale\n", ""), "each state as a row"),
        (GOOD.replace("stale", "dark"), "'dark', which is no state"),
    ],
)
def test_incomplete_table_is_refused_at_import(text, sentence):
    assert Table("light", Light, Press, GOOD).turn(Light.ON, Press.PRESSED) is Light.OFF
    with pytest.raises(EngineError, match=sentence):
        Table("light", Light, Press, text)
