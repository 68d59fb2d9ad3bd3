"""One simulated day: the scenario's world around the unchanged centre.

`simulate_day` wires the parts: callers, customers on the line, staff and the people on outbound
lists, each drawing from named streams of the day, all driving one `dialer.centre.Centre`. The
measures are those of `acd.measures`, folded from the same notices as in a live centre, so a figure
means the same in both.

The day starts empty and ends when the last call is over: there is no warm-up to discard and no
call is cut off. Campaigns pause when the last shift ends.

Source of the shape (callbacks rather than a process per call): measured; see `docs/twin.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.ids import AgentId
from acd.measures import (
    AgentTimes,
    Measures,
    QueueCounts,
    abandonment,
    aht_ms,
    asa_ms,
    occupancy,
    service_level,
)
from dialer.centre import Centre
from dialer.config import CentreConfig
from dialer.pacing.desk import PacingDesk
from simulator.books import Books
from simulator.callers import Callers, draw_callers
from simulator.customers import Customers
from simulator.draws import Draws
from simulator.outbound import Outbound
from simulator.scenario import Scenario, ScenarioError, seconds_of
from simulator.staff import Staff
from simulator.streams import Streams
from simulator.world import World


@dataclass(frozen=True, slots=True)
class QueueDay:
    """One queue's day: counts by interval, and their sum."""

    queue_id: str
    total: QueueCounts
    intervals: Mapping[int, QueueCounts]  #: by the interval's start in ms after midnight


@dataclass(frozen=True, slots=True)
class OutboundDay:
    """All campaigns' day."""

    dials: int
    outcomes: Mapping[str, int]
    live_answers: int
    abandoned: int

    @property
    def abandonment(self) -> float | None:
        """Abandoned over live answers; None without any."""
        return self.abandoned / self.live_answers if self.live_answers else None


@dataclass(frozen=True, slots=True)
class DayResult:
    """What a day came to."""

    seed: int
    day: int
    queues: Mapping[str, QueueDay]
    agents: Mapping[str, AgentTimes]
    calls: Mapping[str, int]  #: inbound calls by outcome
    outbound: OutboundDay
    facts: int  #: told to the centre
    problems: tuple[str, ...] = field(default=())  #: what does not balance; empty on a good day

    @property
    def total(self) -> QueueCounts:
        """The sum of all inbound queues."""
        total = QueueCounts()
        for queue in self.queues.values():
            total.add(queue.total)
        return total

    def figures(self) -> dict[str, float | None]:
        """Return the day's measures by name; None where there was nothing to measure.

        Per queue and for all inbound queues together: service level, ASA, AHT, abandonment; for
        the team: occupancy; for outbound: dials, live answers and the abandonment rate.
        """
        figures: dict[str, float | None] = {}
        for name, queue in self.queues.items():
            figures |= _queue_figures(f"{name}.", queue.total)
        figures |= _queue_figures("", self.total)
        busy_ms = sum(times.busy_ms for times in self.agents.values())
        ready_ms = sum(times.ready_ms for times in self.agents.values())
        figures["occupancy"] = occupancy(busy_ms, ready_ms)
        for outcome in sorted(self.calls):
            figures[f"calls.{outcome}"] = float(self.calls[outcome])
        figures["dials"] = float(self.outbound.dials)
        figures["live_answers"] = float(self.outbound.live_answers)
        figures["outbound_abandonment"] = self.outbound.abandonment
        return figures


def _queue_figures(prefix: str, counts: QueueCounts) -> dict[str, float | None]:
    asa = asa_ms(counts.answered_wait_ms, counts.answered)
    aht = aht_ms(counts.talk_ms, counts.wrap_up_ms, counts.handled)
    return {
        f"{prefix}offered": float(counts.offered),
        f"{prefix}answered": float(counts.answered),
        f"{prefix}service_level": service_level(
            counts.answered_within, counts.offered, counts.short_abandons
        ),
        f"{prefix}asa_s": None if asa is None else asa / 1_000,
        f"{prefix}aht_s": None if aht is None else aht / 1_000,
        f"{prefix}abandonment": abandonment(
            counts.abandoned, counts.offered, counts.short_abandons
        ),
    }


class Day:
    """One day of a scenario, ready to run.

    Args:
        scenario: The world, with its centre's settings.
        streams: The day's random streams.
    """

    def __init__(self, scenario: Scenario, streams: Streams) -> None:
        if scenario.centre is None:
            raise ScenarioError(
                f"scenario '{scenario.name}' has no centre: give its settings under 'centre', or"
                " the folder with the centre's settings"
            )
        self.scenario = scenario
        self.streams = streams
        centre = Centre(scenario.centre)
        starts_ms, ends_ms = _span_ms(scenario)
        measures = Measures(centre.acd.config.queues, interval_ms=scenario.interval_s * 1_000)
        self.world = World(centre, measures, start_ms=starts_ms)
        self.books = Books()
        self.books.keep(self.world)
        carrier = scenario.carrier
        customers = Customers(
            self.world,
            Draws(carrier.move_s, streams.stream("move")),
            {AgentId(name): worker.talk_factor for name, worker in scenario.agents.items()},
        )
        Staff(
            self.world,
            customers,
            scenario.agents,
            streams,
            Draws(carrier.ring_s, streams.stream("ring")),
        )
        Callers(
            self.world,
            customers,
            draw_callers(scenario, streams),
            Draws(carrier.enqueue_s, streams.stream("enqueue")),
        )
        desk = PacingDesk(centre.config.campaigns)
        Outbound(self.world, customers, scenario.campaigns, streams, desk).close(ends_ms)

    def run(self) -> DayResult:
        """Let the day go by."""
        self.world.run()
        self.books.close(self.world.centre.acd.board.agents.values())
        return _result(self)


def simulate_day(scenario: Scenario, seed: int, day: int = 0) -> DayResult:
    """Simulate one day of a scenario.

    Args:
        scenario: The world, with its centre's settings.
        seed: Any integer; the same seed and day give the same result everywhere.
        day: Which replication of the day, from 0.

    Raises:
        ScenarioError: The scenario has no centre.

    Cost:
        Some 12 facts a call; see `docs/twin.md` for the rates measured.
    """
    return Day(scenario, Streams(seed, day)).run()


def _span_ms(scenario: Scenario) -> tuple[int, int]:
    """Return when the first thing may happen and when the last shift ends."""
    shifts = [shift for worker in scenario.agents.values() for shift in worker.shifts]
    starts_s = min([seconds_of(shift.start) for shift in shifts] + [scenario.opens_at_s])
    ends_s = max([seconds_of(shift.until) for shift in shifts] + [scenario.opens_at_s])
    return starts_s * 1_000, ends_s * 1_000


def _result(day: Day) -> DayResult:
    world, streams = day.world, day.streams
    return day_result(
        seed=streams.seed,
        day=streams.day,
        config=world.centre.config,
        measures=world.measures,
        books=day.books,
        now_ms=world.now_ms,
        facts=world.facts_told,
    )


def day_result(  # noqa: PLR0913  (everything a day is known by)
    *,
    seed: int,
    day: int,
    config: CentreConfig,
    measures: Measures,
    books: Books,
    now_ms: int,
    facts: int,
) -> DayResult:
    """Return what measures and books of a day come to, simulated or live."""
    return DayResult(
        seed=seed,
        day=day,
        queues={
            str(queue.queue_id): QueueDay(
                str(queue.queue_id),
                measures.total(queue.queue_id),
                measures.queues.get(queue.queue_id, {}),
            )
            for queue in config.acd.queues
        },
        agents={
            str(agent.agent_id): measures.agent_times(agent.agent_id, now_ms)
            for agent in config.acd.agents
        },
        calls=dict(sorted(books.calls.items())),
        outbound=OutboundDay(
            books.dials_placed,
            dict(sorted(books.dials.items())),
            books.live_answers,
            books.abandoned_dials,
        ),
        facts=facts,
        problems=tuple(books.problems),
    )
