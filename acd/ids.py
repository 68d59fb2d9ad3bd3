"""Names of things: one string type each, so that the type checker keeps them apart.

An id is opaque and holds no personal data. Ids that come from outside (a carrier's call sid) are
taken as they are; ids the core makes itself read ``<epoch>.<counter>``, where the epoch is that of
the leader under which they were made. The counter makes them a function of the journal; the epoch
keeps them unique even if the tail of a journal was lost and its counters are spent a second time.
"""

from dataclasses import dataclass
from typing import NewType

AgentId = NewType("AgentId", str)
"""An agent, as named in the settings."""

CallId = NewType("CallId", str)
"""A customer's call and its customer leg: the carrier's sid if it came in, ours if we place it."""

CaseId = NewType("CaseId", str)
"""A customer's matter that outlives single contacts; ours or the name another system gave it."""

CustomerId = NewType("CustomerId", str)
"""A person, under a pseudonym that only the shell can resolve."""

LegId = NewType("LegId", str)
"""A leg that we create; also its label at the carrier. A call's customer leg has the call's id."""

QueueId = NewType("QueueId", str)
"""A waiting line, as named in the settings."""

ReservationId = NewType("ReservationId", str)
"""One agent slot held for one contact. The agent leg that rings for it has the same id."""

SlotId = NewType("SlotId", str)
"""One slot of an agent: named like the agent for voice and tasks, numbered for conversations."""

Room = NewType("Room", str)
"""A conference. Named after the leg for which it was opened, never after a person."""

Sid = NewType("Sid", str)
"""The carrier's own name for a leg or a queue; empty while the carrier has not told it."""

NO_SID = Sid("")
"""The carrier has not told the name, or there is none."""


@dataclass(slots=True)
class Mint:
    """Makes ids `<epoch>.<counter>`: never used before, and the same in every replay."""

    epoch: int = 0
    counter: int = 0

    def next(self) -> str:
        """Return a new name."""
        self.counter += 1
        return f"{self.epoch}.{self.counter}"

    def is_of_this_epoch(self, name: str) -> bool:
        """Tell whether a name of ours was made under the leader of now."""
        return name.partition(".")[0] == str(self.epoch)

    def has_form(self, name: str) -> bool:
        """Tell whether a name reads like ours, under whichever leader it was made."""
        epoch, dot, counter = name.partition(".")
        return bool(dot) and epoch.isascii() and epoch.isdigit() and counter.isdigit()
