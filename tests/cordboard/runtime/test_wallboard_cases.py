"""Cases on the wallboard: how many are open and overdue, and which one an agent has."""

import pytest

from acd.channels import Channel
from acd.config import AcdConfig, AgentConfig, QueueConfig
from acd.engine import Engine
from acd.events import (
    AgentSignedIn,
    AgentWentReady,
    CallQueued,
    CaseOpened,
    CasePostponed,
    CaseResolved,
    ClockTicked,
    FlowEnded,
    FlowOutcome,
    VoicemailLeft,
)
from cordboard.runtime.board import agent_line, decode, encode
from cordboard.runtime.wallboard import Wallboard
from dialer.config import CentreConfig

CONFIG = AcdConfig(
    queues=(
        QueueConfig(queue_id="calls", follow_up_queue_id="desk"),
        QueueConfig(queue_id="desk", channel=Channel.TASK, auto_accept=True),
    ),
    agents=(AgentConfig(agent_id="ana"),),
)


@pytest.fixture
def seen():
    """Tell a centre what happens and return what its wallboard shows."""
    centre, wall = Engine(CONFIG), Wallboard(CentreConfig(acd=CONFIG, campaigns=()), "UTC", 1)

    def tell(*events):
        for event in events:
            centre.handle(event)
            wall.heed(event.at_ms, centre.notices)
        return decode(encode(wall.board(events[-1].at_ms)))

    return tell


def test_task_shows_its_case_and_the_call_in_which_the_customer_told_their_story(seen):
    board = seen(
        CallQueued(1_000, "CA1", "calls", "k", {}),
        FlowEnded(2_000, "CA1", FlowOutcome.VOICEMAIL),
        VoicemailLeft(3_000, "CA1", "RE1", 9_000),
        AgentSignedIn(4_000, "ana"),
        AgentWentReady(4_000, "ana"),
    )
    ana = agent_line(board, "ana")

    assert (ana.case.category, ana.is_task, ana.call_id) == ("voicemail", True, "CA1")
    assert (board.cases_open, board.cases_overdue) == (1, 0)


def test_overdue_promise_is_on_the_board_until_it_is_renewed_or_kept(seen):
    board = seen(
        CaseOpened(1_000, "CS1", "k", "desk", "refund", 5_000, agent_id="ana"),
        ClockTicked(6_000, 0, 1),
    )
    assert (board.cases_overdue, agent_line(board, "ana").overdue) == (1, 1)

    board = seen(CasePostponed(7_000, "CS1", 90_000))
    assert (board.cases_open, board.cases_overdue) == (1, 0)

    board = seen(CaseResolved(8_000, "CS1"))
    assert (board.cases_open, agent_line(board, "ana").overdue) == (0, 0)
