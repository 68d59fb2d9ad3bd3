"""Who works which shift in a week.

A schedule says how many agents of a group start a shift; a roster gives every one of those places
to a person. People have limits: days a week, hours a week, rest between shifts, days they cannot
work, shifts they would rather have. An integer programme over (person, day, shift) keeps the
limits, fills as many places as it can, and among the fullest rosters takes one that grants the
most wishes.

Places nobody can take are returned, not hidden: each names day, shift and how many are missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from scipy import optimize, sparse

from simulator.distributions import Floats

_OPEN_PRICE = 100.0
"""Price of a place left open, against one for a wish not granted."""


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An agent and the limits of their week."""

    name: str
    days_max: int = 5
    hours_max: float = 40.0
    rest_hours: float = 11.0
    """Least time between the end of one shift and the start of the next."""
    off: tuple[int, ...] = ()
    """Days not worked, from 0."""
    prefers: tuple[str, ...] = ()
    """Names of shifts they would rather have."""

    def __post_init__(self) -> None:
        if self.days_max < 0 or not self.hours_max >= 0 or not self.rest_hours >= 0:
            raise ValueError(f"{self.name}: limits must be 0 or more")


@dataclass(frozen=True, slots=True)
class Place:
    """Agents needed on one shift of one day."""

    day: int
    """From 0, in order."""
    shift: str
    start_hour: float
    """Hours after midnight; above 24 never."""
    end_hour: float
    """Hours after midnight of the same day; above 24 for shifts into the night."""
    agents: int
    paid_hours: float


@dataclass(frozen=True)
class Roster:
    """Who works when."""

    places: Mapping[str, tuple[Place, ...]]
    """The shifts of each person, in order of day."""
    unfilled: tuple[tuple[Place, int], ...]
    """Places that stay open, and how many agents each lacks."""


def make_roster(people: Sequence[Person], places: Sequence[Place]) -> Roster:
    """Fill the places of a week with people.

    Args:
        people: The group's agents; names are different.
        places: What the week's schedules ask for.

    Raises:
        ValueError: Two people share a name, or a place ends before it starts.
    """
    _check(people, places)
    pairs = [
        (who, what)
        for who, person in enumerate(people)
        for what, place in enumerate(places)
        if place.day not in person.off
    ]
    chosen = _solve(people, places, pairs)
    given: dict[str, list[Place]] = {person.name: [] for person in people}
    missing = [place.agents for place in places]
    for (who, what), is_chosen in zip(pairs, chosen, strict=True):
        if is_chosen > 0.5:
            given[people[who].name].append(places[what])
            missing[what] -= 1
    return Roster(
        places={
            name: tuple(sorted(mine, key=lambda place: place.day)) for name, mine in given.items()
        },
        unfilled=tuple(
            (place, lacking) for place, lacking in zip(places, missing, strict=True) if lacking
        ),
    )


def _check(people: Sequence[Person], places: Sequence[Place]) -> None:
    names = [person.name for person in people]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two people are called {name!r}")
    for place in places:
        if not place.start_hour < place.end_hour or place.agents < 0:
            raise ValueError(f"day {place.day}, shift {place.shift}: ends before it starts")


def _solve(
    people: Sequence[Person], places: Sequence[Place], pairs: list[tuple[int, int]]
) -> Floats:
    """Return 1 for each pair of person and place that is chosen: (n_pairs,)."""
    if not pairs:
        return np.zeros(0)
    open_count = len(places)
    wishes = [
        1.0 if people[who].prefers and places[what].shift not in people[who].prefers else 0.0
        for who, what in pairs
    ]
    rows, limits = _limits(people, places, pairs)
    fills = sparse.lil_array((open_count, len(pairs) + open_count))
    for column, (_, what) in enumerate(pairs):
        fills[what, column] = 1
    for what in range(open_count):
        fills[what, len(pairs) + what] = 1
    wanted = np.array([place.agents for place in places], dtype=np.float64)
    keeps = sparse.hstack((rows, sparse.csr_array((rows.shape[0], open_count))))
    found = optimize.milp(
        np.concatenate((wishes, np.full(open_count, _OPEN_PRICE))),
        constraints=[
            optimize.LinearConstraint(fills.tocsr(), wanted, wanted),
            optimize.LinearConstraint(keeps, ub=limits),
        ],
        bounds=optimize.Bounds(0, np.concatenate((np.ones(len(pairs)), wanted))),
        integrality=np.ones(len(pairs) + open_count, dtype=np.int64),
        options={"mip_rel_gap": 0.001, "node_limit": 2000},
    )
    return np.asarray(found.x)[: len(pairs)]  # leaving every place open is always allowed


def _limits(
    people: Sequence[Person], places: Sequence[Place], pairs: list[tuple[int, int]]
) -> tuple[sparse.csr_array, Floats]:
    """Return each person's limits: one shift a day, days, hours, rest."""
    mine: dict[int, list[tuple[int, Place]]] = {}
    for column, (who, what) in enumerate(pairs):
        mine.setdefault(who, []).append((column, places[what]))
    rows: list[dict[int, float]] = []
    limits: list[float] = []
    for who, options in mine.items():
        person = people[who]
        rows += [dict.fromkeys((c for c, _ in options), 1.0), {c: p.paid_hours for c, p in options}]
        limits += [float(person.days_max), person.hours_max]
        for column, place in options:
            clashes = [c for c, other in options if c != column and _clash(person, place, other)]
            if clashes:
                rows.append({column: float(len(clashes)), **dict.fromkeys(clashes, 1.0)})
                limits.append(float(len(clashes)))
    table = sparse.lil_array((len(rows), len(pairs)))
    for row, cells in enumerate(rows):
        for column, value in cells.items():
            table[row, column] = value
    return table.tocsr(), np.array(limits)


def _clash(person: Person, place: Place, other: Place) -> bool:
    """Whether a person cannot work a place and another of the same or a later day."""
    if other.day < place.day:
        return False
    rest = other.start_hour + 24 * (other.day - place.day) - place.end_hour
    return other.day == place.day or rest < person.rest_hours
