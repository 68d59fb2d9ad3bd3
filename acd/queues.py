"""Lines: matching by classes, so that no decision ever looks at every agent or every call.

Calls of one queue with the same needs form a **line**; slots of agents with the same skills, queues
and channel share a **profile**. Which profiles may serve which lines is worked out once, when a
line or a profile appears. Each line keeps two heaps: the calls that wait in it, and the agents who
are free for it.

- A call that enters takes the first free agent of its line: O(log n).
- An agent who frees up looks at the first call of each line they serve: O(lines of the agent). If
  none waits, they are entered as free in each of them.

Opening a line looks once at every profile and at everybody who is signed in; lines stay open for
the next calls of their kind, `LINES_MAX` of them.

Calls that wait for certain agents alone have a **personal line**, which only those agents serve and
which goes when it is empty. An agent whom a call excludes is passed over where the two meet.

**Why the order inside a line never changes.** What a call is compared by grows with time at one
slope for the whole queue (see `acd.routing.call_choice`), so of two calls the one ahead stays ahead
and a heap holds their order. The heads of different lines are compared as they stand now.

**Lazy deletion.** An entry counts while the ticket in it is the record's own; taking a record gives
it another. Dead entries met at the top are dropped, and a heap is rebuilt when fewer than half of
its entries, less `SLACK`, can still count. `free_count` and `waiting_count` are exact.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from acd.agents import Agent, slots_for
from acd.calls import Call
from acd.channels import Channel, serves
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.ids import AgentId, CallId, QueueId, SlotId
from acd.routing.agent_choice import AgentChoice, Rank, agent_choice_named
from acd.routing.call_choice import CallChoice, call_choice_named

SLACK = 64

LINES_MAX = 500
"""Lines beyond those of the queues that are kept for calls to come; above it empty ones go."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What an agent must have for the calls of a line."""

    queue_id: QueueId
    channel: Channel  #: the queue's
    levels: tuple[tuple[str, int], ...]  #: skills and their least levels, sorted by skill
    share_with: tuple[QueueId, ...] = ()  #: agents kept to these queues will do too
    only: tuple[AgentId, ...] = ()  #: these agents alone, if any are named


class Profile:
    """Slots that can do the same: the agents' skills, the queues they are kept to, the channel."""

    __slots__ = ("channel", "lines", "queues", "skills")

    def __init__(
        self, skills: Mapping[str, int], queues: tuple[QueueId, ...], channel: Channel
    ) -> None:
        self.skills = skills
        self.queues = queues
        self.channel = channel
        self.lines: list[Line] = []  #: those they may serve

    def may_serve(self, needs: Needs) -> bool:
        """Tell whether agents of this profile have what calls with these needs ask for."""
        wanted = (needs.queue_id, *needs.share_with)
        if not serves(self.channel, needs.channel):
            return False
        if self.queues and not any(queue_id in self.queues for queue_id in wanted):
            return False
        return all(self.skills.get(skill, 0) >= level for skill, level in needs.levels)


class Line:
    """The calls of one queue with the same needs, and the agents free for them."""

    __slots__ = (
        "_free",
        "_rank",
        "_slope",
        "_standing",
        "_waiting",
        "free_count",
        "levels",
        "needs",
        "queue",
        "staff",
        "waiting_count",
    )

    def __init__(
        self, queue: QueueConfig, needs: Needs, rank: AgentChoice, standing: CallChoice
    ) -> None:
        self.queue = queue
        self.needs = needs
        self.levels = dict(needs.levels)
        self.waiting_count = 0
        self.free_count = 0
        self.staff: dict[SlotId, Agent] = {}  #: who may serve it and is signed in
        self._rank = rank
        self._standing = standing
        self._slope = 0  #: how fast what its calls are compared by shrinks
        self._waiting: list[tuple[int, int, int, int, Call]] = []
        self._free: list[tuple[int, Rank, int, int, Agent]] = []

    @property
    def staffed_count(self) -> int:
        """How many agents may serve it and are signed in."""
        return len(self.staff)

    def push_call(self, call: Call, ticket: int) -> None:
        """Let a call wait in its place."""
        call.line_ticket = ticket
        band, key, self._slope = self._standing(self.queue, call)
        heappush(self._waiting, (band, key, call.order, ticket, call))
        self.waiting_count += 1

    def drop_call(self, call: Call) -> None:
        """Take a call out, wherever it stands."""
        call.line_ticket = 0
        self.waiting_count -= 1
        if len(self._waiting) > 2 * self.waiting_count + SLACK:
            self._waiting = [entry for entry in self._waiting if entry[4].line_ticket == entry[3]]
            heapify(self._waiting)

    def head(self, agent: Agent, now_ms: int) -> tuple[int, int, int, Call] | None:
        """Return the first call for an agent with what it is compared by: smallest goes first.

        Cost: O(log n), and O(log n) more for each call ahead that excludes this very agent.
        """
        heap = self._waiting
        passed: list[tuple[int, int, int, int, Call]] = []
        found: tuple[int, int, int, Call] | None = None
        while heap and found is None:
            band, key, order, ticket, call = heap[0]
            if call.line_ticket != ticket:
                heappop(heap)
            elif call.excluded and agent.agent_id in call.excluded:
                passed.append(heappop(heap))
            else:
                found = (band, key - self._slope * now_ms, order, call)
        for entry in passed:
            heappush(heap, entry)
        return found

    def push_agent(self, agent: Agent, tier: int) -> None:
        """Enter an agent as free for this line, behind all who are in a lower tier."""
        rank = self._rank(agent, self.levels)
        heappush(self._free, (tier, rank, agent.idle_order, agent.free_ticket, agent))
        self.free_count += 1

    def forget_agent(self) -> None:
        """Note that one agent of this line is free no longer; the ticket has been taken away."""
        self.free_count -= 1
        if len(self._free) > 2 * self.free_count + SLACK:
            self._free = [entry for entry in self._free if entry[4].free_ticket == entry[3]]
            heapify(self._free)

    def first_free(self, call: Call) -> Agent | None:
        """Return the free agent whom the queue's policy prefers for a call, or None.

        Cost: O(log n), and O(log n) more for each agent ahead whom the call excludes.
        """
        agent, excluded = self._first_of_all(), call.excluded
        if agent is None or not excluded:
            return agent
        return self._first(lambda agent: agent.agent_id not in excluded)

    def first_not_kept(self) -> Agent | None:
        """Return the free agent whom the queue's policy prefers among those not kept, or None.

        Cost: O(log n), and O(log n) more for each kept agent ahead.
        """
        return self._first(lambda agent: agent.kept_for is None)

    def _first_of_all(self) -> Agent | None:
        heap = self._free
        while heap:
            _, _, _, ticket, agent = heap[0]
            if agent.free_ticket == ticket:
                return agent
            heappop(heap)
        return None

    def _first(self, is_wanted: Callable[[Agent], bool]) -> Agent | None:
        heap = self._free
        passed: list[tuple[int, Rank, int, int, Agent]] = []
        found: Agent | None = None
        while heap and found is None:
            entry = heap[0]
            agent = entry[4]
            if agent.free_ticket != entry[3]:
                heappop(heap)
            elif is_wanted(agent):
                found = agent
            else:
                passed.append(heappop(heap))
        for entry in passed:
            heappush(heap, entry)
        return found

    @property
    def garbage(self) -> int:
        """Dead entries in both heaps."""
        return len(self._free) + len(self._waiting) - self.free_count - self.waiting_count


class Queues:
    """All lines and profiles of a site, and who is free or waiting in them."""

    def __init__(self, config: AcdConfig, own_choices: Mapping[str, AgentChoice]) -> None:
        self.queue_configs = {queue.queue_id: queue for queue in config.queues}
        self._standing = call_choice_named(config.call_choice)
        self._ranks = {
            queue.queue_id: agent_choice_named(queue.agent_choice, own_choices)
            for queue in config.queues
        }
        self._lines: dict[Needs, Line] = {}
        self._plain: dict[QueueId, Line] = {}
        self._personal: dict[Needs, Line] = {}
        self._personal_of: dict[SlotId, list[Line]] = {}
        self._line_of: dict[CallId, Line] = {}
        self._profiles: dict[tuple[object, ...], Profile] = {}
        self._profile_of: dict[SlotId, Profile] = {}
        self._slots_of: dict[AgentId, tuple[SlotId, ...]] = {}
        self._free: dict[SlotId, Agent] = {}  # in the order in which they became free
        self._kept: dict[QueueId, dict[AgentId, Agent]] = {}  # of them, by what they are kept for
        self._tiers: dict[SlotId, int] = {}  # of those of them who go behind others
        self._signed_in: dict[SlotId, Agent] = {}
        self._last_ticket = 0
        for agent in config.agents:
            self.admit(slots_for(agent))
        for queue in config.queues:
            self._plain[queue.queue_id] = self._line(plain_needs(queue))

    # --- agents ---

    def admit(self, slots: Iterable[Agent]) -> None:
        """Work out what the slots of an agent may serve; no effect on those that are known."""
        for slot in slots:
            if slot.slot_id not in self._profile_of:
                self._profile_of[slot.slot_id] = self._profile(slot.config, slot.channel)
                known = self._slots_of.get(slot.agent_id, ())
                self._slots_of[slot.agent_id] = (*known, slot.slot_id)

    def _profile(self, agent: AgentConfig, channel: Channel) -> Profile:
        key = (tuple(sorted(agent.skills.items())), tuple(sorted(agent.queues)), channel)
        profile = self._profiles.get(key)
        if profile is None:
            profile = self._profiles[key] = Profile(agent.skills, agent.queues, channel)
            for line in self._lines.values():
                _join(profile, line)
        return profile

    def profile(self, agent: Agent) -> Profile:
        """Return what an agent can do."""
        return self._profile_of[agent.slot_id]

    def lines_of(self, agent: Agent) -> list[Line]:
        """Return the lines whose calls an agent could be offered now."""
        lines = self._served_by(agent)
        if agent.kept_for is None:
            return lines
        return [line for line in lines if line.needs.queue_id == agent.kept_for]

    def _served_by(self, agent: Agent) -> list[Line]:
        """Return the lines that an agent may serve, whatever they are kept for."""
        lines = self._profile_of[agent.slot_id].lines
        personal = self._personal_of.get(agent.slot_id)
        return lines + personal if personal else lines

    def set_signed_in(self, agent: Agent, *, is_signed_in: bool) -> None:
        """Count an agent among those who are there, or no longer."""
        if is_signed_in != (agent.slot_id in self._signed_in):
            if is_signed_in:
                self._signed_in[agent.slot_id] = agent
            else:
                del self._signed_in[agent.slot_id]
            for line in self._served_by(agent):
                if is_signed_in:
                    line.staff[agent.slot_id] = agent
                else:
                    del line.staff[agent.slot_id]

    def set_free(self, agent: Agent, tier: int = 0) -> None:
        """Enter an agent as free in every line they may serve, behind those in lower tiers."""
        self._last_ticket = agent.free_ticket = self._last_ticket + 1
        self._free[agent.slot_id] = agent
        if agent.kept_for is not None:
            self._kept.setdefault(agent.kept_for, {})[agent.agent_id] = agent
        if tier:
            self._tiers[agent.slot_id] = tier
        for line in self.lines_of(agent):
            line.push_agent(agent, tier)

    def set_taken(self, agent: Agent) -> None:
        """Take an agent out of every line; no effect when they are not free."""
        if agent.free_ticket:
            agent.free_ticket = 0
            del self._free[agent.slot_id]
            self._tiers.pop(agent.slot_id, None)
            for line in self.lines_of(agent):
                line.forget_agent()
            if agent.kept_for is not None:
                del self._kept[agent.kept_for][agent.agent_id]
                agent.kept_for = None

    def kept(self, queue_id: QueueId) -> Mapping[AgentId, Agent]:
        """Return the free agents who are kept for a queue, the first kept first."""
        return self._kept.get(queue_id, {})

    def keep(self, queue_id: QueueId) -> bool:
        """Keep the free agent whom a queue prefers for its calls alone; tell whether there is one.

        Cost: O(log n), and O(log n) more for each who is kept already.
        """
        agent = self._plain[queue_id].first_not_kept()
        if agent is None:
            return False
        tier = self._tiers.get(agent.slot_id, 0)
        self.set_taken(agent)
        agent.kept_for = queue_id
        self.set_free(agent, tier)
        return True

    @property
    def free(self) -> Iterable[tuple[Agent, int]]:
        """The free agents in the order in which they became so, and their tiers."""
        return ((agent, self._tiers.get(agent.slot_id, 0)) for agent in self._free.values())

    # --- calls ---

    def line_of(self, call: Call) -> Line:
        """Return the line a call belongs to, as its needs are now."""
        line = self._line_of.get(call.call_id)
        if line is None:
            line = self._line_of[call.call_id] = self._line_for(call)
        return line

    def let_wait(self, call: Call) -> None:
        """Let a call wait in its place."""
        self._last_ticket += 1
        self.line_of(call).push_call(call, self._last_ticket)

    def take_out(self, call: Call) -> None:
        """Take a call out of its line, if it waits; its needs may change after that."""
        line = self._line_of.get(call.call_id)
        if line is None:
            return
        del self._line_of[call.call_id]
        if call.line_ticket:
            line.drop_call(call)
        if not line.waiting_count:
            if line.needs.only:
                self._close_personal(line)
            elif len(self._lines) > LINES_MAX + len(self._plain):
                self._close(line)

    def first_call(self, agent: Agent, now_ms: int) -> Call | None:
        """Return the call that an agent should take now, by the site's policy."""
        best: tuple[int, int, int, Call] | None = None
        for line in self.lines_of(agent):
            if line.waiting_count:
                head = line.head(agent, now_ms)
                if head is not None and (best is None or head < best):
                    best = head
        return None if best is None else best[3]

    def may_serve(self, agent: Agent, call: Call) -> bool:
        """Tell whether an agent may take a call at all, whoever is preferred."""
        queue = self.queue_configs[_queue_id(call)]
        levels = needed_levels(queue, call)
        return agent.agent_id not in call.excluded and self.profile(agent).may_serve(
            Needs(queue.queue_id, queue.channel, levels, call.share_with)
        )

    # --- lines ---

    @property
    def lines(self) -> Iterable[Line]:
        """All lines, in the order in which they appeared, personal ones last."""
        return (*self._lines.values(), *self._personal.values())

    def plain_line(self, queue_id: QueueId) -> Line:
        """Return the line of calls that need no more than their queue says."""
        return self._plain[queue_id]

    def _line_for(self, call: Call) -> Line:
        queue = self.queue_configs[_queue_id(call)]
        if not (call.skills or call.lowered or call.share_with or call.preferred):
            return self._plain[queue.queue_id]
        levels = needed_levels(queue, call)
        needs = Needs(queue.queue_id, queue.channel, levels, call.share_with, call.preferred)
        return self._personal_line(needs) if call.preferred else self._line(needs)

    def _line(self, needs: Needs) -> Line:
        line = self._lines.get(needs)
        if line is None:
            line = self._lines[needs] = self._new_line(needs)
            for profile in self._profiles.values():
                _join(profile, line)
            self._populate(line, self._signed_in.values())
        return line

    def _personal_line(self, needs: Needs) -> Line:
        line = self._personal.get(needs)
        if line is None:
            line = self._personal[needs] = self._new_line(needs)
            members = [
                slot_id for slot_id in self._slots_named(needs) if self._serves(slot_id, needs)
            ]
            for slot_id in members:
                self._personal_of.setdefault(slot_id, []).append(line)
            signed_in = [self._signed_in[name] for name in members if name in self._signed_in]
            self._populate(line, signed_in)
        return line

    def _slots_named(self, needs: Needs) -> list[SlotId]:
        """Return the slots of the agents for whom alone the calls of a line wait."""
        return [slot_id for agent_id in needs.only for slot_id in self._slots_of.get(agent_id, ())]

    def _serves(self, slot_id: SlotId, needs: Needs) -> bool:
        return self._profile_of[slot_id].may_serve(needs)

    def _close(self, line: Line) -> None:
        if line is not self._plain[line.needs.queue_id]:
            self._lines.pop(line.needs, None)
            for profile in self._profiles.values():
                if line in profile.lines:
                    profile.lines.remove(line)

    def _close_personal(self, line: Line) -> None:
        self._personal.pop(line.needs, None)
        for slot_id in self._slots_named(line.needs):
            lines = self._personal_of.get(slot_id)
            if lines is not None and line in lines:
                lines.remove(line)
                if not lines:
                    del self._personal_of[slot_id]

    def _new_line(self, needs: Needs) -> Line:
        queue = self.queue_configs[needs.queue_id]
        return Line(queue, needs, self._ranks[needs.queue_id], self._standing)

    def _populate(self, line: Line, signed_in: Iterable[Agent]) -> None:
        """Enter who is there and free into a line that has just appeared."""
        for agent in signed_in:
            if line in self._served_by(agent):
                line.staff[agent.slot_id] = agent
                if agent.free_ticket and line in self.lines_of(agent):
                    line.push_agent(agent, self._tiers.get(agent.slot_id, 0))


def plain_needs(queue: QueueConfig) -> Needs:
    """Return what a queue's calls need if they bring no needs of their own."""
    return Needs(queue.queue_id, queue.channel, tuple(sorted(queue.skills.items())))


def needed_levels(queue: QueueConfig, call: Call) -> tuple[tuple[str, int], ...]:
    """Join what the queue and the call need, less what waiting has lowered."""
    levels = dict(queue.skills)
    for skill, level in call.skills.items():
        levels[skill] = max(level, levels.get(skill, 0))
    for skill, level in call.lowered.items():
        if skill in levels:
            levels[skill] = min(level, levels[skill])
    return tuple(sorted((skill, level) for skill, level in levels.items() if level))


def _join(profile: Profile, line: Line) -> None:
    if profile.may_serve(line.needs):
        profile.lines.append(line)


def _queue_id(call: Call) -> QueueId:
    assert call.queue_id is not None, "only a queued call has a line"
    return call.queue_id
