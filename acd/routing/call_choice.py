"""Which waiting call an agent gets: one pure function per policy.

A policy gives each call a **standing** `(band, key, slope)`; at instant `t` the call with the
smallest `(band, key - slope * t)` goes first, and among equals the one that came first. The slope
is one for all calls of a queue, so inside a line the order never changes and a heap holds it; only
the heads of lines are compared at the moment of choice.

Who may starve:

| policy | a call waits behind later ones at most |
| --- | --- |
| aged_priority | those who enter within (difference of bases / their rate) minutes after it |
| weighted_wait | those whose wait times weight can catch up: rate / own rate times its wait |
| nearest_deadline | those who enter within the difference of the service-level thresholds |
| strict_bands | without bound: settings must raise the priority of waiting calls by a step |
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from acd.calls import Call
from acd.config import ConfigError, QueueConfig

POINT_MS = 60_000
"""A point of priority, in the unit of keys: one point a minute is one unit a millisecond."""

Standing: TypeAlias = tuple[int, int, int]
CallChoice: TypeAlias = Callable[[QueueConfig, Call], Standing]


def aged_priority(queue: QueueConfig, call: Call) -> Standing:
    """Highest `base + rate x wait` first: the default; importance counts, and so does patience."""
    rate = queue.priority_per_minute
    return (0, rate * call.queued_at_ms - POINT_MS * (queue.priority + call.priority), rate)


def strict_bands(queue: QueueConfig, call: Call) -> Standing:
    """Highest base first, however long others wait; first come, first served within a band."""
    return (-(queue.priority + call.priority), call.queued_at_ms, 0)


def weighted_wait(queue: QueueConfig, call: Call) -> Standing:
    """Longest wait first, each queue's weighted with its rate."""
    rate = queue.priority_per_minute
    return (0, rate * call.queued_at_ms, rate)


def nearest_deadline(queue: QueueConfig, call: Call) -> Standing:
    """First whose service-level threshold comes, or came, first."""
    return (0, call.queued_at_ms + queue.service_level_ms, 0)


CALL_CHOICES: Mapping[str, CallChoice] = {
    policy.__name__: policy
    for policy in (aged_priority, strict_bands, weighted_wait, nearest_deadline)
}
"""The policies by the names that settings use."""


def call_choice_named(name: str) -> CallChoice:
    """Look a policy up.

    Raises:
        ConfigError: There is none of that name; the author of the settings must change it.
    """
    policy = CALL_CHOICES.get(name)
    if policy is None:
        known = ", ".join(CALL_CHOICES)
        raise ConfigError(f"there is no call choice '{name}'; there are {known}")
    return policy
