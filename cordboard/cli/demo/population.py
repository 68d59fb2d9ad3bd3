"""The people of the demo: the scenario's callers, agents' telephones and lists, at the stand-in.

Everybody is drawn from the same named streams as in the simulated day, so that under one seed the
twin and the demo meet the same callers with the same needs and the same patience. What the twin
draws and the demo lives through is the time in the call flow and the telephone network.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from acd.events import FlowOutcome
from cordboard.runtime.settings import Settings
from simulator.callers import Caller as Drawn
from simulator.callers import draw_callers
from simulator.carrier.people.manners import Callee, Caller, Manner, PickUp, Reaction
from simulator.carrier.people.population import Dialled
from simulator.network import Fate, Network
from simulator.scenario import CalledPeople, Scenario, Worker
from simulator.streams import Streams
from simulator.ways import Ways, way_chosen

CALLER_AREA = "+44117496"
"""Numbers of the modelled callers: a range that Ofcom reserves for drama."""

OPENING_S = 4.0
"""How long after the start of the demo its first caller may call: everybody is at their desk."""

STANDING_ANSWER_S = 1.0

CALLED_BACK_AWAY_SHARE = 0.1
CALLED_BACK_RING_S = 6.0

HANGS_UP = (Reaction(when=None, hang_up=True),)
"""What a caller does who leaves in the call flow."""

_PICKS_UP: Mapping[str, PickUp] = {
    "busy": "busy",
    "no_answer": "no-answer",
    "invalid": "unreachable",
}


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of the scenario's day is played."""

    begins_at_ms: int  #: after midnight
    lasts_ms: int


class ModelledPeople:
    """Everybody outside the centre: `simulator.carrier`'s population."""

    def __init__(
        self, scenario: Scenario, settings: Settings, ways: Ways, streams: Streams, window: Window
    ) -> None:
        self._scenario = scenario
        self._ways = ways
        self._streams = streams
        self._window = window
        self._to = next(iter(settings.lines))
        self._drawn: dict[str, Drawn] = {}  #: who has called, by number
        self._workers = {
            endpoint: (str(agent_id), scenario.agents[agent_id])
            for agent_id, endpoint in settings.endpoints.items()
            if agent_id in scenario.agents
        }
        self._standing = {
            settings.endpoints[agent.agent_id]
            for agent in settings.centre.acd.agents
            if agent.standing
        }
        self._lists = {
            settings.campaigns[campaign_id].caller_id: scenario.campaigns[campaign_id]
            for campaign_id in settings.campaigns
            if campaign_id in scenario.campaigns
        }

    def callers(self) -> Iterable[Caller]:
        """Return the callers of the window, in the order of their calls."""
        ends_at_ms = self._window.begins_at_ms + self._window.lasts_ms
        for drawn in draw_callers(self._scenario, self._streams):
            if self._window.begins_at_ms <= drawn.at_ms < ends_at_ms:
                yield self._caller(drawn)

    def callee(self, dialled: Dialled) -> Callee:
        """Return who picks up: an agent by their endpoint, else somebody on a list."""
        if dialled.to in self._workers:
            return self._agent(dialled, *self._workers[dialled.to])
        if dialled.to in self._drawn:
            return self._called_back(dialled, self._drawn[dialled.to])
        people = self._lists.get(dialled.from_)
        if people is None:
            return Callee(pick_up="unreachable")
        rng = self._streams.stream("demo fate", dialled.to, str(dialled.nth))
        fate = Network(people.network, rng).dial(people.answer_share)
        return _called(fate, people, rng)

    def _caller(self, drawn: Drawn) -> Caller:
        customer = drawn.customer
        ordinal = int(customer.call_id.removeprefix("CA"))
        number = f"{CALLER_AREA}{ordinal % 10_000:04d}"
        self._drawn[number] = drawn
        return Caller(
            from_number=number,
            to_number=self._to,
            at_s=(drawn.at_ms - self._window.begins_at_ms) / 1_000 + OPENING_S,
            manner=Manner(
                reactions=self._reactions(drawn),
                patience_s=customer.patience_ms / 1_000,
                talk_s=customer.talk_ms / 1_000,
            ),
        )

    def _called_back(self, dialled: Dialled, drawn: Drawn) -> Callee:
        """Return somebody who was promised a callback: most are there, and talk as they would."""
        rng = self._streams.stream("demo callback", dialled.to, str(dialled.nth))
        if rng.random() < CALLED_BACK_AWAY_SHARE:
            return Callee(pick_up="no-answer")
        talk_s = drawn.customer.talk_ms / 1_000
        return Callee(ring_s=CALLED_BACK_RING_S, manner=Manner(talk_s=talk_s, lingers_s=30.0))

    def _reactions(self, drawn: Drawn) -> tuple[Reaction, ...]:
        if drawn.flow_outcome is FlowOutcome.ABANDONED:
            return HANGS_UP
        kinds = self._ways[drawn.line]
        ways = kinds.queued
        if drawn.flow_outcome is FlowOutcome.SELF_SERVED and kinds.self_served:
            ways = kinds.self_served
        rng = self._streams.stream("demo way", drawn.customer.call_id)
        return tuple(step.reaction(rng.random()) for step in way_chosen(ways, rng.random()))

    def _agent(self, dialled: Dialled, name: str, worker: Worker) -> Callee:
        if dialled.to in self._standing:
            return Callee(ring_s=STANDING_ANSWER_S, manner=Manner(lingers_s=None, stays_s=None))
        rng = self._streams.stream("demo offer", name, str(dialled.nth))
        if rng.random() < worker.missed_share:
            return Callee(pick_up="no-answer")
        accept_s = float(worker.accept_s.draw(rng, 1)[0])
        return Callee(ring_s=accept_s, manner=Manner(lingers_s=5.0, stays_s=None))


def _called(fate: Fate, people: CalledPeople, rng: np.random.Generator) -> Callee:
    """Return the callee whom a dial of this fate reaches."""
    if fate.answered_after_s is None:
        return Callee(pick_up=_PICKS_UP[fate.outcome], ring_s=fate.settled_after_s)
    talk_s, patience_s = (
        float(people.talk_s.draw(rng, 1)[0]),
        float(people.patience_s.draw(rng, 1)[0]),
    )
    truth = "human" if fate.is_person else "machine"
    taken_for = "" if fate.outcome == truth else fate.outcome
    if not fate.is_person:
        talk_s = patience_s = 30.0
    return Callee(
        ring_s=fate.answered_after_s,
        kind="human" if fate.is_person else "machine",
        detection_s=max(0.1, fate.settled_after_s - fate.answered_after_s),
        detected_as="machine_start" if taken_for == "machine" else taken_for,
        manner=Manner(talk_s=talk_s, lingers_s=patience_s + 15.0),
    )
