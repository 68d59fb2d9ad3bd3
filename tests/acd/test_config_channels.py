"""Settings of channels, cases and segments that cannot be right are refused in words."""

import pytest

from acd.channels import Channel
from acd.config import AcdConfig, AgentConfig, ConfigError, QueueConfig, RelaxStep, SegmentConfig

TEXTS = QueueConfig(queue_id="texts", channel=Channel.MESSAGE)
TASKS = QueueConfig(queue_id="tasks", channel=Channel.TASK)
CALLS = QueueConfig(queue_id="calls")


def site(*queues, segments=()):
    return AcdConfig(queues=queues, agents=(), segments=segments)


def relaxing(name, channel, **step):
    return QueueConfig(queue_id=name, channel=channel, relaxation=(RelaxStep(after_ms=1, **step),))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: site(CALLS, relaxing("texts", Channel.MESSAGE, queue_id="calls")),
            "relaxes to queue 'calls', which carries voice; name one that carries message",
        ),
        (
            lambda: site(relaxing("tasks", Channel.TASK, send="goodbye")),
            "queue 'tasks' carries tasks, which are never given up; take 'send' out",
        ),
        (
            lambda: site(TEXTS, QueueConfig(queue_id="calls", follow_up_queue_id="texts")),
            "follow_up_queue_id is 'texts'; it must name a queue whose channel is task",
        ),
        (
            lambda: site(QueueConfig(queue_id="calls", follow_up_queue_id="desk")),
            "follow_up_queue_id is 'desk'; it must name a queue whose channel is task",
        ),
        (
            lambda: site(CALLS, segments=(SegmentConfig(segment_id="vip"),) * 2),
            "two segments named 'vip'",
        ),
        (
            lambda: site(
                CALLS, segments=(SegmentConfig(segment_id="vip", queue_ids={"calls": "lounge"}),)
            ),
            "segment 'vip' names queue 'lounge', which does not exist",
        ),
        (
            lambda: site(
                CALLS,
                TEXTS,
                segments=(SegmentConfig(segment_id="vip", queue_ids={"calls": "texts"}),),
            ),
            "segment 'vip': queue 'calls' carries voice and 'texts' carries message",
        ),
        (
            lambda: SegmentConfig(segment_id="vip", follow_up_percent=0),
            "segment 'vip': follow_up_percent is 0; it must be 1 to 1000",
        ),
        (
            lambda: AgentConfig(agent_id="ana", messages_max=21),
            "agent 'ana': messages_max is 21; it must be 0 to 20",
        ),
    ],
)
def test_settings_of_channels_are_refused_with_what_would_be_right(make, sentence):
    with pytest.raises(ConfigError, match=sentence):
        make()


def test_tasks_need_no_way_out_under_strict_bands():
    AcdConfig(queues=(TASKS,), agents=(), call_choice="strict_bands")
