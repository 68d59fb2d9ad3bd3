import pytest

from acd.config import AcdConfig, AgentConfig, ConfigError, QueueConfig, RelaxStep


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: QueueConfig(queue_id="q", ring_ms=5),
            "queue 'q': ring_ms is 5; it must be 1000 to 600000",
        ),
        (
            lambda: QueueConfig(queue_id="q", skills={"en": 11}),
            "queue 'q': level of skill 'en' is 11; it must be 1 to 10",
        ),
        (lambda: QueueConfig(queue_id="q", overflow="moon"), "use one of voicemail, goodbye, flow"),
        (
            lambda: QueueConfig(
                queue_id="q", relaxation=(RelaxStep(after_ms=9), RelaxStep(after_ms=5))
            ),
            "in the order of their after_ms",
        ),
        (lambda: RelaxStep(after_ms=1, only_if="raining"), "use nobody_signed_in or nobody_free"),
        (lambda: RelaxStep(after_ms=1, send="moon"), "use one of voicemail, goodbye, flow"),
        (lambda: RelaxStep(after_ms=1, levels={"en": 11}), "level of skill 'en' is 11"),
        (
            lambda: AgentConfig(agent_id="ana", standing=True, accept_by_button=True),
            "a standing leg takes calls by itself",
        ),
        (lambda: AgentConfig(agent_id="ana", weight=0), "weight is 0; it must be 1 to 1000"),
        (
            lambda: AcdConfig(
                queues=(QueueConfig(queue_id="q"), QueueConfig(queue_id="q")), agents=()
            ),
            "two queues named 'q'",
        ),
        (
            lambda: QueueConfig(queue_id="q", recording="often"),
            "recording is 'often'; use off, with_consent or always",
        ),
        (
            lambda: AcdConfig(queues=(), agents=(AgentConfig(agent_id="ana"),) * 2),
            "two agents named 'ana'",
        ),
        (
            lambda: AcdConfig(
                queues=(QueueConfig(queue_id="q"),),
                agents=(AgentConfig(agent_id="ana", queues=("r",)),),
            ),
            "agent 'ana' serves queue 'r', which does not exist; the queues are q",
        ),
        (
            lambda: AcdConfig(
                queues=(
                    QueueConfig(queue_id="q", relaxation=(RelaxStep(after_ms=1, queue_id="r"),)),
                ),
                agents=(),
            ),
            "queue 'q' relaxes to queue 'r', which does not exist",
        ),
    ],
)
def test_wrong_setting_is_refused_with_what_would_be_right(make, sentence):
    with pytest.raises(ConfigError, match=sentence):
        make()
