"""Alive, ready, and nothing else for strangers."""

import pytest

from tests.webhooks import carrier


def test_alive_and_ready_are_open_to_anybody(world):
    client = world.app.test_client()
    assert client.get("/healthz").text == "alive\n"
    assert client.get("/readyz").text == "ready\n"


def test_not_ready_is_said_so():
    world = carrier.world(is_ready=lambda: False)
    assert world.app.test_client().get("/readyz").status_code == 503


def test_fault_in_readiness_is_an_empty_500():
    def broken():
        raise RuntimeError

    world = carrier.world(is_ready=broken)
    world.app.testing = False
    answer = world.app.test_client().get("/readyz")
    assert (answer.status_code, answer.data) == (500, b"")


@pytest.mark.parametrize("path", ["/", "/voice/inbound/", "/voice/nonesuch", "/static/x"])
def test_what_is_not_there_is_an_empty_404(world, path):
    answer = world.app.test_client().post(path)
    assert (answer.status_code, answer.data) == (404, b"")


def test_webhooks_take_posts_only(world):
    answer = world.app.test_client().get("/voice/inbound")
    assert (answer.status_code, answer.data) == (405, b"")
