"""Rosters: every limit kept, every place filled that can be, wishes granted where free."""

from itertools import pairwise

import pytest

from simulator.staffing.roster import Person, Place, make_roster


def week(early=2, late=1):
    return [
        place
        for day in range(7)
        for place in (
            Place(day, "early", 7, 15, early, 7.5),
            Place(day, "late", 14, 22, late, 7.5),
        )
    ]


PEOPLE = [Person(name=f"agent {index}") for index in range(5)]


def test_a_week_is_filled_within_everyones_limits():
    roster = make_roster(PEOPLE, week())
    assert not roster.unfilled
    for person in PEOPLE:
        mine = roster.places[person.name]
        assert len(mine) <= 5
        assert sum(place.paid_hours for place in mine) <= 40
        assert len({place.day for place in mine}) == len(mine)
        for earlier, later in pairwise(mine):
            rest = later.start_hour + 24 * (later.day - earlier.day) - earlier.end_hour
            assert rest >= 11
    for place in week():
        assert sum(place in roster.places[person.name] for person in PEOPLE) == place.agents


def test_places_nobody_can_take_are_named():
    people = [Person(name="ana", off=(0, 1)), Person(name="ben", days_max=1)]
    roster = make_roster(people, [Place(day, "early", 7, 15, 2, 8) for day in range(3)])
    assert sum(lacking for _, lacking in roster.unfilled) == 4
    assert [place.day for place in roster.places["ana"]] == [2]


def test_wishes_are_granted_where_nothing_is_lost():
    people = [Person(name="ana", prefers=("late",)), Person(name="ben", prefers=("early",))]
    roster = make_roster(people, [p for p in week(early=1) if p.day < 5])
    assert {place.shift for place in roster.places["ana"]} == {"late"}
    assert {place.shift for place in roster.places["ben"]} == {"early"}
    assert not roster.unfilled


def test_nobody_leaves_every_place_open():
    assert make_roster([], [Place(0, "early", 7, 15, 2, 8)]).unfilled[0][1] == 2


def test_people_of_one_name_and_shifts_back_in_time_are_refused():
    with pytest.raises(ValueError, match="two people are called 'ana'"):
        make_roster([Person(name="ana"), Person(name="ana")], [])
    with pytest.raises(ValueError, match="ends before it starts"):
        make_roster([], [Place(0, "odd", 9, 9, 1, 0)])
    with pytest.raises(ValueError, match="limits must be 0 or more"):
        Person(name="ana", days_max=-1)
