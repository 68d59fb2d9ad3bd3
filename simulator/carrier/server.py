"""The stand-in as one object: start it, point the SDK at `base_url`, stop it.

Example:
    Run it beside an application under test, in the same process::

        carrier = CarrierStandIn(CarrierOptions(numbers=(number,), speed=20), population)
        with carrier:
            client = Client(carrier.account.sid, carrier.account.token, http_client=...)
            ...
            assert not carrier.ledger.live_legs()
"""

import logging
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from simulator.carrier.clock import Clock, WallClock
from simulator.carrier.exchange import Exchange
from simulator.carrier.ledger import Ledger
from simulator.carrier.options import CarrierOptions
from simulator.carrier.page import Page
from simulator.carrier.people.population import Population, RandomPopulation
from simulator.carrier.rest.application import RestApi
from simulator.carrier.timeline import Timeline
from simulator.carrier.webhooks import NetworkTransport, Transport


class CarrierStandIn:
    """A carrier with one account, its people, and a REST API on loopback."""

    def __init__(
        self,
        options: CarrierOptions | None = None,
        population: Population | None = None,
        *,
        clock: Clock | None = None,
        transport: Transport | None = None,
    ) -> None:
        self.options = options or CarrierOptions()
        self.account = self.options.account
        self._recorder: TextIO | None = (
            self.options.record_to.open("a", buffering=1, encoding="utf-8")
            if self.options.record_to
            else None
        )
        self.ledger = Ledger(self._recorder)
        self.timeline = Timeline(clock or WallClock(self.options.speed), self.options.epoch)
        self.exchange = Exchange(
            self.timeline,
            self.options,
            population or RandomPopulation(self.options.seed),
            transport or NetworkTransport(),
            self.ledger,
        )
        self.app = Flask(__name__)
        RestApi(self.exchange).add_to(self.app)
        Page(self.exchange).add_to(self.app)
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def base_url(self) -> str:
        """Where the REST API listens, such as `http://127.0.0.1:9099`."""
        assert self._server is not None, "start() it first"
        return f"http://{self.options.host}:{self._server.port}"

    def start(self) -> Self:
        """Listen, let time pass (unless it is stepped by hand) and let the people come."""
        self._server = make_server(
            self.options.host, self.options.port, self.app, threaded=True, request_handler=_Quiet
        )
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.02},
            name="carrier-rest",
            daemon=True,
        )
        self._thread.start()
        with self.timeline.held():
            self.exchange.open()
        if not self.timeline.is_stepped:
            self.timeline.start()
        return self

    def stop(self) -> None:
        """Stop listening, end every thread; calls under way are forgotten."""
        self.timeline.stop()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        if self._thread is not None:
            self._thread.join(timeout=10)
        self.exchange.courier.close()
        if self._recorder is not None:
            self._recorder.close()

    def wait_until(self, holds: Callable[[], bool], *, within_wall_s: float = 10.0) -> bool:
        """Wait until something holds of the exchange; say whether it did in time."""
        return self.timeline.wait_until(holds, within_wall_s=within_wall_s)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class _Quiet(WSGIRequestHandler):
    """Keeps connections open, answers small packets at once, and does not log each request."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing about requests that were answered."""


def serve(
    options: CarrierOptions,
    population: Population | None = None,
    *,
    clock: Clock | None = None,
    started: Callable[[CarrierStandIn], None] | None = None,
) -> None:
    """Run a stand-in until the process is interrupted.

    Args:
        options: How it is set up.
        population: Who is at the far ends; default: random people from the seed.
        clock: Where its time comes from; default: the wall clock at the speed of the options.
        started: Called once it listens, for instance to print its address.
    """
    with CarrierStandIn(options, population, clock=clock) as carrier:
        if started is not None:
            started(carrier)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            logging.getLogger(__name__).info("the carrier stand-in stops")
