"""A call: one leg between the carrier and one far end, with its life and its callbacks.

A call is *executed* by a SimPy process (see `execution`). Whatever happens to it from outside
interrupts that process with one of three causes: it is `Ended`, `Redirected` to other TwiML, or
`Bridging` with somebody who took it from a queue. Keys and speech go to the *listener*, the verb
that takes input at the moment, and are lost when there is none.

Statuses run `queued -> ringing -> in-progress -> completed`, or end in `busy`, `no-answer`,
`failed`, `canceled` without having been answered. A final status never changes.

Source:
    https://www.twilio.com/docs/voice/api/call-resource (statuses, callback parameters).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import simpy

from simulator.carrier.ledger import FINAL, Leg
from simulator.carrier.people.person import Person
from simulator.carrier.timeline import Alarm, Timeline
from simulator.carrier.twiml import Fetch, Source

if TYPE_CHECKING:
    from simulator.carrier.bridges import Bridge

API_VERSION = "2010-04-01"

#: Modelled time between two keys of somebody who dials digits.
KEY_GAP_S = 0.25


@dataclass(frozen=True, slots=True)
class Ended:
    """Cause of an interrupt: the call is over, ended by `who`, with this final status."""

    status: str
    who: str
    """`far end`, `rest`, `time limit`, `parent`, `dial`."""


@dataclass(frozen=True, slots=True)
class Redirected:
    """Cause of an interrupt: drop the current verb and run this instead."""

    source: Source


@dataclass(frozen=True, slots=True)
class Bridging:
    """Cause of an interrupt: somebody took this call from its queue."""

    bridge: "Bridge"
    whisper: Source | None


class CallOver(Exception):  # noqa: N818  (unwinds the execution; it is not an error)
    """The document itself ended the call."""

    def __init__(self, status: str = "completed") -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Callback:
    """Where to send events, and which."""

    url: str = ""
    method: str = "POST"
    events: tuple[str, ...] = ("completed",)

    def wants(self, event: str) -> bool:
        """Say whether an event is to be sent."""
        return bool(self.url) and event in self.events


@dataclass(frozen=True, slots=True)
class Detection:
    """Machine detection of one call: how long it may take and where the verdict goes."""

    mode: str
    """`Enable` or `DetectMessageEnd`."""
    is_async: bool
    timeout_s: float = 30.0
    callback: Callback = Callback()


@dataclass(frozen=True, slots=True)
class Terms:
    """What was asked for when the call was placed."""

    callback: Callback = Callback()
    fallback: Callback = Callback()
    timeout_s: float = 60.0
    time_limit_s: float = 14_400.0
    detection: Detection | None = None
    send_digits: str = ""
    is_recorded: bool = False
    recording: Callback = Callback()


class Listener(Protocol):
    """The verb that takes keys and speech at the moment."""

    def pressed(self, key: str) -> None:
        """Take one key."""
        ...

    def spoke(self, text: str, confidence: float | None) -> None:
        """Take the beginning of an utterance, with the words it will consist of."""
        ...


@dataclass(eq=False, slots=True)
class Call:
    """One leg, as the carrier keeps it."""

    sid: str
    leg: Leg
    timeline: Timeline
    direction: str
    from_: str
    to: str
    terms: Terms = Terms()
    parent: "Call | None" = None
    phone_number_sid: str = ""
    extra: Sequence[tuple[str, str]] = ()
    """More parameters of every voice webhook, such as where an inbound call comes from."""
    person: Person | None = None
    process: simpy.Process | None = None
    listener: Listener | None = None
    answered_by: str = ""
    detection_ms: int | None = None
    queue_time_ms: int = 0
    sequence: int = 0
    updated_at_s: float = 0.0
    started_at_s: float | None = None
    """When it was dialled, or arrived."""
    time_limit: Alarm | None = None
    farewells: list[Fetch] = field(default_factory=list)
    """Documents still requested when the call is over; their answers control nothing."""
    cookies: dict[str, str] = field(default_factory=dict)
    status_times: list[tuple[float, str]] = field(default_factory=list)
    """Every status with its instant, for readers that are served a stale one."""
    is_deleted: bool = False
    gone: simpy.Event = field(init=False)
    """Happens when the call has ended."""
    picked_up: simpy.Event = field(init=False)
    """Happens when the call is answered."""

    def __post_init__(self) -> None:
        self.picked_up = self.timeline.event()
        self.gone = self.timeline.event()

    @property
    def status(self) -> str:
        """The REST status."""
        return self.leg.status

    @property
    def parent_sid(self) -> str:
        """The call whose Dial made this one; "" for none."""
        return self.parent.sid if self.parent is not None else ""

    @property
    def is_live(self) -> bool:
        """Whether the call has not ended."""
        return self.leg.status not in FINAL

    @property
    def is_answered(self) -> bool:
        """Whether the call has ever been answered."""
        return self.leg.answered_at_s is not None

    @property
    def is_attested(self) -> bool:
        """Whether it goes to the telephone network under a caller id the carrier vouches for."""
        return self.direction != "inbound" and self.to.startswith("+")

    @property
    def answered_s(self) -> float:
        """Seconds from the answer to the end, or to now."""
        if self.leg.answered_at_s is None:
            return 0.0
        end_s = self.timeline.now_s if self.leg.ended_at_s is None else self.leg.ended_at_s
        return end_s - self.leg.answered_at_s

    def status_at(self, at_s: float) -> str:
        """Return the status the call had at an instant; before its creation, its first."""
        shown = self.status_times[0][1]
        for since_s, status in self.status_times:
            if since_s <= at_s:
                shown = status
        return shown

    def become(self, status: str) -> None:
        """Take a status and note when."""
        assert self.is_live, f"call {self.sid} has ended as {self.status}; it cannot be {status}"
        now_s = self.timeline.now_s
        self.leg.status = status
        self.updated_at_s = now_s
        self.status_times.append((now_s, status))
        if status == "in-progress":
            self.leg.answered_at_s = now_s
            self.picked_up.succeed()
        if status in FINAL:
            self.leg.ended_at_s = now_s
            self.gone.succeed()

    def interrupt(self, cause: Ended | Redirected | Bridging) -> None:
        """Make the executing process deal with a cause; a finished call ignores it."""
        if self.is_live and self.process is not None and self.process.is_alive:
            self.process.interrupt(cause)

    # -- the far end's telephone -------------------------------------------------------------

    def press(self, keys: str) -> None:
        """Press keys, a moment apart."""
        for position, key in enumerate(keys):
            self.timeline.later(position * KEY_GAP_S, lambda key=key: self._key(key))  # type: ignore[misc]  # mypy cannot infer the default's type

    def speak(self, text: str, confidence: float | None) -> None:
        """Say something to whatever listens."""
        if self.listener is not None:
            self.listener.spoke(text, confidence)

    def put_down(self) -> None:
        """Hang up at the far end."""
        self.interrupt(Ended("completed" if self.is_answered else "no-answer", "far end"))

    def _key(self, key: str) -> None:
        if self.listener is not None and self.is_live:
            self.listener.pressed(key)
