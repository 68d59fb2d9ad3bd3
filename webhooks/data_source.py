"""Questions of call flows to other systems, answered over HTTP by hosts the operator has allowed.

A flow file can name any address, and what a caller keyed may end up in it. So nothing is asked but
what a *source* of the settings permits: scheme, host, port and the beginning of the path. The host
is resolved once, the addresses found are checked, and the connection goes to the address that was
checked, so that a name cannot point elsewhere a moment later. Loopback, private, link-local and
metadata addresses are refused unless the source is marked as inside. Redirects are not followed.
Answers are small JSON objects; values inside others are named by their way, such as `case.state`
and `cases.0.state`. The caller is on the line, so a few seconds is all.

Source: OWASP Server-Side Request Forgery Prevention Cheat Sheet; ASVS 5.0, 1.3.6.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Never, Self, cast
from urllib.parse import SplitResult, urlencode, urlsplit

from ivr.inputs import Scalar
from ivr.steps import FetchData
from webhooks.ports import DataUnavailable

ANSWER_BYTES_MAX = 64 * 1024
VALUES_MAX, ITEMS_MAX, DEPTH_MAX = 500, 20, 6
CHARACTERS_MAX = 1_000
WAIT_S_MAX = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedSource:
    """One system that flows may ask."""

    host: str
    port: int = 443
    path: str = "/"  #: beginning of what may be asked, ending in a slash
    is_encrypted: bool = True
    is_inside: bool = False  #: its addresses may be private ones
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  #: credentials go here

    def permits(self, url: SplitResult) -> bool:
        """Tell whether an address is one of this system's."""
        scheme = "https" if self.is_encrypted else "http"
        port = url.port or (443 if url.scheme == "https" else 80)
        is_under = url.path.startswith(self.path) and ".." not in url.path and "%" not in url.path
        is_bare = url.username is None and not url.fragment
        return (url.scheme, url.hostname, port) == (scheme, self.host, self.port) and (
            is_under and is_bare
        )


class HttpData:
    """`webhooks.ports.DataSource` over HTTP."""

    def __init__(
        self, sources: Sequence[AllowedSource], context: ssl.SSLContext | None = None
    ) -> None:
        self._sources = tuple(sources)
        self._context = context or ssl.create_default_context()

    def fetch(self, question: FetchData) -> Mapping[str, Scalar]:
        """Ask; see `webhooks.ports.DataSource.fetch`."""
        url = _split(question.url)
        source = next((source for source in self._sources if source.permits(url)), None)
        if source is None:
            raise DataUnavailable("address not allowed")
        deadline_s = time.monotonic() + min(question.timeout_ms / 1000, WAIT_S_MAX)
        try:
            with _Line(source, self._context, deadline_s) as line:
                status, body = line.ask(question, url)
        except TimeoutError as problem:
            raise DataUnavailable("timeout") from problem
        except (OSError, http.client.HTTPException) as problem:
            raise DataUnavailable("no connection") from problem
        if status != 200:
            raise DataUnavailable(f"status {status}")
        return _plain(body)


class _Line:
    """One connection to the checked address of a source, with one deadline for everything."""

    def __init__(self, source: AllowedSource, context: ssl.SSLContext, deadline_s: float) -> None:
        self._source = source
        self._deadline_s = deadline_s
        self._connection = http.client.HTTPConnection(source.host, source.port)
        self._socket = socket.create_connection(_checked_address(source), timeout=self._left_s())
        if source.is_encrypted:
            try:
                self._socket = context.wrap_socket(self._socket, server_hostname=source.host)
            except OSError:
                self._socket.close()
                raise
        self._connection.sock = self._socket

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._connection.close()

    def ask(self, question: FetchData, url: SplitResult) -> tuple[int, bytes]:
        """Send the question and read status and body."""
        headers = {"Accept": "application/json", "Connection": "close", **self._source.headers}
        body = None
        if question.method == "POST":
            body = json.dumps(dict(question.body)).encode()
            headers["Content-Type"] = "application/json"
        query = "&".join(part for part in (url.query, _query_of(question)) if part)
        target = f"{url.path}?{query}" if query else url.path
        self._connection.request(question.method, target, body, headers)
        with self._connection.getresponse() as response:
            return response.status, self._read(response)

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        received = bytearray()
        while True:
            self._socket.settimeout(self._left_s())
            piece = response.read1(16_384)
            received += piece
            if not piece:
                return bytes(received)
            if len(received) > ANSWER_BYTES_MAX:
                raise DataUnavailable("answer too long")

    def _left_s(self) -> float:
        left_s = self._deadline_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        return left_s


def _split(text: str) -> SplitResult:
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError as problem:
        raise DataUnavailable("no usable address") from problem
    return url


def _query_of(question: FetchData) -> str:
    return urlencode(dict(question.body)) if question.method == "GET" else ""


def _checked_address(source: AllowedSource) -> tuple[str, int]:
    """Resolve the host once and return an address that may be connected to."""
    found = socket.getaddrinfo(source.host, source.port, type=socket.SOCK_STREAM)
    for *_, place in found:
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        address = mapped or address
        if source.is_inside or (address.is_global and not address.is_multicast):
            return str(place[0]), source.port
    raise DataUnavailable("address not allowed")


def _plain(body: bytes) -> Mapping[str, Scalar]:
    try:
        values = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as problem:
        raise DataUnavailable("no JSON") from problem
    if not isinstance(values, dict):
        raise DataUnavailable("not an object")
    return dict(islice(flattened(values), VALUES_MAX))


def _no_number(text: str) -> Never:
    """Refuse `NaN` and `Infinity`, which are no JSON, whatever the reader thinks."""
    raise ValueError(f"{text} is no number")


def flattened(value: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, Scalar]]:
    """Yield the plain values inside a JSON value under the names by which a flow saves them.

    What lies deeper than any flow would look, or is longer than anybody would say, is left out: to
    the flow it is missing.

    Example:
        >>> dict(flattened({"name": "Robin", "cases": [{"state": "open"}]}))
        {'name': 'Robin', 'cases.count': 1, 'cases.0.state': 'open'}
    """
    if depth > DEPTH_MAX:
        return
    if isinstance(value, list):
        yield _inside(name, "count"), len(value)
        for index, item in enumerate(value[:ITEMS_MAX]):
            yield from flattened(item, _inside(name, str(index)), depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from flattened(item, _inside(name, key), depth + 1)
    elif not isinstance(value, str) or len(value) <= CHARACTERS_MAX:
        yield name, cast("Scalar", value)


def _inside(name: str, part: str) -> str:
    return f"{name}.{part}" if name else part
