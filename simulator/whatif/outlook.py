"""Many futures of one present, each lived twice: as it is, and changed.

A future is a pure function of the present, the scenario, the change, the seed and its number, so
it may run in any process. The two lives of a future draw the same callers, the same patience and
the same durations, so their difference is due to the change and has a narrow interval (paired-t, as
in `simulator.study`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from joblib import Parallel, delayed

from acd.events import AgentSignedIn, AgentSignedOut, AgentWentReady
from acd.ids import AgentId
from acd.measures import Measures
from dialer.commands import CentreCommand
from dialer.events import SettingsApplied
from dialer.pacing.desk import PacingDesk
from dialer.settings import to_plain
from simulator.callers import Callers, draw_callers
from simulator.customers import Customers
from simulator.draws import Draws
from simulator.outbound import Outbound
from simulator.reactions import Reactions
from simulator.scenario import Scenario, Worker
from simulator.staff import Staff
from simulator.streams import Streams
from simulator.study import Estimate, estimates_of, paired_estimates
from simulator.whatif.change import Change
from simulator.whatif.present import Continuing, Parts, Present, callers_ahead
from simulator.whatif.tally import MINUTE_MS, Tally
from simulator.world import World, ignore

WATCH_MS = 300_000
"""How long after the horizon the fate of its callers is watched."""

Figures = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the next minutes would bring."""

    minutes: int
    futures: int
    change: str  #: in words
    as_is: Mapping[str, Estimate]
    changed: Mapping[str, Estimate]
    difference: Mapping[str, Estimate]  #: changed less as it is
    waiting_as_is: tuple[tuple[int, ...], ...] = ()  #: callers by future and minute, from now on
    waiting_changed: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Life:
    """One future, lived once."""

    figures: Figures
    waiting: tuple[int, ...]  #: callers at each minute, from now to the horizon


def look_ahead(  # noqa: PLR0913  (one keyword for each thing that may be chosen)
    present: Present,
    scenario: Scenario,
    change: Change,
    *,
    minutes: int = 30,
    futures: int = 20,
    seed: int = 1,
    workers: int = 1,
) -> Outlook:
    """Try a change on many futures of a centre.

    Args:
        present: The centre as it is now.
        scenario: The world around it: who calls, what they need, when agents work.
        change: What is changed from now on.
        minutes: How far to look, at least 1.
        futures: How many, at least 2, so that there is an interval.
        seed: The same seed gives the same futures.
        workers: Processes to use; 1 stays in this one. It does not change the result.

    Raises:
        ValueError: A number is too small.
        EngineError: The present was not made by `Centre.to_plain`.
        EventError: The centre cannot take the change.

    Cost:
        Two short simulations a future: some 20 ms each for a dozen agents and half an hour.
    """
    if minutes < 1 or futures < 2 or workers < 1:
        raise ValueError(
            f"minutes is {minutes}, futures {futures}, workers {workers}; at least 1, 2 and 1"
        )
    lives = Parallel(n_jobs=workers)(
        delayed(live_out)(present, scenario, chosen, minutes, Streams(seed, future))
        for future in range(futures)
        for chosen in (Change(), change)
    )
    as_is, changed = [life.figures for life in lives[::2]], [life.figures for life in lives[1::2]]
    return Outlook(
        minutes=minutes,
        futures=futures,
        change=change.words,
        as_is=estimates_of(as_is),
        changed=estimates_of(changed),
        difference=paired_estimates(as_is, changed),
        waiting_as_is=tuple(life.waiting for life in lives[::2]),
        waiting_changed=tuple(life.waiting for life in lives[1::2]),
    )


def live(
    present: Present, scenario: Scenario, change: Change, minutes: int, streams: Streams
) -> Figures:
    """Live one future and return its figures."""
    return live_out(present, scenario, change, minutes, streams).figures


def live_out(
    present: Present, scenario: Scenario, change: Change, minutes: int, streams: Streams
) -> Life:
    """Live one future and return what became of it."""
    parts = _people(present, scenario, change, minutes, streams)
    world = parts.world
    Continuing(parts, scenario, streams).start()
    horizon_ms = present.at_ms + minutes * MINUTE_MS
    tally = Tally(world, horizon_ms)
    _make(change, parts)
    world.run_until(horizon_ms + WATCH_MS)
    tally.close()
    return Life(tally.figures(), tuple(tally.waiting_by_minute(present.at_ms)))


def _make(change: Change, parts: Parts) -> None:
    """Tell the centre of the change."""
    world = parts.world
    if change.settings is not None:
        parts.desk.configure(change.settings.campaigns)
        world.tell(SettingsApplied(world.now_ms, "what-if", to_plain(change.settings)))
        world.measures.configure(world.centre.acd.config.queues)
    for name in change.leaving:
        world.tell(AgentSignedOut(world.now_ms, name))
    for name in change.coming:
        world.tell_all([AgentSignedIn(world.now_ms, name), AgentWentReady(world.now_ms, name)])


def _people(
    present: Present, scenario: Scenario, change: Change, minutes: int, streams: Streams
) -> Parts:
    """Return a copy of the centre with the change, and its people around it."""
    centre = present.restored()
    world = World(
        centre,
        Measures(centre.acd.config.queues),
        start_ms=present.at_ms,
        midnight_ms=present.midnight_ms,
    )
    # What the parts below do not carry out (music, supervisors, the store) is of no matter here.
    world.doers |= dict.fromkeys(get_args(CentreCommand), ignore)
    carrier = scenario.carrier
    customers = Customers(
        world,
        Draws(carrier.move_s, streams.stream("move")),
        {AgentId(name): worker.talk_factor for name, worker in scenario.agents.items()},
    )
    desk = PacingDesk(centre.config.campaigns)
    if present.desk is not None:
        desk.restore(present.desk)
    lists = {
        name: people
        for name, people in scenario.campaigns.items()
        if any(one.campaign_id == name for one in centre.config.campaigns)
    }
    outbound = Outbound(world, customers, lists, streams, desk)
    since_ms = present.at_ms - present.midnight_ms
    until_ms = since_ms + minutes * MINUTE_MS + WATCH_MS
    coming = callers_ahead(draw_callers(scenario, streams), from_ms=since_ms, until_ms=until_ms)
    callers = Callers(
        world, customers, list(coming), Draws(carrier.enqueue_s, streams.stream("enqueue"))
    )
    Reactions(world, customers, callers, scenario.calls, streams)
    rings = Draws(carrier.ring_s, streams.stream("ring"))
    staff = Staff(world, customers, _workers(world, scenario, change), streams, rings)
    return Parts(world, customers, staff, callers, outbound, desk)


def _workers(world: World, scenario: Scenario, change: Change) -> dict[str, Worker]:
    """Return everybody's ways; agents the scenario does not know keep no shifts."""
    gone = set(change.leaving)
    return {
        str(name): _STRANGER if name in gone else scenario.agents.get(name, _STRANGER)
        for name in (*world.centre.acd.board.agents, *change.coming)
    }


_STRANGER = Worker(shifts=())
