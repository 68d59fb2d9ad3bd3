"""Cases on the wallboard: what is open, what is overdue, and which task an agent has.

Each function writes into the floor what one notice means; `FOLLOW_UPS` says which takes which.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from acd.cases import CaseState
from acd.notices import CaseChanged, CaseWentOverdue
from cordboard.runtime.board import CaseLine
from cordboard.runtime.floor import CaseNow, FloorState


def _changed(floor: FloorState, notice: CaseChanged) -> None:
    if notice.state == CaseState.SETTLED:
        floor.cases.pop(notice.case_id, None)
        return
    known = floor.cases.get(notice.case_id)
    is_same = known is not None and known.due_at_ms == notice.due_at_ms
    floor.cases[notice.case_id] = CaseNow(
        category=notice.category,
        due_at_ms=notice.due_at_ms,
        call_id=notice.call_id or "",
        origin_id=notice.origin_id or "",
        agent_id=notice.agent_id or "",
        is_overdue=is_same and known is not None and known.is_overdue,
    )


def _went_overdue(floor: FloorState, notice: CaseWentOverdue) -> None:
    case = floor.cases.get(notice.case_id)
    if case is not None:
        case.is_overdue = True


FOLLOW_UPS: Mapping[type, Callable[[FloorState, Any], None]] = {
    CaseChanged: _changed,
    CaseWentOverdue: _went_overdue,
}


def lines_by_contact(floor: FloorState) -> dict[str, CaseLine]:
    """Return the open cases by their contacts."""
    return {
        case.call_id: CaseLine(
            case_id=case_id,
            category=case.category,
            due_at_ms=case.due_at_ms,
            is_overdue=case.is_overdue,
            origin_id=case.origin_id,
        )
        for case_id, case in floor.cases.items()
        if case.call_id
    }


def overdue_by_agent(floor: FloorState) -> Counter[str]:
    """Return how many cases are overdue by who promised them; nobody is the empty name."""
    return Counter(case.agent_id for case in floor.cases.values() if case.is_overdue)
