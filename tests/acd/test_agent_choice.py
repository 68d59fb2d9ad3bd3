from collections import Counter

import pytest

from acd.agents import Agent
from acd.config import AcdConfig, AgentConfig, ConfigError, QueueConfig
from acd.engine import Engine
from acd.events import AgentSignedIn, AgentWentReady, CallQueued
from acd.routing.agent_choice import AGENT_CHOICES, agent_choice_named
from acd.routing.draws import draw, exponential, log2_fixed


def agent(name, skills=None, **facts):
    return Agent(AgentConfig(agent_id=name, skills=skills or {}), name, **facts)


def first(policy, agents, needs=None):
    return min(agents, key=lambda one: AGENT_CHOICES[policy](one, needs or {})).agent_id


@pytest.mark.parametrize(
    ("policy", "best", "other"),
    [
        ("longest_idle", {"idle_since_ms": 5}, {"idle_since_ms": 6}),
        ("fewest_calls", {"handled_count": 1, "idle_since_ms": 9}, {"handled_count": 2}),
        (
            "least_occupied",
            {"busy_ms": 10, "idle_since_ms": 100},
            {"busy_ms": 5, "idle_since_ms": 20},
        ),
        ("round_robin", {"offered_order": 3}, {"offered_order": 4}),
        ("most_skilled", {"skills": {"b": 9}}, {"skills": {"b": 8, "c": 10}}),
        ("least_skilled", {"skills": {"b": 9}}, {"skills": {"b": 1, "c": 1}}),
    ],
)
def test_policy_prefers(policy, best, other):
    agents = [agent("other", **other), agent("best", **best)]

    assert first(policy, agents, {"b": 1}) == "best"


@pytest.mark.parametrize("policy", ["most_skilled", "least_skilled", "fewest_calls"])
def test_equals_go_by_longest_idle(policy):
    agents = [agent("late", idle_since_ms=2), agent("early", idle_since_ms=1)]

    assert first(policy, agents) == "early"


def test_weighted_draw_wins_in_proportion_to_weight():
    """With weights 1 and 3 the heavier should win three quarters: 4000 draws, 5 sigma = 137."""
    wins = Counter(
        min(("light", 1), ("heavy", 3), key=lambda one: exponential(one[1], one[0], number))[0]
        for number in range(4_000)
    )

    assert abs(wins["heavy"] - 3_000) < 137


def test_draw_follows_from_its_names_alone():
    assert draw("ana", 7) == draw("ana", 7)
    assert draw("ana", 7) != draw("ana", 8)
    assert draw("an", "a") != draw("ana")


@pytest.mark.parametrize("number", [1, 2, 3, 1_000, 2**63 + 12_345, 2**64])
def test_fixed_logarithm_is_near_the_true_one(number):
    from math import log2

    assert abs(log2_fixed(number) / 2**16 - log2(number)) < 2**-14


def test_unknown_policy_is_a_configuration_error_that_lists_the_known_ones():
    queue = QueueConfig(queue_id="billing", agent_choice="nicest")
    with pytest.raises(ConfigError, match=r"no agent choice 'nicest'; there are longest_idle,"):
        Engine(AcdConfig(queues=(queue,), agents=()))


def test_policy_of_the_sites_own_is_used_by_its_name():
    def by_name(one, needs):
        return (-ord(one.agent_id[0]),)

    config = AcdConfig(
        queues=(QueueConfig(queue_id="billing", agent_choice="by_name"),),
        agents=(AgentConfig(agent_id="ana"), AgentConfig(agent_id="zoe")),
    )
    engine = Engine(config, own_choices={"by_name": by_name})
    for name in ("ana", "zoe"):
        engine.handle(AgentSignedIn(0, name))
        engine.handle(AgentWentReady(0, name))

    assert engine.handle(CallQueued(1, "c1", "billing", "k", {}))[0].agent_id == "zoe"
    assert agent_choice_named("by_name", {"by_name": by_name}) is by_name
