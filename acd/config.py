"""The distributor's settings: queues and agents, validated when they are made.

Settings are real frozen dataclasses. A value that cannot be right raises `ConfigError` at once,
in words that say what would be right; the shell that decodes a file adds file and path. Times are
integer milliseconds here; the text files speak seconds where people do, and the shell converts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.ids import AgentId, QueueId

LEVEL_MIN, LEVEL_MAX = 1, 10
"""Skill levels, higher is better; bounds inclusive."""

HOUR_MS = 3_600_000


class ConfigError(ValueError):
    """A setting is wrong: whoever wrote the settings must change it."""


def check_range(name: str, value: int, low: int, high: int) -> None:
    """Refuse a number outside `low`..`high`, both inclusive.

    Raises:
        ConfigError: The setting `name` is out of range; the author of the settings must change it.
    """
    if not low <= value <= high:
        raise ConfigError(f"{name} is {value}; it must be {low} to {high}")


def check_levels(owner: str, skills: Mapping[str, int]) -> None:
    """Refuse skill levels outside 1..10.

    Raises:
        ConfigError: A level of `owner` is out of range.
    """
    for skill, level in skills.items():
        check_range(f"{owner}: level of skill '{skill}'", level, LEVEL_MIN, LEVEL_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueConfig:
    """One waiting line: what its calls need, how they are ordered, how long things may last."""

    queue_id: QueueId
    skills: Mapping[str, int] = field(default_factory=dict)  #: skill -> least level
    agent_choice: str = "longest_idle"  #: a policy of `acd.routing`
    priority: int = 0  #: base; compared across queues when an agent frees up
    priority_per_minute: int = 1  #: how fast a waiting call gains; at least 1, so nobody starves
    ring_ms: int = 15_000  #: how long an offer rings
    wrap_up_ms: int = 30_000  #: after-call work when the agent does not end it before
    wait_ms_max: int = HOUR_MS  #: then the call goes to `overflow`
    overflow: str = "voicemail"  #: a `Destination`
    service_level_ms: int = 20_000  #: the threshold of the service level
    short_abandon_ms: int = 5_000  #: hang-ups before this are counted apart

    def __post_init__(self) -> None:
        """Check every number."""
        name = f"queue '{self.queue_id}'"
        check_levels(name, self.skills)
        check_range(f"{name}: priority", self.priority, -1_000, 1_000)
        check_range(f"{name}: priority_per_minute", self.priority_per_minute, 1, 1_000)
        check_range(f"{name}: ring_ms", self.ring_ms, 1_000, 600_000)
        check_range(f"{name}: wrap_up_ms", self.wrap_up_ms, 0, HOUR_MS)
        check_range(f"{name}: wait_ms_max", self.wait_ms_max, 1_000, 24 * HOUR_MS)
        check_range(f"{name}: service_level_ms", self.service_level_ms, 1_000, HOUR_MS)
        check_range(f"{name}: short_abandon_ms", self.short_abandon_ms, 0, 60_000)
        if self.overflow not in ("voicemail", "goodbye"):
            raise ConfigError(f"{name}: overflow is '{self.overflow}'; use voicemail or goodbye")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentConfig:
    """One agent: what they can do, and whether their leg stands all shift."""

    agent_id: AgentId
    skills: Mapping[str, int] = field(default_factory=dict)
    queues: tuple[QueueId, ...] = ()  #: which they may serve; empty means all their skills allow
    standing: bool = False  #: a nailed-up leg: customers are moved into the agent's own room
    accept_by_button: bool = False  #: answering the leg is not yet taking the call

    def __post_init__(self) -> None:
        """Check the levels, and that the two ways of taking a call do not contradict."""
        check_levels(f"agent '{self.agent_id}'", self.skills)
        if self.standing and self.accept_by_button:
            raise ConfigError(
                f"agent '{self.agent_id}': a standing leg takes calls by itself;"
                " set accept_by_button to false or standing to false"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class AcdConfig:
    """All queues and agents of a site."""

    queues: tuple[QueueConfig, ...]
    agents: tuple[AgentConfig, ...]
    missed_offers_max: int = 1  #: after so many in a row an agent is put to not ready (RONA)
    answer_ms_max: int = 20_000  #: from an accepted offer to the customer in the room
    no_answer_retry_ms: int = 5_000  #: no offers to an agent who just missed one ...
    reject_retry_ms: int = 5_000  #: ... declined one ...
    busy_retry_ms: int = 10_000  #: ... or was busy

    def __post_init__(self) -> None:
        """Check that names are unique and that queues named by agents exist."""
        check_range("missed_offers_max", self.missed_offers_max, 1, 100)
        check_range("answer_ms_max", self.answer_ms_max, 1_000, 120_000)
        check_range("no_answer_retry_ms", self.no_answer_retry_ms, 0, HOUR_MS)
        check_range("reject_retry_ms", self.reject_retry_ms, 0, HOUR_MS)
        check_range("busy_retry_ms", self.busy_retry_ms, 0, HOUR_MS)
        queue_ids = [queue.queue_id for queue in self.queues]
        _check_unique("queue", queue_ids)
        _check_unique("agent", [agent.agent_id for agent in self.agents])
        known = set(queue_ids)
        for agent in self.agents:
            for queue_id in agent.queues:
                if queue_id not in known:
                    raise ConfigError(
                        f"agent '{agent.agent_id}' serves queue '{queue_id}', which does not"
                        f" exist; the queues are {', '.join(queue_ids)}"
                    )


def _check_unique(kind: str, names: list[QueueId] | list[AgentId]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ConfigError(f"there are two {kind}s named '{name}'; names must differ")
        seen.add(name)
