"""What supervisors' pages need of the rest of the program, each thing behind a name of its own."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from cordboard.console.supervisor.ahead import LookAhead
from cordboard.runtime.board import Board
from cordboard.runtime.leads.looks import Looks
from cordboard.runtime.pacing_orders import PacingOrders
from webhooks.ports import Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorPorts:
    """What supervisors see, and where what they do goes."""

    board: Callable[[], Board | None]  #: the wallboard as last published; None while there is none
    journal: Journal  #: where what supervisors do becomes facts
    telephones: Collection[str] = ()  #: the supervisors for whom the settings name one
    look_ahead: LookAhead | None = None  #: tries a change on a copy; None: nobody knows who calls
    orders: PacingOrders | None = None  #: makes facts of changes to pacing; None: no campaign
    leads: Looks | None = None  #: counts what holds leads back; None: no campaign
