"""Agents: what they declared, what the system is doing to them, and since when.

Three things that other systems mix into one status are kept apart here:

- **presence**, what the agent declared: signed out, not ready for a reason, ready;
- **state**, what the system is doing to a slot of theirs: idle, reserved, talking, wrap-up;
- **eligibility**, which lines they may serve: a matter of skills, found in `acd.queues`.

An agent can be offered a contact when all of these hold: ready, idle, not held back after a missed
offer, and, with a standing leg, that leg is up. A declaration during a contact is kept in `wanted`
and honoured when the contact, wrap-up included, is over.

Each agent has one slot for calls and tasks, and as many for written conversations as the settings
allow (`messages_max`). A slot is a record of its own with the same tables, so a conversation is
reserved, offered, missed and counted as a call is; what an agent declares is told to all of theirs.
"""

from dataclasses import dataclass
from enum import StrEnum

from acd.channels import Channel
from acd.config import AgentConfig
from acd.deadlines import NO_TICKET
from acd.ids import AgentId, CallId, LegId, QueueId, ReservationId, SlotId
from acd.transitions import Table

RONA = "RONA"
"""Not-ready reason: the agent missed too many offers in a row."""

LEG_FAILED = "LEG_FAILED"
"""Not-ready reason: the agent's leg could not be made, or was lost."""

SIGNED_IN = "SIGNED_IN"
"""Not-ready reason between signing in and the agent's first word."""


UNNAMED = SlotId("")


class Presence(StrEnum):
    """What the agent declared."""

    SIGNED_OUT = "signed_out"
    NOT_READY = "not_ready"
    READY = "ready"


class Declaration(StrEnum):
    """What an agent, or the system in their place, says about their presence."""

    SIGNED_IN = "signed_in"
    WENT_READY = "went_ready"
    WENT_NOT_READY = "went_not_ready"
    SIGNED_OUT = "signed_out"


PRESENCES = Table(
    "agent",
    Presence,
    Declaration,
    """
                 signed_in    went_ready    went_not_ready    signed_out
    signed_out   not_ready    impossible    impossible        stale
    not_ready    stale        ready         not_ready         signed_out
    ready        stale        stale         not_ready         signed_out
    """,
)


class AgentState(StrEnum):
    """What the system is doing to a slot."""

    IDLE = "idle"
    RESERVED = "reserved"
    TALKING = "talking"
    WRAP_UP = "wrap_up"


class AgentStep(StrEnum):
    """What happens to a slot."""

    RESERVED = "reserved"  #: for an offer
    RELEASED = "released"  #: the offer came to nothing
    CONNECTED = "connected"
    PARTED = "parted"  #: the conversation is over
    FINISHED = "finished"  #: the work after it is over


AGENT_STATES = Table(
    "agent",
    AgentState,
    AgentStep,
    """
              reserved     released     connected    parted       finished
    idle      reserved     impossible   impossible   stale        stale
    reserved  impossible   idle         talking      stale        stale
    talking   impossible   impossible   impossible   wrap_up      stale
    wrap_up   impossible   impossible   impossible   stale        idle
    """,
)


@dataclass(slots=True)
class Agent:
    """One slot of an agent. Changed in place, by `acd.engine` only."""

    config: AgentConfig
    agent_id: AgentId
    slot_id: SlotId = UNNAMED  #: the agent's own name for the slot of calls and tasks
    channel: Channel = Channel.VOICE
    presence: Presence = Presence.SIGNED_OUT
    reason: str = ""  #: empty unless not ready
    wanted: Presence | None = None  #: declared during a contact, honoured at its end
    wanted_reason: str = ""
    state: AgentState = AgentState.IDLE
    state_since_ms: int = 0
    idle_since_ms: int = 0  #: the agent's place among the idle; an offer in vain keeps it
    idle_order: int = 0  #: breaks ties of that instant
    reservation_id: ReservationId | None = None  #: while reserved or talking
    call_id: CallId | None = None  #: the contact of the slot, wrap-up included
    queue_id: QueueId | None = None  #: the line it came from
    standing_leg_id: LegId | None = None
    missed_count: int = 0  #: offers missed in a row
    handled_count: int = 0  #: contacts handled since signing in
    offered_order: int = 0  #: when an offer was last made, among all that happened
    signed_in_at_ms: int = 0
    busy_since_ms: int = 0
    busy_ms: int = 0  #: reserved, talking and wrapping up, since signing in
    recent: tuple[int, ...] = ()  #: busy time of the last hour (see `acd.workload`)
    kept_for: QueueId | None = None  #: while free: for calls of this queue alone
    is_silent: bool = False  #: their desk has not been heard for two beats
    wrap_up_ticket: int = NO_TICKET
    retry_ticket: int = NO_TICKET  #: set while held back after an offer in vain
    is_retired: bool = False  #: gone from the settings; leaves when what they do is over
    free_ticket: int = 0  #: names the entries in idle heaps that count; 0 while not free

    def __post_init__(self) -> None:
        """Name the slot of calls and tasks after the agent."""
        if not self.slot_id:
            self.slot_id = SlotId(self.agent_id)


def slots_for(config: AgentConfig) -> list[Agent]:
    """Make the slots of an agent: the one of calls and tasks first, then those of conversations."""
    agent_id = config.agent_id
    numbers = range(1, config.messages_max + 1)
    written = [
        Agent(config, agent_id, SlotId(f"{agent_id}/{number}"), Channel.MESSAGE)
        for number in numbers
    ]
    return [Agent(config, agent_id), *written]
