"""Fixtures of the webhooks' tests."""

import pytest

from tests.webhooks import carrier


@pytest.fixture
def world():
    return carrier.world()
