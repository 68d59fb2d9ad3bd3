"""A worker as a process: what `cordboard serve` starts, with crash points for tests.

`CRASH_AT=<point>:<nth>` kills the process without a word at the nth pass of a point.
"""

import os
import signal
import sys
from pathlib import Path

from cordboard.runtime.connection import Store
from cordboard.runtime.process import run_worker
from cordboard.runtime.settings import load_settings, read_environment
from tests.cordboard.runtime.crash_points import install


def main() -> int:
    folder, url, speed, origin_ms = sys.argv[1:]
    settings = load_settings(Path(folder))
    point, _, nth = os.environ.get("CRASH_AT", "").partition(":")
    if point:
        install(point, int(nth or 1), lambda: os.kill(os.getpid(), signal.SIGKILL))
    return run_worker(
        settings,
        read_environment(os.environ),
        Store(url, settings.site),
        speed=int(speed),
        origin_ms=int(origin_ms),
    )


if __name__ == "__main__":
    sys.exit(main())
