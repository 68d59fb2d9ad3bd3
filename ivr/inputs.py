"""What comes back to the interpreter: facts about the caller and answers to its own questions.

Every input says when it happened and, when the shell knows, how the queues look: opening hours and
conditions are decided from that, so the interpreter needs no clock and no read model of its own.
Inputs may be late, doubled or out of place; the interpreter has an answer to each at any position.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Scalar = str | int | float | bool | None
"""What other systems may tell about a caller: plain values, no structures."""


@dataclass(frozen=True, slots=True)
class QueueView:
    """How a queue looks at this instant, as last published."""

    waiting: int = 0
    wait_s: int = 0
    """The wait a caller entering now should expect."""
    agents: int = 0
    """Signed in and able to serve this queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What every input carries."""

    at_ms: int
    """Milliseconds since 1970 in UTC, from the shell."""
    queues: Mapping[str, QueueView] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Input):
    """A caller is on the line."""

    caller: Mapping[str, str] = field(default_factory=dict)
    """What is known of them: `number`, `called`, `name`, `segment`, `language`, `verified`..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits(Input):
    """Keys were pressed; the finish key is not among them."""

    digits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech(Input):
    """The recogniser heard something."""

    text: str
    confidence: float | None = None
    """None when the recogniser does not say; some say 0 and mean that."""
    alternatives: tuple[str, ...] = ()
    """Other readings, best first, without `text`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoInput(Input):
    """The caller neither pressed a key nor spoke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFetched(Input):
    """Another system answered."""

    values: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFailed(Input):
    """Another system did not answer, or not in a way that can be used."""

    reason: str
    """For the log and the supervisor, such as `timeout` or `status 500`; never read to callers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingDone(Input):
    """A voicemail was taken."""

    duration_ms: int
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDone(Input):
    """The carrier took the payment."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFailed(Input):
    """The carrier could not take the payment, or the caller gave up."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFailed(Input):
    """Nobody took the transferred call."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLeft(Input):
    """The caller left the queue and is still on the line."""

    reason: str
    """`full`, `left` (by key), `overflow`, `served` (the agent has hung up), `error`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HungUp(Input):
    """The caller has gone."""


Answer = (
    Digits
    | Speech
    | NoInput
    | DataFetched
    | DataFailed
    | RecordingDone
    | PaymentDone
    | PaymentFailed
    | TransferFailed
    | QueueLeft
)
"""Inputs that a node may have been waiting for."""
