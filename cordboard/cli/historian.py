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

from cordboard.cli.site import site_of
from cordboard.history.flows import FlowHistory
from cordboard.history.projecting import Historian, WholeJournal
from cordboard.history.texts import TextHistory
from cordboard.runtime.archive import Archive
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.connection import WORKER_TIMEOUT_S
from cordboard.runtime.journal import JournalReader

HISTORY = "CORDBOARD_HISTORY"

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
    site = site_of(os.environ)
    with site.store.client(timeout_s=WORKER_TIMEOUT_S) as client:
        archive = Archive(site.environment.data_folder / "archive")
        journal = WholeJournal(archive, JournalReader(site.store, client))
        url, name = history_url(os.environ), site.settings.site
        beside = (FlowHistory(url, site.store, client), TextHistory(url, site.store, client))
        Historian(url, name, journal, LiveClock(), beside).run(stop)
        for keeper in beside:
            keeper.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
