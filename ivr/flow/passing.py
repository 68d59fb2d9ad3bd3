"""Nodes a caller passes through without being asked anything."""

from typing import Annotated, Literal

import msgspec

from ivr.flow.names import DataName, Node, NodeId, Part, Percent
from ivr.flow.prompts import Prompt

Plain = str | int | float | bool


class Say(Node, frozen=True, kw_only=True, tag="say"):
    """Say or play something and go on."""

    prompt: Prompt
    next: NodeId


class Hours(Node, frozen=True, kw_only=True, tag="hours"):
    """Go one way when open and another when closed."""

    hours: str
    open: NodeId
    closed: NodeId
    holiday: NodeId | None = None
    """Where to go on a day named in the calendar; `closed` when left out."""


class Test(Part, frozen=True, kw_only=True):
    """What a value has to satisfy; all that is given must hold."""

    equals: Plain | None = None
    not_equals: Plain | None = None
    one_of: list[Plain] | None = None
    above: float | None = None
    below: float | None = None
    known: bool | None = None
    """Whether there has to be such a value at all."""


class Case(Part, frozen=True, kw_only=True):
    """One way out of a condition."""

    when: Annotated[dict[str, Plain | Test], msgspec.Meta(min_length=1)]
    """Tests that must all hold, by the name of what is tested: a value of the call (`account`,
    `caller.segment`), `language`, `hours.NAME`, or `queue.NAME.waiting`, `.wait_s`, `.agents`."""
    to: NodeId


class Condition(Node, frozen=True, kw_only=True, tag="condition"):
    """Go the way of the first case that holds."""

    cases: Annotated[list[Case], msgspec.Meta(min_length=1)]
    otherwise: NodeId


class Data(Node, frozen=True, kw_only=True, tag="data"):
    """Ask another system something about the caller, with a way on when it does not answer."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    body: dict[str, str] = msgspec.field(default_factory=dict)
    """Sent along; texts may hold places such as `{account}`."""
    save: Annotated[dict[DataName, str], msgspec.Meta(min_length=1)]
    """Names to remember, each with the field of the answer it is found in."""
    prompt: Prompt | None = None
    """Said meanwhile."""
    timeout_s: Annotated[float, msgspec.Meta(ge=0.5, le=5.0)] = 3.0
    next: NodeId
    failed: NodeId


class Set(Node, frozen=True, kw_only=True, tag="set"):
    """Remember values; texts may hold places."""

    values: Annotated[dict[DataName, str], msgspec.Meta(min_length=1)]
    next: NodeId


class Message(Node, frozen=True, kw_only=True, tag="message"):
    """Send the caller a text message, such as a link, once a call."""

    text: Prompt
    number_from: DataName = "caller.number"
    next: NodeId
    no_number: NodeId
    """Where to go when there is no number to send to, or it is known to take no messages."""


class Branch(Part, frozen=True, kw_only=True):
    """One side of a split test."""

    name: str
    percent: Percent
    to: NodeId


class Split(Node, frozen=True, kw_only=True, tag="split"):
    """Send given shares of the callers different ways, to compare how they fare."""

    branches: Annotated[list[Branch], msgspec.Meta(min_length=2)]

    def __post_init__(self) -> None:
        """Refuse shares that do not make up the whole."""
        total = sum(branch.percent for branch in self.branches)
        if total != 100:
            raise ValueError(f"the branches' percents must add up to 100, not {total}")


class SubFlow(Node, frozen=True, kw_only=True, tag="subflow"):
    """Go through a part of the flow that several places share, then on to `next`."""

    enter: NodeId
    next: NodeId


class Return(Node, frozen=True, kw_only=True, tag="return"):
    """End a sub-flow: go on at the `next` of whoever entered it."""
