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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, zip_longest
from typing import cast

from acd.config import AcdConfig
from acd.events import ClockTicked, LeaderElected
from acd.measures import Measures
from acd.replay import Fold, JournalEntry
from dialer.centre import Centre
from dialer.codec import COMMAND_CODEC, EVENT_CODEC
from dialer.commands import CentreCommand, CloseAttempt
from dialer.config import CentreConfig
from dialer.events import CentreEvent, DialsPaced, SettingsApplied
from dialer.settings import to_plain
from simulator.books import Books
from simulator.pacing_fidelity import PacingFidelity
from simulator.results import Account, account

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
    paced: int  #: answers of pacers that were recorded
    paced_otherwise: str  #: the first that a pacer gives otherwise now, in words; or empty
    account: Account
    problems: tuple[str, ...]  #: what does not balance at the end


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
    centre = Centre(config)
    fold = Fold(centre, EVENT_CODEC)
    measures = Measures(centre.acd.config.queues, interval_ms=INTERVAL_MS)
    books = Books()
    pacing = PacingFidelity()
    pacing.configure(centre.config.campaigns)
    ordered: list[Ordered] = []
    entry_count = 0
    for entry in entries:
        entry_count += 1
        applied = fold.duplicate_count + fold.quarantined_count
        commands = fold.apply(entry)
        if fold.duplicate_count + fold.quarantined_count == applied:
            _account_for(centre, entry, commands, measures, books)
            _pace(centre, entry, pacing)
        pacing.ask(commands)
        ordered += _ordered(entry, commands)
    books.close(centre)
    return Fidelity(
        entries=entry_count,
        quarantined=fold.quarantined_count,
        duplicates=fold.duplicate_count,
        commands=len(ordered),
        commands_digest=_digest([_plain(command) for command in ordered]),
        state_digest=_digest(fold.to_plain()),
        difference="" if recorded is None else _first_difference(recorded, ordered),
        paced=pacing.answers,
        paced_otherwise=pacing.difference,
        account=account(measures, books, centre.config, fold.clock.at_ms),
        problems=tuple(books.problems),
    )


def journal_of(facts: Iterable[CentreEvent], config: CentreConfig) -> Iterator[JournalEntry]:
    """Write facts as the journal of a site that has these settings.

    Args:
        facts: In order, the first a `LeaderElected`; each with its instant.
        config: The settings in force from the first fact on.
    """
    sequence = count(1)
    ticked_at_ms: int | None = None
    has_settings = False
    for fact in facts:
        is_tick = isinstance(fact, ClockTicked)
        if ticked_at_ms is not None and (is_tick or fact.at_ms > ticked_at_ms):
            advance_ms = fact.at_ms - ticked_at_ms
            yield _entry(ClockTicked(fact.at_ms, advance_ms, 1), next(sequence))
        ticked_at_ms = fact.at_ms
        if not is_tick:
            yield _entry(fact, next(sequence))
        if isinstance(fact, LeaderElected) and not has_settings:
            has_settings = True
            settings = SettingsApplied(fact.at_ms, "recorded", to_plain(config))
            yield _entry(settings, next(sequence))


def _entry(fact: CentreEvent, sequence: int) -> JournalEntry:
    name, facts = EVENT_CODEC.encode(fact)
    return JournalEntry(f"{fact.at_ms}-{sequence}", name, f"a{sequence}", "", facts)


def _account_for(
    centre: Centre,
    entry: JournalEntry,
    commands: Iterable[CentreCommand],
    measures: Measures,
    books: Books,
) -> None:
    if entry.type == SettingsApplied.__name__:
        measures.configure(centre.acd.config.queues)
    measures.feed(centre.notices)
    listeners = books.listeners
    for notice in centre.notices:
        if type(notice) in listeners:
            listeners[type(notice)](notice)
    for command in commands:
        if isinstance(command, CloseAttempt):
            books.write_back(command)


def _pace(centre: Centre, entry: JournalEntry, pacing: PacingFidelity) -> None:
    """Let the desk hear of new settings, and compare an answer that was recorded."""
    if entry.type == SettingsApplied.__name__:
        pacing.configure(centre.config.campaigns)
    elif entry.type == DialsPaced.__name__:
        answer = EVENT_CODEC.decode(entry.type, entry.facts, 0)
        pacing.compare(cast("DialsPaced", answer))


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
