"""Calls placed by REST: every way a dial can end, and every moment a verdict can come."""

import pytest

from simulator.carrier.people.manners import Callee, Manner
from tests.simulator.carrier.harness import CUSTOMER, OUR_NUMBER, refused

EVENTS = ["initiated", "ringing", "answered", "completed"]


def dial(world, application, **parameters):
    return world.client.calls.create(
        to=parameters.pop("to", CUSTOMER),
        from_=OUR_NUMBER,
        url=application.url("/opening"),
        status_callback=application.url("/status"),
        status_callback_event=EVENTS,
        **parameters,
    )


def statuses(application):
    return [visit["CallStatus"] for visit in application.at("/status")]


@pytest.mark.parametrize(
    ("callee", "told", "final"),
    [
        (Callee(), ["initiated", "ringing", "in-progress", "completed"], "completed"),
        (Callee(rings=False), ["initiated", "in-progress", "completed"], "completed"),
        (Callee(pick_up="busy"), ["initiated", "ringing", "busy"], "busy"),
        (Callee(pick_up="rejects"), ["initiated", "ringing", "busy"], "busy"),
        (Callee(pick_up="no-answer"), ["initiated", "ringing", "no-answer"], "no-answer"),
        (Callee(ring_s=90), ["initiated", "ringing", "no-answer"], "no-answer"),
        (Callee(pick_up="unreachable"), ["initiated", "failed"], "failed"),
    ],
)
def test_every_outcome_of_a_dial_is_told_in_order(world, application, callee, told, final):
    world.person(CUSTOMER, callee)
    application.pages["/opening"] = "<Say>Hello, this is your bank.</Say>"
    call = dial(world, application, timeout=15)
    assert call.status == "queued"
    world.pass_(60)
    assert statuses(application) == told
    fetched = world.client.calls(call.sid).fetch()
    assert (fetched.status, fetched.direction) == (final, "outbound-api")
    assert len(application.at("/opening")) == (1 if final == "completed" else 0)
    assert world.carrier.ledger.live_legs() == []


def test_invalid_number_is_refused_at_once(world, application):
    world.person(CUSTOMER, Callee(pick_up="invalid"))
    refused(21217, lambda: dial(world, application))
    assert world.client.calls.list() == []


def test_calls_above_the_agreed_rate_wait_in_the_carriers_queue(world, application):
    world.person(CUSTOMER, Callee(pick_up="busy"))
    first, second, third = (dial(world, application) for _ in range(3))
    assert [first.queue_time, second.queue_time, third.queue_time] == ["0", "1000", "2000"]
    world.pass_(0.5)
    assert statuses(application) == ["initiated"]
    cancelled = world.client.calls(third.sid).update(status="canceled")
    assert cancelled.status == "canceled"
    world.pass_(30)
    assert [world.status(call.sid) for call in (first, second, third)] == [
        "busy",
        "busy",
        "canceled",
    ]


@pytest.mark.parametrize(
    ("callee", "mode", "verdict"),
    [
        (Callee(kind="human"), "Enable", "human"),
        (Callee(kind="machine"), "Enable", "machine_start"),
        (Callee(kind="fax"), "Enable", "fax"),
        (Callee(detected_as="unknown"), "Enable", "unknown"),
        (Callee(kind="human", detected_as="machine"), "Enable", "machine_start"),
        (Callee(kind="machine", ending="beep"), "DetectMessageEnd", "machine_end_beep"),
        (Callee(kind="machine", ending="silence"), "DetectMessageEnd", "machine_end_silence"),
        (Callee(kind="machine", detection_s=50), "DetectMessageEnd", "machine_end_other"),
        (Callee(kind="human", detection_s=50), "Enable", "unknown"),
    ],
)
def test_asynchronous_verdict_comes_while_the_document_runs(
    world, application, callee, mode, verdict
):
    world.person(CUSTOMER, callee)
    application.pages["/opening"] = '<Say>Hello.</Say><Pause length="60"/>'
    call = dial(
        world,
        application,
        machine_detection=mode,
        async_amd="true",
        async_amd_status_callback=application.url("/amd"),
    )
    world.pass_(7)
    assert len(application.at("/opening")) == 1
    assert application.at("/amd") == []
    world.pass_(40)
    (visit,) = application.at("/amd")
    assert set(visit.form) == {"CallSid", "AccountSid", "AnsweredBy", "MachineDetectionDuration"}
    assert visit["AnsweredBy"] == verdict
    assert world.client.calls(call.sid).fetch().answered_by == verdict


def test_synchronous_verdict_holds_the_document_back(world, application):
    world.person(CUSTOMER, Callee(kind="machine", ring_s=2.0, detection_s=4.0))
    application.pages["/opening"] = "<Hangup/>"
    dial(world, application, machine_detection="Enable")
    world.pass_(5)
    assert application.at("/opening") == []
    world.pass_(2)
    (visit,) = application.at("/opening")
    assert visit["AnsweredBy"] == "machine_start"


def test_verdict_never_comes_when_the_callee_hung_up_first(world, application):
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
    assert application.at("/amd") == []
    assert statuses(application)[-1] == "completed"


def test_live_call_takes_another_document_and_an_ended_one_refuses(world, application):
    world.person(CUSTOMER, Callee(ring_s=2.0))
    application.pages["/opening"] = '<Pause length="60"/>'
    call = dial(world, application)
    world.pass_(1.5)
    early = world.client.calls(call.sid)
    refused(21220, lambda: early.update(twiml="<Response><Hangup/></Response>"))
    world.pass_(5)
    world.client.calls(call.sid).update(twiml="<Response><Hangup/></Response>")
    world.pass_(1)
    assert world.status(call.sid) == "completed"
    refused(21220, lambda: world.client.calls(call.sid).update(status="completed"))


def test_calls_are_found_by_parties_status_and_start(world, application):
    world.person(CUSTOMER, Callee(pick_up="busy"))
    call = dial(world, application)
    world.pass_(20)
    started = world.client.calls(call.sid).fetch().start_time
    found = world.client.calls.list(
        to=CUSTOMER, from_=OUR_NUMBER, status="busy", start_time_after=started
    )
    assert [each.sid for each in found] == [call.sid]
    assert world.client.calls.list(to="+15550100199") == []


def test_lists_are_served_page_by_page(world, application):
    world.person(CUSTOMER, Callee(pick_up="busy"))
    sids = [dial(world, application).sid for _ in range(5)]
    listed = [call.sid for call in world.client.calls.list(page_size=2)]
    assert listed == sids[::-1]


@pytest.mark.off_contract
@pytest.mark.parametrize(
    ("code", "changes"),
    [
        (21211, {"to": "not-a-number"}),
        (21211, {"to": OUR_NUMBER}),
        (21210, {"from_": "+15550100198"}),
        (21205, {"url": "/relative"}),
        (21208, {"timeout": 601}),
        (21206, {"send_digits": "hello"}),
        (21234, {"machine_detection": "Perhaps"}),
        (21217, {"to": "+15005550001"}),
    ],
)
def test_requests_that_cannot_be_are_refused_with_their_code(world, application, code, changes):
    parameters = {"to": CUSTOMER, "from_": OUR_NUMBER, "url": application.url("/opening")}
    refused(code, lambda: world.client.calls.create(**(parameters | changes)))


def test_unknown_call_is_not_found_and_a_wrong_token_is_turned_away(world):
    refused(20404, world.client.calls("CA" + "0" * 32).fetch)
    world.client.auth = (world.client.username, "wrong")
    refused(20003, world.client.calls("CA" + "0" * 32).fetch)
