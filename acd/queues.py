"""Lines: matching by classes, so that no decision ever looks at every agent or every call.

Calls of one queue with the same needs form a **line**; agents with the same skills and queues share
a **profile**. Which profiles may serve which lines is worked out once, when a line or a profile
appears. Each line keeps two heaps: the calls that wait in it, and the agents who are free for it.

- A call that enters takes the first free agent of its line: O(log n).
- An agent who frees up looks at the first call of each line of their profile: O(lines of the
  profile). If none waits, they are entered as free in each of them.

**Why the order inside a line never changes.** Priority grows as `base + rate x wait`. Within a
queue the rate is one, so of two calls the one ahead stays ahead, and `rate x queued_at - base` is a
key for good. Across queues the heads are compared by their score now.

**Nobody starves.** Every rate is at least one point a minute, so a call with base `b` is ahead of
everyone with base `B` who enters `(B - b) / rate` minutes later or more.

**Lazy deletion.** An entry counts while the ticket in it is the record's own; taking a record gives
it another. Dead entries met at the top are dropped, and a heap is rebuilt when fewer than half of
its entries, less `SLACK`, can still count. `free_count` and `waiting_count` are exact.
"""

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush
from typing import TypeAlias

from acd.agents import Agent
from acd.calls import Call
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.ids import QueueId
from acd.routing.agent_choice import Rank, agent_choice_named

Needs: TypeAlias = tuple[tuple[str, int], ...]
"""Skills and their least levels, sorted by skill."""

POINT_MS = 60_000
"""One point of priority a minute, in the unit of keys: point-milliseconds per minute."""

SLACK = 64


class Profile:
    """Agents who can do the same: their skills and the queues they are kept to."""

    __slots__ = ("lines", "queues", "skills")

    def __init__(self, skills: Mapping[str, int], queues: tuple[QueueId, ...]) -> None:
        self.skills = skills
        self.queues = queues
        self.lines: list[Line] = []  #: those they may serve

    def may_serve(self, line: "Line") -> bool:
        """Tell whether agents of this profile have what the line's calls need."""
        if self.queues and line.queue.queue_id not in self.queues:
            return False
        return all(self.skills.get(skill, 0) >= level for skill, level in line.needs)


class Line:
    """The calls of one queue with the same needs, and the agents free for them."""

    __slots__ = (
        "_free",
        "_rank",
        "_waiting",
        "free_count",
        "needs",
        "needs_by_skill",
        "queue",
        "waiting_count",
    )

    def __init__(self, queue: QueueConfig, needs: Needs) -> None:
        self.queue = queue
        self.needs = needs
        self.needs_by_skill = dict(needs)
        self.waiting_count = 0
        self.free_count = 0
        self._rank = agent_choice_named(queue.agent_choice)
        self._waiting: list[tuple[int, int, int, Call]] = []
        self._free: list[tuple[Rank, int, int, Agent]] = []

    def push_call(self, call: Call, ticket: int) -> None:
        """Let a call wait in its place."""
        call.line_ticket = ticket
        queue = self.queue
        points = queue.priority + call.priority
        key = queue.priority_per_minute * call.queued_at_ms - POINT_MS * points
        heappush(self._waiting, (key, call.order, ticket, call))
        self.waiting_count += 1

    def drop_call(self, call: Call) -> None:
        """Take a call out, wherever it stands."""
        call.line_ticket = 0
        self.waiting_count -= 1
        if len(self._waiting) > 2 * self.waiting_count + SLACK:
            self._waiting = [entry for entry in self._waiting if entry[3].line_ticket == entry[2]]
            heapify(self._waiting)

    def head(self, now_ms: int) -> tuple[int, int, Call] | None:
        """Return the first call with what it is compared by: the smallest goes first."""
        heap = self._waiting
        while heap:
            key, order, ticket, call = heap[0]
            if call.line_ticket == ticket:
                return (key - self.queue.priority_per_minute * now_ms, order, call)
            heappop(heap)
        return None

    def push_agent(self, agent: Agent) -> None:
        """Enter an agent as free for this line."""
        rank = self._rank(agent, self.needs_by_skill)
        heappush(self._free, (rank, agent.idle_order, agent.free_ticket, agent))
        self.free_count += 1

    def forget_agent(self) -> None:
        """Note that one agent of this line is free no longer; the ticket has been taken away."""
        self.free_count -= 1
        if len(self._free) > 2 * self.free_count + SLACK:
            self._free = [entry for entry in self._free if entry[3].free_ticket == entry[2]]
            heapify(self._free)

    def first_free(self) -> Agent | None:
        """Return the free agent whom the queue's policy prefers, or None."""
        heap = self._free
        while heap:
            _, _, ticket, agent = heap[0]
            if agent.free_ticket == ticket:
                return agent
            heappop(heap)
        return None

    @property
    def garbage(self) -> int:
        """Dead entries in both heaps."""
        return len(self._free) + len(self._waiting) - self.free_count - self.waiting_count


class Queues:
    """All lines and profiles of a site, and who is free or waiting in them."""

    def __init__(self, config: AcdConfig) -> None:
        self.queue_configs = {queue.queue_id: queue for queue in config.queues}
        self._lines: dict[tuple[QueueId, Needs], Line] = {}
        self._profiles: dict[tuple[Needs, tuple[QueueId, ...]], Profile] = {}
        self._profile_of: dict[str, Profile] = {}
        self._free: dict[str, Agent] = {}  # by id, in the order in which they became free
        self._last_ticket = 0
        for agent in config.agents:
            self.admit(agent)
        for queue in config.queues:
            self.line(queue.queue_id, {})

    def admit(self, agent: AgentConfig) -> None:
        """Work out what an agent may serve; no effect when it is known."""
        if agent.agent_id not in self._profile_of:
            self._profile_of[agent.agent_id] = self._profile(agent)

    @property
    def free(self) -> Iterable[Agent]:
        """The free agents, in the order in which they became free."""
        return self._free.values()

    @property
    def lines(self) -> Iterable[Line]:
        """All lines, in the order in which they appeared."""
        return self._lines.values()

    def line(self, queue_id: QueueId, skills: Mapping[str, int]) -> Line:
        """Return the line of calls that need these skills beyond the queue's own."""
        queue = self.queue_configs[queue_id]
        needs = _needs(queue.skills, skills)
        line = self._lines.get((queue_id, needs))
        return self._open_line(queue, needs) if line is None else line

    def profile(self, agent: Agent) -> Profile:
        """Return what an agent can do."""
        return self._profile_of[agent.agent_id]

    def set_free(self, agent: Agent) -> None:
        """Enter an agent as free in every line they may serve."""
        self._last_ticket = agent.free_ticket = self._last_ticket + 1
        self._free[agent.agent_id] = agent
        for line in self._profile_of[agent.agent_id].lines:
            line.push_agent(agent)

    def set_taken(self, agent: Agent) -> None:
        """Take an agent out of every line; no effect when they are not free."""
        if agent.free_ticket:
            agent.free_ticket = 0
            del self._free[agent.agent_id]
            for line in self._profile_of[agent.agent_id].lines:
                line.forget_agent()

    def let_wait(self, call: Call, line: Line) -> None:
        """Let a call wait in its place in a line."""
        self._last_ticket += 1
        line.push_call(call, self._last_ticket)

    def first_call(self, agent: Agent, now_ms: int) -> tuple[Line, Call] | None:
        """Return the call that an agent should take now: the highest score, then the oldest."""
        best: tuple[int, int, Call] | None = None
        best_line: Line | None = None
        for line in self._profile_of[agent.agent_id].lines:
            if line.waiting_count:
                head = line.head(now_ms)
                if head is not None and (best is None or head < best):
                    best, best_line = head, line
        return None if best is None or best_line is None else (best_line, best[2])

    def _profile(self, agent: AgentConfig) -> Profile:
        key = (_needs(agent.skills, {}), tuple(sorted(agent.queues)))
        profile = self._profiles.get(key)
        if profile is None:
            profile = self._profiles[key] = Profile(agent.skills, agent.queues)
            for line in self._lines.values():
                _join(profile, line)
        return profile

    def _open_line(self, queue: QueueConfig, needs: Needs) -> Line:
        line = self._lines[queue.queue_id, needs] = Line(queue, needs)
        for profile in self._profiles.values():
            _join(profile, line)
        for agent in self._free.values():
            if line in self._profile_of[agent.agent_id].lines:
                line.push_agent(agent)
        return line


def _join(profile: Profile, line: Line) -> None:
    if profile.may_serve(line):
        profile.lines.append(line)


def _needs(own: Mapping[str, int], more: Mapping[str, int]) -> Needs:
    if not more:
        return tuple(sorted(own.items()))
    levels = dict(own)
    for skill, level in more.items():
        levels[skill] = max(level, levels.get(skill, 0))
    return tuple(sorted(levels.items()))
