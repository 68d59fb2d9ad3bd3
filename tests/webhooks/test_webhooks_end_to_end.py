"""Each window in which somebody may hang up, end to end with the carrier stand-in.

Under both answers to every question the carrier's documentation leaves open. After each: every call
has one arrival and one end, the outcome is the right one, no leg lives on, and the carrier has no
complaint about a document of ours.
"""

import pytest

from acd.events import FlowOutcome
from dialer.events import AnsweredBy
from simulator.carrier.people.manners import Manner, Reaction
from tests.webhooks.stage import CUSTOMER, stage

HANG_UP = Reaction(hang_up=True)
MESSAGE = Reaction(say="please call me back about the letter you sent me last week")


@pytest.fixture
def scene(variants):
    with stage(variants=variants) as ready:
        yield ready


def _ended_once(scene, outcome):
    assert scene.is_quiet()
    assert scene.count("CallArrived") == scene.count("CallEnded") == 1
    ended = [event.outcome for event in scene.told() if type(event).__name__ == "FlowEnded"]
    assert ended == ([] if outcome is None else [outcome])
    assert scene.alerts() == []


def _waiting(scene, *reactions, **manner):
    call_id = scene.call_in(Reaction(key="1"), *reactions, **manner)
    scene.pass_(12)
    assert scene.count("CallQueued") == 1
    assert scene.count("CallWaited") >= 1
    return call_id


# --- the caller, in the flow -----------------------------------------------------------------


def test_caller_hangs_up_while_hearing_the_menu(scene):
    scene.call_in(Reaction(hang_up=True, after_s=0.5, interrupts=True))
    scene.pass_(5)
    _ended_once(scene, FlowOutcome.ABANDONED)


def test_caller_hangs_up_after_a_wrong_key(scene):
    scene.call_in(Reaction(key="9"), HANG_UP)
    scene.pass_(30)
    _ended_once(scene, FlowOutcome.ABANDONED)


def test_caller_says_nothing_and_is_given_a_person_then_hangs_up(scene):
    scene.call_in(patience_s=20.0)
    scene.pass_(120)
    assert scene.count("CallQueued") == 1
    _ended_once(scene, None)


def test_caller_speaks_their_choice(scene):
    scene.call_in(Reaction(say="people"), patience_s=5.0)
    scene.pass_(60)
    assert scene.count("CallQueued") == 1
    _ended_once(scene, None)


def test_caller_is_served_by_the_flow(scene):
    scene.call_in(Reaction(key="4"))
    scene.pass_(30)
    _ended_once(scene, FlowOutcome.SELF_SERVED)


# --- the caller, at the voicemail ------------------------------------------------------------


def test_caller_hangs_up_during_the_greeting_of_the_voicemail(scene):
    scene.call_in(Reaction(key="2"), stays_s=5.5)
    scene.pass_(60)
    assert scene.count("VoicemailLeft") == 0
    assert scene.is_quiet()


def test_caller_leaves_a_message_and_falls_silent(scene):
    scene.call_in(Reaction(key="2"), MESSAGE)
    scene.pass_(60)
    assert scene.count("VoicemailLeft") == 1
    _ended_once(scene, FlowOutcome.VOICEMAIL)


def test_caller_leaves_a_message_and_hangs_up(scene):
    scene.call_in(Reaction(key="2"), MESSAGE, stays_s=9.0)
    scene.pass_(60)
    assert scene.count("VoicemailLeft") == 1
    _ended_once(scene, FlowOutcome.VOICEMAIL)


# --- the caller, waiting ---------------------------------------------------------------------


@pytest.mark.parametrize("patience_s", [0.2, 2.0, 25.0, 90.0])
def test_caller_loses_patience_in_the_line(scene, patience_s):
    scene.call_in(Reaction(key="1"), patience_s=patience_s)
    scene.pass_(150)
    _ended_once(scene, None)


def test_caller_hangs_up_while_the_agent_is_rung(scene):
    call_id = _waiting(scene, patience_s=10.0)
    leg = scene.offer(call_id, ring_s=30.0)
    scene.pass_(8)
    scene.end(leg)
    scene.pass_(2)
    assert scene.count("AgentLegEnded") == 1
    _ended_once(scene, None)


def test_caller_hangs_up_in_the_instant_of_being_moved(scene):
    call_id = _waiting(scene, patience_s=100.0)
    scene.connect(call_id, call_id)
    scene.end(call_id)
    scene.pass_(5)
    _ended_once(scene, None)


def test_caller_leaves_the_line_by_key_and_leaves_a_message(variants):
    with stage(variants=variants, leave_key="*") as scene:
        leaving = Reaction(key="*", when=r"press \*")
        scene.call_in(Reaction(key="1"), leaving, MESSAGE)
        scene.pass_(90)
        assert scene.count("VoicemailLeft") == 1
        _ended_once(scene, FlowOutcome.VOICEMAIL)


# --- customer and agent ----------------------------------------------------------------------


def _talking(scene, *, talk_s=30.0, agent=None):
    call_id = _waiting(scene, patience_s=200.0, talk_s=talk_s)
    leg = scene.offer(call_id, manner=agent or Manner(lingers_s=2.0, stays_s=None))
    scene.pass_(5)
    scene.connect(call_id, call_id)
    scene.pass_(3)
    assert scene.count("PartyJoined") == 2
    return call_id, leg


def test_customer_ends_the_talk(scene):
    call_id, _ = _talking(scene)
    scene.pass_(60)
    names = [type(event).__name__ for event in scene.told()]
    assert names.index("AgentLegBound") < names.index("AgentLegAnswered")
    joined = [e for e in scene.told() if type(e).__name__ == "PartyJoined"]
    assert {event.leg_id for event in joined} == {call_id, "7.1"}
    assert scene.count("PartyLeft") == 2
    _ended_once(scene, None)


def test_agent_ends_the_talk(scene):
    call_id, _ = _talking(scene, talk_s=None, agent=Manner(talk_s=10.0, stays_s=None))
    scene.pass_(15)
    assert scene.count("AgentLegEnded") == 1
    scene.end(call_id)
    scene.pass_(2)
    _ended_once(scene, None)


def test_parked_customer_waits_with_music_and_is_taken_back(scene):
    call_id, _ = _talking(scene, talk_s=40.0, agent=Manner(stays_s=60.0, lingers_s=None))
    scene.redirect(call_id, scene.addresses.park(call_id, "7.9"))
    scene.pass_(3)
    scene.redirect(call_id, scene.addresses.room(call_id, call_id, "7.1"))
    scene.pass_(90)
    rooms = [e.room for e in scene.told() if type(e).__name__ == "PartyJoined"]
    assert "7.9" in rooms
    assert scene.count("CallEnded") == 1


@pytest.mark.parametrize(
    ("callee", "cause"),
    [
        ({"pick_up": "no-answer"}, "no_answer"),
        ({"pick_up": "busy"}, "busy"),
        ({"pick_up": "rejects"}, "busy"),
    ],
)
def test_agent_who_does_not_take_the_call(scene, callee, cause):
    call_id = _waiting(scene, patience_s=60.0)
    scene.offer(call_id, **callee)
    scene.pass_(120)
    (ended,) = [e for e in scene.told() if type(e).__name__ == "AgentLegEnded"]
    assert ended.cause in (cause, "no_answer")
    _ended_once(scene, None)


# --- after the line --------------------------------------------------------------------------


def test_nobody_takes_the_caller_who_leaves_a_message(scene):
    call_id = _waiting(scene, MESSAGE, patience_s=200.0)
    scene.send(call_id, scene.addresses.voicemail(call_id))
    scene.pass_(60)
    assert scene.count("VoicemailLeft") == 1
    names = [type(event).__name__ for event in scene.told()]
    assert names.index("VoicemailLeft") < names.index("CallEnded")
    _ended_once(scene, None)


def test_nobody_takes_the_caller_who_hears_goodbye(scene):
    call_id = _waiting(scene, patience_s=200.0)
    scene.send(call_id, scene.addresses.goodbye(call_id))
    scene.pass_(60)
    _ended_once(scene, None)


# --- dials -----------------------------------------------------------------------------------


def _dial_ended_once(scene):
    assert scene.is_quiet()
    assert scene.count("CallEnded") == 1
    assert scene.alerts() == []


@pytest.mark.parametrize(
    ("callee", "cause"),
    [
        ({"pick_up": "busy"}, "busy"),
        ({"pick_up": "no-answer"}, "no_answer"),
        ({"pick_up": "unreachable"}, "failed"),
    ],
)
def test_dial_that_nobody_takes(scene, callee, cause):
    scene.dial(**callee)
    scene.pass_(60)
    (ended,) = [e for e in scene.told() if type(e).__name__ == "CallEnded"]
    assert ended.cause in (cause, "invalid")
    assert scene.count("DialAnswered") == 0
    _dial_ended_once(scene)


@pytest.mark.parametrize("stays_s", [0.3, 2.0, 4.5, 6.5, 12.0])
def test_called_person_hangs_up_at_any_moment(scene, stays_s):
    scene.dial(manner=Manner(stays_s=stays_s))
    scene.pass_(60)
    assert scene.count("DialBound") == 1
    assert scene.count("DialAnswered") == 1
    _dial_ended_once(scene)


def test_called_person_for_whom_no_order_comes_hears_the_safe_harbour(scene):
    scene.dial()
    scene.pass_(60)
    assert scene.count("MessagePlayed") == 1
    _dial_ended_once(scene)


def test_called_person_opts_out_in_the_safe_harbour(scene):
    scene.dial(manner=Manner((Reaction(when="press 9", key="9", after_s=0.5),)))
    scene.pass_(60)
    assert scene.count("OptedOut") == 1
    _dial_ended_once(scene)


def test_called_person_is_moved_to_an_agent_at_the_verdict(scene):
    agent = scene.offer("7.3", "7.3", manner=Manner(stays_s=None, lingers_s=None))
    scene.pass_(6)
    sid = scene.dial(manner=Manner(talk_s=20.0))
    scene.pass_(8)
    (verdict,) = [e for e in scene.told() if type(e).__name__ == "AnswerClassified"]
    assert verdict.answered_by is AnsweredBy.HUMAN
    scene.redirect(sid, scene.addresses.room("7.12", "7.3", "7.13"))
    scene.pass_(40)
    joined = [e.leg_id for e in scene.told() if type(e).__name__ == "PartyJoined"]
    assert joined == ["7.3", "7.12"]
    scene.end(agent)
    scene.pass_(2)
    _dial_ended_once(scene)


def test_machine_is_left_a_message(scene):
    sid = scene.dial(kind="machine", detection_s=6.0, manner=Manner(stays_s=60.0))
    scene.pass_(11)
    (verdict,) = [e for e in scene.told() if type(e).__name__ == "AnswerClassified"]
    assert verdict.answered_by in (AnsweredBy.MACHINE_BEEP, AnsweredBy.MACHINE)
    scene.redirect(sid, scene.addresses.leave_message("7.12", "survey"))
    scene.pass_(60)
    assert scene.count("MessagePlayed") == 1
    _dial_ended_once(scene)


@pytest.mark.parametrize("detected_as", ["human", "fax", "unknown"])
def test_every_verdict_is_told(scene, detected_as):
    scene.dial(detected_as=detected_as, manner=Manner(stays_s=8.0))
    scene.pass_(60)
    (verdict,) = [e for e in scene.told() if type(e).__name__ == "AnswerClassified"]
    assert verdict.answered_by.value == detected_as
    _dial_ended_once(scene)


def test_verdict_that_never_comes_leaves_nobody_in_silence(scene):
    scene.dial(detection_s=None)
    scene.pass_(90)
    assert scene.count("AnswerClassified") == 0
    assert scene.count("MessagePlayed") == 1
    _dial_ended_once(scene)


def test_customer_number_is_in_no_address_the_carrier_was_given(scene):
    _talking(scene)
    scene.pass_(60)
    addresses = " ".join(webhook.url for webhook in scene.carrier.ledger.webhooks)
    assert CUSTOMER.removeprefix("+") not in addresses
