"""Dial into a conference by TwiML: waiting documents, limits, labels, leaving by oneself."""

import pytest

from simulator.carrier.people.manners import Callee, Manner
from tests.simulator.carrier.harness import OUR_NUMBER, refused


def conference(attributes="", dial=""):
    return (
        f'<Dial action="/after" {dial}><Conference {attributes}>room</Conference></Dial>'
        "<Say>not reached</Say>"
    )


def test_waiting_document_plays_once_until_the_conference_begins(world, application):
    application.pages["/voice"] = conference('waitUrl="/lobby"')
    application.pages["/lobby"] = '<Say>Please wait.</Say><Pause length="60"/>'
    first = world.call_in(lingers_s=None)
    world.pass_(5)
    assert len(application.at("/lobby")) == 1
    second = world.call_in(lingers_s=None)
    world.pass_(100)
    assert len(application.at("/lobby")) == 1
    assert [partner for partner, _ in world.carrier.ledger.partners(first)] == [second]


@pytest.mark.off_contract
def test_broken_waiting_document_is_an_alert_and_the_caller_waits_on(world, application):
    application.pages["/voice"] = conference('waitUrl="/lobby"')
    application.pages["/lobby"] = "<Say>"
    sid = world.call_in()
    world.pass_(5)
    assert world.alerts() == [12100]
    assert world.status(sid) == "in-progress"


def test_nobody_is_heard_until_somebody_starts_the_conference(world, application):
    application.pages["/voice"] = conference('startConferenceOnEnter="false"')
    world.call_in()
    world.call_in()
    world.pass_(5)
    assert world.carrier.ledger.talks == []
    application.pages["/voice"] = conference()
    world.call_in()
    world.pass_(5)
    assert len(world.carrier.ledger.talks) == 3


@pytest.mark.off_contract
@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ('maxParticipants="1"', 16020),
        ('coach="CA00000000000000000000000000000000"', 13240),
        ('participantLabel="customer"', 16023),
    ],
)
def test_leg_that_cannot_take_part_is_an_application_error(world, application, attributes, code):
    application.pages["/voice"] = conference('participantLabel="customer"')
    world.call_in()
    world.pass_(2)
    application.pages["/voice"] = conference(attributes)
    second = world.call_in()
    world.pass_(20)
    assert code in world.alerts()
    assert world.status(second) == "completed"


def test_star_leaves_the_conference_for_the_action(world, application):
    application.pages["/voice"] = conference(dial='hangupOnStar="true"')
    application.pages["/after"] = '<Pause length="60"/>'
    sid = world.call_in()
    world.pass_(2)
    with world.carrier.timeline.held():
        world.carrier.exchange.calls[sid].press("1*")
    world.pass_(2)
    (after,) = application.at("/after")
    assert after["DialCallStatus"] == "answered"
    assert "DialCallSid" not in after.form
    assert world.status(sid) == "in-progress"


def test_time_limit_ends_the_stay(world, application):
    application.pages["/voice"] = conference(dial='timeLimit="30"')
    world.call_in()
    world.pass_(29)
    assert application.at("/after") == []
    world.pass_(2)
    assert len(application.at("/after")) == 1


def test_participant_created_by_rest_is_released_at_its_time_limit(world):
    world.person("client:ana", Callee(ring_s=1, manner=Manner(lingers_s=None, stays_s=None)))
    ana = world.client.conferences("room").participants.create(
        from_=OUR_NUMBER, to="client:ana", time_limit=20
    )
    world.pass_(30)
    leg = world.carrier.ledger.legs[ana.call_sid]
    assert leg.ended_at_s - leg.answered_at_s == pytest.approx(20.0)


def test_expected_participant_can_be_sent_away_before_answering(world):
    world.person("client:ana", Callee(ring_s=20))
    ana = world.client.conferences("room").participants.create(
        from_=OUR_NUMBER, to="client:ana", label="ana"
    )
    world.pass_(3)
    assert world.client.conferences("room").participants("ana").fetch().status == "ringing"
    assert world.client.conferences("room").participants("ana").delete()
    world.pass_(1)
    assert world.status(ana.call_sid) == "canceled"
    refused(20404, world.client.conferences("room").participants("ana").fetch)


def test_unknown_conference_is_not_found(world):
    missing = "CF" + "0" * 32
    refused(20404, world.client.conferences(missing).fetch)
    refused(
        20404,
        lambda: world.client.conferences(missing).participants.create(
            from_=OUR_NUMBER, to="client:ana"
        ),
    )
