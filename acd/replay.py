"""Folding a journal: the one way in which facts become state, live and in the simulator.

A journal entry has an id `"<ms>-<seq>"` given by the store, a type, an append id made once by the
writer, a natural key where the carrier gives one, and plain facts. `Fold` takes entries in order,
drops what was told twice, gives each its instant, builds the event and hands it to the machine.
Nothing else about an entry matters, so two folds of one journal make the same state and the same
commands wherever and whenever they run.

**Time is a function of the journal** (`JournalClock`). A writer's clock may be wrong, so the leader
appends ticks that carry how far its own monotonic clock went on; between two ticks the store's ids
say how far along an entry is, up to two seconds. Nothing makes time run backwards.

**Wrong entries do not stop a centre.** An `EventError` puts the entry aside, with its reason, and
the fold goes on; an `EngineError` is our own fault and passes through.

Reading the store is not done here: the shell brings entries.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, cast

from acd.codec import Codec
from acd.events import UNSTAMPED, ClockTicked, LeaderElected
from acd.messages import EngineError, EventError

INTERPOLATION_MS_MAX = 2_000
"""How far an entry may lie after the last tick by its id alone: two missed ticks."""

TAKEOVER_MS_MAX = 60_000
"""How much of the time without a leader is counted when the next one begins."""

MEMORY_MS = 24 * 3_600_000
"""How long append ids and natural keys are remembered: the carrier may tell a fact that late."""

QUARANTINE_MAX = 1_000
"""Entries put aside that are kept for people to look at; the count goes on beyond."""

_Event_contra = TypeVar("_Event_contra", contravariant=True)
_Command_co = TypeVar("_Command_co", covariant=True)
_Event = TypeVar("_Event")
_Command = TypeVar("_Command")


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry as the store holds it."""

    entry_id: str  #: "<ms>-<seq>", growing
    type: str  #: the class name of the event
    append_id: str  #: made once by the writer, the same in its retries; empty if it has none
    natural_key: str  #: the carrier's own identity of the fact; empty if it has none
    facts: Mapping[str, object]
    subject: str = ""  #: whose personal data the sealed part is; empty when there is none
    sealed: str = ""  #: never opened here: what follows from an entry follows from its facts


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An entry that could not be, and why."""

    entry_id: str
    type: str
    reason: str


class Machine(Protocol[_Event_contra, _Command_co]):
    """What a journal is folded into: the distributor alone, or the whole centre.

    `handle` first fires the deadlines due at or before the event's instant. When it raises
    `EventError` the event changed nothing; what those deadlines led to is not lost but comes with
    the commands and notices of the next call.
    """

    @property
    def next_due_ms(self) -> int | None:
        """The instant of the next deadline, or None."""
        ...

    @property
    def notices(self) -> Sequence[object]:
        """What the last event turned out to mean."""
        ...

    def handle(self, event: _Event_contra) -> Sequence[_Command_co]:
        """Take one event; return what is to be done."""
        ...

    def to_plain(self) -> dict[str, object]:
        """Return the whole state as plain data."""
        ...

    def restore(self, plain: Mapping[str, object]) -> None:
        """Go on from what `to_plain` returned."""
        ...


def parse_entry_id(entry_id: str) -> tuple[int, int]:
    """Split an id into its milliseconds and its sequence number, which order it.

    Raises:
        EngineError: It is not an id of a journal entry; the reader of the journal is wrong.
    """
    ms, dash, sequence = entry_id.partition("-")
    if not dash or not (
        ms.isascii() and ms.isdigit() and sequence.isascii() and sequence.isdigit()
    ):
        raise EngineError(f"'{entry_id[:64]}' is not a journal id; ids read <ms>-<sequence>")
    return int(ms), int(sequence)


class JournalClock:
    """The instant of every journal entry, from ids and ticks alone.

    Between ticks `at_ms = max(previous, tick + scale x min(id - id of the tick, 2 s))`. A tick
    moves to the tick before plus `scale x advance_ms`. The first leader of a journal starts at its
    `origin_ms`, or its own id; a later one adds the time since the last tick by ids, at most a
    minute, once.
    """

    __slots__ = ("_scale", "_tick_at_ms", "_tick_id_ms", "at_ms")

    def __init__(self) -> None:
        self.at_ms = 0  #: the instant of the last entry
        self._tick_at_ms = 0
        self._tick_id_ms = 0
        self._scale = 0  #: 0 until the first leader

    def stamp(self, id_ms: int, event: object = None) -> int:
        """Return the instant of an entry; `event` is given for those that move the clock.

        Raises:
            EventError: The tick carries a negative advance, or a scale below 1.
        """
        if isinstance(event, LeaderElected | ClockTicked):
            self._tick(id_ms, event)
            reached = self._tick_at_ms
        elif self._scale == 0:
            reached = id_ms
        else:
            since_ms = min(id_ms - self._tick_id_ms, INTERPOLATION_MS_MAX)
            reached = self._tick_at_ms + self._scale * since_ms
        self.at_ms = max(self.at_ms, reached)
        return self.at_ms

    def _tick(self, id_ms: int, event: LeaderElected | ClockTicked) -> None:
        if event.scale < 1:
            raise EventError(f"a clock cannot run at scale {event.scale}; it must be 1 or more")
        if isinstance(event, ClockTicked):
            if event.advance_ms < 0:
                raise EventError("a tick cannot go back: advance_ms must be 0 or more")
            self._tick_at_ms += event.scale * event.advance_ms
        elif self._scale == 0:
            self._tick_at_ms = event.origin_ms or id_ms
        else:
            self._tick_at_ms += event.scale * min(id_ms - self._tick_id_ms, TAKEOVER_MS_MAX)
        self._tick_id_ms = id_ms
        self._scale = event.scale

    def to_plain(self) -> list[int]:
        """Return the clock as plain data."""
        return [self.at_ms, self._tick_at_ms, self._tick_id_ms, self._scale]

    def restore(self, plain: Sequence[int]) -> None:
        """Set the clock to what `to_plain` returned."""
        self.at_ms, self._tick_at_ms, self._tick_id_ms, self._scale = plain


class _Memory:
    """Keys seen within the last `MEMORY_MS`, oldest first. Bounded by the rate of entries."""

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def has_seen(self, key: str, at_ms: int) -> bool:
        """Note a key and tell whether it was here before; an empty key never was."""
        if not key:
            return False
        if key in self._seen:
            return True
        self._seen[key] = at_ms
        oldest = next(iter(self._seen))
        while self._seen[oldest] < at_ms - MEMORY_MS:
            del self._seen[oldest]
            oldest = next(iter(self._seen))
        return False

    def to_plain(self) -> list[list[object]]:
        return [[key, at_ms] for key, at_ms in self._seen.items()]

    def restore(self, plain: Sequence[Sequence[Any]]) -> None:
        self._seen = {str(key): int(at_ms) for key, at_ms in plain}


class Fold(Generic[_Event, _Command]):
    """A machine and how far it has read its journal.

    Listen to `notices` here and not at the machine: an entry that was dropped means nothing, while
    the machine still shows what the one before it meant.
    """

    def __init__(self, machine: Machine[_Event, _Command], codec: Codec[_Event]) -> None:
        self.machine = machine
        self.cursor = "0-0"  #: the id of the last entry applied
        self.notices: Sequence[object] = ()  #: what the last entry turned out to mean
        self.clock = JournalClock()
        self.quarantined: deque[Quarantined] = deque(maxlen=QUARANTINE_MAX)
        self.quarantined_count = 0
        self.duplicate_count = 0
        self._codec = codec
        self._append_ids = _Memory()
        self._natural_keys = _Memory()

    def apply(self, entry: JournalEntry) -> Sequence[_Command]:
        """Take the next entry and return the commands it leads to.

        Raises:
            EngineError: The entry is not after the one before (the reader of the journal is
                wrong), or an invariant of the machine does not hold.
        """
        order = parse_entry_id(entry.entry_id)
        if order <= parse_entry_id(self.cursor):
            raise EngineError(f"entry {entry.entry_id} was read after {self.cursor}")
        self.cursor = entry.entry_id
        self.notices = ()
        if self._is_duplicate(entry):
            self.duplicate_count += 1
            return []
        try:
            commands = self.machine.handle(self._event(entry, order[0]))
        except EventError as error:
            self.quarantined_count += 1
            self.quarantined.append(Quarantined(entry.entry_id, entry.type, str(error)))
            return []
        self.notices = self.machine.notices
        return commands

    def _is_duplicate(self, entry: JournalEntry) -> bool:
        at_ms = self.clock.at_ms
        is_appended_again = self._append_ids.has_seen(entry.append_id, at_ms)
        return self._natural_keys.has_seen(entry.natural_key, at_ms) or is_appended_again

    def _event(self, entry: JournalEntry, id_ms: int) -> _Event:
        moving: _Event | None = None
        if entry.type in (ClockTicked.__name__, LeaderElected.__name__):
            moving = self._codec.decode(entry.type, entry.facts, UNSTAMPED)
        return self._codec.decode(entry.type, entry.facts, self.clock.stamp(id_ms, moving))

    def to_plain(self) -> dict[str, object]:
        """Return machine, clock and memory as plain data: a snapshot at `cursor`."""
        return {
            "cursor": self.cursor,
            "clock": self.clock.to_plain(),
            "append_ids": self._append_ids.to_plain(),
            "natural_keys": self._natural_keys.to_plain(),
            "quarantined_count": self.quarantined_count,
            "duplicate_count": self.duplicate_count,
            "machine": self.machine.to_plain(),
        }

    def restore(self, plain: Mapping[str, object]) -> None:
        """Go on from what `to_plain` returned.

        Raises:
            EngineError: The data was not made by `to_plain`; the snapshot is damaged.
        """
        try:
            cursor = str(plain["cursor"])
            parse_entry_id(cursor)
            self.clock.restore(cast("list[int]", plain["clock"]))
            self._append_ids.restore(cast("list[list[object]]", plain["append_ids"]))
            self._natural_keys.restore(cast("list[list[object]]", plain["natural_keys"]))
            self.quarantined_count = int(cast("int", plain["quarantined_count"]))
            self.duplicate_count = int(cast("int", plain["duplicate_count"]))
            machine = cast("Mapping[str, object]", plain["machine"])
        except (KeyError, TypeError, ValueError) as error:
            raise EngineError(f"a snapshot cannot be read: {error!r}") from error
        self.machine.restore(machine)
        self.cursor = cursor
