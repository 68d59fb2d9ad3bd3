"""Cases: a customer's matter that outlives single contacts, and by when somebody must see to it.

    open       a task for it is in line, or will be at a time of its own; or a callback is
    in_work    an agent has it
    settled    nothing is left to do, unless it is opened again

A case is never forgotten while it is open: the task that stands for it is in line, with an agent,
or due to come back (`acd.engine.cases`), however often an agent lets go of it unsettled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from acd.deadlines import NO_TICKET
from acd.ids import AgentId, CallId, CaseId, CustomerId, QueueId
from acd.transitions import Table


class CaseState(StrEnum):
    """Where a case stands (see the module)."""

    OPEN = "open"
    IN_WORK = "in_work"
    SETTLED = "settled"


class CaseStep(StrEnum):
    """What happens to a case."""

    TAKEN_UP = "taken_up"  #: an agent has its contact
    PUT_BACK = "put_back"  #: the agent let go of it unsettled
    POSTPONED = "postponed"
    RESOLVED = "resolved"
    REOPENED = "reopened"


CASES = Table(
    "case",
    CaseState,
    CaseStep,
    """
             taken_up    put_back    postponed  resolved  reopened
    open     in_work     impossible  open       settled   stale
    in_work  in_work     open        in_work    settled   stale
    settled  settled     settled     stale      stale     open
    """,
)


@dataclass(slots=True)
class Case:
    """One matter of a customer. Changed in place, by `acd.engine` only."""

    case_id: CaseId
    customer_id: CustomerId
    queue_id: QueueId  #: in which its tasks wait
    category: str
    due_at_ms: int  #: what the customer was told
    state: CaseState = CaseState.OPEN
    skills: Mapping[str, int] = field(default_factory=dict)  #: needed beyond the queue's own
    segment: str = ""
    agent_id: AgentId | None = None  #: who promised it or works on it, and is asked first
    origin_id: CallId | None = None  #: the contact it comes from
    call_id: CallId | None = None  #: its contact: in line, with an agent, or a callback to come
    queued_at_ms: int = 0  #: its place in line: of the first task
    order: int = 0
    from_at_ms: int = 0  #: its task is not in line before
    is_overdue: bool = False
    reopened_count: int = 0
    rating: int = 0  #: 1 to 5; 0 while the customer has not told
    task_ticket: int = NO_TICKET  #: until its task is in line again
    overdue_ticket: int = NO_TICKET
