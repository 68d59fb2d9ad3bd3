"""What agents tell: presence, offers taken or declined, the end of talks and of the work after."""

from acd.agents import SIGNED_IN, Declaration
from acd.board import Board
from acd.engine import availability, consults, offers, talks
from acd.events import (
    AgentFellSilent,
    AgentHeardAgain,
    AgentSignedIn,
    AgentSignedOut,
    AgentWentNotReady,
    AgentWentReady,
    OfferAccepted,
    OfferRejected,
    WrapUpEnded,
    WrapUpExtended,
)
from acd.ids import AgentId
from acd.messages import EventError


def signed_in(board: Board, event: AgentSignedIn) -> None:
    """Take `AgentSignedIn`; signing in again, even during an offer, changes nothing."""
    if board.agent(event.agent_id).is_retired:
        raise EventError(f"agent '{event.agent_id}' is no longer in the settings")
    _declare(board, event.agent_id, Declaration.SIGNED_IN, SIGNED_IN)


def went_ready(board: Board, event: AgentWentReady) -> None:
    """Take `AgentWentReady`."""
    _declare(board, event.agent_id, Declaration.WENT_READY)


def went_not_ready(board: Board, event: AgentWentNotReady) -> None:
    """Take `AgentWentNotReady`."""
    _declare(board, event.agent_id, Declaration.WENT_NOT_READY, event.reason)


def signed_out(board: Board, event: AgentSignedOut) -> None:
    """Take `AgentSignedOut`."""
    _declare(board, event.agent_id, Declaration.SIGNED_OUT)


def _declare(board: Board, agent_id: AgentId, declaration: Declaration, reason: str = "") -> None:
    """Tell each slot of an agent, which honours it at once or at the end of its contact."""
    first = board.agent(agent_id)
    availability.declare(board, first, declaration, reason)
    for slot in board.slots_of.get(agent_id, ())[1:]:
        if not slot.is_retired:
            availability.declare(board, slot, declaration, reason)


def fell_silent(board: Board, event: AgentFellSilent) -> None:
    """Take `AgentFellSilent`."""
    availability.set_silent(board, board.agent(event.agent_id), is_silent=True)


def heard_again(board: Board, event: AgentHeardAgain) -> None:
    """Take `AgentHeardAgain`."""
    availability.set_silent(board, board.agent(event.agent_id), is_silent=False)


def ended_wrap_up(board: Board, event: WrapUpEnded) -> None:
    """Take `WrapUpEnded`."""
    talks.end_wrap_up(board, event.agent_id, event.disposition)


def extended_wrap_up(board: Board, event: WrapUpExtended) -> None:
    """Take `WrapUpExtended`."""
    talks.extend_wrap_up(board, event.agent_id, event.extension_ms)


def accepted(board: Board, event: OfferAccepted) -> None:
    """Take `OfferAccepted`."""
    offers.accept(board, event.reservation_id)
    held = board.reservations.get(event.reservation_id)
    if held is not None:
        consults.review(board, board.agents[held.agent_id])


def rejected(board: Board, event: OfferRejected) -> None:
    """Take `OfferRejected`."""
    offers.reject(board, event.reservation_id)
