"""The in-memory ports keep the contracts that the live ones have to keep."""

import functools

import pytest

from tests.webhooks import contracts, memory
from webhooks.ports import JournalDown


@pytest.fixture
def journal():
    return memory.Journal()


@pytest.fixture
def sessions(journal):
    return memory.Sessions(journal)


@pytest.fixture
def customers():
    return memory.Customers()


@pytest.fixture
def appended(journal):
    return lambda: [fact.natural_key for fact in journal.facts]


@pytest.fixture
def outage(journal):
    return functools.partial(contracts.down, journal)


class TestJournal(contracts.JournalContract):
    pass


class TestSessions(contracts.SessionsContract):
    def test_load_in_an_outage_says_so(self, sessions, outage):
        with outage(), pytest.raises(JournalDown):
            sessions.load(contracts.CALL)


class TestCustomers(contracts.CustomersContract):
    pass
