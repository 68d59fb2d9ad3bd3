"""The REST API as a web application: who may ask, what is answered, how it is refused.

Every request is authenticated, counted against the account's concurrency limit, handled with the
timeline held, and answered with the carrier's JSON and headers.

Source:
    https://www.twilio.com/docs/usage/requests-to-twilio (basic authentication),
    https://www.twilio.com/docs/api/errors/20429 (concurrency, `Twilio-Concurrent-Requests`).
"""

import hmac
import io
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, request, send_file
from werkzeug.exceptions import HTTPException

from simulator.carrier.calls import API_VERSION
from simulator.carrier.exchange import Exchange
from simulator.carrier.ledger import Requested
from simulator.carrier.rest.calls import Calls
from simulator.carrier.rest.conferences import Conferences
from simulator.carrier.rest.errors import RestError, not_found
from simulator.carrier.rest.messages import Messages
from simulator.carrier.rest.numbers import Numbers
from simulator.carrier.rest.parameters import unknown
from simulator.carrier.rest.participants import Participants
from simulator.carrier.rest.permissions import Permissions
from simulator.carrier.rest.queues import Queues
from simulator.carrier.rest.recordings import Recordings
from simulator.carrier.rest.request import Form, Reply, Route

ACCOUNT = f"/{API_VERSION}/Accounts/<account>"


class Gate:
    """Lets requests in: counts those in progress and refuses too many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self.inside = 0

    @contextmanager
    def entered(self) -> Iterator[int]:
        """Count a request while it is handled."""
        with self._lock:
            if self.inside >= self._most:
                raise RestError(429, 20429, "Too Many Requests")
            self.inside += 1
            inside = self.inside
        try:
            yield inside
        finally:
            with self._lock:
                self.inside -= 1


class RestApi:
    """Answers REST requests about one exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._gate = Gate(exchange.account.requests_at_once)

    def add_to(self, app: Flask) -> None:
        """Give a web application the routes of every resource."""
        exchange = self._exchange
        calls = Calls(exchange)
        resources = (
            calls,
            Queues(exchange),
            Conferences(exchange),
            Participants(exchange, calls),
            Recordings(exchange),
            Messages(exchange),
            Numbers(exchange),
        )
        for resource in resources:
            for route in resource.routes():
                self._add(app, route)
        for route in Permissions(exchange).routes():
            self._add(app, route, "/v1")
        app.register_error_handler(HTTPException, self._http_error)

    def _add(self, app: Flask, route: Route, base: str = ACCOUNT) -> None:
        """Serve a route; outside the account's own addresses it is the one that signs in."""

        def answer(account: str = "", **parts: str) -> Response:
            try:
                with self._gate.entered() as inside:
                    self._authenticate(account or self._exchange.account.sid)
                    reply = self._handle(route, parts)
            except RestError as error:
                self._note(error.status, error.code)
                return _response(Reply(error.body(), error.status), self._gate.inside)
            self._note(reply.status)
            return _response(reply, inside)

        rule = f"{base}{route.rule}"
        app.add_url_rule(rule, f"{route.method} {route.rule}", answer, methods=[route.method])

    def _authenticate(self, account: str) -> None:
        given = request.authorization
        sid, token = self._exchange.account.sid, self._exchange.account.token
        is_right = (
            given is not None
            and given.type == "basic"
            and hmac.compare_digest(given.username or "", sid)
            and hmac.compare_digest(given.password or "", token)
        )
        if not is_right or account != sid:
            raise RestError(401, 20003, "Authenticate")

    def _handle(self, route: Route, parts: dict[str, str]) -> Reply:
        values = request.form if request.method == "POST" else request.args
        form = Form(values, request.path)
        faults = self._exchange.faults
        with self._exchange.timeline.held():
            if faults.strikes("throttled", route.rule):
                raise RestError(429, 20429, "Too Many Requests")
            for name in unknown(route.method, route.rule, values):
                text = f"{route.method} {route.rule} does not know the parameter {name!r}"
                self._exchange.alert(20001, None, text)
            reply = route.handle(form, **parts)
            if reply.status == 201 and faults.strikes("created_then_5xx", route.rule):
                raise RestError(503, 20503, "Service is unavailable. Please try again.")
            return reply

    def _note(self, status: int, code: int = 0) -> None:
        """Write a request into the carrier's own books."""
        values = request.form if request.method == "POST" else request.args
        timeline = self._exchange.timeline
        params = tuple(values.items(multi=True))
        with timeline.held():
            self._exchange.ledger.requested(
                Requested(timeline.now_s, request.method, request.path, params, status, code)
            )

    def _http_error(self, error: HTTPException) -> Response:
        if error.code == 404:
            refused = not_found(request.path)
            return _response(Reply(refused.body(), 404), self._gate.inside)
        refused = RestError(error.code or 500, 20004, error.description or "Error")
        return _response(Reply(refused.body(), refused.status), self._gate.inside)


def _response(reply: Reply, inside: int) -> Response:
    if reply.sound:
        return send_file(io.BytesIO(reply.sound), "audio/x-wav", conditional=True, etag=False)
    text = "" if reply.body is None else json.dumps(reply.body, ensure_ascii=False)
    response = Response(text, reply.status, mimetype="application/json")
    response.headers["Twilio-Concurrent-Requests"] = str(inside)
    response.headers["Twilio-Request-Id"] = f"RQ{secrets.token_hex(16)}"
    return response
