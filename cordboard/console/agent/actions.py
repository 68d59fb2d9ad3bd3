"""What an agent can do from their page, and which fact each of it is.

An agent acts for themselves alone: the agent's id is that of the signed-in account and never comes
from the browser. What is possible now follows from presence and state; the centre decides again,
since an offer may be gone by the time the button is pressed.
"""

from collections.abc import Mapping
from enum import StrEnum

from acd.events import (
    UNSTAMPED,
    AgentReleasedCall,
    AgentSignedIn,
    AgentSignedOut,
    AgentWentNotReady,
    AgentWentReady,
    Event,
    OfferAccepted,
    OfferRejected,
    WrapUpEnded,
)
from acd.ids import AgentId, ReservationId
from cordboard.runtime.board import AgentLine


class Action(StrEnum):
    """A button of the page."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    READY = "ready"
    BREAK = "break"
    LUNCH = "lunch"
    TRAINING = "training"
    ACCEPT = "accept"
    REJECT = "reject"
    HANG_UP = "hang_up"
    FINISH_WRAP_UP = "finish_wrap_up"


REASONS = (Action.BREAK, Action.LUNCH, Action.TRAINING)
"""Not-ready reasons an agent may choose."""

LABELS: Mapping[Action, str] = {
    Action.SIGN_IN: "Start shift",
    Action.SIGN_OUT: "End shift",
    Action.READY: "Ready",
    Action.BREAK: "Break",
    Action.LUNCH: "Lunch",
    Action.TRAINING: "Training",
    Action.ACCEPT: "Take the call",
    Action.REJECT: "Decline",
    Action.HANG_UP: "Hang up",
    Action.FINISH_WRAP_UP: "Wrap-up done",
}


def possible(line: AgentLine | None) -> tuple[Action, ...]:
    """Return what the agent can do now, the most likely first.

    Args:
        line: The agent as last published; None when the centre does not know them.
    """
    if line is None:
        return ()
    if line.presence == "signed_out":
        return (Action.SIGN_IN,)
    now: list[Action] = []
    if line.state == "reserved" and line.reservation_id:
        now += [Action.ACCEPT, Action.REJECT]
    if line.state == "talking":
        now.append(Action.HANG_UP)
    if line.state == "wrap_up":
        now.append(Action.FINISH_WRAP_UP)
    if line.presence != "ready":
        now.append(Action.READY)
    now += [reason for reason in REASONS if line.reason != reason.value]
    now.append(Action.SIGN_OUT)
    return tuple(now)


def fact(action: Action, agent_id: AgentId, reservation_id: ReservationId) -> Event:  # noqa: PLR0911  (a row for each button)
    """Return the fact that an agent's action is.

    Args:
        action: What they pressed.
        agent_id: The signed-in agent.
        reservation_id: The offer that was on the page; used by accept and decline only.
    """
    match action:
        case Action.SIGN_IN:
            return AgentSignedIn(UNSTAMPED, agent_id)
        case Action.SIGN_OUT:
            return AgentSignedOut(UNSTAMPED, agent_id)
        case Action.READY:
            return AgentWentReady(UNSTAMPED, agent_id)
        case Action.BREAK | Action.LUNCH | Action.TRAINING:
            return AgentWentNotReady(UNSTAMPED, agent_id, action.value)
        case Action.ACCEPT:
            return OfferAccepted(UNSTAMPED, reservation_id)
        case Action.REJECT:
            return OfferRejected(UNSTAMPED, reservation_id)
        case Action.HANG_UP:
            return AgentReleasedCall(UNSTAMPED, agent_id)
        case Action.FINISH_WRAP_UP:
            return WrapUpEnded(UNSTAMPED, agent_id)
