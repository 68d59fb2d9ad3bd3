"""Rooms and agents' legs."""

import pytest

from acd.events import (
    AgentLegAnswered,
    AgentLegBound,
    AgentLegEnded,
    ConnectFailed,
    ConnectFailure,
    LegCause,
    OfferAccepted,
    OfferRejected,
    PartyJoined,
    PartyLeft,
)
from tests.webhooks.carrier import CALL
from webhooks.addresses import Addresses

LEG = "CA" + "4" * 32
ADDRESSES = Addresses("https://cc.example.com")
ROOM_URL = ADDRESSES.room(CALL, CALL, "7.1")


def test_customer_who_came_in_enters_the_room_without_a_label(world):
    conference = world.document(ROOM_URL).find("Dial/Conference")
    assert conference.text == CALL
    assert conference.get("participantLabel") is None
    assert conference.get("endConferenceOnExit") == "false"
    assert "join leave" in conference.get("statusCallbackEvent")


def test_customer_we_called_is_labelled_with_the_name_of_the_call(world):
    document = world.document(ADDRESSES.room("7.12", "7.3", "7.13"))
    assert document.find("Dial/Conference").get("participantLabel") == "7.12"


def test_every_leg_has_a_time_limit(world):
    for url in (ROOM_URL, ADDRESSES.park(CALL, CALL)):
        assert int(world.document(url).find("Dial").get("timeLimit")) > 0


def test_who_comes_and_goes_is_told_with_label_or_sid(world):
    url = ADDRESSES.room_events()
    told = {"ConferenceSid": "CF1", "FriendlyName": "7.3"}
    world.post(url, **told, StatusCallbackEvent="participant-join", SequenceNumber="1")
    world.post(
        url,
        **told,
        StatusCallbackEvent="participant-leave",
        SequenceNumber="2",
        CallSid=LEG,
        ParticipantLabel="7.1",
    )
    world.post(url, **told, StatusCallbackEvent="conference-end", SequenceNumber="3")
    assert world.journal.events == [
        PartyJoined(0, "7.3", CALL, CALL),
        PartyLeft(0, "7.3", "7.1", LEG),
    ]


def test_second_entry_of_a_leg_is_another_fact_than_a_repeated_first(world):
    told = {
        "ConferenceSid": "CF1",
        "FriendlyName": "7.3",
        "StatusCallbackEvent": "participant-join",
    }
    for count in ("1", "1", "5"):
        world.post(ADDRESSES.room_events(), **told, SequenceNumber=count)
    assert len(world.journal.distinct()) == 2


@pytest.mark.parametrize(
    ("params", "event"),
    [
        ({"CallStatus": "initiated"}, AgentLegBound(0, "7.1", LEG)),
        ({"CallStatus": "ringing"}, AgentLegBound(0, "7.1", LEG)),
        ({"CallStatus": "in-progress"}, AgentLegAnswered(0, "7.1", LEG)),
        ({"CallStatus": "completed"}, AgentLegEnded(0, "7.1", LEG, LegCause.COMPLETED)),
        ({"CallStatus": "busy"}, AgentLegEnded(0, "7.1", LEG, LegCause.BUSY)),
        ({"CallStatus": "no-answer"}, AgentLegEnded(0, "7.1", LEG, LegCause.NO_ANSWER)),
        ({"CallStatus": "failed"}, AgentLegEnded(0, "7.1", LEG, LegCause.FAILED)),
        (
            {"CallStatus": "failed", "SipResponseCode": "404"},
            AgentLegEnded(0, "7.1", LEG, LegCause.INVALID),
        ),
        ({"CallStatus": "canceled"}, AgentLegEnded(0, "7.1", LEG, LegCause.CANCELED)),
    ],
)
def test_status_of_an_agents_leg_becomes_a_fact(world, params, event):
    assert world.post(ADDRESSES.agent_status("7.1"), CallSid=LEG, **params).status_code == 204
    assert world.journal.events == [event]


def test_unknown_status_is_no_fact(world):
    world.post(ADDRESSES.agent_status("7.1"), CallSid=LEG, CallStatus="levitating")
    assert world.journal.events == []


def test_status_without_our_id_is_refused(world):
    assert world.post("/voice/agent/status", CallStatus="completed").status_code == 400


@pytest.mark.parametrize(
    ("digits", "event"),
    [
        ({}, AgentLegEnded(0, "7.1", LEG, LegCause.NO_ANSWER)),
        ({"Digits": ""}, AgentLegEnded(0, "7.1", LEG, LegCause.NO_ANSWER)),
        ({"Digits": "2"}, OfferRejected(0, "7.1")),
        ({"Digits": "#"}, OfferRejected(0, "7.1")),
        ({"Digits": "1"}, OfferAccepted(0, "7.1")),
    ],
)
def test_key_takes_the_call_another_declines_it_and_silence_is_nobody(world, digits, event):
    document = world.document(ADDRESSES.agent_whisper("7.1", "7.2"), CallSid=LEG)
    assert document.verbs == ["Gather", "Redirect"]
    assert document.find("Gather").get("finishOnKey") == ""
    answer = world.document(document.action, CallSid=LEG, **digits)
    assert answer.verbs == (["Dial"] if digits.get("Digits") == "1" else ["Hangup"])
    if answer.verbs == ["Dial"]:
        assert answer.find("Dial/Conference").get("participantLabel") == "7.1"
        assert answer.find("Dial/Conference").text == "7.2"
    assert world.journal.events == [event]


@pytest.mark.parametrize("digits", [{}, {"Digits": "2"}, {"Digits": "1"}])
def test_only_the_key_makes_a_standing_leg(world, digits):
    document = world.document(ADDRESSES.standing_whisper("7.4", "7.4"), CallSid=LEG)
    answer = world.document(document.action, CallSid=LEG, **digits)
    if digits.get("Digits") == "1":
        assert answer.find("Dial/Conference").text == "7.4"
        assert world.journal.events == []
    else:
        assert answer.verbs == ["Hangup"]
        assert world.journal.events == [AgentLegEnded(0, "7.4", LEG, LegCause.NO_ANSWER)]


def test_carriers_word_about_a_leg_nobody_took_is_the_same_fact(world):
    document = world.document(ADDRESSES.agent_whisper("7.1", "7.1"), CallSid=LEG)
    world.document(document.action, CallSid=LEG)
    world.post(ADDRESSES.agent_status("7.1"), CallSid=LEG, CallStatus="completed")
    assert len(world.journal.distinct()) == 1


def test_call_whose_room_is_over_ends(world):
    left = world.document(ROOM_URL).find("Dial").get("action")
    assert world.document(left, DialCallStatus="answered").verbs == ["Hangup"]
    assert world.journal.events == []


def test_caller_who_never_got_into_the_room_goes_back_into_the_line(world):
    world.document(world.begin().action, Digits="1")
    left = world.document(ROOM_URL).find("Dial").get("action")
    document = world.document(left, DialCallStatus="failed")
    assert world.journal.events[-1] == ConnectFailed(0, CALL, "7.1", ConnectFailure.REFUSED)
    assert "Enqueue" in world.document(document.find("Redirect").text).verbs


def test_called_person_who_never_got_into_the_room_holds_on(world):
    left = ADDRESSES.room_left("7.12", "7.13")
    assert world.document(left, DialCallStatus="failed").verbs == ["Pause"]
    assert len(world.journal.named("ConnectFailed")) == 1


def test_music_in_a_room_goes_on_for_ever(world):
    document = world.document(ADDRESSES.room_music())
    assert document.verbs == ["Pause", "Redirect"]
