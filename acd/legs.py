"""Legs: the carrier's connections to agents, from the order to ring to their end.

A leg outlives the reservation that rang it: a caller may hang up while the leg is being made, and
the leg must still be ended when it turns up. So a leg has a record of its own until the carrier
says it is over.

    ordered   asked for; rings, or will
    up        answered
    ending    told to end
    ended     over
"""

from dataclasses import dataclass
from enum import StrEnum

from acd.ids import NO_SID, AgentId, CallId, LegId, Room, Sid
from acd.transitions import Table


class LegState(StrEnum):
    """How far a leg has come (see the module)."""

    ORDERED = "ordered"
    UP = "up"
    ENDING = "ending"
    ENDED = "ended"


class LegStep(StrEnum):
    """What happens to a leg."""

    BOUND = "bound"  #: the carrier named it
    ANSWERED = "answered"
    DISMISSED = "dismissed"  #: we end it
    ENDED = "ended"


LEGS = Table(
    "leg",
    LegState,
    LegStep,
    """
             bound     answered  dismissed  ended
    ordered  ordered   up        ending     ended
    up       up        stale     ending     ended
    ending   ending    stale     stale      ended
    ended    stale     stale     stale      stale
    """,
)


@dataclass(slots=True)
class Leg:
    """One leg of an agent. Changed in place, by `acd.engine` only."""

    leg_id: LegId
    agent_id: AgentId  #: whose it is, or who brought in the party it belongs to
    room: Room
    is_standing: bool
    state: LegState = LegState.ORDERED
    sid: Sid = NO_SID
    is_joined: bool = False  #: in its room
    supervisor_id: str = ""  #: of a supervisor's leg; `agent_id` is who they listen to
    mode: str = ""  #: of a supervisor's leg: how they want to be heard
    number_name: str = ""  #: of a party outside: their number in the directory
    call_id: CallId | None = None  #: of a party who talks with the customer without an agent
    heard_as: str = ""  #: of a supervisor's leg: how the carrier was told to let them be heard
