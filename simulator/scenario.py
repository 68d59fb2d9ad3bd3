"""The scenario: what the world around a centre is like on one day.

A scenario says who calls and when, how long they need and how long they wait, who works when, and
how the people on the outbound lists answer. It is written as YAML text, which
`simulator.scenario_file` reads, and decoded into the frozen records below; durations are seconds,
times of day read "07:30" (in quotes or not), shares go from 0 to 1.

    name: a small centre
    opens_at: 08:00
    interval_s: 1800
    calls:
      billing:
        queue: billing
        per_interval: [40, 60, 60, 40]
        talk_s: {kind: lognormal, mean: 200, sd: 180}
        wrap_s: {kind: exponential, mean: 20}
        patience_s: {kind: exponential, mean: 240}
    agents:
      ana: {shifts: [{from: 08:00, until: 10:00}]}

What the centre itself is (queues, skills, campaigns) comes from its settings: the shell adds them
with `Scenario.with_centre`, or the file carries them under `centre`, in the plain form of
`dialer.config.CentreConfig`.

Random draws do not belong here: `simulator.callers` and its neighbours draw from named streams.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta

from dialer.config import CentreConfig
from simulator.arrivals import Variability
from simulator.calendar import WEEKDAYS, Calendar, Calls, shaped
from simulator.distributions import Constant, Distribution, Exponential, Floats, Lognormal
from simulator.network import NetworkSettings
from simulator.ways import CallFlow

Share = Annotated[float, Meta(ge=0, le=1)]
Positive = Annotated[float, Meta(gt=0)]
TimeOfDay = Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]

DAY_S = 86_400


class ScenarioError(ValueError):
    """A scenario cannot be simulated: whoever wrote it must change it."""


def seconds_of(time_of_day: str) -> int:
    """Return the seconds after midnight of a time such as "07:30"; "24:00" is the day's end.

    Example:
        >>> seconds_of("07:30")
        27000
    """
    hours, minutes = time_of_day.split(":")
    return int(hours) * 3_600 + int(minutes) * 60


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all parts of a scenario share: no field may be misspelt."""


class Flow(_Record, frozen=True, kw_only=True):
    """What becomes of callers in the call flow; whoever is left goes to the queue."""

    time_s: Distribution = Constant(0.0)
    self_served: Share = 0.0
    voicemail: Share = 0.0
    abandoned: Share = 0.0

    def __post_init__(self) -> None:
        total = self.self_served + self.voicemail + self.abandoned
        if total > 1:
            raise ValueError(f"self_served, voicemail and abandoned make {total:g}; 1 is the most")


class Manners(_Record, frozen=True, kw_only=True):
    """What callers do of themselves once they are in the queue; by default nothing."""

    balk_share: Share = 0.0
    """Hang up at once when nobody can take them at once."""
    callback_share: Share = 0.0
    """Ask to be rung back when they have waited for `callback_after_s`."""
    callback_after_s: Positive = 60.0
    callback_answer_share: Share = 0.8
    """Of callbacks, those that are answered."""
    redial_share: Annotated[float, Meta(ge=0, lt=1)] = 0.0
    """Of those who gave up, those who call again."""
    redial_after_s: Distribution = Exponential(300.0)


class CallType(_Record, frozen=True, kw_only=True):
    """One reason to call: how many, what they need, how long they stand waiting."""

    queue: str
    talk_s: Distribution
    wrap_s: Distribution = Constant(0.0)
    patience_s: Distribution
    per_interval: tuple[Annotated[float, Meta(ge=0)], ...] = ()
    """Expected calls of each interval; or give `per_day` and let `day_shape` spread them."""
    per_day: Annotated[float, Meta(ge=0)] = 0.0
    flow: Flow = Flow()
    skills: dict[str, int] = {}
    """Needed beyond the queue's own: skill -> least level."""
    priority: int = 0
    language: str = ""
    days: dict[str, Calls] = {}
    """What weekdays and special days make of these calls, before what the calendar says."""
    manners: Manners | None = None
    """Balking, callbacks, calling again; without it callers wait as long as they have patience."""


class Break(_Record, frozen=True, kw_only=True):
    """Time off the telephone inside a shift."""

    at: TimeOfDay
    minutes: Positive
    reason: str = "break"


class Shift(_Record, frozen=True, kw_only=True, rename={"start": "from"}):
    """When somebody works."""

    start: TimeOfDay
    until: TimeOfDay
    breaks: tuple[Break, ...] = ()
    days: tuple[str, ...] = ()
    """The weekdays and special days on which it is worked; empty for all."""

    def __post_init__(self) -> None:
        if seconds_of(self.until) <= seconds_of(self.start):
            raise ValueError(f"until is {self.until}; it must be later than from, {self.start}")
        for pause in self.breaks:
            if not seconds_of(self.start) <= seconds_of(pause.at) < seconds_of(self.until):
                raise ValueError(f"a break at {pause.at} lies outside {self.start}-{self.until}")


class Worker(_Record, frozen=True, kw_only=True):
    """One agent's day and ways."""

    shifts: tuple[Shift, ...]
    accept_s: Distribution = Lognormal(3.0, 1.5)
    """From the first ring to taking the call; a standing leg needs none."""
    missed_share: Share = 0.0
    """Offers that ring out unanswered."""
    talk_factor: Positive = 1.0
    """This agent's talk times, relative to the call type's."""
    wrap_factor: Positive = 1.0
    no_show_share: Share = 0.0
    """Of days, those on which they do not come."""
    late_s: Distribution = Constant(0.0)
    """How late they come to a shift."""
    overrun_s: Distribution = Constant(0.0)
    """How much longer than planned their breaks last."""
    adherence: Annotated[float, Meta(gt=0, le=1)] = 1.0
    """Share of the planned time on the telephone in which they are there, breaks apart: the rest
    they are away, unplanned, now and then for `away_s`."""
    away_s: Distribution = Exponential(240.0)


class Carrier(_Record, frozen=True, kw_only=True):
    """How long the carrier takes to do things."""

    enqueue_s: Distribution = Constant(0.2)
    """From the queue's document to the first waiting document: movable from here on."""
    ring_s: Distribution = Constant(0.8)
    """From an offer to the first ring at the agent."""
    move_s: Distribution = Constant(0.3)
    """From asking for a move into a room to hearing each other."""
    refused_share: Share = 0.0
    """Of moves, those the carrier refuses."""
    lost_leg_share: Share = 0.0
    """Of conversations, those whose agent's leg is lost in their first minute."""
    late_share: Share = 0.0
    """Of status callbacks, those that come late."""
    late_s: Distribution = Exponential(5.0)
    untold_share: Share = 0.0
    """Of status callbacks, those that never come. That somebody hung up or joined is found when the
    worker compares its journal with the carrier."""


class Failovers(_Record, frozen=True, kw_only=True):
    """Times in which no worker leads the centre: nothing is decided, and facts wait."""

    at: tuple[TimeOfDay, ...] = ()
    per_day: Annotated[float, Meta(ge=0)] = 0.0
    """Mean number of further ones, at any time of the day."""
    lasts_s: Distribution = Constant(5.0)
    """Until the next leader is elected: at most a minute, beyond which a journal's clock stands."""


class CalledPeople(_Record, frozen=True, kw_only=True):
    """The people on a campaign's list, and how their numbers answer."""

    leads: Annotated[int, Meta(ge=0)]
    answer_share: Share
    """Dials that a person answers."""
    talk_s: Distribution
    wrap_s: Distribution = Constant(0.0)
    patience_s: Distribution = Lognormal(25.0, 12.0)
    """How long a called person stays on the line without an agent."""
    message_s: Positive = 12.0
    """Length of the recorded message."""
    opens_at: TimeOfDay = "09:00"
    closes_at: TimeOfDay = "20:00"
    network: NetworkSettings = NetworkSettings(verdict_delay_s=3.5)


class Scenario(_Record, frozen=True, kw_only=True):
    """One day of one centre's world."""

    name: str
    opens_at: TimeOfDay
    interval_s: Annotated[int, Meta(gt=0, le=DAY_S)] = 1800
    day_shape: tuple[Annotated[float, Meta(ge=0)], ...] = ()
    """Relative weight of each interval, for call types that give `per_day`."""
    calls: dict[str, CallType] = {}
    variability: Variability = Variability()
    calendar: Calendar | None = None
    """The dates of a study; without it every day is the ordinary one."""
    call_flow: CallFlow | None = None
    """How callers behave in the real call flow; without it, and a flow, `calls.<name>.flow` says
    what becomes of them."""
    agents: dict[str, Worker]
    carrier: Carrier = Carrier()
    failovers: Failovers = Failovers()
    campaigns: dict[str, CalledPeople] = {}
    centre: CentreConfig | None = None

    def __post_init__(self) -> None:
        for name, call_type in self.calls.items():
            self._check_intervals(name, call_type)
        self._check_days()
        if self.centre is not None:
            check_names(self, self.centre)

    @property
    def intervals(self) -> int:
        """How many intervals the day has."""
        counted = [len(kind.per_interval) for kind in self.calls.values() if kind.per_interval]
        return len(self.day_shape) or max(counted, default=0)

    @property
    def opens_at_s(self) -> int:
        """Start of the first interval, in seconds after midnight."""
        return seconds_of(self.opens_at)

    def with_centre(self, centre: CentreConfig) -> Scenario:
        """Return the same world around a centre with these settings.

        Raises:
            ScenarioError: The scenario names a queue, an agent or a campaign that these settings
                do not have.
        """
        check_names(self, centre)
        return msgspec.structs.replace(self, centre=centre)

    def expected(self, name: str) -> Floats:
        """Return the expected calls of a call type in each interval: (n_intervals,)."""
        kind = self.calls[name]
        if kind.per_interval:
            return np.array(kind.per_interval, dtype=np.float64)
        shape = np.array(self.day_shape, dtype=np.float64)
        return np.asarray(kind.per_day * shape / shape.sum())

    def on(self, day: str) -> Scenario:
        """Return the scenario of a day of the calendar: its calls, and the shifts worked on it.

        Args:
            day: A special day or a weekday, as `Calendar.name_of` calls it.
        """
        assert self.calendar is not None, "only a calendar has named days"
        at_large = self.calendar.calls_on(day)
        calls = {
            name: self._calls_on(name, kind, kind.days.get(day, at_large))
            for name, kind in self.calls.items()
        }
        agents = {name: _at_work(worker, day) for name, worker in self.agents.items()}
        return msgspec.structs.replace(self, calls=calls, agents=agents, calendar=None)

    def always_on(self, date: dt.date) -> Scenario:
        """Return the same scenario with every day of a study on this date."""
        assert self.calendar is not None, "only a calendar has dates"
        calendar = msgspec.structs.replace(self.calendar, first_day=date, repeats=True)
        return msgspec.structs.replace(self, calendar=calendar)

    def _calls_on(self, name: str, kind: CallType, calls: Calls) -> CallType:
        if calls == 1.0:
            return msgspec.structs.replace(kind, days={})
        expected = tuple(shaped(self.expected(name), calls).tolist())
        return msgspec.structs.replace(kind, per_interval=expected, per_day=0.0, days={})

    def _check_days(self) -> None:
        special = () if self.calendar is None else tuple(self.calendar.special_days)
        days = (*WEEKDAYS, *special)
        for name, kind in self.calls.items():
            for day, calls in kind.days.items():
                if day not in days:
                    raise ValueError(f"calls.{name}.days.{day}: the calendar has no such day")
                self._check_shape(f"calls.{name}.days.{day}", name, calls)
            if self.calendar is not None:
                for day in days:
                    self._check_shape(f"calendar: {day}", name, self.calendar.calls_on(day))
        named = {
            day for worker in self.agents.values() for shift in worker.shifts for day in shift.days
        }
        for day in sorted(named.difference(days)):
            raise ValueError(f"a shift's days name '{day}'; the calendar has {', '.join(days)}")

    def _check_shape(self, place: str, name: str, calls: Calls) -> None:
        try:
            shaped(self.expected(name), calls)
        except ValueError as error:
            raise ValueError(f"{place}: {error}") from error

    def _check_intervals(self, name: str, kind: CallType) -> None:
        if bool(kind.per_interval) == bool(kind.per_day):
            raise ValueError(f"calls.{name} must give either per_interval or per_day")
        if kind.per_day and not sum(self.day_shape) > 0:
            raise ValueError(f"calls.{name} gives per_day; day_shape must say how they spread")
        if kind.per_interval and len(kind.per_interval) != self.intervals:
            raise ValueError(
                f"calls.{name}.per_interval has {len(kind.per_interval)} intervals; the day has"
                f" {self.intervals}"
            )


def _at_work(worker: Worker, day: str) -> Worker:
    """Return an agent's ways with the shifts of a day."""
    if not any(shift.days for shift in worker.shifts):
        return worker
    shifts = tuple(
        msgspec.structs.replace(shift, days=())
        for shift in worker.shifts
        if not shift.days or day in shift.days
    )
    return msgspec.structs.replace(worker, shifts=shifts)


def check_names(scenario: Scenario, centre: CentreConfig) -> None:
    """Refuse a scenario that names what the centre does not have.

    Raises:
        ScenarioError: A queue, an agent or a campaign is unknown to the centre's settings.
    """
    queues = {str(queue.queue_id): None for queue in centre.acd.queues}
    for name, kind in scenario.calls.items():
        _check_known(f"calls.{name}.queue", kind.queue, "queue", queues)
    agents = {str(agent.agent_id): None for agent in centre.acd.agents}
    for name in scenario.agents:
        _check_known("agents", name, "agent", agents)
    campaigns = {str(campaign.campaign_id): None for campaign in centre.campaigns}
    for name in scenario.campaigns:
        _check_known("campaigns", name, "campaign", campaigns)


def _check_known(place: str, name: str, noun: str, known: Collection[str]) -> None:
    if name not in known:
        listed = ", ".join(known) or "none"
        raise ScenarioError(
            f"{place} names '{name}', which is no {noun} of the centre; it has {listed}"
        )
