"""Work that can wait: promised callbacks, calls of a list, letters. It fills a day's valleys.

Shifts are long and callers come in waves, so between the waves agents are left over. Work that is
not due at once can be done then: each piece of it arises, may be done from then on, and is due some
time later. Two kinds cover what centres have:

- with `delay_max_s`, it arises evenly from `from_s` to `until_s` (callbacks promised through the
  day) and each part is due so long after it arose;
- without, all of it is there at `from_s` and due by `until_s` (a list to be called).

What a day cannot do before the centre closes is **left over**, by name and amount.

An agent does deferred work for a whole interval and takes no calls meanwhile; who may do it are
the groups that serve its call type. How many agents can be spared is not read off a formula: the
programme (`simulator.staffing.programme`) proposes, and the calls are simulated without them.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
from scipy import optimize, sparse

from simulator.distributions import Floats
from simulator.kernel.tables import Integers
from simulator.staffing.centre import Centre, PlanError


class DeferredWork(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Hours of one kind of work, when they arise and how long they can wait."""

    name: str
    of: str
    """The call type whose agents do it."""
    hours: float
    """Agent hours of a day."""
    from_s: float
    """When it begins to arise, seconds after midnight."""
    until_s: float
    """When the last of it arises; without `delay_max_s`, when all of it is due."""
    delay_max_s: float | None = None
    """How long after it arose each part is due."""
    is_promised: bool = False
    """Whether shifts are added for it; otherwise it only fills what the calls leave over."""

    def __post_init__(self) -> None:
        if not 0 < self.hours < float("inf"):
            raise ValueError(f"work {self.name}: hours must be above 0, not {self.hours:g}")
        if not 0 <= self.from_s < self.until_s:
            raise ValueError(f"work {self.name}: it must end after it begins")
        if self.delay_max_s is not None and not self.delay_max_s > 0:
            raise ValueError(f"work {self.name}: the longest delay must be above 0")


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Deferred work laid on agents; W works, G groups, I intervals."""

    works: tuple[DeferredWork, ...]
    agents: Integers
    """Agents taken off calls: (G, I)."""
    done_hours: Floats
    """Hours of each work done by each group in each interval: (W, G, I)."""

    @property
    def left_hours(self) -> Floats:
        """Hours of each work that found no place: (W,)."""
        wanted = np.array([work.hours for work in self.works])
        return np.asarray(np.maximum(wanted - self.done_hours.sum(axis=(1, 2)), 0.0))


def nothing_placed(team: Integers) -> Placement:
    """Return a placement of no work on a team: (G, I)."""
    return Placement(works=(), agents=np.zeros_like(team), done_hours=np.zeros((0, *team.shape)))


@dataclass(frozen=True)
class Windows:
    """What of each work can be done and must be done by the end of each interval, in intervals."""

    ready: Floats
    """At most so many agent intervals are done by the end of each interval: (W, I)."""
    due: Floats
    """At least so many: (W, I); all of it by the last."""
    able: Integers
    """Whether a group may do a work: (W, G), 0 or 1."""


def windows_of(centre: Centre, works: tuple[DeferredWork, ...]) -> Windows:
    """Lay works on the centre's intervals.

    Raises:
        PlanError: A work is of no call type of the centre, or two have one name.
    """
    types = centre.tables.call_types
    for work in works:
        if work.of not in types:
            raise PlanError(f"work {work.name}: {work.of!r} is not one of {', '.join(types)}")
    names = [work.name for work in works]
    for name in names:
        if names.count(name) > 1:
            raise PlanError(f"two works are called {name!r}")
    starts_s: Floats = (
        centre.opens_s + np.arange(centre.intervals, dtype=np.float64) * centre.interval_s
    )
    shape = (len(works), centre.intervals)
    ready, due = np.zeros(shape), np.zeros(shape)
    able = np.zeros((len(works), len(centre.groups)), dtype=np.int64)
    for row, work in enumerate(works):
        wanted = work.hours * 3600 / centre.interval_s
        ready[row] = wanted * _share_ready(work, starts_s)
        due[row] = wanted * _share_due(work, starts_s + centre.interval_s)
        due[row, -1] = wanted  # what the day does not do is left over
        able[row] = np.isfinite(centre.tables.reach_s[types.index(work.of)])
    return Windows(ready, due, able)


def _share_ready(work: DeferredWork, at_s: Floats) -> Floats:
    """Return the share of a work that can be begun at each instant; none after it was due."""
    if work.delay_max_s is None:
        # Nothing more can be begun from `until_s` on: `due` has asked for all of it by then.
        return np.where(at_s >= work.from_s, 1.0, 0.0)
    return _arisen(work, at_s)


def _share_due(work: DeferredWork, at_s: Floats) -> Floats:
    """Return the share of a work that must be done by each instant."""
    if work.delay_max_s is None:
        return np.where(at_s >= work.until_s, 1.0, 0.0)
    return _arisen(work, at_s - work.delay_max_s)


def _arisen(work: DeferredWork, at_s: Floats) -> Floats:
    return np.clip((at_s - work.from_s) / (work.until_s - work.from_s), 0.0, 1.0)


def placement_rules(windows: Windows) -> tuple[sparse.csr_array, Floats, Floats]:
    """Return the rules that tie what is done, and what is left over, to the windows.

    Variables are the agent intervals done, (W * G * I), then those left over when due, (W * I).
    What is left over is never done later, so that both together stay between due and ready.

    Returns:
        The table of the rules, and the lower and upper bound of each.
    """
    works, intervals = windows.due.shape
    so_far = sparse.csr_array(np.tril(np.ones((intervals, intervals))))
    done = sparse.block_diag(
        [sparse.hstack([able * so_far for able in row]) for row in windows.able]
    )
    left = sparse.block_diag([so_far] * works)
    upper = np.maximum(windows.ready, windows.due)
    upper[:, -1] = windows.due[:, -1]
    return sparse.csr_array(sparse.hstack((done, left))), windows.due.ravel(), upper.ravel()


def place(
    centre: Centre, works: tuple[DeferredWork, ...], windows: Windows, agents: Integers
) -> Placement:
    """Lay as much of the works as possible on agents taken off calls: (G, I).

    Earlier intervals come first, then earlier groups; agents with nothing to do go back to calls.
    """
    if not works:
        return nothing_placed(agents)
    shape = (len(works), *agents.shape)
    rules, lower, upper = placement_rules(windows)
    size, left = agents.size, windows.due.size
    sums = sparse.hstack((*[sparse.eye_array(size)] * len(works), sparse.csr_array((size, left))))
    lateness = np.arange(agents.shape[1]) * 1e-4
    wide = np.tile(np.tile(lateness, agents.shape[0]), len(works))
    found = optimize.milp(
        np.concatenate((wide, np.ones(left))),
        constraints=[
            optimize.LinearConstraint(rules, lower, upper),
            optimize.LinearConstraint(sums, ub=agents.ravel()),
        ],
        bounds=optimize.Bounds(
            0, np.concatenate((_able(windows, agents.shape), np.full(left, np.inf)))
        ),
    )
    done = np.asarray(found.x)[: wide.size].reshape(shape)
    busy: Integers = np.ceil(done.sum(axis=0) - 1e-6).astype(np.int64)
    return Placement(works=works, agents=busy, done_hours=done * centre.interval_s / 3600)


def _able(windows: Windows, shape: tuple[int, ...]) -> Floats:
    """Return the bounds of what each group does in each interval: none where it is not able."""
    return np.where(np.repeat(windows.able.ravel(), shape[1]) > 0, np.inf, 0.0)
