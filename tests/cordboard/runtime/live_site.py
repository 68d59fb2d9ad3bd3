"""A whole small centre for tests: webhooks, carrier stand-in, worker, all real, all on loopback."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from werkzeug.serving import WSGIRequestHandler, make_server

from acd.events import AgentSignedIn, AgentSignedOut, AgentWentReady
from acd.ids import AgentId
from cordboard.runtime.composition import Site
from cordboard.runtime.connection import Store, StoreDown
from cordboard.runtime.founding import found_journal
from cordboard.runtime.journal import JournalReader
from cordboard.runtime.readmodel import read_books
from cordboard.runtime.settings import Environment, load_settings
from cordboard.runtime.web import web_ports, webhook_settings
from simulator.carrier.account import PhoneNumber
from simulator.carrier.faults import Faults
from simulator.carrier.options import CarrierOptions
from simulator.carrier.people.manners import Callee, Caller, Manner
from simulator.carrier.people.population import Directory
from simulator.carrier.server import CarrierStandIn
from tests.cordboard.runtime.runtime_doubles import SECRET
from webhooks.app import create_app
from webhooks.ports import Fact, JournalDown

OUR_NUMBER = "+442079460100"
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)

CENTRE = """
site: {site}
time_zone: Europe/London
languages: [en-GB]
lines:
  main: {{number: "+442079460100", flow: main}}
owned_numbers: ["+442079460101"]
queues:
  sales: {{skills: {{sales: 1}}, ring_s: 10, wrap_up_s: 2, wait_s_max: 600, overflow: goodbye}}
missed_offers_max: 100
agents:
  ana: {{endpoint: "client:ana", skills: {{sales: 5}}}}
  ben: {{endpoint: "client:ben", skills: {{sales: 5}}}}
  cat: {{endpoint: "client:cat", skills: {{sales: 5}}}}
  dee: {{endpoint: "client:dee", skills: {{renewals: 5}}, standing: true}}
  eve: {{endpoint: "client:eve", skills: {{renewals: 5}}, standing: true}}
campaigns:
  renewals:
    pacer: progressive
    caller_id: "+442079460101"
    leads: leads.csv
    purpose: service
    skills: {{renewals: 1}}
    wrap_up_s: 2
    calls_per_s_max: 5
    language: en-GB
    opening: Hello.
    safe_harbour: Nobody is free; to hear no more from us press 9.
calls_per_s_max: 5
"""

SELLER = """  {name}: {{endpoint: "client:{name}", skills: {{sales: 5}}}}
"""

FLOW = """
name: main
version: 1
start: sales
person: sales
misses: 1
turns_max: 10
languages:
  en-GB: {hear: en-GB}
nodes:
  sales:
    kind: queue
    queue: sales
    prompt: {en-GB: One moment.}
    left: bye
  bye:
    kind: hang_up
    prompt: {en-GB: Goodbye.}
    outcome: refused
"""


TEXTS = """\
  texts: {{channel: message, skills: {{sales: 1}}, auto_accept: false, ring_s: 120, idle_s_max: {}}}
"""


def write_site(
    folder: Path,
    site: str,
    leads: int = 0,
    sellers: tuple[str, ...] = (),
    *,
    has_texts: bool = False,
    idle_s: int = 600,
    flow: str = FLOW,
) -> Path:
    """Write a site's folder; more agents of the inbound queue may be named."""
    (folder / "flows").mkdir(parents=True)
    agents = "".join(SELLER.format(name=name) for name in sellers)
    centre = CENTRE.format(site=site).replace("campaigns:\n", f"{agents}campaigns:\n")
    if has_texts:
        centre = centre.replace("flow: main}", "flow: main, texts: texts}")
        centre = centre.replace("campaigns:\n", "texting: {to: ['+1']}\ncampaigns:\n")
        centre = centre.replace("queues:\n", f"queues:\n{TEXTS.format(idle_s)}").replace(
            "skills: {sales: 5}}", "skills: {sales: 5}, messages_max: 2}"
        )
    (folder / "centre.yaml").write_text(centre)
    (folder / "flows" / "main.yaml").write_text(flow)
    rows = [f"L{n:03},+44207946{200 + n:04}" for n in range(leads)]
    (folder / "leads.csv").write_text("\n".join(["lead,number", *rows]) + "\n")
    return folder


@dataclass
class LiveSite:
    """Everything but the worker, which is started and killed by the test."""

    store: Store
    folder: Path
    speed: int = 20
    leads: int = 0
    faults: Faults = field(default_factory=Faults)
    seed: int = 1
    callees: dict[str, Callee] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    sellers: tuple[str, ...] = ()
    has_texts: bool = False
    idle_s: int = 600  #: modelled, after which a conversation ends
    flow: str = FLOW
    text_errors: dict[str, int] = field(default_factory=dict)
    workers: list[subprocess.Popen] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_site(
            self.folder / "site",
            self.store.site,
            self.leads,
            self.sellers,
            has_texts=self.has_texts,
            idle_s=self.idle_s,
            flow=self.flow,
        )
        people = {f"client:{name}": AGENT for name in ("ana", "ben", "cat", *self.sellers)}
        people |= {f"client:{name}": STANDING for name in ("dee", "eve")}
        self._http = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=Quiet)
        self.public_url = f"http://127.0.0.1:{self._http.server_port}"
        self.carrier = CarrierStandIn(
            CarrierOptions(
                numbers=(
                    PhoneNumber(
                        OUR_NUMBER,
                        voice_url=f"{self.public_url}/voice/inbound",
                        status_callback=f"{self.public_url}/voice/inbound/status",
                        sms_url=f"{self.public_url}/messages/inbound",
                    ),
                    PhoneNumber("+442079460101"),
                ),
                speed=self.speed,
                epoch=MONDAY,
                faults=self.faults,
                seed=self.seed,
                text_errors=self.text_errors,
            ),
            Directory(people | self.callees),
        )
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()
        self.carrier.start()
        self.site = Site(load_settings(self.folder / "site"), self.environment, self.store)
        found_journal(self.site, speed=self.speed, origin_ms=int(MONDAY.timestamp() * 1_000))
        ports = web_ports(self.site)
        self.journal = ports["journal"]
        self._app = create_app(
            **ports, clock=lambda: datetime.now(UTC), settings=webhook_settings(self.site)
        )
        self.client = self.store.client(timeout_s=5.0)
        return self

    @property
    def environment(self) -> Environment:
        return Environment(
            account_sid=self.carrier.account.sid,
            auth_token=self.carrier.account.token,
            secret=SECRET,
            public_url=self.public_url,
            carrier_url=self.carrier.base_url,
            data_folder=self.folder / "data",
        )

    def lose(self, *paths: str) -> None:
        """From now on drop facts of these paths about legs that are over."""
        self.lost = paths

    def _answer(self, environ, start_response):
        if environ["PATH_INFO"] in self.lost:
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            if b"CallStatus=completed" in body:
                start_response("204 No Content", [])
                return []
            environ["wsgi.input"] = io.BytesIO(body)
        return self._app(environ, start_response)

    def __exit__(self, *error: object) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()
            for stream in (worker.stdout, worker.stderr):
                if stream is not None:
                    stream.close()
        self.carrier.stop()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        self.client.close()

    # --- what tests do -----------------------------------------------------------------------

    def start_worker(self, **environ: str) -> subprocess.Popen:
        """Start a worker as a process of its own."""
        log = (self.folder / f"worker-{len(self.workers)}.log").open("wb")
        worker = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.cordboard.runtime.live_worker",
                str(self.folder / "site"),
                self.store.url,
                str(self.speed),
                str(int(MONDAY.timestamp() * 1_000)),
            ],
            env=os.environ
            | {
                "TWILIO_ACCOUNT_SID": self.environment.account_sid,
                "TWILIO_AUTH_TOKEN": self.environment.auth_token,
                "CORDBOARD_SECRET": SECRET,
                "CORDBOARD_PUBLIC_URL": self.public_url,
                "CORDBOARD_CARRIER_URL": self.carrier.base_url,
                "CORDBOARD_DATA": str(self.folder / "data"),
            }
            | environ,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        log.close()
        self.workers.append(worker)
        return worker

    def start_ready_worker(self, **environ: str) -> subprocess.Popen:
        """Start a worker and wait until it leads."""
        before = self.client.get(self.store.keys.token)
        worker = self.start_worker(**environ)
        self.wait_until(lambda: self.client.get(self.store.keys.token) != before)
        self.wait_until(lambda: bool(self.books()))
        return worker

    def stop_workers(self) -> None:
        """Ask every worker to stop, as a supervisor does, and see that it ends well."""
        for worker in self.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGTERM)
                # A crash point may lie in the last snapshot.
                assert worker.wait(timeout=30) in (0, -signal.SIGKILL)

    def call(self, *callers: Caller) -> None:
        """Let people call now."""
        with self.carrier.timeline.held():
            for one in callers:
                self.carrier.exchange.incoming(one)

    def sign_out(self, *agents: str) -> None:
        """Let agents go home."""
        for name in agents:
            self.append(AgentSignedOut(0, AgentId(name)))

    def sign_in(self, *agents: str) -> None:
        """Let agents sign in and be ready."""
        for name in agents:
            agent_id = AgentId(name)
            self.append(AgentSignedIn(0, agent_id))
            self.append(AgentWentReady(0, agent_id))

    def append(self, event) -> None:
        """Append a fact as the console would, again while the store is down."""
        deadline = time.monotonic() + 30
        while True:
            try:
                self.journal.append([Fact(event, "")])
            except JournalDown:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return

    def books(self) -> dict:
        try:
            return read_books(self.client, self.store.keys) or {}
        except StoreDown:
            return {}

    def wait_until(self, holds: Callable[[], bool], within_s: float = 120.0) -> None:
        """Wait for something of another process; fail with the workers' logs if it never comes."""
        deadline = time.monotonic() + within_s
        while not holds():
            if time.monotonic() > deadline:
                logs = [path.read_text() for path in sorted(self.folder.glob("worker-*.log"))]
                with self.carrier.timeline.held():
                    live = self.carrier.exchange.live_calls()
                    legs = [f"{call.sid} {call.to} {call.status}" for call in live]
                told = [f"not in time; books {self.books()}", *legs, *logs]
                raise AssertionError("\n".join(told))
            time.sleep(0.02)

    def closed(self) -> dict[str, int]:
        """Return the inbound calls that ended, by outcome."""
        return self.books().get("closed", {}).get("inbound", {})

    def check_books(self) -> None:
        """Check that everything that began is open or ended in one way, and nobody is stuck."""
        books = self.books()
        for direction, opened in books["opened"].items():
            closed = sum(books["closed"].get(direction, {}).values())
            assert opened == closed + books["open"].get(direction, 0), books
        assert books["dials_placed"] == sum(books["dials_closed"].values()) + books["dialling"]
        self.wait_until(lambda: set(self.books()["agents"]) <= {"idle"})

    def check_legs(self) -> None:
        """Check that no agent's leg of an offer lives on without its call."""

        def forgotten() -> list[str]:
            with self.carrier.timeline.held():
                live = self.carrier.exchange.live_calls()
                return [call.to for call in live if call.to in RUNG]

        self.wait_until(lambda: not forgotten())

    def check_replay(self) -> None:
        """Fold the whole journal under two hash seeds: equal bytes, and the commands of the day."""
        # Late callbacks still come in: both folds end at the same entry.
        last_id = JournalReader(self.store, self.client).last_id()
        assert len({self._replayed(seed, last_id) for seed in ("1", "2")}) == 1

    def _replayed(self, hash_seed: str, last_id: str) -> bytes:
        program = "tests.cordboard.runtime.replay_digest"
        archive = str(self.folder / "data" / "archive")
        return subprocess.run(
            [sys.executable, "-m", program, self.store.url, self.store.site, archive, last_id],
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            check=True,
            stdout=subprocess.PIPE,
        ).stdout

    def outbox_is_empty(self) -> bool:
        return self.client.xlen(self.store.keys.outbox) == 0


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


RUNG = ("client:ana", "client:ben", "client:cat")
AGENT = Callee(ring_s=1.0, manner=Manner(lingers_s=None, stays_s=None))
STANDING = Callee(ring_s=1.0, manner=Manner(lingers_s=None, stays_s=None))


def caller(number: int, talk_s: float = 20.0, patience_s: float = 300.0) -> Caller:
    return Caller(
        from_number=f"+44161496{number:04}",
        to_number=OUR_NUMBER,
        manner=Manner(talk_s=talk_s, patience_s=patience_s, lingers_s=5.0),
    )
