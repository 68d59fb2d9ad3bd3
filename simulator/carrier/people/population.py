"""Who is out there: one answer for every dial, and a list of callers.

A program that embeds the stand-in implements `Population`, or uses `Directory` (fixed people by
address) on top of `RandomPopulation` (drawn from the seed). What a dialled address does depends on
the seed, the address and how often it has been dialled before, never on the timing of threads.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol

import msgspec

from simulator.carrier.people.manners import Callee, Caller, Kind, Manner, PickUp
from simulator.carrier.streams import stream


@dataclass(frozen=True, slots=True)
class Dialled:
    """A dial that reached the network."""

    to: str
    from_: str
    nth: int
    """How often this address has been dialled in this run, counted from 1."""


class Population(Protocol):
    """Everybody outside the application."""

    def callers(self) -> Iterable[Caller]:
        """Return the callers of the run, in order of `at_s`; may be endless, it is read lazily."""
        ...

    def callee(self, dialled: Dialled) -> Callee:
        """Return who is reached by a dial.

        The answer must depend on the dial alone: it may be asked for twice, and in any order.
        """
        ...


Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
"""A part of a whole; checked where people are read from a file."""


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares and means from which a random callee is drawn; what is left over answers."""

    busy_share: Share = 0.06
    no_answer_share: Share = 0.35
    rejects_share: Share = 0.02
    unreachable_share: Share = 0.02
    machine_share: Share = 0.25
    """Of those that answer."""
    fax_share: Share = 0.005
    detection_error_share: Share = 0.03
    """Of verdicts: a machine taken for a human, or the reverse."""
    detection_unknown_share: Share = 0.03
    detection_missing_share: Share = 0.005
    ring_s_mean: float = 9.0
    talk_s_mean: float = 150.0
    detection_s_mean: float = 3.5
    answering_endpoint_ring_s: float = 3.0
    """`client:` and `sip:` addresses always answer, after about this."""


class RandomPopulation:
    """Callees drawn from the seed; no callers of its own."""

    def __init__(self, seed: int = 1, habits: Habits | None = None) -> None:
        self._seed = seed
        self._habits = habits or Habits()

    def callers(self) -> Iterable[Caller]:
        """Return nobody: arrivals are the business of whoever knows the day."""
        return ()

    def callee(self, dialled: Dialled) -> Callee:
        """Draw who answers this dial of this address."""
        habits = self._habits
        draw = stream(self._seed, "callee", dialled.to, dialled.nth)
        if dialled.to.startswith(("client:", "sip:")):
            ring_s = habits.answering_endpoint_ring_s * draw.uniform(0.5, 1.5)
            return Callee(ring_s=ring_s, manner=Manner(lingers_s=3.0, stays_s=None))
        return Callee(
            pick_up=self._pick_up(draw.random()),
            ring_s=draw.gammavariate(3.0, habits.ring_s_mean / 3.0),
            kind=(kind := self._kind(draw.random())),
            detection_s=self._detection_s(draw.random(), draw.gammavariate(9.0, 1 / 9.0)),
            detected_as=self._verdict(kind, draw.random()),
            manner=self._manner(kind, draw.lognormvariate(0.0, 0.6)),
        )

    def _pick_up(self, u: float) -> PickUp:
        habits = self._habits
        shares: tuple[tuple[PickUp, float], ...] = (
            ("busy", habits.busy_share),
            ("no-answer", habits.no_answer_share),
            ("rejects", habits.rejects_share),
            ("unreachable", habits.unreachable_share),
        )
        for outcome, share in shares:
            u -= share
            if u < 0:
                return outcome
        return "answers"

    def _kind(self, u: float) -> Kind:
        if u < self._habits.machine_share:
            return "machine"
        return "fax" if u < self._habits.machine_share + self._habits.fax_share else "human"

    def _detection_s(self, u: float, spread: float) -> float | None:
        if u < self._habits.detection_missing_share:
            return None
        return self._habits.detection_s_mean * spread

    def _verdict(self, kind: Kind, u: float) -> str:
        if u < self._habits.detection_unknown_share:
            return "unknown"
        if u < self._habits.detection_unknown_share + self._habits.detection_error_share:
            return "machine" if kind == "human" else "human"
        return ""

    def _manner(self, kind: Kind, spread: float) -> Manner:
        if kind == "human":
            return Manner(talk_s=self._habits.talk_s_mean * spread / 1.2, stays_s=None)
        return Manner(stays_s=45.0)


class Directory:
    """Fixed people by address, fixed callers, and another population for everybody else."""

    def __init__(
        self,
        callees: Mapping[str, Callee] | None = None,
        callers: Iterable[Caller] = (),
        others: Population | None = None,
    ) -> None:
        self._callees = dict(callees or {})
        self._callers = sorted(callers, key=lambda caller: caller.at_s)
        self._others = others or RandomPopulation()

    def add(self, address: str, callee: Callee) -> None:
        """Say who is reached at an address from now on."""
        self._callees[address] = callee

    def callers(self) -> Iterator[Caller]:
        """Return the fixed callers in order of time."""
        return iter(self._callers)

    def callee(self, dialled: Dialled) -> Callee:
        """Return the fixed callee of this address, or whoever the others say."""
        return self._callees.get(dialled.to) or self._others.callee(dialled)


class Dials:
    """Count the dials of each address, so that a callee can depend on how often it was tried."""

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()

    def next(self, to: str, from_: str) -> Dialled:
        """Return the next dial of an address."""
        self._count[to] += 1
        return Dialled(to, from_, self._count[to])

    def peek(self, to: str, from_: str) -> Dialled:
        """Return what the next dial of an address would be."""
        return Dialled(to, from_, self._count[to] + 1)
