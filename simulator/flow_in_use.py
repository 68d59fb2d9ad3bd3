"""A call flow with the people who call it: what a study needs to let callers walk it.

The flow comes ready (with its speech model) from the shell, and the ways of callers from a file;
here both are held against the scenario, so that a study does not begin with callers who have
nowhere to go.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from acd.events import FlowOutcome
from ivr.flow import Flow, nodes
from simulator.callers import Caller
from simulator.scenario import Scenario, ScenarioError
from simulator.streams import Streams
from simulator.ways import CallFlow, Steps, Ways, way_chosen

NUMBER = "+442079460199"
"""A number that Ofcom reserves for drama: callers have one that can be rung back."""

Known: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FlowInUse:
    """A flow, who walks it, and how they behave. Made by `flow_in_use`."""

    flow: Flow
    ways: Ways
    habits: CallFlow
    zone: str

    def known_of(self, call_type: str) -> Known:
        """Return what is known of callers of a type when they call."""
        return {"number": NUMBER, **self.ways[call_type].known}

    def midnight_ms(self, date: dt.date) -> int:
        """Return the instant, since 1970, at which a date's clock shows twelve hours before noon.

        On the two days a year on which clocks change that is not midnight, but the opening hours
        of such a day are right.
        """
        noon = dt.datetime.combine(date, dt.time(12), ZoneInfo(self.zone))
        return round((noon.timestamp() - 12 * 3_600) * 1_000)

    def choose_ways(self, callers: list[Caller], streams: Streams) -> None:
        """Give every caller their way, instead of the time and the outcome of a plain flow.

        Those whom the plain flow would serve by itself want an answer, all others an agent; what
        becomes of them is the flow's doing. Types without ways keep the plain flow.
        """
        drawn = streams.stream("way").random(len(callers)).tolist()
        for caller, one in zip(callers, drawn, strict=True):
            if caller.line in self.ways:
                caller.way = self._way(caller, one)
                caller.flow_ms, caller.flow_outcome = 0, None

    def _way(self, caller: Caller, drawn: float) -> Steps:
        ways = self.ways[caller.line]
        wants_answer = caller.flow_outcome is FlowOutcome.SELF_SERVED and ways.self_served
        return way_chosen(ways.self_served if wants_answer else ways.queued, drawn)


def flow_in_use(scenario: Scenario, flow: Flow, ways: Ways, zone: str) -> FlowInUse:
    """Hold a flow and the ways of its callers against a scenario.

    Args:
        scenario: With its centre, its calendar and, if callers slip, its `call_flow`.
        flow: Ready to be walked.
        ways: What callers do at its prompts.
        zone: The time zone of the scenario's times of day.

    Raises:
        ScenarioError: The scenario has no date, the flow leads to a queue that the centre does not
            have, or asks a system of which nobody says what it answers.
    """
    habits = scenario.call_flow or CallFlow()
    if scenario.calendar is None:
        raise ScenarioError(
            "callers who walk a call flow need a date, for its opening hours: give"
            " calendar.first_day"
        )
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ScenarioError(f"'{zone}' is no time zone; write one like Europe/London") from error
    walking = {name: one for name, one in ways.items() if name in scenario.calls}
    if not walking:
        raise ScenarioError(f"no call type has ways; there are {', '.join(scenario.calls)}")
    _check_queues(scenario, flow)
    for name, node in flow.nodes.items():
        if isinstance(node, nodes.Data) and name not in habits.lookups:
            raise ScenarioError(
                f"{flow.file}: node '{name}' asks another system; say what it answers under"
                f" call_flow.lookups.{name}"
            )
    return FlowInUse(flow, walking, habits, zone)


def _check_queues(scenario: Scenario, flow: Flow) -> None:
    assert scenario.centre is not None, "a flow is used in a centre"
    known = {str(queue.queue_id) for queue in scenario.centre.acd.queues}
    for name, node in flow.nodes.items():
        if isinstance(node, nodes.Queue | nodes.Callback) and node.queue not in known:
            raise ScenarioError(
                f"{flow.file}: node '{name}' leads to the queue '{node.queue}'; the centre has"
                f" {', '.join(sorted(known))}"
            )
