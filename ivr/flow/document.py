"""The flow document: everything one version of a call flow consists of, as written.

A flow is text under version control. `FlowDocument` is that text decoded, still without meaning:
names may point nowhere (`ivr.proofs` finds those).
"""

from typing import Annotated

import msgspec

from ivr.flow.names import Count, DataName, Key, NodeId
from ivr.flow.nodes import Node
from ivr.flow.prompts import Line, Prompt
from ivr.hours import OfficeHours
from ivr.understanding import Cost, Costs


class Tongue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one language is spoken and heard."""

    voice: str | None = None
    """The voice that reads; the carrier's default when left out."""
    say: str | None = None
    """The tag for the voice; the language's own name when left out."""
    hear: str | None = None
    """The tag for the speech recogniser; engines name the same language differently."""
    speech: bool = True
    """Whether callers may speak in this language."""
    confidence_floor: Annotated[float, msgspec.Meta(gt=0.0, lt=1.0)] | None = None
    """Below this confidence of the recogniser, when it gives one, be more careful."""


class Intent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something callers want, by the way they say it."""

    examples: list[str]
    """Sentences as callers say them, in any of the flow's languages; five are enough to start."""
    name: dict[str, str] = msgspec.field(default_factory=dict)
    """How it is read back, per language: "a lost card"."""
    keywords: list[str] = msgspec.field(default_factory=list)
    """Must-not-miss phrases that decide at once."""
    wrong_route: Cost | None = None
    """What it costs to come here by mistake; lower it where a miss costs more than an error."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One self-service answer."""

    questions: Annotated[list[str], msgspec.Meta(min_length=1)]
    """The question as callers put it, in any of the flow's languages."""
    answer: Prompt
    name: dict[str, str] = msgspec.field(default_factory=dict)
    """How it is offered, per language: "our branches' opening hours"."""
    tags: list[str] = msgspec.field(default_factory=list)
    """Entries that share a tag are related."""
    valid_from: str | None = None
    valid_until: str | None = None
    """The first and the last day on which it may be read, such as `2026-12-31`."""


class Everywhere(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A way out of every question, such as 9 for the main menu."""

    to: NodeId
    key: Key | None = None
    phrases: dict[str, list[str]] = msgspec.field(default_factory=dict)


class FlowDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A flow as written."""

    name: str
    version: Annotated[int, msgspec.Meta(ge=1)]
    start: NodeId
    person: NodeId
    """Where 0, "agent", 人工 and two misses lead: a queue, or hours that lead to one."""
    languages: Annotated[dict[str, Tongue], msgspec.Meta(min_length=1)]
    """The first one is spoken until the caller's is known."""
    nodes: dict[str, Node]
    zone: str = "UTC"
    """The time zone of "today" and "tomorrow"."""
    defaults: dict[DataName, str] = msgspec.field(default_factory=dict)
    """Values every call begins with."""
    private: list[DataName] = msgspec.field(default_factory=list)
    """Values that only a verified caller may hear, such as the state of a case."""
    prompts: dict[str, dict[str, str | Line]] = msgspec.field(default_factory=dict)
    hours: dict[str, OfficeHours] = msgspec.field(default_factory=dict)
    intents: dict[str, Intent] = msgspec.field(default_factory=dict)
    sentence_model: str | None = None
    """A stronger model of English to understand with: `installed`, or the folder it lies in, seen
    from this file. The flow's own examples alone when left out."""
    out_of_scope: list[str] = msgspec.field(default_factory=list)
    """Sentences that callers say and this flow does not serve."""
    answers: dict[str, Entry] = msgspec.field(default_factory=dict)
    everywhere: list[Everywhere] = msgspec.field(default_factory=list)
    wording: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)
    """Other standard sentences than ours, per sentence and language."""
    costs: Costs = msgspec.field(default_factory=Costs)
    """What mistakes and questions cost a caller, for the choice between asking and going on."""
    misses: Count = 2
    turns_max: Annotated[int, msgspec.Meta(ge=3, le=100)] = 30
    """So many questions and the caller is given a person, whatever they answered."""
