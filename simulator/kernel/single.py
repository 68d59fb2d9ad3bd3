"""One group, first come first served: a day in one pass over its calls.

The wait a call is offered depends only on when the agents will be free: it starts when the first
of them is, or at once. So the day is a recursion over calls in order of arrival, with one heap of
the agents' free times and no event list, several times as fast as `simulator.kernel.multiskill`
and equal to it call by call.

Agents who come or go at an interval's start are applied when a call's start reaches it: starts
never decrease, so no earlier call is affected. Whoever is free first leaves first.
"""

from __future__ import annotations

import numpy as np

from simulator.distributions import Floats
from simulator.kernel.compiled import compiled
from simulator.kernel.multiskill import NOBODY, Day, Rules, State
from simulator.kernel.spans import add_span


@compiled
def route_day_in_order(rules: Rules, day: Day, state: State) -> None:
    """Serve one day's calls in order of arrival, from an empty centre; fill in the results."""
    free_s = state.busy_until_s
    count = day.agents[0, 0]
    interval = 1
    for call in range(len(day.arrival_s)):
        arrival_s = day.arrival_s[call]
        start_s = max(arrival_s, free_s[0]) if count else np.inf
        while interval < day.agents.shape[1] and interval * day.interval_s <= start_s:
            count = _change_team(day, free_s, count, interval)
            interval += 1
            start_s = max(arrival_s, free_s[0]) if count else np.inf
        patience_s = day.patience_s[call]
        if start_s > arrival_s + patience_s or start_s == np.inf:
            day.wait_s[call] = patience_s
            day.group[call] = NOBODY
            continue
        day.wait_s[call] = start_s - arrival_s
        day.group[call] = 0
        add_span(day.idle_s[0], free_s[0], start_s, day.interval_s)
        factor = rules.handle_factor[day.call_type[call], 0]
        _sift_down(free_s, count, start_s + day.handle_s[call] * factor)
    while interval < day.agents.shape[1]:
        count = _change_team(day, free_s, count, interval)
        interval += 1
    for agent in range(count):
        add_span(day.idle_s[0], free_s[agent], interval * day.interval_s, day.interval_s)


@compiled
def _change_team(day: Day, free_s: Floats, count: int, interval: int) -> int:
    """Let agents come and go at the start of an interval; return how many are there."""
    now_s = interval * day.interval_s
    change = day.agents[0, interval] - day.agents[0, interval - 1]
    for _ in range(change):
        _sift_up(free_s, count, now_s)
        count += 1
    for _ in range(-change):
        add_span(day.idle_s[0], free_s[0], now_s, day.interval_s)
        count -= 1
        _sift_down(free_s, count, free_s[count])
    return count


@compiled
def _sift_down(heap: Floats, count: int, value: float) -> None:
    """Put a value in place of the smallest of the first `count`."""
    place = 0
    while 2 * place + 1 < count:
        child = 2 * place + 1
        if child + 1 < count and heap[child + 1] < heap[child]:
            child += 1
        if value <= heap[child]:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = value


@compiled
def _sift_up(heap: Floats, count: int, value: float) -> None:
    """Add a value to the first `count`."""
    place = count
    while place > 0:
        parent = (place - 1) // 2
        if heap[parent] <= value:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = value
