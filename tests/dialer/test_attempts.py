"""What becomes of dials: the main roads, and the places where people could be left in silence."""

import pytest

from acd.commands import ConnectCall, EndCall
from acd.events import AgentLegEnded, LegCause
from acd.ids import CallId, Sid
from acd.messages import EventError
from acd.notices import CallClosed, CallConnected, ContactOutcome
from dialer.attempts import VERDICT_MS_MAX
from dialer.commands import CloseAttempt, LeaveMessage, OptOut, PlaySafeHarbour
from dialer.config import Detection, MachinePolicy
from dialer.events import AnsweredBy, DialBound, DialRefused, MessagePlayed, OptedOut
from dialer.live_answers import CONNECT_GRACE_MS
from dialer.notices import DialClosed
from dialer.past import MEMORY_MS
from tests.dialer.site import Site, leads, of, ready_site, settings

LIMIT_MS = 1_000
"""What detection `before` leaves of the two seconds the law gives an agent."""


def talk(site: Site) -> CallId:
    """Bring one dial into a conversation."""
    call_id = site.dial()
    site.answer(call_id)
    [connect] = of(ConnectCall, site.verdict(call_id))
    site.wait(300)
    site.join(connect)
    return call_id


def fill(site: Site) -> None:
    """Occupy both agents."""
    talk(site)
    site.wait(1_000)
    talk(site)
    site.wait(1_000)


def test_a_person_reaches_an_agent_at_the_verdict():
    site = ready_site()
    call_id = talk(site)
    assert of(CallConnected, site.notices)[-1].call_id == call_id
    said = site.hang_up(call_id)
    [closed] = of(CloseAttempt, said)
    assert (closed.outcome, closed.was_connected, closed.is_abandoned) == ("human", True, False)
    [noticed] = of(DialClosed, site.notices)
    assert (noticed.is_live_answer, noticed.wait_ms) == (True, 300)
    assert noticed.live_at_ms == noticed.answered_at_ms == site.now_ms - 300
    assert of(CallClosed, site.notices)[-1].outcome is ContactOutcome.CONNECTED


def test_without_an_agent_the_message_plays_exactly_at_the_limit():
    site = ready_site(settings(agents=2))
    fill(site)
    [placed] = site.pace(1)
    site.answer(placed.call_id)
    assert not of(ConnectCall, site.verdict(placed.call_id))
    assert not of(PlaySafeHarbour, site.wait(LIMIT_MS - 1))
    [played] = of(PlaySafeHarbour, site.wait(1))
    assert played.call_id == placed.call_id
    site.tell(MessagePlayed(site.now_ms, placed.call_id))
    [closed] = of(CloseAttempt, site.hang_up(placed.call_id))
    assert (closed.outcome, closed.is_abandoned, closed.was_connected) == ("human", True, False)
    assert of(CallClosed, site.notices)[-1].outcome is ContactOutcome.ABANDONED


def test_a_person_on_the_way_to_an_agent_is_given_a_moment_more_and_counted():
    site = ready_site()
    call_id = site.dial()
    site.answer(call_id)
    [connect] = of(ConnectCall, site.verdict(call_id))
    assert not of(PlaySafeHarbour, site.wait(LIMIT_MS + CONNECT_GRACE_MS - 1))
    site.join(connect)
    [closed] = of(CloseAttempt, site.hang_up(call_id))
    assert (closed.was_connected, closed.is_abandoned) == (True, True)


def test_a_move_that_never_arrives_ends_in_the_message():
    site = ready_site()
    call_id = site.dial()
    site.answer(call_id)
    site.verdict(call_id)
    assert of(PlaySafeHarbour, site.wait(LIMIT_MS + CONNECT_GRACE_MS))


def test_an_offer_lost_after_the_limit_leads_to_the_message_at_once():
    site = ready_site()
    call_id = site.dial()
    site.answer(call_id)
    [connect] = of(ConnectCall, site.verdict(call_id))
    site.wait(LIMIT_MS + 500)
    gone = AgentLegEnded(site.now_ms, connect.room, Sid(""), LegCause.FAILED)
    assert [played.call_id for played in of(PlaySafeHarbour, site.tell(gone))] == [call_id]


def test_a_person_who_hangs_up_first_is_not_abandoned():
    site = ready_site()
    fill(site)
    [placed] = site.pace(1)
    site.answer(placed.call_id)
    site.verdict(placed.call_id)
    site.wait(700)
    [closed] = of(CloseAttempt, site.hang_up(placed.call_id))
    assert (closed.outcome, closed.is_abandoned) == ("human", False)
    assert of(DialClosed, site.notices)[-1].wait_ms == 700
    assert not of(PlaySafeHarbour, site.wait(5_000))


def test_a_machine_is_hung_up_on():
    site = ready_site()
    call_id = site.dial()
    site.answer(call_id)
    assert of(EndCall, site.verdict(call_id, AnsweredBy.MACHINE)) == [
        EndCall(call_id, Sid(f"CA{call_id}"))
    ]
    [closed] = of(CloseAttempt, site.hang_up(call_id))
    assert closed.outcome == "machine"
    assert not of(CallClosed, site.notices), "the distributor never heard of it"


def test_a_message_is_left_after_the_beep_where_the_campaign_wishes():
    site = ready_site(settings(machine_policy=MachinePolicy.LEAVE_MESSAGE))
    call_id = site.dial()
    site.answer(call_id)
    assert of(LeaveMessage, site.verdict(call_id, AnsweredBy.MACHINE_BEEP))
    site.tell(MessagePlayed(site.now_ms, call_id))
    assert of(CloseAttempt, site.hang_up(call_id))[0].outcome == "machine"


def test_a_verdict_that_never_comes_counts_as_unknown():
    site = ready_site()
    call_id = site.dial()
    site.answer(call_id)
    assert not of(ConnectCall, site.wait(VERDICT_MS_MAX - 1))
    assert of(ConnectCall, site.wait(1))


def test_a_verdict_may_come_before_the_answer():
    site = ready_site()
    [placed] = site.pace(1)
    assert of(ConnectCall, site.verdict(placed.call_id))
    site.answer(placed.call_id)
    assert site.centre.dialer.under_way.stale_count == 1


def test_only_the_first_verdict_counts():
    site = ready_site()
    call_id = talk(site)
    assert not of(EndCall, site.verdict(call_id, AnsweredBy.MACHINE))


def test_with_detection_after_an_answer_goes_to_an_agent_and_a_machine_frees_them():
    site = ready_site(settings(detection=Detection.AFTER))
    call_id = site.dial()
    [connect] = of(ConnectCall, site.answer(call_id))
    site.join(connect)
    assert of(EndCall, site.verdict(call_id, AnsweredBy.MACHINE))
    [closed] = of(CloseAttempt, site.hang_up(call_id))
    assert (closed.outcome, closed.was_connected) == ("machine", False)
    assert of(DialClosed, site.notices)[-1].is_live_answer is False


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        (LegCause.BUSY, "busy"),
        (LegCause.NO_ANSWER, "no_answer"),
        (LegCause.INVALID, "invalid"),
        (LegCause.FAILED, "failed"),
        (LegCause.CANCELED, "cancelled"),
    ],
)
def test_an_unanswered_dial_ends_as_the_carrier_says(cause, outcome):
    site = ready_site()
    call_id = site.dial()
    [closed] = of(CloseAttempt, site.hang_up(call_id, cause))
    assert closed.outcome == outcome


def test_a_refused_dial_is_closed_and_its_number_is_free():
    site = ready_site(count=1)
    [placed] = site.pace(1)
    [closed] = of(CloseAttempt, site.tell(DialRefused(site.now_ms, placed.call_id, 21211)))
    assert closed.outcome == "invalid"
    assert not site.centre.dialer.under_way.is_dialled("k0")


def test_an_end_told_twice_closes_once():
    site = ready_site()
    call_id = site.dial()
    site.hang_up(call_id)
    assert not site.hang_up(call_id)
    assert len(of(CloseAttempt, site.commands)) == 1


def test_an_opt_out_is_passed_on_once_even_after_the_end():
    site = ready_site()
    call_id = site.dial()
    site.tell(OptedOut(site.now_ms, call_id))
    assert not of(OptOut, site.tell(OptedOut(site.now_ms, call_id)))
    site.hang_up(call_id)
    late = site.dial()
    site.hang_up(late)
    assert of(OptOut, site.tell(OptedOut(site.now_ms, late)))[0].lead_id == "l1"


def test_a_fact_about_a_dial_that_never_was_is_refused():
    site = ready_site()
    with pytest.raises(EventError, match="never ordered"):
        site.tell(DialBound(site.now_ms, CallId("9.9"), Sid("CA1")))


def test_ended_dials_are_forgotten_after_a_while():
    site = ready_site()
    first = site.dial()
    site.hang_up(first)
    site.wait(MEMORY_MS + 2_000)
    site.hang_up(site.dial())
    assert first not in site.centre.dialer.under_way.past


def test_a_number_is_never_dialled_twice_at_a_time():
    site = Site()
    site.sign_in()
    same = leads(1) + leads(1)
    site.supply(same)
    site.wait(1_000)
    assert len(site.pace(2)) == 1


def test_a_refusal_of_a_call_that_rings_is_stale():
    site = ready_site()
    call_id = site.dial()
    assert not of(CloseAttempt, site.tell(DialRefused(site.now_ms, call_id, 21211)))


def test_a_verdict_during_the_message_changes_nothing():
    site = ready_site(settings(detection=Detection.AFTER))
    call_id = site.dial()
    site.answer(call_id)
    site.wait(2_000 + CONNECT_GRACE_MS)
    assert not of(EndCall, site.verdict(call_id, AnsweredBy.MACHINE))
    [closed] = of(CloseAttempt, site.hang_up(call_id))
    assert closed.is_abandoned


def test_with_detection_off_no_verdict_is_heard():
    site = ready_site(settings(detection=Detection.OFF))
    call_id = site.dial()
    [connect] = of(ConnectCall, site.answer(call_id))
    site.join(connect)
    assert not of(EndCall, site.verdict(call_id, AnsweredBy.MACHINE))
    [closed] = of(CloseAttempt, site.hang_up(call_id))
    assert (closed.outcome, closed.was_connected) == ("human", True)
