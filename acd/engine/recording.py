"""Recording of conversations: begun with the talk, paused for what must not be kept, ended with it.

A recording belongs to the customer's leg. It goes on through hold, consult and handover to a
colleague, as far as that one's queue is recorded too, and ends when no agent is with the customer
any more. An agent pauses it for sensitive input; after `recording_pause_ms_max` it goes on by
itself, so that a forgotten pause does not lose the rest. Refusal counts at once and for good.
"""

from acd.board import Board
from acd.calls import RECORDINGS, Call, CallState
from acd.commands import RecordCall
from acd.deadlines import NO_TICKET
from acd.engine import talks
from acd.events import ConsentGiven, RecordingAsked, RecordingChanged
from acd.ids import NO_SID, CallId
from acd.notices import ActionRefused, RecordingNoted
from acd.recordings import RecordingPolicy, RecordingState, RecordingStep
from acd.reservations import Reservation

PAUSE = "acd.recording"
"""Kind of the deadline at which a paused recording goes on by itself."""


def review(board: Board, talk: Reservation) -> None:
    """Record a conversation, or no longer, as its queue and its customer want it."""
    call = board.calls[talk.call_id]
    if _why_not(board, talk, call):
        stop(board, call)
    elif call.recording is RecordingState.OFF:
        _take(board, call, RecordingStep.START)


def _why_not(board: Board, talk: Reservation, call: Call) -> str:
    policy = board.queues.queue_configs[talk.queue_id].recording
    if policy == RecordingPolicy.OFF or call.asked_by is not None:
        return "conversations of this queue are not recorded"
    if call.has_consented is False:
        return "the customer does not want to be recorded"
    if policy == RecordingPolicy.WITH_CONSENT and call.has_consented is None:
        return "the customer has not agreed to be recorded"
    return ""


def stop(board: Board, call: Call) -> None:
    """End a recording, if there is one."""
    if call.recording is not RecordingState.OFF:
        _take(board, call, RecordingStep.STOP)


def _take(board: Board, call: Call, step: RecordingStep) -> None:
    """Order a step and keep its deadline."""
    call.recording = RECORDINGS.force(call.recording, step)
    board.deadlines.cancel(call.recording_ticket)
    call.recording_ticket = NO_TICKET
    if call.recording is RecordingState.PAUSED:
        due_ms = board.now_ms + board.config.recording_pause_ms_max
        call.recording_ticket = board.deadlines.put(due_ms, PAUSE, call.call_id)
    board.order(RecordCall(call.call_id, call.sid, call.recording_sid, step))
    _tell(board, call)
    if call.recording is RecordingState.OFF:
        call.recording_sid = NO_SID


def _tell(board: Board, call: Call) -> None:
    held = board.reservation_of(call)
    agent_id = None if held is None else held.agent_id
    board.tell(
        RecordingNoted(board.now_ms, call.call_id, agent_id, call.recording, call.recording_sid)
    )


def pause_over(board: Board, key: str) -> None:
    """Carry out the deadline `PAUSE`."""
    call = board.calls[CallId(key)]
    call.recording_ticket = NO_TICKET
    _take(board, call, RecordingStep.RESUME)


def consented(board: Board, event: ConsentGiven) -> None:
    """Take `ConsentGiven`: before the talk it is remembered, during it, it counts at once."""
    call = board.call(event.call_id)
    if call is None:
        return
    if call.has_consented is False and event.is_given:
        board.stale_count += 1  # a refusal is taken back by saying so to the agent, not by a key
        return
    call.has_consented = event.is_given
    if call.state is CallState.TALKING and call.reservation_id is not None:
        review(board, board.reservations[call.reservation_id])


def asked(board: Board, event: RecordingAsked) -> None:
    """Take `RecordingAsked`."""
    talk = talks.of_agent(board, event.agent_id)
    if talk is None:
        board.stale_count += 1
        return
    call = board.calls[talk.call_id]
    why_not = _why_not(board, talk, call)
    if why_not:
        board.stale_count += 1
        board.tell(ActionRefused(board.now_ms, event.agent_id, why_not))
    elif RECORDINGS.turn(call.recording, event.change) is None:
        board.stale_count += 1
    else:
        _take(board, call, event.change)


def changed(board: Board, event: RecordingChanged) -> None:
    """Take `RecordingChanged`: the carrier's name of it, and its end that nobody ordered."""
    call = board.call(event.call_id)
    if call is None:
        return
    is_known = event.recording_sid == call.recording_sid
    if call.recording is RecordingState.OFF:
        board.stale_count += 1
    elif event.state is RecordingState.OFF and is_known:
        _forget(board, call)
    elif event.state is not RecordingState.OFF and call.recording_sid == NO_SID:
        call.recording_sid = event.recording_sid
        _tell(board, call)
    else:
        board.stale_count += 1


def _forget(board: Board, call: Call) -> None:
    """Note that the carrier has ended or refused a recording."""
    board.deadlines.cancel(call.recording_ticket)
    call.recording, call.recording_ticket = RecordingState.OFF, NO_TICKET
    _tell(board, call)
    call.recording_sid = NO_SID
