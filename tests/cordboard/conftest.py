"""One embedded Redis for all tests of the program that want one; every test has its own site."""

import itertools

import pytest

from cordboard.runtime.connection import Store
from cordboard.runtime.embedded import EmbeddedRedis

_sites = itertools.count(1)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory):
    with EmbeddedRedis(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@pytest.fixture
def store(redis_url):
    return Store(redis_url, f"site-{next(_sites)}")


@pytest.fixture
def client(store):
    with store.client(timeout_s=5.0) as client:
        yield client
