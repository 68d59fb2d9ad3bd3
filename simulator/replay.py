"""A recorded journal, replayed: does today's code do what the live centre did?

The live centre and this replay fold the same entries through the same objects, so under the same
routing version state and commands are equal byte for byte; `Fidelity` shows both as digests, and
names the first command that differs from those recorded, if they are given. The measures of the day
are folded on the way, by the functions that measure a simulated one.

The other direction works too: `journal_of` writes the facts of a simulated day as a journal, so the
live code can replay what never happened. Ticks are set where the clock of a journal needs them.

Reading files is not done here: the shell brings entries.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, zip_longest
from typing import Any, cast

from acd.config import AcdConfig
from acd.events import ClockTicked, LeaderElected
from acd.measures import Measures
from acd.notices import Notice
from acd.replay import Fold, JournalEntry
from dialer.centre import Centre
from dialer.codec import COMMAND_CODEC, EVENT_CODEC
from dialer.commands import CentreCommand
from dialer.config import CentreConfig
from dialer.events import CentreEvent, SettingsApplied
from dialer.notices import CentreNotice
from dialer.settings import to_plain
from simulator.books import Books
from simulator.day import DayResult, day_result

NOTHING = CentreConfig(acd=AcdConfig(queues=(), agents=()))
"""What a centre knows before its journal tells it: the settings themselves are a fact."""

INTERVAL_MS = 1_800_000


@dataclass(frozen=True, slots=True)
class Ordered:
    """One command of the audit stream: where it came from, and what it was."""

    entry_id: str
    ordinal: int  #: among the commands of the entry, from 0
    type: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Fidelity:
    """What a replay came to, and whether it is what was recorded."""

    entries: int
    quarantined: int
    duplicates: int
    commands: int
    commands_digest: str  #: SHA-256 over every command, in order
    state_digest: str  #: SHA-256 over the state at the end
    difference: str  #: the first command that differs from those recorded, in words; or empty
    day: DayResult  #: its measures and books; seed and day are 0


def replay(
    entries: Iterable[JournalEntry],
    *,
    config: CentreConfig = NOTHING,
    recorded: Iterable[Ordered] | None = None,
) -> Fidelity:
    """Fold a journal through a new centre.

    Args:
        entries: The journal from its beginning, in order.
        config: What the centre knows before it; a live journal brings its settings itself.
        recorded: The commands that were given at the time, in order; None compares nothing.

    Raises:
        EngineError: The entries are out of order, or an invariant does not hold.
    """
    folded = _Folded(config)
    ordered: list[Ordered] = []
    entry_count = 0
    for entry in entries:
        entry_count += 1
        ordered += _ordered(entry, folded.apply(entry))
    fold = folded.fold
    return Fidelity(
        entries=entry_count,
        quarantined=fold.quarantined_count,
        duplicates=fold.duplicate_count,
        commands=len(ordered),
        commands_digest=_digest([_plain(command) for command in ordered]),
        state_digest=_digest(fold.to_plain()),
        difference="" if recorded is None else _first_difference(recorded, ordered),
        day=folded.result(entry_count),
    )


class _Folded:
    """A centre that follows a journal, with measures and books that listen to it."""

    def __init__(self, config: CentreConfig) -> None:
        self._centre = Centre(config)
        self.fold = Fold(self._centre, EVENT_CODEC)
        self.doers: dict[type, Callable[[Any], None]] = {}
        self._listeners: dict[type, Callable[[Any], None]] = {}
        self._measures = Measures(self._centre.acd.config.queues, interval_ms=INTERVAL_MS)
        self._books = Books()
        self._books.keep(self)

    def listen(self, kind: type, listener: Callable[[Any], None]) -> None:
        """Call `listener` with every notice of this class."""
        self._listeners[kind] = listener

    def apply(self, entry: JournalEntry) -> Sequence[CentreCommand]:
        """Take the next entry; return its commands."""
        commands = self.fold.apply(entry)
        notices = cast("Sequence[CentreNotice]", self.fold.notices)
        if entry.type == SettingsApplied.__name__:
            self._measures.configure(self._centre.acd.config.queues)
        self._measures.feed(cast("Sequence[Notice]", notices))
        for notice in notices:
            if type(notice) in self._listeners:
                self._listeners[type(notice)](notice)
        for command in commands:
            if type(command) in self.doers:
                self.doers[type(command)](command)
        return commands

    def result(self, facts: int) -> DayResult:
        """Return what the journal came to."""
        self._books.close(self._centre.acd.board.agents.values())
        return day_result(
            seed=0,
            day=0,
            config=self._centre.config,
            measures=self._measures,
            books=self._books,
            now_ms=self.fold.clock.at_ms,
            facts=facts,
        )


def journal_of(facts: Iterable[CentreEvent], config: CentreConfig) -> Iterator[JournalEntry]:
    """Write facts as the journal of a site that has these settings.

    Args:
        facts: In order, the first a `LeaderElected`; each with its instant.
        config: The settings in force from the first fact on.
    """
    sequence = count(1)
    ticked_at_ms: int | None = None
    for fact in facts:
        is_tick = isinstance(fact, ClockTicked)
        if ticked_at_ms is not None and (is_tick or fact.at_ms > ticked_at_ms):
            advance_ms = fact.at_ms - ticked_at_ms
            yield _entry(ClockTicked(fact.at_ms, advance_ms, 1), next(sequence))
        ticked_at_ms = fact.at_ms
        if not is_tick:
            yield _entry(fact, next(sequence))
        if isinstance(fact, LeaderElected):
            settings = SettingsApplied(fact.at_ms, "recorded", to_plain(config))
            yield _entry(settings, next(sequence))


def _entry(fact: CentreEvent, sequence: int) -> JournalEntry:
    name, facts = EVENT_CODEC.encode(fact)
    return JournalEntry(f"{fact.at_ms}-{sequence}", name, f"a{sequence}", "", facts)


def _ordered(entry: JournalEntry, commands: Iterable[CentreCommand]) -> Iterator[Ordered]:
    for ordinal, command in enumerate(commands):
        yield Ordered(entry.entry_id, ordinal, *COMMAND_CODEC.encode(command))


def _plain(command: Ordered) -> list[object]:
    return [command.entry_id, command.ordinal, command.type, command.facts]


def _digest(plain: object) -> str:
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _first_difference(recorded: Iterable[Ordered], ordered: Iterable[Ordered]) -> str:
    for then, now in zip_longest(recorded, ordered):
        if then is None:
            return f"{_place(now)}: {now.type} is given, where none was recorded"
        if now is None:
            return f"{_place(then)}: {then.type} was recorded and is not given"
        if _digest(_plain(then)) != _digest(_plain(now)):
            return f"{_place(then)}: {then.type} was recorded, {now.type} is given"
    return ""


def _place(command: Ordered) -> str:
    return f"entry {command.entry_id}, command {command.ordinal}"
