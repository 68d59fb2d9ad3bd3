"""What the caller hears or is asked next, in words no carrier owns.

The interpreter answers every input with a tuple of steps. Its shape is always the same, so that a
webhook can turn it into one document without thinking:

    (leading step)*  ending step

A *leading* step is over at once or when it has been heard: `Say`, `Play`, `Pause`, and the two
errands `SendMessage` and `BookCallback`, which the caller does not hear and the shell carries out.
An *ending* step comes exactly once, last. It either *asks*, and the shell comes back with the
answer as an input (`Ask`, `Voicemail`, `FetchData`, `TakePayment`), or it is *final* and carries an
`outcome` (`Enqueue`, `Transfer`, `HangUp`, `Reject`).

Whatever stands before an `Ask` is heard to its end; what stands in `Ask.prompts` is cut short by
the caller's first key or word. A prompt that may not be skipped is simply placed before.

Phone numbers, queue names and languages are plain strings here: this module knows no carrier, no
queue and no customer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal[
    "queued", "self_served", "voicemail", "transferred", "callback", "refused", "abandoned"
]
"""How a caller's way through the flow ended. `abandoned`: the caller hung up, or never answered."""

InputKind = Literal["digits", "speech"]


@dataclass(frozen=True, slots=True)
class Say:
    """Read a text aloud."""

    text: str
    """Plain text, or the inside of a speech mark-up document when `is_ssml`."""
    language: str
    """The tag the voice is asked with, such as `en-GB` or `cmn-CN`."""
    voice: str | None = None
    is_ssml: bool = False


@dataclass(frozen=True, slots=True)
class Play:
    """Play recorded audio."""

    url: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Be silent."""

    ms: int


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Send a text message to the caller; nothing is heard."""

    to: str
    text: str
    node: str
    """Where in the flow it was ordered: one message per node and call, however often asked for."""


@dataclass(frozen=True, slots=True)
class BookCallback:
    """Promise to call back; the caller keeps the place in the queue."""

    queue: str
    number: str
    language: str
    skills: tuple[str, ...] = ()
    priority: int = 0
    segment: str | None = None
    data: Mapping[str, str] = field(default_factory=dict)


Prompt = Say | Play | Pause
Leading = Prompt | SendMessage | BookCallback


@dataclass(frozen=True, slots=True)
class Ask:
    """Listen for keys, for speech, or for both."""

    language: str
    """The tag the speech recogniser is asked with; not always the voice's tag."""
    prompts: tuple[Prompt, ...] = ()
    """Heard while listening; the first key or word cuts them short."""
    inputs: tuple[InputKind, ...] = ("digits",)
    digits_max: int | None = None
    """Stop after so many keys; None: at the finish key or the time-out."""
    finish_key: str = "#"
    """One key, or an empty string when every key may be part of the answer."""
    timeout_ms: int = 5000
    """Silence after the prompts, or between keys, that ends the listening."""
    speech_timeout_ms: int | None = None
    """Silence that ends speech; None leaves it to the recogniser."""
    hints: tuple[str, ...] = ()
    """Words to expect, most telling first."""
    is_sensitive: bool = False
    """The answer must not be logged, recorded or shown anywhere."""


@dataclass(frozen=True, slots=True)
class Voicemail:
    """Record what the caller has to say; answered by `RecordingDone`."""

    mailbox: str
    """The queue whose agents listen to it."""
    duration_ms_max: int = 120_000
    silence_ms: int = 5000
    finish_key: str = "#"


@dataclass(frozen=True, slots=True)
class FetchData:
    """Ask another system a question; answered by `DataFetched` or `DataFailed`.

    The shell gives up after `timeout_ms` and refuses hosts that the operator has not allowed.
    """

    method: Literal["GET", "POST"]
    url: str
    body: Mapping[str, str] = field(default_factory=dict)
    """Sent as JSON with POST, as query parameters with GET."""
    timeout_ms: int = 3000


@dataclass(frozen=True, slots=True)
class TakePayment:
    """Let the carrier collect a card, so that its number never comes near us.

    Answered by `PaymentDone` or `PaymentFailed`.
    """

    language: str
    charge_cents: int
    """0 asks for a token only."""
    currency: str = "usd"
    attempts_max: int = 2
    description: str = ""


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Put the caller into a waiting line, with everything they have already told."""

    queue: str
    language: str
    skills: tuple[str, ...] = ()
    priority: int = 0
    segment: str | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    outcome: Outcome = "queued"


@dataclass(frozen=True, slots=True)
class Transfer:
    """Send the caller to another number; answered by `TransferFailed` when nobody takes it."""

    to: str
    ring_ms: int = 30_000
    outcome: Outcome = "transferred"


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse the call before it is answered; always the only step."""

    reason: Literal["busy", "rejected"] = "rejected"
    outcome: Outcome = "refused"


Asking = Ask | Voicemail | FetchData | TakePayment
Final = Enqueue | Transfer | HangUp | Reject
Ending = Asking | Final
Step = Leading | Ending
Steps = tuple[Step, ...]


def ending_of(steps: Steps) -> Ending:
    """Give the one step that asks or ends.

    Raises:
        ValueError: The steps do not have the shape this module promises; whoever made them is
            wrong.
    """
    *leading, last = steps or (None,)
    if last is None or isinstance(last, Leading):
        raise ValueError(f"steps must end in a step that asks or ends, not in {last!r}")
    for step in leading:
        if not isinstance(step, Leading):
            raise ValueError(f"{step!r} stands before the end of its steps")  # noqa: TRY004  (the order is wrong, not the type)
    return last
