"""What is told of cases, checked before anything is changed."""

from acd.board import Board
from acd.calls import CallState
from acd.cases import Case
from acd.channels import Channel
from acd.engine import cases, offers, talks, waiting
from acd.events import CaseOpened, CasePostponed, CaseRated, CaseReopened, CaseResolved
from acd.messages import EventError
from acd.notices import CaseScored, ContactOutcome, Direction

RATING_MIN, RATING_MAX = 1, 5


def opened(board: Board, event: CaseOpened) -> None:
    """Take `CaseOpened`; told again, it changes nothing."""
    board.check_needs(event.queue_id, event.skills)
    if board.queues.queue_configs[event.queue_id].channel is not Channel.TASK:
        raise EventError(f"queue '{event.queue_id}' carries no tasks; a case needs one that does")
    cases.check_due(board, event.due_at_ms, event.from_at_ms)
    if event.agent_id is not None:
        board.agent(event.agent_id)
    if event.case_id in board.cases:
        board.stale_count += 1
        return
    case = Case(event.case_id, event.customer_id, event.queue_id, event.category, event.due_at_ms)
    case.skills, case.segment, case.from_at_ms = event.skills, event.segment, event.from_at_ms
    case.agent_id, case.origin_id = event.agent_id, event.origin_id
    cases.open_case(board, case)


def postponed(board: Board, event: CasePostponed) -> None:
    """Take `CasePostponed`."""
    cases.check_due(board, event.due_at_ms, event.from_at_ms)
    cases.postpone(board, board.case(event.case_id), event.due_at_ms, event.from_at_ms)


def resolved(board: Board, event: CaseResolved) -> None:
    """Take `CaseResolved`: an agent who has its task is done with that too."""
    case = board.case(event.case_id)
    cases.resolve(board, case)
    call = board.calls.get(case.call_id) if case.call_id is not None else None
    if call is None or call.direction is not Direction.INTERNAL or call.reservation_id is None:
        return
    if call.state is CallState.TALKING:
        talks.part_from_customer(board, board.reservations[call.reservation_id])
    else:
        offers.cancel(board, call)
        waiting.conclude(call, ContactOutcome.SETTLED)
        waiting.close(board, call)


def reopened(board: Board, event: CaseReopened) -> None:
    """Take `CaseReopened`."""
    cases.check_due(board, event.due_at_ms, 0)
    cases.reopen(board, board.case(event.case_id), event.due_at_ms)


def rated(board: Board, event: CaseRated) -> None:
    """Take `CaseRated`; the last word counts."""
    if not RATING_MIN <= event.rating <= RATING_MAX:
        raise EventError(f"a case is rated {event.rating}; ratings go from 1 to 5")
    case = board.case(event.case_id)
    case.rating = event.rating
    board.tell(CaseScored(board.now_ms, case.case_id, event.rating))
