"""The distributor's settings: queues and agents, validated when they are made.

Settings are real frozen dataclasses. A value that cannot be right raises `ConfigError` at once,
in words that say what would be right; the shell that decodes a file adds file and path. Times are
integer milliseconds here; the text files speak seconds where people do, and the shell converts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from acd.channels import Channel
from acd.ids import AgentId, QueueId

LEVEL_MIN, LEVEL_MAX = 1, 10
"""Skill levels, higher is better; bounds inclusive."""

HOUR_MS = 3_600_000

DESTINATIONS = ("voicemail", "goodbye", "flow")
"""Where waiting callers may be sent; `acd.commands.Destination` says what each means."""
FOLLOW_UP_MS_MAX = 30 * 24 * HOUR_MS
"""The farthest ahead that a case may be due."""


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
class RelaxStep:
    """What becomes easier for a call that has waited so long.

    A conditional step is looked at once, when its time has come, and passed over if its condition
    does not hold then; list it again for later instants.
    """

    after_ms: int  #: from queue entry; steps stand in ascending order
    only_if: str = ""  #: `nobody_signed_in` or `nobody_free` among those who may take the call
    levels: Mapping[str, int] = field(default_factory=dict)  #: skill -> new least level, 0 drops it
    share_with: tuple[QueueId, ...] = ()  #: agents kept to these queues may take it too
    priority: int = 0  #: points added
    queue_id: QueueId | None = None  #: waits in this queue from here on, in its place
    send: str = ""  #: a `Destination`: leaves for it

    def __post_init__(self) -> None:
        """Check the condition, the numbers and the destination."""
        check_range("a relaxation step: after_ms", self.after_ms, 0, 24 * HOUR_MS)
        check_range("a relaxation step: priority", self.priority, 0, 1_000)
        for skill, level in self.levels.items():
            check_range(f"a relaxation step: level of skill '{skill}'", level, 0, LEVEL_MAX)
        if self.only_if not in ("", "nobody_signed_in", "nobody_free"):
            raise ConfigError(
                f"a relaxation step: only_if is '{self.only_if}';"
                " use nobody_signed_in or nobody_free, or leave it out"
            )
        if self.send and self.send not in DESTINATIONS:
            raise ConfigError(
                f"a relaxation step: send is '{self.send}'; use one of {', '.join(DESTINATIONS)}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueConfig:
    """One waiting line: what its calls need, how they are ordered, how long things may last."""

    queue_id: QueueId
    channel: Channel = Channel.VOICE  #: what waits in it
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
    ring_count: int = 1  #: so many free agents ring at once; the first to accept wins
    preferred_ms: int = 20_000  #: how long a call waits for its preferred agents alone
    relaxation: tuple[RelaxStep, ...] = ()
    length_max: int = 0  #: with so many waiting the next goes to `overflow` at once; 0 is no limit
    resume_ms: int = 0  #: who gave up and is back within this gets their old place; 0 is off
    callback_ring_ms: int = 25_000  #: how long a customer who asked for it is rung
    callback_attempts_max: int = 3
    callback_retry_ms: int = 600_000  #: from an attempt in vain to the next
    callback_ms_max: int = 8 * HOUR_MS  #: from when it was due; then it is given up
    recording: str = "off"  #: a `RecordingPolicy`
    auto_accept: bool = False  #: tasks and conversations begin without asking the agent
    idle_ms_max: int = 0  #: a conversation with no message for so long is closed; 0 is never
    follow_up_queue_id: QueueId | None = None  #: where the tasks of its cases wait; None: no cases
    follow_up_ms: int = 4 * HOUR_MS  #: after a voicemail or a callback in vain a person is due by
    follow_up_retry_ms: int = HOUR_MS  #: a case is back in line so long after work in vain
    overdue_priority: int = 100  #: points a contact of an overdue case gains
    keeps_customer: bool = True  #: whose agent's leg fails goes back to their place
    callback_detection: bool = True  #: a machine that picks up counts as not reached

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
        check_range(f"{name}: length_max", self.length_max, 0, 1_000_000)
        check_range(f"{name}: resume_ms", self.resume_ms, 0, HOUR_MS)
        check_range(f"{name}: callback_ring_ms", self.callback_ring_ms, 5_000, 120_000)
        check_range(f"{name}: callback_attempts_max", self.callback_attempts_max, 1, 20)
        check_range(f"{name}: callback_retry_ms", self.callback_retry_ms, 60_000, 24 * HOUR_MS)
        check_range(f"{name}: callback_ms_max", self.callback_ms_max, 60_000, 7 * 24 * HOUR_MS)
        check_range(f"{name}: idle_ms_max", self.idle_ms_max, 0, 24 * HOUR_MS)
        check_range(f"{name}: follow_up_ms", self.follow_up_ms, 60_000, FOLLOW_UP_MS_MAX)
        check_range(f"{name}: follow_up_retry_ms", self.follow_up_retry_ms, 1_000, FOLLOW_UP_MS_MAX)
        check_range(f"{name}: overdue_priority", self.overdue_priority, 0, 1_000)
        check_range(f"{name}: ring_count", self.ring_count, 1, 10)
        check_range(f"{name}: preferred_ms", self.preferred_ms, 0, HOUR_MS)
        if self.recording not in ("off", "with_consent", "always"):
            raise ConfigError(
                f"{name}: recording is '{self.recording}'; use off, with_consent or always"
            )
        if self.overflow not in DESTINATIONS:
            raise ConfigError(
                f"{name}: overflow is '{self.overflow}'; use one of {', '.join(DESTINATIONS)}"
            )
        instants = [step.after_ms for step in self.relaxation]
        if instants != sorted(instants):
            raise ConfigError(f"{name}: relaxation steps must stand in the order of their after_ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentConfig:
    """One agent: what they can do, and whether their leg stands all shift."""

    agent_id: AgentId
    skills: Mapping[str, int] = field(default_factory=dict)
    queues: tuple[QueueId, ...] = ()  #: which they may serve; empty means all their skills allow
    standing: bool = False  #: a nailed-up leg: customers are moved into the agent's own room
    accept_by_button: bool = False  #: answering the leg is not yet taking the call
    key_ms: int = 0  #: so long may it take then, however long it rang; 0: the ring's time is all
    wrap_up_ms: int | None = None  #: after-call work of this agent; None leaves it to the queue
    weight: int = 1  #: for the policy weighted_random
    messages_max: int = 0  #: conversations at once
    may_transfer_out: bool = False  #: to the numbers of the directory, and consult them

    def __post_init__(self) -> None:
        """Check the levels, and that the two ways of taking a call do not contradict."""
        check_levels(f"agent '{self.agent_id}'", self.skills)
        if self.wrap_up_ms is not None:
            check_range(f"agent '{self.agent_id}': wrap_up_ms", self.wrap_up_ms, 0, HOUR_MS)
        check_range(f"agent '{self.agent_id}': weight", self.weight, 1, 1_000)
        check_range(f"agent '{self.agent_id}': key_ms", self.key_ms, 0, 60_000)
        check_range(f"agent '{self.agent_id}': messages_max", self.messages_max, 0, 20)
        if self.standing and self.accept_by_button:
            raise ConfigError(
                f"agent '{self.agent_id}': a standing leg takes calls by itself;"
                " set accept_by_button to false or standing to false"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentConfig:
    """A group of customers, and what it is given in any queue."""

    segment_id: str
    priority: int = 0  #: points added
    queue_ids: Mapping[QueueId, QueueId] = field(default_factory=dict)  #: queue -> one of their own
    follow_up_percent: int = 100  #: of the usual time until a follow-up is due

    def __post_init__(self) -> None:
        """Check the numbers."""
        name = f"segment '{self.segment_id}'"
        check_range(f"{name}: priority", self.priority, -1_000, 1_000)
        check_range(f"{name}: follow_up_percent", self.follow_up_percent, 1, 1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcdConfig:
    """All queues and agents of a site."""

    queues: tuple[QueueConfig, ...]
    agents: tuple[AgentConfig, ...]
    segments: tuple[SegmentConfig, ...] = ()
    calls_during_messages: bool = True  #: who has conversations is offered calls and tasks too
    messages_during_calls: bool = False  #: who has a call is offered conversations too
    missed_offers_max: int = 1  #: after so many in a row an agent is put to not ready (RONA)
    answer_ms_max: int = 20_000  #: from an accepted offer to the customer in the room
    no_answer_retry_ms: int = 5_000  #: no offers to an agent who just missed one ...
    reject_retry_ms: int = 5_000  #: ... declined one ...
    busy_retry_ms: int = 10_000  #: ... or was busy
    call_choice: str = "aged_priority"  #: a policy of `acd.routing.call_choice`
    occupancy_percent_max: int = 100  #: above it over the last hour an agent goes last; 100 is off
    directory: tuple[str, ...] = ()  #: names of numbers outside that agents may be given
    outside_ring_ms: int = 30_000  #: how long such a number is rung
    consult_ms_max: int = 300_000  #: how long a consult waits for somebody of a queue
    recording_pause_ms_max: int = 180_000  #: then a paused recording goes on by itself

    def __post_init__(self) -> None:
        """Check that names are unique and that queues named by agents exist."""
        check_range("missed_offers_max", self.missed_offers_max, 1, 100)
        check_range("answer_ms_max", self.answer_ms_max, 1_000, 120_000)
        check_range("no_answer_retry_ms", self.no_answer_retry_ms, 0, HOUR_MS)
        check_range("reject_retry_ms", self.reject_retry_ms, 0, HOUR_MS)
        check_range("busy_retry_ms", self.busy_retry_ms, 0, HOUR_MS)
        check_range("occupancy_percent_max", self.occupancy_percent_max, 10, 100)
        check_range("outside_ring_ms", self.outside_ring_ms, 5_000, 120_000)
        check_range("consult_ms_max", self.consult_ms_max, 5_000, HOUR_MS)
        check_range("recording_pause_ms_max", self.recording_pause_ms_max, 5_000, HOUR_MS)
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
        channels = {queue.queue_id: queue.channel for queue in self.queues}
        for queue in self.queues:
            self._check_relaxation(queue, known)
            _check_channels(queue, channels)
        _check_unique("segment", [segment.segment_id for segment in self.segments])
        for segment in self.segments:
            _check_own_queues(segment, channels)

    def _check_relaxation(self, queue: QueueConfig, known: set[QueueId]) -> None:
        for step in queue.relaxation:
            for name in (*step.share_with, *filter(None, (step.queue_id,))):
                if name not in known:
                    raise ConfigError(
                        f"queue '{queue.queue_id}' relaxes to queue '{name}', which does not exist"
                    )
        is_stuck = self.call_choice == "strict_bands" and queue.channel is not Channel.TASK
        if is_stuck and not any(
            step.priority or step.send or step.queue_id for step in queue.relaxation
        ):
            raise ConfigError(
                f"queue '{queue.queue_id}': under strict_bands its calls could wait for ever; add a"
                " relaxation step that raises their priority or sends them elsewhere"
            )


def _check_channels(queue: QueueConfig, channels: Mapping[QueueId, Channel]) -> None:
    """Refuse a queue that leads its contacts to one of another channel."""
    for step in queue.relaxation:
        if step.send and queue.channel is Channel.TASK:
            raise ConfigError(
                f"queue '{queue.queue_id}' carries tasks, which are never given up;"
                " take 'send' out of its relaxation"
            )
        if step.queue_id is not None and channels[step.queue_id] is not queue.channel:
            raise ConfigError(
                f"queue '{queue.queue_id}' carries {queue.channel} and relaxes to queue"
                f" '{step.queue_id}', which carries {channels[step.queue_id]}; name one that"
                f" carries {queue.channel}"
            )
    tasks_id = queue.follow_up_queue_id
    if tasks_id is not None and channels.get(tasks_id) is not Channel.TASK:
        raise ConfigError(
            f"queue '{queue.queue_id}': follow_up_queue_id is '{tasks_id}';"
            " it must name a queue whose channel is task"
        )


def _check_own_queues(segment: SegmentConfig, channels: Mapping[QueueId, Channel]) -> None:
    for queue_id, own_id in segment.queue_ids.items():
        for name in (queue_id, own_id):
            if name not in channels:
                raise ConfigError(
                    f"segment '{segment.segment_id}' names queue '{name}', which does not exist"
                )
        if channels[queue_id] is not channels[own_id]:
            raise ConfigError(
                f"segment '{segment.segment_id}': queue '{queue_id}' carries {channels[queue_id]}"
                f" and '{own_id}' carries {channels[own_id]}; they must be the same"
            )


def _check_unique(kind: str, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ConfigError(f"there are two {kind}s named '{name}'; names must differ")
        seen.add(name)
