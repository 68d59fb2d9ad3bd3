"""Cases in history: what became of what customers were promised."""

import pytest
from sqlalchemy import create_engine

from acd.channels import Channel
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.engine import Engine
from acd.events import (
    AgentReleasedCall,
    AgentSignedIn,
    AgentWentReady,
    CaseOpened,
    CasePostponed,
    CaseRated,
    CaseReopened,
    CaseResolved,
)
from cordboard.history.cases import case_rows
from cordboard.history.counts import Period
from cordboard.history.rows import write
from cordboard.history.schema import metadata

DAY = Period(0, 86_400_000, 1_800_000)
DESK = QueueConfig(queue_id="desk", channel=Channel.TASK, auto_accept=True, wrap_up_ms=0)


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def told(connection):
    """Tell a centre what happens; history writes down what it means."""
    centre = Engine(AcdConfig(queues=(DESK,), agents=(AgentConfig(agent_id="ana"),)))

    def tell(*events):
        for event in events:
            centre.handle(event)
            for notice in centre.notices:
                write(notice, connection)

    return tell


def test_each_category_tells_whether_its_promises_were_kept(connection, told):
    told(
        CaseOpened(1_000, "CS1", "k1", "desk", "refund", 50_000),
        CaseOpened(2_000, "CS2", "k2", "desk", "refund", 9_000),
        CaseOpened(3_000, "CS3", "k3", "desk", "address", 900_000),
        CaseResolved(5_000, "CS1"),
        CaseRated(6_000, "CS1", 5),
        CaseRated(9_500, "CS2", 2),
        CaseReopened(10_000, "CS1", 90_000),
    )
    address, refund = case_rows(connection, DAY)

    assert (refund.category, refund.opened, refund.settled, refund.reopened) == ("refund", 2, 0, 1)
    assert (refund.overdue, refund.on_time, refund.rating) == (1, 0.0, 3.5)
    assert (address.opened, address.on_time, address.rating) == (1, None, None)


def test_settled_in_time_stays_on_time_and_a_new_promise_counts(connection, told):
    told(
        AgentSignedIn(0, "ana"),
        AgentWentReady(0, "ana"),
        CaseOpened(1_000, "CS1", "k1", "desk", "refund", 5_000),
        CasePostponed(2_000, "CS1", 60_000),
        CaseResolved(30_000, "CS1"),
        AgentReleasedCall(31_000, "ana"),
    )
    (refund,) = case_rows(connection, DAY)

    assert (refund.settled, refund.overdue, refund.on_time) == (1, 0, 1.0)


def test_cases_of_other_days_are_not_counted(connection, told):
    told(CaseOpened(90_000_000, "CS1", "k1", "desk", "refund", 95_000_000))

    assert case_rows(connection, DAY) == []
