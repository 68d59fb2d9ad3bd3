"""The pages about the webhooks agree with the program."""

import re
from pathlib import Path

import pytest

from tests.webhooks import carrier
from webhooks.addresses import Addresses

PAGE = Path(__file__).parents[2] / "docs" / "webhooks.md"


@pytest.fixture
def app():
    return carrier.world(ports={"text_messages": object(), "conversations": object()}).app


def test_every_address_is_on_the_page_and_no_other(app):
    served = {rule.rule for rule in app.url_map.iter_rules()}
    table = PAGE.read_text(encoding="utf-8").split("## Addresses")[1].split("\n## ")[0]
    written = set(re.findall(r"`(/[a-z/-]+)`", table))
    assert written == served


def test_every_address_that_is_given_out_is_served(app):
    addresses = Addresses("https://cc.example.com")
    served = {rule.rule for rule in app.url_map.iter_rules()}
    for name in dir(addresses):
        method = getattr(addresses, name)
        if name.startswith("_") or not callable(method):
            continue
        count = method.__func__.__code__.co_argcount - 1
        path = carrier.path_of(method(*["x"] * count))
        assert path in served, name
