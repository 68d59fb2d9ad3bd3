"""What is told of customers' calls: arrival, the flow's end, the wait, the end."""

from acd.board import Board
from acd.calls import CALL_STATES, Call, CallState, CallStep
from acd.channels import Channel
from acd.engine import (
    callbacks,
    cases,
    consults,
    handovers,
    leg_events,
    offers,
    recording,
    relaxation,
    talks,
    waiting,
)
from acd.events import (
    CallArrived,
    CallbackAsked,
    CallbackReachedMachine,
    CallEnded,
    CallLeftQueue,
    CallQueued,
    CallWaited,
    ConnectFailed,
    FlowEnded,
    LegCause,
    VoicemailLeft,
)
from acd.ids import CallId, CustomerId, QueueId, Sid
from acd.messages import EventError
from acd.notices import CallOpened, ConsultEnd, ContactOutcome, Direction, OfferEnd
from acd.reservations import Reservation, ReservationStep

VOICEMAIL = "voicemail"
"""The category of cases that voicemails leave behind."""


def arrived(board: Board, event: CallArrived) -> None:
    """Take `CallArrived`; told again, even after the end, it changes nothing."""
    if event.call_id in board.calls or event.call_id in board.ended:
        board.stale_count += 1
    else:
        open_call(board, event.call_id, Direction.INBOUND, event.customer_id, Sid(event.call_id))


def open_call(
    board: Board, call_id: CallId, direction: Direction, customer_id: CustomerId, sid: Sid
) -> Call:
    """Open a call."""
    call = board.calls[call_id] = Call(call_id, direction, customer_id, sid)
    board.tell(CallOpened(board.now_ms, call_id, direction, customer_id))
    return call


def flow_ended(board: Board, event: FlowEnded) -> None:
    """Take `FlowEnded`: the caller leaves, from the flow or, by a key, from a line."""
    call = board.call(event.call_id)
    if call is None:
        return
    _leave_for(board, call, ContactOutcome(event.outcome.value))


def _leave_for(board: Board, call: Call, outcome: ContactOutcome) -> bool:
    """Let a caller leave the flow or a line of their own accord; tell whether they could."""
    following = CALL_STATES.turn(call.state, CallStep.FLOW_ENDED)
    if following is None or callbacks.is_pending(call):
        board.stale_count += 1
        return False
    if call.state is CallState.OFFERED:
        offers.cancel(board, call)
    waiting.leave(board, call)
    call.state = following
    waiting.conclude(call, outcome)
    return True


def queued(board: Board, event: CallQueued) -> None:
    """Take `CallQueued`; a call whose arrival was never told is opened by it."""
    board.check_needs(event.queue_id, event.skills)
    queue_id, priority = _by_segment(board, event)
    if board.queues.queue_configs[queue_id].channel is Channel.TASK:
        raise EventError(f"queue '{queue_id}' carries tasks; they come from cases alone")
    call = board.calls.get(event.call_id)
    if call is None and event.call_id not in board.ended:
        sid = Sid(event.call_id)
        call = open_call(board, event.call_id, Direction.INBOUND, event.customer_id, sid)
    if call is None or CALL_STATES.turn(call.state, CallStep.QUEUED) is None:
        board.stale_count += 1
        return
    is_full = waiting.is_full(board, queue_id)
    call.segment = event.segment
    waiting.enter(board, call, queue_id, event.skills, priority)
    if is_full:
        waiting.turn_away(board, call)
        return
    if event.preferred or event.excluded:
        relaxation.prefer(board, call, event.preferred, event.excluded)
    relaxation.plan(board, call)


def _by_segment(board: Board, event: CallQueued) -> tuple[QueueId, int]:
    """Return the queue and the points that the customer's segment gives the call."""
    segment = board.segments.get(event.segment)
    if segment is None:
        return event.queue_id, event.priority
    queue_id = segment.queue_ids.get(event.queue_id, event.queue_id)
    return queue_id, event.priority + segment.priority


def waited(board: Board, event: CallWaited) -> None:
    """Take `CallWaited`: the caller is alive and can be moved."""
    call = board.call(event.call_id)
    if call is None:
        return
    if CALL_STATES.turn(call.state, CallStep.WAITED) is None:
        board.stale_count += 1
    else:
        leg_events.sign_of_life(board, call, event.queue_sid)


def recorded(board: Board, event: VoicemailLeft) -> None:
    """Take `VoicemailLeft`: the carrier often tells of it when the caller has hung up."""
    ended = board.unheard.pop(event.call_id, None)
    if ended is not None:
        if event.duration_ms:
            _follow_voicemail(board, ended)
        return
    call = board.call(event.call_id)
    if call is None:
        return
    if CALL_STATES.turn(call.state, CallStep.RECORDED) is None:
        board.stale_count += 1
    else:
        waiting.conclude(call, ContactOutcome.VOICEMAIL)
        if event.duration_ms and call.case_id is None:
            _follow_voicemail(board, call)


def _follow_voicemail(board: Board, call: Call) -> None:
    """Open a case for a message, if its queue keeps any: somebody is to hear it by then."""
    case = cases.follow_up(board, call, VOICEMAIL, board.now_ms)
    if case is not None:
        call.case_id = case.case_id
        cases.open_case(board, case)


def connect_failed(board: Board, event: ConnectFailed) -> None:
    """Take `ConnectFailed`."""
    reservation = board.reservation(event.reservation_id)
    if reservation is None:
        return
    if reservation.call_id != event.call_id:
        raise EventError(f"reservation {event.reservation_id} is not for this call")
    offers.connect_failed(board, reservation, event.cause)


def ended(board: Board, event: CallEnded) -> None:
    """Take `CallEnded`: the customer's leg is over, whatever the call was in."""
    call = board.call(event.call_id)
    if call is None:
        return
    if callbacks.is_pending(call):
        _not_reached(board, call, is_hopeless=event.cause in _HOPELESS)
    else:
        close(board, call, None)


_HOPELESS = frozenset({LegCause.INVALID, LegCause.REFUSED})
"""Why a customer's leg ended: no other attempt can go better."""


def reached_machine(board: Board, event: CallbackReachedMachine) -> None:
    """Take `CallbackReachedMachine`: the customer was not reached, whatever was thought before."""
    call = board.call(event.call_id)
    if call is None:
        return
    if call.origin_id is None:
        raise EventError(f"call '{event.call_id[:64]}' is not a callback")
    if callbacks.is_pending(call):
        _not_reached(board, call, is_hopeless=False)
    elif call.state is CallState.TALKING and call.reservation_id and not call.is_settled:
        call.is_kept = False
        _end_talk(board, board.reservations[call.reservation_id])
        call.reservation_id = call.outcome = None
        recording.stop(board, call)
        callbacks.attempt_failed(board, call)
    else:
        board.stale_count += 1


def _not_reached(board: Board, call: Call, *, is_hopeless: bool) -> None:
    """The customer's phone was not answered; nothing else that ends then is news."""
    held = board.reservation_of(call)
    if held is None or not held.is_moving:
        board.stale_count += 1
    else:
        call.is_overdue = call.is_overdue or is_hopeless
        offers.drop_rivals(board, call)
        offers.end(board, held, ReservationStep.LOST, OfferEnd.CANCELLED)


def callback_asked(board: Board, event: CallbackAsked) -> None:
    """Take `CallbackAsked`: the call leaves, and a callback has its place from here on."""
    board.check_needs(event.queue_id, event.skills)
    board.check_channel(event.queue_id, Channel.VOICE)
    call = board.call(event.call_id)
    if call is None:
        return
    if _leave_for(board, call, ContactOutcome.CALLBACK):
        callbacks.promise(board, call, event)


def close(board: Board, call: Call, outcome: ContactOutcome | None) -> None:
    """End whatever a call is in, and give it its one outcome; None lets the state decide."""
    if call.state is CallState.OFFERED:
        offers.cancel(board, call)
    elif call.state is CallState.TALKING and call.reservation_id is not None:
        _end_talk(board, board.reservations[call.reservation_id])
    elif call.state is CallState.OUTSIDE:
        handovers.customer_left(board, call)
    if outcome is not None:
        waiting.conclude(call, outcome)
    waiting.close(board, call)


def _end_talk(board: Board, talk: Reservation) -> None:
    consults.drop(board, talk, ConsultEnd.RETURNED)
    talks.part(board, talk)


def left_queue(board: Board, event: CallLeftQueue) -> None:
    """Take `CallLeftQueue`; if they wait again, or for a callback, their place is the old one."""
    call = board.call(event.call_id)
    if call is None:
        return
    if callbacks.is_pending(call) or not _take_out(board, call):
        board.stale_count += 1


def withdraw(board: Board, call: Call) -> None:
    """Take a call out of its line or its offer; it stays open, and counts as abandoned so far."""
    if _take_out(board, call):
        waiting.conclude(call, ContactOutcome.ABANDONED)


def _take_out(board: Board, call: Call) -> bool:
    """Take a call out of its line or its offer; tell whether it was in either."""
    if CALL_STATES.turn(call.state, CallStep.WITHDRAWN) is None:
        return False
    if call.state is CallState.OFFERED:
        offers.cancel(board, call)
    waiting.take_out(board, call)
    return True
