"""What must always hold between two events, checked by looking at everything.

The engine keeps these by construction; this module believes nothing and counts again. It is slow on
purpose (O(agents + calls + lines)) and runs after every event in tests, and now and then in a live
centre. The names say what a supervisor would miss first.

Two things are not seen from one state: that waits are never reset (calls keep `queued_at_ms`; a
`Watch` compares states) and that replay is exact (properties of the test suite).
"""

from collections import Counter

from acd.agents import Agent, AgentState, Presence
from acd.board import Board
from acd.calls import Call, CallState
from acd.cases import Case, CaseState
from acd.channels import Channel
from acd.ids import CallId, LegId, Room
from acd.legs import LegState
from acd.messages import EngineError
from acd.notices import ContactOutcome
from acd.queues import SLACK
from acd.recordings import RecordingState
from acd.reservations import Reservation, ReservationState


def check(board: Board) -> None:
    """Check everything.

    Raises:
        EngineError: Something does not hold; the sentence says what, and for whom.
    """
    for slot in board.slots.values():
        _check_agent(board, slot)
    for call in board.calls.values():
        _check_call(board, call)
    for reservation in board.reservations.values():
        _check_reservation(board, reservation)
    for case in board.cases.values():
        _check_case(board, case)
    _check_legs(board)
    _check_deadlines(board)
    _check_lines(board)
    _check_work_conserved(board)


def _require(condition: object, sentence: str) -> None:
    if not condition:
        raise EngineError(sentence)


def _check_agent(board: Board, agent: Agent) -> None:
    """A slot has at most one contact, and is free exactly when nothing holds it."""
    name = f"slot '{agent.slot_id}'"
    held = board.reservations.get(agent.reservation_id) if agent.reservation_id else None
    is_held = agent.state in (AgentState.RESERVED, AgentState.TALKING)
    _require(is_held == (held is not None), f"{name} is {agent.state} but holds {held}")
    if held is not None:
        _require(held.slot_id == agent.slot_id, f"{name} holds another slot's reservation")
        is_talking = held.state is ReservationState.CONNECTED
        _require(
            is_talking == (agent.state is AgentState.TALKING),
            f"{name} is {agent.state} in a reservation that is {held.state}",
        )
    _require(
        (agent.call_id is None) == (agent.state is AgentState.IDLE),
        f"{name} is {agent.state} with contact {agent.call_id}",
    )
    has_wrap_up = board.deadlines.is_set(agent.wrap_up_ticket)
    _require(
        has_wrap_up == (agent.state is AgentState.WRAP_UP),
        f"{name} is {agent.state} and a wrap-up deadline is {has_wrap_up}",
    )
    _require(
        not agent.retry_ticket or board.deadlines.is_set(agent.retry_ticket),
        f"{name} is held back for ever",
    )
    if agent.state is AgentState.IDLE:
        _require(agent.wanted is None, f"{name} is idle and still waits to be {agent.wanted}")
    _check_free(board, agent, name)


def _check_free(board: Board, agent: Agent, name: str) -> None:
    leg = board.legs.get(agent.standing_leg_id) if agent.standing_leg_id else None
    _require(agent.standing_leg_id is None or leg is not None, f"{name} has no standing leg")
    is_up = leg is not None and leg.state is LegState.UP and leg.is_joined
    should_be_free = (
        agent.presence is Presence.READY
        and agent.state is AgentState.IDLE
        and not agent.retry_ticket
        and not agent.is_silent
        and (is_up or not agent.config.standing or agent.channel is Channel.MESSAGE)
        and not _is_withheld(board, agent)
    )
    _require(
        should_be_free == bool(agent.free_ticket),
        f"{name} is {agent.presence} and {agent.state}, but free is {bool(agent.free_ticket)}",
    )


def _is_withheld(board: Board, agent: Agent) -> bool:
    """Tell whether the agent's other slots stand in the way, counted anew."""
    others = [slot for slot in board.all_slots(agent.agent_id) if slot is not agent]
    busy = [slot.channel for slot in others if slot.state is not AgentState.IDLE]
    if agent.channel is Channel.VOICE:
        return Channel.MESSAGE in busy and not board.config.calls_during_messages
    is_behind = any(
        slot.channel is Channel.MESSAGE
        and slot.state is AgentState.IDLE
        and not slot.is_retired
        and _number(slot) < _number(agent)
        for slot in others
    )
    is_held_back = any(
        slot.retry_ticket for slot in (*others, agent) if slot.channel is Channel.MESSAGE
    )
    is_calling = Channel.VOICE in busy and not board.config.messages_during_calls
    return is_behind or is_held_back or is_calling or agent.is_retired


def _number(slot: Agent) -> int:
    """Return a conversation slot's number among those of its agent."""
    return int(slot.slot_id.rpartition("/")[2])


def _check_call(board: Board, call: Call) -> None:
    """A call is in exactly one place."""
    name = f"call '{call.call_id}'"
    held = board.reservations.get(call.reservation_id) if call.reservation_id else None
    _check_company(board, call, name)
    _require(call.state is not CallState.ENDED, f"{name} has ended and is still kept")
    _require(call.call_id not in board.ended, f"{name} has ended and goes on")
    _require(
        (call.state in (CallState.OFFERED, CallState.TALKING)) == (held is not None),
        f"{name} is {call.state} with reservation {held}",
    )
    if held is not None:
        _require(held.call_id == call.call_id, f"{name} has another call's reservation")
    _require(
        not call.rivals or call.state is CallState.OFFERED,
        f"{name} is {call.state} and still rings {call.rivals}",
    )
    is_dormant = call.state is CallState.DORMANT
    _require(
        board.deadlines.is_set(call.callback_ticket) == is_dormant,
        f"{name} is {call.state}: the deadline of its callback is not as it should be",
    )
    for rival_id in call.rivals:
        rival = board.reservations.get(rival_id)
        _require(rival is not None, f"{name} has the ended offer {rival_id}")
        assert rival is not None, "required above"
        _require(rival.call_id == call.call_id, f"{name} has another call's offer")
        _require(
            rival.state not in (ReservationState.CONNECTING, ReservationState.CONNECTED),
            f"{name} was taken by two agents",
        )
    _require(
        bool(call.line_ticket) == (call.state is CallState.WAITING),
        f"{name} is {call.state}, but in a line is {bool(call.line_ticket)}",
    )
    _require(
        call.outcome in (None, ContactOutcome.CONNECTED)
        or call.state in (CallState.TALKING, CallState.LEAVING)
        or call.state is CallState.IN_FLOW,
        f"{name} is {call.state} and has its outcome already",
    )


def _check_company(board: Board, call: Call, name: str) -> None:
    """A consult belongs to a talk that knows it; who is outside has a living leg beside them."""
    if call.asked_by is not None:
        talk = board.reservations.get(call.asked_by)
        _require(
            talk is not None
            and talk.state is ReservationState.CONNECTED
            and talk.consult_id == call.call_id,
            f"{name} is a consult of nobody",
        )
    is_with_agent = call.state is CallState.TALKING
    _require(
        is_with_agent or call.recording is RecordingState.OFF,
        f"{name} is {call.state} and recorded",
    )
    _require(
        board.deadlines.is_set(call.recording_ticket) == (call.recording is RecordingState.PAUSED),
        f"{name}: the deadline of its paused recording is not as it should be",
    )
    is_outside = call.state is CallState.OUTSIDE
    _require(
        is_outside == (call.outside_leg_id is not None),
        f"{name} is {call.state} with the outside leg {call.outside_leg_id}",
    )
    if call.outside_leg_id is not None:
        leg = board.legs.get(call.outside_leg_id)
        _require(
            leg is not None
            and leg.state is not LegState.ENDING
            and leg.call_id == call.call_id
            and leg.room == Room(call.call_id),
            f"{name} is alone: the leg {call.outside_leg_id} is not with them",
        )


def _check_reservation(board: Board, reservation: Reservation) -> None:
    """A reservation is known to its agent and its call, and has a deadline until the bridge."""
    name = f"reservation {reservation.reservation_id}"
    agent, call = board.slots[reservation.slot_id], board.calls.get(reservation.call_id)
    _require(agent.reservation_id == reservation.reservation_id, f"{name}: agent does not know it")
    _require(call is not None, f"{name}: its call is gone")
    assert call is not None, "required above"
    _require(
        reservation.reservation_id in (call.reservation_id, *call.rivals),
        f"{name}: call does not know it",
    )
    is_before_bridge = reservation.state is not ReservationState.CONNECTED
    _require(
        board.deadlines.is_set(reservation.ticket) == is_before_bridge,
        f"{name} is {reservation.state}: deadline is not as it should be",
    )
    leg = board.legs.get(reservation.leg_id)
    has_voice = reservation.channel is Channel.VOICE
    _require((leg is not None) == has_voice, f"{name}: carries {reservation.channel}, leg is {leg}")
    if leg is not None:
        _require(leg.state is not LegState.ENDING, f"{name}: its leg is being ended")
    _check_consult(board, reservation, call, name)


def _check_consult(board: Board, reservation: Reservation, call: Call, name: str) -> None:
    """A talk consults one party, who is in its room; whoever is consulted consults nobody."""
    if call.asked_by is not None:
        _require(reservation.consult_id is None, f"{name}: a consulted agent consults")
        owner = board.reservations[call.asked_by]
        _require(reservation.room == owner.room, f"{name}: not in the room of its consult")
    if reservation.consult_id is not None:
        consult = board.calls.get(reservation.consult_id)
        _require(
            consult is not None and consult.asked_by == reservation.reservation_id,
            f"{name} has the ended consult {reservation.consult_id}",
        )
        _require(reservation.outside_leg_id is None, f"{name} consults two parties")
    if reservation.outside_leg_id is not None:
        _require(
            reservation.outside_leg_id in reservation.guests,
            f"{name}: the consulted party is no guest",
        )
    for guest in reservation.guests:
        _require(guest in board.legs, f"{name} has the ended guest {guest}")


def _check_case(board: Board, case: Case) -> None:
    """An open case is never forgotten: something stands for it, and it is due or overdue."""
    name = f"case '{case.case_id}'"
    call = board.calls.get(case.call_id) if case.call_id is not None else None
    is_planned = board.deadlines.is_set(case.task_ticket)
    if case.state is CaseState.SETTLED:
        _require(not is_planned, f"{name} is settled and comes back")
        _require(case.case_id in board.settled, f"{name} is settled and kept for ever")
        return
    _require(
        is_planned != (call is not None),
        f"{name} is {case.state}: in line is {call is not None}, to come is {is_planned}",
    )
    if call is not None:
        _require(call.case_id == case.case_id, f"{name} has another case's contact")
    _require(
        board.deadlines.is_set(case.overdue_ticket) != case.is_overdue,
        f"{name}: overdue is {case.is_overdue}, and the deadline is not as it should be",
    )


def _check_legs(board: Board) -> None:
    """No leg without a purpose stays up."""
    in_use = {held.leg_id for held in board.reservations.values()}
    in_use |= {guest for held in board.reservations.values() for guest in held.guests}
    in_use |= {agent.standing_leg_id for agent in board.agents.values() if agent.standing_leg_id}
    in_use |= {call.outside_leg_id for call in board.calls.values() if call.outside_leg_id}
    in_rooms = {held.leg_id: held.room for held in board.reservations.values()}
    for leg in board.legs.values():
        _require(
            leg.leg_id in in_use or leg.state is LegState.ENDING,
            f"leg {leg.leg_id} serves nobody and is not being ended",
        )
        if leg.is_standing:
            where = in_rooms.get(leg.leg_id, Room(leg.leg_id))
            _require(
                leg.room in (where, Room(leg.leg_id)), f"standing leg {leg.leg_id} is {leg.room}"
            )


def _check_deadlines(board: Board) -> None:
    """Every deadline lies ahead, and few dead ones are kept."""
    due_ms = board.deadlines.next_due_ms
    _require(due_ms is None or due_ms > board.now_ms, f"a deadline of {due_ms} was passed over")
    _require(
        board.deadlines.garbage <= len(board.deadlines) + SLACK, "too many cancelled deadlines"
    )


def _check_lines(board: Board) -> None:
    """Each line counts its calls and agents rightly, and keeps few dead entries."""
    waiting: Counter[int] = Counter()
    for call in board.calls.values():
        if call.line_ticket and call.queue_id is not None:
            waiting[id(board.queues.line_of(call))] += 1
    free: Counter[int] = Counter()
    for agent in board.slots.values():
        if agent.free_ticket:
            free.update(id(line) for line in board.queues.lines_of(agent))
    for line in board.queues.lines:
        name = f"the line of queue '{line.queue.queue_id}'"
        _require(line.waiting_count == waiting[id(line)], f"{name} counts its calls wrongly")
        _require(line.free_count == free[id(line)], f"{name} counts its agents wrongly")
        live = line.waiting_count + line.free_count
        _require(line.garbage <= live + 2 * SLACK, f"{name} keeps too many dead entries")


def _check_work_conserved(board: Board) -> None:
    """Nobody is free beside a call they may take."""
    free = [agent for agent in board.slots.values() if agent.free_ticket]
    for call in board.calls.values():
        if call.state is CallState.WAITING:
            line = board.queues.line_of(call)
            for agent in free:
                _require(
                    line not in board.queues.lines_of(agent) or agent.agent_id in call.excluded,
                    f"call '{call.call_id}' waits while '{agent.agent_id}' is free for it",
                )


class Watch:
    """Compares one state with the next: waits are never reset and places never change.

    Call it after every event.
    """

    def __init__(self, board: Board) -> None:
        self._board = board
        self._places: dict[CallId, tuple[int, int]] = {}
        self._now_ms = board.now_ms
        self._legs: set[LegId] = set()

    def check(self) -> None:
        """Check the state, and what may not have changed since the last check.

        Raises:
            EngineError: Something does not hold.
        """
        board = self._board
        check(board)
        _require(board.now_ms >= self._now_ms, "time ran backwards")
        self._now_ms = board.now_ms
        for call_id, place in self._places.items():
            call = board.calls.get(call_id)
            if call is not None:
                _require(
                    (call.queued_at_ms, call.order) == place, f"call '{call_id}' lost its place"
                )
        self._places = {
            call.call_id: (call.queued_at_ms, call.order)
            for call in board.calls.values()
            if call.order
        }
