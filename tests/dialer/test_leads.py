"""Leads at hand: order, windows, numbers in use, and asking for more."""

from acd.ids import CustomerId
from dialer.events import Lead
from dialer.ids import LeadId
from dialer.leads import LEADS_LOW, LeadStock


def lead(name: str, *, key: str = "", opens: int = 0, closes: int = 1_000) -> Lead:
    return Lead(LeadId(name), 0, key or name, CustomerId(name), opens, closes, "us-1", 0)


def stock(*leads: Lead) -> LeadStock:
    subject = LeadStock()
    subject.supply(subject.ask(), leads, is_exhausted=False)
    return subject


def nobody(number_key: str) -> bool:
    return False


def test_leads_are_taken_in_the_order_of_the_store():
    subject = stock(lead("a"), lead("b"))
    assert [subject.take(5, nobody).lead_id, subject.take(5, nobody).lead_id] == ["a", "b"]
    assert subject.take(5, nobody) is None


def test_a_window_includes_its_opening_and_excludes_its_closing():
    assert stock(lead("a", opens=10, closes=20)).take(9, nobody) is None
    assert stock(lead("a", opens=10, closes=20)).take(10, nobody) is not None
    assert stock(lead("a", opens=10, closes=20)).take(19, nobody) is not None
    assert stock(lead("a", opens=10, closes=20)).take(20, nobody) is None


def test_a_lead_whose_window_closed_is_dropped():
    subject = stock(lead("late", closes=10), lead("b"))
    assert subject.take(10, nobody).lead_id == "b"
    assert len(subject) == 0


def test_a_lead_whose_number_is_being_dialled_keeps_its_place():
    subject = stock(lead("a", key="k"), lead("b"))
    assert subject.take(5, {"k"}.__contains__).lead_id == "b"
    assert subject.take(5, nobody).lead_id == "a"


def test_more_are_asked_for_when_few_are_left_but_only_once():
    subject = LeadStock()
    assert subject.needs_more
    subject.ask()
    assert not subject.needs_more


def test_enough_leads_need_no_request():
    assert not stock(*(lead(str(index)) for index in range(LEADS_LOW))).needs_more


def test_a_late_answer_is_taken_once():
    subject = LeadStock()
    old = subject.ask()
    subject.give_up_waiting()
    new = subject.ask()
    assert subject.supply(old, (lead("a"),), is_exhausted=True)
    assert not subject.supply(old, (lead("a"),), is_exhausted=True)
    assert (len(subject), subject.is_exhausted, subject.open_request) == (1, False, new)


def test_an_answer_to_a_request_never_made_is_not_taken():
    subject = LeadStock()
    assert not subject.supply(subject.ask() + 1, (lead("a"),), is_exhausted=False)
    assert len(subject) == 0


def test_a_lead_at_hand_is_not_taken_twice():
    subject = stock(lead("a"))
    subject.supply(subject.ask(), (lead("a"), lead("b")), is_exhausted=False)
    assert [one.lead_id for one in subject.leads] == ["a", "b"]


def test_an_empty_answer_ends_the_asking_until_it_is_tried_again():
    subject = LeadStock()
    subject.supply(subject.ask(), (), is_exhausted=False)
    assert not subject.needs_more
    assert subject.is_waiting
    subject.give_up_waiting()
    assert subject.needs_more
