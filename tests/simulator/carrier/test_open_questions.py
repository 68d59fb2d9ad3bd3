"""Each question the documentation leaves open, under both answers."""

from dataclasses import replace

import pytest

from simulator.carrier.people.manners import Callee, Manner, Reaction
from simulator.carrier.variants import Variants
from tests.simulator.carrier.harness import CUSTOMER, OUR_NUMBER

DEFAULT = Variants()


@pytest.mark.parametrize("variants", [replace(DEFAULT, empty_gather_sends_blank=True), DEFAULT])
def test_empty_gather_sends_a_blank_value_or_none(world, application, variants):
    application.pages["/voice"] = (
        '<Gather action="/menu" actionOnEmptyResult="true" timeout="2"><Say>Hm?</Say></Gather>'
    )
    world.call_in()
    world.pass_(10)
    (visit,) = application.at("/menu")
    assert visit.form.get("Digits") == ("" if variants.empty_gather_sends_blank else None)


@pytest.mark.parametrize("variants", [replace(DEFAULT, redirected_action_decides=True), DEFAULT])
def test_answer_to_redirected_decides_or_not(world, application, variants):
    application.pages["/voice"] = '<Enqueue action="/after">help</Enqueue>'
    application.pages["/after"] = '<Say>From the action.</Say><Pause length="60"/>'
    application.pages["/room"] = '<Say>From the request.</Say><Pause length="60"/>'
    sid = world.call_in()
    world.pass_(3)
    (queue,) = world.client.queues.list()
    world.client.queues(queue.sid).members(sid).update(url=application.url("/room"))
    world.pass_(5)
    assert len(application.at("/after")) == 1
    assert len(application.at("/room")) == (0 if variants.redirected_action_decides else 1)


@pytest.mark.parametrize(
    "variants", [replace(DEFAULT, sync_detection_sends_duration=False), DEFAULT]
)
def test_synchronous_verdict_comes_with_its_duration_or_without(world, application, variants):
    world.person(CUSTOMER, Callee(ring_s=1))
    world.client.calls.create(
        to=CUSTOMER, from_=OUR_NUMBER, url=application.url("/x"), machine_detection="Enable"
    )
    world.pass_(10)
    (visit,) = application.at("/x")
    has_duration = "MachineDetectionDuration" in visit.form
    assert has_duration == variants.sync_detection_sends_duration


@pytest.mark.parametrize("variants", [DEFAULT])
def test_empty_waiting_document_is_asked_for_once_a_second(world, application, variants):
    application.pages["/voice"] = '<Enqueue waitUrl="/wait">help</Enqueue>'
    world.call_in()
    world.pass_(10)
    assert 8 <= len(application.at("/wait")) <= 11


@pytest.mark.parametrize("variants", [replace(DEFAULT, empty_wait_document_spins=True)])
def test_empty_waiting_document_is_asked_for_over_and_over(world, application, variants):
    application.pages["/voice"] = '<Enqueue waitUrl="/wait">help</Enqueue>'

    def wait(_visit):
        return "" if len(application.at("/wait")) < 30 else "<Leave/>"

    application.pages["/wait"] = wait
    sid = world.call_in()
    world.pass_(1)
    assert len(application.at("/wait")) == 30
    assert world.status(sid) == "completed"


@pytest.mark.parametrize("variants", [replace(DEFAULT, ring_timeout_has_buffer=False), DEFAULT])
def test_ring_time_out_has_five_seconds_more_or_not(world, application, variants):
    world.person(CUSTOMER, Callee(pick_up="no-answer"))
    call = world.client.calls.create(
        to=CUSTOMER, from_=OUR_NUMBER, url=application.url("/x"), timeout=15
    )
    world.pass_(17)
    still = variants.ring_timeout_has_buffer
    assert world.status(call.sid) == ("ringing" if still else "no-answer")
    world.pass_(5)
    assert world.status(call.sid) == "no-answer"


@pytest.mark.parametrize(
    "variants", [replace(DEFAULT, dial_continues_after_child_redirect=False), DEFAULT]
)
def test_parent_of_a_redirected_child_goes_on_or_is_hung_up(world, application, variants):
    world.person("client:ana", Callee(ring_s=2, manner=Manner(lingers_s=None)))
    application.pages["/voice"] = "<Dial><Client>ana</Client></Dial><Redirect>/next</Redirect>"
    application.pages["/elsewhere"] = '<Pause length="30"/>'
    world.call_in(lingers_s=None)
    world.pass_(10)
    (leg,) = world.carrier.ledger.legs_of("client:ana")
    world.client.calls(leg.sid).update(url=application.url("/elsewhere"))
    world.pass_(1)
    goes_on = variants.dial_continues_after_child_redirect
    assert len(application.at("/next")) == (1 if goes_on else 0)
    assert leg.is_live


@pytest.mark.parametrize("variants", [replace(DEFAULT, participants_count_as_calls=True), DEFAULT])
def test_participants_wait_for_the_call_rate_or_not(world, application, variants):
    for name in ("ana", "ben", "cat"):
        world.person(f"client:{name}", Callee(ring_s=5))
        world.client.conferences("room").participants.create(from_=OUR_NUMBER, to=f"client:{name}")
    world.pass_(1.5)
    statuses = [leg.status for leg in world.carrier.ledger.legs.values()]
    waits = variants.participants_count_as_calls
    assert statuses == (["ringing", "queued", "queued"] if waits else ["ringing"] * 3)


@pytest.mark.parametrize("variants", [replace(DEFAULT, completed_cancels_ringing=False), DEFAULT])
def test_completing_a_ringing_call_cancels_it_or_leaves_it_unanswered(world, application, variants):
    world.person(CUSTOMER, Callee(ring_s=20))
    call = world.client.calls.create(to=CUSTOMER, from_=OUR_NUMBER, url=application.url("/x"))
    world.pass_(5)
    ended = world.client.calls(call.sid).update(status="completed")
    cancels = variants.completed_cancels_ringing
    assert ended.status == ("canceled" if cancels else "no-answer")


@pytest.mark.parametrize("variants", [replace(DEFAULT, confidence_is_sent=False), DEFAULT])
def test_speech_comes_with_a_confidence_or_without(world, application, variants):
    application.pages["/voice"] = '<Gather input="speech" action="/menu"><Say>Yes?</Say></Gather>'
    world.call_in(Reaction(say="billing"))
    world.pass_(20)
    (visit,) = application.at("/menu")
    assert ("Confidence" in visit.form) == variants.confidence_is_sent


@pytest.mark.parametrize("variants", [replace(DEFAULT, start_filter_finds_queued=False), DEFAULT])
def test_search_by_start_finds_calls_not_dialled_yet_or_not(world, application, variants):
    world.person(CUSTOMER, Callee(pick_up="busy"))
    for _ in range(3):
        world.client.calls.create(to=CUSTOMER, from_=OUR_NUMBER, url=application.url("/x"))
    world.pass_(0.5)
    found = world.client.calls.list(start_time_after="2026-11-02T00:00:00Z")
    assert len(found) == (3 if variants.start_filter_finds_queued else 1)
