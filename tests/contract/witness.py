"""The witness: watches what is exchanged with carriers, and fails the test that was off contract.

`tests/conftest.py` makes it a plugin of every run, so that no test can be forgotten. It looks in
three places:

* a stand-in that stops: each REST request it was asked (`rest`), each webhook it sent (`webhooks`),
  each TwiML answer it was given (its own grammar, whose complaints are alerts);
* the SDK: each REST request of this process, also where a test answers it by a script;
* `document_held`: TwiML answers to tests that play the carrier themselves.

A test that breaks the contract on purpose says so with the marker `off_contract`. How much was held
to the contract is told at the end of a run, so that a suite that checks nothing is noticed.
"""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from twilio.base.client_base import ClientBase

from simulator.carrier.grammar import problems as grammar_problems
from simulator.carrier.server import CarrierStandIn
from simulator.carrier.twiml import parse
from tests.contract import rest, webhooks

TWIML_CODES = (range(12_000, 15_000), (11_100, 11_750))
"""Codes of alerts about documents and attributes. The others tell of outages and of people."""

REQUEST_CODES = (20_001, 20_004, 21_201, 21_205, 21_206, 21_208, 21_213, 21_234, 21_262, 21_263)
"""Codes of alerts and refusals that mean: this request should not have been sent."""

held = Counter()
"""How many of what were held to the contract in this process."""


def problems_of(carrier):
    """Return what one stand-in saw that is off contract, in words, each once."""
    ledger = carrier.ledger
    found = []
    for each in ledger.requests:
        found += rest.problems(each.method, each.path, each.params)
        if each.code in REQUEST_CODES:
            found.append(f"{each.method} {each.path} was refused with {each.code}")
    for each in ledger.webhooks:
        found += webhooks.problems(each.kind, each.params)
    for each in ledger.alerts:
        is_document = any(each.code in codes for codes in TWIML_CODES)
        if is_document or each.code in REQUEST_CODES:
            found.append(f"alert {each.code}: {each.text}")
    held["REST requests"] += len(ledger.requests)
    held["webhooks"] += len(ledger.webhooks)
    held["documents"] += sum("<Response" in each.answer for each in ledger.webhooks)
    return list(dict.fromkeys(found))


# --- where it looks --------------------------------------------------------------------------

_over = []
_sent = []
_stop = CarrierStandIn.stop
_request = ClientBase.request


def _stop_and_tell(self):
    _stop(self)
    _over.append(self)


def _request_and_tell(self, method, uri, params=None, data=None, **options):
    pairs = [*_pairs(params), *_pairs(data)]
    _sent.append((method, urlsplit(uri).path, pairs))
    return _request(self, method, uri, params=params, data=data, **options)


def _pairs(values):
    """Yield parameters as they go over the wire: lists repeat the name, None is not sent."""
    for name, value in (values or {}).items():
        for each in value if isinstance(value, list | tuple) else [value]:
            if each is not None:
                yield name, str(each)


CarrierStandIn.stop = _stop_and_tell
ClientBase.request = _request_and_tell


def document_held(text):
    """Return what the grammar has against a document, in words."""
    held["documents"] += 1
    return [f"{each.code}: {each.text}" for each in grammar_problems(parse(text))]


def seen():
    """Return what was off contract since the last time."""
    found = [problem for carrier in _over for problem in problems_of(carrier)]
    for request in _sent:
        found += rest.problems(*request)
    held["requests of the SDK"] += len(_sent)
    _over.clear()
    _sent.clear()
    return list(dict.fromkeys(found))


# --- fixtures and the summary ----------------------------------------------------------------


def blame(node, found):
    if found and node.get_closest_marker("off_contract") is None:
        shown = "\n".join(found[:10])
        pytest.fail(f"{len(found)} things are off the carrier's contract:\n{shown}")


@pytest.fixture(scope="module", autouse=True)
def module_on_contract(request):
    """Fail a module whose own stand-in, shared by its tests, saw anything off contract."""
    yield
    blame(request.node, seen())


@pytest.fixture(autouse=True)
def on_contract(request):
    """Fail a test whose stand-in saw anything off contract."""
    yield
    blame(request.node, seen())


def pytest_sessionfinish(session):
    """Hand the counts of a worker process to the process that reports."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["held"] = dict(held)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """Take the counts of a worker process that is done."""
    if error is None:
        held.update(node.workeroutput["held"])


def pytest_terminal_summary(terminalreporter):
    told = ", ".join(f"{count} {what}" for what, count in sorted(held.items()) if count)
    if told:
        terminalreporter.write_line(f"held to the carrier's contract: {told}")
