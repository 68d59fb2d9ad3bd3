"""Nodes that put a question to the caller and wait for keys or words."""

from typing import Annotated, Literal

import msgspec

from ivr.flow.names import CheckDigit, DataName, Key, NodeId, Part, Question
from ivr.flow.prompts import Prompt

AnswerType = Literal[
    "digits", "account", "phone", "number", "amount", "date", "yes_no", "free_text"
]
Length = Annotated[int, msgspec.Meta(ge=1, le=32)]


class Choice(Part, frozen=True, kw_only=True):
    """One way out of a menu."""

    to: NodeId
    key: Key | None = None
    phrases: dict[str, list[str]] = msgspec.field(default_factory=dict)
    """Words that mean this choice, per language."""
    intent: str | None = None
    """An intent of the flow that means this choice when the phrases do not settle it."""


class Menu(Question, frozen=True, kw_only=True, tag="menu"):
    """Let the caller choose by key or by speech."""

    choices: Annotated[list[Choice], msgspec.Meta(min_length=1)]


class Ask(Question, frozen=True, kw_only=True, tag="ask"):
    """Collect one value, check it, read it back when in doubt, and remember it."""

    save: DataName
    """The name under which the value is remembered."""
    next: NodeId
    type: AnswerType = "digits"
    length_min: Length = 1
    length_max: Length = 32
    """Digits of a `digits`, `account` or `phone` value."""
    minimum: float | None = None
    maximum: float | None = None
    """Bounds of a `number` or `amount`; of a `date`, in days from today. Both inclusive."""
    check_digit: CheckDigit | None = None
    read_back: Literal["never", "spoken", "always"] = "spoken"
    """Whether to ask "is that right?": never, when spoken and in doubt, or always."""
    sensitive: bool = False
    """Keys only, masked in the trail and in logs, never read back."""


class Tongue(Part, frozen=True, kw_only=True):
    """One way out of a language node."""

    language: str
    key: Key | None = None
    phrases: list[str] = msgspec.field(default_factory=list)
    """More names of the language, as a recogniser of the other languages may hear it."""


class Language(Question, frozen=True, kw_only=True, tag="language"):
    """Let the caller choose a language; each language says its prompt, one after another."""

    choices: Annotated[list[Tongue], msgspec.Meta(min_length=1)]
    next: NodeId


class Intent(Question, frozen=True, kw_only=True, tag="intent"):
    """Let the caller say in their own words what they want."""

    routes: dict[str, NodeId]
    """Where each intent leads."""
    keys: dict[Key, str] = msgspec.field(default_factory=dict)
    """Keys that stand for an intent, for callers who would rather not speak."""
    answers: NodeId | None = None
    """The answer node that reads self-service answers to what is asked here."""


class Answer(Question, frozen=True, kw_only=True, tag="answer"):
    """Read a self-service answer and ask whether it helped.

    The caller can say yes (1), no (2), again (3), or ask for a related answer (4).
    """

    entry: str | None = None
    """The answer to read; the one an intent node found when left out."""
    helped: NodeId
    not_helped: NodeId | None = None
    """Where to go when it did not help; the flow's `person` when left out."""


class Survey(Question, frozen=True, kw_only=True, tag="survey"):
    """Ask for a rating by one key; whoever does not answer is not asked twice."""

    save: DataName = "satisfaction"
    minimum: Annotated[int, msgspec.Meta(ge=0, le=9)] = 1
    maximum: Annotated[int, msgspec.Meta(ge=0, le=9)] = 5
    next: NodeId


class Callback(Question, frozen=True, kw_only=True, tag="callback"):
    """Offer to call back with the place in the queue kept: yes (1) or no (2)."""

    queue: str
    skills: list[str] = msgspec.field(default_factory=list)
    priority: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    number_from: DataName = "caller.number"
    refused: NodeId
    """Where a caller goes who would rather wait."""
    no_number: NodeId
    """Where a caller goes whose number is hidden, such as a question for it."""
    booked: Prompt
    """Said before hanging up."""
