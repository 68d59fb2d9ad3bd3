"""People as a YAML file: who calls when, how they behave, who is reached by dialling.

A duration is a number of seconds, or `{mean: 120, spread: 0.6}` to be drawn for each person from a
lognormal distribution of that mean (`spread` is the standard deviation of its logarithm). A group
of callers with a `count` arrives at random with `every_s` as the mean gap; everything is drawn from
the seed, each person from a stream of their own.

Example:
    A morning with two kinds of callers and one agent::

        seed: 7
        callers:
          - from: "+15550100123"
            to: "+15550100100"
            at_s: 5
            reactions: [{when: balance, key: "1"}, {say: "no, thank you"}]
          - from: "+1555010014#"      # a # is replaced by a digit of the person's own
            to: "+15550100100"
            count: 10
            every_s: 30
            patience_s: {mean: 120, spread: 0.8}
            talk_s: {mean: 180, spread: 0.6}
        callees:
          "client:ana": {ring_s: 4, lingers_s: 3, stays_s: null}
        others: {busy_share: 0.1, machine_share: 0.3}
"""

import heapq
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from simulator.carrier.people.manners import Callee, Caller, Manner, Reaction
from simulator.carrier.people.population import Directory, Habits, RandomPopulation, Share
from simulator.carrier.streams import stream


class ScriptError(ValueError):
    """The file is not a script of people; its author's fault."""


class Spread(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A duration that differs between people."""

    mean: float
    spread: float = 0.5

    def __post_init__(self) -> None:
        if self.mean <= 0 or self.spread < 0:
            raise ValueError("mean must be above 0 and spread not below")


Seconds = Annotated[float, msgspec.Meta(ge=0)]

Duration = Seconds | Spread


class _Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What callers and callees have in common."""

    reactions: list[Reaction] = []
    patience_s: Duration | None = None
    talk_s: Duration | None = None
    hold_patience_s: Duration | None = None
    lingers_s: Duration | None = 15.0
    stays_s: Duration | None = 3600.0
    voice_confidence: Share | None = 0.9

    def manner(self, seed: int, name: str) -> Manner:
        """Draw one person's manner."""

        def drawn(purpose: str, duration: Duration | None) -> float | None:
            return None if duration is None else _drawn(duration, seed, name, purpose)

        return Manner(
            reactions=tuple(self.reactions),
            patience_s=drawn("patience", self.patience_s),
            talk_s=drawn("talk", self.talk_s),
            hold_patience_s=drawn("hold", self.hold_patience_s),
            lingers_s=drawn("linger", self.lingers_s),
            stays_s=drawn("stay", self.stays_s),
            voice_confidence=self.voice_confidence,
        )


class CallerGroup(_Behaviour, frozen=True, kw_only=True):
    """One caller, or `count` of them who arrive at random."""

    from_number: str = msgspec.field(name="from")
    to_number: str = msgspec.field(name="to")
    at_s: Seconds = 0.0
    count: Annotated[int, msgspec.Meta(ge=0)] = 1
    every_s: Seconds = 60.0  #: 0: all at once
    ring_patience_s: Seconds | None = 90.0

    def callers(self, seed: int, group: int) -> Iterator[Caller]:
        """Return the group's callers in order of arrival."""
        at_s = self.at_s
        for nth in range(self.count):
            name = f"{group}/{nth}"
            draw = stream(seed, "arrival", name)
            if self.count > 1 and self.every_s:
                at_s += draw.expovariate(1 / self.every_s)
            number = "".join(
                str(draw.randrange(10)) if each == "#" else each for each in self.from_number
            )
            yield Caller(
                number, self.to_number, at_s, self.manner(seed, name), self.ring_patience_s
            )


class CalleeEntry(_Behaviour, frozen=True, kw_only=True):
    """Who is reached at an address."""

    pick_up: Literal["answers", "busy", "rejects", "no-answer", "unreachable", "invalid"] = (
        "answers"
    )
    ring_s: Duration = 5.0
    rings: bool = True
    kind: Literal["human", "machine", "fax"] = "human"
    detection_s: Duration | None = 4.0
    detected_as: str = ""
    ending: Literal["beep", "silence", "other"] = "beep"

    def callee(self, seed: int, address: str) -> Callee:
        """Draw the callee of an address."""
        detection = self.detection_s
        return Callee(
            pick_up=self.pick_up,
            ring_s=_drawn(self.ring_s, seed, address, "ring"),
            rings=self.rings,
            kind=self.kind,
            detection_s=None
            if detection is None
            else _drawn(detection, seed, address, "detection"),
            detected_as=self.detected_as,
            ending=self.ending,
            manner=self.manner(seed, address),
        )


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file."""

    seed: int = 1
    callers: list[CallerGroup] = []
    callees: dict[str, CalleeEntry] = {}
    others: Habits = Habits()

    def population(self) -> Directory:
        """Return the people of this script."""
        groups = [group.callers(self.seed, n) for n, group in enumerate(self.callers)]
        arrivals = heapq.merge(*groups, key=lambda caller: caller.at_s)
        callees = {name: entry.callee(self.seed, name) for name, entry in self.callees.items()}
        return Directory(callees, arrivals, RandomPopulation(self.seed, self.others))


def read_script(path: Path) -> Script:
    """Read a file of people.

    Raises:
        ScriptError: It cannot be read, is not YAML, or something in it is not as described above.
    """
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=Script)
    except OSError as problem:
        raise ScriptError(f"{path}: {problem.strerror}") from problem
    except msgspec.DecodeError as problem:
        raise ScriptError(f"{path}: {problem}") from problem


def _drawn(duration: Duration, seed: int, name: str, purpose: str) -> float:
    if isinstance(duration, float):
        return duration
    draw = stream(seed, "people", name, purpose)
    sigma = duration.spread
    return duration.mean * draw.lognormvariate(-sigma * sigma / 2, sigma)
