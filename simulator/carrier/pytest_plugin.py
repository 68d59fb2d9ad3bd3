"""Fixtures for testing an application against the stand-in.

Load them with `pytest -p simulator.carrier.pytest_plugin`, or in the top conftest with
`pytest_plugins = ["simulator.carrier.pytest_plugin"]`. Time stands still until a test moves it with
`carrier.timeline.advance(seconds)`, which waits for every webhook on the way: no sleeps.

Override `carrier_options` (numbers and their URLs, seed, faults, switches) and `carrier_people`
(who calls and who is reached) in your own conftest or test module.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from simulator.carrier.clock import StepClock
from simulator.carrier.options import CarrierOptions
from simulator.carrier.people.population import Directory
from simulator.carrier.server import CarrierStandIn

if TYPE_CHECKING:
    from twilio.rest import Client


@pytest.fixture
def carrier_options() -> CarrierOptions:
    """Return how the stand-in is set up; override it to own numbers."""
    return CarrierOptions()


@pytest.fixture
def carrier_people() -> Directory:
    """Return who is out there; override it, or add people in a test."""
    return Directory()


@pytest.fixture
def carrier(carrier_options: CarrierOptions, carrier_people: Directory) -> Iterator[CarrierStandIn]:
    """Run a stand-in whose time is moved by hand; fails the test if the stand-in itself failed."""
    with CarrierStandIn(carrier_options, carrier_people, clock=StepClock()) as stand_in:
        yield stand_in
    assert stand_in.timeline.failures == []


@pytest.fixture
def carrier_client(carrier: CarrierStandIn) -> Iterator["Client"]:
    """Return the unmodified Twilio SDK, signed in to the stand-in."""
    from simulator.carrier.sdk import client_of

    client = client_of(carrier)
    yield client
    client.http_client.close()
