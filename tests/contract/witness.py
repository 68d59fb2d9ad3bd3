"""The witness: watches every stand-in of the suite and fails the test that was off contract.

A conftest that imports the two fixtures has its tests watched. When a stand-in stops, everything it
exchanged is held against the carrier's descriptions: each REST request (`rest`), each webhook it
sent (`webhooks`), each TwiML answer it was given (its own grammar, whose complaints are alerts). A
test that breaks the contract on purpose says so with the marker `off_contract`.
"""

import pytest

from simulator.carrier.server import CarrierStandIn
from tests.contract import rest, webhooks

TWIML_CODES = (range(12_000, 15_000), (11_100, 11_750))
"""Codes of alerts about documents and attributes. The others tell of outages and of people."""

REQUEST_CODES = (20_001, 20_004, 21_201, 21_205, 21_206, 21_208, 21_213, 21_234, 21_262, 21_263)
"""Codes of alerts and refusals that mean: this request should not have been sent."""


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
    return list(dict.fromkeys(found))


_over = []
_stop = CarrierStandIn.stop


def _stop_and_tell(self):
    _stop(self)
    _over.append(self)


CarrierStandIn.stop = _stop_and_tell


def seen():
    """Return what the stand-ins that stopped since the last time saw off contract."""
    found = [problem for carrier in _over for problem in problems_of(carrier)]
    _over.clear()
    return found


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
