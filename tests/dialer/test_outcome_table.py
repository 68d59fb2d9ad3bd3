"""Every (status, SIP code, verdict) a carrier can tell leads to exactly one outcome.

The whole product is walked, codes by class with every documented one, and compared with a table
written here by hand; `test_outcomes` explains the single rules.
"""

from itertools import product

import pytest

from acd.events import LegCause
from dialer.closing import conclude
from dialer.config import CampaignConfig, Detection
from dialer.dials import Dial
from dialer.events import AnsweredBy as Verdict
from dialer.events import Lead
from dialer.ids import CampaignId, LeadId
from dialer.outcomes import AnsweredBy, DialReport, Outcome, classify

STATUSES = ("completed", "busy", "no-answer", "failed", "canceled", "of tomorrow")
CODES = (None, *range(400, 700))
VERDICTS = (None, *AnsweredBy, "of tomorrow")

ANSWERED = {
    None: Outcome.UNKNOWN,
    "human": Outcome.HUMAN,
    "machine_start": Outcome.MACHINE,
    "machine_end_beep": Outcome.MACHINE,
    "machine_end_silence": Outcome.MACHINE,
    "machine_end_other": Outcome.MACHINE,
    "fax": Outcome.FAX,
    "screening_assistant": Outcome.SCREENED,
    "unknown": Outcome.UNKNOWN,
    "of tomorrow": Outcome.UNKNOWN,
}

OF_ANSWERS = set(ANSWERED.values())

BY_CODE = {
    Outcome.INVALID: (404, 410, 484, 604),
    Outcome.BUSY: (486, 600, 603),
    Outcome.NO_ANSWER: (408, 480, 487),
    Outcome.FAILED: (403, 503, 607, 608),
}

BY_STATUS = {
    "completed": Outcome.NO_ANSWER,
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
    "failed": Outcome.FAILED,
    "canceled": Outcome.CANCELLED,
    "of tomorrow": Outcome.FAILED,
}


def expected(status, code):
    """The outcome of an unanswered call: its code, the carrier's class 5xx, then its status."""
    if status != "canceled":
        for outcome, codes in BY_CODE.items():
            if code in codes:
                return outcome
    if code is not None and 500 <= code < 600:
        return Outcome.FAILED
    return BY_STATUS[status]


def test_every_unanswered_call_has_the_outcome_of_the_table():
    wrong = [
        (status, code)
        for status, code in product(STATUSES, CODES)
        if classify(DialReport(status, was_answered=False, sip_code=code)).outcome
        is not expected(status, code)
    ]
    assert wrong == []


def test_every_answered_call_has_the_outcome_of_its_verdict_whatever_status_and_code_say():
    for status, code, verdict in product(STATUSES, (None, 200, 404, 486, 503, 603), VERDICTS):
        report = DialReport(status, was_answered=True, sip_code=code, answered_by=verdict)
        assert classify(report).outcome is ANSWERED[verdict], report


def test_verdict_of_a_call_that_was_never_answered_makes_no_person_of_it():
    for status, verdict in product(STATUSES, VERDICTS):
        report = DialReport(status, was_answered=False, answered_by=verdict)
        assert classify(report).outcome not in {
            Outcome.HUMAN,
            Outcome.MACHINE,
            Outcome.FAX,
            Outcome.SCREENED,
            Outcome.UNKNOWN,
        }


def dial(answered, verdict):
    """A dial that is over, as the centre has it."""
    lead = Lead(LeadId("L1"), 0, "nu-1", "cu-1", 0, 1, "gb", 0)  # type: ignore[arg-type]
    over = Dial("7.1", CampaignId("c"), lead, 0)  # type: ignore[arg-type]
    over.answered_at_ms = 5 if answered else -1
    over.answered_by = verdict.value if verdict else ""
    return over


@pytest.mark.parametrize("detection", list(Detection))
def test_centre_s_own_causes_and_verdicts_have_one_outcome_each(detection):
    config = CampaignConfig(campaign_id=CampaignId("c"), detection=detection)
    for cause, answered, verdict in product(LegCause, (True, False), (None, *Verdict)):
        ended = conclude(dial(answered, verdict), config, cause)
        assert ended.outcome in Outcome
        assert (ended.outcome in OF_ANSWERS) == answered
