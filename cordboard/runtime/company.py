"""Who else is in agents' conversations, and whether they are recorded, for the wallboard.

Each function writes into the floor what one notice means; `COMPANY` says which takes which.
"""

from collections.abc import Callable, Mapping
from typing import Any

from acd.notices import (
    ActionRefused,
    ConsultClosed,
    ConsultEnd,
    ConsultJoined,
    ConsultOpened,
    HoldChanged,
    RecordingNoted,
    TalkSupervised,
)
from cordboard.runtime.floor import AgentNow, FloorState


def _agent(floor: FloorState, agent_id: str) -> AgentNow:
    return floor.agents.setdefault(agent_id, AgentNow())


def _hold_changed(floor: FloorState, notice: HoldChanged) -> None:
    _agent(floor, notice.agent_id).is_on_hold = notice.is_on_hold


def _supervised(floor: FloorState, notice: TalkSupervised) -> None:
    heard = _agent(floor, notice.agent_id).supervised_by
    if notice.mode:
        heard[notice.supervisor_id] = notice.mode
    else:
        heard.pop(notice.supervisor_id, None)


def _consult_opened(floor: FloorState, notice: ConsultOpened) -> None:
    agent = _agent(floor, notice.agent_id)
    agent.consult, agent.is_consulting, agent.note = notice.to, False, ""
    floor.consults[notice.consult_id] = notice.agent_id


def _consult_joined(floor: FloorState, notice: ConsultJoined) -> None:
    agent = _agent(floor, notice.agent_id)
    agent.consult, agent.is_consulting = notice.partner, True


_ENDS = {ConsultEnd.UNANSWERED: "did not take it", ConsultEnd.LEFT: "has left"}
"""Ends of a consult that its agent did not bring about, in words for them."""


def _consult_closed(floor: FloorState, notice: ConsultClosed) -> None:
    agent = _agent(floor, notice.agent_id)
    floor.consults.pop(notice.consult_id, None)
    if notice.end in _ENDS:
        agent.note = f"{agent.consult} {_ENDS[notice.end]}"
    agent.consult, agent.is_consulting = "", False


def _refused(floor: FloorState, notice: ActionRefused) -> None:
    if notice.who in floor.agents:
        floor.agents[notice.who].note = notice.why


def _recording_noted(floor: FloorState, notice: RecordingNoted) -> None:
    if notice.agent_id is not None:
        _agent(floor, notice.agent_id).recording = notice.state


COMPANY: Mapping[type, Callable[[FloorState, Any], None]] = {
    HoldChanged: _hold_changed,
    TalkSupervised: _supervised,
    ConsultOpened: _consult_opened,
    ConsultJoined: _consult_joined,
    ConsultClosed: _consult_closed,
    ActionRefused: _refused,
    RecordingNoted: _recording_noted,
}
