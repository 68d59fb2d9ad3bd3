"""Whoever is in a room though no callback told is told to the journal, once."""

import pytest

from acd.events import PartyJoined
from cordboard.runtime.legs import KnownLeg
from cordboard.runtime.rooms import Rooms
from simulator.carrier.people.manners import Manner
from tests.webhooks.stage import stage


class Table:
    """The table of legs, which remembers what was told."""

    def __init__(self):
        self.told = []

    def tell(self, event, natural_key):
        self.told.append((event, natural_key))


@pytest.fixture
def scene():
    with stage() as scene:
        yield scene


def standing_leg(scene):
    """Put an agent alone into a room; return the leg as the journal knows it."""
    sid = scene.offer("7.3", "7.3", manner=Manner(stays_s=None, lingers_s=None))
    scene.pass_(6)
    return KnownLeg("7.3", sid, is_agent=True)


def test_joining_that_was_lost_is_told_once_after_two_rounds(scene):
    leg, table = standing_leg(scene), Table()
    rooms = Rooms(scene.client, table)
    assert [rooms.compare([leg]) for _ in range(4)] == [0, 1, 0, 0]
    ((event, key),) = table.told
    assert event == PartyJoined(0, "7.3", "7.3", leg.sid)
    assert key.endswith(f"|found in|{leg.sid}")


def test_leg_the_journal_does_not_know_is_left_alone(scene):
    standing_leg(scene)
    table = Table()
    rooms = Rooms(scene.client, table)
    assert [rooms.compare([]) for _ in range(3)] == [0, 0, 0]
    assert table.told == []


def test_leg_that_left_between_two_rounds_is_not_told(scene):
    leg, table = standing_leg(scene), Table()
    rooms = Rooms(scene.client, table)
    rooms.compare([leg])
    scene.end(leg.sid)
    scene.pass_(3)
    assert rooms.compare([leg]) == 0
