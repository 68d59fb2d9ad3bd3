"""Preview: an agent looks at a lead before it is dialled.

Each free agent of a preview campaign is shown one lead. It is dialled when they say so (or when the
time for looking is over, if the campaign wants it so), and the person who answers is theirs, if
they are free still. They may skip it, so many times an hour; a skipped lead goes behind those at
hand, and to the store again when its loan ends.

A call that an agent promised is shown to that agent first, for `owner_ms` to nobody else.

A lead that is looked at is taken out of the stock, so that nobody else dials it; it goes back to
the front when its agent is no longer free. What was shown and how it ended are notices: nothing has
to be done outside, and a page shows what the read model tells.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from acd.deadlines import NO_TICKET
from acd.ids import AgentId
from dialer.events import Lead

HOUR_MS = 3_600_000


@dataclass(slots=True)
class Preview:
    """One lead before one agent."""

    agent_id: AgentId
    lead: Lead
    shown_at_ms: int
    ticket: int = NO_TICKET  #: of the deadline that ends the looking
    is_pressed: bool = False  #: to be dialled


@dataclass(slots=True)
class Previews:
    """All previews of one campaign, oldest first."""

    shown: dict[AgentId, Preview] = field(default_factory=dict)
    skips: dict[AgentId, list[int]] = field(default_factory=dict)  #: instants of the last hour

    def __len__(self) -> int:
        """Count the leads that are looked at or waited for."""
        return len(self.shown)

    @property
    def pressed(self) -> list[Preview]:
        """Return what is to be dialled, in the order of showing."""
        return [preview for preview in self.shown.values() if preview.is_pressed]

    def gone(self, free: Collection[AgentId]) -> Iterator[Preview]:
        """Take away and yield the previews whose agents are no longer free."""
        for agent_id in [agent_id for agent_id in self.shown if agent_id not in free]:
            yield self.shown.pop(agent_id)

    def may_skip(self, agent_id: AgentId, at_ms: int, skips_per_hour_max: int) -> bool:
        """Tell whether an agent may skip one more lead."""
        recent = [skip_ms for skip_ms in self.skips.get(agent_id, ()) if skip_ms > at_ms - HOUR_MS]
        self.skips[agent_id] = recent
        return len(recent) < skips_per_hour_max

    def note_skip(self, agent_id: AgentId, at_ms: int) -> None:
        """Count one skip."""
        self.skips.setdefault(agent_id, []).append(at_ms)
