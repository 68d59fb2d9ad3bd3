"""One caller's place in a flow, and everything they have told so far.

A session is plain data: strings, numbers and tuples, so that the shell stores it as JSON between
two webhooks and an old release of this program can read it back. It names the version of the flow
it was begun with: a call in progress finishes on the version it started on.

The *trail* is what travels with the call to the agent, so that the caller never says a thing twice.
Sensitive answers are masked before they get into it.
"""

from dataclasses import dataclass, field
from typing import Literal

from ivr.steps import Outcome

WAY_LENGTH_MAX = 300
"""More than callers come through; what goes round in circles must not grow a session for ever."""
TrailKind = Literal["keyed", "said", "intent", "answer", "data", "went"]


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One thing that happened between the flow and the caller."""

    at_ms: int
    node: str
    kind: TrailKind
    """The caller `keyed` digits or `said` words; an `intent` was recognised, an `answer` read,
    `data` found; the call `went` where the caller did not choose."""
    text: str


@dataclass(frozen=True, slots=True)
class Session:
    """A caller's position and memory. Made by `new_session`, changed by `advance` only."""

    call: str
    """Names the call; the same call always falls into the same side of a split test."""
    flow: str
    flow_version: int
    language: str
    node: str = ""
    """Where the caller is; empty before the start."""
    stage: str = ""
    """What exactly is being asked there; empty for the node's own question."""
    candidates: tuple[str, ...] = ()
    """What the stage's question is about: intents, answers or a value to confirm."""
    refused: tuple[str, ...] = ()
    """What the caller has said no to at this question; it is not offered again."""
    returns: tuple[str, ...] = ()
    """Where to go on after each sub-flow that is still open, innermost last."""
    ordinal: int = 0
    """Counts the answers given: a webhook puts it into its addresses to recognise repeats."""
    turns: int = 0
    """Answers given to this caller, for the flow's limit."""
    no_inputs: int = 0
    """Silences in a row at this question."""
    no_matches: int = 0
    """Answers in a row that made no sense at this question."""
    data: dict[str, str] = field(default_factory=dict)
    """What was collected or found; the caller's own facts begin with `caller.`."""
    secrets: dict[str, str] = field(default_factory=dict)
    """Sensitive values, of which `data` shows only dots: for asking other systems while the caller
    is in the flow, and forgotten when they leave it."""
    trail: tuple[TrailEntry, ...] = ()
    way: tuple[str, ...] = ()
    """The nodes the caller came through, in order; the first `WAY_LENGTH_MAX` of them."""
    settled: Outcome | None = None
    """What the caller already has, should they hang up now: an answer, an agent's time, a message
    left. None while they have got nothing."""
    outcome: Outcome | None = None
    """How it ended; None while the caller is in the flow."""


def new_session(*, call: str, flow: str, version: int, language: str) -> Session:
    """Begin a call; the first input puts it at the flow's start."""
    return Session(call=call, flow=flow, flow_version=version, language=language)
