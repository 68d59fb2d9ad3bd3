"""The contact centre's way: wait in a queue, be taken out, meet in a conference."""

import pytest

from simulator.carrier.people.manners import Callee, Manner
from tests.simulator.carrier.harness import OUR_NUMBER, refused

ENQUEUE = '<Enqueue waitUrl="/wait" action="/after-queue">billing</Enqueue>'
ROOM = (
    '<Dial action="/after-dial"><Conference endConferenceOnExit="true" beep="false" '
    'statusCallback="/conference" statusCallbackEvent="start end join leave hold">room-1'
    "</Conference></Dial>"
)


@pytest.fixture
def waiting(world, application):
    application.pages["/voice"] = ENQUEUE
    application.pages["/wait"] = '<Say>You are next.</Say><Pause length="9"/>'
    application.pages["/room"] = ROOM
    sid = world.call_in(patience_s=300.0, talk_s=60.0)
    world.pass_(3)
    return sid


def queue_of(world):
    (queue,) = world.client.queues.list()
    return queue


def test_waiting_document_is_requested_again_as_a_heart_beat(world, application, waiting):
    world.pass_(27)
    beats = application.at("/wait")
    assert len(beats) == 4
    assert beats[0]["QueuePosition"] == "1"
    assert int(beats[-1]["QueueTime"]) > int(beats[0]["QueueTime"])
    assert {"QueueSid", "AvgQueueTime", "CurrentQueueSize", "MaxQueueSize"} <= set(beats[0].form)


def test_member_is_taken_out_once(world, application, waiting):
    queue = queue_of(world)
    (member,) = world.client.queues(queue.sid).members.list()
    assert (member.call_sid, member.position) == (waiting, 1)
    world.client.queues(queue.sid).members(waiting).update(url=application.url("/room"))
    gone = world.client.queues(queue.sid).members(waiting)
    refused(20404, lambda: gone.update(url=application.url("/room")))
    world.pass_(1)
    (after,) = application.at("/after-queue")
    assert after["QueueResult"] == "redirected"
    assert len(application.at("/room")) == 1


def test_impatient_caller_leaves_and_the_action_hears_of_it(world, application, waiting):
    world.pass_(300)
    (after,) = application.at("/after-queue")
    assert (after["QueueResult"], after["CallStatus"]) == ("hangup", "completed")
    assert world.status(waiting) == "completed"
    assert queue_of(world).current_size == 0


def bring_together(world, application, waiting):
    queue = queue_of(world)
    world.client.queues(queue.sid).members(waiting).update(url=application.url("/room"))
    world.pass_(1)
    return world.client.conferences("room-1").participants.create(
        from_=OUR_NUMBER,
        to="client:ana",
        label="offer-7",
        status_callback=application.url("/agent"),
        status_callback_event=["initiated", "ringing", "answered", "completed"],
        end_conference_on_exit=False,
    )


def test_agent_and_customer_meet_and_part(world, application, waiting):
    world.person("client:ana", Callee(ring_s=4.0, manner=Manner(lingers_s=2.0, stays_s=None)))
    participant = bring_together(world, application, waiting)
    assert participant.label == "offer-7"
    assert participant.status == "queued"
    world.pass_(10)
    room = world.client.conferences(participant.conference_sid)
    assert room.fetch().status == "in-progress"
    assert {p.label for p in room.participants.list()} == {None, "offer-7"}
    world.pass_(120)
    agent = participant.call_sid
    ((partner, talk),) = world.carrier.ledger.partners(agent)
    assert partner == waiting
    assert talk.seconds(0) == pytest.approx(60.0, abs=1)
    assert [v["CallStatus"] for v in application.at("/agent")] == [
        "initiated",
        "ringing",
        "in-progress",
        "completed",
    ]
    assert [v["SequenceNumber"] for v in application.at("/agent")] == ["0", "1", "2", "3"]
    assert world.carrier.ledger.live_legs() == []
    assert room.fetch().status == "completed"


def test_conference_events_come_in_order(world, application, waiting):
    world.person("client:ana", Callee(ring_s=4.0))
    bring_together(world, application, waiting)
    world.pass_(120)
    events = [visit["StatusCallbackEvent"] for visit in application.at("/conference")]
    assert events == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    numbers = [int(visit["SequenceNumber"]) for visit in application.at("/conference")]
    assert numbers == sorted(set(numbers))


def test_hold_parts_the_two_without_ending_anything(world, application, waiting):
    world.person("client:ana", Callee(ring_s=2.0, manner=Manner(lingers_s=5.0)))
    participant = bring_together(world, application, waiting)
    world.pass_(10)
    room = world.client.conferences(participant.conference_sid)
    room.participants(waiting).update(hold=True)
    world.pass_(30)
    assert len(world.carrier.ledger.live_legs()) == 2
    room.participants("offer-7").fetch()
    room.participants(waiting).update(hold=False)
    world.pass_(100)
    talks = [talk.seconds(0) for _, talk in world.carrier.ledger.partners(waiting)]
    assert len(talks) == 2
    assert sum(talks) == pytest.approx(60.0, abs=1)


def test_agent_who_does_not_answer_leaves_the_customer_in_the_room(world, application, waiting):
    world.person("client:ana", Callee(pick_up="no-answer"))
    participant = bring_together(world, application, waiting)
    world.pass_(66)
    assert world.status(participant.call_sid) == "no-answer"
    assert world.status(waiting) == "in-progress"
    world.client.calls(waiting).update(status="completed")
    world.pass_(1)
    assert world.carrier.ledger.live_legs() == []


def test_update_of_a_call_pulls_it_out_of_the_conference(world, application, waiting):
    world.person("client:ana", Callee(ring_s=2.0))
    application.pages["/other"] = '<Say>Elsewhere.</Say><Pause length="5"/>'
    participant = bring_together(world, application, waiting)
    world.pass_(10)
    world.client.calls(waiting).update(url=application.url("/other"))
    world.pass_(1)
    assert world.client.conferences(participant.conference_sid).fetch().status == "completed"
    assert world.status(waiting) == "in-progress"
    world.pass_(10)
    assert world.status(waiting) == "completed"
    assert application.at("/after-dial") == []
