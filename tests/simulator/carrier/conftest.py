"""Fixtures: the tiny application, and a stand-in whose time the test turns by hand."""

import threading
from collections.abc import Iterator

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

from simulator.carrier.account import Account, PhoneNumber
from simulator.carrier.clock import StepClock
from simulator.carrier.faults import Faults
from simulator.carrier.options import CarrierOptions
from simulator.carrier.people.population import Directory
from simulator.carrier.sdk import client_of
from simulator.carrier.server import CarrierStandIn
from simulator.carrier.variants import Variants
from tests.simulator.carrier.harness import (
    MONDAY,
    OUR_NUMBER,
    Application,
    QuietHandler,
    World,
)


@pytest.fixture
def application() -> Iterator[Application]:
    app = Application()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    app.base_url = f"http://127.0.0.1:{server.port}"
    yield app
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


@pytest.fixture
def variants() -> Variants:
    return Variants()


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def world(
    application: Application, variants: Variants, faults: Faults, account: Account
) -> Iterator[World]:
    number = PhoneNumber(
        OUR_NUMBER,
        voice_url=application.url("/voice"),
        status_callback=application.url("/number-status"),
        sms_url=application.url("/sms"),
    )
    directory = Directory()
    options = CarrierOptions(
        account=account, numbers=(number,), epoch=MONDAY, variants=variants, faults=faults
    )
    with CarrierStandIn(options, directory, clock=StepClock()) as carrier:
        client = client_of(carrier)
        yield World(carrier, directory, client)
        client.http_client.close()


@pytest.fixture
def validator(world: World) -> RequestValidator:
    return RequestValidator(world.carrier.account.token)
