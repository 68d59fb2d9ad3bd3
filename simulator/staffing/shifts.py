"""Shifts and breaks that cover a requirement at least cost, by integer programming.

Shift rules say when shifts may start, how long they are and which breaks they contain, each within
a window after the start. Writing out every combination of start, length and breaks makes tens of
thousands of shifts; here a shift is its start and length alone, and its breaks are counted apart:
so many of the agents on this shift rest in that interval. Any such counts can be handed out to the
agents, because the windows of one shift's breaks do not overlap, so nothing is lost and the
programme stays small enough to be solved within a fraction of a percent of the optimum in seconds.

Each group is planned by itself. An agent short is priced far above any shift rather than forbidden,
so rules that cannot cover a requirement give the nearest plan and say where it falls short.

Source:
    Breaks counted per shift and window: T. Aykin, "Optimal shift scheduling with multiple break
    windows", Management Science 42 (1996).
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
from scipy import optimize, sparse

from simulator.distributions import Floats
from simulator.kernel.tables import Integers

_SHORT_PRICE = 50.0
"""Price of one agent missing in one interval, in paid hours."""


class ShiftError(ValueError):
    """Shift rules that contradict themselves or do not fit the day's intervals."""


class Break(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rest within a shift."""

    length_s: float
    earliest_s: float
    """Earliest start, seconds after the shift's."""
    latest_s: float
    """Latest start, seconds after the shift's."""
    is_paid: bool = True


class ShiftRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One kind of shift."""

    name: str
    length_s: float
    """From start to end, breaks included."""
    breaks: tuple[Break, ...] = ()
    earliest_s: float = 0.0
    """Earliest start, seconds after midnight."""
    latest_s: float = 86_400.0
    """Latest start, seconds after midnight."""
    every_s: float = 1800.0
    """Starts lie on multiples of this after the day's opening."""

    def __post_init__(self) -> None:
        previous_s = 0.0
        for rest in self.breaks:
            if rest.earliest_s < previous_s or rest.latest_s < rest.earliest_s:
                raise ValueError(f"shift {self.name}: windows of breaks must follow one another")
            previous_s = rest.latest_s + rest.length_s
        if previous_s > self.length_s or self.length_s <= 0 or self.every_s <= 0:
            raise ValueError(f"shift {self.name}: the breaks do not fit into {self.length_s:g} s")


@dataclass(frozen=True)
class Shift:
    """A rule at one start: intervals of the day, counted from 0."""

    rule: ShiftRule
    start: int
    end: int
    paid_s: float


@dataclass(frozen=True)
class Assignment:
    """How many agents of a group work a shift, and when they rest."""

    group: str
    shift: Shift
    agents: int
    breaks: tuple[tuple[int, ...], ...]
    """Start interval of each agent's breaks, in order: one tuple an agent."""


@dataclass(frozen=True)
class Schedule:
    """The shifts of one group."""

    assignments: tuple[Assignment, ...]
    on_duty: Integers
    """Agents at work, breaks taken off: (I,)."""
    required: Integers
    """Agents asked for: (I,)."""
    paid_s: float

    @property
    def short(self) -> Integers:
        """Agents missing against the requirement: (I,)."""
        missing: Integers = np.maximum(self.required - self.on_duty, 0)
        return missing


@dataclass(frozen=True)
class _Grid:
    """The intervals that shifts are laid on."""

    interval_s: float
    opens_s: float
    count: int

    def intervals(self, length_s: float, what: str) -> int:
        """Turn a length into intervals; it must be a whole number of them."""
        intervals = round(length_s / self.interval_s)
        if abs(intervals * self.interval_s - length_s) > 1e-6:
            raise ShiftError(
                f"{what} of {length_s:g} s is no multiple of the interval's {self.interval_s:g} s"
            )
        return intervals


def possible_shifts(
    rules: tuple[ShiftRule, ...], *, interval_s: float, opens_s: float, intervals: int
) -> list[Shift]:
    """Return every shift that the rules allow within the day.

    Raises:
        ShiftError: A rule does not lie on the intervals, or no shift fits into the day at all.
    """
    grid = _Grid(interval_s, opens_s, intervals)
    shifts = [shift for rule in rules for shift in _shifts_of(rule, grid)]
    if not shifts:
        raise ShiftError("no shift of these rules fits between the day's first and last interval")
    return shifts


def _shifts_of(rule: ShiftRule, grid: _Grid) -> list[Shift]:
    length = grid.intervals(rule.length_s, f"shift {rule.name}: a length")
    every = grid.intervals(rule.every_s, f"shift {rule.name}: a step")
    for rest in rule.breaks:
        for length_s in (rest.length_s, rest.earliest_s, rest.latest_s):
            grid.intervals(length_s, f"shift {rule.name}: a break")
    unpaid_s = sum(rest.length_s for rest in rule.breaks if not rest.is_paid)
    return [
        Shift(rule, start, start + length, rule.length_s - unpaid_s)
        for start in range(0, grid.count - length + 1, every)
        if rule.earliest_s <= grid.opens_s + start * grid.interval_s <= rule.latest_s
    ]


def cover(  # noqa: PLR0913  (what to cover, with what, within which limits)
    group: str,
    required: Integers,
    shifts: list[Shift],
    *,
    interval_s: float,
    on_duty_max: float = np.inf,
    nodes_max: int = 300,
) -> Schedule:
    """Return the cheapest shifts that put the required agents to work.

    Args:
        group: Whose shifts they are.
        required: Agents needed in each interval: (I,).
        shifts: What `possible_shifts` allows.
        interval_s: Length of an interval.
        on_duty_max: How many agents can be at work at once.
        nodes_max: How many branches the solver may look at; within half a percent of the
            optimum it stops. A count, not a time: the same plan comes out on any machine.
    """
    columns = columns_of(shifts, len(required), interval_s)
    found = _solve(columns, required, on_duty_max, nodes_max)
    counts = np.rint(found[: columns.count]).astype(np.int64)
    return schedule_of(group, columns, counts, required)


def schedule_of(group: str, columns: Columns, counts: Integers, required: Integers) -> Schedule:
    """Return the schedule that the programme's variables say: shifts, then breaks (n_columns,)."""
    on_duty: Integers = np.rint(columns.duty @ counts).astype(np.int64)
    return Schedule(
        assignments=tuple(_assignments(group, columns, counts)),
        required=required,
        on_duty=on_duty,
        paid_s=float(columns.paid_s @ counts),
    )


def counts_of(columns: Columns, schedule: Schedule) -> Integers:
    """Return the programme's variables of a schedule made from the same columns: (n_columns,)."""
    counts = np.zeros(columns.count, dtype=np.int64)
    places = {(shift.rule.name, shift.start): at for at, shift in enumerate(columns.shifts)}
    rests = {key: at for at, key in enumerate(columns.breaks, start=len(columns.shifts))}
    for given in schedule.assignments:
        index = places[given.shift.rule.name, given.shift.start]
        counts[index] += given.agents
        for starts in given.breaks:
            for which, start in enumerate(starts):
                counts[rests[index, which, start]] += 1
    return counts


@dataclass(frozen=True)
class Columns:
    """The programme's variables: shifts first, then breaks of each shift in each interval."""

    shifts: list[Shift]
    breaks: list[tuple[int, int, int]]
    """(shift, which of its breaks, start interval) of each break variable."""
    duty: sparse.csr_array
    """Agents at work in each interval for each variable: (I, n_columns)."""
    links: sparse.csr_array
    """Breaks taken less agents on the shift, for each break of each shift: zero."""
    paid_s: Floats

    @property
    def count(self) -> int:
        """How many variables there are."""
        return len(self.shifts) + len(self.breaks)


def columns_of(shifts: list[Shift], intervals: int, interval_s: float) -> Columns:
    """Lay shifts and breaks out as the columns of an integer programme."""
    breaks = [
        (index, which, start)
        for index, shift in enumerate(shifts)
        for which, rest in enumerate(shift.rule.breaks)
        for start in range(
            shift.start + round(rest.earliest_s / interval_s),
            shift.start + round(rest.latest_s / interval_s) + 1,
        )
    ]
    duty = sparse.lil_array((intervals, len(shifts) + len(breaks)))
    for index, shift in enumerate(shifts):
        duty[shift.start : shift.end, [index]] = 1
    rows = {key: row for row, key in enumerate(dict.fromkeys(key[:2] for key in breaks))}
    links = sparse.lil_array((len(rows), len(shifts) + len(breaks)))
    for column, (index, which, start) in enumerate(breaks, start=len(shifts)):
        length = round(shifts[index].rule.breaks[which].length_s / interval_s)
        duty[start : start + length, [column]] = -1
        links[rows[index, which], column] = 1
        links[rows[index, which], index] = -1
    paid_s = np.array([shift.paid_s for shift in shifts] + [0.0] * len(breaks))
    return Columns(shifts, breaks, duty.tocsr(), links.tocsr(), paid_s)


def _solve(columns: Columns, required: Integers, on_duty_max: float, nodes_max: int) -> Floats:
    """Return the value of every variable, missing agents last."""
    intervals = len(required)
    price = np.full(intervals, _SHORT_PRICE * 3600.0)
    short = sparse.eye_array(intervals)
    no_short = sparse.csr_array((columns.links.shape[0], intervals))
    found = optimize.milp(
        np.concatenate((columns.paid_s, price)),
        constraints=[
            optimize.LinearConstraint(
                sparse.hstack((columns.duty, short)), lb=required.astype(np.float64)
            ),
            optimize.LinearConstraint(sparse.hstack((columns.links, no_short)), lb=0, ub=0),
            optimize.LinearConstraint(sparse.hstack((columns.duty, 0 * short)), ub=on_duty_max),
        ],
        integrality=np.concatenate((np.ones(columns.count), np.zeros(intervals))),
        options={"mip_rel_gap": 0.005, "node_limit": nodes_max},
    )
    if found.x is None:
        raise ShiftError(f"the solver found no shifts within {nodes_max} branches: {found.message}")
    return np.asarray(found.x)


def _assignments(group: str, columns: Columns, counts: Integers) -> list[Assignment]:
    """Hand the counted breaks out to the agents of each shift."""
    starts: dict[tuple[int, int], list[int]] = {}
    for column, (index, which, start) in enumerate(columns.breaks, start=len(columns.shifts)):
        starts.setdefault((index, which), []).extend([start] * int(counts[column]))
    assignments = []
    for index, shift in enumerate(columns.shifts):
        agents = int(counts[index])
        if agents:
            taken = [starts[index, which] for which in range(len(shift.rule.breaks))]
            breaks = tuple(zip(*taken, strict=True)) if taken else ((),) * agents
            assignments.append(Assignment(group, shift, agents, breaks))
    return assignments
