"""One embedded Redis for all tests of the runtime; every test has a site of its own."""

import itertools
from pathlib import Path

import pytest

from cordboard.runtime.clock import LiveClock
from cordboard.runtime.connection import Store
from cordboard.runtime.embedded import EmbeddedRedis
from cordboard.runtime.journal import Drafting, RedisJournal
from cordboard.runtime.sealing import Sealer
from tests.cordboard.runtime.runtime_doubles import SECRET

_sites = itertools.count(1)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("redis")
    with EmbeddedRedis(folder) as server:
        yield server.url


@pytest.fixture
def store(redis_url):
    return Store(redis_url, f"site-{next(_sites)}")


@pytest.fixture
def client(store):
    with store.client(timeout_s=5.0) as client:
        yield client


@pytest.fixture
def sealer(store, client):
    return Sealer(store, SECRET, client)


@pytest.fixture
def drafting(sealer):
    return Drafting(LiveClock(), sealer)


@pytest.fixture
def journal(store, drafting, client):
    return RedisJournal(store, drafting, client)
