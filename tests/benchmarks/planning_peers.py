"""The same centres written with SimPy, to measure the kernel against in one run."""

import math

import simpy


def textbook_day(calls, agents):
    """One queue as SimPy's own examples write it: a `Resource`, and `request | timeout`.

    Returns the waits of answered calls by call number.
    """
    env = simpy.Environment()
    desk = simpy.Resource(env, agents)
    waits = {}

    def caller(number, handle_s, patience_s):
        arrived = env.now
        with desk.request() as request:
            yield request | env.timeout(patience_s)
            if request.triggered:
                waits[number] = env.now - arrived
                yield env.timeout(handle_s)

    def arrivals():
        for number, (arrival_s, _, handle_s, patience_s) in enumerate(calls):
            yield env.timeout(arrival_s - env.now)
            env.process(caller(number, handle_s, patience_s))

    env.process(arrivals())
    env.run()
    return waits


class SkillCentre:
    """Several call types and groups, one generator a call, queues of our own."""

    def __init__(self, env, tables, agents):
        self.env = env
        self.reach_s = tables.reach_s.tolist()
        self.rank = tables.rank.tolist()
        self.priority = tables.priority.tolist()
        self.free = list(agents)
        self.queues = [[] for _ in tables.call_types]
        self.order = [sorted(range(len(agents)), key=ranks.__getitem__) for ranks in self.rank]

    def find_group(self, call_type, waited_s):
        for group in self.order[call_type]:
            if self.free[group] and self.reach_s[call_type][group] <= waited_s:
                return group
        return None

    def release(self, group):
        best, best_score = None, -math.inf
        now = self.env.now
        for call_type, queue in enumerate(self.queues):
            reach_s = self.reach_s[call_type][group]
            if queue and queue[0][0] + reach_s <= now:
                score = self.priority[call_type][group] + now - queue[0][0]
                if score > best_score:
                    best, best_score = queue, score
        if best is None:
            self.free[group] += 1
        else:
            best.pop(0)[1].succeed(group)

    def caller(self, number, call, waits):
        arrived, call_type, handle_s, patience_s = call
        group = self.find_group(call_type, 0.0)
        if group is not None:
            self.free[group] -= 1
        else:
            group = yield from self.wait(arrived, call_type, patience_s)
        if group is None:
            return
        waits[number] = self.env.now - arrived
        yield self.env.timeout(handle_s)
        self.release(group)

    def wait(self, arrived, call_type, patience_s):
        offer = self.env.event()
        place = (arrived, offer)
        self.queues[call_type].append(place)
        limits = sorted({r for r in self.reach_s[call_type] if 0 < r < patience_s})
        for limit_s in [*limits, patience_s]:
            yield offer | self.env.timeout(arrived + limit_s - self.env.now)
            if offer.triggered:
                return offer.value
            group = self.find_group(call_type, limit_s)
            if group is not None and limit_s < patience_s:
                self.queues[call_type].remove(place)
                self.free[group] -= 1
                return group
        self.queues[call_type].remove(place)
        return None


def skill_day(calls, tables, agents):
    """One multi-skill day; returns the waits of answered calls by call number."""
    env = simpy.Environment()
    centre = SkillCentre(env, tables, agents)
    waits = {}

    def arrivals():
        for number, call in enumerate(calls):
            yield env.timeout(call[0] - env.now)
            env.process(centre.caller(number, call, waits))

    env.process(arrivals())
    env.run()
    return waits


def erlang_a_by_recursion(*, arrivals_per_s, handle_s, patience_s, agents, within_s):
    """Service level of Erlang A the long way: every state, then the wait by Simpson's rule."""
    weights = [1.0]
    while len(weights) < agents + 1 or weights[-1] > 1e-18 * max(weights):
        present = len(weights)
        leaving = min(present, agents) / handle_s + max(present - agents, 0) / patience_s
        weights.append(weights[-1] * arrivals_per_s / leaving)
        if weights[-1] > 1e200:
            weights = [weight * 1e-200 for weight in weights]
    total = sum(weights)
    steps = 2000
    height = arrivals_per_s * weights[agents - 1] / total
    area = 0.0
    for step in range(steps + 1):
        wait_s = within_s * step / steps
        thinned = patience_s * (1 - math.exp(-wait_s / patience_s))
        value = math.exp(
            arrivals_per_s * thinned - agents * wait_s / handle_s - wait_s / patience_s
        )
        area += value * (1 if step in {0, steps} else 4 if step % 2 else 2)
    return sum(weights[:agents]) / total + height * area * within_s / steps / 3
