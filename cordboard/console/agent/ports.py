"""What agents' pages need of the rest of the program, each thing behind a name of its own."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from acd.ids import AgentId
from cordboard.console.agent.looking import Cards
from cordboard.console.agent.proposing import Propose
from cordboard.console.agent.story import Stories
from cordboard.runtime.board import Board
from cordboard.runtime.softphones import Softphones
from cordboard.runtime.text_desk import TextDesk
from webhooks.ports import Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPorts:
    """What agents see, and where what they do goes."""

    board: Callable[[], Board | None]  #: the wallboard as last published; None while there is none
    journal: Journal  #: where what agents do becomes facts
    desk_heard: Callable[[str], None] = lambda _agent_id: None
    """Is told of every beat of an agent's page."""
    stories: Stories = lambda _call_id: None
    """Opens what the caller of a call has told, for the agent who has it."""
    cards: Cards = lambda _campaign_id, _lead_id: None
    """Opens who a lead is, for the agent who looks at it before it is dialled."""
    propose: Propose | None = None  #: takes answers that agents propose; None: nobody takes any
    phones: Softphones = field(default_factory=lambda: Softphones(endpoints={}))
    """Lets agents' browsers be rung; nobody's by default."""
    confirming: Collection[AgentId] = ()  #: whose telephone asks for a key: it takes their calls
    texts: TextDesk | None = None  #: reads and answers text messages; None shows none
