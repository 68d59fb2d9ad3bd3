"""Cases: their tasks come into line, are taken up, come back if unsettled, and become overdue.

The contact of a case is a task, made here, or the callback that was promised to the customer. An
agent who lets go of a task without settling the case puts it back: its task is in line again after
`follow_up_retry_ms`, in its old place, and whoever had it is asked first. A callback that was kept
settles its case; one that was given up becomes a task at once.

An overdue case gains `overdue_priority` points, once, and whoever promised it is reminded.
"""

from acd.board import Board
from acd.calls import Call, CallState
from acd.cases import CASES, Case, CaseState, CaseStep
from acd.deadlines import NO_TICKET
from acd.engine import relaxation, waiting
from acd.ids import NO_SID, AgentId, CallId, CaseId
from acd.messages import EventError
from acd.notices import CallOpened, CaseChanged, CaseWentOverdue, ContactOutcome, Direction

TASK = "acd.task"
"""Kind of the deadline at which the task of a case comes into line."""

OVERDUE = "acd.overdue"
"""Kind of the deadline by which a case was to be settled."""

PERCENT = 100


def open_case(board: Board, case: Case) -> None:
    """Open a case; its contact is the one it has already, or a task."""
    board.cases[case.case_id] = case
    _expect(board, case)
    if case.call_id is None:
        _plan_task(board, case, case.from_at_ms)
    tell(board, case)


def follow_up(board: Board, call: Call, category: str, from_ms: int) -> Case | None:
    """Return a new case for what a call leaves behind; None if its queue keeps no cases."""
    queue = board.queues.queue_configs.get(call.queue_id) if call.queue_id is not None else None
    if queue is None or queue.follow_up_queue_id is None:
        return None
    segment = board.segments.get(call.segment)
    percent = PERCENT if segment is None else segment.follow_up_percent
    due_at_ms = from_ms + queue.follow_up_ms * percent // PERCENT
    case_id = CaseId(board.ids.next())
    return Case(
        case_id,
        call.customer_id,
        queue.follow_up_queue_id,
        category,
        due_at_ms,
        segment=call.segment,
        origin_id=call.call_id,
    )


def tell(board: Board, case: Case) -> None:
    """Say how a case stands now."""
    board.tell(
        CaseChanged(
            board.now_ms,
            case.case_id,
            case.customer_id,
            case.queue_id,
            case.category,
            case.state,
            case.due_at_ms,
            case.agent_id,
            case.call_id,
            case.origin_id,
            case.reopened_count,
        )
    )


def check_due(board: Board, due_at_ms: int, from_at_ms: int) -> None:
    """Refuse a promise for the past, and work that may begin only when it is overdue.

    Raises:
        EventError: Whoever promised must name a time that can be kept.
    """
    if due_at_ms <= board.now_ms:
        raise EventError("a case is due in the past; promise a time to come")
    if from_at_ms > due_at_ms:
        raise EventError("a case may be worked on only after it is due; turn the times round")


def _expect(board: Board, case: Case) -> None:
    """Set the instant by which the case is to be settled."""
    board.deadlines.cancel(case.overdue_ticket)
    case.is_overdue = False
    case.overdue_ticket = board.deadlines.put(case.due_at_ms, OVERDUE, case.case_id)


def _plan_task(board: Board, case: Case, at_ms: int) -> None:
    if at_ms > board.now_ms:
        case.task_ticket = board.deadlines.put(at_ms, TASK, case.case_id)
    else:
        _line_up(board, case)


def task_due(board: Board, key: str) -> None:
    """Carry out the deadline `TASK`."""
    case = board.cases[CaseId(key)]
    case.task_ticket = NO_TICKET
    _line_up(board, case)
    tell(board, case)


def _line_up(board: Board, case: Case) -> None:
    """Let a task for a case wait in line, in the place of its first one."""
    call_id = case.call_id = CallId(board.ids.next())
    call = board.calls[call_id] = Call(call_id, Direction.INTERNAL, case.customer_id, NO_SID)
    call.case_id, call.segment = case.case_id, case.segment
    call.queued_at_ms, call.order = case.queued_at_ms, case.order
    board.tell(CallOpened(board.now_ms, call_id, Direction.INTERNAL, case.customer_id))
    segment = board.segments.get(case.segment)
    points = 0 if segment is None else segment.priority
    waiting.enter(board, call, case.queue_id, case.skills, points)
    case.queued_at_ms, case.order = call.queued_at_ms, call.order
    if case.is_overdue:
        call.priority += waiting.queue_of(board, call).overdue_priority
    if case.agent_id is not None:
        relaxation.prefer(board, call, (case.agent_id,), ())
    relaxation.plan(board, call)


def overdue(board: Board, key: str) -> None:
    """Carry out the deadline `OVERDUE`: the case rises in line, and somebody is reminded."""
    case = board.cases[CaseId(key)]
    case.overdue_ticket, case.is_overdue = NO_TICKET, True
    board.tell(CaseWentOverdue(board.now_ms, case.case_id, case.queue_id, case.agent_id))
    call = board.calls.get(case.call_id) if case.call_id is not None else None
    if call is not None:
        board.queues.take_out(call)
        call.priority += waiting.queue_of(board, call).overdue_priority
        relaxation.change_line(board, call)


def taken_up(board: Board, case_id: CaseId, agent_id: AgentId) -> None:
    """Note that an agent has the contact of a case; one settled long ago is known no more."""
    case = board.cases.get(case_id)
    if case is None:
        return
    case.state = CASES.force(case.state, CaseStep.TAKEN_UP)
    case.agent_id = agent_id
    tell(board, case)


def put_back(board: Board, call: Call) -> None:
    """Note that no agent has the contact of a case any more, which goes on by itself."""
    case = board.cases.get(call.case_id) if call.case_id is not None else None
    if case is not None and case.state is CaseState.IN_WORK:
        case.state = CASES.force(case.state, CaseStep.PUT_BACK)
        tell(board, case)


def postpone(board: Board, case: Case, due_at_ms: int, from_at_ms: int) -> None:
    """Let a case be due at another time; a task that waits in line waits for that instead."""
    if CASES.turn(case.state, CaseStep.POSTPONED) is None:
        board.stale_count += 1
        return
    case.due_at_ms, case.from_at_ms = due_at_ms, from_at_ms
    _expect(board, case)
    board.deadlines.cancel(case.task_ticket)
    case.task_ticket = NO_TICKET
    call = board.calls.get(case.call_id) if case.call_id is not None else None
    if case.state is CaseState.OPEN and (call is None or _withdraw(board, call)):
        case.queued_at_ms = case.order = 0
        case.call_id = None
        _plan_task(board, case, from_at_ms)
    tell(board, case)


def _withdraw(board: Board, call: Call) -> bool:
    """Take a task that merely waits out of line; tell whether it was so."""
    if call.state is not CallState.WAITING or call.direction is not Direction.INTERNAL:
        return False
    waiting.conclude(call, ContactOutcome.SETTLED)
    call.case_id = None
    waiting.close(board, call)
    return True


def resolve(board: Board, case: Case) -> None:
    """Settle a case; a task that still waits for it goes."""
    following = CASES.turn(case.state, CaseStep.RESOLVED)
    if following is None:
        board.stale_count += 1
        return
    case.state = following
    board.deadlines.cancel(case.overdue_ticket)
    board.deadlines.cancel(case.task_ticket)
    case.overdue_ticket = case.task_ticket = NO_TICKET
    call = board.calls.get(case.call_id) if case.call_id is not None else None
    if call is not None:
        _withdraw(board, call)
    board.settle(case)
    tell(board, case)


def reopen(board: Board, case: Case, due_at_ms: int) -> None:
    """Open a settled case again: it stands in line as a new one does."""
    following = CASES.turn(case.state, CaseStep.REOPENED)
    if following is None:
        board.stale_count += 1
        return
    del board.settled[case.case_id]
    case.state, case.due_at_ms, case.from_at_ms = following, due_at_ms, 0
    case.reopened_count += 1
    case.queued_at_ms = case.order = 0
    _expect(board, case)
    if case.call_id is None or case.call_id not in board.calls:
        _plan_task(board, case, board.now_ms)
    tell(board, case)


def go_on(board: Board) -> None:
    """See to the cases whose contacts the event at hand has ended."""
    for call in board.case_contacts:
        assert call.case_id is not None, "only contacts of cases are listed"
        case = board.cases.get(call.case_id)
        if case is not None and case.call_id == call.call_id:
            _contact_over(board, case, call)
    board.case_contacts.clear()


def _contact_over(board: Board, case: Case, call: Call) -> None:
    case.call_id = None
    if call.is_kept and case.state is not CaseState.SETTLED:
        resolve(board, case)
    elif case.state is CaseState.IN_WORK:
        case.state = CASES.force(case.state, CaseStep.PUT_BACK)
        retry_ms = waiting.queue_of(board, call).follow_up_retry_ms
        _plan_task(board, case, max(case.from_at_ms, board.now_ms + retry_ms))
        tell(board, case)
    elif case.state is CaseState.OPEN:
        _plan_task(board, case, case.from_at_ms)
        tell(board, case)
