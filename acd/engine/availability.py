"""When an agent is free for a contact, and what takes that away.

Every change of presence or state goes through here, so that the free heaps, the agent's place among
the idle and the notices never disagree. An agent who becomes free is put on `board.freed` and
matched at the end of the event.
"""

from acd.agents import (
    AGENT_STATES,
    LEG_FAILED,
    PRESENCES,
    Agent,
    AgentState,
    AgentStep,
    Declaration,
    Presence,
)
from acd.board import Board
from acd.channels import Channel
from acd.commands import EndLeg, MoveLeg, OpenStandingLeg
from acd.config import HOUR_MS
from acd.deadlines import NO_TICKET
from acd.engine import slots
from acd.ids import LegId, Room, SlotId
from acd.legs import LEGS, Leg, LegState, LegStep
from acd.notices import SlotChanged
from acd.workload import add_busy, busy_ms

PERCENT = 100

LAST = 1_000
"""The tier of those who were busy for too much of the last hour."""

RETRY = "acd.retry"
"""Kind of the deadline until which an agent is held back after an offer in vain."""


def is_available(board: Board, agent: Agent) -> bool:
    """Tell whether an agent could be offered a contact now (see `acd.agents`)."""
    return (
        agent.presence is Presence.READY
        and agent.state is AgentState.IDLE
        and not agent.retry_ticket
        and not agent.is_silent
        and (
            agent.channel is Channel.MESSAGE
            or not agent.config.standing
            or is_standing(board, agent)
        )
        and (agent.agent_id not in board.slots_of or not slots.is_withheld(board, agent))
    )


def is_standing(board: Board, agent: Agent) -> bool:
    """Tell whether the agent's standing leg is up and in its room."""
    leg = board.legs.get(agent.standing_leg_id) if agent.standing_leg_id else None
    return leg is not None and leg.state is LegState.UP and leg.is_joined


def review(board: Board, agent: Agent) -> None:
    """Enter the agent as free, or take them out, as they are now."""
    if not is_available(board, agent):
        board.queues.set_taken(agent)
    elif not agent.free_ticket:
        board.freed.append(agent)


def declare(board: Board, agent: Agent, declaration: Declaration, reason: str = "") -> None:
    """Take what an agent declares, now or, during a contact, for its end."""
    heard = agent.presence if agent.wanted is None else agent.wanted
    following = PRESENCES.turn(heard, declaration)
    if following is None:
        board.stale_count += 1
        return
    agent.wanted, agent.wanted_reason = following, reason
    if agent.state is AgentState.IDLE:
        honour(board, agent)


def honour(board: Board, agent: Agent) -> None:
    """Let what the agent declared last be so. Called when they are idle."""
    if agent.wanted is not None:
        _become(board, agent, agent.wanted)
    keep_standing_leg(board, agent)
    review(board, agent)


def _become(board: Board, agent: Agent, presence: Presence) -> None:
    agent.wanted = None
    if agent.presence is Presence.SIGNED_OUT and presence is not Presence.SIGNED_OUT:
        _begin_shift(board, agent)
    if presence is Presence.READY and agent.presence is not Presence.READY:
        take_new_place(board, agent)
        agent.missed_count = 0
        end_retry(board, agent)
    agent.presence, agent.reason = presence, agent.wanted_reason
    is_signed_in = presence is not Presence.SIGNED_OUT
    board.queues.set_signed_in(agent, is_signed_in=is_signed_in)
    agent.wanted_reason = ""
    if agent.channel is Channel.VOICE:
        board.note_change(agent)


def _begin_shift(board: Board, agent: Agent) -> None:
    agent.signed_in_at_ms = board.now_ms
    agent.handled_count = agent.busy_ms = 0
    agent.is_silent = False


def put_not_ready(board: Board, agent: Agent, reason: str) -> None:
    """Make an agent not ready for a reason of the system, unless they asked for less still."""
    for slot in board.all_slots(agent.agent_id):
        if (slot.presence if slot.wanted is None else slot.wanted) is Presence.READY:
            declare(board, slot, Declaration.WENT_NOT_READY, reason)


def move_to(board: Board, agent: Agent, step: AgentStep) -> None:
    """Change the state of a slot by a step of our own."""
    agent.state = AGENT_STATES.force(agent.state, step)
    now_ms = agent.state_since_ms = board.now_ms
    if agent.state is AgentState.RESERVED:
        agent.busy_since_ms = now_ms
    elif agent.state is AgentState.IDLE:
        agent.reservation_id = agent.call_id = agent.queue_id = None
        agent.busy_ms += now_ms - agent.busy_since_ms
        if board.config.occupancy_percent_max < PERCENT:
            agent.recent = add_busy(agent.recent, agent.busy_since_ms, now_ms)
    if agent.channel is Channel.VOICE:
        board.note_change(agent)
    else:
        board.tell(SlotChanged(now_ms, agent.agent_id, agent.slot_id, agent.state, agent.call_id))
    if agent.agent_id in board.slots_of:
        _review_others(board, agent)


def _review_others(board: Board, agent: Agent) -> None:
    """Look again at the agent's other slots: how many contacts they have is another number."""
    for slot in board.slots_of[agent.agent_id]:
        if slot is not agent:
            if slot.channel is Channel.MESSAGE:
                board.queues.set_taken(slot)
            review(board, slot)


def become_idle(board: Board, agent: Agent, step: AgentStep) -> None:
    """End what the slot was doing, honour what was declared meanwhile, and be free if so."""
    move_to(board, agent, step)
    honour(board, agent)


def is_overworked(board: Board, agent: Agent) -> bool:
    """Tell whether an agent was busy for too much of the last hour, and so goes last."""
    percent_max = board.config.occupancy_percent_max
    if percent_max >= PERCENT:
        return False
    at_work_ms = min(max(board.now_ms - agent.signed_in_at_ms, 1), HOUR_MS)
    return PERCENT * busy_ms(agent.recent, board.now_ms) > percent_max * at_work_ms


def tier(board: Board, agent: Agent) -> int:
    """Return behind how many others' tiers a free slot stands: the busier, the later."""
    if agent.channel is Channel.MESSAGE:
        return slots.conversation_count(board, agent)
    return LAST if is_overworked(board, agent) else 0


def set_silent(board: Board, agent: Agent, *, is_silent: bool) -> None:
    """Note that the agent's desk is not heard, or heard again; an offer that rings goes on."""
    if agent.is_silent == is_silent or agent.presence is Presence.SIGNED_OUT:
        board.stale_count += 1
    else:
        for slot in board.all_slots(agent.agent_id):
            slot.is_silent = is_silent
            review(board, slot)


def take_new_place(board: Board, agent: Agent) -> None:
    """Put the agent last among the idle: they have just become so."""
    agent.idle_since_ms = board.now_ms
    agent.idle_order = board.next_order()


def hold_back(board: Board, agent: Agent, retry_ms: int) -> None:
    """Offer nothing to the agent for a while, and put them last among the idle then."""
    end_retry(board, agent)
    if retry_ms:
        due_ms = board.now_ms + retry_ms
        agent.retry_ticket = board.deadlines.put(due_ms, RETRY, agent.slot_id)
    take_new_place(board, agent)


def end_retry(board: Board, agent: Agent) -> None:
    """Hold the agent back no longer."""
    board.deadlines.cancel(agent.retry_ticket)
    agent.retry_ticket = NO_TICKET


def retry_over(board: Board, slot_id: str) -> None:
    """Carry out the deadline `RETRY`."""
    agent = board.slots[SlotId(slot_id)]
    agent.retry_ticket = NO_TICKET
    review(board, agent)
    if agent.agent_id in board.slots_of:
        _review_others(board, agent)


def dismiss_leg(board: Board, leg: Leg) -> None:
    """End a leg by name; it is remembered until the carrier says it is over."""
    leg.state = LEGS.force(leg.state, LegStep.DISMISSED)
    board.order(EndLeg(leg.leg_id, leg.sid))


def move_leg(board: Board, leg: Leg, room: Room) -> None:
    """Bring a leg into another room."""
    leg.room, leg.is_joined = room, False
    board.order(MoveLeg(leg.leg_id, leg.sid, room))


def let_go(board: Board, leg: Leg) -> None:
    """Let go of the leg of an offer or a talk that is over: a standing one goes back home."""
    home = Room(leg.leg_id)
    if not leg.is_standing:
        dismiss_leg(board, leg)
    elif leg.room != home:
        move_leg(board, leg, home)


def standing_leg_over(board: Board, agent: Agent) -> None:
    """Note that the agent's standing leg is gone: not ready, until they ask for another."""
    agent.standing_leg_id = None
    put_not_ready(board, agent, LEG_FAILED)
    review(board, agent)


def keep_standing_leg(board: Board, agent: Agent) -> None:
    """Ring a nailed-up agent once when they become ready, and let go when they sign out.

    Called when the agent is idle. A leg that is up stays up while they are not ready.
    """
    leg_id = agent.standing_leg_id
    if leg_id is None:
        has_voice = agent.channel is Channel.VOICE
        if has_voice and agent.config.standing and agent.presence is Presence.READY:
            _open_standing_leg(board, agent)
    elif agent.presence is Presence.SIGNED_OUT or not agent.config.standing:
        agent.standing_leg_id = None
        dismiss_leg(board, board.legs[leg_id])


def _open_standing_leg(board: Board, agent: Agent) -> None:
    leg_id = agent.standing_leg_id = LegId(board.ids.next())
    room = Room(leg_id)
    board.legs[leg_id] = Leg(leg_id, agent.agent_id, room, is_standing=True)
    board.order(OpenStandingLeg(leg_id, agent.agent_id, room))
