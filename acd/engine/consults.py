"""Consults: an agent speaks with somebody else while the customer holds, in the same room.

A consult with a colleague is a call of its own in the ordinary lines (`Direction.INTERNAL`), with
the place of the customer it is about. So whoever may help is found as for any call, by queue,
skills and place; and who is taken is taken for everybody. It is no contact: it has no customer's
leg, is not offered in the sense of measures, and whoever was consulted has no work after it. The
colleague is rung into the customer's room; a standing leg is brought there, and back at the end.

A consult with a party outside is a guest of the talk, as a supervisor is.

    asking       the colleague is looked for, or rings; the agent may go back to the customer
    consulting   both hear each other, the customer hears music
    merged       all three hear each other: the customer was taken off hold

Who is consulted, keeps the customer or leaves is told in `acd.engine.handovers`.
"""

from acd.agents import Agent, AgentState, Presence
from acd.board import Board
from acd.calls import CALL_STATES, Call, CallState, CallStep
from acd.channels import Channel
from acd.commands import HoldCall, RingOutside
from acd.engine import availability, offers, talks, waiting
from acd.events import AgentMergedCall, ConsultAsked, ConsultEnded
from acd.ids import NO_SID, AgentId, CallId, LegId, QueueId, Room
from acd.legs import Leg, LegState
from acd.messages import EventError
from acd.notices import (
    ActionRefused,
    ConsultClosed,
    ConsultEnd,
    ConsultJoined,
    ConsultOpened,
    Direction,
)
from acd.reservations import Reservation, ReservationState


def talk_with_customer(board: Board, agent_id: AgentId) -> Reservation | None:
    """Return the conversation an agent has with a customer; being consulted is none."""
    talk = talks.of_agent(board, agent_id)
    if talk is None or board.calls[talk.call_id].asked_by is not None:
        return None
    return talk


def partner(board: Board, talk: Reservation) -> Reservation | Leg | None:
    """Return who is consulted and there: a colleague, a party outside, or nobody yet."""
    if talk.consult_id is not None:
        consult = board.calls[talk.consult_id]
        is_there = consult.state is CallState.TALKING and consult.reservation_id is not None
        return board.reservations[consult.reservation_id] if is_there else None  # type: ignore[index]  # mypy forgets the check above
    if talk.outside_leg_id is not None:
        leg = board.legs[talk.outside_leg_id]
        return leg if leg.state is LegState.UP else None
    return None


def is_consulting(talk: Reservation) -> bool:
    """Tell whether somebody is consulted or asked for."""
    return talk.consult_id is not None or talk.outside_leg_id is not None


# --- asking ----------------------------------------------------------------------------------


def asked(board: Board, event: ConsultAsked) -> None:
    """Take `ConsultAsked`."""
    _check(board, event)
    talk = talk_with_customer(board, event.agent_id)
    if talk is None or is_consulting(talk):
        board.stale_count += 1
    elif event.number_name:
        leg_id = ring_outside(board, talk.agent_id, event.number_name, talk.room)
        talk.guests += (leg_id,)
        talk.outside_leg_id = leg_id
        _hold(board, talk)
        _tell_opened(board, talk, leg_id, event.number_name)
    elif event.to_agent_id is not None:
        _ask_colleague(board, talk, board.agents[event.to_agent_id])
    else:
        assert event.queue_id is not None, "a consult names one party"
        _ask_queue(board, talk, event.queue_id, event)


def _check(board: Board, event: ConsultAsked) -> None:
    """Refuse what can never be.

    Raises:
        EventError: Whoever asked must name one party, who is in the settings.
    """
    agent = board.agent(event.agent_id)
    named = [event.queue_id is not None, event.to_agent_id is not None, bool(event.number_name)]
    if named.count(True) != 1:
        raise EventError("a consult is with a queue, an agent or a number; name one of them")
    if event.queue_id is not None:
        board.check_needs(event.queue_id, event.skills)
        board.check_channel(event.queue_id, Channel.VOICE)
    if event.to_agent_id is not None:
        board.agent(event.to_agent_id)
        if event.to_agent_id == event.agent_id:
            raise EventError(f"agent '{event.agent_id}' cannot consult themselves")
    if event.number_name:
        check_number(board, agent, event.number_name)


def check_number(board: Board, agent: Agent, number_name: str) -> None:
    """Refuse a number outside that this agent may not use.

    Raises:
        EventError: The number is in no directory, or the agent lacks the right.
    """
    if number_name not in board.config.directory:
        # The name is not shown: somebody may have typed a customer's number for it.
        known = ", ".join(board.config.directory) or "none"
        raise EventError(f"the directory has no number of that name; it has: {known}")
    if not agent.config.may_transfer_out:
        raise EventError(f"agent '{agent.agent_id}' may not bring in numbers outside")


def ring_outside(board: Board, agent_id: AgentId, number_name: str, room: Room) -> LegId:
    """Ring a number of the directory into a room."""
    leg_id = LegId(board.ids.next())
    leg = board.legs[leg_id] = Leg(leg_id, agent_id, room, is_standing=False)
    leg.number_name = number_name
    board.order(RingOutside(leg_id, agent_id, number_name, room, board.config.outside_ring_ms))
    return leg_id


def _ask_colleague(board: Board, talk: Reservation, colleague: Agent) -> None:
    why_not = _why_not(board, colleague)
    if why_not:
        refuse(board, talk.agent_id, f"agent '{colleague.agent_id}' {why_not}")
        return
    consult = _open(board, talk, talk.queue_id)
    # Asked of one agent, it is over when they do not take it.
    consult.is_overdue = True
    _tell_opened(board, talk, consult.call_id, colleague.agent_id)
    offers.make(board, colleague, consult)


def _why_not(board: Board, colleague: Agent) -> str:
    if colleague.presence is not Presence.READY:
        return "is not ready"
    if colleague.state is not AgentState.IDLE:
        return "is busy"
    return "" if availability.is_available(board, colleague) else "cannot be reached now"


def refuse(board: Board, who: str, why: str) -> None:
    """Say why what somebody asked for cannot be done just now."""
    board.stale_count += 1
    board.tell(ActionRefused(board.now_ms, who, why))


def _ask_queue(board: Board, talk: Reservation, queue_id: QueueId, event: ConsultAsked) -> None:
    consult = _open(board, talk, queue_id)
    consult.skills, consult.excluded = event.skills, (talk.agent_id,)
    _tell_opened(board, talk, consult.call_id, queue_id)
    waiting.limit(board, consult, board.config.consult_ms_max)
    board.entered.append(consult)


def _open(board: Board, talk: Reservation, queue_id: QueueId) -> Call:
    """Open a consult in the place of the customer it is about."""
    customer = board.calls[talk.call_id]
    consult_id = CallId(board.ids.next())
    consult = Call(consult_id, Direction.INTERNAL, customer.customer_id, NO_SID)
    consult.asked_by, consult.queue_id = talk.reservation_id, queue_id
    consult.queued_at_ms, consult.order = customer.queued_at_ms, customer.order
    consult.priority, consult.waiting_since_ms = customer.priority, board.now_ms
    consult.state = CALL_STATES.force(consult.state, CallStep.QUEUED)
    board.calls[consult_id] = consult
    talk.consult_id = consult_id
    _hold(board, talk)
    return consult


def _tell_opened(board: Board, talk: Reservation, consult_id: str, to: str) -> None:
    board.tell(
        ConsultOpened(board.now_ms, talk.call_id, talk.agent_id, talk.queue_id, consult_id, to)
    )


# --- while it lasts --------------------------------------------------------------------------


def set_hold(board: Board, talk: Reservation, *, is_on_hold: bool) -> None:
    """Let the customer hear music, or the room again."""
    call = board.calls[talk.call_id]
    talks.note_hold(board, talk, is_on_hold=is_on_hold)
    board.order(HoldCall(call.call_id, call.sid, talk.room, is_on_hold))


def _hold(board: Board, talk: Reservation) -> None:
    if not talk.is_on_hold:
        set_hold(board, talk, is_on_hold=True)


def review(board: Board, agent: Agent) -> None:
    """Begin a consult whose colleague has agreed and is in the room."""
    held = board.reservations.get(agent.reservation_id) if agent.reservation_id else None
    if held is None or held.state is not ReservationState.CONNECTING:
        return
    consult, leg = board.calls[held.call_id], board.legs[held.leg_id]
    if consult.asked_by is None or not leg.is_joined or leg.room != held.room:
        return
    talk = board.reservations[consult.asked_by]
    talks.connect(board, held, consult)
    _joined(board, talk, consult.call_id, agent.agent_id)


def outside_answered(board: Board, talk: Reservation, leg: Leg) -> None:
    """Note that a consulted party outside has picked up."""
    _joined(board, talk, leg.leg_id, leg.number_name)


def _joined(board: Board, talk: Reservation, consult_id: str, partner_name: str) -> None:
    """Whoever comes speaks with the agent first, also if the customer is not held any more."""
    _hold(board, talk)
    board.tell(
        ConsultJoined(
            board.now_ms, talk.call_id, talk.agent_id, talk.queue_id, consult_id, partner_name
        )
    )


def merged(board: Board, event: AgentMergedCall) -> None:
    """Take `AgentMergedCall`."""
    talk = talk_with_customer(board, event.agent_id)
    if talk is None or not is_consulting(talk):
        board.stale_count += 1
    elif partner(board, talk) is None:
        refuse(board, event.agent_id, "nobody has answered the consult yet")
    elif talk.is_on_hold:
        set_hold(board, talk, is_on_hold=False)
    else:
        board.stale_count += 1


# --- the end ---------------------------------------------------------------------------------


def ended(board: Board, event: ConsultEnded) -> None:
    """Take `ConsultEnded`: back to the customer."""
    talk = talk_with_customer(board, event.agent_id)
    if talk is None or not is_consulting(talk):
        board.stale_count += 1
        return
    drop(board, talk, ConsultEnd.RETURNED)
    if talk.is_on_hold:
        set_hold(board, talk, is_on_hold=False)


def drop(board: Board, talk: Reservation, end: ConsultEnd) -> None:
    """End a talk's consult, if there is one, in whatever it is; the customer stays as they are."""
    if talk.consult_id is not None:
        _drop_colleague(board, board.calls[talk.consult_id], end)
    if talk.outside_leg_id is not None:
        leg = board.legs[talk.outside_leg_id]
        availability.dismiss_leg(board, leg)
        forget_outside(board, talk, leg, end)


def _drop_colleague(board: Board, consult: Call, end: ConsultEnd) -> None:
    if consult.state is CallState.OFFERED:
        offers.cancel(board, consult)
    elif consult.reservation_id is not None:
        talks.part(board, board.reservations[consult.reservation_id])
        consult.reservation_id = None
    waiting.close_consult(board, consult, end)


def hand_on(board: Board, consult: Call) -> None:
    """Close a consult whose colleague keeps the customer: their reservation lives on."""
    consult.reservation_id = None
    waiting.close_consult(board, consult, ConsultEnd.TRANSFERRED)


def colleague_left(board: Board, held: Reservation) -> None:
    """End a consult that the colleague has left; the agent has the customer."""
    _drop_colleague(board, board.calls[held.call_id], ConsultEnd.LEFT)


def forget_outside(board: Board, talk: Reservation, leg: Leg, end: ConsultEnd) -> None:
    """Note that a party outside is no longer consulted."""
    talk.guests = tuple(guest for guest in talk.guests if guest != leg.leg_id)
    talk.outside_leg_id = None
    board.tell(
        ConsultClosed(board.now_ms, talk.call_id, talk.agent_id, talk.queue_id, leg.leg_id, end)
    )
