"""A busy centre on tape: the events of a modelled day, to be played to an engine again and again.

The tape is cut once by a driver that plays callers, agents and carrier around an engine: what it
does next depends on the commands it gets. Ids are a function of the events, so a new engine that
is played the tape makes the same commands, and only `handle` is timed. It holds a tick where
a deadline is due and no others: they are cheap, and would flatter a small centre.
"""

import heapq
import random
from itertools import count

from acd.commands import ConnectCall, EndCall, EndLeg, OfferCall
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.engine import Engine
from acd.events import (
    AgentLegAnswered,
    AgentLegBound,
    AgentLegEnded,
    AgentSignedIn,
    AgentWentReady,
    CallArrived,
    CallEnded,
    CallQueued,
    CallWaited,
    ClockTicked,
    LegCause,
    PartyJoined,
    WrapUpEnded,
)

TALK_MS = 180_000
WRAP_UP_MS = 30_000
PATIENCE_MS = 240_000
DRAW_MAX = 3.5
"""Times are exponential but cut at so many means: every ring is answered in time."""


def centre(agent_count, queue_count=20, profile_count=None, skills_each=3, choice="longest_idle"):
    """Queues that need one skill each; agents with several, drawn from so many profiles."""
    draw = random.Random(7)
    queues = tuple(
        QueueConfig(
            queue_id=f"q{index}", skills={f"s{index}": 3}, wrap_up_ms=60_000, agent_choice=choice
        )
        for index in range(queue_count)
    )
    profiles = [
        {f"s{skill}": draw.randint(3, 10) for skill in draw.sample(range(queue_count), skills_each)}
        for _ in range(profile_count or agent_count)
    ]
    if profile_count is None:
        for index, profile in enumerate(profiles):
            profile[f"own{index}"] = 1
    agents = tuple(
        AgentConfig(agent_id=f"a{index}", skills=profiles[index % len(profiles)])
        for index in range(agent_count)
    )
    return AcdConfig(queues=queues, agents=agents)


class Driver:
    """Callers, agents and carrier with modelled times, around an engine that they obey."""

    def __init__(self, config, load, seed=1):
        self.config = config
        self.engine = Engine(config)
        self.draw = random.Random(seed)
        self.gap_ms = (TALK_MS + WRAP_UP_MS + 6_000) / (len(config.agents) * load)
        self.tape = []
        self.agent_of = {}
        self.future = []
        self.order = count()
        self.at_ms = 0.0

    def later(self, delay_ms, make):
        instant_ms = self.at_ms + min(self.draw.expovariate(1), DRAW_MAX) * delay_ms
        heapq.heappush(self.future, (instant_ms, next(self.order), make))

    def tell(self, event):
        self.tape.append(event)
        for command in self.engine.handle(event):
            self.obey(command)

    def obey(self, command):
        if isinstance(command, OfferCall):
            leg_id = command.reservation_id
            self.agent_of[leg_id] = command.agent_id
            self.later(300, lambda at: AgentLegBound(at, leg_id, "S"))
            self.later(4_000, lambda at: AgentLegAnswered(at, leg_id, "S"))
        elif isinstance(command, ConnectCall):
            call_id, room = command.call_id, command.room
            self.later(200, lambda at: PartyJoined(at, room, call_id, call_id))
            self.later(TALK_MS, lambda at: CallEnded(at, call_id))
        elif isinstance(command, EndLeg):
            agent_id = self.agent_of[command.leg_id]
            self.later(200, lambda at: AgentLegEnded(at, command.leg_id, "S", LegCause.COMPLETED))
            if self.engine.board.agents[agent_id].state == "wrap_up":
                self.later(WRAP_UP_MS, lambda at: WrapUpEnded(at, agent_id))
        elif isinstance(command, EndCall):
            self.later(100, lambda at: CallEnded(at, command.call_id))

    def arrive(self, at_ms):
        call_id = f"CA{next(self.order)}"
        queue_id = self.draw.choice(self.config.queues).queue_id
        self.later(20, lambda at: CallQueued(at, call_id, queue_id, "k", {}))
        self.later(300, lambda at: CallWaited(at, call_id, "QU"))
        self.later(PATIENCE_MS, lambda at: self.give_up(at, call_id))
        return CallArrived(at_ms, call_id, "main", "k")

    def give_up(self, at_ms, call_id):
        call = self.engine.board.calls.get(call_id)
        return CallEnded(at_ms, call_id) if call and call.state == "waiting" else None

    def fill(self, call_count):
        """Let so many calls wait that nobody gives up on, before anybody is ready."""
        for index in range(call_count):
            queue_id = self.config.queues[index % len(self.config.queues)].queue_id
            self.tell(CallQueued(index // 1_000, f"W{index}", queue_id, "k", {}))
            self.tell(CallWaited(index // 1_000, f"W{index}", "QU"))

    def run(self, event_count):
        for agent in self.config.agents:
            self.tell(AgentSignedIn(0, agent.agent_id))
            self.tell(AgentWentReady(0, agent.agent_id))
        arrival_ms = self.draw.expovariate(1) * self.gap_ms
        while len(self.tape) < event_count:
            future_ms = self.future[0][0] if self.future else arrival_ms
            due_ms = self.engine.next_due_ms or arrival_ms + 1
            self.at_ms = min(arrival_ms, future_ms, due_ms)
            at_ms = int(self.at_ms)
            if self.at_ms == due_ms:
                self.tell(ClockTicked(at_ms, 0, 1))
            elif self.at_ms == arrival_ms:
                arrival_ms += self.draw.expovariate(1) * self.gap_ms
                self.tell(self.arrive(at_ms))
            else:
                event = heapq.heappop(self.future)[2](at_ms)
                if event is not None:
                    self.tell(event)
        return self.tape


def cut_tape(config, event_count, load=0.95, seed=1, waiting=0):
    """Return the events of a busy stretch of the centre's day, and how many lead up to it."""
    driver = Driver(config, load, seed)
    driver.fill(waiting)
    lead = len(driver.tape) + 2 * len(config.agents)
    return driver.run(lead + event_count), lead
