"""The live ports keep the contracts of the webhooks too, over a real Redis."""

import functools
from contextlib import contextmanager

import pytest

from cordboard.runtime.journal import JournalReader
from cordboard.runtime.sealing import DayBox, Pseudonyms
from cordboard.runtime.sessions import RedisSessions
from tests.cordboard.runtime.runtime_doubles import SECRET
from tests.webhooks import contracts


@pytest.fixture
def sessions(store, drafting, client):
    return RedisSessions(store, drafting, DayBox(SECRET, "places"), client)


@pytest.fixture
def customers():
    return Pseudonyms(SECRET)


@pytest.fixture
def appended(store, client):
    reader = JournalReader(store, client)
    return lambda: [entry.natural_key for entry in reader.read("0-0")]


@contextmanager
def _without_replicas(client):
    """Let Redis refuse writes, as it does in production when a replica is lost."""
    client.config_set("min-replicas-to-write", 1)
    try:
        yield
    finally:
        client.config_set("min-replicas-to-write", 0)


@pytest.fixture
def outage(client):
    return functools.partial(_without_replicas, client)


class TestRedisJournal(contracts.JournalContract):
    pass


class TestRedisSessions(contracts.SessionsContract):
    pass


class TestPseudonyms(contracts.CustomersContract):
    pass
