"""The course of a day: time is split exactly at the bounds of intervals."""

import pytest

from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.ids import AgentId, CallId, QueueId
from acd.measures import AgentTimes
from acd.notices import (
    AgentChanged,
    CallClosed,
    CallConnected,
    CallEnqueued,
    ContactOutcome,
    Direction,
)
from simulator.course import WAIT_STEPS, CourseFold
from simulator.groups import NO_QUEUE, groups_of

MINUTE_MS = 60_000
QUEUE, ANA, CALL = QueueId("cards"), AgentId("ana"), CallId("c1")
CONFIG = AcdConfig(
    queues=(QueueConfig(queue_id=QUEUE, skills={"cards": 2}),),
    agents=(AgentConfig(agent_id=ANA, skills={"cards": 3}),),
)


@pytest.fixture
def fold():
    return CourseFold(CONFIG, 10 * MINUTE_MS)


def changed(at_ms, presence, state="idle"):
    return AgentChanged(at_ms, ANA, presence, "", state, None)


def closed(at_ms, outcome, wait_ms):
    return CallClosed(at_ms, CALL, Direction.INBOUND, QUEUE, outcome, wait_ms)


def test_wait_is_split_at_the_bound_of_an_interval(fold):
    fold.feed([CallEnqueued(8 * MINUTE_MS, CALL, QUEUE)])
    fold.feed([CallConnected(13 * MINUTE_MS, CALL, QUEUE, ANA, 5 * MINUTE_MS)])
    course = fold.course(20 * MINUTE_MS)
    assert course.waiting_ms == {"cards": {0: 2 * MINUTE_MS, 10 * MINUTE_MS: 3 * MINUTE_MS}}
    assert course.answered_waits["cards"] == {30: 1}


def test_long_waits_are_counted_together(fold):
    fold.feed([CallEnqueued(0, CALL, QUEUE), closed(99, ContactOutcome.ABANDONED, 10**7)])
    assert fold.course(0).abandoned_waits["cards"] == {WAIT_STEPS: 1}


def test_who_is_sent_on_neither_was_answered_nor_gave_up(fold):
    fold.feed([CallEnqueued(0, CALL, QUEUE), closed(99, ContactOutcome.VOICEMAIL, 50)])
    course = fold.course(0)
    assert not course.answered_waits["cards"] + course.abandoned_waits["cards"]
    assert course.waiting_ms["cards"] == {0: 50}


def test_agents_time_goes_to_what_it_was_spent_on(fold):
    fold.feed([changed(MINUTE_MS, "ready"), changed(4 * MINUTE_MS, "ready", "talking")])
    fold.feed([changed(9 * MINUTE_MS, "not_ready"), changed(11 * MINUTE_MS, "signed_out")])
    times = fold.course(60 * MINUTE_MS).times["cards"]
    assert times == {
        0: AgentTimes(busy_ms=5 * MINUTE_MS, ready_ms=3 * MINUTE_MS, not_ready_ms=MINUTE_MS),
        10 * MINUTE_MS: AgentTimes(not_ready_ms=MINUTE_MS),
    }


def test_day_may_begin_at_any_instant():
    fold = CourseFold(CONFIG, 10 * MINUTE_MS, midnight_ms=7)
    fold.feed([changed(7, "ready"), changed(7 + MINUTE_MS, "signed_out")])
    assert fold.course(99).times["cards"] == {0: AgentTimes(ready_ms=MINUTE_MS)}


def test_agents_without_a_queue_are_a_group_too():
    config = AcdConfig(queues=CONFIG.queues, agents=(AgentConfig(agent_id=ANA),))
    assert groups_of(config) == {ANA: NO_QUEUE}
