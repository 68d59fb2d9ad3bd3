"""The worker process: `python -m cordboard.cli.worker`. Reads its orders from the environment.

It imports neither the pages nor the speech models: it must start in a moment, since a centre waits
for it after a crash.
"""

import os
import sys
from pathlib import Path

from cordboard.runtime.connection import Store
from cordboard.runtime.process import run_worker
from cordboard.runtime.settings import load_settings, read_environment

CENTRE, SPEED, ORIGIN_MS = "CORDBOARD_CENTRE", "CORDBOARD_SPEED", "CORDBOARD_ORIGIN_MS"


def main() -> int:
    """Work until told to stop; return the exit code."""
    environment = read_environment(os.environ)
    settings = load_settings(Path(os.environ[CENTRE]))
    return run_worker(
        settings,
        environment,
        Store(environment.redis_url, settings.site),
        speed=int(os.environ.get(SPEED, "1")),
        origin_ms=int(os.environ.get(ORIGIN_MS, "0")),
    )


if __name__ == "__main__":
    sys.exit(main())
