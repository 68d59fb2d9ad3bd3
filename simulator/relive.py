"""A recorded day lived again: under its own routing, and under another.

The people are those of the record. What the record does not know of them is drawn, from a stream
for each purpose, so that two routings meet the same people:

- **patience** of those who were answered: what is left of an exponential patience, fitted to the
  whole day behind its censoring, after the wait they had;
- **talk and after-call work** of those nobody spoke with: one of the recorded conversations of
  their queue;
- an agent's **pace** stays with the agent: a caller's talk is what it would have been with an agent
  of the usual pace;
- **callbacks**: who asked to be rung back asks again after the same wait, if they still wait then,
  and is reached or not as they were; of those who were gone before that time as many would ask as
  did of the others; those who waited longer and did not ask never do;
- **agents' answering**, missed offers and the **called people**: as calibrated from the day.

Agents keep the shifts and breaks they had, in whole minutes. Under the recorded routing the day
should come out as it was, on average: `fidelity` sets the two side by side, and a difference beyond
its interval says what the model does not know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import median

import msgspec
import numpy as np

from acd.events import FlowOutcome
from acd.ids import CallId, CustomerId
from acd.notices import ContactOutcome
from dialer.config import CentreConfig
from simulator.calibration import CalibrationError, calibrate, fit_patience, scenario_text
from simulator.callers import Caller
from simulator.customers import Customer
from simulator.day import Day, DayResult, watch
from simulator.recorded import RecordedCaller, RecordedDay
from simulator.results import Account
from simulator.scenario import CallType, Manners, Scenario
from simulator.scenario_file import decode_scenario
from simulator.streams import Streams
from simulator.study import Estimate, StudyResult, run_days

_FLOW_OUTCOMES = {
    ContactOutcome.SELF_SERVED: FlowOutcome.SELF_SERVED,
    ContactOutcome.VOICEMAIL: FlowOutcome.VOICEMAIL,
    ContactOutcome.TRANSFERRED: FlowOutcome.TRANSFERRED,
    ContactOutcome.REFUSED: FlowOutcome.REFUSED,
    ContactOutcome.ABANDONED: FlowOutcome.ABANDONED,
}

PATIENT_MS = 3_600_000
"""Mean patience where nobody gave up all day."""


@dataclass(frozen=True, slots=True)
class RelivedWorld:
    """A recorded day, ready to be lived again."""

    scenario: Scenario
    """Agents, lists and the carrier; its own callers are not drawn."""
    callers: tuple[RecordedCaller, ...]
    midnight_ms: int
    patience_ms: Mapping[str, float]
    """Mean patience by queue."""
    paces: Mapping[str, float]
    """Each recorded agent's talk time relative to that of all."""
    asking: Manners | None = None
    """What those would do of whom the record does not know whether they wanted a callback."""

    def with_centre(self, config: CentreConfig) -> RelivedWorld:
        """Return the same day under other settings; agents they do not have stay away."""
        known = {str(agent.agent_id) for agent in config.acd.agents}
        agents = {name: one for name, one in self.scenario.agents.items() if name in known}
        scenario = msgspec.structs.replace(self.scenario, agents=agents, centre=None)
        return self._with(scenario.with_centre(config))

    def with_staff(self, staffing: Scenario) -> RelivedWorld:
        """Return the same day with the agents, shifts and ways of another scenario."""
        return self._with(msgspec.structs.replace(self.scenario, agents=staffing.agents))

    def _with(self, scenario: Scenario) -> RelivedWorld:
        return replace(self, scenario=scenario)


def relived_world(day: RecordedDay) -> RelivedWorld:
    """Make a world of a recorded day.

    Raises:
        CalibrationError: Nobody reached a queue that day, or nobody spoke with an agent.
    """
    model = calibrate(day.records)
    scenario = decode_scenario(scenario_text(model, name="recorded day"))
    known = {str(agent.agent_id) for agent in day.config.acd.agents}
    campaigns = {str(campaign.campaign_id) for campaign in day.config.campaigns}
    scenario = msgspec.structs.replace(
        scenario,
        agents={name: one for name, one in scenario.agents.items() if name in known},
        campaigns={name: one for name, one in scenario.campaigns.items() if name in campaigns},
    )
    return RelivedWorld(
        scenario=scenario.with_centre(day.config),
        callers=tuple(day.callers),
        midnight_ms=day.midnight_ms,
        patience_ms=_patience_ms(day),
        paces={name: worker.talk_factor for name, worker in scenario.agents.items()},
        asking=_asking(day.callers),
    )


def relive(
    world: RelivedWorld, *, lives: int, seed: int = 1, workers: int = 1, is_watched: bool = False
) -> StudyResult:
    """Live a recorded day again, several times; what is drawn differs from life to life.

    Args:
        world: The day, under its own settings or others.
        lives: How many, at least 1.
        seed: The same seed draws the same for the same people, whatever the settings.
        workers: Processes to use; it does not change the result.
        is_watched: Whether to keep the course of each life, for a report.
    """
    run_day = watch_again if is_watched else live_again
    days = run_days(run_day, world, days=lives, seed=seed, workers=workers)
    return StudyResult(world.scenario.name, seed, tuple(days))


def live_again(world: RelivedWorld, seed: int, life: int) -> DayResult:
    """Live the day once more."""
    return _day(world, seed, life).run()


def watch_again(world: RelivedWorld, seed: int, life: int) -> DayResult:
    """Live the day once more and keep its course."""
    return watch(_day(world, seed, life))


def _day(world: RelivedWorld, seed: int, life: int) -> Day:
    streams = Streams(seed, life)
    return Day(world.scenario, streams, _callers(world, streams))


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of a day: as it was, and as the twin says it would be."""

    actual: float
    predicted: Estimate

    @property
    def is_within(self) -> bool:
        """Whether what was lies where single days of the prediction lie."""
        spread = self.predicted.half_width * self.predicted.days**0.5
        return bool(abs(self.actual - self.predicted.mean) <= max(spread, 1e-9))


def fidelity(actual: Account, lived: StudyResult) -> dict[str, Compared]:
    """Set a recorded day beside its lives under the same routing, figure by figure."""
    predicted = lived.estimates()
    return {
        name: Compared(value, predicted[name])
        for name, value in actual.figures().items()
        if value is not None and name in predicted
    }


def _patience_ms(day: RecordedDay) -> dict[str, float]:
    waits: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for caller in day.callers:
        if caller.queued is not None:
            gave_up = not caller.is_answered and caller.outcome is ContactOutcome.ABANDONED
            waits[caller.queued.queue_id].append((float(caller.wait_ms), gave_up))
    means: dict[str, float] = {}
    for queue, rows in waits.items():
        waited_ms, gave_up_ones = (np.array(column) for column in zip(*rows, strict=True))
        has_any = bool(gave_up_ones.any())
        means[queue] = (
            fit_patience(waited_ms, gave_up_ones).distribution.mean if has_any else PATIENT_MS
        )
    return means


def _callers(world: RelivedWorld, streams: Streams) -> list[Caller]:
    """Return the people of the day, with what is not known of them drawn."""
    patience = streams.stream("patience beyond").standard_exponential(len(world.callers))
    talks = _conversations(world)
    picked = streams.stream("conversation").random(len(world.callers))
    rows = zip(world.callers, patience.tolist(), picked.tolist(), strict=True)
    return [_caller(world, talks, *row) for row in rows]


def _conversations(world: RelivedWorld) -> dict[str, list[tuple[int, int]]]:
    """Return talk and after-call work of each queue's conversations; all of them under ''."""
    talks: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in world.callers:
        if one.talk_ms and one.queued is not None:
            for queue in (str(one.queued.queue_id), ""):
                talks[queue].append((_usual_talk_ms(world, one), one.wrap_ms or 0))
    return talks


def _usual_talk_ms(world: RelivedWorld, recorded: RecordedCaller) -> int:
    """Return how long a recorded talk would have been with an agent of the usual pace."""
    assert recorded.talk_ms is not None, "only those who talked have a talk time"
    return round(recorded.talk_ms / world.paces.get(recorded.agent, 1.0))


def _caller(
    world: RelivedWorld,
    talks: Mapping[str, list[tuple[int, int]]],
    recorded: RecordedCaller,
    patience: float,
    picked: float,
) -> Caller:
    queued = recorded.queued
    queue = recorded.back_queue if queued is None else str(queued.queue_id)
    known = talks.get(queue) or talks[""]
    talk_ms, wrap_ms = known[int(picked * len(known))]
    if recorded.talk_ms is not None:
        talk_ms, wrap_ms = _usual_talk_ms(world, recorded), recorded.wrap_ms or 0
    patience_ms = recorded.wait_ms
    if recorded.outcome is not ContactOutcome.ABANDONED or recorded.is_answered:
        patience_ms += round(patience * world.patience_ms.get(queue, PATIENT_MS)) + 1
    number = CallId(recorded.call_id)
    asked_ms = recorded.ended_ms if recorded.asked_back_ms is None else recorded.asked_back_ms
    flow_until_ms = asked_ms if queued is None else recorded.queued_ms
    return Caller(
        at_ms=recorded.arrived_ms - world.midnight_ms,
        kind=_kind(world, recorded, queue),
        line=recorded.line,
        flow_ms=flow_until_ms - recorded.arrived_ms,
        flow_outcome=None if queue else _flow_outcome(recorded),
        customer=Customer(number, CustomerId(f"in-{number}"), talk_ms, wrap_ms, patience_ms),
    )


def _kind(world: RelivedWorld, recorded: RecordedCaller, queue: str) -> CallType:
    """Return a recorded caller's own call type: what the flow told of them, and their manners."""
    kinds, queued = world.scenario.calls, recorded.queued
    kind = kinds.get(queue) or next(iter(kinds.values()))
    if queue:
        kind = msgspec.structs.replace(kind, queue=queue, manners=_manners(world, recorded))
    if queued is not None:
        kind = msgspec.structs.replace(
            kind,
            skills=dict(queued.skills),
            priority=queued.priority,
            language=queued.language,
        )
    return kind


def _asking(callers: Iterable[RecordedCaller]) -> Manners | None:
    """Return how callers ask to be rung back, from those who did; None where nobody asked."""
    queued = [one for one in callers if one.queued is not None]
    asked = [one for one in queued if one.asked_back_ms is not None]
    if not asked:
        return None
    after_ms = median(_asked_after_ms(one) for one in asked)
    others = sum(one.asked_back_ms is None and one.wait_ms >= after_ms for one in queued)
    return Manners(
        callback_share=len(asked) / (len(asked) + others),
        callback_after_s=max(1.0, after_ms) / 1_000,
        callback_answer_share=sum(one.is_reached for one in asked) / len(asked),
    )


def _asked_after_ms(recorded: RecordedCaller) -> int:
    """Return how long somebody had waited who asked for a callback; 0 for who never queued."""
    assert recorded.asked_back_ms is not None, "they asked"
    return recorded.asked_back_ms - recorded.queued_ms if recorded.queued is not None else 0


def _manners(world: RelivedWorld, recorded: RecordedCaller) -> Manners | None:
    """Return what a caller does: as they did, or as others would if that is not known of them."""
    asking = world.asking
    if recorded.asked_back_ms is None:
        is_known = asking is None or recorded.wait_ms >= 1_000 * asking.callback_after_s
        return None if is_known else asking
    return Manners(
        callback_share=1.0,
        callback_after_s=max(1, _asked_after_ms(recorded)) / 1_000,
        callback_answer_share=1.0 if recorded.is_reached else 0.0,
    )


def _flow_outcome(recorded: RecordedCaller) -> FlowOutcome:
    assert recorded.outcome is not None, "only calls that are over are lived again"
    return _FLOW_OUTCOMES.get(recorded.outcome, FlowOutcome.ABANDONED)


__all__ = [
    "CalibrationError",
    "Compared",
    "RelivedWorld",
    "fidelity",
    "relive",
    "relived_world",
]
