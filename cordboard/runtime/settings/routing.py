"""The distributor's part of a site's settings: queues, agents and segments of customers."""

from msgspec import UNSET

from acd.config import AcdConfig, AgentConfig, QueueConfig, RelaxStep, SegmentConfig
from acd.ids import AgentId, QueueId
from cordboard.runtime.settings.documents import (
    AgentDocument,
    CentreDocument,
    QueueDocument,
    RelaxDocument,
    SegmentDocument,
)
from cordboard.runtime.settings.making import make_config
from cordboard.runtime.settings.reading import SettingsError, placing
from cordboard.runtime.softphones import BROWSER
from ivr.flow.source import Source

KEY_MS = 20_000
"""Longer than the asking for the key and the wait for it take together (`webhooks.bridging`)."""


def read_routing(source: Source, document: CentreDocument) -> AcdConfig:
    """Return the distributor's settings.

    Raises:
        SettingsError: Something is wrong; the text says where and what would be right.
    """
    queues = tuple(_queue(source, name, queue) for name, queue in document.queues.items())
    agents = tuple(_agent(source, name, agent) for name, agent in document.agents.items())
    segments = tuple(_segment(source, name, one) for name, one in document.segments.items())
    with placing(source, ()):
        return make_config(
            source,
            (),
            AcdConfig,
            document,
            queues=queues,
            agents=agents,
            segments=segments,
            directory=tuple(document.directory),
        )


def _agent(source: Source, name: str, document: AgentDocument) -> AgentConfig:
    """Return an agent; on a telephone that asks for a key, answering is not yet taking."""
    place = ("agents", name)
    given: dict[str, object] = {"agent_id": AgentId(name)}
    if document.is_confirming and document.endpoint.startswith(BROWSER):
        problem = "has no use in a browser, where the agent answers by hand; leave it out"
        raise SettingsError(str(source.error((*place, "asks_for_key"), problem)))
    if document.is_confirming and document.standing is not True:
        given |= {"accept_by_button": True, "key_ms": KEY_MS}
    return make_config(source, place, AgentConfig, document, **given)


def _queue(source: Source, name: str, document: QueueDocument) -> QueueConfig:
    place = ("queues", name)
    given: dict[str, object] = {"queue_id": QueueId(name)}
    if document.relaxation is not UNSET:
        given["relaxation"] = tuple(
            _step(source, (*place, "relaxation"), step) for step in document.relaxation
        )
    if document.follow_up_queue is not UNSET:
        given["follow_up_queue_id"] = QueueId(document.follow_up_queue)
    return make_config(source, place, QueueConfig, document, **given)


def _step(source: Source, place: tuple[str, ...], document: RelaxDocument) -> RelaxStep:
    queue_id = None if document.queue is UNSET else QueueId(document.queue)
    return make_config(source, place, RelaxStep, document, queue_id=queue_id)


def _segment(source: Source, name: str, document: SegmentDocument) -> SegmentConfig:
    own = {QueueId(queue): QueueId(theirs) for queue, theirs in document.queues.items()}
    place = ("segments", name)
    return make_config(source, place, SegmentConfig, document, segment_id=name, queue_ids=own)
