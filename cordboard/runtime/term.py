"""One term of leading a site: read the journal, fold it, commit what follows.

A term begins with the newest snapshot and an entry of its own, `LeaderElected`. It then reads on
from the snapshot, one turn after the other. Up to the committed cursor it only learns: what follows
from those entries has been committed by an earlier term. From there on every batch is committed:
the commands, the read model and the new cursor in one fenced step.

A term never doubts its memory and never repairs it. Whatever is unclear (a lost answer, another
leader, a store that lost its tail) ends the term by an exception; the next one begins from what the
store holds. That is cheap, and the only path to test.

Time is appended, not read: a tick at each due deadline and at least every second carries how far
the monotonic clock went on, at most a lease's length, so that a term that was put to sleep does not
wake up to a thousand overdue deadlines.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import structlog

from acd.events import ClockTicked, LeaderElected
from acd.messages import EngineError
from acd.replay import Fold, JournalEntry, parse_entry_id
from cordboard.runtime.archive import Row
from cordboard.runtime.clock import Clock, ModelledClock
from cordboard.runtime.commit import Batch, Committer, command_key
from cordboard.runtime.connection import Client, Store, telling_downs
from cordboard.runtime.entries import Draft, pack, read_entry
from cordboard.runtime.journal import JournalReader
from cordboard.runtime.leader import LEASE_MS, Fenced, Leadership
from cordboard.runtime.metrics import Metrics
from cordboard.runtime.projection import Projection
from cordboard.runtime.scripts import script
from cordboard.runtime.snapshots import Snapshot, Snapshots
from dialer.codec import EVENT_CODEC
from dialer.commands import CentreCommand, PaceCampaign
from dialer.config import CampaignConfig, CentreConfig
from dialer.events import CentreEvent, DialsPaced, SettingsApplied

TICK_MS = 1_000
"""A tick comes at least this often."""

BATCH_ENTRIES_MAX = 256

BLOCK_MS_MAX = 250
"""How long a turn waits for entries: short against the lease, as the same loop renews it."""

STRIKES_MAX = 3
"""An entry at which our own code fails so often is moved out of the journal."""

_log = structlog.get_logger(__name__)


class Unfoldable(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """Our own code failed at an entry: the state in memory must not be used any further."""

    def __init__(self, entry_id: str) -> None:
        super().__init__(f"our own code failed at entry {entry_id}")
        self.entry_id = entry_id


class Desk(Protocol):
    """The pacers of all campaigns; their state is a function of the questions alone."""

    def answer(self, question: PaceCampaign) -> DialsPaced:
        """Return how many dials to start, unstamped."""
        ...

    def configure(self, campaigns: Sequence[CampaignConfig]) -> None:
        """Take the settings that the centre has taken."""
        ...

    def snapshot(self) -> dict[str, object]:
        """Return what the pacers learnt as plain data."""
        ...

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what `snapshot` returned."""
        ...


@dataclass(slots=True)
class Minds:
    """All that a term knows: what a snapshot keeps and a replay rebuilds."""

    fold: Fold[CentreEvent, CentreCommand]
    desk: Desk
    projection: Projection
    config: Callable[[], CentreConfig]  #: the settings the machine works by now
    silent: Callable[[], Collection[str]] = tuple  #: agents whose desks it holds for silent

    def configure(self) -> None:
        """Let everything beside the machine take the machine's settings."""
        config = self.config()
        self.desk.configure(config.campaigns)
        self.projection.configure(config)

    def to_plain(self) -> dict[str, object]:
        """Return everything as plain data."""
        return {
            "fold": self.fold.to_plain(),
            "desk": self.desk.snapshot(),
            "projection": self.projection.to_plain(),
        }

    def restore(self, plain: Mapping[str, object]) -> None:
        """Go on from what `to_plain` returned."""
        self.fold.restore(cast("Mapping[str, object]", plain["fold"]))
        self.configure()
        self.desk.restore(cast("Mapping[str, object]", plain["desk"]))
        self.projection.restore(cast("Mapping[str, object]", plain["projection"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a term stands on: the site's store, and the clocks."""

    store: Store
    client: Client
    clock: Clock
    modelled: ModelledClock
    routing_version: int
    metrics: Metrics = field(default_factory=Metrics)
    past: Callable[[], Iterable[Row]] = tuple  #: the archive, for when no snapshot can be read


class Term:
    """One term. Every method may raise `Fenced`, `StoreDown` or `CursorMoved`: it is over then."""

    def __init__(self, ground: Ground, leadership: Leadership, minds: Minds) -> None:
        self.leadership = leadership
        self._minds = minds
        self._clock = ground.clock
        self._modelled = ground.modelled
        self._metrics = ground.metrics
        self._past = ground.past
        self._routing_version = ground.routing_version
        store, client = ground.store, ground.client
        self._keys = store.keys
        self._client = client
        self._reader = JournalReader(store, client)
        self._committer = Committer(store, client, leadership)
        self._snapshots = Snapshots(store, client)
        self._append = script(client, "append_fenced")
        self._strike = script(client, "strike")
        self._committed = "0-0"
        self._barrier = "0-0"  #: our own first entry
        self._tick_id = "0-0"  #: of the last tick we appended
        self._tick_ms = 0  #: monotonic, of that tick
        self._has_published = False
        self.entries_since_snapshot = 0

    # --- the beginning -----------------------------------------------------------------------

    def begin(self) -> None:
        """Load the newest snapshot and enter the term in the journal."""
        snapshot = self._snapshots.load()
        if snapshot is not None:
            self._minds.restore(snapshot.state)
            if snapshot.routing_version != self._routing_version:
                _log.warning("snapshot of another routing", version=snapshot.routing_version)
        else:
            self._learn_past()
        self._committed = self._committer.cursor()
        if parse_entry_id(self._minds.fold.cursor) > parse_entry_id(self._committed):
            raise EngineError(f"a snapshot stands after the committed cursor {self._committed}")
        self._tick_ms = self._clock.monotonic_ms()
        elected = LeaderElected(
            at_ms=0,
            epoch=self.leadership.epoch,
            nonce=self.leadership.nonce,
            routing_version=self._routing_version,
            scale=self._clock.scale,
        )
        self._barrier = self._tick_id = self.append(elected, f"elected|{self.leadership.token}")
        self._metrics.epoch.set(self.leadership.epoch)
        _log.info(
            "term begins",
            epoch=self.leadership.epoch,
            snapshot=self._minds.fold.cursor,
            committed=self._committed,
        )

    def _learn_past(self) -> None:
        """Fold the archive, if the store has forgotten what it covers."""
        with telling_downs():
            trimmed = self._client.hget(self._keys.state, "trimmed")
        if trimmed is None:
            return
        for entry_id, fields in self._past():
            self._apply(read_entry(entry_id, fields), Batch())
        if self._minds.fold.cursor == "0-0":
            raise EngineError("no snapshot can be read, and the archive of the past is empty")
        _log.warning("state learnt from the archive", cursor=self._minds.fold.cursor)

    @property
    def has_caught_up(self) -> bool:
        """Whether the term has applied its own first entry, and so everything before it."""
        return parse_entry_id(self._minds.fold.cursor) >= parse_entry_id(self._barrier)

    @property
    def cursor(self) -> str:
        """The id of the last entry applied."""
        return self._minds.fold.cursor

    # --- one turn ----------------------------------------------------------------------------

    def turn(self) -> int:
        """Read one batch, waiting a little for it, and commit it; return how many entries."""
        self.leadership.renew_if_due()
        if self.has_caught_up:
            self._tick_if_due()
        rows = self._reader.read(
            self._minds.fold.cursor, count=BATCH_ENTRIES_MAX, block_ms=self._patience_ms()
        )
        if rows:
            self._take(rows)
        return len(rows)

    def _take(self, entries: Sequence[JournalEntry]) -> None:
        batch = Batch()
        for entry in entries:
            commands, answers = self._apply(entry, batch)
            if parse_entry_id(entry.entry_id) > parse_entry_id(self._committed):
                batch.add(entry.entry_id, commands, self._minds.fold.clock.at_ms)
                batch.answers.extend(answers)
            else:
                batch = Batch()  # learnt only: committed by an earlier term
        self.entries_since_snapshot += len(entries)
        if not batch.cursor:
            return
        if not self._has_published:
            self._minds.projection.publish_all(batch.writes)
            self._has_published = True
        at_ms = self._minds.fold.clock.at_ms
        self._minds.projection.publish_board(at_ms, batch.writes)
        self._committer.commit(batch, before=self._committed)
        self._committed = batch.cursor
        arrived_ms, _ = parse_entry_id(entries[0].entry_id)
        self._metrics.lag_s.observe(max(0, self._clock.wall_ms() - arrived_ms) / 1_000)
        self._modelled.set(at_ms)

    def _apply(
        self, entry: JournalEntry, batch: Batch
    ) -> tuple[Sequence[CentreCommand], list[Draft]]:
        """Fold one entry; keep what pages and pacers make of it."""
        fold = self._minds.fold
        before = (fold.duplicate_count, fold.quarantined_count)
        try:
            commands = fold.apply(entry)
        except Exception as error:
            raise Unfoldable(entry.entry_id) from error
        self._metrics.entries.inc()
        if (fold.duplicate_count, fold.quarantined_count) == before:
            if entry.type == SettingsApplied.__name__:
                self._minds.configure()
            projection, at_ms = self._minds.projection, fold.clock.at_ms
            projection.heed(entry, fold.notices, commands, at_ms, batch.writes)
        elif fold.quarantined_count > before[1]:
            self._report(entry, batch)
        answers = [
            self._paced(command, command_key(entry.entry_id, ordinal))
            for ordinal, command in enumerate(commands)
            if isinstance(command, PaceCampaign)
        ]
        return commands, answers

    def _report(self, entry: JournalEntry, batch: Batch) -> None:
        put_aside = self._minds.fold.quarantined[-1]
        self._metrics.put_aside.inc()
        _log.error("entry put aside", entry_id=entry.entry_id, type=entry.type[:64])
        batch.writes.add(
            "XADD", self._keys.poison, "*", "id", entry.entry_id, "why", put_aside.reason
        )

    def _paced(self, question: PaceCampaign, key: str) -> Draft:
        """Ask the pacer; the answer is appended by the very commit of the question."""
        answer = self._minds.desk.answer(question)
        self._minds.projection.heed_question(question)
        kind, facts = EVENT_CODEC.encode(answer)
        return Draft(kind, key, "", facts, self._clock.wall_ms())

    # --- time --------------------------------------------------------------------------------

    def _tick_if_due(self) -> None:
        elapsed_ms = self._clock.monotonic_ms() - self._tick_ms
        if elapsed_ms < self._until_tick_ms():
            return
        self._tick_ms += elapsed_ms
        tick = ClockTicked(at_ms=0, advance_ms=min(elapsed_ms, LEASE_MS), scale=self._clock.scale)
        self._tick_id = self.append(tick, "")

    def _until_tick_ms(self) -> int:
        """Return how long after the last tick the next one is due, by the monotonic clock."""
        due_ms = self._minds.fold.machine.next_due_ms
        is_tick_applied = parse_entry_id(self._tick_id) <= parse_entry_id(self._minds.fold.cursor)
        if due_ms is None or not is_tick_applied:
            return TICK_MS
        tick_at_ms = self._minds.fold.clock.to_plain()[1]
        until_ms = -((tick_at_ms - due_ms) // self._clock.scale)
        return max(1, min(TICK_MS, until_ms))

    def _patience_ms(self) -> int:
        """Return how long a turn may wait for entries; at least 1, as 0 would mean for ever."""
        if not self.has_caught_up:
            return 1
        elapsed_ms = self._clock.monotonic_ms() - self._tick_ms
        return max(1, min(BLOCK_MS_MAX, self._until_tick_ms() - elapsed_ms))

    # --- our own facts, and what is kept -----------------------------------------------------

    def append(self, event: CentreEvent, natural_key: str) -> str:
        """Append a fact of the leader's own; return its id."""
        kind, facts = EVENT_CODEC.encode(event)
        packed = pack([Draft(kind, "", natural_key, facts, self._clock.wall_ms())])
        with telling_downs():
            ids = self._append(
                keys=[self._keys.token, self._keys.journal], args=[self.leadership.token, packed]
            )
        if ids is None:
            raise Fenced("a fact was not appended: somebody else leads")
        return cast("list[bytes]", ids)[0].decode()

    def strike(self, entry_id: str, reason: str) -> int:
        """Note that an entry could not be folded; return how often that has happened.

        A centre that fails at an entry is started again and fails again. The third time the entry
        is taken out of the journal, for everybody and for good, and kept aside for people: nothing
        was ever derived from it, so every later replay agrees.
        """
        keys = self._keys
        with telling_downs():
            strikes = self._strike(
                keys=[keys.token, keys.state, keys.journal, keys.poison],
                args=[self.leadership.token, entry_id, STRIKES_MAX, reason],
            )
        if strikes == b"FENCED":
            raise Fenced("a strike was not noted: somebody else leads")
        return cast("int", strikes)

    def save_snapshot(self) -> None:
        """Keep a snapshot at the committed cursor, where every turn ends."""
        snapshot = Snapshot(self._minds.fold.cursor, self._routing_version, self._minds.to_plain())
        self._snapshots.save(snapshot, self.leadership.token)
        self.entries_since_snapshot = 0
