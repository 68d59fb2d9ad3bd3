"""The course of a day: what the sums of an account cannot tell, by interval.

How many callers waited, how many agents of each group were at work, busy or away, and how waits
were spread: folded from the notices of a day, simulated or recorded. Time is split exactly at the
bounds of the intervals, so the callers of an interval are its waiting time over its length.

Folding costs a few additions for each notice. A day is only watched where somebody will look at its
course (`simulator.day.watch_day`); the twin's own figures come from `acd.measures` alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from acd.channels import Channel
from acd.config import AcdConfig
from acd.ids import AgentId, CallId, QueueId
from acd.measures import AgentTimes, time_kind
from acd.notices import AgentChanged, CallClosed, CallConnected, CallEnqueued, ContactOutcome
from simulator.groups import groups_of

WAIT_STEP_MS = 10_000
WAIT_STEPS = 30
"""Waits are counted in steps of ten seconds; the last step holds all that are longer."""

Starts = dict[int, int]
"""Milliseconds by the start of an interval."""


@dataclass(frozen=True, slots=True)
class Course:
    """What happened when; starts of intervals are in ms after midnight, as are all keys."""

    interval_ms: int
    waiting_ms: Mapping[str, Mapping[int, int]]  #: by queue: time spent waiting by all callers
    times: Mapping[str, Mapping[int, AgentTimes]]  #: by group: how agents' time went
    answered_waits: Mapping[str, Counter[int]]  #: by queue: answered calls by step of their wait
    abandoned_waits: Mapping[str, Counter[int]]  #: by queue: likewise those who gave up


@dataclass(slots=True)
class _Desk:
    group: str
    kind: str
    since_ms: int


@dataclass(slots=True)
class CourseFold:
    """Listens to the notices of a day.

    Args:
        config: Queues and agents of the day; what it does not know is not followed.
        interval_ms: Length of the intervals.
        midnight_ms: The instant of the notices' clock at which the day begins.
    """

    config: AcdConfig
    interval_ms: int
    midnight_ms: int = 0
    _waiting: dict[QueueId, Starts] = field(default_factory=dict)
    _times: dict[str, dict[int, AgentTimes]] = field(default_factory=dict)
    _answered: dict[QueueId, Counter[int]] = field(default_factory=dict)
    _abandoned: dict[QueueId, Counter[int]] = field(default_factory=dict)
    _calls: dict[CallId, tuple[QueueId, int]] = field(default_factory=dict)
    _desks: dict[AgentId, _Desk] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open a row for every queue of calls and every group, however quiet it will be."""
        for queue in self.config.queues:
            if queue.channel is Channel.VOICE:
                self._waiting[queue.queue_id] = {}
                self._answered[queue.queue_id] = Counter()
                self._abandoned[queue.queue_id] = Counter()
        for agent_id, group in groups_of(self.config).items():
            self._times.setdefault(group, {})
            self._desks[agent_id] = _Desk(group, "", self.midnight_ms)

    @property
    def listeners(self) -> Mapping[type, Callable[[Any], None]]:
        """What to call with which notice."""
        return {
            CallEnqueued: self._enqueued,
            CallConnected: self._connected,
            CallClosed: self._closed,
            AgentChanged: self._agent_changed,
        }

    def feed(self, notices: Iterable[object]) -> None:
        """Take notices; those of other kinds are passed over."""
        listeners = self.listeners
        for notice in notices:
            hear = listeners.get(type(notice))
            if hear is not None:
                hear(notice)

    def course(self, now_ms: int) -> Course:
        """Return the day's course, with agents' time up to now."""
        for desk in self._desks.values():
            self._spend(desk, now_ms)
        return Course(
            interval_ms=self.interval_ms,
            waiting_ms={str(queue): spent for queue, spent in self._waiting.items()},
            times=dict(self._times),
            answered_waits={str(queue): steps for queue, steps in self._answered.items()},
            abandoned_waits={str(queue): steps for queue, steps in self._abandoned.items()},
        )

    def _enqueued(self, notice: CallEnqueued) -> None:
        if notice.queue_id in self._waiting and notice.call_id not in self._calls:
            self._calls[notice.call_id] = (notice.queue_id, notice.at_ms)

    def _connected(self, notice: CallConnected) -> None:
        self._end_wait(notice.call_id, notice.wait_ms, self._answered)

    def _closed(self, notice: CallClosed) -> None:
        has_given_up = notice.outcome is ContactOutcome.ABANDONED
        self._end_wait(notice.call_id, notice.wait_ms, self._abandoned if has_given_up else {})

    def _end_wait(
        self, call_id: CallId, wait_ms: int, steps: Mapping[QueueId, Counter[int]]
    ) -> None:
        queue_id, since_ms = self._calls.pop(call_id, (None, 0))
        if queue_id is None:
            return
        if queue_id in steps:
            steps[queue_id][min(wait_ms // WAIT_STEP_MS, WAIT_STEPS)] += 1
        waiting = self._waiting[queue_id]
        for start_ms, part_ms in self._parts(since_ms, since_ms + wait_ms):
            waiting[start_ms] = waiting.get(start_ms, 0) + part_ms

    def _agent_changed(self, notice: AgentChanged) -> None:
        desk = self._desks.get(notice.agent_id)
        if desk is not None:
            self._spend(desk, notice.at_ms)
            desk.kind = time_kind(notice.presence, notice.state)

    def _spend(self, desk: _Desk, until_ms: int) -> None:
        """Count an agent's time since the last change as what it was spent on."""
        since_ms, desk.since_ms = desk.since_ms, max(desk.since_ms, until_ms)
        if not desk.kind:
            return
        spent = self._times[desk.group]
        for start_ms, part_ms in self._parts(since_ms, until_ms):
            times = spent.setdefault(start_ms, AgentTimes())
            if desk.kind == "busy":
                times.busy_ms += part_ms
            elif desk.kind == "ready":
                times.ready_ms += part_ms
            else:
                times.not_ready_ms += part_ms

    def _parts(self, from_ms: int, until_ms: int) -> Iterator[tuple[int, int]]:
        """Split a stretch of time at the bounds of the intervals: start and length of each."""
        at_ms, until_ms = from_ms - self.midnight_ms, until_ms - self.midnight_ms
        while at_ms < until_ms:
            start_ms = at_ms - at_ms % self.interval_ms
            end_ms = min(until_ms, start_ms + self.interval_ms)
            yield start_ms, end_ms - at_ms
            at_ms = end_ms
