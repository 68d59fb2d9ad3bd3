"""How late answers are at 300 webhooks a second to one worker, ours beside the minimal application.

Both are served by gunicorn with one process of eight threads, in turns, and asked at a constant
rate whatever they answer: half status callbacks, half new calls, all different and signed. The
client measures from the instant a request was due. The store is a list: only the web is measured.
"""

import http.client
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import chain
from operator import itemgetter

import pytest

from tests.benchmarks.webhook_rivals import environ

RATE_PER_S, SECONDS, CLIENTS, ROUNDS = 300, 4, 16, 3


@contextmanager
def _served(factory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", f"tests.benchmarks.webhook_rivals:{factory}()"]
    command += ["-k", "gthread", "--threads", "8", "-w", "1", "-b", f"127.0.0.1:{port}"]
    command += ["--log-level", "warning", "--keep-alive", "30"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            _await(port)
            yield port
        finally:
            server.terminate()


def _await(port):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            threading.Event().wait(0.05)
        else:
            return
    pytest.fail("the server did not start within 30 s")


def _webhooks(count):
    made = []
    for index in range(count):
        sid = f"CA{index:032x}"
        if index % 2:
            made.append(environ("/voice/inbound", CallSid=sid, CallStatus="ringing"))
        else:
            url = f"/voice/agent/status?leg_id=7.{index}"
            made.append(environ(url, CallSid=sid, CallStatus="ringing"))
    return made


def _latencies_ms(port, webhooks):
    started_s = time.monotonic() + 0.2

    def ask_some(first):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with closing(connection):
            return [
                _late_ms(connection, webhooks[index], started_s + index / RATE_PER_S)
                for index in range(first, len(webhooks), CLIENTS)
            ]

    with ThreadPoolExecutor(CLIENTS) as pool:
        return sorted(chain.from_iterable(pool.map(ask_some, range(CLIENTS))))


def _late_ms(connection, webhook, due_s):
    threading.Event().wait(max(0.0, due_s - time.monotonic()))
    path = f"{webhook['PATH_INFO']}?{webhook['QUERY_STRING']}".rstrip("?")
    headers = {
        "Content-Type": webhook["CONTENT_TYPE"],
        "X-Twilio-Signature": webhook["HTTP_X_TWILIO_SIGNATURE"],
    }
    connection.request("POST", path, webhook["body"], headers)
    response = connection.getresponse()
    response.read()
    assert response.status < 300, response.status
    return (time.monotonic() - due_s) * 1000


def _round(factory, webhooks):
    """Return the median and the 99th percentile of one run of a fresh server."""
    with _served(factory) as port:
        _latencies_ms(port, webhooks[: RATE_PER_S // 2])
        late_ms = _latencies_ms(port, webhooks)
    return late_ms[len(late_ms) // 2], late_ms[len(late_ms) * 99 // 100]


@pytest.mark.bench
def test_answers_at_a_constant_rate_are_about_as_late_as_a_minimal_applications(capsys):
    webhooks = _webhooks(RATE_PER_S * SECONDS)
    ours = minimal = (float("inf"), float("inf"))
    for _ in range(ROUNDS):
        minimal = min(minimal, _round("serve_minimal", webhooks), key=itemgetter(1))
        ours = min(ours, _round("serve_ours", webhooks), key=itemgetter(1))
    with capsys.disabled():
        sys.stdout.write(
            f"\nat {RATE_PER_S}/s: p50 {ours[0] / minimal[0]:.2f} x, p99"
            f" {ours[1] / minimal[1]:.2f} x the minimal application's"
            f" ({minimal[0]:.1f} and {minimal[1]:.1f} ms)\n"
        )
    assert ours[1] <= 1.5 * minimal[1]
