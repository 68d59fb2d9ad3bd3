"""An independent record of what happened: legs, talks, webhooks, requests, alerts.

The application under test keeps its own books. These are the carrier's: which legs existed and how
each ended, who could hear whom and for how long, every webhook and every request with its answer. A
test asks both and compares. Entries are kept in memory and, if a recorder is given, written as JSON
lines.

A *talk* is a span in which two legs can both hear and be heard: bridged by Dial, or together in a
running conference with neither of them held, muted or only coaching.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, TextIO

#: How many webhooks, and how many requests, are kept in memory.
WEBHOOKS_KEPT = REQUESTS_KEPT = 50_000

#: Final statuses of a leg.
FINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


@dataclass(slots=True)
class Leg:
    """One carrier call, as the carrier's own books show it."""

    sid: str
    direction: str
    pii_from: str
    pii_to: str
    created_at_s: float
    parent_sid: str = ""
    status: str = "queued"
    answered_at_s: float | None = None
    ended_at_s: float | None = None
    queued_s: float = 0.0
    """Time spent waiting in the carrier's queues."""

    @property
    def is_live(self) -> bool:
        """Whether the leg has not ended."""
        return self.status not in FINAL


@dataclass(slots=True)
class Talk:
    """Two legs that could hear each other from one instant to another."""

    sids: tuple[str, str]
    room: str
    began_at_s: float
    ended_at_s: float | None = None

    def seconds(self, now_s: float) -> float:
        """Return how long it has lasted, until `now_s` if it goes on."""
        return (now_s if self.ended_at_s is None else self.ended_at_s) - self.began_at_s


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A webhook and what the application answered."""

    at_s: float
    kind: str
    call_sid: str
    method: str
    url: str
    params: tuple[tuple[str, str], ...]
    status: int
    error: int
    answer: str
    attempts: int
    wall_ms: float


@dataclass(frozen=True, slots=True)
class Requested:
    """A REST request and how it was answered."""

    at_s: float
    method: str
    path: str
    params: tuple[tuple[str, str], ...]
    status: int
    code: int  #: the error's, 0 for none


@dataclass(frozen=True, slots=True)
class Alert:
    """What the carrier's debugger would show: an error or warning code, and why."""

    at_s: float
    code: int
    call_sid: str
    text: str


@dataclass(slots=True)
class Ledger:
    """The carrier's own books; change and read them with the timeline held."""

    recorder: TextIO | None = None
    legs: dict[str, Leg] = field(default_factory=dict)
    talks: list[Talk] = field(default_factory=list)
    webhooks: deque[Exchanged] = field(default_factory=lambda: deque(maxlen=WEBHOOKS_KEPT))
    """The latest webhooks, the oldest first; the recorder has them all."""
    requests: deque[Requested] = field(default_factory=lambda: deque(maxlen=REQUESTS_KEPT))
    """The latest REST requests, the oldest first; the recorder has them all."""
    alerts: list[Alert] = field(default_factory=list)

    def write(self, kind: str, entry: object) -> None:
        """Append an entry to the recorder, if there is one."""
        if self.recorder is not None:
            fields: dict[str, Any] = asdict(entry)  # type: ignore[call-overload]  # any entry here
            self.recorder.write(json.dumps({"entry": kind, **fields}, ensure_ascii=False) + "\n")

    def exchanged(self, entry: Exchanged) -> None:
        """Note a webhook that is over."""
        self.webhooks.append(entry)
        self.write("webhook", entry)

    def requested(self, entry: Requested) -> None:
        """Note a REST request that was answered."""
        self.requests.append(entry)
        self.write("request", entry)

    def alert(self, entry: Alert) -> None:
        """Note an error or a warning about the application's documents and requests."""
        self.alerts.append(entry)
        self.write("alert", entry)

    def live_legs(self) -> list[Leg]:
        """Return the legs that have not ended, in order of creation."""
        return [leg for leg in self.legs.values() if leg.is_live]

    def legs_of(self, address: str) -> list[Leg]:
        """Return the legs to or from an address such as `client:ana`."""
        return [leg for leg in self.legs.values() if address in {leg.pii_from, leg.pii_to}]

    def partners(self, sid: str) -> list[tuple[str, Talk]]:
        """Return with whom a leg talked, in order of beginning."""
        return [(_other(talk, sid), talk) for talk in self.talks if sid in talk.sids]

    def double_talks(self, is_agent: Callable[[str], bool]) -> list[tuple[Talk, Talk]]:
        """Return pairs of overlapping talks of one agent with two different outside parties.

        An empty list is the proof that no agent was ever in two conversations. Talks between
        agents (consults) are left out.

        Args:
            is_agent: Says of an address (`client:ana`, a number) whether it is an agent's.
        """
        spans: dict[str, list[tuple[Talk, str]]] = {}
        for talk in self.talks:
            for mine, theirs in (talk.sids, talk.sids[::-1]):
                agent = self._far_end(mine)
                if is_agent(agent) and not is_agent(self._far_end(theirs)):
                    spans.setdefault(agent, []).append((talk, theirs))
        return [pair for talks in spans.values() for pair in _overlaps(talks)]

    def _far_end(self, sid: str) -> str:
        leg = self.legs[sid]
        return leg.pii_from if leg.direction == "inbound" else leg.pii_to

    def totals(self) -> dict[str, int]:
        """Return how many legs there are by direction and status, such as `inbound completed`."""
        counts: dict[str, int] = {}
        for leg in self.legs.values():
            key = f"{leg.direction} {leg.status}"
            counts[key] = counts.get(key, 0) + 1
        return dict(sorted(counts.items()))


def _other(talk: Talk, sid: str) -> str:
    return talk.sids[1] if talk.sids[0] == sid else talk.sids[0]


def _overlaps(talks: Iterable[tuple[Talk, str]]) -> Iterator[tuple[Talk, Talk]]:
    ordered = sorted(talks, key=lambda entry: entry[0].began_at_s)
    for position, (talk, party) in enumerate(ordered):
        end_s = float("inf") if talk.ended_at_s is None else talk.ended_at_s
        for later, other_party in ordered[position + 1 :]:
            if later.began_at_s >= end_s:
                break
            if other_party != party:
                yield talk, later
