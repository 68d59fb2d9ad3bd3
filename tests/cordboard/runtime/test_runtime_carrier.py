"""Commands as REST requests, and every way the carrier may answer them."""

import json
from urllib.parse import urlsplit

import pytest
import requests
import urllib3
from twilio.http.response import Response
from twilio.rest import Client

from acd.commands import (
    ConnectCall,
    Destination,
    EndCall,
    EndLeg,
    OfferCall,
    OpenStandingLeg,
    ParkCall,
    SendCall,
)
from acd.events import (
    AgentLegBound,
    AgentLegEnded,
    CallEnded,
    ConnectFailed,
    ConnectFailure,
    LegCause,
)
from acd.ids import AgentId, CallId, LegId, QueueId, ReservationId, Room, Sid
from cordboard.runtime.carrier.calls import CustomerCalls
from cordboard.runtime.carrier.dials import Dials, DialSettings
from cordboard.runtime.carrier.effects import Done, Doubtful, NotNow, Try
from cordboard.runtime.carrier.legs import AgentLegs
from cordboard.runtime.carrier.limits import Limit
from cordboard.runtime.carrier.places import Places
from cordboard.runtime.gateway import is_overtaken, lane_of
from dialer.commands import PlaceCall
from dialer.config import Detection, MachinePolicy
from dialer.events import DialBound, DialRefused
from dialer.ids import CampaignId, LeadId
from webhooks.addresses import Addresses
from webhooks.ports import TAKEN

ACCOUNT, CALL, AGENT_CALL = "AC" + "0" * 32, "CA" + "1" * 32, "CA" + "2" * 32
OTHER_CALL = "CA" + "3" * 32
NUMBER, OURS = "+442079460200", "+442079460101"


class Script:
    """An HTTP client that answers by a script and keeps what was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def request(self, method, url, params=None, data=None, headers=None, auth=None, **_):
        self.asked.append((method, urlsplit(url).path.partition(f"/{ACCOUNT}/")[2], data or {}))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def ok(**body):
    return Response(200, json.dumps(body))


def error(status, code=None):
    return Response(status, json.dumps({"code": code, "message": "no", "status": status}))


TIMEOUT = requests.ReadTimeout("late")
RESET = requests.ConnectionError("reset")
NEVER_SENT = requests.ConnectionError(
    urllib3.exceptions.MaxRetryError(None, "/", urllib3.exceptions.NewConnectionError(None, "no"))
)
NO_CALLS = ok(calls=[], next_page_uri=None)
NO_ROOMS = ok(conferences=[], next_page_uri=None)
ROOM = ok(
    conferences=[{"sid": "CF" + "3" * 32, "status": "in-progress", "friendly_name": "room"}],
    next_page_uri=None,
)
UNKNOWN_ANSWERS = [error(500), error(503), TIMEOUT, RESET, Response(200, "<html>not json")]


def places(sids=None, **changes):
    usual = {
        "addresses": Addresses("https://cc.example.com"),
        "caller_id": OURS,
        "endpoints": {AgentId("ana"): "client:ana"},
        "sid_of": lambda leg_id: (sids or {}).get(leg_id, ""),
    }
    return Places(**(usual | changes))


def client(script):
    return Client(ACCOUNT, "token", http_client=script)


def agent_legs(script, places, limit=None):
    limit = limit or Limit(10.0, lambda: 0)
    return AgentLegs(client(script), places, limit=limit, carrier_ms=lambda: 0)


def first_try(**changes):
    return Try(**{"key": "5-0:0", "now_ms": 1_000} | changes)


def again(looks=0, doubtful_ms=3_000):
    return first_try(looks=looks, doubtful_ms=doubtful_ms)


def hopeless():
    return again(looks=1, doubtful_ms=30_000)


def facts(effect):
    assert isinstance(effect, Done)
    return [event for event, _ in effect.settlement.facts]


class TestAgentLegs:
    OFFER = OfferCall(
        reservation_id=ReservationId("7.1"),
        agent_id=AgentId("ana"),
        call_id=CallId(CALL),
        queue_id=QueueId("sales"),
        room=Room("room"),
        ring_ms=15_000,
    )
    BOUND = AgentLegBound(0, LegId("7.1"), Sid(AGENT_CALL))

    def offer(self, script, attempt, sids=None):
        return agent_legs(script, places(sids)).offer(self.OFFER, attempt)

    def test_offer_rings_a_participant_labelled_with_the_reservation(self):
        script = Script(ok(call_sid=AGENT_CALL, conference_sid="CF" + "3" * 32))
        assert facts(self.offer(script, first_try())) == [self.BOUND]
        method, path, data = script.asked[0]
        assert (method, path) == ("POST", "Conferences/room/Participants.json")
        assert (data["Label"], data["To"], data["From"]) == ("7.1", "client:ana", OURS)
        assert (data["Timeout"], data["EndConferenceOnExit"]) == (15, "false")
        assert "leg_id=7.1" in data["StatusCallback"]

    @pytest.mark.parametrize("answer", UNKNOWN_ANSWERS)
    def test_unknown_outcome_is_never_sent_again_but_looked_for(self, answer):
        assert isinstance(self.offer(Script(answer), first_try()), Doubtful)
        script = Script(ROOM, ok(call_sid=AGENT_CALL, conference_sid="CF" + "3" * 32))
        assert facts(self.offer(script, again())) == [self.BOUND]
        assert [method for method, _, _ in script.asked] == ["GET", "GET"]

    def test_leg_told_by_the_journal_needs_no_looking(self):
        script = Script()
        assert facts(self.offer(script, again(), {"7.1": AGENT_CALL})) == [self.BOUND]

    def test_leg_not_found_for_half_a_minute_is_given_up(self):
        assert isinstance(self.offer(Script(NO_ROOMS), again()), Doubtful)
        assert isinstance(self.offer(Script(TIMEOUT), hopeless()), Doubtful)
        (ended,) = facts(self.offer(Script(NO_ROOMS), hopeless()))
        assert ended == AgentLegEnded(0, LegId("7.1"), Sid(""), LegCause.REFUSED)

    def test_label_in_use_is_our_own_leg_of_before(self):
        script = Script(error(400, 16026), ROOM, ok(call_sid=AGENT_CALL))
        assert facts(self.offer(script, first_try())) == [self.BOUND]

    @pytest.mark.parametrize("answer", [error(429, 20429), NEVER_SENT, requests.ConnectTimeout()])
    def test_request_that_was_never_processed_is_tried_again(self, answer):
        assert isinstance(self.offer(Script(answer), first_try()), NotNow)

    def test_refused_offer_is_told(self):
        (ended,) = facts(self.offer(Script(error(400, 21210)), first_try()))
        assert ended.cause is LegCause.REFUSED

    def test_offer_overtaken_by_its_end_rings_nobody(self):
        (ended,) = facts(self.offer(Script(), first_try(is_overtaken=True)))
        assert ended.cause is LegCause.CANCELED

    def test_ending_a_leg_uses_the_sid_the_journal_told_since(self):
        legs = agent_legs(script := Script(ok(sid=AGENT_CALL)), places({"7.1": AGENT_CALL}))
        assert facts(legs.end(EndLeg(LegId("7.1"), Sid("")), first_try())) == []
        assert script.asked == [("POST", f"Calls/{AGENT_CALL}.json", {"Status": "completed"})]

    @pytest.mark.parametrize("answer", [error(404, 20404), error(400, 21220)])
    def test_ending_a_leg_that_is_over_says_it_is_gone(self, answer):
        legs = agent_legs(Script(answer), places())
        (ended,) = facts(legs.end(EndLeg(LegId("7.1"), Sid(AGENT_CALL)), first_try()))
        assert ended.cause is LegCause.GONE


class TestTelephonesThatAskForAKey:
    OFFER, BOUND = TestAgentLegs.OFFER, TestAgentLegs.BOUND

    TWO_CALLS = ok(
        calls=[{"sid": sid, "date_created": None} for sid in (OTHER_CALL, AGENT_CALL)],
        next_page_uri=None,
    )

    def offer(self, script, attempt, known=()):
        asking = places(
            endpoints={"ana": NUMBER}, confirming={"ana"}, known_sids=lambda: set(known)
        )
        return agent_legs(script, asking).offer(self.OFFER, attempt)

    def test_telephone_is_rung_by_a_call_that_asks_and_is_in_no_room(self):
        script = Script(ok(sid=AGENT_CALL))
        assert facts(self.offer(script, first_try())) == [self.BOUND]
        method, path, data = script.asked[0]
        assert (method, path) == ("POST", "Calls.json")
        assert (data["To"], data["From"], data["TimeLimit"]) == (NUMBER, OURS, 4 * 3_600)
        assert "/voice/agent/whisper?reservation_id=7.1&room=room" in data["Url"]
        assert "leg_id=7.1" in data["StatusCallback"]

    def test_standing_leg_asks_too_and_may_stay_for_the_shift(self):
        script = Script(ok(sid=AGENT_CALL))
        asking = places(endpoints={"ana": NUMBER}, confirming={"ana"})
        order = OpenStandingLeg(LegId("7.4"), AgentId("ana"), Room("7.4"))
        agent_legs(script, asking).open_standing(order, first_try())
        data = script.asked[0][2]
        assert "/voice/agent/standing?leg_id=7.4&room=7.4" in data["Url"]
        assert data["TimeLimit"] == 12 * 3_600

    @pytest.mark.parametrize("answer", UNKNOWN_ANSWERS)
    def test_unknown_outcome_is_never_sent_again_but_looked_for(self, answer):
        assert isinstance(self.offer(Script(answer), first_try()), Doubtful)
        calls = ok(calls=[{"sid": AGENT_CALL, "date_created": None}], next_page_uri=None)
        script = Script(calls)
        assert facts(self.offer(script, again())) == [self.BOUND]
        assert [(method, path) for method, path, _ in script.asked] == [("GET", "Calls.json")]

    def test_of_two_unknown_calls_to_an_agent_neither_is_taken_by_guess(self):
        assert isinstance(self.offer(Script(self.TWO_CALLS), again()), Doubtful)

    def test_call_that_was_told_to_be_another_legs_is_not_taken(self):
        effect = self.offer(Script(self.TWO_CALLS), again(), known={OTHER_CALL})
        assert facts(effect) == [self.BOUND]

    def test_call_of_another_leg_is_not_taken_where_ours_was_never_made(self):
        calls = ok(calls=[{"sid": OTHER_CALL, "date_created": None}], next_page_uri=None)
        assert isinstance(self.offer(Script(calls), again(), known={OTHER_CALL}), Doubtful)

    def test_call_that_is_not_found_for_half_a_minute_was_never_made(self):
        assert isinstance(self.offer(Script(NO_CALLS), again()), Doubtful)
        (ended,) = facts(self.offer(Script(NO_CALLS), hopeless()))
        assert ended == AgentLegEnded(0, LegId("7.1"), Sid(""), LegCause.REFUSED)


class TestCustomerCalls:
    CONNECT = ConnectCall(
        call_id=CallId(CALL),
        reservation_id=ReservationId("7.1"),
        sid=Sid(CALL),
        queue_sid=Sid("QU" + "4" * 32),
        room=Room("room"),
    )

    def connect(self, script, attempt):
        return CustomerCalls(client(script), places()).connect(self.CONNECT, attempt)

    def test_waiting_caller_is_taken_out_of_the_queue_by_name(self):
        script = Script(ok(call_sid=CALL))
        assert facts(self.connect(script, first_try())) == []
        method, path, data = script.asked[0]
        assert (method, path) == ("POST", f"Queues/QU{'4' * 32}/Members/{CALL}.json")
        assert "reservation_id=7.1" in data["Url"]

    @pytest.mark.parametrize(
        ("answers", "cause"),
        [
            ((error(404, 20404), ok(status="in-progress")), ConnectFailure.NOT_YET),
            ((error(404, 20404), ok(status="completed")), ConnectFailure.GONE),
            ((error(404, 20404), error(404, 20404)), ConnectFailure.GONE),
            ((error(400, 21205),), ConnectFailure.REFUSED),
        ],
    )
    def test_caller_who_cannot_be_moved_is_told_with_the_reason(self, answers, cause):
        (failed,) = facts(self.connect(Script(*answers), first_try()))
        assert failed == ConnectFailed(0, CallId(CALL), ReservationId("7.1"), cause)

    def test_move_in_doubt_that_had_worked_is_found_in_the_room(self):
        assert isinstance(self.connect(Script(TIMEOUT), first_try()), Doubtful)
        there = ok(participants=[{"call_sid": CALL}], next_page_uri=None)
        assert facts(self.connect(Script(error(404, 20404), ROOM, there), again())) == []

    def test_move_overtaken_by_a_later_one_is_dropped(self):
        assert facts(self.connect(Script(), first_try(is_overtaken=True))) == []

    def test_redirects_and_ends_go_to_the_call(self):
        calls = CustomerCalls(client(script := Script(*[ok(sid=CALL)] * 5)), places())
        calls.park(ParkCall(CallId(CALL), Sid(CALL), Room("room")), first_try())
        for destination in Destination:
            send = SendCall(CallId(CALL), Sid(CALL), Sid(""), destination)
            calls.send(send, first_try())
        calls.end(EndCall(CallId(CALL), Sid(CALL)), first_try())
        assert [urlsplit(data.get("Url", "")).path for _, _, data in script.asked] == [
            "/voice/park",
            "/voice/voicemail",
            "/voice/goodbye",
            "/voice/queue/sent-on",
            "",
        ]

    def end(self, script, attempt, after_talk):
        calls = CustomerCalls(client(script), places(), lambda _call_id: after_talk)
        return calls.end(EndCall(CallId(CALL), Sid(CALL)), attempt)

    def test_call_whose_flow_goes_on_is_sent_there_instead_of_being_ended(self):
        script = Script(ok(sid=CALL))
        self.end(script, first_try(), "https://cc.example.com/voice/talk/over")
        ((_, _, data),) = script.asked
        assert urlsplit(data["Url"]).path == "/voice/talk/over"
        assert "Status" not in data

    def test_repeat_that_finds_the_caller_in_the_flow_leaves_them_there(self):
        script = Script()
        assert facts(self.end(script, again(), TAKEN)) == []
        assert script.asked == []

    def test_second_end_of_a_caller_who_has_been_there_is_an_end(self):
        script = Script(ok(sid=CALL))
        self.end(script, first_try(), TAKEN)
        assert script.asked[0][2] == {"Status": "completed"}

    def test_end_of_a_call_that_is_over_is_told(self):
        calls = CustomerCalls(client(Script(error(404, 20404))), places())
        assert facts(calls.end(EndCall(CallId(CALL), Sid(CALL)), first_try())) == [
            CallEnded(0, CallId(CALL), LegCause.GONE)
        ]


class Permits:
    def __init__(self, *, allowed=True, number=NUMBER):
        self.allowed, self.number = allowed, number

    def number_of(self, command):
        return self.number

    def caller_id_of(self, command):
        return ""

    def allows(self, command, now_ms):
        return self.allowed


class TestDials:
    PLACE = PlaceCall(
        call_id=CallId("7.5"),
        campaign_id=CampaignId("renewals"),
        lead_id=LeadId("L1"),
        number_index=0,
        ring_ms=25_000,
        rule_set="gb",
    )
    BOUND = DialBound(0, CallId("7.5"), Sid(CALL))

    def place(self, script, attempt, permits=None, limit=None, detection=Detection.BEFORE):
        dials = Dials(
            client=client(script),
            places=places(),
            campaigns={
                CampaignId("renewals"): DialSettings(
                    caller_id=OURS,
                    detection=detection,
                    machine_policy=MachinePolicy.HANG_UP,
                    speech_end_ms=900,
                )
            },
            permits=permits or Permits(),
            limit=limit or Limit(10.0, lambda: 0),
            carrier_ms=lambda: 1_800_000_100_000,
        )
        return dials.place(self.PLACE, attempt)

    def test_dial_goes_to_the_number_with_detection_beside_the_opening(self):
        script = Script(ok(sid=CALL))
        assert facts(self.place(script, first_try())) == [self.BOUND]
        _, path, data = script.asked[0]
        assert path == "Calls.json"
        assert (data["To"], data["From"], data["Timeout"]) == (NUMBER, OURS, 25)
        assert (data["AsyncAmd"], data["MachineDetection"]) == ("true", "Enable")
        assert data["MachineDetectionSpeechEndThreshold"] == 900
        assert NUMBER not in data["Url"] + data["StatusCallback"]

    def test_dial_without_detection_asks_for_none(self):
        self.place(script := Script(ok(sid=CALL)), first_try(), detection=Detection.OFF)
        assert "MachineDetection" not in script.asked[0][2]

    @pytest.mark.parametrize("answer", UNKNOWN_ANSWERS)
    def test_dial_in_doubt_is_never_placed_again(self, answer):
        assert isinstance(self.place(Script(answer), first_try()), Doubtful)
        for attempt in (again(), hopeless()):
            script = Script(NO_CALLS)
            self.place(script, attempt)
            assert [method for method, _, _ in script.asked] == ["GET"]

    def test_dial_in_doubt_that_was_placed_is_found_by_its_two_numbers(self):
        made = "Fri, 15 Jan 2027 08:01:38 +0000"  # 2 s before the carrier's now
        script = Script(ok(calls=[{"sid": CALL, "date_created": made}], next_page_uri=None))
        assert facts(self.place(script, again())) == [self.BOUND]

    def test_older_call_to_the_same_number_is_not_taken_for_it(self):
        made = "Fri, 15 Jan 2027 07:00:00 +0000"
        script = Script(ok(calls=[{"sid": CALL, "date_created": made}], next_page_uri=None))
        assert isinstance(self.place(script, again()), Doubtful)

    def test_dial_not_found_for_half_a_minute_is_given_up(self):
        assert facts(self.place(Script(NO_CALLS), hopeless())) == [DialRefused(0, CallId("7.5"), 0)]

    def test_refusal_of_the_carrier_is_told_with_its_code(self):
        script = Script(error(400, 21217))
        assert facts(self.place(script, first_try())) == [DialRefused(0, CallId("7.5"), 21217)]

    @pytest.mark.parametrize("permits", [Permits(allowed=False), Permits(number=None)])
    def test_number_that_must_not_be_dialled_now_is_not(self, permits):
        script = Script()
        assert facts(self.place(script, first_try(), permits)) == [DialRefused(0, CallId("7.5"), 0)]

    def test_dials_stay_under_the_accounts_rate(self):
        limit = Limit(1.0, lambda: 0)
        assert isinstance(self.place(Script(ok(sid=CALL)), first_try(), limit=limit), Done)
        assert self.place(Script(), first_try(), limit=limit) == NotNow(after_ms=1_000)

    def test_dial_overtaken_by_its_end_is_never_placed(self):
        (ended,) = facts(self.place(Script(), first_try(is_overtaken=True)))
        assert ended == CallEnded(0, CallId("7.5"), LegCause.CANCELED)


def test_end_of_a_leg_shares_the_lane_of_its_offer_and_overtakes_it():
    end = EndLeg(LegId("7.1"), Sid(""))
    assert lane_of(end) == lane_of(TestAgentLegs.OFFER)
    assert is_overtaken(TestAgentLegs.OFFER, [end])
    assert not is_overtaken(end, [TestAgentLegs.OFFER])
