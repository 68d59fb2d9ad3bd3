"""`cordboard serve`: the live centre, for as long as it is wanted."""

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cordboard.cli.live import Ports, found, programs, wait_until_up
from cordboard.cli.output import OUT, UserError, print_figures
from cordboard.cli.ports import LOOPBACK, free_port, require_free
from cordboard.cli.processes import ProcessDied, Processes
from cordboard.runtime.connection import Store, StoreError, check_reachable
from cordboard.runtime.embedded import EmbeddedRedis
from cordboard.runtime.settings import SettingsError, load_settings, read_environment

LOOK_S = 0.5
"""How often the processes are looked after."""


def serve(
    config: Annotated[Path, typer.Option(help="Folder of the centre.")],
    port: Annotated[int, typer.Option(help="Port of the pages, on loopback.")] = 8080,
    webhooks_port: Annotated[
        int, typer.Option(help="Port of the webhooks, on loopback; forward /voice to it.")
    ] = 8081,
    web_workers: Annotated[int, typer.Option(help="Processes that answer the carrier.")] = 2,
    carrier_url: Annotated[
        str, typer.Option(help="Send REST requests here instead of to the carrier.")
    ] = "",
) -> None:
    """Run the live centre; credentials come from the environment (see the README)."""
    environ = {**os.environ, **({"CORDBOARD_CARRIER_URL": carrier_url} if carrier_url else {})}
    try:
        environment = read_environment(environ)
        settings = load_settings(config)
        require_free(port, "--port")
        require_free(webhooks_port, "--webhooks-port")
        data = environment.data_folder
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _store_url(environment.redis_url, data) as url:
            check_reachable(Store(url, settings.site))
            told = {
                **environ,
                "REDIS_URL": url,
                "CORDBOARD_CENTRE": str(config.resolve()),
                "CORDBOARD_DATA": str(data.resolve()),
                "CORDBOARD_ACCOUNTS": environ.get("CORDBOARD_ACCOUNTS", "accounts.yaml"),
                "CORDBOARD_TOKENS": environ.get("CORDBOARD_TOKENS", "tokens.yaml"),
            }
            ports = Ports(port or free_port(), webhooks_port or free_port())
            _serve(told, ports, data, web_workers)
    except OSError as error:
        raise UserError(
            f"cannot use the data folder {error.filename} ({error.strerror}); set CORDBOARD_DATA"
        ) from error
    except (SettingsError, StoreError, ProcessDied) as error:
        raise UserError(str(error)) from error


def _serve(told: Mapping[str, str], ports: Ports, data: Path, web_workers: int) -> None:
    stop = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(wanted, lambda *_: stop.set())
    found(told)
    with Processes(data) as processes:
        for program in programs(told, ports, web_workers=web_workers):
            processes.start(program)
        wait_until_up(ports, processes)
        print_figures(
            "The centre is live. Ctrl-C ends it.",
            {
                "pages": f"http://{LOOPBACK}:{ports.console}/",
                "webhooks": f"http://{LOOPBACK}:{ports.webhooks}/voice/",
                "logs": str(data),
            },
        )
        while not stop.wait(LOOK_S):
            processes.watch()
    OUT.print("The centre has ended.")


@contextmanager
def _store_url(redis_url: str, data: Path) -> Iterator[str]:
    """Give the address of the store: the operator's own, or the embedded one started here."""
    if redis_url:
        yield redis_url
        return
    with EmbeddedRedis(data / "redis") as redis:
        yield redis.url
