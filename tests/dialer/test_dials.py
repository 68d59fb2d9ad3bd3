"""Every cell of the dial's table, and what a verdict means."""

import pytest

from acd.ids import CallId, CustomerId
from acd.messages import EngineError
from dialer.config import CampaignConfig, Detection, MachinePolicy
from dialer.dials import DIAL_STATES, Dial, DialState, Step
from dialer.events import AnsweredBy, Lead
from dialer.ids import CampaignId, LeadId
from dialer.verdicts import step_at_answer, step_of_verdict

CAMPAIGN = CampaignId("renewals")
LEAD = Lead(LeadId("l1"), 0, "k1", CustomerId("p1"), 0, 1_000_000, "us-1", 0)
CELLS = [(state, step, DIAL_STATES.rows[state][step]) for state in DialState for step in Step]


def dial(state: DialState) -> Dial:
    return Dial(CallId("1.1"), CAMPAIGN, LEAD, 0, state)


@pytest.mark.parametrize(("state", "step", "cell"), CELLS)
def test_every_cell_of_the_table_is_what_a_dial_does(state, step, cell):
    subject = dial(state)
    if cell == "impossible":
        with pytest.raises(EngineError, match=r"dial 1\.1"):
            subject.take(step)
    else:
        assert subject.take(step) is (cell != "stale")
        assert subject.state == (state if cell == "stale" else cell)


def test_no_fact_from_outside_is_ever_impossible():
    ours = {Step.CONNECTED, Step.TOO_LATE}
    assert {step for _, step, cell in CELLS if cell == "impossible"} == ours


def test_nothing_leaves_the_end():
    assert {cell for state, _, cell in CELLS if state is DialState.OVER} <= {"stale", "impossible"}


def test_the_end_is_one_step_from_everywhere():
    ends = {cell for state, step, cell in CELLS if step is Step.ENDED}
    assert ends == {"over", "stale"}


@pytest.mark.parametrize(
    ("detection", "step"),
    [
        (Detection.BEFORE, Step.ANSWERED),
        (Detection.AFTER, Step.PERSON),
        (Detection.OFF, Step.PERSON),
    ],
)
def test_an_answer_is_a_person_unless_detection_comes_first(detection, step):
    assert step_at_answer(CampaignConfig(campaign_id=CAMPAIGN, detection=detection)) is step


@pytest.mark.parametrize(
    ("answered_by", "policy", "unknown_is_human", "step"),
    [
        (AnsweredBy.HUMAN, MachinePolicy.HANG_UP, False, Step.PERSON),
        (AnsweredBy.UNKNOWN, MachinePolicy.HANG_UP, True, Step.PERSON),
        (AnsweredBy.UNKNOWN, MachinePolicy.HANG_UP, False, Step.MACHINE),
        (AnsweredBy.MACHINE, MachinePolicy.LEAVE_MESSAGE, True, Step.MACHINE),
        (AnsweredBy.MACHINE_BEEP, MachinePolicy.LEAVE_MESSAGE, True, Step.BEEPED),
        (AnsweredBy.MACHINE_BEEP, MachinePolicy.HANG_UP, True, Step.MACHINE),
        (AnsweredBy.FAX, MachinePolicy.LEAVE_MESSAGE, True, Step.MACHINE),
        (AnsweredBy.SCREENING, MachinePolicy.LEAVE_MESSAGE, True, Step.MACHINE),
    ],
)
def test_a_verdict_means_what_the_campaign_says(answered_by, policy, unknown_is_human, step):
    config = CampaignConfig(
        campaign_id=CAMPAIGN, machine_policy=policy, unknown_is_human=unknown_is_human
    )
    assert step_of_verdict(config, answered_by) is step
