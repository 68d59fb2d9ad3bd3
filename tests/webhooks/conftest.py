"""Fixtures of the webhooks' tests."""

import pytest

from tests.webhooks import carrier, switches


@pytest.fixture
def world():
    return carrier.world()


def pytest_generate_tests(metafunc):
    switches.parametrize(metafunc)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    switches.mark_untouched(items)
