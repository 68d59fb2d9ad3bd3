"""People as data: how they react to prompts, how long they wait and talk, how they pick up.

A *manner* is common to everybody on a telephone. A *caller* rings one of the account's numbers at
some moment; a *callee* is who the carrier reaches by dialling. Times are modelled seconds.

A person answers prompts by their reactions: the first one not yet used up whose pattern is found in
the prompt's text. Without patterns they are simply taken in order. A program that wants to decide
itself gives `respond` instead.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

_KEYS = re.compile(r"[0-9*#A-Da-d]*")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a person hears, and whether something is expected of them."""

    text: str
    """All that is said until the person is expected to act; URLs of recordings as they stand."""
    lasts_s: float
    """Seconds until it has been said."""
    asks: tuple[str, ...] = ()
    """What counts as an answer: `dtmf`, `speech`, `record`; empty when nothing is asked."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a person does when asked."""

    when: str | None = None
    """Regular expression searched in the prompt's text, case ignored; None: any prompt."""
    key: str = ""
    say: str = ""
    hang_up: bool = False
    after_s: float = 1.0
    """Seconds from the prompt's end; from its beginning if `interrupts`."""
    interrupts: bool = False
    times: int = 1
    """How often this reaction can be used; 0 = for ever."""

    def __post_init__(self) -> None:
        """Check what would fail, or be heard as nothing, in the middle of a call.

        Raises:
            ValueError: The pattern is none, or there is no such key; its author's fault.
        """
        try:
            re.compile(self.when or "")
        except re.error as problem:
            raise ValueError(f"`when` is no regular expression: {problem}") from problem
        if not _KEYS.fullmatch(self.key):
            raise ValueError(f"`key` is {self.key!r}; keys are 0 to 9, *, #")


#: Decides what to do about a prompt; None does nothing.
Responder = Callable[[Prompt], Reaction | None]


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody behaves once on the line."""

    reactions: tuple[Reaction, ...] = ()
    respond: Responder | None = None
    """Decides instead of `reactions`."""
    patience_s: float | None = None
    """Hangs up after waiting so long in a queue; None waits for ever."""
    talk_s: float | None = None
    """Hangs up after talking so long with one partner; None leaves it to the other."""
    hold_patience_s: float | None = None
    """Hangs up after being held so long."""
    lingers_s: float | None = 15.0
    """Hangs up when a talk is over and nothing else happens for so long; None stays."""
    stays_s: float | None = 3600.0
    """Hangs up so long after the call was answered, whatever happens; None never."""
    voice_confidence: float | None = 0.9
    """Confidence of speech recognised from this voice; None: the value is absent."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who rings one of our numbers."""

    from_number: str
    to_number: str
    at_s: float = 0.0
    manner: Manner = Manner()
    ring_patience_s: float | None = 90.0
    """Gives up when the call is not answered for so long."""
    extra: tuple[tuple[str, str], ...] = ()
    """More parameters of the incoming call, such as `("FromCountry", "US")`."""


PickUp = Literal["answers", "busy", "rejects", "no-answer", "unreachable", "invalid"]
Kind = Literal["human", "machine", "fax"]


@dataclass(frozen=True, slots=True)
class Callee:
    """Who is reached by dialling an address, and how they pick up."""

    pick_up: PickUp = "answers"
    """`unreachable` fails after a moment; `invalid` is refused by the REST request (21217)."""
    ring_s: float = 5.0
    """Seconds of ringing before answering, being found busy or rejecting."""
    rings: bool = True
    """Whether the network reports ringing at all."""
    kind: Kind = "human"
    detection_s: float | None = 4.0
    """Seconds from the answer to the machine-detection verdict; None: it never comes."""
    detected_as: str = ""
    """The verdict, when it is not the right one for `kind`: errors and `unknown`."""
    ending: Literal["beep", "silence", "other"] = "beep"
    """How a machine's greeting ends, when the end is waited for."""
    manner: Manner = Manner()


def reacting(reactions: tuple[Reaction, ...]) -> Responder:
    """Return a responder that uses up reactions in order, each where its pattern is found."""
    left = [reaction.times for reaction in reactions]

    def respond(prompt: Prompt) -> Reaction | None:
        for position, reaction in enumerate(reactions):
            is_spent = reaction.times and not left[position]
            if is_spent or not _matches(reaction.when, prompt.text):
                continue
            left[position] -= 1
            return reaction
        return None

    return respond


def _matches(pattern: str | None, text: str) -> bool:
    return pattern is None or re.search(pattern, text, re.IGNORECASE) is not None
