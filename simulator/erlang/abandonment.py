"""Erlang A: callers give up when their exponential patience ends.

The number of calls present is a birth-death process: arrivals at rate lambda, departures at rate
`min(i, n) mu + max(i - n, 0) theta`. With `x = n mu / theta` and `y = lambda / theta`, the
probability of `m` calls in queue is proportional to `u[m+1]`, where

    u[k] = y/x * y/(x+1) * ... * y/(x+k-1)

All figures but one are sums over these states of positive terms. They are summed around the
largest term and scaled by it, whose logarithm comes from Stirling's formula, so nothing overflows
and nothing cancels: agreement with a 30-digit computation is better than 1e-11 from one agent to
thousands, underload and overload alike (`tests/simulator/erlang`). The exception is the service
level, an integral over the offered wait's density; the same sums give it in closed form, and where
that form is a difference of nearly equal numbers, a quadrature of the positive integrand takes
over.

Because patience is exponential, `p_abandon = mean_wait_s / patience_s` holds exactly.

Source:
    C. Palm (1946); A. Mandelbaum, S. Zeltyn, "Service engineering in action: the Palm/Erlang-A
    queue" (2007), section 3; derivation in `docs/theory/queueing.md`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from simulator.distributions import Floats
from simulator.erlang.blocking import (
    excess,
    log_erlang_b,
    require_count,
    require_positive,
    stirling_error,
)
from simulator.erlang.delay import Denominator, require_denominator, require_duration

_NEGLIGIBLE_LOG = 42.0
_CANCELLING = -1e-3
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(96)


@dataclass(frozen=True)
class _QueueStates:
    """The states with all agents busy: weights of the queue lengths around the likeliest."""

    log_total: float
    """Logarithm of the sum of all `u[k]`, k from 1."""
    ahead: Floats
    """Queue lengths met by an arriving caller, in order: (n_states,)."""
    shares: Floats
    """Their probabilities, given that all agents are busy: (n_states,)."""


def _queue_states(x: float, y: float) -> _QueueStates:
    """Sum the birth-death states beyond the last agent, for `x` and `y` above 0."""
    mode = max(1, math.floor(y - x) + 1)
    spread = 11 * math.sqrt(y) + 60
    slack = x + mode - y
    above = (
        int(min(spread, _NEGLIGIBLE_LOG / math.log1p(slack / y) + 2)) if slack > 0 else int(spread)
    )
    below = min(mode - 1, int(spread))
    up = np.cumprod(y / (x + mode + np.arange(above, dtype=np.float64)))
    down = np.cumprod((x + mode - 1 - np.arange(below, dtype=np.float64)) / y)
    weights = np.concatenate((down[::-1], [1.0], up))
    total = float(weights.sum())
    return _QueueStates(
        log_total=_log_state(x, y, mode) + math.log(total),
        ahead=np.arange(mode - 1 - below, mode + above, dtype=np.float64),
        shares=weights / total,
    )


def _log_state(x: float, y: float, k: int) -> float:
    """Logarithm of `u[k]`: k factors, or their gamma functions without the cancelling parts."""
    if k == 1:
        return math.log(y / x)
    end = x + k
    return (
        x * excess(y / x)
        - end * excess(y / end)
        + 0.5 * math.log(end / x)
        + stirling_error(x)
        - stirling_error(end)
    )


@dataclass(frozen=True)
class ErlangA:
    """The stationary queue of impatient callers; made by `erlang_a`."""

    arrivals_per_s: float
    handle_s: float
    patience_s: float
    agents: int

    @property
    def load(self) -> float:
        """Offered load in erlangs."""
        return self.arrivals_per_s * self.handle_s

    @property
    def occupancy(self) -> float:
        """Share of the agents' time in which they are busy."""
        return self.load * (1 - self.p_abandon) / self.agents

    @cached_property
    def p_wait(self) -> float:
        """Share of offered calls that find no agent ready."""
        return float(special.expit(self._states.log_total - self._log_free))

    @cached_property
    def p_abandon(self) -> float:
        """Share of offered calls that abandon."""
        queue_if_busy = float(self._states.shares @ self._states.ahead)
        return self.p_wait * queue_if_busy / self._y

    @property
    def mean_wait_s(self) -> float:
        """Mean time in queue of all offered calls, answered or abandoned."""
        return self.p_abandon * self.patience_s

    @cached_property
    def asa_s(self) -> float:
        """Mean wait of answered calls, those not delayed included.

        A caller who finds `m` others waiting passes through stages with `m+1 ... 1` callers before
        an agent; stage `j` lasts 1/(n mu + j theta) on average, whoever leaves, and the caller is
        the one answered in the end with probability x/(x + m + 1).
        """
        x, ahead = self._x, self._states.ahead
        first = special.digamma(x + ahead[0] + 1) - special.digamma(x + 1) if ahead[0] > 0 else 0.0
        stages = first + np.cumsum(1 / (x + ahead + 1))
        answered_waits = self._states.shares @ (stages * x / (x + ahead + 1))
        return self.p_wait * float(answered_waits) * self.patience_s / (1 - self.p_abandon)

    def p_wait_longer(self, than_s: float) -> float:
        """Share of offered calls still in queue after `than_s`, not yet answered or abandoned."""
        require_duration("than_s", than_s)
        decay = than_s / self.patience_s
        remaining = self._y * math.exp(-decay)
        if remaining == 0:
            return 0.0
        tail = self._log_decay(decay) + _queue_states(self._x, remaining).log_total
        return math.exp(tail - self._log_norm)

    def service_level(self, within_s: float, of: Denominator = "offered") -> float:
        """Share of calls answered after a wait of at most `within_s`.

        Args:
            within_s: The threshold, 0 or more.
            of: Over which calls; the package docstring defines each.
        """
        require_duration("within_s", within_s)
        require_denominator(of)
        answered = self._answered_within(within_s)
        if of == "answered":
            return answered / (1 - self.p_abandon)
        if of == "offered_less_short_abandons":
            return answered / (answered + self.p_wait_longer(within_s))
        return answered

    def _answered_within(self, within_s: float) -> float:
        decay = within_s / self.patience_s
        remaining = self._y * math.exp(-decay)
        if remaining == 0:
            return 1 - self.p_abandon
        log_all = _queue_states(self._x + 1, self._y).log_total
        log_later = self._log_decay(decay) + _queue_states(self._x + 1, remaining).log_total
        if log_later - log_all > _CANCELLING:
            waited = self._integrate(decay)
        else:
            waited = -math.exp(log_all - self._log_norm) * math.expm1(log_later - log_all)
        at_once = float(special.expit(self._log_free - self._states.log_total))
        return at_once + waited

    def _log_decay(self, decay: float) -> float:
        """Logarithm of the offered wait's survival factor after `decay` mean patiences."""
        return -self._y * math.expm1(-decay) - self._x * decay

    def _integrate(self, decay: float) -> float:
        """Share of calls that wait, are answered, and wait less than `decay` mean patiences."""
        times = (_NODES + 1) * (decay / 2)
        logs = -self._y * np.expm1(-times) - (self._x + 1) * times - self._log_norm
        return float(_WEIGHTS @ np.exp(logs)) * self._y * decay / 2

    @property
    def _x(self) -> float:
        return self.agents * self.patience_s / self.handle_s

    @property
    def _y(self) -> float:
        return self.arrivals_per_s * self.patience_s

    @cached_property
    def _states(self) -> _QueueStates:
        return _queue_states(self._x, self._y)

    @cached_property
    def _log_free(self) -> float:
        """Logarithm of the weight of all states with an agent free, where state n-1 weighs one."""
        return -log_erlang_b(self.load, self.agents - 1)

    @cached_property
    def _log_norm(self) -> float:
        return float(np.logaddexp(self._log_free, self._states.log_total))


def erlang_a(*, arrivals_per_s: float, handle_s: float, patience_s: float, agents: int) -> ErlangA:
    """Describe a queue whose callers give up; any load will do.

    Args:
        arrivals_per_s: Calls offered per second, above 0.
        handle_s: Mean handle time (talk, hold and wrap-up), above 0.
        patience_s: Mean patience, above 0: how long callers would wait, not how long they did.
        agents: Agents at work, 1 or more.

    Raises:
        ValueError: A figure is not a number above 0.

    Cost:
        O(sqrt(arrivals_per_s * patience_s)) for all figures together; microseconds.

    Example:
        >>> queue = erlang_a(arrivals_per_s=1 / 3, handle_s=300, patience_s=180, agents=100)
        >>> round(queue.service_level(20), 8), round(queue.service_level(20, of="answered"), 3)
        (0.8019111, 0.84)
    """
    require_positive("arrivals_per_s", arrivals_per_s)
    require_positive("handle_s", handle_s)
    require_positive("patience_s", patience_s)
    require_count("agents", agents, least=1)
    return ErlangA(arrivals_per_s, handle_s, patience_s, int(agents))
