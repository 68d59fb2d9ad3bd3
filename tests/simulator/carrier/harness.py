"""A tiny application that serves TwiML, a stand-in stepped by hand, and the real SDK before it."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from werkzeug.datastructures import MultiDict
from werkzeug.serving import WSGIRequestHandler
from werkzeug.wrappers import Request, Response

from simulator.carrier.people.manners import Callee, Caller, Manner, Reaction
from simulator.carrier.people.population import Directory
from simulator.carrier.server import CarrierStandIn

OUR_NUMBER = "+15550100100"
CUSTOMER = "+15550100123"
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@dataclass
class Visit:
    """A request the application got."""

    path: str
    method: str
    url: str
    form: MultiDict
    headers: dict

    def __getitem__(self, name: str) -> str:
        return self.form[name]


@dataclass
class Application:
    """Serves TwiML by path; a page is text, a response, or a function of the visit."""

    pages: dict = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)
    base_url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: dict, start_response: Callable) -> object:
        request = Request(environ)
        visit = Visit(
            request.path,
            request.method,
            request.url,
            request.form if request.method == "POST" else request.args,
            dict(request.headers),
        )
        with self.lock:
            self.visits.append(visit)
        page = self.pages.get(request.path, "")
        page = page(visit) if callable(page) and not isinstance(page, Response) else page
        answer = page if isinstance(page, Response) else twiml(page)
        return answer(environ, start_response)

    def url(self, path: str) -> str:
        return self.base_url + path

    def at(self, path: str) -> list[Visit]:
        with self.lock:
            return [visit for visit in self.visits if visit.path == path]


def twiml(verbs: str) -> Response:
    return Response(f"<Response>{verbs}</Response>", mimetype="text/xml")


class QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_request(self, *_args: object) -> None:
        pass


@dataclass
class World:
    """The stand-in, its people and the SDK, with time in the test's hand."""

    carrier: CarrierStandIn
    directory: Directory
    client: Client

    def call_in(self, *reactions: Reaction, **manner: object) -> str:
        """Let a customer call our number; return the call's sid."""
        caller = Caller(CUSTOMER, OUR_NUMBER, manner=Manner(reactions, **manner))
        with self.carrier.timeline.held():
            return self.carrier.exchange.incoming(caller).sid

    def person(self, address: str, callee: Callee) -> None:
        self.directory.add(address, callee)

    def pass_(self, seconds: float) -> None:
        self.carrier.timeline.advance(seconds)
        assert self.carrier.timeline.failures == []

    def status(self, sid: str) -> str:
        return self.carrier.ledger.legs[sid].status

    def alerts(self) -> list[int]:
        return [alert.code for alert in self.carrier.ledger.alerts]


def refused(code: int, act: Callable[[], object]) -> TwilioRestException:
    """Do something that the API refuses with a code."""
    with pytest.raises(TwilioRestException) as caught:
        act()
    assert caught.value.code == code
    return caught.value
