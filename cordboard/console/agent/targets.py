"""Whom an agent may ask, or pass a customer on to: queues, colleagues, numbers of the directory.

A target travels through the page as one text, such as ``agent:ben``. It comes from the browser, so
it is read again here; whether there is such a party, and whether this agent may use it, the centre
decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from acd.events import (
    UNSTAMPED,
    AgentTransferredCall,
    AgentTransferredOut,
    ConsultAsked,
    Event,
)
from acd.ids import AgentId, QueueId
from cordboard.runtime.board import AgentLine, Board

KINDS: Mapping[str, str] = {"queue": "Queues", "agent": "Colleagues", "number": "Outside"}


@dataclass(frozen=True, slots=True)
class Target:
    """One party."""

    kind: str
    name: str

    @classmethod
    def of(cls, text: str | None) -> "Target | None":
        """Read a target; None when none was chosen or the text is none of ours."""
        kind, _, name = (text or "").partition(":")
        return cls(kind, name) if kind in KINDS and name else None

    def consult(self, agent_id: AgentId) -> Event:
        """Return the fact that an agent wants to speak with this party."""
        match self.kind:
            case "queue":
                return ConsultAsked(UNSTAMPED, agent_id, queue_id=QueueId(self.name))
            case "agent":
                return ConsultAsked(UNSTAMPED, agent_id, to_agent_id=AgentId(self.name))
            case _:
                return ConsultAsked(UNSTAMPED, agent_id, number_name=self.name)

    def transfer(self, agent_id: AgentId, queue_id: QueueId) -> Event:
        """Return the fact that an agent passes the customer on to this party, unannounced.

        Args:
            agent_id: The agent.
            queue_id: Where the customer came from; there they wait for a colleague.
        """
        match self.kind:
            case "queue":
                return AgentTransferredCall(UNSTAMPED, agent_id, QueueId(self.name), {})
            case "agent":
                colleague = AgentId(self.name)
                return AgentTransferredCall(UNSTAMPED, agent_id, queue_id, {}, colleague)
            case _:
                return AgentTransferredOut(UNSTAMPED, agent_id, self.name)


def targets(board: Board | None, agent_id: str) -> list[dict[str, object]]:
    """Return the parties to choose from, grouped, as the page's selection takes them."""
    if board is None:
        return []
    there = [line for line in board.agents if line.presence != "signed_out"]
    names: Mapping[str, list[tuple[str, str]]] = {
        "queue": [(line.queue_id, line.queue_id) for line in board.queues],
        "agent": [(line.agent_id, _described(line)) for line in there if line.agent_id != agent_id],
        "number": [(name, name) for name in board.directory],
    }
    return [
        {
            "group": KINDS[kind],
            "items": [{"value": f"{kind}:{name}", "label": label} for name, label in of_kind],
        }
        for kind, of_kind in names.items()
        if of_kind
    ]


def _described(line: AgentLine) -> str:
    is_free = line.presence == "ready" and line.state == "idle"
    return line.agent_id if is_free else f"{line.agent_id} (busy or away)"
