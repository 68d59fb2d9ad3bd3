"""Listening in: a supervisor's leg in the room of a conversation.

A supervisor listens (heard by nobody), whispers (heard by the agent alone) or barges in (heard by
both), and may change between these. The leg is a guest of the conversation: it ends with it, its
end changes nothing else, and it takes no agent's slot.
"""

from acd.board import Board
from acd.commands import ChangeSupervision, SuperviseTalk
from acd.engine import availability, talks
from acd.events import Supervision, SupervisionAsked, SupervisionEnded
from acd.ids import LegId
from acd.legs import Leg
from acd.notices import TalkSupervised
from acd.reservations import Reservation


def asked(board: Board, event: SupervisionAsked) -> None:
    """Take `SupervisionAsked`: join, or change how to be heard."""
    talk = talks.of_agent(board, event.agent_id)
    leg = None if talk is None else guest(board, talk, event.supervisor_id)
    if talk is None or (leg is not None and leg.mode == event.mode):
        board.stale_count += 1
        return
    if leg is None:
        _join(board, talk, event)
    else:
        leg.mode = event.mode
        follow(board, leg)
    _tell(board, talk, event.supervisor_id, event.mode)


def _join(board: Board, talk: Reservation, event: SupervisionAsked) -> None:
    leg_id = LegId(board.ids.next())
    leg = board.legs[leg_id] = Leg(leg_id, talk.agent_id, talk.room, is_standing=False)
    leg.supervisor_id, leg.mode, leg.heard_as = event.supervisor_id, event.mode, event.mode
    talk.guests += (leg_id,)
    board.order(SuperviseTalk(leg_id, event.supervisor_id, talk.room, event.mode, talk.leg_id))


def follow(board: Board, leg: Leg) -> None:
    """Let a supervisor be heard as they want to be, once they are in the room."""
    reservation_id = board.agents[leg.agent_id].reservation_id
    talk = board.reservations.get(reservation_id) if reservation_id else None
    is_guest = talk is not None and leg.leg_id in talk.guests
    if talk is None or not (is_guest and leg.is_joined) or leg.mode == leg.heard_as:
        return
    leg.heard_as = leg.mode
    mode = Supervision(leg.mode)
    board.order(ChangeSupervision(leg.leg_id, leg.sid, talk.room, mode, talk.leg_id))


def ended(board: Board, event: SupervisionEnded) -> None:
    """Take `SupervisionEnded`: the supervisor leaves."""
    talk = talks.of_agent(board, event.agent_id)
    leg = None if talk is None else guest(board, talk, event.supervisor_id)
    if talk is None or leg is None:
        board.stale_count += 1
        return
    availability.dismiss_leg(board, leg)
    leave(board, talk, leg)


def leave(board: Board, talk: Reservation, leg: Leg) -> None:
    """Note that a guest is no longer in a conversation."""
    talk.guests = tuple(guest for guest in talk.guests if guest != leg.leg_id)
    _tell(board, talk, leg.supervisor_id, "")


def guest(board: Board, talk: Reservation, supervisor_id: str) -> Leg | None:
    """Return the leg of a supervisor who takes part in a conversation."""
    for leg_id in talk.guests:
        if board.legs[leg_id].supervisor_id == supervisor_id:
            return board.legs[leg_id]
    return None


def _tell(board: Board, talk: Reservation, supervisor_id: str, mode: str) -> None:
    board.tell(TalkSupervised(board.now_ms, talk.call_id, talk.agent_id, supervisor_id, mode))
