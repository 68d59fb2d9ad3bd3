"""What an agent can do from their page, and which fact each of it is.

An agent acts for themselves alone: the agent's id is that of the signed-in account and never comes
from the browser. What is possible now follows from presence and state; the centre decides again,
since an offer may be gone by the time the button is pressed.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from acd.events import (
    UNSTAMPED,
    AgentCompletedTransfer,
    AgentHeldCall,
    AgentMergedCall,
    AgentReleasedCall,
    AgentResumedCall,
    AgentSignedIn,
    AgentSignedOut,
    AgentWentNotReady,
    AgentWentReady,
    CaseResolved,
    ConsultEnded,
    Event,
    OfferAccepted,
    OfferRejected,
    RecordingAsked,
    WrapUpEnded,
)
from acd.ids import AgentId, CaseId, QueueId, ReservationId
from acd.recordings import RecordingStep
from cordboard.console.agent.targets import Target
from cordboard.runtime.board import AgentLine, CaseLine


class Action(StrEnum):
    """A button of the page, in the order in which they stand there: what is at hand first."""

    ACCEPT = "accept"
    REJECT = "reject"
    HOLD = "hold"
    RESUME = "resume"
    CONSULT = "consult"
    MERGE = "merge"
    END_CONSULT = "end_consult"
    COMPLETE = "complete"
    TRANSFER = "transfer"
    RECORD = "record"
    PAUSE_RECORDING = "pause_recording"
    RESUME_RECORDING = "resume_recording"
    STOP_RECORDING = "stop_recording"
    HANG_UP = "hang_up"
    SETTLE = "settle"
    PUT_BACK = "put_back"
    FINISH_WRAP_UP = "finish_wrap_up"
    SIGN_IN = "sign_in"
    READY = "ready"
    BREAK = "break"
    LUNCH = "lunch"
    TRAINING = "training"
    SIGN_OUT = "sign_out"


REASONS = (Action.BREAK, Action.LUNCH, Action.TRAINING)
"""Not-ready reasons an agent may choose."""

ANSWERS = frozenset({Action.ACCEPT, Action.REJECT})
"""Buttons about the offer that was on the page."""

WITH_TARGET = frozenset({Action.CONSULT, Action.TRANSFER})
"""Buttons that need a party to be chosen first."""

LABELS: Mapping[Action, str] = {
    Action.SIGN_IN: "Start shift",
    Action.SIGN_OUT: "End shift",
    Action.READY: "Ready",
    Action.BREAK: "Break",
    Action.LUNCH: "Lunch",
    Action.TRAINING: "Training",
    Action.ACCEPT: "Take the call",
    Action.REJECT: "Decline",
    Action.HOLD: "Hold",
    Action.RESUME: "Resume",
    Action.CONSULT: "Consult",
    Action.MERGE: "All together",
    Action.END_CONSULT: "Back to the customer",
    Action.COMPLETE: "Hand over",
    Action.TRANSFER: "Pass on",
    Action.RECORD: "Record",
    Action.PAUSE_RECORDING: "Pause recording",
    Action.RESUME_RECORDING: "Go on recording",
    Action.STOP_RECORDING: "Stop recording",
    Action.HANG_UP: "Hang up",
    Action.SETTLE: "Case is settled",
    Action.PUT_BACK: "Put back",
    Action.FINISH_WRAP_UP: "Wrap-up done",
}


def possible(line: AgentLine | None, *, is_confirming: bool = False) -> tuple[Action, ...]:
    """Return what the agent can do now, the most likely first.

    Args:
        line: The agent as last published; None when the centre does not know them.
        is_confirming: Their telephone asks for a key. Then the key alone takes a call: after a
            button here, whatever answers the telephone would count as the agent.
    """
    if line is None:
        return ()
    if line.presence == "signed_out":
        return (Action.SIGN_IN,)
    now: list[Action] = []
    if line.state == "reserved" and line.reservation_id:
        takes_here = line.is_task or not is_confirming
        now += [Action.ACCEPT, Action.REJECT] if takes_here else [Action.REJECT]
    if line.state == "talking":
        now += _in_a_call(line)
    if line.state == "wrap_up":
        now.append(Action.FINISH_WRAP_UP)
    if line.presence != "ready":
        now.append(Action.READY)
    now += [reason for reason in REASONS if line.reason != reason.value]
    now.append(Action.SIGN_OUT)
    return tuple(now)


def fits(
    action: Action, line: AgentLine, reservation_id: object, *, is_confirming: bool = False
) -> bool:
    """Tell whether a button that was pressed still means something.

    Args:
        action: The button.
        line: The agent as last published.
        reservation_id: The offer that was on the page. It comes from the browser, which may name
            an offer to somebody else.
        is_confirming: Their telephone asks for a key.
    """
    is_theirs = action not in ANSWERS or reservation_id == line.reservation_id
    return is_theirs and action in possible(line, is_confirming=is_confirming)


def _in_a_call(line: AgentLine) -> list[Action]:
    """Return what can be done with a customer or a task; who is only consulted can leave."""
    if line.asked_by:
        return [Action.HANG_UP]
    settle = [Action.SETTLE] if line.case else []
    if line.is_task:
        return [*settle, Action.PUT_BACK]
    return [*_with_others(line), *settle, *_RECORDING.get(line.recording, ())]


_RECORDING: Mapping[str, tuple[Action, ...]] = {
    "off": (Action.RECORD,),
    "on": (Action.PAUSE_RECORDING, Action.STOP_RECORDING),
    "paused": (Action.RESUME_RECORDING, Action.STOP_RECORDING),
}
"""What can be done about a recording in each of its states."""


def _with_others(line: AgentLine) -> list[Action]:
    """Return what can be done with customer and consulted party."""
    if line.is_consulting:
        merge = [Action.MERGE] if line.is_on_hold else [Action.HOLD]
        return [Action.COMPLETE, *merge, Action.END_CONSULT]
    hold = Action.RESUME if line.is_on_hold else Action.HOLD
    if line.consult:
        return [hold, Action.END_CONSULT]
    return [Action.HANG_UP, hold, Action.CONSULT, Action.TRANSFER]


_STEPS: Mapping[Action, RecordingStep] = {
    Action.RECORD: RecordingStep.START,
    Action.PAUSE_RECORDING: RecordingStep.PAUSE,
    Action.RESUME_RECORDING: RecordingStep.RESUME,
    Action.STOP_RECORDING: RecordingStep.STOP,
}

_PLAIN: Mapping[Action, Callable[[int, AgentId], Event]] = {
    Action.SIGN_IN: AgentSignedIn,
    Action.SIGN_OUT: AgentSignedOut,
    Action.READY: AgentWentReady,
    Action.HOLD: AgentHeldCall,
    Action.RESUME: AgentResumedCall,
    Action.MERGE: AgentMergedCall,
    Action.END_CONSULT: ConsultEnded,
    Action.COMPLETE: AgentCompletedTransfer,
    Action.HANG_UP: AgentReleasedCall,
    Action.PUT_BACK: AgentReleasedCall,
    Action.FINISH_WRAP_UP: WrapUpEnded,
}
"""Buttons that say nothing but who pressed them."""


def fact(
    action: Action, agent_id: AgentId, reservation_id: ReservationId, case: CaseLine | None
) -> Event:
    """Return the fact that an agent's action is; of those in `WITH_TARGET`, see `fact_about`.

    Args:
        action: What they pressed.
        agent_id: The signed-in agent.
        reservation_id: The offer that was on the page; used by accept and decline only.
        case: Of the contact they have; it must be there to be settled.
    """
    if action is Action.SETTLE and case is not None:
        return CaseResolved(UNSTAMPED, CaseId(case.case_id))
    if action is Action.ACCEPT:
        return OfferAccepted(UNSTAMPED, reservation_id)
    if action is Action.REJECT:
        return OfferRejected(UNSTAMPED, reservation_id)
    if action in REASONS:
        return AgentWentNotReady(UNSTAMPED, agent_id, action.value)
    if action in _STEPS:
        return RecordingAsked(UNSTAMPED, agent_id, _STEPS[action])
    return _PLAIN[action](UNSTAMPED, agent_id)


def fact_about(action: Action, agent_id: AgentId, target: Target, line: AgentLine) -> Event:
    """Return the fact that an agent's action about somebody else is."""
    if action is Action.CONSULT:
        return target.consult(agent_id)
    return target.transfer(agent_id, QueueId(line.queue_id))
