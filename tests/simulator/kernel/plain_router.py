"""The kernel's rules written out once more, as plainly as possible, to compare call by call.

One list of events, one record per agent, a timer for every waiting caller's patience and for every
moment a call comes within reach of a group; nothing clever, nothing shared with the kernel.
"""

import heapq
from dataclasses import dataclass, field
from math import inf

BOUNDARY, DONE, REACHED, ARRIVAL, IMPATIENT = range(5)


@dataclass
class Agent:
    group: int
    idle_since: float
    is_leaving: bool = False


@dataclass
class Centre:
    tables: object
    team: list  # [group][interval] -> agents
    interval_s: float
    calls: list  # (arrival, type, handle, patience)
    idle: list = field(default_factory=list)
    busy: dict = field(default_factory=dict)  # call -> agent
    waiting: list = field(default_factory=list)  # calls, in order of arrival
    result: dict = field(default_factory=dict)  # call -> (wait, group)
    events: list = field(default_factory=list)

    def run(self):
        for group, agents in enumerate(self.team):
            self.idle += [Agent(group, 0.0) for _ in range(agents[0])]
            for interval in range(1, len(agents)):
                self.at(interval * self.interval_s, BOUNDARY, interval)
        for call, (arrival, *_) in enumerate(self.calls):
            self.at(arrival, ARRIVAL, call)
        handlers = [self.change_team, self.finish, self.reach, self.arrive, self.give_up]
        while self.events:
            now, kind, subject = heapq.heappop(self.events)
            handlers[kind](subject, now)
        for call in self.waiting:
            self.result[call] = (self.calls[call][3], -1)
        return [self.result[call] for call in range(len(self.calls))]

    def at(self, when, kind, subject):
        if when < inf and (when, kind, subject) not in self.events:
            heapq.heappush(self.events, (when, kind, subject))

    def change_team(self, interval, now):
        for group, agents in enumerate(self.team):
            change = agents[interval] - agents[interval - 1]
            for _ in range(change):
                self.make_ready(Agent(group, now), now)
            for _ in range(-change):
                self.send_home(group)

    def send_home(self, group):
        mine = [agent for agent in self.idle if agent.group == group]
        if mine:
            self.idle.remove(max(mine, key=lambda agent: agent.idle_since))
            return
        leaving = next(a for a in self.busy_agents(group) if not a.is_leaving)
        leaving.is_leaving = True

    def busy_agents(self, group):
        """Those who finish first come first; equal finishes in order of call."""
        ends = sorted((self.end_of[call], call) for call in self.busy)
        return [self.busy[call] for _, call in ends if self.busy[call].group == group]

    def arrive(self, call, now):
        arrival, call_type, _, patience = self.calls[call]
        self.waiting.append(call)
        self.serve(call, now)
        if call in self.waiting:
            self.at(arrival + patience, IMPATIENT, call)
            for delay in self.tables.reach_s[call_type]:
                self.at(arrival + delay, REACHED, call)

    def reach(self, call, now):
        if call in self.waiting:
            self.serve(call, now)

    def give_up(self, call, now):
        del now
        if call in self.waiting:
            self.waiting.remove(call)
            self.result[call] = (self.calls[call][3], -1)

    def serve(self, call, now):
        arrival, call_type = self.calls[call][:2]
        able = [a for a in self.idle if arrival + self.tables.reach_s[call_type][a.group] <= now]
        if able:
            ranks = self.tables.rank[call_type]
            agent = min(able, key=lambda a: (ranks[a.group], a.idle_since, a.group))
            self.idle.remove(agent)
            self.answer(call, agent, now)

    def finish(self, call, now):
        agent = self.busy.pop(call)
        leaving = [a for a in (agent, *self.busy_agents(agent.group)) if a.is_leaving]
        if leaving:
            leaving[0].is_leaving = False  # whoever is free first leaves first
            return
        self.make_ready(agent, now)

    def make_ready(self, agent, now):
        def score(call):
            arrival, call_type = self.calls[call][:2]
            gained = self.tables.priority_per_s[call_type] * (now - arrival)
            return -(self.tables.priority[call_type][agent.group] + gained), call

        able = [
            call
            for call in self.waiting
            if self.calls[call][0] + self.tables.reach_s[self.calls[call][1]][agent.group] <= now
        ]
        if able:
            self.answer(min(able, key=score), agent, now)
        else:
            agent.idle_since = now
            self.idle.append(agent)

    @property
    def end_of(self):
        return self._ends

    def __post_init__(self):
        self._ends = {}

    def answer(self, call, agent, now):
        arrival, call_type, handle, _ = self.calls[call]
        self.waiting.remove(call)
        self.result[call] = (now - arrival, agent.group)
        self.busy[call] = agent
        self._ends[call] = now + handle * self.tables.handle_factor[call_type][agent.group]
        self.at(self._ends[call], DONE, call)


def route_plainly(tables, team, interval_s, calls):
    """Return (wait, group) of every call of one day; group -1 for an abandoned call."""
    return Centre(tables, [list(map(int, row)) for row in team], interval_s, calls).run()
