"""Field types and the base record that all kinds of node share."""

from typing import Annotated, Literal

import msgspec

from ivr.flow.prompts import Prompt

NodeId = str
Seconds = Annotated[float, msgspec.Meta(ge=0.5, le=60.0)]
Count = Annotated[int, msgspec.Meta(ge=1, le=10)]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
Key = Annotated[str, msgspec.Meta(pattern=r"^[0-9*#]$")]
DataName = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")]
"""A value of the call, such as `account` or `caller.number`."""
CheckDigit = Literal["luhn", "mod97"]


class Node(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """What all kinds share: nothing but the tag."""


class Question(Node, frozen=True, kw_only=True):
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


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A piece of a node that is no node itself."""
