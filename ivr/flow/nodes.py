"""The kinds of node a flow is made of, each a plain record with its `kind` as tag.

A node says what the caller hears or is asked and, by name, which node comes next. What a node
*does* is told in `ivr.interpreter`; what must hold for all of them, in `ivr.proofs`.
"""

from typing import Annotated, Literal

import msgspec

from ivr.flow.prompts import Prompt
from ivr.steps import Outcome

NodeId = str
Seconds = Annotated[float, msgspec.Meta(ge=0.5, le=60.0)]
Count = Annotated[int, msgspec.Meta(ge=1, le=10)]
Key = Annotated[str, msgspec.Meta(pattern=r"^[0-9*#]$")]
CheckDigit = Literal["luhn", "mod97"]
AnswerType = Literal["digits", "account", "phone", "yes_no", "free_text"]


class _Node(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"
):
    """What all kinds share: nothing but the tag."""


class _Question(_Node, frozen=True, kw_only=True):
    """What all nodes share that wait for the caller's keys or words."""

    prompt: Prompt
    no_input: list[Prompt] = msgspec.field(default_factory=list)
    """Said instead of the prompt after the first, second ... silence; the last one repeats."""
    no_match: list[Prompt] = msgspec.field(default_factory=list)
    """Said after the first, second ... answer that made no sense."""
    misses: Count | None = None
    """So many failed answers of either kind lead to `give_up`; the flow's own when left out."""
    give_up: NodeId | None = None
    """Where failed answers lead; the flow's `person` when left out."""
    timeout_s: Seconds = 5.0
    speech: bool = True
    """Whether the caller may speak."""
    barge_in: bool = True
    """Whether the prompt may be cut short by the answer."""
    hints: list[str] = msgspec.field(default_factory=list)


class Say(_Node, frozen=True, kw_only=True, tag="say"):
    """Say or play something and go on."""

    prompt: Prompt
    next: NodeId


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One way out of a menu."""

    to: NodeId
    key: Key | None = None
    phrases: dict[str, list[str]] = msgspec.field(default_factory=dict)
    """Words that mean this choice, per language."""
    intent: str | None = None
    """An intent of the flow that means this choice when the phrases do not settle it."""


class Menu(_Question, frozen=True, kw_only=True, tag="menu"):
    """Let the caller choose by key or by speech."""

    choices: Annotated[list[Choice], msgspec.Meta(min_length=1)]


class Ask(_Question, frozen=True, kw_only=True, tag="ask"):
    """Collect one value, check it, read it back when in doubt, and remember it."""

    save: str
    """The name under which the value is remembered."""
    next: NodeId
    type: AnswerType = "digits"
    length_min: Annotated[int, msgspec.Meta(ge=1, le=32)] = 1
    length_max: Annotated[int, msgspec.Meta(ge=1, le=32)] = 32
    """Digits of a `digits`, `account` or `phone` value."""
    check_digit: CheckDigit | None = None
    read_back: Literal["never", "spoken", "always"] = "spoken"
    """Whether to ask "is that right?": never, only after speech, or always."""
    sensitive: bool = False
    """Masked in the trail and in logs, keys only, never read back."""


class Tongue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One way out of a language node."""

    language: str
    key: Key | None = None
    phrases: list[str] = msgspec.field(default_factory=list)
    """The language's own name, as a recogniser of the other languages may hear it, too."""


class Language(_Question, frozen=True, kw_only=True, tag="language"):
    """Let the caller choose a language; each language says its prompt, one after another."""

    choices: Annotated[list[Tongue], msgspec.Meta(min_length=1)]
    next: NodeId


class Intent(_Question, frozen=True, kw_only=True, tag="intent"):
    """Let the caller say in their own words what they want."""

    routes: dict[str, NodeId]
    """Where each intent leads."""
    keys: dict[Key, str] = msgspec.field(default_factory=dict)
    """Keys that stand for an intent, for callers who would rather not speak."""


class Hours(_Node, frozen=True, kw_only=True, tag="hours"):
    """Go one way when open and another when closed."""

    hours: str
    open: NodeId
    closed: NodeId
    holiday: NodeId | None = None
    """Where to go on a day named in the calendar; `closed` when left out."""


class Queue(_Node, frozen=True, kw_only=True, tag="queue"):
    """Put the caller into a waiting line."""

    queue: str
    prompt: Prompt | None = None
    skills: list[str] = msgspec.field(default_factory=list)
    priority: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    segment: str | None = None
    left: NodeId | None = None
    """Where to go on when the caller leaves the queue unserved; the goodbye when left out."""
    served: NodeId | None = None
    """Where to go on when the agent has hung up, such as a survey."""


class Voicemail(_Node, frozen=True, kw_only=True, tag="voicemail"):
    """Take a message for the agents of a queue."""

    queue: str
    prompt: Prompt
    seconds_max: Annotated[int, msgspec.Meta(ge=10, le=600)] = 120
    next: NodeId | None = None
    """Where to go on afterwards; the goodbye when left out."""


class HangUp(_Node, frozen=True, kw_only=True, tag="hang_up"):
    """Say goodbye and end the call."""

    prompt: Prompt | None = None
    outcome: Outcome


Node = Say | Menu | Ask | Language | Intent | Hours | Queue | Voicemail | HangUp
Question = Menu | Ask | Language | Intent
