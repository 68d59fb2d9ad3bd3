"""What is appended to a test's site, and the carrier's contract that its requests must keep."""

import pytest

from cordboard.runtime.clock import LiveClock
from cordboard.runtime.journal import Drafting, RedisJournal
from cordboard.runtime.sealing import Sealer
from tests.cordboard.runtime.runtime_doubles import SECRET


@pytest.fixture
def sealer(store, client):
    return Sealer(store, SECRET, client)


@pytest.fixture
def drafting(sealer):
    return Drafting(LiveClock(), sealer)


@pytest.fixture
def journal(store, drafting, client):
    return RedisJournal(store, drafting, client)
