"""Two legs that hear each other: the only way a talk begins or ends.

A *bridge* joins the parent and the child of a Dial, or an agent and a caller taken from a queue.
Conferences join any number of legs pairwise through the same `Talks`, so that the ledger and the
people hear of every talk in one way.
"""

from collections.abc import Iterable

import simpy

from simulator.carrier.calls import Call
from simulator.carrier.ledger import Ledger, Talk
from simulator.carrier.timeline import Timeline


class Talks:
    """Keep the talks that go on, tell the people, and note them in the ledger."""

    def __init__(self, timeline: Timeline, ledger: Ledger) -> None:
        self._timeline = timeline
        self._ledger = ledger
        self._open: dict[tuple[str, str, str], tuple[Talk, Call, Call]] = {}

    def set(
        self, room: str, callers: Iterable[Call], *, held: frozenset[str] = frozenset()
    ) -> None:
        """Make exactly these legs hear each other in a room.

        Args:
            room: The conference or bridge.
            callers: The legs that can hear and be heard, in a stable order.
            held: Legs that left the talk only because they are held; their partners do not
                think it is over.
        """
        present = list(callers)
        pairs = {
            (room, first.sid, second.sid): (first, second)
            for position, first in enumerate(present)
            for second in present[position + 1 :]
        }
        for key in [key for key in self._open if key[0] == room and key not in pairs]:
            self._close(key, held)
        for key, (first, second) in pairs.items():
            if key not in self._open and (room, key[2], key[1]) not in self._open:
                self._begin(key, first, second)

    def _begin(self, key: tuple[str, str, str], first: Call, second: Call) -> None:
        talk = Talk((first.sid, second.sid), key[0], self._timeline.now_s)
        self._ledger.talks.append(talk)
        self._open[key] = (talk, first, second)
        for mine, other in ((first, second), (second, first)):
            if mine.person is not None:
                mine.person.talk_began(other.sid)

    def _close(self, key: tuple[str, str, str], held: frozenset[str]) -> None:
        talk, first, second = self._open.pop(key)
        talk.ended_at_s = self._timeline.now_s
        self._ledger.write("talk", talk)
        is_held = bool(held & {first.sid, second.sid})
        for mine, other in ((first, second), (second, first)):
            if mine.person is not None and mine.is_live:
                mine.person.talk_ended(other.sid, is_held=is_held)


class Bridge:
    """Two legs joined until one of them leaves."""

    def __init__(self, talks: Talks, timeline: Timeline, room: str) -> None:
        self._talks = talks
        self._room = room
        self._timeline = timeline
        self.over: simpy.Event = timeline.event()
        """Happens when either leg leaves; its value is the sid of the one that left first."""
        self.ready: simpy.Event = timeline.event()
        """Happens when a caller taken from a queue has heard the whisper."""
        self.began_at_s: float | None = None

    @property
    def seconds(self) -> float:
        """How long the legs have been joined."""
        return 0.0 if self.began_at_s is None else self._timeline.now_s - self.began_at_s

    def join(self, first: Call, second: Call) -> None:
        """Let the two hear each other."""
        self.began_at_s = self._timeline.now_s
        self._talks.set(self._room, (first, second))

    def leave(self, call: Call) -> None:
        """Part the two; the one that stays is told by `over`."""
        if not self.over.triggered:
            self._talks.set(self._room, ())
            self.over.succeed(call.sid)
