"""What callers do at the prompts of a call flow: their ways through it, and their slips.

A *way* is a list of reactions that leads a caller to what they called for. It is written for one
call type, once for those who want an agent and once for those who will do with an answer:

    cards:
      queued:
        - - {when: for english, key: "1"}
          - {when: in a few words, say: {my card is gone: 3, 我的卡丢了: 1}}
        - weight: 2
          steps: [{when: for english, key: "2"}, {when: 挂失请按1, key: "1"}]
      self_served:
        - - {when: branch hours, key: "4"}

`when` is searched in what is heard, case ignored. The same file serves `cordboard demo`, whose
callers take these ways through the real webhooks, and the twin, whose callers take them through the
interpreter alone (`simulator.walks`).

A scenario's `call_flow` says how often callers leave their way: hang up, stay silent, press a wrong
key, speak and are not heard.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from simulator.carrier.people.manners import Reaction
from simulator.distributions import Distribution, Lognormal

Share = Annotated[float, Meta(ge=0, le=1)]
Positive = Annotated[float, Meta(gt=0)]

THINK_S = 1.0
"""How long somebody thinks for whom nothing else is said."""


class WaysError(ValueError):
    """The file of ways cannot be used: whoever wrote it must change it."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reaction to one prompt."""

    when: str
    key: str = ""
    say: str | dict[str, Positive] = ""
    """A sentence, or sentences with their weights."""
    after_s: float | None = None
    """How long they think."""
    after_wait_s: Positive | None = None
    """Of a key that leaves the queue: the twin, which plays no announcements, lets it be pressed
    after so long a wait."""

    def said(self, drawn: float) -> str:
        """Return what is said.

        Args:
            drawn: A number in [0, 1) that chooses among several sentences.
        """
        if isinstance(self.say, str):
            return self.say
        return list(self.say)[chosen(list(self.say.values()), drawn)]

    def reaction(self, drawn: float) -> Reaction:
        """Return it as the stand-in's people have it; `drawn` chooses among sentences."""
        after_s = THINK_S if self.after_s is None else self.after_s
        return Reaction(when=self.when, key=self.key, say=self.said(drawn), after_s=after_s)


Steps: TypeAlias = tuple[Step, ...]


class WeightedWay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way that more callers take than others, or fewer."""

    steps: Steps
    weight: Positive = 1.0


Way: TypeAlias = Steps | WeightedWay


class CallTypeWays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ways of one call type."""

    queued: tuple[Way, ...]
    self_served: tuple[Way, ...] = ()
    known: dict[str, str] = {}
    """What is known of these callers when they call, such as `segment: gold`."""


Ways: TypeAlias = Mapping[str, CallTypeWays]
"""By the name of the call type in the scenario."""


def steps_of(way: Way) -> Steps:
    """Return the steps of a way, weighted or not."""
    return way.steps if isinstance(way, WeightedWay) else way


def way_chosen(ways: Sequence[Way], drawn: float) -> Steps:
    """Return the way of a caller; `drawn`, in [0, 1), falls on one by weight."""
    weights = [way.weight if isinstance(way, WeightedWay) else 1.0 for way in ways]
    return steps_of(ways[chosen(weights, drawn)])


def chosen(weights: Sequence[float], drawn: float) -> int:
    """Return the index on which a number drawn from [0, 1) falls, by weight."""
    bounds = list(accumulate(weights))
    return min(bisect_right(bounds, drawn * bounds[-1]), len(bounds) - 1)


def read_ways(path: Path, call_types: Sequence[str]) -> Ways:
    """Read a file of ways.

    Raises:
        WaysError: The file is missing or wrong, or says nothing about one of the call types.
    """
    try:
        ways = msgspec.yaml.decode(path.read_bytes(), type=dict[str, CallTypeWays])
    except OSError as error:
        raise WaysError(
            f"{path}: {error.strerror}; what callers do at prompts is described there"
        ) from error
    except msgspec.DecodeError as error:
        raise WaysError(f"{path}: {error}") from error
    for name in call_types:
        if name not in ways or not ways[name].queued:
            raise WaysError(f"{path}: no way leads the callers of '{name}' to a queue; add one")
    return ways


# --- slips ---------------------------------------------------------------------------------------


class Lookup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What another system answers when the flow asks it."""

    values: dict[str, str] = {}
    weight: Positive = 1.0
    fails: bool = False
    takes_s: Annotated[float, Meta(ge=0)] = 0.5


class CallFlow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A scenario's callers in the call flow: which flow, and how they behave at its questions.

    Names of nodes that the flow does not have are passed over, so that the same callers can be
    tried on another flow.
    """

    file: str = ""
    """The flow document, from the scenario's folder; empty leaves callers to `calls.<name>.flow`,
    unless a flow is named when the scenario is run."""
    people: str = "people.yaml"
    """The ways, from the scenario's folder."""
    hang_up_share: Share = 0.0
    """Of questions, those at which a caller hangs up."""
    hang_up_shares: dict[str, Share] = {}
    """Nodes at which it is another share."""
    silent_share: Share = 0.0
    """Of questions, those to which nothing is answered."""
    wrong_key_share: Share = 0.0
    """Of questions, those at which some other key is pressed."""
    unheard_share: Share = 0.0
    """Of sentences, those that the recogniser does not hear."""
    hurry_share: Share = 0.0
    """Of questions, those that are answered somewhere in the middle of the prompt."""
    asks_for_person_share: Share = 0.7
    """Of questions to which the caller's way knows no answer: those answered by 0. The others are
    met with silence."""
    think_s: Distribution = Lognormal(1.5, 1.0)
    """From the end of the prompt to the answer, where a step does not say `after_s`."""
    prompt_s: dict[str, Annotated[float, Meta(ge=0)]] = {}
    """Nodes whose prompts take a known time; others are estimated from their text."""
    message_s: Distribution = Lognormal(20.0, 10.0)
    """How long a voicemail is."""
    lookups: dict[str, tuple[Lookup, ...]] = {}
    """By node: what other systems answer."""
    paid_share: Share = 0.9
    """Of payments, those that succeed."""
    payment_s: Distribution = Lognormal(45.0, 20.0)
    transfer_answered_share: Share = 1.0
    """Of transfers to other numbers, those that are taken."""

    def __post_init__(self) -> None:
        slips = self.silent_share + self.wrong_key_share
        most = max((self.hang_up_share, *self.hang_up_shares.values()))
        if most + slips > 1:
            raise ValueError(
                f"hanging up, silence and wrong keys make {most + slips:g}; 1 is the most"
            )
