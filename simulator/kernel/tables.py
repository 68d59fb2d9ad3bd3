"""Routing rules as tables: who may take which call, after how long, in which order.

Call types are rows, agent groups are columns; the agents of a group are equal. Two questions are
all that routing asks:

- **A call arrives (or has waited long enough): which group?** Of the groups with a ready agent
  whose `reach_s` the call has waited out, the one with the lowest `rank`; between equal ranks the
  one whose agent has been idle longest.
- **An agent becomes ready: which call?** Of the oldest call of each type within reach, the one with
  the highest `priority + priority_per_s x wait`; between equals the one that arrived first.

`reach_s` holds skill, overflow and timed relaxation in one number: 0 for a group that serves the
type at once, 30 for one that helps out after half a minute, infinity for one that never does.

What these tables cannot say must not be approximated in silence. `RoutingTables` refuses it by
name, and such a centre is simulated by the twin instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.distributions import Floats

Integers: TypeAlias = NDArray[np.int64]


class TableError(ValueError):
    """A rule the tables cannot express, or tables that do not fit together."""


@dataclass(frozen=True, kw_only=True)
class RoutingTables:
    """The routing of one centre; `T` call types, `G` agent groups.

    Raises:
        TableError: A shape or a figure is wrong, or a rule is not expressible; the message names
            the call type and the group.
    """

    call_types: tuple[str, ...]
    groups: tuple[str, ...]
    reach_s: Floats
    """How long a call waits before the group may take it: (T, G); infinity for never."""
    rank: Integers = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    """Which group a call goes to first, lowest first: (T, G). All equal when left out."""
    priority: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    """Which type an agent of the group takes first, highest first: (T, G). By default equal."""
    priority_per_s: Floats = field(default_factory=lambda: np.zeros(0))
    """How fast a waiting call of the type gains priority: (T,). One a second when left out."""
    handle_factor: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    """Handle time of the type in the group over the call's own: (T, G). One by default."""

    def __post_init__(self) -> None:
        shape = (len(self.call_types), len(self.groups))
        self._fill("reach_s", shape, np.inf, np.float64)
        self._fill("rank", shape, 0, np.int64)
        self._fill("priority", shape, 0.0, np.float64)
        self._fill("priority_per_s", shape[:1], 1.0, np.float64)
        self._fill("handle_factor", shape, 1.0, np.float64)
        self._check()

    def _fill(self, name: str, shape: tuple[int, ...], default: float, dtype: type) -> None:
        given: NDArray[np.generic] = np.ascontiguousarray(getattr(self, name), dtype=dtype)
        table = np.full(shape, default, dtype=dtype) if given.size == 0 else given
        if table.shape != shape:
            raise TableError(f"{name} has shape {table.shape}, not {shape} (call types, groups)")
        object.__setattr__(self, name, table)

    def _check(self) -> None:
        if not self.call_types or not self.groups:
            raise TableError("a centre needs at least one call type and one agent group")
        self._refuse(~(self.reach_s >= 0), "reach_s must be 0 or more, or infinity for never")
        served = np.isfinite(self.reach_s)
        for index in np.flatnonzero(~served.any(axis=1)):
            raise TableError(f"no group ever takes call type {self.call_types[index]!r}")
        self._refuse(~np.isfinite(self.priority), "priority must be a finite number")
        self._refuse(
            ~(np.isfinite(self.handle_factor) & (self.handle_factor > 0)),
            "handle_factor must be a number above 0",
        )
        for index in np.flatnonzero(~(self.priority_per_s >= 0)):
            raise TableError(
                f"call type {self.call_types[index]!r} loses priority while it waits "
                f"({self.priority_per_s[index]} a second): the oldest call of a type would no "
                "longer come first, which the kernel's queues cannot express"
            )

    def _refuse(self, wrong: NDArray[np.bool_], reason: str) -> None:
        for row, column in np.argwhere(wrong):
            raise TableError(
                f"call type {self.call_types[row]!r}, group {self.groups[column]!r}: {reason}"
            )

    @property
    def is_first_come_first_served(self) -> bool:
        """Whether one group serves all calls in order of arrival, so that the fast path holds."""
        return (
            len(self.groups) == 1
            and not self.reach_s.any()
            and bool((self.priority == self.priority[0]).all())
            and bool((self.priority_per_s == self.priority_per_s[0]).all())
        )
