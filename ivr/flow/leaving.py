"""Nodes by which a caller leaves the flow: to a person, to a machine, or to the goodbye."""

from typing import Annotated

import msgspec

from ivr.flow.names import DataName, Node, NodeId
from ivr.flow.prompts import Prompt
from ivr.steps import Outcome


class Queue(Node, frozen=True, kw_only=True, tag="queue"):
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


class Voicemail(Node, frozen=True, kw_only=True, tag="voicemail"):
    """Take a message for the agents of a queue."""

    queue: str
    prompt: Prompt
    seconds_max: Annotated[int, msgspec.Meta(ge=10, le=600)] = 120
    next: NodeId | None = None
    """Where to go on afterwards; the goodbye when left out."""


class Transfer(Node, frozen=True, kw_only=True, tag="transfer"):
    """Send the caller to a number outside the centre."""

    to: str
    prompt: Prompt | None = None
    ring_s: Annotated[int, msgspec.Meta(ge=5, le=600)] = 30
    failed: NodeId


class Pay(Node, frozen=True, kw_only=True, tag="pay"):
    """Let the carrier collect a card: the only way a card number may be asked for."""

    amount_from: DataName | None = None
    """The value that holds the amount, such as `12.50`; a token without a charge when left out."""
    currency: Annotated[str, msgspec.Meta(pattern="^[a-z]{3}$")] = "usd"
    language: str = "en-US"
    """The carrier's payment prompts speak few languages; theirs, not the caller's."""
    description: str = ""
    prompt: Prompt | None = None
    paid: NodeId
    failed: NodeId


class HangUp(Node, frozen=True, kw_only=True, tag="hang_up"):
    """Say goodbye and end the call."""

    prompt: Prompt | None = None
    outcome: Outcome


class Refuse(Node, frozen=True, kw_only=True, tag="refuse"):
    """Refuse the call before it is answered, without a word; only as the flow's first step."""

    busy: bool = False
