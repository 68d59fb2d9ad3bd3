"""Callers: when they call, what the call flow makes of them, and their way into a queue.

All callers of a day are drawn before it begins, each purpose from a stream of its own, so two
variants of a day meet the same people: the n-th caller of a type needs and bears the same whatever
the centre does with the others.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from acd.events import CallArrived, CallEnded, CallQueued, CallWaited, FlowEnded, FlowOutcome
from acd.ids import CallId, CustomerId, QueueId, Sid
from dialer.events import CentreEvent
from simulator.arrivals import day_of_arrivals_s
from simulator.customers import Customer, Customers, Line
from simulator.draws import Draws, many_ms, to_ms
from simulator.scenario import CallType, Flow, Scenario
from simulator.streams import Streams
from simulator.ways import Steps
from simulator.world import Action, Timer, World


@dataclass(slots=True)
class Caller:
    """One caller before and in the call flow."""

    at_ms: int
    kind: CallType
    line: str  #: which of our numbers they call: the call type's name
    flow_ms: int
    flow_outcome: FlowOutcome | None  #: None for those who want an agent
    customer: Customer
    way: Steps | None = None  #: through the real call flow, for those who walk it


def draw_callers(scenario: Scenario, streams: Streams) -> list[Caller]:
    """Draw everybody who calls on one day, in the order of their calls."""
    callers = [caller for name in scenario.calls for caller in _draw_type(scenario, name, streams)]
    callers.sort(key=_instant)
    for number, caller in enumerate(callers):
        caller.customer.call_id = CallId(f"CA{number:07d}")
        caller.customer.customer_id = CustomerId(f"in-{number}")
    return callers


def _instant(caller: Caller) -> int:
    return caller.at_ms


def _draw_type(scenario: Scenario, name: str, streams: Streams) -> list[Caller]:
    kind = scenario.calls[name]
    arrivals_s = day_of_arrivals_s(
        scenario.expected(name),
        interval_s=scenario.interval_s,
        variability=scenario.variability,
        streams=streams,
        call_type=name,
    )
    count = len(arrivals_s)
    opens_at_ms = to_ms(scenario.opens_at_s)
    arrivals_ms = (np.rint(arrivals_s * 1_000).astype(np.int64) + opens_at_ms).tolist()
    rows = zip(
        arrivals_ms,
        many_ms(kind.flow.time_s, streams.stream("flow time", name), count),
        draw_outcomes(kind.flow, streams.stream("flow outcome", name), count),
        many_ms(kind.talk_s, streams.stream("talk", name), count),
        many_ms(kind.wrap_s, streams.stream("wrap-up", name), count),
        many_ms(kind.patience_s, streams.stream("patience", name), count),
        strict=True,
    )
    nobody, unnamed = CustomerId(""), CallId("")
    return [
        Caller(at_ms, kind, name, flow_ms, outcome, Customer(unnamed, nobody, talk, wrap, patience))
        for at_ms, flow_ms, outcome, talk, wrap, patience in rows
    ]


_OUTCOMES = (FlowOutcome.SELF_SERVED, FlowOutcome.VOICEMAIL, FlowOutcome.ABANDONED, None)


def draw_outcomes(flow: Flow, rng: np.random.Generator, count: int) -> list[FlowOutcome | None]:
    """Draw what the flow makes of callers; None for those who want an agent."""
    bounds = np.cumsum([flow.self_served, flow.voicemail, flow.abandoned])
    chosen: list[int] = np.searchsorted(bounds, rng.random(count), side="right").tolist()
    return [_OUTCOMES[index] for index in chosen]


class Callers:
    """Lets callers call, in the order given, each at their time of day."""

    def __init__(
        self, world: World, customers: Customers, callers: list[Caller], enqueues: Draws
    ) -> None:
        self._world = world
        self._customers = customers
        self._enqueues = enqueues
        self._coming = callers[::-1]  # the last first; nobody is kept once they have called
        self._when_they_call: Action = self._call  # bound once, for all timers
        self.on_queued: Callable[[Caller], None] | None = None  #: told of callers with manners
        self.on_walk: Callable[[Caller], None] | None = None  #: lets callers with a way begin
        self._expect_next()

    def _expect_next(self) -> None:
        """Keep one timer for the next caller, not one for each of the day."""
        if self._coming:
            caller = self._coming.pop()
            self._world.at(self._world.midnight_ms + caller.at_ms, self._when_they_call, caller)

    def go_on(self, caller: Caller, flow_ms: int) -> None:
        """Let somebody who is in the call flow already stay there for so long."""
        self._customers.by_call[caller.customer.call_id] = caller.customer
        self._world.after(flow_ms, self._end_flow, caller)

    def become_movable(self, customer: Customer) -> None:
        """Let a waiting caller whose waiting document has not played yet hear it."""
        self._world.after(self._enqueues.next_ms(), self._become_movable_now, customer)

    def _call(self, timer: Timer) -> None:
        self._expect_next()
        self.arrive(timer.value)

    def arrive(self, caller: Caller) -> None:
        """Let somebody call now."""
        customer = caller.customer
        self._customers.by_call[customer.call_id] = customer
        if caller.way is not None and self.on_walk is not None:
            self.on_walk(caller)
            return
        arrived = CallArrived(
            self._world.now_ms,
            customer.call_id,
            caller.line,
            customer.customer_id,
            caller.kind.language,
        )
        if caller.flow_ms:
            self._world.tell(arrived)
            self._world.after(caller.flow_ms, self._end_flow, caller)
        else:
            self._leave_flow(caller, [arrived])

    def _end_flow(self, timer: Timer) -> None:
        self._leave_flow(timer.value, [])

    def _leave_flow(self, caller: Caller, facts: list[CentreEvent]) -> None:
        """Tell how the flow ended; a flow that took no time is told with the arrival."""
        customer, now_ms = caller.customer, self._world.now_ms
        if caller.flow_outcome is not None:
            customer.line = Line.GONE
            facts.append(FlowEnded(now_ms, customer.call_id, caller.flow_outcome))
            facts.append(CallEnded(now_ms, customer.call_id))
            self._world.tell_all(facts)
            return
        kind = caller.kind
        queued = CallQueued(
            now_ms,
            customer.call_id,
            QueueId(kind.queue),
            customer.customer_id,
            kind.skills,
            kind.priority,
            kind.language,
        )
        self.queue(caller, queued, facts)

    def queue(
        self, caller: Caller, queued: CallQueued, facts: list[CentreEvent], *, heard_ms: int = 0
    ) -> None:
        """Let a caller enter a queue, and be movable once they hear its waiting document.

        Args:
            caller: Who.
            queued: The fact that they are queued.
            facts: What is told before it, at the same instant.
            heard_ms: What they hear before they come to the waiting document.
        """
        customer = caller.customer
        self._customers.wait(customer)
        facts.append(queued)
        delay_ms = heard_ms + self._enqueues.next_ms()
        if delay_ms:
            self._world.tell_all(facts)
            self._world.after(delay_ms, self._become_movable_now, customer)
        else:
            facts.append(self._waited(customer))
            self._world.tell_all(facts)
            self._customers.mind(customer)
        if caller.kind.manners is not None and self.on_queued is not None:
            self.on_queued(caller)

    def _become_movable_now(self, timer: Timer) -> None:
        customer: Customer = timer.value
        if customer.line is Line.WAITING:
            self._world.tell(self._waited(customer))
            self._customers.mind(customer)

    def _waited(self, customer: Customer) -> CallWaited:
        queue_sid = Sid(f"QU{customer.call_id}")
        return CallWaited(self._world.now_ms, customer.call_id, queue_sid)
