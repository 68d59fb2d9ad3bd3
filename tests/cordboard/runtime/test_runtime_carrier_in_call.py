"""Commands of a conversation as REST requests: callbacks, hold, company, moves, recordings."""

from urllib.parse import urlsplit

import pytest

from acd.commands import (
    ChangeSupervision,
    HoldCall,
    MoveLeg,
    PlaceCallback,
    RecordCall,
    RingOutside,
    SuperviseTalk,
)
from acd.events import (
    AgentLegBound,
    AgentLegEnded,
    CallEnded,
    LegCause,
    RecordingChanged,
    Supervision,
)
from acd.recordings import RecordingState, RecordingStep
from cordboard.runtime.carrier.callbacks import Callbacks
from cordboard.runtime.carrier.effects import Done, Doubtful, NotNow
from cordboard.runtime.carrier.limits import Limit, Waiting
from cordboard.runtime.carrier.places import Places
from cordboard.runtime.carrier.recordings import CallRecordings
from cordboard.runtime.carrier.rooms import Rooms
from cordboard.runtime.gateway import is_overtaken, lane_of
from tests.cordboard.runtime.test_runtime_carrier import (
    AGENT_CALL,
    CALL,
    NO_CALLS,
    NO_ROOMS,
    NUMBER,
    OURS,
    ROOM,
    UNKNOWN_ANSWERS,
    Script,
    again,
    agent_legs,
    client,
    error,
    facts,
    first_try,
    hopeless,
    ok,
)
from webhooks.addresses import Addresses

CONFERENCE = "CF" + "3" * 32


def places(sids=None):
    return Places(
        addresses=Addresses("https://cc.example.com"),
        caller_id=OURS,
        endpoints={},
        sid_of=lambda leg_id: (sids or {}).get(leg_id, ""),
        supervisors={"sam": "client:sam"},
        directory={"bank": "+442079460190"},
    )


class TestCallbacks:
    PLACE = PlaceCallback("7.9", CALL, "sales", "7.10", "room", 25_000)

    def place(self, script, attempt, *, number=NUMBER, allowed=True, sids=None, limit=None):
        class Promises:
            def number_of(self, call_id):
                return number

        callbacks = Callbacks(
            client=client(script),
            places=places(sids),
            promises=Promises(),
            is_allowed=lambda told: allowed,
            limit=limit or Limit(10.0, lambda: 0),
            carrier_ms=lambda: 1_800_000_100_000,
        )
        return callbacks.place(self.PLACE, attempt)

    def test_customer_is_rung_into_the_room_of_the_agent(self):
        script = Script(ok(sid=CALL))
        effect = self.place(script, first_try())
        assert facts(effect) == []
        assert effect.settlement.leg == ("7.9", f"customer|{CALL}")
        _, path, data = script.asked[0]
        assert path == "Calls.json"
        assert (data["To"], data["From"], data["Timeout"]) == (NUMBER, OURS, 25)
        assert urlsplit(data["Url"]).path == "/voice/room"
        assert "room=room" in data["Url"]
        assert urlsplit(data["AsyncAmdStatusCallback"]).path == "/voice/callback/detected"
        assert NUMBER not in data["Url"] + data["StatusCallback"]

    @pytest.mark.parametrize(
        "circumstances", [{"number": None}, {"allowed": False}], ids=["erased", "not allowed"]
    )
    def test_number_that_may_not_be_rung_is_given_up(self, circumstances):
        script = Script()
        [ended] = facts(self.place(script, first_try(), **circumstances))
        assert ended == CallEnded(0, "7.9", LegCause.REFUSED)
        assert script.asked == []

    @pytest.mark.parametrize("answer", UNKNOWN_ANSWERS)
    def test_callback_in_doubt_is_looked_for_and_never_placed_again(self, answer):
        assert isinstance(self.place(Script(answer), first_try()), Doubtful)
        for attempt in (again(), hopeless()):
            script = Script(NO_CALLS)
            self.place(script, attempt)
            assert [method for method, _, _ in script.asked] == ["GET"]

    def test_callback_in_doubt_is_found_or_given_up(self):
        made = ok(
            calls=[{"sid": CALL, "date_created": "Fri, 15 Jan 2027 08:01:38 +0000"}],
            next_page_uri=None,
        )
        assert self.place(Script(made), again()).settlement.leg is not None
        assert self.place(Script(), again(), sids={"7.9": CALL}).settlement.leg is not None
        assert isinstance(self.place(Script(error(500)), again()), Doubtful)
        [ended] = facts(self.place(Script(NO_CALLS), hopeless()))
        assert ended.cause is LegCause.FAILED

    def test_callback_is_put_off_refused_or_withdrawn(self):
        empty = Limit(1.0, lambda: 0)
        assert empty.wait_ms("another", Waiting.CALLER) == 0
        assert isinstance(self.place(Script(), first_try(), limit=empty), NotNow)
        assert isinstance(self.place(Script(error(429)), first_try()), NotNow)
        [ended] = facts(self.place(Script(error(400, 21217)), first_try()))
        assert ended.cause is LegCause.INVALID
        [ended] = facts(self.place(Script(), first_try(is_overtaken=True)))
        assert ended.cause is LegCause.CANCELED

    def test_each_attempt_that_was_never_made_is_a_fact_of_its_own(self):
        keys = [
            self.place(Script(), first_try(key=key), number=None).settlement.facts[0][1]
            for key in ("5-0:0", "9-0:0")
        ]
        assert len(set(keys)) == 2


class TestRooms:
    def change(self, command, *answers, attempt=None, sids=None):
        script = Script(*answers)
        rooms = Rooms(client(script), places(sids))
        act = rooms.hold if isinstance(command, HoldCall) else rooms.change_supervision
        return act(command, attempt or first_try()), script.asked

    def test_customer_is_held_with_music_and_taken_back(self):
        path = f"Conferences/{CONFERENCE}/Participants/{CALL}.json"
        _, asked = self.change(HoldCall("c1", CALL, "room", True), ROOM, ok(call_sid=CALL))
        method, asked_path, data = asked[1]
        assert (method, asked_path, data["Hold"]) == ("POST", path, "true")
        assert urlsplit(data["HoldUrl"]).path == "/voice/room/music"
        _, asked = self.change(HoldCall("c1", CALL, "room", False), ROOM, ok(call_sid=CALL))
        assert asked[1][2] == {"Hold": "false"}

    @pytest.mark.parametrize(
        ("mode", "sids", "asked_for"),
        [
            (Supervision.LISTEN, {}, {"Muted": "true", "Coaching": "false"}),
            (
                Supervision.WHISPER,
                {"7.1": AGENT_CALL},
                {"Muted": "false", "Coaching": "true", "CallSidToCoach": AGENT_CALL},
            ),
            (Supervision.WHISPER, {}, {"Muted": "true", "Coaching": "false"}),
            (Supervision.BARGE, {}, {"Muted": "false", "Coaching": "false"}),
        ],
    )
    def test_supervisor_is_heard_by_those_they_asked_for(self, mode, sids, asked_for):
        command = ChangeSupervision("7.4", CALL, "room", mode, "7.1")
        _, asked = self.change(command, ROOM, ok(call_sid=CALL), sids=sids)
        assert asked[1][2] == asked_for

    @pytest.mark.parametrize(
        ("answers", "kind"),
        [
            ((NO_ROOMS,), Done),
            ((ROOM, error(404, 20404)), Done),
            ((ROOM, error(400, 21220)), Done),
            ((ROOM, error(400, 13240)), Done),
            ((ROOM, error(500)), Doubtful),
            ((ROOM, error(429)), NotNow),
        ],
    )
    def test_change_of_somebody_who_is_gone_is_no_fact(self, answers, kind):
        effect, _ = self.change(HoldCall("c1", CALL, "room", True), *answers)
        assert isinstance(effect, kind)
        assert not isinstance(effect, Done) or facts(effect) == []

    def test_change_of_nobody_asks_nothing(self):
        effect, asked = self.change(HoldCall("c1", "", "room", True))
        assert (facts(effect), asked) == ([], [])
        late = first_try(is_overtaken=True)
        assert self.change(HoldCall("c1", CALL, "room", True), attempt=late)[1] == []


class TestLegsInCompany:
    def test_supervisor_is_rung_to_be_heard_as_asked(self):
        script = Script(ok(call_sid=CALL, conference_sid=CONFERENCE))
        legs = agent_legs(script, places({"7.1": AGENT_CALL}))
        command = SuperviseTalk("7.4", "sam", "room", Supervision.WHISPER, "7.1")
        assert facts(legs.supervise(command, first_try())) == [AgentLegBound(0, "7.4", CALL)]
        data = script.asked[0][2]
        assert (data["To"], data["Label"], data["CallSidToCoach"]) == (
            "client:sam",
            "7.4",
            AGENT_CALL,
        )

    def test_supervisor_without_a_telephone_is_refused(self):
        legs = agent_legs(Script(), places())
        command = SuperviseTalk("7.4", "sue", "room", Supervision.LISTEN, "7.1")
        assert facts(legs.supervise(command, first_try())) == [
            AgentLegEnded(0, "7.4", "", LegCause.REFUSED)
        ]

    @pytest.mark.parametrize("name", ["bank", "nobody"])
    def test_number_outside_is_found_in_the_directory_alone(self, name):
        script = Script(ok(call_sid=CALL, conference_sid=CONFERENCE))
        legs = agent_legs(script, places())
        [told] = facts(
            legs.ring_outside(RingOutside("7.4", "ana", name, "room", 30_000), first_try())
        )
        if name == "bank":
            assert script.asked[0][2]["To"] == "+442079460190"
        else:
            assert told.cause is LegCause.REFUSED
            assert script.asked == []

    def test_leg_is_moved_to_a_room_by_a_document(self):
        script = Script(ok(sid=AGENT_CALL))
        legs = agent_legs(script, places({"7.1": AGENT_CALL}))
        assert facts(legs.move(MoveLeg("7.1", "", "room"), first_try())) == []
        _, path, data = script.asked[0]
        assert path == f"Calls/{AGENT_CALL}.json"
        assert urlsplit(data["Url"]).path == "/voice/leg/room"

    def test_leg_that_is_over_is_told_and_one_that_never_was_is_let_be(self):
        legs = agent_legs(Script(error(404, 20404)), places())
        [ended] = facts(legs.move(MoveLeg("7.1", AGENT_CALL, "room"), first_try()))
        assert ended == AgentLegEnded(0, "7.1", AGENT_CALL, LegCause.GONE)
        assert facts(legs.move(MoveLeg("7.1", "", "room"), first_try())) == []
        assert facts(legs.move(MoveLeg("7.1", "S", "room"), first_try(is_overtaken=True))) == []


class TestRecordings:
    def record(self, change, *answers, attempt=None, recording_sid="RE1"):
        script = Script(*answers)
        recordings = CallRecordings(client(script), places())
        command = RecordCall("c1", CALL, recording_sid, change)
        return recordings.record(command, attempt or first_try()), script.asked

    def test_recording_begins_on_two_channels(self):
        effect, asked = self.record(RecordingStep.START, ok(sid="RE1"), recording_sid="")
        assert facts(effect) == [RecordingChanged(0, "c1", "RE1", RecordingState.ON)]
        _, path, data = asked[0]
        assert (path, data["RecordingChannels"]) == (f"Calls/{CALL}/Recordings.json", "dual")

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            (RecordingStep.PAUSE, "paused"),
            (RecordingStep.RESUME, "in-progress"),
            (RecordingStep.STOP, "stopped"),
        ],
    )
    def test_recording_is_changed_by_name(self, change, status):
        effect, asked = self.record(change, ok(sid="RE1"))
        assert facts(effect) == []
        assert asked[0][1] == f"Calls/{CALL}/Recordings/RE1.json"
        assert asked[0][2]["Status"] == status
        _, asked = self.record(change, ok(sid="RE1"), recording_sid="")
        assert asked[0][1] == f"Calls/{CALL}/Recordings/Twilio.CURRENT.json"

    def test_recording_in_doubt_is_looked_for_before_another_begins(self):
        effect, _ = self.record(RecordingStep.START, error(500), recording_sid="")
        assert isinstance(effect, Doubtful)
        runs = ok(recordings=[{"sid": "RE1", "status": "in-progress"}], next_page_uri=None)
        effect, asked = self.record(RecordingStep.START, runs, attempt=again(), recording_sid="")
        assert facts(effect) == [RecordingChanged(0, "c1", "RE1", RecordingState.ON)]
        assert [method for method, _, _ in asked] == ["GET"]
        over = ok(recordings=[{"sid": "RE0", "status": "completed"}], next_page_uri=None)
        _, asked = self.record(
            RecordingStep.START, over, ok(sid="RE2"), attempt=again(), recording_sid=""
        )
        assert [method for method, _, _ in asked] == ["GET", "POST"]

    def test_recording_that_cannot_begin_is_told_as_over(self):
        effect, _ = self.record(RecordingStep.START, error(400, 21220), recording_sid="")
        assert facts(effect) == [RecordingChanged(0, "c1", "", RecordingState.OFF)]
        effect, _ = self.record(RecordingStep.STOP, error(404, 20404))
        assert facts(effect) == []
        assert isinstance(self.record(RecordingStep.STOP, error(429))[0], NotNow)
        assert self.record(RecordingStep.STOP, attempt=first_try(is_overtaken=True))[1] == []


def test_lanes_follow_the_call_or_the_leg():
    assert lane_of(HoldCall("c1", CALL, "room", True)) == "c1"
    assert lane_of(MoveLeg("7.1", "S", "room")) == "7.1"
    assert lane_of(RecordCall("c1", CALL, "", RecordingStep.STOP)) == "c1"


def test_hold_is_overtaken_by_what_comes_after_it_and_a_recording_is_not():
    hold, back = HoldCall("c1", CALL, "room", True), HoldCall("c1", CALL, "room", False)
    assert is_overtaken(hold, [back])
    start = RecordCall("c1", CALL, "", RecordingStep.START)
    assert not is_overtaken(start, [RecordCall("c1", CALL, "", RecordingStep.PAUSE)])
