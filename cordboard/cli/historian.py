"""The historian process: `python -m cordboard.cli.historian`. The environment tells it everything.

It keeps the SQL history up to date while the centre runs, at a lower priority than those who answer
callers. It may be killed at any moment.
"""

import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from cordboard.history.projecting import Historian, WholeJournal
from cordboard.runtime.archive import Archive
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.connection import WORKER_TIMEOUT_S, Store
from cordboard.runtime.journal import JournalReader
from cordboard.runtime.settings import load_settings, read_environment

CENTRE, HISTORY = "CORDBOARD_CENTRE", "CORDBOARD_HISTORY"

NICENESS = 10


def history_url(environ: Mapping[str, str]) -> str:
    """Return where history is kept: the operator's database, or a file in the data folder."""
    folder = Path(environ.get("CORDBOARD_DATA", "data"))
    return environ.get(HISTORY) or f"sqlite:///{folder / 'history.db'}"


def main() -> int:
    """Keep history until told to stop; return the exit code."""
    os.nice(NICENESS)
    stop = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: stop.set())
    environment = read_environment(os.environ)
    site = load_settings(Path(os.environ[CENTRE])).site
    store = Store(environment.redis_url, site)
    with store.client(timeout_s=WORKER_TIMEOUT_S) as client:
        archive = Archive(environment.data_folder / "archive")
        journal = WholeJournal(archive, JournalReader(store, client))
        Historian(history_url(os.environ), site, journal, LiveClock()).run(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
