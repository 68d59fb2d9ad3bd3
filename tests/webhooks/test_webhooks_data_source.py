"""Questions to other systems: what is allowed, and every way in which an answer is none."""

import contextlib
import json
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ivr.steps import FetchData
from webhooks import data_source
from webhooks.data_source import AllowedSource, HttpData
from webhooks.ports import DataUnavailable


class Crm(BaseHTTPRequestHandler):
    """Answers by path."""

    answers: ClassVar = {
        "/crm/customer": (200, b'{"name": "Robin", "vip": true, "open": 2, "note": null}'),
        "/crm/nested": (200, b'{"a": {"b": 1}}'),
        "/crm/list": (200, b"[1]"),
        "/crm/page": (200, b"<html>Sign in</html>"),
        "/crm/nan": (200, b'{"balance": NaN}'),
        "/crm/deep": (200, b'{"a":' + b"[" * 30_000),
        "/crm/digits": (200, b'{"balance": ' + b"9" * 5_000 + b"}"),
        "/crm/huge": (200, b'{"a": "' + b"x" * 10_000_000 + b'"}'),
        "/crm/rich": (
            200,
            b'{"customer": {"name": "Robin", "tier": {"level": 2}},'
            b' "cases": [{"state": "open"}, {"state": "closed"}], "notes": "'
            + b"n" * 2_000
            + b'"}',
        ),
        "/crm/broken": (200, b"{"),
        "/crm/long": (200, b'"' + b"x" * 70_000 + b'"'),
        "/crm/fault": (500, b"{}"),
        "/crm/away": (302, b"{}"),
    }

    def _answer(self):
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        length = int(self.headers.get("Content-Length", 0))
        self.server.bodies.append(self.rfile.read(length))
        status, body = self.answers[self.path.partition("?")[0]]
        self.send_response(status)
        self.send_header("Location", "http://169.254.169.254/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # who reads no further hangs up
            self.wfile.write(body)

    do_GET = do_POST = _answer  # noqa: N815  (names the server looks for)

    def log_message(self, *args):
        pass


@pytest.fixture
def crm():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Crm)
    server.asked, server.bodies = [], []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def _source(server, **changes):
    plain = {"host": "127.0.0.1", "port": server.server_port, "path": "/crm/"}
    return AllowedSource(**(plain | {"is_encrypted": False, "is_inside": True} | changes))


def _url(server, path):
    return f"http://127.0.0.1:{server.server_port}{path}"


def _reason(server, path, *, source=None, **changes):
    data = HttpData([source or _source(server, **changes)])
    with pytest.raises(DataUnavailable) as caught:
        data.fetch(FetchData("GET", path if "://" in path else _url(server, path)))
    return str(caught.value)


def test_plain_values_come_back(crm):
    values = HttpData([_source(crm)]).fetch(FetchData("GET", _url(crm, "/crm/customer")))
    assert values == {"name": "Robin", "vip": True, "open": 2, "note": None}


def test_values_inside_others_are_named_by_their_way(crm):
    assert HttpData([_source(crm)]).fetch(FetchData("GET", _url(crm, "/crm/rich"))) == {
        "customer.name": "Robin",
        "customer.tier.level": 2,
        "cases.count": 2,
        "cases.0.state": "open",
        "cases.1.state": "closed",
    }  # and what is too long to be said is left out


def test_question_travels_as_query_or_as_json_with_the_sources_credentials(crm):
    data = HttpData([_source(crm, headers={"Authorization": "Bearer s3cret"})])
    data.fetch(FetchData("GET", _url(crm, "/crm/customer?a=1"), {"account": "1 2"}))
    data.fetch(FetchData("POST", _url(crm, "/crm/customer"), {"account": "12"}))
    assert [path for _, path, _ in crm.asked] == [
        "/crm/customer?a=1&account=1+2",
        "/crm/customer",
    ]
    assert json.loads(crm.bodies[1]) == {"account": "12"}
    assert all(headers["Authorization"] == "Bearer s3cret" for *_, headers in crm.asked)


@pytest.mark.parametrize(
    "path",
    [
        "/other",
        "/crm/../other",
        "/crm/%2e%2e/other",
        "http://169.254.169.254/crm/x",
        "https://127.0.0.1/crm/x",
        "http://user@127.0.0.1/crm/x",
        "http://127.0.0.1:99999/crm/x",
        "file:///etc/passwd",
        "gopher://127.0.0.1/crm/",
    ],
)
def test_what_no_source_permits_is_not_asked(crm, path):
    assert _reason(crm, path) in ("address not allowed", "no usable address")
    assert crm.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "::1",
        "::ffff:10.0.0.1",
        "fe80::1%eth0",
        "0.0.0.0",  # noqa: S104  (an address to be refused)
    ],
)
def test_name_that_points_inside_is_not_connected_to(crm, monkeypatch, address):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(data_source.socket, "getaddrinfo", lambda *a, **k: found)
    source = _source(crm, is_inside=False)
    assert _reason(crm, "/crm/customer", source=source) == "address not allowed"
    assert crm.asked == []


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/crm/list", "not an object"),
        ("/crm/broken", "no JSON"),
        ("/crm/page", "no JSON"),
        ("/crm/nan", "no JSON"),
        ("/crm/deep", "no JSON"),
        ("/crm/digits", "no JSON"),
        ("/crm/huge", "answer too long"),
        ("/crm/long", "answer too long"),
        ("/crm/fault", "status 500"),
        ("/crm/away", "status 302"),
    ],
)
def test_answer_that_is_none_says_why_without_its_content(crm, path, reason):
    assert _reason(crm, path) == reason


def test_nobody_there_is_no_connection(crm):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    source = _source(crm, port=port)
    reason = _reason(crm, f"http://127.0.0.1:{port}/crm/x", source=source)
    assert reason == "no connection"


def test_silence_is_a_timeout():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        source = AllowedSource(host="127.0.0.1", port=port, is_encrypted=False, is_inside=True)
        started = time.monotonic()
        with pytest.raises(DataUnavailable, match="timeout"):
            HttpData([source]).fetch(FetchData("GET", f"http://127.0.0.1:{port}/x", {}, 50))
        assert time.monotonic() >= started


@pytest.fixture
def certificate(tmp_path):
    """A certificate for localhost that certifies itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    start = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "pair.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize("is_trusted", [True, False])
def test_encrypted_source_has_to_prove_its_name(crm, certificate, is_trusted):
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    crm.socket = serving.wrap_socket(crm.socket, server_side=True)
    crm.handle_error = lambda *_: None
    source = _source(crm, host="localhost", is_encrypted=True)
    trust = ssl.create_default_context(cafile=certificate if is_trusted else None)
    question = FetchData("GET", f"https://localhost:{crm.server_port}/crm/customer")
    if is_trusted:
        assert HttpData([source], trust).fetch(question)["name"] == "Robin"
    else:
        with pytest.raises(DataUnavailable, match="no connection"):
            HttpData([source], trust).fetch(question)
