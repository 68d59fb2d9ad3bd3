"""Every operation the stand-in offers, performed by the unmodified SDK, one by one.

A scene with one of everything is set; each operation has to be answered with what the SDK turns
into the right object. Nothing offered can be left out: the routes are compared with this table.
The sounds of recordings are no operations of the SDK; programs fetch them by their address.
"""

import re

import pytest

from simulator.carrier.account import Account
from simulator.carrier.people.manners import Callee, Manner
from tests.simulator.carrier.harness import CUSTOMER, OUR_NUMBER

VERIFIED, FOR_SALE = "+15550100177", "+15550100188"
STAYS = Manner(lingers_s=None, stays_s=None)


class Scene:
    """One of everything: a waiting caller, a recorded conference of two, a text, a past call."""

    def __init__(self, world, application):
        self.world, self.application, self.client = world, application, world.client
        application.pages["/voice"] = "<Enqueue>help</Enqueue>"
        world.person("client:ana", Callee(ring_s=1, manner=STAYS))
        world.person(CUSTOMER, Callee(ring_s=1, manner=STAYS))
        self.waiting = world.call_in(stays_s=None)
        room = self.client.conferences("room").participants
        self.agent = room.create(
            from_=OUR_NUMBER, to="client:ana", label="ana", conference_record="true"
        ).call_sid
        self.customer = room.create(from_=OUR_NUMBER, to=CUSTOMER).call_sid
        self.text = self.client.messages.create(from_=OUR_NUMBER, to=CUSTOMER, body="Hello").sid
        world.pass_(5)
        (self.queue,) = (each.sid for each in self.client.queues.list())
        (self.room,) = (each.sid for each in self.client.conferences.list())
        (self.room_tape,) = (each.sid for each in self.client.recordings.list())
        self.tape = self.client.calls(self.customer).recordings.create().sid
        self.over = self._past_call()
        (self.number,) = (each.sid for each in self.client.incoming_phone_numbers.list())

    def _past_call(self):
        call = self.client.calls.create(to=CUSTOMER, from_=OUR_NUMBER, twiml="<Response/>")
        self.world.pass_(10)
        return call.sid

    @property
    def participants(self):
        return self.client.conferences(self.room).participants

    def url(self):
        return self.application.url("/next")


OPERATIONS = {
    "GET .json": lambda s: (
        s.client.api.accounts(s.client.account_sid).fetch().sid == s.client.account_sid
    ),
    "POST /Calls.json": lambda s: (
        s.client.calls.create(to=CUSTOMER, from_=OUR_NUMBER, url=s.url()).status == "queued"
    ),
    "GET /Calls.json": lambda s: s.waiting in [call.sid for call in s.client.calls.list()],
    "GET /Calls/<sid>.json": lambda s: s.client.calls(s.over).fetch().status == "completed",
    "POST /Calls/<sid>.json": lambda s: (
        s.client.calls(s.waiting).update(status="completed").status == "completed"
    ),
    "DELETE /Calls/<sid>.json": lambda s: s.client.calls(s.over).delete(),
    "POST /Queues.json": lambda s: (
        s.client.queues.create(friendly_name="more", max_size=7).max_size == 7
    ),
    "GET /Queues.json": lambda s: [q.friendly_name for q in s.client.queues.list()] == ["help"],
    "GET /Queues/<sid>.json": lambda s: s.client.queues(s.queue).fetch().current_size == 1,
    "POST /Queues/<sid>.json": lambda s: (
        s.client.queues(s.queue).update(friendly_name="else").friendly_name == "else"
    ),
    "DELETE /Queues/<sid>.json": lambda s: s.client.queues(
        s.client.queues.create(friendly_name="none").sid
    ).delete(),
    "GET /Queues/<sid>/Members.json": lambda s: (
        [m.call_sid for m in s.client.queues(s.queue).members.list()] == [s.waiting]
    ),
    "GET /Queues/<sid>/Members/<call_sid>.json": lambda s: (
        s.client.queues(s.queue).members(s.waiting).fetch().position == 1
    ),
    "POST /Queues/<sid>/Members/<call_sid>.json": lambda s: (
        s.client.queues(s.queue).members("Front").update(url=s.url()).call_sid == s.waiting
    ),
    "GET /Conferences.json": lambda s: (
        [c.sid for c in s.client.conferences.list(friendly_name="room", status="in-progress")]
        == [s.room]
    ),
    "GET /Conferences/<sid>.json": lambda s: (
        s.client.conferences(s.room).fetch().status == "in-progress"
    ),
    "POST /Conferences/<sid>.json": lambda s: (
        s.client.conferences(s.room).update(status="completed").status == "completed"
    ),
    "POST /Conferences/<room>/Participants.json": lambda s: (
        s.participants.create(from_=OUR_NUMBER, to="client:ben", label="ben").label == "ben"
    ),
    "GET /Conferences/<room>/Participants.json": lambda s: (
        {p.call_sid for p in s.participants.list()} == {s.agent, s.customer}
    ),
    "GET /Conferences/<room>/Participants/<sid_or_label>.json": lambda s: (
        s.participants("ana").fetch().call_sid == s.agent
    ),
    "POST /Conferences/<room>/Participants/<sid_or_label>.json": lambda s: (
        s.participants(s.customer).update(hold=True, hold_url=s.url()).hold
    ),
    "DELETE /Conferences/<room>/Participants/<sid_or_label>.json": lambda s: s.participants(
        s.customer
    ).delete(),
    "GET /Recordings.json": lambda s: (
        {each.sid for each in s.client.recordings.list()} == {s.tape, s.room_tape}
    ),
    "GET /Recordings/<sid>.json": lambda s: (
        s.client.recordings(s.tape).fetch().source == "StartCallRecordingAPI"
    ),
    "DELETE /Recordings/<sid>.json": lambda s: s.client.recordings(s.tape).delete(),
    "POST /Calls/<call_sid>/Recordings.json": lambda s: (
        s.client.calls(s.agent).recordings.create(recording_channels="dual").channels == 2
    ),
    "GET /Calls/<call_sid>/Recordings.json": lambda s: (
        [each.sid for each in s.client.calls(s.customer).recordings.list()] == [s.tape]
    ),
    "GET /Calls/<call_sid>/Recordings/<sid>.json": lambda s: (
        s.client.calls(s.customer).recordings("Twilio.CURRENT").fetch().sid == s.tape
    ),
    "POST /Calls/<call_sid>/Recordings/<sid>.json": lambda s: (
        s.client.calls(s.customer).recordings(s.tape).update(status="paused").status == "paused"
    ),
    "DELETE /Calls/<call_sid>/Recordings/<sid>.json": lambda s: (
        s.client.calls(s.customer).recordings(s.tape).delete()
    ),
    "GET /Conferences/<conference_sid>/Recordings.json": lambda s: (
        [each.sid for each in s.client.conferences(s.room).recordings.list()] == [s.room_tape]
    ),
    "GET /Conferences/<conference_sid>/Recordings/<sid>.json": lambda s: (
        s.client.conferences(s.room).recordings(s.room_tape).fetch().source == "Conference"
    ),
    "POST /Conferences/<conference_sid>/Recordings/<sid>.json": lambda s: (
        s.client.conferences(s.room).recordings("Twilio.CURRENT").update(status="stopped").status
        == "completed"
    ),
    "DELETE /Conferences/<conference_sid>/Recordings/<sid>.json": lambda s: (
        s.client.conferences(s.room).recordings(s.room_tape).delete()
    ),
    "POST /Messages.json": lambda s: (
        s.client.messages.create(from_=OUR_NUMBER, to=CUSTOMER, body="Hi").status == "queued"
    ),
    "GET /Messages.json": lambda s: [each.sid for each in s.client.messages.list()] == [s.text],
    "GET /Messages/<sid>.json": lambda s: s.client.messages(s.text).fetch().body == "Hello",
    "POST /Messages/<sid>.json": lambda s: not s.client.messages(s.text).update(body="").body,
    "DELETE /Messages/<sid>.json": lambda s: s.client.messages(s.text).delete(),
    "POST /IncomingPhoneNumbers.json": lambda s: (
        s.client.incoming_phone_numbers.create(phone_number=FOR_SALE).phone_number == FOR_SALE
    ),
    "GET /IncomingPhoneNumbers.json": lambda s: (
        [each.phone_number for each in s.client.incoming_phone_numbers.list()] == [OUR_NUMBER]
    ),
    "GET /IncomingPhoneNumbers/<sid>.json": lambda s: (
        s.client.incoming_phone_numbers(s.number).fetch().phone_number == OUR_NUMBER
    ),
    "POST /IncomingPhoneNumbers/<sid>.json": lambda s: (
        s.client.incoming_phone_numbers(s.number).update(voice_url=s.url()).voice_url == s.url()
    ),
    "DELETE /IncomingPhoneNumbers/<sid>.json": lambda s: s.client.incoming_phone_numbers(
        s.number
    ).delete(),
    "GET /OutgoingCallerIds.json": lambda s: (
        [each.phone_number for each in s.client.outgoing_caller_ids.list()] == [VERIFIED]
    ),
    "GET /OutgoingCallerIds/<sid>.json": lambda s: (
        s.client.outgoing_caller_ids(s.client.outgoing_caller_ids.list()[0].sid)
        .fetch()
        .phone_number
        == VERIFIED
    ),
    "GET /DialingPermissions/Countries/<iso_code>": lambda s: (
        s.client.voice.v1.dialing_permissions.countries("GB").fetch().low_risk_numbers_enabled
    ),
}
SOUNDS = {"GET /Recordings/<sid>", "GET /Recordings/<sid>.mp3", "GET /Recordings/<sid>.wav"}


@pytest.fixture
def account():
    return Account(verified=(VERIFIED,), calls_per_s=10.0)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operation_is_performed(world, application, operation):
    scene = Scene(world, application)
    assert OPERATIONS[operation](scene)
    last = world.carrier.ledger.requests[-1]
    method, rule = operation.split()
    path = re.sub(r"<\w+>", "[^/]+", rule.replace(".", r"\."))
    assert last.method == method
    assert re.search(f"{path}$", last.path)
    assert (last.status < 300, last.code) == (True, 0)


def test_nothing_offered_is_left_out(world):
    offered = {name for name in world.carrier.app.view_functions if name.split()[0].isupper()}
    assert offered - SOUNDS == set(OPERATIONS)
