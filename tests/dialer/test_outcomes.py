"""Every dial ends in exactly one outcome."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.outcomes import AnsweredBy, DialReport, Outcome, classify

STATUSES = ["completed", "busy", "no-answer", "failed", "canceled"]


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        ("human", Outcome.HUMAN),
        ("machine_start", Outcome.MACHINE),
        ("machine_end_beep", Outcome.MACHINE),
        ("machine_end_silence", Outcome.MACHINE),
        ("machine_end_other", Outcome.MACHINE),
        ("fax", Outcome.FAX),
        ("screening_assistant", Outcome.SCREENED),
        ("unknown", Outcome.UNKNOWN),
        (None, Outcome.UNKNOWN),
        ("a value of tomorrow", Outcome.UNKNOWN),
    ],
)
def test_an_answered_call_is_told_by_its_verdict(verdict, outcome):
    report = DialReport("completed", was_answered=True, answered_by=verdict)
    assert classify(report).outcome is outcome


@pytest.mark.parametrize(
    ("status", "sip_code", "outcome"),
    [
        ("busy", 486, Outcome.BUSY),
        ("busy", 603, Outcome.BUSY),
        ("busy", None, Outcome.BUSY),
        ("no-answer", 487, Outcome.NO_ANSWER),
        ("no-answer", 480, Outcome.NO_ANSWER),
        ("no-answer", None, Outcome.NO_ANSWER),
        ("failed", 404, Outcome.INVALID),
        ("failed", 484, Outcome.INVALID),
        ("failed", 604, Outcome.INVALID),
        ("failed", 410, Outcome.INVALID),
        ("failed", 503, Outcome.FAILED),
        ("failed", 502, Outcome.FAILED),
        ("failed", 608, Outcome.FAILED),
        ("failed", None, Outcome.FAILED),
        ("canceled", 487, Outcome.CANCELLED),
        ("completed", None, Outcome.NO_ANSWER),
        ("of tomorrow", None, Outcome.FAILED),
    ],
)
def test_an_unanswered_call_is_told_by_its_code_then_its_status(status, sip_code, outcome):
    assert classify(DialReport(status, was_answered=False, sip_code=sip_code)).outcome is outcome


@pytest.mark.parametrize(
    ("error_code", "outcome"),
    [(21211, Outcome.INVALID), (21215, Outcome.FAILED), (20429, Outcome.FAILED)],
)
def test_a_refusal_at_creation_outranks_the_status(error_code, outcome):
    report = DialReport("failed", was_answered=False, sip_code=486, error_code=error_code)
    assert classify(report).outcome is outcome


def test_a_call_we_withdrew_is_cancelled_however_the_network_put_it():
    report = DialReport("no-answer", was_answered=False, sip_code=487, was_withdrawn=True)
    assert classify(report).outcome is Outcome.CANCELLED


def test_an_answer_that_outran_our_cancellation_is_still_an_answer():
    report = DialReport("completed", was_answered=True, answered_by="human", was_withdrawn=True)
    assert classify(report).outcome is Outcome.HUMAN


def test_without_detection_an_answer_is_a_person():
    report = DialReport("completed", was_answered=True, was_detecting=False)
    assert classify(report).outcome is Outcome.HUMAN


def test_unknown_is_a_person_unless_the_campaign_says_otherwise():
    person = classify(DialReport("completed", was_answered=True, answered_by="human"))
    assert person.is_live(unknown_is_human=False)
    unknown = classify(DialReport("completed", was_answered=True))
    assert unknown.is_live()
    assert not unknown.is_live(unknown_is_human=False)


def test_a_message_is_noted_on_machines_only():
    machine = DialReport(
        "completed", was_answered=True, answered_by="machine_end_beep", message_left=True
    )
    person = DialReport("completed", was_answered=True, answered_by="human", message_left=True)
    assert classify(machine).message_left
    assert not classify(person).message_left


@given(
    status=st.sampled_from(STATUSES) | st.text(max_size=12),
    was_answered=st.booleans(),
    sip_code=st.none() | st.integers(100, 699),
    error_code=st.none() | st.integers(10_000, 65_000),
    answered_by=st.none() | st.sampled_from([str(value) for value in AnsweredBy]) | st.text(),
    was_detecting=st.booleans(),
    was_withdrawn=st.booleans(),
)
def test_any_report_gives_one_outcome_that_fits_whether_it_was_answered(
    status, was_answered, sip_code, error_code, answered_by, was_detecting, was_withdrawn
):
    told = classify(
        DialReport(
            status, was_answered, sip_code, error_code, answered_by, was_detecting, was_withdrawn
        )
    )
    needs_answer = {
        Outcome.HUMAN,
        Outcome.MACHINE,
        Outcome.FAX,
        Outcome.SCREENED,
        Outcome.UNKNOWN,
    }
    assert (told.outcome in needs_answer) == was_answered
    assert told.cause
