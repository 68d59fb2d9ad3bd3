"""Erlang C: everybody waits until answered.

Without abandonment a queue is stable only while the offered load is below the number of agents;
otherwise it grows without end, no stationary figure exists, and `OverloadError` says so. Real
callers give up; where their patience is known `erlang_a` is the better model at every load.

Source:
    A. K. Erlang (1917); wait distribution: R. B. Cooper, "Introduction to Queueing Theory" (1981),
    section 3.5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from simulator.erlang.blocking import log_erlang_b, require_count, require_positive

Denominator: TypeAlias = Literal["offered", "answered", "offered_less_short_abandons"]
"""Over which calls a service level is taken; the package docstring defines each."""

DENOMINATORS: tuple[Denominator, ...] = ("offered", "answered", "offered_less_short_abandons")


class OverloadError(ValueError):
    """More load than agents, and nobody gives up: the queue grows without end."""


@dataclass(frozen=True)
class ErlangC:
    """The stationary queue of patient callers; made by `erlang_c`."""

    arrivals_per_s: float
    handle_s: float
    agents: int

    @property
    def load(self) -> float:
        """Offered load in erlangs."""
        return self.arrivals_per_s * self.handle_s

    @property
    def occupancy(self) -> float:
        """Share of the agents' time in which they are busy."""
        return self.load / self.agents

    @cached_property
    def p_wait(self) -> float:
        """Share of calls that find no agent ready."""
        blocked = math.exp(log_erlang_b(self.load, self.agents))
        return blocked / (1 - self.occupancy + self.occupancy * blocked)

    @property
    def mean_wait_s(self) -> float:
        """Mean wait of all calls."""
        return self.p_wait / self._excess_rate_per_s

    @property
    def asa_s(self) -> float:
        """Mean wait of answered calls: all of them, here."""
        return self.mean_wait_s

    @property
    def p_abandon(self) -> float:
        """Share of calls that abandon: none."""
        return 0.0

    def p_wait_longer(self, than_s: float) -> float:
        """Share of calls that wait longer than `than_s`."""
        require_duration("than_s", than_s)
        return self.p_wait * math.exp(-self._excess_rate_per_s * than_s)

    def service_level(self, within_s: float, of: Denominator = "offered") -> float:
        """Share of calls answered within `within_s`; every denominator is all calls here."""
        require_denominator(of)
        return 1.0 - self.p_wait_longer(within_s)

    @property
    def _excess_rate_per_s(self) -> float:
        """By how much a busy team outpaces the arrivals."""
        return (self.agents - self.load) / self.handle_s


def erlang_c(*, arrivals_per_s: float, handle_s: float, agents: int) -> ErlangC:
    """Describe a queue whose callers never give up.

    Args:
        arrivals_per_s: Calls offered per second, above 0.
        handle_s: Mean handle time (talk, hold and wrap-up), above 0.
        agents: Agents at work, more than the offered load.

    Raises:
        OverloadError: The load is not below the agents.
        ValueError: A figure is not a number above 0.

    Example:
        >>> queue = erlang_c(arrivals_per_s=100 / 1800, handle_s=180, agents=14)
        >>> round(queue.service_level(20), 5), round(queue.asa_s, 5)
        (0.88835, 7.83594)
    """
    require_positive("arrivals_per_s", arrivals_per_s)
    require_positive("handle_s", handle_s)
    require_count("agents", agents, least=1)
    queue = ErlangC(arrivals_per_s, handle_s, int(agents))
    if queue.load >= agents:
        raise OverloadError(
            f"a load of {queue.load:.4g} erlangs needs at least {math.floor(queue.load) + 1} "
            f"agents, not {agents}: nobody gives up in this model, so the queue would grow "
            "without end (give a patience, or more agents)"
        )
    return queue


def require_duration(name: str, value: float) -> None:
    """Refuse anything but a number of 0 or more (infinity included)."""
    if not value >= 0:
        raise ValueError(f"{name} must be 0 or more, not {value!r}")


def require_denominator(of: str) -> None:
    """Refuse a service level over unknown calls."""
    if of not in DENOMINATORS:
        raise ValueError(f"of must be one of {', '.join(DENOMINATORS)}, not {of!r}")
