"""The API before the history of a short simulated day."""

import pytest

from tests.cordboard.api.api_world import open_door
from tests.cordboard.history.conftest import day, day_url

__all__ = ["day", "day_url"]


@pytest.fixture
def door(tmp_path, day_url):
    with open_door(tmp_path, day_url) as opened:
        yield opened
