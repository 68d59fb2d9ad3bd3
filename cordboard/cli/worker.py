"""The worker process: `python -m cordboard.cli.worker`. Reads its orders from the environment.

It imports neither the pages nor the speech models: it must start in a moment, since a centre waits
for it after a crash.
"""

import os
import sys

from cordboard.cli.site import origin_ms_of, site_of, speed_of
from cordboard.runtime.process import run_worker


def main() -> int:
    """Work until told to stop; return the exit code."""
    site = site_of(os.environ)
    return run_worker(
        site.settings,
        site.environment,
        site.store,
        speed=speed_of(os.environ),
        origin_ms=origin_ms_of(os.environ),
    )


if __name__ == "__main__":
    sys.exit(main())
