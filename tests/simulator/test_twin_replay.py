"""Journals through the twin: the same state and commands, or the first difference in words."""

import dataclasses

import pytest

from acd.replay import Fold, JournalEntry
from dialer.centre import Centre
from dialer.codec import COMMAND_CODEC, EVENT_CODEC
from simulator.day import Day
from simulator.distributions import Exponential
from simulator.replay import NOTHING, Ordered, journal_of, replay
from simulator.scenario import CalledPeople
from simulator.streams import Streams
from tests.simulator.small_centre import scenario


@pytest.fixture(scope="module")
def recorded_day():
    """A simulated day, as it went and as a journal."""
    people = CalledPeople(leads=60, answer_share=0.4, talk_s=Exponential(60.0), opens_at="08:00")
    day = Day(scenario(people=people, calls_per_s_max=1.0), Streams(2))
    day.world.recorded = []
    result = day.run()
    journal = list(journal_of(day.world.recorded, day.world.centre.config))
    return day, result, journal


def test_a_replayed_day_has_the_same_account(recorded_day):
    _, result, journal = recorded_day
    replayed = replay(journal)
    assert (replayed.quarantined, replayed.duplicates, replayed.problems) == (0, 0, ())
    assert replayed.account.figures() == result.account.figures()
    assert replayed.account.outbound.dials == 60


def test_a_replayed_day_ends_in_the_same_state(recorded_day):
    day, _, journal = recorded_day
    lived, again = day.world.centre.to_plain(), folded(journal)[1].to_plain()
    assert (again["dialer"], again["acd"]) == (lived["dialer"], lived["acd"])


def folded(journal) -> tuple[list[Ordered], Centre]:
    """Fold a journal by hand: its commands, and the centre at the end."""
    fold = Fold(Centre(NOTHING), EVENT_CODEC)
    commands = [
        Ordered(entry.entry_id, ordinal, *COMMAND_CODEC.encode(command))
        for entry in journal
        for ordinal, command in enumerate(fold.apply(entry))
    ]
    return commands, fold.machine


@pytest.mark.parametrize("pacer", ["progressive", "ratio:2", "adaptive", "predictive"])
def test_a_fresh_pacer_gives_every_recorded_answer_again(pacer):
    people = CalledPeople(leads=120, answer_share=0.4, talk_s=Exponential(60.0), opens_at="08:00")
    day = Day(scenario(people=people, calls_per_s_max=1.0, pacer=pacer), Streams(2))
    day.world.recorded = []
    day.run()
    replayed = replay(journal_of(day.world.recorded, day.world.centre.config))
    assert replayed.paced > 500
    assert replayed.paced_otherwise == ""


def test_an_answer_that_was_otherwise_is_named(recorded_day):
    _, _, journal = recorded_day
    places = [place for place, entry in enumerate(journal) if entry.type == "DialsPaced"]
    changed = list(journal)
    paced = changed[places[3]]
    facts = {**paced.facts, "dials": 7, "why": "seven is a good number"}
    changed[places[3]] = dataclasses.replace(paced, facts=facts)
    difference = replay(changed).paced_otherwise
    assert "7 dials were recorded (seven is a good number)" in difference


def test_two_replays_agree_to_the_byte(recorded_day):
    _, _, journal = recorded_day
    assert replay(journal) == replay(journal)


def test_entries_told_twice_change_nothing(recorded_day):
    _, _, journal = recorded_day
    last = journal[-1]
    ms, sequence = last.entry_id.split("-")
    again = dataclasses.replace(last, entry_id=f"{ms}-{int(sequence) + 1}")
    once, twice = replay(journal), replay([*journal, again])
    assert twice.duplicates == 1
    assert twice.commands_digest == once.commands_digest
    assert twice.account == once.account


def test_an_entry_that_makes_no_sense_is_put_aside(recorded_day):
    _, _, journal = recorded_day
    ms = journal[-1].entry_id.split("-")[0]
    nonsense = JournalEntry(f"{ms}-999999", "CallAte", "x1", "", {})
    assert replay([*journal, nonsense]).quarantined == 1


def test_commands_are_compared_with_those_recorded(recorded_day):
    _, _, journal = recorded_day
    commands = folded(journal)[0]
    assert difference(journal, commands) == ""
    missing = difference(journal, commands[:-1])
    assert missing.endswith(f"{commands[-1].type} is given, where none was recorded")
    more = dataclasses.replace(commands[-1], ordinal=7)
    assert difference(journal, [*commands, more]).endswith("was recorded and is not given")
    changed = [dataclasses.replace(commands[0], type="EndCall"), *commands[1:]]
    assert "EndCall was recorded" in difference(journal, changed)


def difference(journal, commands) -> str:
    return replay(journal, recorded=commands).difference
