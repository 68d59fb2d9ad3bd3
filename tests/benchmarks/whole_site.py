"""A whole running centre for benchmarks: what `cordboard serve` starts, and the carrier stand-in.

gunicorn serves the webhooks, a worker process leads, Redis keeps the journal on the disk, and the
stand-in with its people rings. Everything is on loopback and on the processors of this machine.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil
import urllib3

from acd.events import AgentSignedIn, AgentWentReady
from acd.ids import AgentId
from cordboard.cli.site import site_of
from cordboard.runtime.connection import Store
from cordboard.runtime.embedded import EmbeddedRedis
from cordboard.runtime.founding import found_journal
from cordboard.runtime.readmodel import read_books
from cordboard.runtime.web import web_ports
from simulator.carrier.account import PhoneNumber
from simulator.carrier.options import CarrierOptions
from simulator.carrier.people.manners import Callee, Caller, Manner
from simulator.carrier.people.population import Directory
from simulator.carrier.server import CarrierStandIn
from tests.cordboard.runtime.live_site import MONDAY, OUR_NUMBER, write_site
from tests.cordboard.runtime.runtime_doubles import SECRET
from webhooks.addresses import Addresses
from webhooks.ports import Fact

PATIENT = Manner(lingers_s=None, stays_s=None)
AGENT = Callee(ring_s=1.0, manner=PATIENT)
CALLER = Manner(talk_s=5.0, lingers_s=5.0)


@dataclass
class WholeSite:
    """Starts everything, lets people call, tells what became of them and who was busy with it."""

    folder: Path
    agents: int
    speed: int
    _processes: dict[str, subprocess.Popen] = field(default_factory=dict)
    _rung: int = 0

    def __enter__(self) -> Self:
        try:
            return self._started()
        except BaseException:
            self.__exit__()  # nothing may be left running
            raise

    def _started(self) -> Self:
        self._redis = EmbeddedRedis(self.folder / "redis")
        url = self._redis.__enter__().url
        self.store = Store(url, "whole")
        names = [f"a{n:03}" for n in range(self.agents)]
        centre = write_site(self.folder / "site", "whole", sellers=tuple(names))
        port = _free_port()
        self.public_url = f"http://127.0.0.1:{port}"
        self.carrier = self._carrier(names)
        self.environ = os.environ | {
            "TWILIO_ACCOUNT_SID": self.carrier.account.sid,
            "TWILIO_AUTH_TOKEN": self.carrier.account.token,
            "CORDBOARD_SECRET": SECRET,
            "CORDBOARD_PUBLIC_URL": self.public_url,
            "CORDBOARD_CARRIER_URL": self.carrier.base_url,
            "CORDBOARD_DATA": str(self.folder / "data"),
            "CORDBOARD_CENTRE": str(centre),
            "CORDBOARD_SPEED": str(self.speed),
            "CORDBOARD_ORIGIN_MS": str(int(MONDAY.timestamp() * 1_000)),
            "REDIS_URL": url,
        }
        site = site_of(self.environ)
        found_journal(site, speed=self.speed, origin_ms=int(MONDAY.timestamp() * 1_000))
        self.client = self.store.client(timeout_s=5.0)
        self._start("leader", "cordboard.cli.worker")
        words = ["cordboard.cli.web:webhooks()", "-k", "gthread", "--threads", "8", "-w", "1"]
        self._start("web", "gunicorn", *words, "-b", f"127.0.0.1:{port}", "--keep-alive", "30")
        self.wait_until(lambda: bool(self.books()) and _is_ready(port), within_s=240.0)
        self._journal = web_ports(site)["journal"]
        for name in names:
            agent_id = AgentId(name)
            self._journal.append([Fact(AgentSignedIn(0, agent_id), "")])
            self._journal.append([Fact(AgentWentReady(0, agent_id), "")])
        return self

    def _carrier(self, names: list[str]) -> CarrierStandIn:
        addresses = Addresses(self.public_url)
        number = PhoneNumber(
            OUR_NUMBER,
            voice_url=addresses.inbound(),
            voice_fallback_url=addresses.fallback(),
            status_callback=addresses.inbound_status(),
        )
        options = CarrierOptions(numbers=(number,), speed=self.speed, epoch=MONDAY)
        people = Directory({f"client:{name}": AGENT for name in names})
        return CarrierStandIn(options, people).start()

    def _start(self, name: str, *words: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", *words],
                env=self.environ,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def __exit__(self, *_error: object) -> None:
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            process.wait(timeout=30)
        self.carrier.stop()
        self.client.close()
        self._redis.__exit__(None, None, None)

    # --- what a benchmark does -----------------------------------------------------------------

    def ring(self, count: int) -> None:
        """Let so many people call now."""
        with self.carrier.timeline.held():
            for _ in range(count):
                self._rung += 1
                number = f"+44161496{self._rung % 10_000:04}"
                self.carrier.exchange.incoming(Caller(number, OUR_NUMBER, manner=CALLER))

    def on_the_line(self) -> int:
        """Return how many callers' legs are live."""
        with self.carrier.timeline.held():
            return sum(leg.direction == "inbound" for leg in self.carrier.ledger.live_legs())

    def books(self) -> dict:
        return read_books(self.client, self.store.keys) or {}

    def outcomes(self) -> Counter:
        """Return the centre's inbound calls that ended, by outcome."""
        return Counter(self.books()["closed"].get("inbound", {}))

    def busy_s(self) -> dict[str, float]:
        """Return the processor time each part has taken so far."""
        parts = {name: psutil.Process(each.pid) for name, each in self._processes.items()}
        parts |= {"store": psutil.Process(self._redis.pid), "stand-in": psutil.Process()}
        return {name: _processor_s(process) for name, process in parts.items()}

    def wait_until(self, holds, within_s: float = 60.0) -> None:
        deadline = time.monotonic() + within_s
        while not holds():
            if time.monotonic() > deadline:
                logs = [path.read_text()[-2_000:] for path in sorted(self.folder.glob("*.log"))]
                raise AssertionError("\n".join(["not in time", str(self.books()), *logs]))
            threading.Event().wait(0.02)


def _processor_s(process: psutil.Process) -> float:
    family = [process, *process.children()] if process.pid != os.getpid() else [process]
    return sum(sum(each.cpu_times()[:2]) for each in family)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _is_ready(port: int) -> bool:
    try:
        return (
            urllib3.request("GET", f"http://127.0.0.1:{port}/readyz", retries=False).status == 200
        )
    except urllib3.exceptions.HTTPError:
        return False
