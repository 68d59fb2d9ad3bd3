"""The board: every record that is live, and what the event at hand has led to so far.

All parts of the engine work on one board and on nothing else. Records are found by id; an id that
is unknown is an `EventError` with a sentence of its own. What an event leads to is collected here
(`order`, `tell`), and so are the agents it freed and the calls it let wait (`freed`, `entered`):
they are matched once, at the end of the event, when all of its effects are known. The contacts of
cases that it ended (`case_contacts`) are seen to before that, and that agents have changed is told
after it: an agent who parts from one call and is reserved for the next has changed once.

Ended calls are remembered for `MEMORY_MS` by id alone, so that late facts about them are told from
facts about calls that never were.
"""

from collections import OrderedDict, deque
from collections.abc import Mapping
from typing import NamedTuple

from acd.agents import Agent, slots_for
from acd.calls import Call
from acd.cases import Case
from acd.channels import Channel
from acd.commands import Command
from acd.config import LEVEL_MAX, LEVEL_MIN, AcdConfig
from acd.deadlines import Deadlines
from acd.ids import AgentId, CallId, CaseId, CustomerId, LegId, Mint, QueueId, ReservationId, SlotId
from acd.legs import Leg
from acd.messages import EventError
from acd.notices import AgentChanged, ContactOutcome, Direction, Notice
from acd.queues import Queues
from acd.reservations import Reservation
from acd.routing.agent_choice import AgentChoice

MEMORY_MS = 3_600_000
"""How long an ended call is remembered."""

CASE_MEMORY_MS = 14 * 24 * 3_600_000
"""How long a settled case can be opened again here; the history keeps it for longer."""


class Place(NamedTuple):
    """The place of a caller who gave up."""

    queued_at_ms: int
    order: int
    left_at_ms: int


class Board:
    """The live state of one site's distributor."""

    def __init__(
        self,
        config: AcdConfig,
        deadlines: Deadlines,
        own_choices: Mapping[str, AgentChoice],
    ) -> None:
        self.config = config
        self.deadlines = deadlines
        self.own_choices = own_choices  #: the site's own policies of agent choice, by name
        self.ids = Mint()
        self.queues = Queues(config, own_choices)
        self.slots: dict[SlotId, Agent] = {}  # of all agents, for all channels
        self.agents: dict[AgentId, Agent] = {}  # their slots of calls and tasks
        self.slots_of: dict[AgentId, tuple[Agent, ...]] = {}  # all slots of those with several
        for agent in config.agents:
            self.seat(slots_for(agent))
        self.calls: dict[CallId, Call] = {}
        self.callbacks: dict[str, CallId] = {}  # number key -> its callback, not yet kept
        self.dropped: OrderedDict[tuple[CustomerId, QueueId], Place] = OrderedDict()
        """Who gave up, oldest first."""
        self.ended: dict[CallId, int] = {}
        """When calls ended, oldest first. Finding the oldest of a dict means walking past the
        places of all those removed before, which in a large centre are thousands: `forgettable`
        has them in the same order."""
        self.forgettable: deque[CallId] = deque()
        self.unheard: dict[CallId, Call] = {}
        """Ended calls, as long as remembered, whose voicemail the carrier may still tell of."""
        self.cases: dict[CaseId, Case] = {}
        self.settled: OrderedDict[CaseId, int] = OrderedDict()  # when they were, oldest first
        self.segments = {segment.segment_id: segment for segment in config.segments}
        self.legs: dict[LegId, Leg] = {}
        self.reservations: dict[ReservationId, Reservation] = {}
        self.now_ms = 0
        self.last_order = 0
        self.stale_count = 0
        self.commands: list[Command] = []
        self.notices: list[Notice] = []
        self.freed: list[Agent] = []
        self.entered: list[Call] = []
        self.changed: dict[AgentId, Agent] = {}  # slots of calls, as they were first changed
        self.case_contacts: list[Call] = []  # contacts of cases that the event ended

    def seat(self, slots: list[Agent]) -> None:
        """Enter the slots of one agent, the one of calls and tasks first."""
        agent_id = slots[0].agent_id
        self.agents[agent_id] = slots[0]
        self.slots.update((slot.slot_id, slot) for slot in slots)
        self.slots_of.pop(agent_id, None)
        if len(slots) > 1:
            self.slots_of[agent_id] = tuple(slots)

    def all_slots(self, agent_id: AgentId) -> tuple[Agent, ...]:
        """Return every slot of an agent, the one of calls and tasks first; none if unknown."""
        slots = self.slots_of.get(agent_id)
        if slots is None:
            slots = (self.agents[agent_id],) if agent_id in self.agents else ()
        return slots

    def order(self, command: Command) -> None:
        """Give an instruction."""
        self.commands.append(command)

    def tell(self, notice: Notice) -> None:
        """Say what was concluded."""
        self.notices.append(notice)

    def note_change(self, agent: Agent) -> None:
        """Remember to say, at the end of the event, what an agent's slot of calls has become."""
        self.changed[agent.agent_id] = agent

    def tell_changes(self) -> None:
        """Say what became of the agents who changed; what lay between took no time."""
        for agent in self.changed.values():
            self.notices.append(
                AgentChanged(
                    self.now_ms,
                    agent.agent_id,
                    agent.presence,
                    agent.reason,
                    agent.state,
                    agent.call_id,
                )
            )
        self.changed.clear()

    def next_order(self) -> int:
        """Return a number that grows with every use: it orders what happens at one instant."""
        self.last_order += 1
        return self.last_order

    def agent(self, agent_id: AgentId) -> Agent:
        """Find an agent.

        Raises:
            EventError: There is none of that name.
        """
        agent = self.agents.get(agent_id)
        if agent is None:
            raise EventError(f"there is no agent '{agent_id[:64]}' in the settings")
        return agent

    def call(self, call_id: CallId) -> Call | None:
        """Find a live call; None means it ended a while ago and the fact is stale.

        Raises:
            EventError: There never was one, as far as is remembered, or it is a task or a consult,
                which has no customer of whom anything could be told.
        """
        call = self.calls.get(call_id)
        if call is None:
            if call_id not in self.ended:
                raise EventError(f"there is no call '{call_id[:64]}'")
            self.stale_count += 1
        elif call.direction is Direction.INTERNAL:
            raise EventError(f"'{call_id[:64]}' is a task or a consult; it has no customer")
        return call

    def case(self, case_id: CaseId) -> Case:
        """Find a case.

        Raises:
            EventError: There is none of that name, or it was settled too long ago.
        """
        case = self.cases.get(case_id)
        if case is None:
            raise EventError(f"there is no case '{case_id[:64]}', or it was settled long ago")
        return case

    def check_needs(self, queue_id: QueueId, skills: Mapping[str, int]) -> None:
        """Refuse a queue that is not there, and levels that no agent can have.

        Raises:
            EventError: Whoever leads a contact to a queue must name what is in the settings.
        """
        if queue_id not in self.queues.queue_configs:
            known = ", ".join(self.queues.queue_configs)
            raise EventError(f"there is no queue '{queue_id[:64]}'; the queues are {known}")
        for level in skills.values():
            if not LEVEL_MIN <= level <= LEVEL_MAX:
                raise EventError(f"a call needs level {level} of a skill; levels go from 1 to 10")

    def check_channel(self, queue_id: QueueId, channel: Channel) -> None:
        """Refuse to lead a contact to a queue that carries another kind.

        Raises:
            EventError: The queue's channel is not that of the contact.
        """
        carried = self.queues.queue_configs[queue_id].channel
        if carried is not channel:
            raise EventError(
                f"queue '{queue_id}' carries {carried}; it cannot take a {channel} contact"
            )

    def reservation(self, reservation_id: ReservationId) -> Reservation | None:
        """Find a live reservation; None means it has ended and the fact is stale.

        Raises:
            EventError: The name is none that this centre makes.
        """
        reservation = self.reservations.get(reservation_id)
        if reservation is None:
            if not self.ids.has_form(reservation_id):
                raise EventError(f"'{reservation_id[:64]}' is not the name of a reservation")
            self.stale_count += 1
        return reservation

    def reservation_of(self, call: Call) -> Reservation | None:
        """Return the offer or talk a call is in, the first of several; None if it is in neither."""
        return self.reservations.get(call.reservation_id) if call.reservation_id else None

    def forget(self, call: Call) -> None:
        """Remove a call that has ended, remembering its name for a while."""
        del self.calls[call.call_id]
        ended, too_old_ms = self.ended, self.now_ms - MEMORY_MS
        ended[call.call_id] = self.now_ms
        if call.outcome is ContactOutcome.VOICEMAIL and call.case_id is None:
            self.unheard[call.call_id] = call
        self.forgettable.append(call.call_id)
        while ended[self.forgettable[0]] < too_old_ms:
            oldest_id = self.forgettable.popleft()
            del ended[oldest_id]
            self.unheard.pop(oldest_id, None)

    def settle(self, case: Case) -> None:
        """Remember a settled case for a while, in case it is opened again."""
        settled, too_old_ms = self.settled, self.now_ms - CASE_MEMORY_MS
        settled[case.case_id] = self.now_ms
        while settled[next(iter(settled))] < too_old_ms:
            del self.cases[settled.popitem(last=False)[0]]

    def remember_place(self, call: Call, queue_id: QueueId) -> None:
        """Keep the place of a caller who gave up, in case they ring back."""
        key = (call.customer_id, queue_id)
        dropped, too_old_ms = self.dropped, self.now_ms - MEMORY_MS
        dropped.pop(key, None)
        dropped[key] = Place(call.queued_at_ms, call.order, self.now_ms)
        while dropped[next(iter(dropped))].left_at_ms < too_old_ms:
            dropped.popitem(last=False)
