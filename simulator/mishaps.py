"""What goes wrong at the carrier on an ordinary day: refused moves, lost agent legs.

A share of moves into a room is refused, and a share of conversations loses the agent's leg at some
moment of their first minute. The centre must put the caller back, or see that somebody who was cut
off is counted; the books of such a day must balance like those of any other. Faults of webhooks
(lost, doubled, late) and of processes do not belong here: the twin has neither.
"""

from __future__ import annotations

from acd.commands import ConnectCall
from acd.events import AgentLegEnded, ConnectFailed, ConnectFailure, LegCause
from acd.ids import CallId, LegId, Sid
from acd.notices import CallConnected
from simulator.scenario import Carrier
from simulator.streams import Streams
from simulator.world import Timer, World

LOST_WITHIN_MS = 60_000
"""A leg that is lost is lost within so long."""


class Mishaps:
    """The carrier's bad moments; make it when everybody else is in place."""

    def __init__(self, world: World, carrier: Carrier, streams: Streams) -> None:
        self._world = world
        self._carrier = carrier
        self._refusals = streams.stream("refused moves")
        self._losses = streams.stream("lost legs")
        if carrier.refused_share:
            self._move = world.doers[ConnectCall]
            world.doers[ConnectCall] = self._move_or_refuse
        if carrier.lost_leg_share:
            world.listen(CallConnected, self._hear_connected)

    def _move_or_refuse(self, command: ConnectCall) -> None:
        if self._refusals.random() >= self._carrier.refused_share:
            self._move(command)
            return
        refused = ConnectFailed(
            self._world.now_ms, command.call_id, command.reservation_id, ConnectFailure.REFUSED
        )
        self._world.tell(refused)

    def _hear_connected(self, notice: CallConnected) -> None:
        if self._losses.random() < self._carrier.lost_leg_share:
            after_ms = int(self._losses.integers(1, LOST_WITHIN_MS))
            self._world.after(after_ms, self._lose, (notice.call_id, self._leg_of(notice.call_id)))

    def _leg_of(self, call_id: CallId) -> LegId:
        board = self._world.centre.acd.board
        reservation_id = board.calls[call_id].reservation_id
        assert reservation_id is not None, "who is connected has a reservation"
        return board.reservations[reservation_id].leg_id

    def _lose(self, timer: Timer) -> None:
        """Lose the leg, if the conversation still goes on."""
        call_id, leg_id = timer.value
        board = self._world.centre.acd.board
        call = board.calls.get(call_id)
        if call is not None and call.reservation_id in board.reservations and leg_id in board.legs:
            now_ms, sid = self._world.now_ms, Sid(f"CA{leg_id}")
            self._world.tell(AgentLegEnded(now_ms, leg_id, sid, LegCause.FAILED))
