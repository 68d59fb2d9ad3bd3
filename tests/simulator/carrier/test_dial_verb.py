"""Dial: child legs, whispers, queues, and what the action is told."""

import pytest

from simulator.carrier.people.manners import Callee, Manner, Reaction
from tests.simulator.carrier.harness import OUR_NUMBER

ANA, BEN = "client:ana", "+15550100177"


def dial(nouns, **attributes):
    text = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f'<Dial action="/after" {text}>{nouns}</Dial><Say>not reached</Say>'


@pytest.mark.parametrize(
    ("callee", "status", "bridged"),
    [
        (Callee(ring_s=3, manner=Manner(talk_s=30.0)), "completed", "true"),
        (Callee(pick_up="busy"), "busy", "false"),
        (Callee(pick_up="no-answer"), "no-answer", "false"),
        (Callee(pick_up="unreachable"), "failed", "false"),
    ],
)
def test_action_is_told_how_the_dial_went(world, application, callee, status, bridged):
    world.person(ANA, callee)
    application.pages["/voice"] = dial("<Client>ana</Client>", timeout=10)
    sid = world.call_in(lingers_s=None)
    world.pass_(60)
    (after,) = application.at("/after")
    (child,) = [leg for leg in world.carrier.ledger.legs.values() if leg.parent_sid]
    assert (after["DialCallStatus"], after["DialBridged"]) == (status, bridged)
    assert (after["DialCallSid"], after["CallSid"]) == (child.sid, sid)
    assert child.direction == "outbound-dial"
    assert ("DialCallDuration" in after.form) == (status == "completed")
    assert world.carrier.ledger.live_legs() == []


def test_hang_up_of_the_caller_ends_the_child_and_no_action_follows(world, application):
    world.person(ANA, Callee(ring_s=3, manner=Manner(lingers_s=None, stays_s=None)))
    application.pages["/voice"] = dial("<Client>ana</Client>")
    world.call_in(talk_s=30.0)
    world.pass_(60)
    assert application.at("/after") == []
    assert world.carrier.ledger.live_legs() == []


def test_callee_who_hangs_up_sends_the_caller_to_the_action(world, application):
    world.person(ANA, Callee(ring_s=3, manner=Manner(talk_s=20.0)))
    application.pages["/voice"] = dial("<Client>ana</Client>")
    application.pages["/after"] = "<Say>Goodbye.</Say>"
    world.call_in(lingers_s=None)
    world.pass_(60)
    (after,) = application.at("/after")
    assert after["DialCallDuration"] == "20"
    assert world.carrier.ledger.live_legs() == []


def test_first_to_answer_wins_and_the_others_are_cancelled(world, application):
    world.person(ANA, Callee(ring_s=8))
    world.person(BEN, Callee(ring_s=3))
    application.pages["/voice"] = dial(f"<Client>ana</Client><Number>{BEN}</Number>")
    world.call_in(talk_s=10.0)
    world.pass_(60)
    ledger = world.carrier.ledger
    assert ledger.legs_of(ANA)[0].status == "canceled"
    assert ledger.legs_of(BEN)[0].status == "completed"


def test_whisper_can_decline_before_anybody_is_joined(world, application):
    world.person(BEN, Callee(ring_s=2, kind="machine"))
    application.pages["/voice"] = dial(f'<Number url="/whisper">{BEN}</Number>')
    application.pages["/whisper"] = (
        '<Gather numDigits="1" action="/accept" timeout="3"><Say>Press 1.</Say></Gather><Hangup/>'
    )
    world.call_in(lingers_s=None)
    world.pass_(30)
    (after,) = application.at("/after")
    (whisper,) = application.at("/whisper")
    assert whisper["ParentCallSid"] == after["CallSid"]
    assert whisper["Direction"] == "outbound-dial"
    assert (after["DialCallStatus"], after["DialBridged"]) == ("completed", "false")
    assert world.carrier.ledger.talks == []


def test_whisper_can_be_accepted_by_a_key(world, application):
    accepts = Manner((Reaction(key="1"),), talk_s=15.0)
    world.person(BEN, Callee(ring_s=2, manner=accepts))
    application.pages["/voice"] = dial(f'<Number url="/whisper">{BEN}</Number>')
    application.pages["/whisper"] = (
        '<Gather numDigits="1" action="/accept" timeout="3"><Say>Press 1.</Say></Gather><Hangup/>'
    )
    application.pages["/accept"] = ""
    world.call_in(lingers_s=None)
    world.pass_(60)
    (talk,) = world.carrier.ledger.talks
    assert talk.seconds(0) == pytest.approx(15.0)


def test_answer_on_bridge_keeps_the_caller_ringing(world, application):
    world.person(ANA, Callee(ring_s=6))
    application.pages["/voice"] = dial("<Client>ana</Client>", answerOnBridge="true")
    sid = world.call_in(talk_s=10.0)
    world.pass_(5)
    assert world.status(sid) == "ringing"
    world.pass_(3)
    assert world.status(sid) == "in-progress"


def test_star_drops_the_callee_when_asked_to(world, application):
    world.person(ANA, Callee(ring_s=2, manner=Manner(lingers_s=None, stays_s=None)))
    application.pages["/voice"] = dial("<Client>ana</Client>", hangupOnStar="true")
    sid = world.call_in(lingers_s=None)
    world.pass_(10)
    with world.carrier.timeline.held():
        world.carrier.exchange.calls[sid].press("*")
    world.pass_(1)
    (after,) = application.at("/after")
    assert after["DialCallStatus"] == "completed"


def test_redirected_child_runs_its_own_document_and_the_parent_goes_on(world, application):
    world.person(ANA, Callee(ring_s=2, manner=Manner(lingers_s=None)))
    application.pages["/voice"] = dial("<Client>ana</Client>")
    application.pages["/elsewhere"] = '<Pause length="30"/>'
    world.call_in(lingers_s=None)
    world.pass_(10)
    (leg,) = world.carrier.ledger.legs_of(ANA)
    world.client.calls(leg.sid).update(url=application.url("/elsewhere"))
    world.pass_(1)
    (after,) = application.at("/after")
    assert "DialCallDuration" not in after.form
    assert leg.is_live
    world.pass_(40)
    assert leg.status == "completed"


def test_redirected_parent_hangs_up_the_child(world, application):
    world.person(ANA, Callee(ring_s=2, manner=Manner(lingers_s=None)))
    application.pages["/voice"] = dial("<Client>ana</Client>")
    application.pages["/elsewhere"] = '<Pause length="30"/>'
    sid = world.call_in(lingers_s=None)
    world.pass_(10)
    world.client.calls(sid).update(url=application.url("/elsewhere"))
    world.pass_(1)
    assert world.carrier.ledger.legs_of(ANA)[0].status == "completed"
    assert application.at("/after") == []
    assert world.status(sid) == "in-progress"


def test_agent_who_dials_the_queue_talks_to_its_head(world, application):
    application.pages["/voice"] = (
        '<Enqueue waitUrl="/wait" action="/after-queue">help</Enqueue><Hangup/>'
    )
    application.pages["/wait"] = "<Play>/music.mp3</Play>"
    application.pages["/whisper"] = "<Say>Ana takes your call.</Say>"
    application.pages["/agent"] = dial('<Queue url="/whisper">help</Queue>')
    world.person(ANA, Callee(ring_s=1, manner=Manner(lingers_s=None)))
    first = world.call_in(talk_s=25.0)
    world.pass_(5)
    second = world.call_in()
    world.pass_(5)
    agent = world.client.calls.create(to=ANA, from_=OUR_NUMBER, url=application.url("/agent"))
    world.pass_(60)
    ((partner, talk),) = world.carrier.ledger.partners(agent.sid)
    assert partner == first
    assert talk.seconds(0) == pytest.approx(25.0)
    (whisper,) = application.at("/whisper")
    assert (whisper["CallSid"], whisper["DequeingCallSid"]) == (first, agent.sid)
    (after,) = application.at("/after")
    assert after["DialCallStatus"] == "completed"
    assert after["QueueSid"] == whisper["QueueSid"]
    assert world.status(second) == "in-progress"


def test_bridged_caller_is_told_so_when_the_agent_has_gone(world, application):
    application.pages["/voice"] = '<Enqueue action="/after-queue">help</Enqueue>'
    application.pages["/agent"] = dial("<Queue>help</Queue>")
    world.person(ANA, Callee(ring_s=1, manner=Manner(talk_s=20.0)))
    world.call_in(lingers_s=None)
    world.pass_(5)
    world.client.calls.create(to=ANA, from_=OUR_NUMBER, url=application.url("/agent"))
    world.pass_(10)
    assert application.at("/after-queue") == []
    world.pass_(20)
    (after,) = application.at("/after-queue")
    assert after["QueueResult"] == "bridged"


def test_leave_in_the_waiting_document_goes_on_after_the_queue(world, application):
    application.pages["/voice"] = '<Enqueue waitUrl="/wait" action="/after-queue">help</Enqueue>'
    application.pages["/wait"] = (
        '<Gather numDigits="1" action="/choice" timeout="5"><Say>Press 1 for voicemail.</Say>'
        "</Gather>"
    )
    application.pages["/choice"] = "<Leave/>"
    world.call_in(Reaction(when="voicemail", key="1"))
    world.pass_(20)
    (after,) = application.at("/after-queue")
    (choice,) = application.at("/choice")
    assert choice["Digits"] == "1"
    assert after["QueueResult"] == "leave"


@pytest.mark.off_contract
def test_full_queue_is_told_at_once(world, application):
    world.client.queues.create(friendly_name="help", max_size=1)
    application.pages["/voice"] = '<Enqueue action="/after-queue">help</Enqueue>'
    world.call_in()
    world.call_in()
    world.pass_(2)
    (after,) = application.at("/after-queue")
    assert after["QueueResult"] == "queue-full"
    assert 14207 in world.alerts()


def test_nailed_up_agent_gets_one_customer_after_another(world, application):
    world.person(ANA, Callee(ring_s=1, manner=Manner(lingers_s=None, stays_s=None)))
    application.pages["/voice"] = '<Pause length="2"/><Say>One moment.</Say><Pause length="300"/>'
    application.pages["/room"] = "<Dial><Conference>ana</Conference></Dial>"
    agent = world.client.conferences("ana").participants.create(
        from_=OUR_NUMBER, to=ANA, label="ana", start_conference_on_enter=True
    )
    for _ in range(3):
        customer = world.call_in(talk_s=20.0)
        world.pass_(5)
        world.client.calls(customer).update(url=application.url("/room"))
        world.pass_(25)
    ledger = world.carrier.ledger
    assert len(ledger.partners(agent.call_sid)) == 3
    assert ledger.double_talks(lambda address: address == ANA) == []
    assert ledger.legs[agent.call_sid].is_live


def test_two_customers_in_one_agents_room_are_found(world, application):
    world.person(ANA, Callee(ring_s=1, manner=Manner(lingers_s=None, stays_s=None)))
    application.pages["/voice"] = "<Dial><Conference>ana</Conference></Dial>"
    world.client.conferences("ana").participants.create(from_=OUR_NUMBER, to=ANA)
    world.call_in(talk_s=20.0)
    world.call_in(talk_s=20.0)
    world.pass_(10)
    doubles = world.carrier.ledger.double_talks(lambda address: address == ANA)
    assert len(doubles) == 1


def test_recorded_dial_says_where_its_recording_is(world, application):
    world.person(ANA, Callee(ring_s=3, manner=Manner(talk_s=20.0)))
    application.pages["/voice"] = dial(
        "<Client>ana</Client>",
        record="record-from-answer-dual",
        recordingStatusCallback="/tape",
    )
    world.call_in(lingers_s=None)
    world.pass_(60)
    (after,), (tape,) = application.at("/after"), application.at("/tape")
    assert after["RecordingUrl"] == tape["RecordingUrl"]
    assert (tape["RecordingSource"], tape["RecordingChannels"]) == ("DialVerb", "2")
    assert tape["RecordingDuration"] == "20"


def test_recorded_conference_is_recorded_from_its_start_to_its_end(world, application):
    world.person(ANA, Callee(ring_s=1, manner=Manner(lingers_s=1.0, stays_s=None)))
    application.pages["/voice"] = (
        '<Pause length="1"/><Dial><Conference record="record-from-start" '
        'recordingStatusCallback="/tape">room</Conference></Dial>'
    )
    world.call_in(talk_s=30.0)
    world.pass_(8)
    world.client.conferences("room").participants.create(from_=OUR_NUMBER, to=ANA)
    world.pass_(60)
    (tape,) = application.at("/tape")
    assert (tape["RecordingSource"], tape["RecordingDuration"]) == ("Conference", "31")
    assert tape["ConferenceSid"].startswith("CF")


def test_voicemail_that_answers_a_dialled_number_is_detected(world, application):
    world.person(BEN, Callee(ring_s=2, kind="machine", detection_s=3.0))
    application.pages["/voice"] = dial(
        f'<Number machineDetection="Enable" amdStatusCallback="/amd">{BEN}</Number>'
    )
    world.call_in(lingers_s=None)
    world.pass_(10)
    (visit,) = application.at("/amd")
    assert visit["AnsweredBy"] == "machine_start"
    assert visit["CallSid"] == world.carrier.ledger.legs_of(BEN)[0].sid


@pytest.mark.off_contract
def test_broken_whisper_declines(world, application):
    world.person(BEN, Callee(ring_s=2))
    application.pages["/voice"] = dial(f'<Number url="/whisper">{BEN}</Number>')
    application.pages["/whisper"] = "<Say>"
    world.call_in(lingers_s=None)
    world.pass_(10)
    assert application.at("/after")[0]["DialBridged"] == "false"
    assert world.alerts() == [12100]


def test_bare_number_is_dialled(world, application):
    world.person(BEN, Callee(ring_s=2, manner=Manner(talk_s=5.0)))
    application.pages["/voice"] = dial(BEN)
    world.call_in(lingers_s=None)
    world.pass_(20)
    assert application.at("/after")[0]["DialCallStatus"] == "completed"


@pytest.mark.off_contract
@pytest.mark.parametrize(("queue", "status"), [("nowhere", "failed"), ("help", "no-answer")])
def test_queue_without_anybody_is_given_up(world, application, queue, status):
    world.client.queues.create(friendly_name="help")
    application.pages["/voice"] = dial(f"<Queue>{queue}</Queue>", timeout=20)
    world.call_in()
    world.pass_(30)
    assert application.at("/after")[0]["DialCallStatus"] == status


def test_caller_can_be_sent_on_while_talking_to_who_took_them(world, application):
    application.pages["/voice"] = '<Enqueue action="/after-queue">help</Enqueue>'
    application.pages["/agent"] = dial("<Queue>help</Queue>")
    application.pages["/elsewhere"] = '<Pause length="60"/>'
    world.person(ANA, Callee(ring_s=1, manner=Manner(lingers_s=None)))
    sid = world.call_in(lingers_s=None)
    world.pass_(2)
    world.client.calls.create(to=ANA, from_=OUR_NUMBER, url=application.url("/agent"))
    world.pass_(10)
    world.client.calls(sid).update(url=application.url("/elsewhere"))
    world.pass_(2)
    assert application.at("/after-queue")[0]["QueueResult"] == "redirected-from-bridged"
    assert world.status(sid) == "in-progress"
    assert len(application.at("/after")) == 1
