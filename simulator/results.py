"""What a day came to, simulated or replayed: counts, and the measures made from them.

An `Account` is the fold of a day's notices. Its figures are those of `acd.measures`, under the same
names whether the day was lived, replayed or simulated, so they can be set side by side.
"""

from collections.abc import Mapping
from dataclasses import dataclass

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
from acd.notices import ContactOutcome
from acd.sketch import Sketch
from dialer.config import CentreConfig
from simulator.books import Books
from simulator.flow_tally import FlowDay

QUANTILES = (0.5, 0.9)
"""Of the waits, told with the figures of a day."""


@dataclass(frozen=True, slots=True)
class QueueDay:
    """One queue's day: counts by interval, and their sum."""

    total: QueueCounts
    intervals: Mapping[int, QueueCounts]  #: by the interval's start, in ms of the day's clock


@dataclass(frozen=True, slots=True)
class OutboundDay:
    """All campaigns' day."""

    dials: int
    outcomes: Mapping[str, int]
    live_answers: int
    abandoned: int  #: a person was there and no agent came in time

    @property
    def abandonment(self) -> float | None:
        """Abandoned over live answers; None without any."""
        return self.abandoned / self.live_answers if self.live_answers else None


@dataclass(frozen=True, slots=True)
class Account:
    """The counts of a day."""

    queues: Mapping[str, QueueDay]  #: inbound
    agents: Mapping[str, AgentTimes]
    calls: Mapping[str, int]  #: inbound calls by outcome
    outbound: OutboundDay
    waits: Mapping[str, float | None]  #: quantiles of all answered calls' waits in s, by name
    flow: FlowDay | None = None  #: None where callers did not walk a call flow

    @property
    def total(self) -> QueueCounts:
        """The sum of all inbound queues."""
        total = QueueCounts()
        for queue in self.queues.values():
            total.add(queue.total)
        return total

    def inbound_figures(self, begins_ms: int, ends_ms: int) -> dict[str, float | None]:
        """Return the measures of the inbound calls that arrived in a part of the day, by name.

        Args:
            begins_ms: Start of the part in ms of the day's clock; intervals before are left out.
            ends_ms: Its end; intervals that start at or after it are left out.
        """
        figures: dict[str, float | None] = {}
        whole = QueueCounts()
        for name, queue in self.queues.items():
            counts = QueueCounts()
            for start_ms, interval in queue.intervals.items():
                if begins_ms <= start_ms < ends_ms:
                    counts.add(interval)
            whole.add(counts)
            figures |= _queue_figures(f"{name}.", counts)
        return _queue_figures("", whole) | figures

    def figures(self) -> dict[str, float | None]:
        """Return the day's measures by name; None where there was nothing to measure.

        For all inbound queues together, and per queue under `<queue>.`: offered, answered, service
        level (over offered less short abandons), ASA (answered calls), AHT, abandonment; median and
        ninetieth percentile of all answered calls' waits; occupancy of the team; containment (calls
        that the flow served by itself, of all that came in); inbound calls by outcome; dials, live
        answers and outbound abandonment. Where callers walked a flow, its measures too.
        """
        figures = _queue_figures("", self.total)
        for name, queue in self.queues.items():
            figures |= _queue_figures(f"{name}.", queue.total)
        figures |= self.waits
        busy_ms = sum(times.busy_ms for times in self.agents.values())
        ready_ms = sum(times.ready_ms for times in self.agents.values())
        figures["occupancy"] = occupancy(busy_ms, ready_ms)
        came = sum(self.calls.values())
        served = self.calls.get(ContactOutcome.SELF_SERVED, 0)
        figures["containment"] = served / came if came else None
        figures |= {f"calls.{outcome}": float(count) for outcome, count in self.calls.items()}
        figures["dials"] = float(self.outbound.dials)
        figures["live_answers"] = float(self.outbound.live_answers)
        figures["outbound_abandonment"] = self.outbound.abandonment
        return figures if self.flow is None else figures | self.flow.figures()


def account(
    measures: Measures,
    books: Books,
    config: CentreConfig,
    now_ms: int,
    flow: FlowDay | None = None,
) -> Account:
    """Sum up what was measured and booked until now."""
    return Account(
        queues={
            str(queue.queue_id): QueueDay(
                measures.total(queue.queue_id), measures.queues.get(queue.queue_id, {})
            )
            for queue in config.acd.queues
        },
        agents={
            str(agent.agent_id): measures.agent_times(agent.agent_id, now_ms)
            for agent in config.acd.agents
        },
        calls={str(outcome): count for outcome, count in sorted(books.calls.items())},
        outbound=OutboundDay(
            books.dials_placed,
            dict(sorted(books.dials.items())),
            books.live_answers,
            books.abandoned_dials,
        ),
        waits=_wait_quantiles(measures),
        flow=flow,
    )


def _wait_quantiles(measures: Measures) -> dict[str, float | None]:
    pooled = Sketch()
    for sketch in measures.waits.values():
        pooled.merge(sketch)
    quantiles = {f"wait_p{round(100 * share)}_s": pooled.quantile(share) for share in QUANTILES}
    return {name: None if ms is None else ms / 1_000 for name, ms in quantiles.items()}


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
