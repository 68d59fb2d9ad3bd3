"""A running demo: the live processes, the stand-in's people, the modelled agents, the books."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from cordboard.cli.demo.books import carrier_problems, outbox_problems
from cordboard.cli.demo.desks import Desks
from cordboard.cli.demo.observer import Observer
from cordboard.cli.demo.population import ModelledPeople, Window
from cordboard.cli.demo.ways import read_ways
from cordboard.cli.live import Ports
from cordboard.cli.output import UserError
from cordboard.cli.ports import LOOPBACK
from cordboard.cli.processes import Processes
from cordboard.console.accounts import Accounts, Role
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.connection import Store, StoreDown
from cordboard.runtime.journal import Drafting, RedisJournal
from cordboard.runtime.sealing import Sealer
from cordboard.runtime.settings import Settings
from dialer.commands import CloseAttempt
from simulator.books import Books
from simulator.carrier.account import DEMO_ACCOUNT_SID, DEMO_AUTH_TOKEN, Account, PhoneNumber
from simulator.carrier.options import CarrierOptions
from simulator.carrier.server import CarrierStandIn
from simulator.results import Account as DayAccount
from simulator.results import account
from simulator.scenario import Scenario
from simulator.streams import Streams
from webhooks.addresses import Addresses
from webhooks.ports import JournalDown

Check = Callable[[], bool]

FRIDAY = 4

BEGINS_AT_S = 10 * 3_600
"""The demo plays the scenario's day from ten in the morning."""

BLOCK_MS = 50
"""How long a look at the journal may wait."""

DRAIN_MS = 15 * 60_000
"""How long, in modelled time, calls may go on after the last caller; then they are cut off."""

SETTLE_S = 40.0
"""How long, in wall time, the centre may need to settle everything at the end."""


class Tape(Protocol):
    """Where progress is shown."""

    def show(self, played_ms: int, books: Books, restarts: int) -> None:
        """Show how far the window has gone by."""
        ...

    def note(self, what: str) -> None:
        """Say what is being done now."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for."""

    folder: Path  #: of the centre
    data: Path
    minutes: float | None  #: wall; None: until Ctrl-C
    speed: int
    seed: int
    kill_every_s: float  #: wall; 0: never
    ports: Ports
    carrier_port: int


class Demo:
    """A running demo."""

    def __init__(self, plan: Plan, settings: Settings, scenario: Scenario, store: Store) -> None:
        self.plan = plan
        self.settings = settings
        self.store = store
        self.client = store.client(timeout_s=5.0)
        self.secret = secrets.token_hex(24)
        self.password = secrets.token_urlsafe(9)
        self.origin = _next_weekday(settings.time_zone)
        lasts_ms = round((plan.minutes or 24 * 60) * 60_000 * plan.speed)
        self.window = Window(BEGINS_AT_S * 1_000, lasts_ms)
        streams = Streams(plan.seed)
        ways = read_ways(plan.folder / "people.yaml", list(scenario.calls))
        people = ModelledPeople(scenario, settings, ways, streams, self.window)
        self.carrier = CarrierStandIn(self._carrier_options(), people)
        self.observer = Observer(settings, store, plan.data / "archive")
        self.books = Books()
        self.observer.doers[CloseAttempt] = self.books.write_back
        for kind, listener in self.books.listeners.items():
            self.observer.listen(kind, listener)
        sealer = Sealer(store, self.secret, self.client)
        journal = RedisJournal(store, Drafting(LiveClock(plan.speed), sealer), self.client)
        self.desks = Desks(scenario, streams, self.observer, journal)
        self.kill_count = 0
        self.played_ms = 0

    def environment(self) -> Mapping[str, str]:
        """Return what the live processes are told."""
        return {
            "TWILIO_ACCOUNT_SID": DEMO_ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": DEMO_AUTH_TOKEN,
            "CORDBOARD_SECRET": self.secret,
            "CORDBOARD_PUBLIC_URL": self._webhooks_url(),
            "CORDBOARD_CARRIER_URL": f"http://{LOOPBACK}:{self.plan.carrier_port}",
            "CORDBOARD_DATA": str(self.plan.data),
            "CORDBOARD_HISTORY": f"sqlite:///{self.plan.data / 'history.db'}",
            "REDIS_URL": self.store.url,
            "CORDBOARD_CENTRE": str(self.plan.folder),
            "CORDBOARD_SPEED": str(self.plan.speed),
            "CORDBOARD_ORIGIN_MS": str(round(self.origin.timestamp() * 1_000)),
            "CORDBOARD_ACCOUNTS": str(self.plan.data / "accounts.yaml"),
        }

    def add_accounts(self) -> None:
        """Let a supervisor and every agent sign in, with the password of this run."""
        accounts = Accounts({})
        accounts.add("supervisor", Role.SUPERVISOR, self.password)
        for agent in self.settings.centre.acd.agents:
            accounts.add(agent.agent_id, Role.AGENT, self.password)
        accounts.write(self.plan.data / "accounts.yaml")

    def play(self, processes: Processes, progress: Tape) -> None:
        """Let the window go by."""
        self.carrier.start()
        self._catch_up(lambda: self.observer.at_ms > 0, processes)
        begins_ms = self.observer.at_ms
        self.desks.plan(self.window)
        killed_s = time.monotonic()
        while self.observer.at_ms < begins_ms + self.window.lasts_ms:
            self._step(processes)
            self.played_ms = self.observer.at_ms - begins_ms
            progress.show(self.played_ms, self.books, processes.restart_count)
            if self.plan.kill_every_s and time.monotonic() - killed_s >= self.plan.kill_every_s:
                processes.kill("worker")
                self.kill_count += 1
                killed_s = time.monotonic()

    def drain(self, processes: Processes, progress: Tape) -> None:
        """Let what is under way come to its end, cut off what does not, and send agents home."""
        self.desks.pause_campaigns()
        ends_ms = self.observer.at_ms + DRAIN_MS
        progress.note("waiting for the last calls to end")
        while self._has_open_contacts and self.observer.at_ms < ends_ms:
            self._step(processes)
        self._cut_off()
        self._settle(lambda: not self._has_open_contacts, processes)
        progress.note("agents go home")
        self.desks.go_home()
        self._settle(self._is_all_quiet, processes)

    def close_books(self) -> tuple[DayAccount, tuple[str, ...]]:
        """Return what the window came to, and everything that does not balance."""
        observer = self.observer
        self.books.close(observer.centre)
        quarantined = observer.fold.quarantined_count
        with self.carrier.timeline.held():
            carrier = list(carrier_problems(self.carrier.ledger, self.settings, self.books))
        problems = (
            *self.books.problems,
            *carrier,
            *outbox_problems(self.client, self.store.keys),
            *([f"{quarantined} entries of the journal were put aside"] if quarantined else []),
        )
        measured = account(observer.measures, self.books, self.settings.centre, observer.at_ms)
        return measured, problems

    @property
    def _has_open_contacts(self) -> bool:
        return bool(self.books.open_calls or self.books.open_dials)

    def _is_all_quiet(self) -> bool:
        with self.carrier.timeline.held():
            has_live_legs = bool(self.carrier.ledger.live_legs())
        if has_live_legs or any(agent.state != "idle" for agent in self.observer.agents):
            return False
        return not list(outbox_problems(self.client, self.store.keys))

    def _step(self, processes: Processes) -> None:
        processes.watch()
        try:
            self.observer.look(BLOCK_MS)
            self.desks.act()
        except (StoreDown, JournalDown):
            return

    def _catch_up(self, is_done: Check, processes: Processes) -> None:
        ends_s = time.monotonic() + SETTLE_S
        while not is_done():
            self._step(processes)
            if time.monotonic() > ends_s:
                raise UserError(
                    "the centre's worker did not begin; see worker.log in the data folder"
                )

    def _settle(self, is_done: Check, processes: Processes) -> None:
        ends_s = time.monotonic() + SETTLE_S
        while not is_done() and time.monotonic() < ends_s:
            self._step(processes)

    def _cut_off(self) -> None:
        """End, as the carrier would at its time limit, every customer's leg that is left."""
        agents = set(self.settings.endpoints.values())
        with self.carrier.timeline.held():
            for call in self.carrier.exchange.live_calls():
                if call.to not in agents:
                    self.carrier.exchange.hang_up(call, "carrier")

    def _webhooks_url(self) -> str:
        return f"http://{LOOPBACK}:{self.plan.ports.webhooks}"

    def _carrier_options(self) -> CarrierOptions:
        addresses = Addresses(self._webhooks_url())
        numbers = [
            *self.settings.lines,
            *(one.caller_id for one in self.settings.campaigns.values()),
        ]
        return CarrierOptions(
            account=Account(calls_per_s=self.settings.calls_per_s_max),
            numbers=tuple(
                PhoneNumber(
                    number,
                    voice_url=addresses.inbound(),
                    status_callback=addresses.inbound_status(),
                )
                for number in dict.fromkeys(numbers)
            ),
            port=self.plan.carrier_port,
            speed=self.plan.speed,
            seed=self.plan.seed,
            epoch=self.origin,
        )


def _next_weekday(time_zone: str) -> datetime:
    """Return ten in the morning of the next working day, in the centre's own time."""
    zone = ZoneInfo(time_zone)
    day = datetime.now(UTC).astimezone(zone) + timedelta(days=1)
    while day.weekday() > FRIDAY:
        day += timedelta(days=1)
    return day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(seconds=BEGINS_AT_S)
