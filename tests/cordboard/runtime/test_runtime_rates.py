"""Rates are of the site, not of each web process, and a store that is down shuts nobody out."""

import pytest
from flask import Flask
from flask_limiter import Limiter

from cordboard.console.accounts import Role
from cordboard.runtime.connection import Store
from cordboard.runtime.embedded import EmbeddedRedis
from cordboard.runtime.rates import shared_counts
from tests.cordboard.console.console_doubles import accounts_of, console_of

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    with EmbeddedRedis(tmp_path_factory.mktemp("redis")) as server:
        yield server


def process(store):
    """Return what one web process is: an application that counts in a store."""
    app = Flask("one")
    app.config.update(shared_counts(store))
    limiter = Limiter(lambda: "crm", app=app)
    app.add_url_rule("/", view_func=limiter.limit("3 per minute")(lambda: "fine"))
    return app.test_client()


def test_processes_of_a_site_count_together(redis):
    one, two = (process(Store(redis.url, "together")) for _ in range(2))
    codes = [client.get("/").status_code for client in (one, two, one, two, one)]
    assert codes == [200, 200, 200, 429, 429]


def test_sites_count_apart(redis):
    one, other = process(Store(redis.url, "apart-1")), process(Store(redis.url, "apart-2"))
    assert [one.get("/").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert other.get("/").status_code == 200


def test_counts_end_by_themselves(redis):
    store = Store(redis.url, "ending")
    process(store).get("/")
    with store.client() as client:
        names = list(client.scan_iter(match=f"{store.keys.rates}*"))
        assert len(names) == 1
        assert 0 < client.ttl(names[0]) <= 60


def test_process_counts_for_itself_while_the_store_is_down(tmp_path):
    client = process(Store(f"unix://{tmp_path}/nobody.sock", "down"))
    assert [client.get("/").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_tries_to_sign_in_count_together_and_keep_no_name(redis):
    store = Store(redis.url, "sign-in")
    people = accounts_of("correct horse", Role.AGENT)

    def console():
        return console_of(people, journal=[], counts=shared_counts(store)).test_client()

    told = {"name": "a canary", "password": "wrong one"}
    codes = [console().post("/sign-in", data=told, headers=OURS).status_code for _ in range(12)]
    assert codes == [401] * 10 + [429] * 2
    with store.client() as client:
        assert not [name for name in client.scan_iter() if b"canary" in name]
