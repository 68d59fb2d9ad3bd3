"""Rules of the carrier that decide only now and then: limits, caller ids, order, what is told."""

import socket
import threading

import pytest

from simulator.carrier.account import Account
from simulator.carrier.people.manners import Callee, Manner
from tests.simulator.carrier.harness import CUSTOMER, OUR_NUMBER, refused

BRITON = "+442079460123"
HALF = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 500\r\n\r\n<Response>"
STAYS = Manner(lingers_s=None, stays_s=None)


def dial(world, **options):
    wishes = {
        "to": CUSTOMER,
        "from_": OUR_NUMBER,
        "twiml": "<Response><Pause length='60'/></Response>",
    }
    return world.client.calls.create(**(wishes | options)).sid


# --- calls by REST ---------------------------------------------------------------------------


def test_time_limit_of_a_live_call_can_be_changed(world):
    world.person(CUSTOMER, Callee(ring_s=1, manner=STAYS))
    sid = dial(world)
    world.pass_(10)
    world.client.calls(sid).update(time_limit=20)
    world.pass_(8)
    assert world.status(sid) == "in-progress"
    world.pass_(4)
    assert world.status(sid) == "completed"


@pytest.mark.parametrize("account", [Account(calls_per_s=1 / 50_000)])
def test_queue_of_more_than_a_day_takes_no_more_calls(world, account):
    for _ in range(2):
        dial(world)
    refused(22005, lambda: dial(world))


@pytest.mark.off_contract
def test_detection_whose_verdict_nobody_is_told_is_warned_of(world):
    dial(world, machine_detection="Enable", async_amd="true")
    assert world.alerts() == [21262]


def test_recorded_call_says_at_its_end_where_the_recording_is(world, application):
    world.person(CUSTOMER, Callee(ring_s=1, manner=Manner(stays_s=20)))
    dial(world, record=True, status_callback=application.url("/status"))
    world.pass_(60)
    (ended,) = application.at("/status")
    (tape,) = world.client.recordings.list()
    assert (ended["RecordingSid"], ended["RecordingDuration"]) == (tape.sid, "20")


# --- what is told ----------------------------------------------------------------------------


def test_numbers_come_with_their_countries_and_clients_without(world, application):
    application.pages["/voice"] = "<Dial><Client>ana</Client></Dial>"
    application.pages["/x"] = "<Hangup/>"
    world.person("client:ana", Callee(ring_s=1, manner=Manner(stays_s=5)))
    world.person(BRITON, Callee(ring_s=1))
    world.call_in()
    dial(world, to=BRITON, twiml=None, url=application.url("/x"))
    world.pass_(20)
    (inbound,), (outbound,) = application.at("/voice"), application.at("/x")
    assert (inbound["FromCountry"], inbound["CalledCountry"], inbound["ToCity"]) == ("US", "US", "")
    assert (outbound["FromCountry"], outbound["CalledCountry"]) == ("US", "GB")
    dial(world, to="client:ana", twiml=None, url=application.url("/y"))
    world.pass_(20)
    assert "ToCountry" not in application.at("/y")[0].form


def test_calls_to_numbers_tell_how_they_are_attested(world, application):
    for to in (CUSTOMER, "client:ana"):
        world.person(to, Callee(ring_s=2, manner=Manner(stays_s=5)))
        events = ["initiated", "ringing", "answered", "completed"]
        path = "/to-number" if to == CUSTOMER else "/to-client"
        dial(
            world,
            to=to,
            status_callback=application.url(path),
            status_callback_event=events,
        )
        world.pass_(20)
    told = {
        visit["CallStatus"]: "StirStatus" in visit.form for visit in application.at("/to-number")
    }
    assert told == {"initiated": False, "ringing": True, "in-progress": True, "completed": False}
    assert not any("StirStatus" in visit.form for visit in application.at("/to-client"))


# --- Dial ------------------------------------------------------------------------------------


def ring_times(world):
    legs = [leg for leg in world.carrier.ledger.legs.values() if leg.parent_sid]
    return [round(leg.created_at_s) for leg in legs]


@pytest.mark.parametrize(("sequential", "times"), [("false", [0, 0, 0]), ("true", [0, 4])])
def test_several_are_rung_at_once_or_one_after_the_other(world, application, sequential, times):
    application.pages["/voice"] = (
        f'<Dial sequential="{sequential}"><Client>ana</Client><Client>ben</Client>'
        "<Client>cat</Client></Dial>"
    )
    world.person("client:ana", Callee(pick_up="busy", ring_s=4))
    for name in ("ben", "cat"):
        world.person(f"client:{name}", Callee(ring_s=5, manner=STAYS))
    sid = world.call_in(stays_s=30.0)
    world.pass_(20)
    assert ring_times(world) == times
    ((partner, _),) = world.carrier.ledger.partners(sid)
    assert world.carrier.ledger.legs[partner].pii_to == "client:ben"


def test_nobody_in_turn_takes_the_call_and_the_last_decides(world, application):
    application.pages["/voice"] = (
        '<Dial sequential="true" action="/after"><Client>ana</Client><Client>ben</Client></Dial>'
    )
    world.person("client:ana", Callee(pick_up="no-answer"))
    world.person("client:ben", Callee(pick_up="busy", ring_s=1))
    world.call_in()
    world.pass_(60)
    assert application.at("/after")[0]["DialCallStatus"] == "busy"


def test_digits_are_sent_before_the_talk_begins(world, application):
    application.pages["/voice"] = '<Dial><Number sendDigits="WW">+15550100150</Number></Dial>'
    world.person("+15550100150", Callee(ring_s=1, manner=STAYS))
    world.call_in(stays_s=30.0)
    world.pass_(20)
    (talk,) = world.carrier.ledger.talks
    (leg,) = world.carrier.ledger.legs_of("+15550100150")
    assert talk.began_at_s - leg.answered_at_s == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("record", "least"), [("record-from-ringing", 14), ("record-from-answer", 9)]
)
def test_dial_is_recorded_from_the_moment_asked_for(world, application, record, least):
    application.pages["/voice"] = f'<Dial record="{record}"><Client>ana</Client></Dial>'
    world.person("client:ana", Callee(ring_s=5, manner=Manner(stays_s=10)))
    world.call_in()
    world.pass_(30)
    (tape,) = world.client.recordings.list()
    assert least <= int(tape.duration) <= least + 2


@pytest.mark.off_contract
@pytest.mark.parametrize(
    ("caller_id", "is_dialled"), [(OUR_NUMBER, True), (CUSTOMER, True), (BRITON, False)]
)
def test_only_a_number_of_ours_or_of_the_call_is_shown(world, application, caller_id, is_dialled):
    application.pages["/voice"] = (
        f'<Dial callerId="{caller_id}" action="/after"><Number>+15550100150</Number></Dial>'
    )
    world.person("+15550100150", Callee(ring_s=1, manner=Manner(stays_s=5)))
    world.call_in()
    world.pass_(20)
    assert bool(world.carrier.ledger.legs_of("+15550100150")) is is_dialled
    assert world.alerts() == ([] if is_dialled else [13214])
    assert application.at("/after")[0]["DialCallStatus"] == (
        "completed" if is_dialled else "failed"
    )


# --- webhooks --------------------------------------------------------------------------------


@pytest.fixture
def broken():
    """A server that promises a document, sends half of it and hangs up; counts who came."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        came = []

        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    came.append(connection.recv(65_536))
                    connection.sendall(HALF)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/half", came
        server.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=10)


def test_answer_that_breaks_off_is_never_asked_for_again(world, broken):
    url, came = broken
    world.person(CUSTOMER, Callee(ring_s=1))
    dial(world, twiml=None, url=f"{url}#rc=3&rp=all")
    world.pass_(20)
    assert len(came) == 1
    assert world.alerts() == [11200]
