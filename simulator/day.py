"""One simulated day: the scenario's world around the unchanged centre.

`simulate_day` wires the parts: callers, customers on the line, staff and the people on outbound
lists, each drawing from named streams of the day, all driving one `dialer.centre.Centre`. The
measures are those of `acd.measures`, folded from the same notices as in a live centre, so a figure
means the same in both.

The day starts empty and ends when the last call is over: there is no warm-up to discard and no
call is cut off. Campaigns pause when the last shift ends.

Source of the shape (callbacks rather than a process per call): measured; see `docs/twin.md`.
"""

import datetime as dt
from dataclasses import dataclass

from acd.ids import AgentId
from acd.measures import Measures
from dialer.centre import Centre
from dialer.commands import CloseAttempt
from dialer.pacing.desk import PacingDesk
from simulator.books import Books
from simulator.callers import Caller, Callers, draw_callers
from simulator.customers import Customers
from simulator.draws import Draws
from simulator.flow_in_use import FlowInUse
from simulator.mishaps import Mishaps
from simulator.outbound import Outbound
from simulator.reactions import Reactions
from simulator.results import Account, account
from simulator.scenario import Scenario, ScenarioError, seconds_of
from simulator.staff import Staff
from simulator.streams import Streams
from simulator.walks import Walks
from simulator.world import World


@dataclass(frozen=True, slots=True)
class DayResult:
    """A simulated day."""

    seed: int
    day: int
    account: Account
    facts: int  #: told to the centre
    problems: tuple[str, ...] = ()  #: what does not balance; empty on a good day
    date: dt.date | None = None  #: by the scenario's calendar
    name: str = ""  #: likewise: a special day, or the weekday


class Day:
    """One day of a scenario, ready to run.

    Args:
        scenario: The world, with its centre's settings.
        streams: The day's random streams.
        callers: Who calls, in order, instead of those the scenario draws.
        flow: The call flow that callers walk; None leaves them to the scenario's plain one.
    """

    def __init__(
        self,
        scenario: Scenario,
        streams: Streams,
        callers: list[Caller] | None = None,
        flow: FlowInUse | None = None,
    ) -> None:
        config = scenario.centre
        if config is None:
            raise ScenarioError(
                f"scenario '{scenario.name}' has no centre: give its settings under 'centre', or"
                " the folder with the centre's settings"
            )
        self.streams = streams
        self.date: dt.date | None = None
        self.name = ""
        if scenario.calendar is not None:
            self.date = scenario.calendar.date_of(streams.day)
            self.name = scenario.calendar.name_of(self.date)
            scenario = scenario.on(self.name)
        self.scenario = scenario
        centre = Centre(config)
        starts_ms, ends_ms = _span_ms(scenario)
        measures = Measures(centre.acd.config.queues, interval_ms=scenario.interval_s * 1_000)
        self.world = World(centre, measures, start_ms=starts_ms)
        self.books = Books()
        for kind, listener in self.books.listeners.items():
            self.world.listen(kind, listener)
        self.world.doers[CloseAttempt] = self.books.write_back
        carrier = scenario.carrier
        customers = Customers(
            self.world,
            Draws(carrier.move_s, streams.stream("move")),
            {
                AgentId(name): worker.talk_factor
                for name, worker in scenario.agents.items()
                if worker.talk_factor != 1
            },
        )
        Staff(
            self.world,
            customers,
            scenario.agents,
            streams,
            Draws(carrier.ring_s, streams.stream("ring")),
        )
        if callers is None:
            callers = draw_callers(scenario, streams)
        if flow is not None:
            flow.choose_ways(callers, streams)
        enqueues = Draws(carrier.enqueue_s, streams.stream("enqueue"))
        coming = Callers(self.world, customers, callers, enqueues)
        self.walks: Walks | None = None
        if flow is not None:
            assert self.date is not None, "a flow in use has a calendar"
            self.walks = Walks(self.world, customers, coming, flow, streams=streams, date=self.date)
        Reactions(self.world, customers, coming, scenario.calls, streams)
        Mishaps(self.world, scenario, streams)
        desk = PacingDesk(centre.config.campaigns)
        Outbound(self.world, customers, scenario.campaigns, streams, desk).close(ends_ms)

    def run(self) -> DayResult:
        """Let the day go by."""
        self.world.run()
        world, books = self.world, self.books
        books.close(world.centre)
        walked = None if self.walks is None else self.walks.tally
        return DayResult(
            self.streams.seed,
            self.streams.day,
            account(world.measures, books, world.centre.config, world.now_ms, walked),
            world.facts_told,
            tuple(books.problems),
            self.date,
            self.name,
        )


def simulate_day(
    scenario: Scenario, seed: int, day: int = 0, *, flow: FlowInUse | None = None
) -> DayResult:
    """Simulate one day of a scenario.

    Args:
        scenario: The world, with its centre's settings.
        seed: Any integer; the same seed and day give the same result everywhere.
        day: Which replication of the day, from 0.
        flow: The call flow that callers walk, if they do.

    Raises:
        ScenarioError: The scenario has no centre.

    Cost:
        Some 12 facts a call; see `docs/twin.md` for the rates measured.
    """
    return Day(scenario, Streams(seed, day), flow=flow).run()


def _span_ms(scenario: Scenario) -> tuple[int, int]:
    """Return when the first thing may happen and when the last shift ends."""
    shifts = [shift for worker in scenario.agents.values() for shift in worker.shifts]
    starts_s = min([seconds_of(shift.start) for shift in shifts] + [scenario.opens_at_s])
    ends_s = max([seconds_of(shift.until) for shift in shifts] + [scenario.opens_at_s])
    return starts_s * 1_000, ends_s * 1_000
