"""The state as plain data and back, byte for byte the same when dumped with sorted keys.

Records are written field by field, each under its id. What follows from them is built again: the
heaps of free agents and waiting calls are not saved, as their order is that of keys in the records.
What a refused event has held up (see `acd.engine.front`) is saved with them. The heap of deadlines
is saved whole, also the entries that belong to the layer above.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping
from typing import TypeVar, cast

from acd.agents import Agent, Presence
from acd.board import Board, Place
from acd.calls import Call, CallState
from acd.cases import Case
from acd.codec import COMMANDS, NOTICES, Codec
from acd.commands import Command
from acd.ids import AgentId, CallId, CaseId, CustomerId, QueueId, SlotId
from acd.legs import Leg
from acd.messages import EngineError, EventError
from acd.notices import Notice
from acd.reservations import Reservation

_Record = TypeVar("_Record")

_AGENTS: Codec[Agent] = Codec([Agent])
_CALLS: Codec[Call] = Codec([Call])
_CASES: Codec[Case] = Codec([Case])
_LEGS: Codec[Leg] = Codec([Leg])
_RESERVATIONS: Codec[Reservation] = Codec([Reservation])
_COMMANDS: Codec[Command] = Codec(COMMANDS)
_NOTICES: Codec[Notice] = Codec(NOTICES)


def to_plain(board: Board) -> dict[str, object]:
    """Return a board as plain data. Call it between events only."""
    free = [[agent.slot_id, tier] for agent, tier in board.queues.free]
    return {
        "now_ms": board.now_ms,
        "epoch": board.ids.epoch,
        "counter": board.ids.counter,
        "last_order": board.last_order,
        "stale_count": board.stale_count,
        "agents": _write(_AGENTS, board.slots.values(), free_ticket=0),
        "calls": _write(_CALLS, board.calls.values(), line_ticket=0),
        "cases": _write(_CASES, board.cases.values()),
        "settled": [[case_id, at_ms] for case_id, at_ms in board.settled.items()],
        "legs": _write(_LEGS, board.legs.values()),
        "reservations": _write(_RESERVATIONS, board.reservations.values()),
        "unheard": _write(_CALLS, board.unheard.values(), line_ticket=0),
        "ended": [[call_id, at_ms] for call_id, at_ms in board.ended.items()],
        "dropped": [[*key, *place] for key, place in board.dropped.items()],
        "free": free,
        "owed": [list(_COMMANDS.encode(command)) for command in board.commands],
        "noticed": [[*_NOTICES.encode(notice), notice.at_ms] for notice in board.notices],
        "deadlines": board.deadlines.to_plain(),
    }


def restore(board: Board, plain: Mapping[str, object]) -> None:
    """Replace the records of a new board by what `to_plain` returned.

    The settings stay the board's own; an agent who is no longer in them keeps the old ones.

    Raises:
        EngineError: The data was not made by `to_plain`; the snapshot is damaged.
    """
    try:
        _restore(board, plain)
    except (KeyError, TypeError, ValueError, EventError) as error:
        raise EngineError(f"a snapshot cannot be read: {error!r}") from error


def _restore(board: Board, plain: Mapping[str, object]) -> None:
    board.now_ms = _whole(plain["now_ms"])
    board.ids.epoch = _whole(plain["epoch"])
    board.ids.counter = _whole(plain["counter"])
    board.last_order = _whole(plain["last_order"])
    board.stale_count = _whole(plain["stale_count"])
    _restore_slots(board, _read(_AGENTS, plain["agents"]))
    board.calls = {call.call_id: call for call in _read(_CALLS, plain["calls"])}
    board.callbacks = {
        call.number_key: call.call_id
        for call in board.calls.values()
        if call.origin_id is not None and not call.is_settled
    }
    board.cases = {case.case_id: case for case in _read(_CASES, plain.get("cases", ()))}
    settled = cast("Iterable[tuple[CaseId, int]]", plain.get("settled", ()))
    board.settled = OrderedDict((CaseId(case_id), _whole(at_ms)) for case_id, at_ms in settled)
    board.legs = {leg.leg_id: leg for leg in _read(_LEGS, plain["legs"])}
    reservations = _read(_RESERVATIONS, plain["reservations"])
    board.reservations = {held.reservation_id: held for held in reservations}
    unheard = _read(_CALLS, plain.get("unheard", ()))
    board.unheard = {call.call_id: call for call in unheard}
    ended = cast("Iterable[tuple[CallId, int]]", plain["ended"])
    board.ended = {CallId(call_id): _whole(at_ms) for call_id, at_ms in ended}
    board.forgettable = deque(board.ended)
    dropped = cast("Iterable[tuple[CustomerId, QueueId, int, int, int]]", plain["dropped"])
    places = (((row[0], row[1]), Place(row[2], row[3], row[4])) for row in dropped)
    board.dropped = OrderedDict(places)
    owed = cast("Iterable[tuple[str, Mapping[str, object]]]", plain["owed"])
    board.commands = [_COMMANDS.decode(name, facts, 0) for name, facts in owed]
    noticed = cast("Iterable[tuple[str, Mapping[str, object], int]]", plain["noticed"])
    board.notices = [_NOTICES.decode(name, facts, at_ms) for name, facts, at_ms in noticed]
    board.deadlines.restore(cast("Mapping[str, object]", plain["deadlines"]))
    for slot in board.slots.values():
        is_signed_in = slot.presence is not Presence.SIGNED_OUT
        board.queues.set_signed_in(slot, is_signed_in=is_signed_in)
    for slot_id, tier in cast("Iterable[tuple[SlotId, int]]", plain["free"]):
        board.queues.set_free(board.slots[slot_id], int(tier))
    for call in board.calls.values():
        if call.state is CallState.WAITING:
            board.queues.let_wait(call)


def _restore_slots(board: Board, saved: Iterable[Agent]) -> None:
    """Put saved slots in the place of new ones; an agent not in the settings keeps the old ones."""
    for slot in saved:
        configured = board.agents.get(slot.agent_id)
        if configured is not None:
            slot.config = configured.config
        board.slots[slot.slot_id] = slot
    by_agent: dict[AgentId, list[Agent]] = {}
    for slot in board.slots.values():
        by_agent.setdefault(slot.agent_id, []).append(slot)
    for slots in by_agent.values():
        board.seat(slots)
        board.queues.admit(slots)


def _write(
    codec: Codec[_Record], records: Iterable[_Record], **overrides: int
) -> list[dict[str, object]]:
    return [codec.encode(record)[1] | overrides for record in records]


def _read(codec: Codec[_Record], rows: object) -> list[_Record]:
    name = codec.names[0]
    return [codec.decode(name, row, 0) for row in cast("Iterable[Mapping[str, object]]", rows)]


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError("a whole number was expected")
    return value
