"""What goes wrong on a day: at the carrier, and with the worker that leads the centre.

- A share of moves into a room is **refused**, and a share of conversations **loses** the agent's
  leg at some moment of their first minute.
- Status callbacks come **late**, or **never**. What the centre is told in answer to a request (that
  a call came in, was queued, waits) cannot be: without it there is no document, and no call. What
  never came is found, where the worker's comparison with the carrier finds it, when it has looked
  twice, half a minute apart.
- For some seconds **nobody leads**: nothing is decided, facts wait and are taken together, people
  go on with what they do, deadlines that pass are looked at by the next leader.

The centre must put callers back, or see that somebody who was cut off is counted; the books of such
a day must balance like those of any other.
"""

from __future__ import annotations

from dataclasses import replace

from acd.commands import ConnectCall
from acd.events import (
    AgentLegAnswered,
    AgentLegEnded,
    CallEnded,
    ConnectFailed,
    ConnectFailure,
    LegCause,
    PartyJoined,
)
from acd.ids import CallId, LegId, Sid
from acd.notices import CallConnected
from acd.replay import TAKEOVER_MS_MAX
from dialer.events import AnswerClassified, CentreEvent
from simulator.draws import Draws, to_ms
from simulator.scenario import Carrier, Scenario, seconds_of
from simulator.streams import Streams
from simulator.world import Timer, World

LOST_WITHIN_MS = 60_000
"""A leg that is lost is lost within so long."""

COMPARED_MS = 30_000
"""Between two comparisons with the carrier: `PAUSE_MS` of the live worker."""

STATUS = frozenset({AgentLegAnswered, AgentLegEnded, AnswerClassified, CallEnded, PartyJoined})
"""What is told by status callbacks, which nobody waits for."""

FOUND = frozenset({AgentLegEnded, CallEnded, PartyJoined})
"""Of these, what a comparison with the carrier finds."""


class Mishaps:
    """The bad moments of a day; make it when everybody else is in place."""

    def __init__(self, world: World, scenario: Scenario, streams: Streams) -> None:
        self._world = world
        self._carrier = carrier = scenario.carrier
        self._refusals = streams.stream("refused moves")
        self._losses = streams.stream("lost legs")
        if carrier.refused_share:
            self._move = world.doers[ConnectCall]
            world.doers[ConnectCall] = self._move_or_refuse
        if carrier.lost_leg_share:
            world.listen(CallConnected, self._hear_connected)
        if carrier.late_share or carrier.untold_share:
            LateFacts(world, carrier, streams)
        plan_failovers(world, scenario, streams)

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


class LateFacts:
    """Status callbacks that come late or never."""

    def __init__(self, world: World, carrier: Carrier, streams: Streams) -> None:
        self._world = world
        self._carrier = carrier
        self._fates = streams.stream("late callbacks")
        self._delays = Draws(carrier.late_s, streams.stream("delay of callbacks"))
        world.keeps_back = self._keep_back

    def _keep_back(self, fact: CentreEvent) -> bool:
        if type(fact) not in STATUS:
            return False
        fate, compared = self._fates.random(2).tolist()
        if fate < self._carrier.untold_share:
            if type(fact) in FOUND:
                self._world.after(round(COMPARED_MS * (1 + compared)), self._bring, fact)
            return True
        if fate < self._carrier.untold_share + self._carrier.late_share:
            self._world.after(self._delays.next_ms(), self._bring, fact)
            return True
        return False

    def _bring(self, timer: Timer) -> None:
        fact: CentreEvent = timer.value
        self._world.bring(replace(fact, at_ms=self._world.now_ms))


def plan_failovers(world: World, scenario: Scenario, streams: Streams) -> None:
    """Plan the times at which the leader is lost, and how long nobody leads."""
    failovers = scenario.failovers
    rng = streams.stream("failovers")
    drawn = int(rng.poisson(failovers.per_day)) if failovers.per_day else 0
    day_s = scenario.intervals * scenario.interval_s
    shares = rng.random(drawn).tolist()
    times_s = [float(seconds_of(time)) for time in failovers.at]
    times_s += [scenario.opens_at_s + day_s * share for share in shares]
    lengths = Draws(failovers.lasts_s, streams.stream("length of failovers"))

    def lose(timer: Timer) -> None:
        if world.is_led:
            world.lose_leader()
            world.after(timer.value, find, None)

    def find(_timer: Timer) -> None:
        world.find_leader()

    for time_s in times_s:
        lasts_ms = min(lengths.next_ms(), TAKEOVER_MS_MAX)
        world.at(world.midnight_ms + to_ms(time_s), lose, lasts_ms)
