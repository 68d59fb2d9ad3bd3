"""Each fault does what it says, always or never, and a plan repeats itself."""

import pytest

from simulator.carrier.faults import FaultPlan, Faults, all_faults
from simulator.carrier.people.manners import Callee, Manner
from tests.simulator.carrier.harness import CUSTOMER, OUR_NUMBER, refused

EVENTS = ["initiated", "ringing", "answered", "completed"]


def dial(world, application, **parameters):
    return world.client.calls.create(
        to=CUSTOMER,
        from_=OUR_NUMBER,
        url=application.url("/opening"),
        status_callback=application.url("/status"),
        status_callback_event=EVENTS,
        **parameters,
    )


def told(application):
    return [visit["CallStatus"] for visit in application.at("/status")]


def test_plan_repeats_itself_and_differs_between_seeds():
    def draws(seed):
        plan = FaultPlan(all_faults(0.5), seed)
        return [plan.strikes("stale_read", f"call-{n % 7}") for n in range(60)]

    assert draws(1) == draws(1)
    assert draws(1) != draws(2)
    assert 10 < sum(draws(1)) < 50


def test_share_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="callback_dropped is 3"):
        Faults(callback_dropped=3)


@pytest.mark.parametrize("faults", [Faults(callback_dropped=1)])
def test_dropped_callbacks_never_come(world, application, faults):
    dial(world, application)
    world.pass_(60)
    assert told(application) == []


@pytest.mark.parametrize("faults", [Faults(callback_duplicated=1)])
def test_duplicated_callbacks_come_twice_with_the_same_content(world, application, faults):
    world.person(CUSTOMER, Callee(pick_up="busy"))
    dial(world, application)
    world.pass_(300)
    assert sorted(told(application)) == sorted(["initiated", "ringing", "busy"] * 2)
    assert {visit["SequenceNumber"] for visit in application.at("/status")} == {"0", "1", "2"}


@pytest.mark.parametrize("faults", [Faults(callback_delayed=1), Faults(callback_reordered=0.5)])
def test_late_callbacks_all_come_in_the_end(world, application, faults):
    world.person(CUSTOMER, Callee(ring_s=1.5, manner=Manner(stays_s=1)))
    application.pages["/opening"] = '<Pause length="60"/>'
    dial(world, application)
    world.pass_(600)
    assert sorted(told(application)) == ["completed", "in-progress", "initiated", "ringing"]


@pytest.mark.parametrize("faults", [Faults(ringing_missing=1)])
def test_network_may_keep_the_ringing_to_itself(world, application, faults):
    world.person(CUSTOMER, Callee(pick_up="busy"))
    dial(world, application)
    world.pass_(60)
    assert told(application) == ["initiated", "busy"]


@pytest.mark.parametrize("faults", [Faults(answer_lost=1)])
def test_lost_answer_is_asked_for_again_under_the_same_token(world, application, faults):
    application.pages["/voice"] = "<Hangup/>"
    world.call_in()
    world.pass_(5)
    first, second = application.at("/voice")
    token = "I-Twilio-Idempotency-Token"
    assert first.headers[token] == second.headers[token]


@pytest.mark.parametrize("faults", [Faults(created_then_5xx=1)])
def test_call_exists_although_the_request_failed(world, application, faults):
    refused(20503, lambda: dial(world, application))
    (call,) = world.client.calls.list(to=CUSTOMER, from_=OUR_NUMBER)
    assert call.status == "queued"


@pytest.mark.parametrize("faults", [Faults(throttled=1)])
def test_throttled_request_changes_nothing(world, application, faults):
    assert refused(20429, lambda: dial(world, application)).status == 429
    assert world.carrier.ledger.legs == {}


@pytest.mark.parametrize("faults", [Faults(stale_read=1)])
def test_stale_read_shows_the_past(world, application, faults):
    world.person(CUSTOMER, Callee(ring_s=10))
    application.pages["/opening"] = '<Pause length="60"/>'
    call = dial(world, application)
    world.pass_(12)
    assert world.client.calls(call.sid).fetch().status == "ringing"
    assert world.status(call.sid) == "in-progress"


@pytest.mark.parametrize("faults", [Faults(verdict_after_hang_up=1)])
def test_verdict_may_come_after_the_end(world, application, faults):
    world.person(CUSTOMER, Callee(detection_s=4.0, manner=Manner(stays_s=1.0)))
    application.pages["/opening"] = '<Pause length="60"/>'
    dial(
        world,
        application,
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=application.url("/amd"),
    )
    world.pass_(30)
    (visit,) = application.at("/amd")
    assert visit["AnsweredBy"] == "human"


@pytest.mark.parametrize("faults", [Faults(member_gone=1)])
def test_caller_may_hang_up_just_as_they_are_dequeued(world, application, faults):
    application.pages["/voice"] = '<Enqueue action="/after">help</Enqueue>'
    sid = world.call_in()
    world.pass_(3)
    (queue,) = world.client.queues.list()
    member = world.client.queues(queue.sid).members(sid)
    refused(20404, lambda: member.update(url=application.url("/room")))
    world.pass_(1)
    (after,) = application.at("/after")
    assert after["QueueResult"] == "hangup"
