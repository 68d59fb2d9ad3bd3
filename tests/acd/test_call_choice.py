import pytest

from acd.config import AcdConfig, AgentConfig, ConfigError, QueueConfig, RelaxStep
from acd.engine import Engine
from acd.events import AgentSignedIn, AgentWentReady, CallQueued

URGENT = RelaxStep(after_ms=60_000, priority=100)


def offered(call_choice, queues, calls, at_ms):
    """Return which of the waiting calls an agent gets who becomes ready at an instant."""
    config = AcdConfig(
        queues=queues, agents=(AgentConfig(agent_id="ana"),), call_choice=call_choice
    )
    engine = Engine(config)
    engine.handle(AgentSignedIn(0, "ana"))
    for call_id, queue_id, queued_ms in calls:
        engine.handle(CallQueued(queued_ms, call_id, queue_id, "k", {}))
    return engine.handle(AgentWentReady(at_ms, "ana"))[0].call_id


def queue(name, *relaxation, **settings):
    return QueueConfig(queue_id=name, relaxation=relaxation, **settings)


def test_aged_priority_weighs_importance_against_patience():
    queues = (queue("plain"), queue("gold", priority=2))
    early, late = ("c1", "plain", 0), ("c2", "gold", 60_000)

    assert offered("aged_priority", queues, [early, late], 60_500) == "c2"
    assert offered("aged_priority", queues, [early, ("c2", "gold", 121_000)], 122_000) == "c1"


def test_higher_rate_overtakes_in_the_end():
    queues = (queue("slow", priority=5), queue("fast", priority_per_minute=11))
    calls = [("c1", "slow", 0), ("c2", "fast", 0)]

    assert offered("aged_priority", queues, calls, 29_000) == "c1"
    assert offered("aged_priority", queues, calls, 31_000) == "c2"


def test_strict_bands_put_importance_first_for_ever():
    queues = (queue("plain", URGENT), queue("gold", URGENT, priority=1))
    calls = [("c1", "plain", 0), ("c2", "gold", 59_000)]

    assert offered("strict_bands", queues, calls, 59_500) == "c2"


def test_relaxation_step_ends_starvation_under_strict_bands():
    queues = (queue("plain", URGENT), queue("gold", URGENT, priority=1))
    calls = [("c1", "plain", 0), ("c2", "gold", 1_000)]

    assert offered("strict_bands", queues, calls, 60_500) == "c1"


def test_strict_bands_without_relaxation_are_refused():
    with pytest.raises(ConfigError, match="could wait for ever"):
        AcdConfig(queues=(QueueConfig(queue_id="plain"),), agents=(), call_choice="strict_bands")


def test_weighted_wait_multiplies_wait_by_the_queues_rate():
    queues = (queue("plain", priority=50), queue("fast", priority_per_minute=3))
    calls = [("c1", "plain", 0), ("c2", "fast", 20_000)]

    assert offered("weighted_wait", queues, calls, 29_000) == "c1"
    assert offered("weighted_wait", queues, calls, 31_000) == "c2"


def test_nearest_deadline_looks_at_when_the_service_level_is_missed():
    queues = (queue("plain", service_level_ms=60_000), queue("gold", service_level_ms=10_000))
    calls = [("c1", "plain", 0), ("c2", "gold", 30_000)]

    assert offered("nearest_deadline", queues, calls, 31_000) == "c2"


def test_nobody_waits_behind_later_calls_for_longer_than_the_stated_bound():
    """aged_priority: at most (difference of bases / rate) minutes of later arrivals go first."""
    queues = (queue("plain"), queue("gold", priority=4, priority_per_minute=1))
    bound_ms = 4 * 60_000
    waiting = ("c1", "plain", 0)

    assert (
        offered("aged_priority", queues, [waiting, ("c2", "gold", bound_ms - 1)], 250_000) != "c1"
    )
    assert offered("aged_priority", queues, [waiting, ("c2", "gold", bound_ms)], 250_000) == "c1"


def test_unknown_policy_is_a_configuration_error_that_lists_the_known_ones():
    with pytest.raises(ConfigError, match=r"no call choice 'loudest'; there are aged_priority,"):
        Engine(AcdConfig(queues=(), agents=(), call_choice="loudest"))
