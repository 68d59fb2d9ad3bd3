"""The worker process: lead the site whenever nobody does, term after term.

    run_worker(settings, environment, store, speed=1)

A worker waits for the lease, then leads one term: it folds the journal, commits, and, once it has
caught up, lets its executor carry out the outbox. A term ends when the store fails (then the next
one begins as soon as it answers), when somebody else leads (then the process ends: whoever
supervises it starts a fresh one, which waits), or by SIGTERM (then a last snapshot is kept and the
lease given back, so that the successor begins at once).

The process may be killed at any moment: everything it needs is in the store and in the lead store's
file.
"""

import signal
import threading

import structlog

from acd.engine import ROUTING_VERSION
from cordboard.runtime.archive import Archive
from cordboard.runtime.clock import Clock, LiveClock, ModelledClock
from cordboard.runtime.commit import CursorMoved
from cordboard.runtime.composition import Site, make_carrier_side, make_minds, open_leads
from cordboard.runtime.connection import WORKER_TIMEOUT_S, Client, Store, StoreDown
from cordboard.runtime.desks import DeskWatch
from cordboard.runtime.executor import Executor
from cordboard.runtime.founding import found_journal
from cordboard.runtime.leader import LEASE_MS, Fenced, Leadership, acquire
from cordboard.runtime.legs import Legs
from cordboard.runtime.metrics import Metrics
from cordboard.runtime.outbox import Outbox
from cordboard.runtime.retention import Retention
from cordboard.runtime.settings import Environment, Settings
from cordboard.runtime.snapshots import Snapshots
from cordboard.runtime.term import Ground, Minds, Term, Unfoldable
from dialer.events import SettingsApplied

EXIT_DONE, EXIT_FENCED, EXIT_FAULT = 0, 3, 4
"""Exit codes of a worker: asked to stop; replaced by another; our own code failed."""

SNAPSHOT_ENTRIES, SNAPSHOT_MS = 5_000, 10_000
"""A snapshot is kept after so many entries, or so long after the last one if anything happened."""

SNAPSHOT_SHARE = 20
"""And never sooner than this many times as long as the last one took."""

_log = structlog.get_logger(__name__)


def run_worker(  # noqa: PLR0913  (the composition root of a process; called once)
    settings: Settings,
    environment: Environment,
    store: Store,
    *,
    speed: int = 1,
    origin_ms: int = 0,
    stop: threading.Event | None = None,
) -> int:
    """Work for a site until told to stop, and return the exit code.

    Args:
        settings: The site's; applied if they differ from what the journal knows.
        environment: Credentials and addresses.
        store: The site's Redis.
        speed: Modelled seconds per real one.
        origin_ms: Where a new journal's time begins; 0: now.
        stop: Set by somebody to end the worker; None: SIGTERM and SIGINT do.
    """
    if stop is None:
        stop = threading.Event()
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, lambda *_: stop.set())
    worker = Worker(Site(settings, environment, store), LiveClock(speed), origin_ms)
    try:
        return worker.run(stop)
    finally:
        worker.close()


IMPORT_WAIT_S = 5.0
"""How long the first term waits for lists to be taken in; longer ones are while it leads."""

WRONG_ROWS_TOLD = 100
"""How many rows that were left out are logged."""


class Worker:
    """A site's worker in one process."""

    def __init__(self, site: Site, clock: Clock, origin_ms: int = 0) -> None:
        self._site = site
        self._store = site.store
        self._clock = clock
        self._origin_ms = origin_ms
        self._client = site.store.client(timeout_s=WORKER_TIMEOUT_S)
        self._modelled = ModelledClock(clock)
        self._token = ""
        self._metrics = Metrics()
        self._leads = open_leads(site)
        folder = site.environment.data_folder / "archive"
        self._archive = Archive(folder)
        self._retention = Retention(site.store, self._client, folder)

    def close(self) -> None:
        """Close what is open."""
        self._leads.close()
        self._client.close()

    def run(self, stop: threading.Event) -> int:
        """Lead term after term until `stop` is set; return the exit code."""
        if self._site.environment.metrics_port:
            self._metrics.serve(self._site.environment.metrics_port)
        importing = threading.Thread(target=self._import_lists, args=(stop,), daemon=True)
        importing.start()
        importing.join(IMPORT_WAIT_S)
        try:
            return self._lead_terms(stop)
        finally:
            stop.set()
            importing.join()

    def _import_lists(self, stop: threading.Event) -> None:
        """Take in lists that have changed; a long one while callers are served already."""
        try:
            wrong = self._leads.import_lists(stop)
        except OSError as error:
            _log.error("a list cannot be read", file=error.filename, reason=error.strerror)
            return
        for row in wrong[:WRONG_ROWS_TOLD]:
            _log.error("row of a list left out", problem=str(row))
        if len(wrong) > WRONG_ROWS_TOLD:
            _log.error("more rows left out; `cordboard check` names them", count=len(wrong))

    def _lead_terms(self, stop: threading.Event) -> int:
        """Lead term after term until `stop` is set; return the exit code."""
        while not stop.is_set():
            try:
                found_journal(self._site, speed=self._clock.scale, origin_ms=self._origin_ms)
                leadership = acquire(self._store, self._client, self._clock, before=self._token)
                if leadership is None:
                    self._clock.wait(stop, LEASE_MS // 10)
                    continue
                self._token = leadership.token
                self._lead(leadership, stop)
            except (StoreDown, CursorMoved) as reason:
                _log.warning("term ended", reason=str(reason))
                self._clock.wait(stop, LEASE_MS // 10)
            except Fenced as reason:
                _log.warning("replaced by another worker", reason=str(reason))
                return EXIT_FENCED
            except Unfoldable:
                return EXIT_FAULT
        return EXIT_DONE

    def _lead(self, leadership: Leadership, stop: threading.Event) -> None:
        """Lead one term."""
        minds = make_minds(self._site, self._clock)
        ground = Ground(
            store=self._store,
            client=self._client,
            clock=self._clock,
            modelled=self._modelled,
            routing_version=ROUTING_VERSION,
            metrics=self._metrics,
            past=self._archive.rows,
        )
        term = Term(ground, leadership, minds)
        try:
            self._work(term, minds, stop)
        except Unfoldable as failed:
            _log.exception("our own code failed", entry_id=failed.entry_id)
            term.strike(failed.entry_id, repr(failed.__cause__)[:500])
            leadership.release()
            raise
        if stop.is_set():
            term.save_snapshot()
            leadership.release()

    def _work(self, term: Term, minds: Minds, stop: threading.Event) -> None:
        """Catch up, then turn while the executor carries out."""
        term.begin()
        while not term.has_caught_up and not stop.is_set():
            term.turn()
        settings = self._site.settings
        if minds.projection.settings_digest != settings.digest:
            term.append(SettingsApplied(0, settings.digest, settings.centre_plain), "")
        token = term.leadership.token
        legs = Legs(self._store, self._client, self._clock, token)
        side = make_carrier_side(self._site, self._leads, legs, self._clock, self._modelled)
        outbox = Outbox(self._store, self._client, self._clock, token)
        executor = Executor(outbox, side.gateway, self._clock, self._modelled, self._metrics)
        executor.start()
        side.reconciler.start()
        side.sender.start()
        try:
            self._turn(term, minds, executor, stop)
        finally:
            executor.stop()
            side.reconciler.stop()
            side.sender.stop()

    def _turn(self, term: Term, minds: Minds, executor: Executor, stop: threading.Event) -> None:
        """Turn until told to stop, looking at desks and keeping snapshots now and then."""
        watch = DeskWatch(self._client, self._store.keys, self._clock)
        keeper = _SnapshotKeeper(term, self._store, self._client, self._retention, self._clock)
        while not stop.is_set():
            term.turn()
            for told in watch.look_if_due(minds.projection.board.state, minds.silent()):
                term.append(told, "")
            keeper.keep_if_due()
            if not executor.is_running:
                raise StoreDown("the executor ended")


class _SnapshotKeeper:
    """Keeps snapshots and forgets what they cover, often enough and not too often."""

    def __init__(
        self, term: Term, store: Store, client: Client, retention: Retention, clock: Clock
    ) -> None:
        self._term = term
        self._snapshots = Snapshots(store, client)
        self._retention = retention
        self._clock = clock
        self._kept_ms = clock.monotonic_ms()
        self._pause_ms = SNAPSHOT_MS

    def keep_if_due(self) -> None:
        """Keep a snapshot if it is time."""
        entries = self._term.entries_since_snapshot
        since_ms = self._clock.monotonic_ms() - self._kept_ms
        is_many = entries >= SNAPSHOT_ENTRIES and since_ms >= self._pause_ms - SNAPSHOT_MS
        if entries == 0 or not (is_many or since_ms >= self._pause_ms):
            return
        begin_ms = self._clock.monotonic_ms()
        self._term.save_snapshot()
        cut = self._snapshots.older_cursor()
        if cut is not None:
            self._retention.forget_before(cut, self._term.leadership.token)
        self._kept_ms = self._clock.monotonic_ms()
        self._pause_ms = SNAPSHOT_MS + SNAPSHOT_SHARE * (self._kept_ms - begin_ms)
