"""What every request needs besides its command: our addresses, our number, agents' endpoints."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from acd.ids import AgentId
from webhooks.addresses import Addresses


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are, by name."""

    addresses: Addresses
    caller_id: str  #: one of our own numbers, shown to agents
    endpoints: Mapping[AgentId, str]  #: a number, ``client:...`` or ``sip:...``
    sid_of: Callable[[str], str]  #: the carrier's name of a living leg, empty if unknown
    supervisors: Mapping[str, str] = field(default_factory=dict)  #: endpoints, by account
    directory: Mapping[str, str] = field(default_factory=dict)  #: numbers outside, by name
    confirming: Collection[AgentId] = ()  #: agents whose telephone asks for a key
    known_sids: Callable[[], Collection[str]] = tuple  #: the carrier's names of all living legs

    def endpoint(self, agent_id: AgentId) -> str | None:
        """Return where an agent is reached, or None if the settings tell nothing."""
        return self.endpoints.get(agent_id)
