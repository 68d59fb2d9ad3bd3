"""The routing of one day, event by event, by tables.

Four things happen. At one and the same instant they happen in this order, which the tests' plain
reference follows too:

1. **an interval begins**: agents come (and take a waiting call each) or leave. Of the ready agents
   the one idle for the shortest time leaves first; a busy one finishes the call, and whoever
   finishes first leaves first. Who is due to leave leaves, even when others come meanwhile;
2. **an agent becomes ready** and takes a call or becomes idle;
3. **a waiting call comes within reach** of a group that has an idle agent;
4. **a call arrives**, and is taken or waits.

Two observations keep this fast. A caller who gives up changes nothing for the others, so patience
needs no
event: whoever looks at the head of a queue drops callers whose patience is over. And within a type
calls come within reach in order of arrival, while an idle agent within reach of a waiting call
cannot be; so only the head of each queue can be the next to come within reach, and that needs no
event list either. What remains is one heap, of the busy agents.

A caller whose wait equals the patience is answered. Agents of a group are told apart only by
how long they have been idle.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.distributions import Floats
from simulator.kernel.compiled import compiled
from simulator.kernel.spans import add_span
from simulator.kernel.tables import Integers

NOBODY = -1
"""In place of a call or a group: none."""


class Rules(NamedTuple):
    """The routing tables as bare arrays; `simulator.kernel.tables` says what they mean."""

    reach_s: Floats
    rank: Integers
    priority: Floats
    priority_per_s: Floats
    handle_factor: Floats


class Day(NamedTuple):
    """One day's calls, what becomes of them, and the team: arrays shared with the caller."""

    arrival_s: Floats
    call_type: Integers
    handle_s: Floats
    patience_s: Floats
    agents: Integers
    """Agents at work: (G, n_intervals)."""
    interval_s: float
    wait_s: Floats
    """Result: time in queue of each call: (n_calls,)."""
    group: Integers
    """Result: the group that answered each call, or NOBODY: (n_calls,)."""
    idle_s: Floats
    """Result: time agents were ready: (G, n_intervals)."""


class State(NamedTuple):
    """Who waits, who is idle, who is busy; all changed in place."""

    head: Integers
    """First waiting call of each type, or NOBODY: (T,)."""
    tail: Integers
    """Last waiting call of each type: (T,)."""
    behind: Integers
    """The call behind each waiting call in its queue: (n_calls,)."""
    idle_since_s: Floats
    """A ring for each group, longest idle first: (G, capacity)."""
    idle_first: Integers
    """Where each ring begins: (G,)."""
    idle_count: Integers
    """How many are idle: (G,)."""
    leaving: Integers
    """How many busy agents leave once they are free: (G,)."""
    busy_until_s: Floats
    """A heap of the busy agents' ends: (capacity,)."""
    busy_call: Integers
    """The call each of them is on: (capacity,)."""
    busy_count: Integers
    """How many are busy: (1,)."""


def new_state(calls: int, types: int, team: Integers) -> State:
    """Return an empty centre with room for everybody of a day's team (G, n_intervals)."""
    groups = len(team)
    coming = np.maximum(np.diff(team, axis=1), 0).sum(axis=1)
    capacity = int((team[:, 0] + coming).max()) + 1
    return State(
        head=np.full(types, NOBODY),
        tail=np.full(types, NOBODY),
        behind=np.empty(calls, dtype=np.int64),
        idle_since_s=np.empty((groups, capacity)),
        idle_first=np.zeros(groups, dtype=np.int64),
        idle_count=np.zeros(groups, dtype=np.int64),
        leaving=np.zeros(groups, dtype=np.int64),
        busy_until_s=np.zeros(groups * capacity),
        busy_call=np.empty(groups * capacity, dtype=np.int64),
        busy_count=np.zeros(1, dtype=np.int64),
    )


@compiled
def route_day(rules: Rules, day: Day, state: State) -> None:
    """Route one day's calls, from an empty centre, and fill in the day's results."""
    groups, intervals = day.agents.shape
    calls = len(day.arrival_s)
    for group in range(groups):
        for _ in range(day.agents[group, 0]):
            _put_idle(state, group, 0.0)
    next_call = 0
    interval = 1
    while True:
        arrival_s = day.arrival_s[next_call] if next_call < calls else np.inf
        boundary_s = interval * day.interval_s if interval < intervals else np.inf
        done_s = state.busy_until_s[0] if state.busy_count[0] else np.inf
        reach_s, reached = _next_within_reach(rules, day, state)
        now_s = min(arrival_s, boundary_s, done_s, reach_s)
        if now_s == np.inf:
            break
        if boundary_s == now_s:
            _change_team(rules, day, state, interval, now_s)
            interval += 1
        elif done_s == now_s:
            _finish_call(rules, day, state, now_s)
        elif reach_s == now_s:
            _serve_reached(rules, day, state, reached, now_s)
        else:
            _accept_call(rules, day, state, next_call, now_s)
            next_call += 1
    _close_day(day, state)


@compiled
def _accept_call(rules: Rules, day: Day, state: State, call: int, now_s: float) -> None:
    """Give an arriving call to an agent, or put it at the end of its queue."""
    call_type = day.call_type[call]
    group = _best_group(rules, state, call_type, 0.0)
    if group != NOBODY:
        _take_idle(day, state, group, now_s)
        _answer(rules, day, state, call, group, now_s)
        return
    state.behind[call] = NOBODY
    if state.head[call_type] == NOBODY:
        state.head[call_type] = call
    else:
        state.behind[state.tail[call_type]] = call
    state.tail[call_type] = call


@compiled
def _finish_call(rules: Rules, day: Day, state: State, now_s: float) -> None:
    """End the call that ends first; its agent leaves, takes another call, or becomes idle."""
    group = day.group[_pop_busy(state)]
    if state.leaving[group]:
        state.leaving[group] -= 1
    else:
        _make_ready(rules, day, state, group, now_s)


@compiled
def _make_ready(rules: Rules, day: Day, state: State, group: int, now_s: float) -> None:
    """Give a free agent the best waiting call, if there is one."""
    call = _best_call(rules, day, state, group, now_s)
    if call == NOBODY:
        _put_idle(state, group, now_s)
    else:
        _leave_queue(day, state, call)
        _answer(rules, day, state, call, group, now_s)


@compiled
def _serve_reached(rules: Rules, day: Day, state: State, call_type: int, now_s: float) -> None:
    """Give the head of a queue, now within reach of an idle agent, to the best such agent."""
    _drop_impatient(day, state, call_type, now_s)
    call = state.head[call_type]
    if call == NOBODY:
        return
    group = _best_group_at(rules, state, call_type, day.arrival_s[call], now_s)
    if group != NOBODY:
        _leave_queue(day, state, call)
        _take_idle(day, state, group, now_s)
        _answer(rules, day, state, call, group, now_s)


@compiled
def _change_team(rules: Rules, day: Day, state: State, interval: int, now_s: float) -> None:
    """Let agents come and go at the start of an interval."""
    for group in range(day.agents.shape[0]):
        change = day.agents[group, interval] - day.agents[group, interval - 1]
        for _ in range(change):
            _make_ready(rules, day, state, group, now_s)
        for _ in range(-change):
            if state.idle_count[group]:
                _dismiss_idle(day, state, group, now_s)
            else:
                state.leaving[group] += 1


@compiled
def _close_day(day: Day, state: State) -> None:
    """Count the idle time to the end of the last interval, and the callers nobody ever took."""
    end_s = day.agents.shape[1] * day.interval_s
    for group in range(day.agents.shape[0]):
        for _ in range(state.idle_count[group]):
            _dismiss_idle(day, state, group, end_s)
    for call_type in range(len(state.head)):
        _drop_impatient(day, state, call_type, np.inf)
        call = state.head[call_type]
        while call != NOBODY:
            _abandon(day, call)
            call = state.behind[call]


@compiled
def _next_within_reach(rules: Rules, day: Day, state: State) -> tuple[float, int]:
    """Return when a waiting call next comes within reach of an idle agent, and its type."""
    soonest_s = np.inf
    found = NOBODY
    for group in range(len(state.idle_count)):
        if state.idle_count[group] == 0:
            continue
        for call_type in range(len(state.head)):
            call = state.head[call_type]
            if call == NOBODY:
                continue
            reach_s = day.arrival_s[call] + rules.reach_s[call_type, group]
            if reach_s < soonest_s or (
                reach_s == soonest_s and reach_s < np.inf and call < state.head[found]
            ):
                soonest_s, found = reach_s, call_type
    return soonest_s, found


@compiled
def _best_group(rules: Rules, state: State, call_type: int, waited_s: float) -> int:
    """Return the best group with an idle agent for a call that has waited so long."""
    return _best_group_at(rules, state, call_type, 0.0, waited_s)


@compiled
def _best_group_at(
    rules: Rules, state: State, call_type: int, arrival_s: float, now_s: float
) -> int:
    """Return the best group with an idle agent within reach: lowest rank, then longest idle."""
    best = NOBODY
    for group in range(len(state.idle_count)):
        if state.idle_count[group] == 0 or arrival_s + rules.reach_s[call_type, group] > now_s:
            continue
        if best == NOBODY:
            best = group
            continue
        rank, best_rank = rules.rank[call_type, group], rules.rank[call_type, best]
        if rank < best_rank or (
            rank == best_rank and _longest_idle_s(state, group) < _longest_idle_s(state, best)
        ):
            best = group
    return best


@compiled
def _best_call(rules: Rules, day: Day, state: State, group: int, now_s: float) -> int:
    """Return the waiting call that an agent of the group takes now, or NOBODY."""
    best = NOBODY
    best_score = -np.inf
    for call_type in range(len(state.head)):
        reach_s = rules.reach_s[call_type, group]
        if state.head[call_type] == NOBODY or reach_s == np.inf:
            continue
        _drop_impatient(day, state, call_type, now_s)
        call = state.head[call_type]
        if call == NOBODY or day.arrival_s[call] + reach_s > now_s:
            continue
        gained = rules.priority_per_s[call_type] * (now_s - day.arrival_s[call])
        score = rules.priority[call_type, group] + gained
        if score > best_score or (score == best_score and call < best):
            best, best_score = call, score
    return best


@compiled
def _drop_impatient(day: Day, state: State, call_type: int, now_s: float) -> None:
    """Take callers whose patience is over off the head of a queue."""
    call = state.head[call_type]
    while call != NOBODY and day.arrival_s[call] + day.patience_s[call] < now_s:
        _abandon(day, call)
        call = state.behind[call]
    state.head[call_type] = call


@compiled
def _abandon(day: Day, call: int) -> None:
    day.wait_s[call] = day.patience_s[call]
    day.group[call] = NOBODY


@compiled
def _leave_queue(day: Day, state: State, call: int) -> None:
    """Take the head of its queue out of it."""
    state.head[day.call_type[call]] = state.behind[call]


@compiled
def _answer(  # noqa: PLR0913, PLR0917  (compiled code takes arrays, not objects)
    rules: Rules, day: Day, state: State, call: int, group: int, now_s: float
) -> None:
    """Connect a call with an agent of the group."""
    day.wait_s[call] = now_s - day.arrival_s[call]
    day.group[call] = group
    factor = rules.handle_factor[day.call_type[call], group]
    _push_busy(state, now_s + day.handle_s[call] * factor, call)


@compiled
def _ring_place(state: State, place: int) -> int:
    """Return a place of a ring, counted on past its end; a division would cost more."""
    capacity = state.idle_since_s.shape[1]
    return place - capacity if place >= capacity else place


@compiled
def _longest_idle_s(state: State, group: int) -> float:
    """Return since when the group's longest idle agent has been idle."""
    return float(state.idle_since_s[group, state.idle_first[group]])


@compiled
def _put_idle(state: State, group: int, now_s: float) -> None:
    """Make an agent the group's most recently idle."""
    place = _ring_place(state, state.idle_first[group] + state.idle_count[group])
    state.idle_since_s[group, place] = now_s
    state.idle_count[group] += 1


@compiled
def _take_idle(day: Day, state: State, group: int, now_s: float) -> None:
    """Take the group's longest idle agent for a call."""
    first = state.idle_first[group]
    add_span(day.idle_s[group], state.idle_since_s[group, first], now_s, day.interval_s)
    state.idle_first[group] = _ring_place(state, first + 1)
    state.idle_count[group] -= 1


@compiled
def _dismiss_idle(day: Day, state: State, group: int, now_s: float) -> None:
    """Send the group's most recently idle agent home."""
    state.idle_count[group] -= 1
    place = _ring_place(state, state.idle_first[group] + state.idle_count[group])
    add_span(day.idle_s[group], state.idle_since_s[group, place], now_s, day.interval_s)


@compiled
def _push_busy(state: State, until_s: float, call: int) -> None:
    """Add a busy agent to the heap; equal ends are ordered by call."""
    place = state.busy_count[0]
    state.busy_count[0] += 1
    while place > 0:
        parent = (place - 1) // 2
        if not _ends_before(until_s, call, state, parent):
            break
        state.busy_until_s[place] = state.busy_until_s[parent]
        state.busy_call[place] = state.busy_call[parent]
        place = parent
    state.busy_until_s[place] = until_s
    state.busy_call[place] = call


@compiled
def _pop_busy(state: State) -> int:
    """Take the agent whose call ends first off the heap; return the call."""
    first = state.busy_call[0]
    state.busy_count[0] -= 1
    count = state.busy_count[0]
    until_s, call = state.busy_until_s[count], state.busy_call[count]
    place = 0
    while 2 * place + 1 < count:
        child = 2 * place + 1
        if child + 1 < count and _ends_before(
            state.busy_until_s[child + 1], state.busy_call[child + 1], state, child
        ):
            child += 1
        if _ends_before(until_s, call, state, child):
            break
        state.busy_until_s[place] = state.busy_until_s[child]
        state.busy_call[place] = state.busy_call[child]
        place = child
    state.busy_until_s[place] = until_s
    state.busy_call[place] = call
    return int(first)


@compiled
def _ends_before(until_s: float, call: int, state: State, place: int) -> bool:
    """Whether one call ends before the one at a place of the heap."""
    other_s = state.busy_until_s[place]
    return bool(until_s < other_s or (until_s == other_s and call < state.busy_call[place]))
