"""How a supervisor takes part in an agent's conversation, and which fact each button is.

A supervisor acts in their own name, which is that of the signed-in account and never comes from the
browser. They are rung on the telephone that the settings name for them; without one there is
nothing to ring.
"""

from collections.abc import Mapping
from enum import StrEnum

from acd.events import (
    UNSTAMPED,
    Event,
    Supervision,
    SupervisionAsked,
    SupervisionEnded,
    TakeoverAsked,
)
from acd.ids import AgentId
from cordboard.runtime.board import AgentLine, Board


class Part(StrEnum):
    """A button."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"
    TAKE_OVER = "take_over"
    LEAVE = "leave"


LABELS: Mapping[Part, str] = {
    Part.LISTEN: "Listen",
    Part.WHISPER: "Whisper to the agent",
    Part.BARGE: "Barge in",
    Part.TAKE_OVER: "Take over",
    Part.LEAVE: "Leave",
}

HINTS: Mapping[Part, str] = {
    Part.LISTEN: "Nobody hears you.",
    Part.WHISPER: "The agent alone hears you.",
    Part.BARGE: "Agent and customer hear you.",
    Part.TAKE_OVER: "You go on with the customer; the agent has their wrap-up.",
    Part.LEAVE: "The conversation goes on without you.",
}


def conversations(board: Board | None) -> list[dict[str, str]]:
    """Return the agents who talk with a customer, as the page's selection takes them."""
    lines = board.agents if board else ()
    return [
        {"value": line.agent_id, "label": f"{line.agent_id} on {line.queue_id}"}
        for line in lines
        if line.state == "talking" and not line.asked_by
    ]


def refusal(part: Part, line: AgentLine | None, supervisor_id: str) -> str:
    """Return why something cannot be done now, in one sentence; empty if it can."""
    if line is None or line.state != "talking":
        return "This agent talks with nobody any more."
    takes_part = supervisor_id in line.supervised_by
    if part in (Part.TAKE_OVER, Part.LEAVE) and not takes_part:
        return "You take no part in this conversation; listen in first."
    return ""


def fact(part: Part, supervisor_id: str, agent_id: AgentId) -> Event:
    """Return the fact that a supervisor's button is."""
    if part is Part.LEAVE:
        return SupervisionEnded(UNSTAMPED, supervisor_id, agent_id)
    if part is Part.TAKE_OVER:
        return TakeoverAsked(UNSTAMPED, supervisor_id, agent_id)
    return SupervisionAsked(UNSTAMPED, supervisor_id, agent_id, Supervision(part.value))
