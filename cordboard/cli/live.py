"""The live processes of a centre: which there are, and how each is started.

| process | what it does | dies |
| --- | --- | --- |
| historian | folds the journal into the SQL history | is started again |
| worker | leads the site: the centre, its journal, its outbox | is started again |
| webhooks | answers the carrier | is started again |
| console | answers people | is started again |

One that cannot stay up ends the centre, with the place of its last words. The store is either the
operator's (`REDIS_URL`) or the embedded one, which lives in the parent. Web processes are gunicorn
groups of their own, so that a page can not keep a caller waiting.
"""

import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass

from cordboard.cli.output import UserError
from cordboard.cli.ports import LOOPBACK
from cordboard.cli.processes import Processes, Program, python
from cordboard.cli.site import origin_ms_of, site_of, speed_of
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.founding import found_journal
from cordboard.runtime.releases import Releases, take_over

READY_S_MAX = 60.0
"""How long a centre may take to come up on a slow machine."""

LOOK_S = 0.1

WEB_THREADS = 8


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the web processes listen, on loopback."""

    console: int
    webhooks: int


def programs(
    environment: Mapping[str, str], ports: Ports, *, web_workers: int = 1
) -> tuple[Program, ...]:
    """Return the programs of a centre.

    Args:
        environment: Everything they are told; see `cordboard.cli.web`, `worker`, `historian`.
        ports: Where the web processes listen.
        web_workers: Processes in the webhooks' group.
    """
    return (
        # First to start is last to end: it writes down how the others ended.
        Program("historian", python("cordboard.cli.historian"), environment, restarts=True),
        Program("worker", python("cordboard.cli.worker"), environment, restarts=True),
        _web("webhooks", ports.webhooks, environment, web_workers),
        _web("console", ports.console, environment, 1),
    )


def found(environment: Mapping[str, str]) -> None:
    """Begin the site's journal, if it is new, and publish the flows of its folder.

    A fact that came before its settings makes no sense, nor a call before its flow has a version.

    Raises:
        StoreDown: The store did not answer.
    """
    speed, origin_ms = speed_of(environment), origin_ms_of(environment)
    site = site_of(environment)
    found_journal(site, speed=speed, origin_ms=origin_ms)
    take_over(Releases(site.store), site.settings.flows, LiveClock().wall_ms())


def wait_until_up(ports: Ports, processes: Processes) -> None:
    """Wait until the webhooks take calls and the console shows pages.

    Raises:
        ProcessDied: One of them ended instead; the message says where its log is.
        UserError: They did not come up in time.
    """
    wanted = [f"http://{LOOPBACK}:{ports.webhooks}/readyz"]
    wanted += [f"http://{LOOPBACK}:{ports.console}/healthz"]
    ends_s = time.monotonic() + READY_S_MAX
    while wanted:
        processes.watch()
        wanted = [url for url in wanted if not _answers(url)]
        if time.monotonic() > ends_s:
            raise UserError(f"{wanted[0]} did not answer within {READY_S_MAX:.0f} s")
        time.sleep(LOOK_S if wanted else 0)


def _web(name: str, port: int, environment: Mapping[str, str], workers: int) -> Program:
    words = python(
        "gunicorn",
        "--worker-class=gthread",
        f"--threads={WEB_THREADS}",
        f"--workers={workers}",
        f"--bind={LOOPBACK}:{port}",
        "--keep-alive=30",
        "--graceful-timeout=5",
        "--no-control-socket",  # one file for all groups, in the home folder
        f"cordboard.cli.web:{name}()",
    )
    return Program(name, words, environment, restarts=True)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310  (our own loopback address)
            return True
    except (urllib.error.URLError, OSError):
        return False
