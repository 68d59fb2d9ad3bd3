"""The distributor's part of a site's settings: queues, agents and segments of customers."""

from msgspec import UNSET

from acd.config import AcdConfig, AgentConfig, QueueConfig, RelaxStep, SegmentConfig
from acd.ids import AgentId, QueueId
from acd.routing.agent_choice import agent_choice_named
from cordboard.runtime.settings.documents import (
    CentreDocument,
    QueueDocument,
    RelaxDocument,
    SegmentDocument,
)
from cordboard.runtime.settings.making import make_config
from cordboard.runtime.settings.reading import placing
from ivr.flow.source import Source
from simulator.policies import installed_choices


def read_routing(source: Source, document: CentreDocument) -> AcdConfig:
    """Return the distributor's settings.

    Raises:
        SettingsError: Something is wrong; the text says where and what would be right.
    """
    queues = tuple(_queue(source, name, queue) for name, queue in document.queues.items())
    agents = tuple(
        make_config(source, ("agents", name), AgentConfig, agent, agent_id=AgentId(name))
        for name, agent in document.agents.items()
    )
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


def _queue(source: Source, name: str, document: QueueDocument) -> QueueConfig:
    place = ("queues", name)
    given: dict[str, object] = {"queue_id": QueueId(name)}
    if document.relaxation is not UNSET:
        given["relaxation"] = tuple(
            _step(source, (*place, "relaxation"), step) for step in document.relaxation
        )
    if document.follow_up_queue is not UNSET:
        given["follow_up_queue_id"] = QueueId(document.follow_up_queue)
    config = make_config(source, place, QueueConfig, document, **given)
    with placing(source, (*place, "agent_choice")):
        agent_choice_named(config.agent_choice, installed_choices())
    return config


def _step(source: Source, place: tuple[str, ...], document: RelaxDocument) -> RelaxStep:
    queue_id = None if document.queue is UNSET else QueueId(document.queue)
    return make_config(source, place, RelaxStep, document, queue_id=queue_id)


def _segment(source: Source, name: str, document: SegmentDocument) -> SegmentConfig:
    own = {QueueId(queue): QueueId(theirs) for queue, theirs in document.queues.items()}
    place = ("segments", name)
    return make_config(source, place, SegmentConfig, document, segment_id=name, queue_ids=own)
