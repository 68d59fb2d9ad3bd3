"""Settings of the live distributor become tables, or are refused with queue and setting."""

import numpy as np
import pytest

from acd.channels import Channel
from acd.config import AcdConfig, AgentConfig, QueueConfig, RelaxStep
from simulator.kernel import TableError
from simulator.kernel.rules import compile_rules

NEVER = float("inf")


def config(*, queues=None, **changes):
    right = {
        "queues": queues
        or (
            QueueConfig(queue_id="billing", skills={"billing": 5}, priority=10),
            QueueConfig(
                queue_id="sales",
                skills={"sales": 5},
                priority_per_minute=3,
                wait_ms_max=600_000,
                relaxation=(
                    RelaxStep(after_ms=30_000, levels={"sales": 2}),
                    RelaxStep(after_ms=90_000, levels={"sales": 0}, share_with=("billing",)),
                ),
            ),
        ),
        "agents": (
            AgentConfig(agent_id="ana", skills={"billing": 6}, queues=("billing",)),
            AgentConfig(agent_id="ben", skills={"billing": 8, "sales": 2}),
            AgentConfig(agent_id="cy", skills={"sales": 9}),
            AgentConfig(agent_id="dee", skills={"billing": 6}, queues=("billing",)),
        ),
    }
    return AcdConfig(**(right | changes))


def test_agents_alike_form_groups_and_relaxation_becomes_reach():
    compiled = compile_rules(config())
    assert compiled.members == (("ana", "dee"), ("ben",), ("cy",))
    assert compiled.tables.reach_s.tolist() == [[0, 0, NEVER], [90, 30, 0]]
    assert compiled.wait_s_max.tolist() == [3600, 600]


def test_priorities_are_points_and_points_per_second():
    tables = compile_rules(config()).tables
    assert tables.priority[:, 0].tolist() == [10, 0]
    assert tables.priority_per_s.tolist() == [1 / 60, 3 / 60]
    deadlines = compile_rules(config(call_choice="nearest_deadline")).tables
    assert deadlines.priority[:, 0].tolist() == [-20, -20]


def test_agent_choice_becomes_rank():
    assert not compile_rules(config()).tables.rank.any()
    queue = QueueConfig(queue_id="billing", skills={"billing": 5}, agent_choice="most_skilled")
    one = config(queues=(queue,))
    assert compile_rules(one).tables.rank.tolist() == [[1, 0, 2]]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"agent_choice": "round_robin"}, "queue 'billing': agent_choice round_robin"),
        ({"ring_count": 3}, "queue 'billing': ring_count is 3"),
        (
            {"channel": Channel.MESSAGE},
            "queue 'billing': channel is message; the kernel knows calls",
        ),
        (
            {"relaxation": (RelaxStep(after_ms=5000, priority=7),)},
            "queue 'billing': the relaxation step after 5000 ms has priority 7",
        ),
        (
            {"relaxation": (RelaxStep(after_ms=5000, only_if="nobody_free"),)},
            "only_if nobody_free",
        ),
        ({"relaxation": (RelaxStep(after_ms=5000, send="voicemail"),)}, "send voicemail"),
        ({"skills": {"dance": 3}}, "no group ever takes call type 'billing'"),
    ],
)
def test_what_tables_cannot_say_is_refused_by_name(settings, message):
    queue = QueueConfig(**({"queue_id": "billing", "skills": {"billing": 5}} | settings))
    with pytest.raises(TableError, match=message):
        compile_rules(config(queues=(queue,)))


def test_occupancy_cap_and_foreign_policies_are_refused():
    with pytest.raises(TableError, match="occupancy_percent_max is 85"):
        compile_rules(config(occupancy_percent_max=85))
    with pytest.raises(TableError, match="call_choice is own; the kernel knows"):
        compile_rules(config(call_choice="own"))


def test_tables_are_ready_for_the_kernel():
    assert np.isfinite(compile_rules(config()).tables.priority).all()
