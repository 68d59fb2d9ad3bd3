"""An outbound floor: agents, a list, the network, and the pacer under test.

The floor plays everything around a pacer and nothing of it: agents sign in and out, answer, talk
and wrap up; calls ring and settle as the network says; people who answer wait for an agent and are
abandoned when none is free within the grace. The pacer is asked after every event, at most every
quarter of a second, and at least once a second. It sees a `PacingView` and hears the facts in
order, as it does in production; fates of calls on the way stay hidden.

What is counted and how a run is judged is `floor_tally`; scenarios are `floor_scenarios`.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import simpy

from dialer.pacing import Pacer, PacingView, WindowStanding
from simulator.distributions import draw_lognormal
from simulator.floor_scenarios import FloorScenario, Presence
from simulator.floor_tally import FloorTally
from simulator.network import Fate, Network
from simulator.streams import Streams

DECIDED_EVERY_S_MIN = 0.25
DECIDED_EVERY_S_MAX = 1.0
#: What a machine that passed for a person costs the agent.
MACHINE_TALK_S, MACHINE_WRAP_S = 8.0, 5.0


@dataclass(slots=True, eq=False)
class FloorAgent:
    """One agent's seat."""

    index: int
    presences: deque[Presence]
    signed_in_at_s: float | None = None
    ready_since_s: float | None = None
    preview_ends: int = 0
    """Counts previews, so that one that was overtaken is recognised."""
    has_pressed_dial: bool = False
    is_leaving: bool = False


@dataclass(slots=True, eq=False)
class Waiting:
    """A live answer that waits for an agent."""

    since_s: float
    is_person: bool
    is_over: bool = False


class Floor:
    """One run of one scenario under one pacer."""

    def __init__(
        self,
        scenario: FloorScenario,
        pacer: Pacer,
        *,
        seed: int,
        stopwatch: Callable[[], float] | None = None,
    ) -> None:
        streams = Streams(seed)
        self._scenario, self._pacer = scenario, pacer
        self._stopwatch = stopwatch
        self._env = simpy.Environment()
        self._network = Network(scenario.network, streams.stream("network"))
        self._handling = streams.stream("handling")
        self._previewing = streams.stream("preview")
        self._list = scenario.numbers(streams.stream("list"), streams.stream("list knowledge"))
        presences = scenario.presences(streams.stream("attendance"))
        self._agents = [FloorAgent(index, deque(turns)) for index, turns in enumerate(presences)]
        self._ready: deque[FloorAgent] = deque()
        self._waiting: deque[Waiting] = deque()
        self._talking: dict[int, float] = {}
        self._wrapping: dict[int, float] = {}
        self._ringing: dict[int, float] = {}
        self._ringing_odds: dict[int, float] = {}
        self._detecting: dict[int, float] = {}
        self._decided_at_s = -math.inf
        self._is_decision_due = False
        self.tally = FloorTally()

    def run(self) -> FloorTally:
        """Play the shift to its end and return its tally."""
        for agent in self._agents:
            self._await_turn(agent)
        self._after(DECIDED_EVERY_S_MAX, self._tick)
        self._env.run(until=self._scenario.shift_s)
        for agent in self._agents:
            self._count_presence(agent)
        for since_s in (*self._talking.values(), *self._wrapping.values()):
            self.tally.busy_s += self._now_s - since_s
        return self.tally

    @property
    def _now_s(self) -> float:
        return float(self._env.now)

    def _after(self, delay_s: float, act: Callable[[], None]) -> None:
        """Do something later; an act in the past is done now."""
        timeout: Any = self._env.timeout(max(0.0, delay_s))
        timeout.callbacks.append(lambda _event: act())

    # Attendance

    def _await_turn(self, agent: FloorAgent) -> None:
        if agent.presences:
            self._after(agent.presences[0].from_s - self._now_s, lambda: self._sign_in(agent))

    def _sign_in(self, agent: FloorAgent) -> None:
        turn = agent.presences.popleft()
        agent.signed_in_at_s, agent.is_leaving = self._now_s, False
        self._after(turn.until_s - self._now_s, lambda: self._leave(agent))
        self._pacer.on_signed_in(self._now_s)
        self._become_ready(agent)
        self._consider()

    def _leave(self, agent: FloorAgent) -> None:
        """Leave now if ready, else after the contact in hand."""
        agent.is_leaving = True
        if agent.ready_since_s is not None:
            self._ready.remove(agent)
            agent.ready_since_s = None
            self._sign_out(agent)
            self._consider()

    def _sign_out(self, agent: FloorAgent) -> None:
        self._count_presence(agent)
        self._pacer.on_signed_out(self._now_s)
        self._await_turn(agent)

    def _count_presence(self, agent: FloorAgent) -> None:
        if agent.signed_in_at_s is not None:
            self.tally.signed_in_s += self._now_s - agent.signed_in_at_s
            agent.signed_in_at_s = None

    # Agents at work

    def _become_ready(self, agent: FloorAgent) -> None:
        agent.ready_since_s, agent.has_pressed_dial = self._now_s, False
        self._ready.append(agent)
        if self._scenario.preview_s > 0.0:
            self._preview(agent)
        self._match()

    def _preview(self, agent: FloorAgent) -> None:
        agent.preview_ends += 1
        preview = agent.preview_ends
        preview_s = draw_lognormal(self._previewing, self._scenario.preview_s, 0.5)

        def press() -> None:
            if agent.preview_ends == preview and agent.ready_since_s is not None:
                agent.has_pressed_dial = True
                self._consider()

        self._after(preview_s, press)

    def _match(self) -> None:
        """Give waiting people to ready agents, both in order of arrival."""
        while self._ready and self._waiting:
            call = self._waiting.popleft()
            call.is_over = True
            self._talk(self._ready.popleft(), call)

    def _talk(self, agent: FloorAgent, call: Waiting) -> None:
        now_s, scenario = self._now_s, self._scenario
        self.tally.idle_waits_s.append(now_s - (agent.ready_since_s or now_s))
        agent.ready_since_s = None
        agent.preview_ends += 1
        self._pacer.on_connected(now_s, now_s - call.since_s)
        talk_s, wrap_s = MACHINE_TALK_S, MACHINE_WRAP_S
        if call.is_person:
            talk_s = draw_lognormal(self._handling, scenario.talk_s, scenario.talk_cv)
            wrap_s = draw_lognormal(self._handling, scenario.wrap_s, scenario.wrap_cv)
        self._talking[agent.index] = now_s
        self._after(talk_s, lambda: self._wrap_up(agent, talk_s, wrap_s))

    def _wrap_up(self, agent: FloorAgent, talk_s: float, wrap_s: float) -> None:
        del self._talking[agent.index]
        self._wrapping[agent.index] = self._now_s
        self.tally.busy_s += talk_s
        self._pacer.on_talk_ended(self._now_s, talk_s)
        self._after(wrap_s, lambda: self._finish(agent, wrap_s))
        self._consider()

    def _finish(self, agent: FloorAgent, wrap_s: float) -> None:
        del self._wrapping[agent.index]
        self.tally.busy_s += wrap_s
        self._pacer.on_wrap_ended(self._now_s, wrap_s)
        if agent.is_leaving:
            self._sign_out(agent)
        else:
            self._become_ready(agent)
        self._consider()

    # Calls

    def _dial(self) -> None:
        number = self._list.take(self._now_s)
        fate = self._network.dial(number.answer_share)
        call = self.tally.dials
        self.tally.dials += 1
        self._ringing[call] = self._now_s
        if number.odds is not None:
            self._ringing_odds[call] = number.odds
        self._pacer.on_dialled(self._now_s, number.odds)
        is_shown_answered = self._scenario.network.verdict_delay_s > 0.0
        if fate.answered_after_s is not None and is_shown_answered:
            self._after(fate.answered_after_s, lambda: self._answer(call))
        self._after(fate.settled_after_s, lambda: self._settle(call, fate))

    def _answer(self, call: int) -> None:
        """Move a call from ringing to detection: the carrier says it was answered, not by whom."""
        self._ringing_odds.pop(call, None)
        self._detecting[call] = self._ringing.pop(call)
        self._consider()

    def _settle(self, call: int, fate: Fate) -> None:
        dialled_at_s = self._ringing.pop(call, None)
        self._ringing_odds.pop(call, None)
        if dialled_at_s is None:
            dialled_at_s = self._detecting.pop(call)
        self._pacer.on_outcome(self._now_s, fate.outcome, self._now_s - dialled_at_s)
        if fate.outcome == "human":
            self._offer(Waiting(self._now_s, fate.is_person))
        else:
            self.tally.refused_people += fate.is_person
            self._preview_again()
        self._consider()

    def _preview_again(self) -> None:
        """Give the agent whose number was dead the next lead to look at."""
        if self._scenario.preview_s > 0.0:
            for agent in self._ready:
                if agent.has_pressed_dial:
                    agent.has_pressed_dial = False
                    self._preview(agent)
                    return

    def _offer(self, call: Waiting) -> None:
        if call.is_person:
            self.tally.answers_at_s.append(self._now_s)
        self._waiting.append(call)
        self._match()
        if not call.is_over:
            self._after(self._scenario.grace_s, lambda: self._abandon(call))

    def _abandon(self, call: Waiting) -> None:
        if call.is_over:
            return
        call.is_over = True
        self._waiting.remove(call)
        if call.is_person:
            self.tally.abandons_at_s.append(self._now_s)
        self._pacer.on_abandoned(self._now_s)
        self._consider()

    # Decisions

    def _tick(self) -> None:
        self._consider()
        self._after(DECIDED_EVERY_S_MAX, self._tick)

    def _consider(self) -> None:
        """Ask the pacer now, or as soon as a quarter of a second has passed since the last time."""
        since_s = self._now_s - self._decided_at_s
        if since_s >= DECIDED_EVERY_S_MIN - 1e-9:
            self._decide()
        elif not self._is_decision_due:
            self._is_decision_due = True
            self._after(DECIDED_EVERY_S_MIN - since_s, self._decide_late)

    def _decide_late(self) -> None:
        self._is_decision_due = False
        self._consider()

    def _decide(self) -> None:
        self._decided_at_s = self._now_s
        view = self.view()
        started = self._stopwatch() if self._stopwatch else 0.0
        dials = self._pacer.dials(view)
        if self._stopwatch:
            self.tally.decision_s += self._stopwatch() - started
        self.tally.decisions += 1
        for _ in range(dials):
            self._dial()

    def view(self) -> PacingView:
        """Return the photograph the pacer decides on."""
        has_odds = self._list.has_odds
        pressed = sum(agent.has_pressed_dial for agent in self._ready)
        return PacingView(
            now_s=self._now_s,
            ready=len(self._ready),
            waiting=len(self._waiting),
            detecting=len(self._detecting),
            talking_since_s=list(self._talking.values()),
            wrapping_since_s=list(self._wrapping.values()),
            ringing_since_s=list(self._ringing.values()),
            signed_in=len(self._ready) + len(self._talking) + len(self._wrapping),
            calls_per_s_max=self._scenario.calls_per_s_max,
            ringing_odds=list(self._ringing_odds.values()) if has_odds else None,
            next_odds=self._list.next_odds() if has_odds else None,
            leaving_talking=self._leaving(self._talking),
            leaving_wrapping=self._leaving(self._wrapping),
            previewed=max(0, pressed - len(self._ringing) - len(self._detecting)),
            windows=self._windows(),
        )

    def _leaving(self, busy: Iterable[int]) -> list[int]:
        """Return the places of those who said that they will leave after their contact."""
        if not self._scenario.announces_leaving:
            return []
        return [place for place, index in enumerate(busy) if self._agents[index].is_leaving]

    def _windows(self) -> tuple[WindowStanding, ...]:
        """Return how the shift stands against its limit, if it has one."""
        limit, scenario = self._scenario.shift_limit, self._scenario
        if limit is None:
            return ()
        answers_per_s = scenario.agents / (scenario.talk_s + scenario.wrap_s)
        return (
            WindowStanding(
                name="shift",
                rate_max=limit.rate_max,
                answers=len(self.tally.answers_at_s),
                abandons=len(self.tally.abandons_at_s),
                answers_ahead=max(0.0, scenario.shift_s - self._now_s) * answers_per_s,
                is_hard=limit.is_hard,
                breach_risk_max=limit.breach_risk_max,
            ),
        )
