"""What every implementation of the webhooks' ports must do, as a test suite to be inherited.

Subclass in a test module, and give the fixtures `journal` and `sessions` (both empty), `customers`,
`appended` (a function that returns the natural keys in the journal, in order) and `outage` (makes
a context in which the store refuses to write).
"""

import contextlib

import pytest

from acd.events import UNSTAMPED, CallEnded
from acd.ids import CallId, CustomerId
from webhooks.ports import Fact, FlowSession, JournalDown, Stored

CALL = CallId("CA" + "1" * 32)
OTHER = CallId("CA" + "2" * 32)


def fact(key):
    event = CallEnded(UNSTAMPED, CALL)
    return Fact(event, key, subject=CustomerId("cu.1"), private={"number": "+12125550142"})


def session(token, answered=""):
    return FlowSession(
        token=token, state='{"a": "字"}', twiml=f"<Response>{token}</Response>", answered=answered
    )


class JournalContract:
    """A journal takes facts in order, all or none."""

    def test_facts_are_kept_in_order(self, journal, appended):
        journal.append([fact("a"), fact("b")])
        journal.append([fact("c")])
        assert appended() == ["a", "b", "c"]

    def test_nothing_to_append_is_fine(self, journal, appended):
        journal.append([])
        assert appended() == []

    def test_the_same_fact_may_be_told_twice(self, journal, appended):
        journal.append([fact("a")])
        journal.append([fact("a")])
        assert set(appended()) == {"a"}

    def test_refusal_is_told_and_nothing_is_kept(self, journal, appended, outage):
        with outage(), pytest.raises(JournalDown):
            journal.append([fact("a")])
        assert appended() == []


class SessionsContract:
    """A session store moves a caller once per step, together with the facts."""

    def test_unknown_call_has_no_session(self, sessions):
        assert sessions.load(CALL) is None

    def test_new_call_is_stored_with_its_facts(self, sessions, appended):
        first = session("t1")
        stored = sessions.advance(CALL, expected=None, session=first, facts=[fact("a")])
        assert stored == (Stored.DONE, first)
        assert sessions.load(CALL) == first
        assert appended() == ["a"]

    def test_same_new_call_again_is_repeated_and_adds_nothing(self, sessions, appended):
        first = session("t1")
        sessions.advance(CALL, expected=None, session=first, facts=[fact("a")])
        again = sessions.advance(CALL, expected=None, session=session("t9"), facts=[fact("b")])
        assert again == (Stored.REPEATED, first)
        assert appended() == ["a"]

    def test_answer_moves_the_caller_on(self, sessions, appended):
        sessions.advance(CALL, expected=None, session=session("t1"), facts=[])
        second = session("t2", "t1")
        moved = sessions.advance(CALL, expected="t1", session=second, facts=[fact("a")])
        assert moved == (Stored.DONE, second)
        assert sessions.load(CALL) == second
        assert appended() == ["a"]

    def test_same_answer_again_is_repeated_and_adds_nothing(self, sessions, appended):
        sessions.advance(CALL, expected=None, session=session("t1"), facts=[])
        second = session("t2", "t1")
        sessions.advance(CALL, expected="t1", session=second, facts=[fact("a")])
        other = session("t3", "t1")
        again = sessions.advance(CALL, expected="t1", session=other, facts=[fact("b")])
        assert again == (Stored.REPEATED, second)
        assert appended() == ["a"]

    def test_older_answer_is_stale_and_adds_nothing(self, sessions, appended):
        sessions.advance(CALL, expected=None, session=session("t1"), facts=[])
        sessions.advance(CALL, expected="t1", session=session("t2", "t1"), facts=[])
        third = session("t3", "t2")
        sessions.advance(CALL, expected="t2", session=third, facts=[])
        late = sessions.advance(CALL, expected="t1", session=session("x", "t1"), facts=[fact("b")])
        assert late == (Stored.STALE, third)
        begun = sessions.advance(CALL, expected=None, session=session("x"), facts=[fact("c")])
        assert begun == (Stored.STALE, third)
        assert appended() == []

    def test_answer_of_a_call_without_a_session_is_stale(self, sessions, appended):
        given = session("t2", "t1")
        lost = sessions.advance(CALL, expected="t1", session=given, facts=[fact("a")])
        assert lost == (Stored.STALE, given)
        assert sessions.load(CALL) is None
        assert appended() == []

    def test_calls_do_not_touch_each_other(self, sessions):
        sessions.advance(CALL, expected=None, session=session("t1"), facts=[])
        assert sessions.load(OTHER) is None

    def test_refusal_is_told_and_nothing_has_moved(self, sessions, appended, outage):
        first = session("t1")
        sessions.advance(CALL, expected=None, session=first, facts=[])
        with outage(), pytest.raises(JournalDown):
            sessions.advance(CALL, expected="t1", session=session("t2", "t1"), facts=[fact("a")])
        assert sessions.load(CALL) == first
        assert appended() == []


class CustomersContract:
    """Customers are named without showing their number."""

    def test_same_number_is_the_same_customer(self, customers):
        assert customers.by_number("+12125550142") == customers.by_number("+12125550142")

    def test_other_numbers_are_other_customers(self, customers):
        assert customers.by_number("+12125550142") != customers.by_number("+12125550143")

    def test_name_does_not_show_the_number(self, customers):
        assert "5550142" not in customers.by_number("+12125550142")


@contextlib.contextmanager
def down(journal):
    """Make an in-memory journal refuse for a while."""
    journal.is_down = True
    try:
        yield
    finally:
        journal.is_down = False
