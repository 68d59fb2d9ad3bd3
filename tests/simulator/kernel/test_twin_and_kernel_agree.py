"""Twin and kernel on the same callers, under random routing settings: every call alike.

The settings go to the twin as they are, where the live distributor routes, and to the kernel
through `compile_rules`. The kernel counts in milliseconds here: both calculate in whole numbers.
"""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acd.config import AcdConfig, AgentConfig, QueueConfig, RelaxStep
from acd.ids import AgentId, QueueId
from acd.notices import CallClosed, CallConnected
from dialer.config import CentreConfig
from simulator.callers import draw_callers
from simulator.day import Day
from simulator.distributions import Exponential, Lognormal
from simulator.kernel import NOBODY, CallDraws, RoutingTables, simulate_days
from simulator.kernel.rules import compile_rules
from simulator.scenario import CallType, Scenario, Shift, Worker
from simulator.streams import Streams
from tests.simulator.small_centre import AT_ONCE

OPENS_MS = 8 * 3_600_000
DAY_MS = 16 * 3_600_000


@st.composite
def routings(draw):
    """Settings that the kernel's tables can express; the first group may serve everybody."""
    count = draw(st.integers(1, 3))
    queues = tuple(
        QueueConfig(
            queue_id=QueueId(f"q{index}"),
            skills={f"s{index}": draw(st.integers(1, 6))},
            agent_choice=draw(st.sampled_from(["longest_idle", "most_skilled", "least_skilled"])),
            priority=draw(st.sampled_from([0, 0, 5, 40])),
            priority_per_minute=draw(st.integers(1, 3)),
            service_level_ms=draw(st.sampled_from([10_000, 20_000, 45_000])),
            wrap_up_ms=0,
            wait_ms_max=86_400_000,
            relaxation=draw(relaxations(index, count)),
        )
        for index in range(count)
    )
    teams = [{f"s{index}": 9 for index in range(count)}]
    teams += draw(st.lists(skills(count), max_size=2))
    agents = [
        AgentConfig(agent_id=AgentId(f"g{team}-{number}"), skills=mine, standing=True)
        for team, mine in enumerate(teams)
        for number in range(draw(st.integers(1, 3)))
    ]
    choice = draw(st.sampled_from(["aged_priority", "weighted_wait", "nearest_deadline"]))
    return AcdConfig(queues=queues, agents=tuple(agents), call_choice=choice)


@st.composite
def relaxations(draw, index, count):
    others = [QueueId(f"q{other}") for other in range(count) if other != index]
    steps = []
    for after_ms in draw(st.sampled_from([(), (), (15_000,), (10_000, 40_000)])):
        shared = tuple(others[:1]) if others and draw(st.booleans()) else ()
        level = draw(st.integers(0, 2))
        steps.append(RelaxStep(after_ms=after_ms, levels={f"s{index}": level}, share_with=shared))
    return tuple(steps)


@st.composite
def skills(draw, count):
    known = draw(st.lists(st.integers(0, count - 1), min_size=1, unique=True))
    return {f"s{index}": draw(st.integers(1, 10)) for index in sorted(known)}


def world_of(routing):
    shift = Shift(start="07:59", until="24:00")
    return Scenario(
        name="random routing",
        opens_at="08:00",
        interval_s=1_800,
        calls={
            str(queue.queue_id): CallType(
                queue=str(queue.queue_id),
                per_interval=(12.0, 16.0),
                talk_s=Lognormal(200.0, 180.0),
                patience_s=Exponential(90.0),
            )
            for queue in routing.queues
        },
        agents={agent.agent_id: Worker(shifts=(shift,)) for agent in routing.agents},
        carrier=AT_ONCE,
        centre=CentreConfig(acd=routing),
    )


def routed_by_twin(world, seed):
    """Return the wait of every call in ms, and who took it, if anybody did."""
    day = Day(world, Streams(seed))
    seen = {}
    day.world.listen(
        CallConnected, lambda said: seen.update({said.call_id: (said.wait_ms, said.agent_id)})
    )
    day.world.listen(CallClosed, lambda said: seen.setdefault(said.call_id, (said.wait_ms, NOBODY)))
    result = day.run()
    assert not result.problems
    return seen


def routed_by_kernel(world, seed):
    callers = draw_callers(world, Streams(seed))
    rules = compile_rules(world.centre.acd)
    rows = {name: row for row, name in enumerate(rules.tables.call_types)}
    draws = CallDraws(
        arrival_s=[caller.at_ms - OPENS_MS for caller in callers],
        call_type=[rows[caller.kind.queue] for caller in callers],
        handle_s=[caller.customer.talk_ms for caller in callers],
        patience_s=[caller.customer.patience_ms for caller in callers],
        day_start=[0, len(callers)],
    )
    team = np.array([[len(members)] for members in rules.members])
    seen = simulate_days(
        draws, in_milliseconds(rules.tables), team, interval_s=DAY_MS, keep_calls=True
    )
    group_of = {agent: group for group, mine in enumerate(rules.members) for agent in mine}
    calls = [caller.customer.call_id for caller in callers]
    return dict(zip(calls, zip(seen.wait_s, seen.group, strict=True), strict=True)), group_of


def in_milliseconds(tables):
    return RoutingTables(
        call_types=tables.call_types,
        groups=tables.groups,
        reach_s=tables.reach_s * 1_000,
        rank=tables.rank,
        # Points a second become points a millisecond: all of them times a thousand.
        priority=tables.priority * 60_000,
        priority_per_s=tables.priority_per_s * 60,
    )


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(routings(), st.integers(0, 10_000))
def test_every_call_waits_as_long_and_meets_the_same_group(routing, seed):
    world = world_of(routing)
    by_twin = routed_by_twin(world, seed)
    by_kernel, group_of = routed_by_kernel(world, seed)
    assert by_twin.keys() == by_kernel.keys()
    for call_id, (wait_ms, agent) in by_twin.items():
        group = NOBODY if agent == NOBODY else group_of[agent]
        assert (wait_ms, group) == by_kernel[call_id], call_id
