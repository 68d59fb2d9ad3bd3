"""The live ports keep the contracts too, over a real Redis of their own."""

import functools
import itertools
from contextlib import contextmanager

import pytest

from cordboard.runtime.clock import LiveClock
from cordboard.runtime.connection import Store
from cordboard.runtime.embedded import EmbeddedRedis
from cordboard.runtime.journal import Drafting, JournalReader, RedisJournal
from cordboard.runtime.sealing import DayBox, Pseudonyms, Sealer
from cordboard.runtime.sessions import RedisSessions
from tests.webhooks import contracts

SECRET = "a secret of thirty-two characters"
_sites = itertools.count(1)


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory):
    with EmbeddedRedis(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@pytest.fixture
def store(redis_url):
    return Store(redis_url, f"contract-{next(_sites)}")


@pytest.fixture
def client(store):
    with store.client(timeout_s=5.0) as client:
        yield client


@pytest.fixture
def drafting(store, client):
    return Drafting(LiveClock(), Sealer(store, SECRET, client))


@pytest.fixture
def journal(store, drafting, client):
    return RedisJournal(store, drafting, client)


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
