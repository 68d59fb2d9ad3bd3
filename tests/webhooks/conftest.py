"""Fixtures of the webhooks' tests."""

import pytest

from tests.contract.witness import module_on_contract, on_contract
from tests.webhooks import carrier

__all__ = ["module_on_contract", "on_contract"]


@pytest.fixture
def world():
    return carrier.world()
