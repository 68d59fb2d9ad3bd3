"""The smaller resources: recordings, messages, numbers, queues, changes to a conference."""

import pytest

from simulator.carrier.people.manners import Callee, Manner, Reaction
from tests.simulator.carrier.harness import CUSTOMER, OUR_NUMBER, refused

STAYS = Manner(lingers_s=None, stays_s=None)


@pytest.fixture
def meeting(world, application):
    """A customer and Ana in a conference; return the conference's resource."""
    application.pages["/voice"] = (
        '<Dial><Conference statusCallback="/events" '
        'statusCallbackEvent="start end join leave mute hold modify announcement">room</Conference>'
        "</Dial>"
    )
    world.person("client:ana", Callee(ring_s=1, manner=STAYS))
    world.customer = world.call_in(lingers_s=None)
    world.pass_(2)
    agent = world.client.conferences("room").participants.create(
        from_=OUR_NUMBER, to="client:ana", label="ana"
    )
    world.agent = agent.call_sid
    world.pass_(5)
    return world.client.conferences(agent.conference_sid)


def events(application):
    return [visit["StatusCallbackEvent"] for visit in application.at("/events")]


def test_mute_hold_and_modify_are_told(world, application, meeting):
    person = meeting.participants("ana")
    person.update(muted=True)
    person.update(muted=False)
    person.update(hold=True)
    person.update(hold=False)
    assert person.update(end_conference_on_exit=True).end_conference_on_exit is True
    world.pass_(1)
    assert events(application)[3:] == [
        "participant-mute",
        "participant-unmute",
        "participant-hold",
        "participant-unhold",
        "participant-modify",
    ]


def test_kicked_participant_leaves_and_their_call_ends(world, application, meeting):
    meeting.participants("ana").delete()
    world.pass_(1)
    assert world.status(world.agent) == "completed"
    assert world.status(world.customer) == "in-progress"
    (leave,) = [v for v in application.at("/events") if "leave" in v["StatusCallbackEvent"]]
    assert leave["ParticipantLabel"] == "ana"
    assert leave["ReasonParticipantLeft"] == "participant_updated_via_api"
    refused(20404, meeting.participants("ana").fetch)


def test_ended_conference_lets_everybody_go_and_says_why(world, application, meeting):
    ended = meeting.update(status="completed")
    assert ended.status == "completed"
    assert ended.reason_conference_ended == "conference-ended-via-api"
    world.pass_(1)
    assert world.carrier.ledger.live_legs() == []
    assert events(application)[-1] == "conference-end"
    assert meeting.participants.list() == []


def test_end_of_a_moderator_names_who_ended_it(world, application, meeting):
    meeting.participants("ana").update(end_conference_on_exit=True)
    world.client.calls(world.agent).update(status="completed")
    world.pass_(1)
    end = application.at("/events")[-1]
    assert end["CallSidEndingConference"] == world.agent
    assert end["ParticipantLabelEndingConference"] == "ana"
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"


def test_announcement_is_played_and_its_end_told(world, application, meeting):
    application.pages["/news"] = "<Say>This call is recorded.</Say>"
    meeting.update(announce_url=application.url("/news"))
    world.pass_(1)
    assert "announcement-end" not in events(application)
    world.pass_(5)
    assert events(application).count("announcement-end") == 2


@pytest.mark.off_contract
def test_failed_announcement_is_told_too(world, application, meeting):
    application.pages["/news"] = "<Say>"
    meeting.participants("ana").update(announce_url=application.url("/news"))
    world.pass_(2)
    assert events(application)[-1] == "announcement-fail"


def test_hold_music_plays_while_held(world, application, meeting):
    application.pages["/music"] = '<Pause length="10"/>'
    meeting.participants(world.customer).update(hold=True, hold_url=application.url("/music"))
    world.pass_(25)
    heard = len(application.at("/music"))
    assert heard == 3
    assert application.at("/music")[0].method == "GET"
    meeting.participants(world.customer).update(hold=False)
    world.pass_(60)
    assert len(application.at("/music")) == heard


def test_supervisor_coaches_without_joining_the_talk(world, application, meeting):
    world.person("client:sue", Callee(ring_s=1, manner=STAYS))
    sue = meeting.participants.create(
        from_=OUR_NUMBER,
        to="client:sue",
        label="sue",
        coaching=True,
        call_sid_to_coach=world.agent,
    )
    world.pass_(5)
    shown = meeting.participants("sue").fetch()
    assert (shown.coaching, shown.call_sid_to_coach) == (True, world.agent)
    assert world.carrier.ledger.partners(sue.call_sid) == []
    meeting.participants("sue").update(coaching=False)
    world.pass_(1)
    assert len(world.carrier.ledger.partners(sue.call_sid)) == 2


def test_label_can_be_used_once_and_must_be_plain(world, meeting):
    def add(label):
        meeting.participants.create(from_=OUR_NUMBER, to="client:ben", label=label)

    refused(16023, lambda: add("ana"))
    refused(16025, lambda: add("a/b"))
    refused(16025, lambda: add("x" * 129))


def test_participants_are_listed_by_what_they_are(world, meeting):
    meeting.participants(world.customer).update(hold=True)
    assert [p.call_sid for p in meeting.participants.list(hold=True)] == [world.customer]
    assert [p.label for p in meeting.participants.list(hold=False)] == ["ana"]


def test_recording_is_paused_resumed_and_stopped(world, application, meeting):
    recordings = world.client.calls(world.customer).recordings
    started = recordings.create(
        recording_status_callback=application.url("/tape"),
        recording_status_callback_event=["in-progress", "completed"],
    )
    world.pass_(10)
    recordings("Twilio.CURRENT").update(status="paused", pause_behavior="skip")
    world.pass_(20)
    recordings("Twilio.CURRENT").update(status="in-progress")
    world.pass_(5)
    assert recordings(started.sid).update(status="stopped").status == "completed"
    refused(21220, lambda: recordings(started.sid).update(status="paused"))
    world.pass_(1)
    assert [visit["RecordingStatus"] for visit in application.at("/tape")] == [
        "in-progress",
        "completed",
    ]
    done = application.at("/tape")[-1]
    assert done["RecordingDuration"] == "15"
    assert done["CallSid"] == world.customer
    assert [each.sid for each in world.client.recordings.list()] == [started.sid]
    world.client.recordings(started.sid).delete()
    assert world.client.recordings.list() == []


def test_recording_ends_with_the_call(world, application):
    world.person(CUSTOMER, Callee(ring_s=1, manner=Manner(stays_s=20)))
    application.pages["/x"] = '<Pause length="60"/>'
    call = world.client.calls.create(
        to=CUSTOMER,
        from_=OUR_NUMBER,
        url=application.url("/x"),
        record=True,
        recording_status_callback=application.url("/tape"),
    )
    world.pass_(60)
    (done,) = application.at("/tape")
    assert (done["RecordingSource"], done["RecordingDuration"]) == ("OutboundAPI", "20")
    refused(21220, world.client.calls(call.sid).recordings.create)


def test_message_goes_out_and_its_way_is_told(world, application):
    sent = world.client.messages.create(
        from_=OUR_NUMBER,
        to=CUSTOMER,
        body="您好" * 40,
        status_callback=application.url("/sms-status"),
    )
    assert (sent.status, sent.num_segments) == ("queued", "2")
    world.pass_(10)
    assert [v["MessageStatus"] for v in application.at("/sms-status")] == ["sent", "delivered"]
    assert world.client.messages(sent.sid).fetch().status == "delivered"


def test_incoming_message_is_brought_and_answered(world, application):
    application.pages["/sms"] = "<Message>We call you back.</Message>"
    with world.carrier.timeline.held():
        world.carrier.exchange.texting.receive(CUSTOMER, OUR_NUMBER, "Call me")
    world.pass_(10)
    (visit,) = application.at("/sms")
    assert (visit["Body"], visit["From"], visit["NumMedia"]) == ("Call me", CUSTOMER, "0")
    out = [m for m in world.client.messages.list() if m.direction == "outbound-reply"]
    assert [(m.body, m.to) for m in out] == [("We call you back.", CUSTOMER)]


@pytest.mark.off_contract
@pytest.mark.parametrize(
    ("code", "changes"),
    [(21606, {"from_": CUSTOMER}), (20001, {"body": ""}), (21617, {"body": "x" * 1601})],
)
def test_message_that_cannot_be_sent_is_refused(world, code, changes):
    parameters = {"to": CUSTOMER, "from_": OUR_NUMBER, "body": "Hello"} | changes
    refused(code, lambda: world.client.messages.create(**parameters))


@pytest.mark.off_contract
def test_person_who_wrote_stop_gets_nothing_until_they_write_start(world, application):
    def writes(word):
        with world.carrier.timeline.held():
            world.carrier.exchange.texting.receive(CUSTOMER, OUR_NUMBER, word)

    def send():
        return world.client.messages.create(to=CUSTOMER, from_=OUR_NUMBER, body="Hello")

    writes("Stop")
    refused(21610, send)
    writes("start")
    assert send().status == "queued"


@pytest.mark.off_contract
def test_messages_to_a_number_end_as_the_options_say(world, application):
    world.carrier.exchange.texting.errors = {CUSTOMER: 21614}
    parameters = {"to": CUSTOMER, "from_": OUR_NUMBER, "body": "Hello"}
    refused(21614, lambda: world.client.messages.create(**parameters))
    world.carrier.exchange.texting.errors = {CUSTOMER: 30003}
    address = application.url("/sms-status")
    sent = world.client.messages.create(**parameters, status_callback=address)
    world.pass_(10)
    last = application.at("/sms-status")[-1]
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", "30003")
    assert world.client.messages(sent.sid).fetch().error_code == 30003


@pytest.mark.off_contract
def test_number_is_pointed_at_another_application(world, application):
    (number,) = world.client.incoming_phone_numbers.list(phone_number=OUR_NUMBER)
    changed = world.client.incoming_phone_numbers(number.sid).update(
        voice_url=application.url("/new"), voice_fallback_url=application.url("/fallback")
    )
    assert changed.voice_url == application.url("/new")
    application.pages["/new"] = "<Hangup/>"
    world.call_in()
    world.pass_(2)
    assert len(application.at("/new")) == 1
    refused(21205, lambda: world.client.incoming_phone_numbers(number.sid).update(voice_url="here"))


def test_account_shows_itself_without_its_token(world):
    shown = world.client.api.accounts(world.carrier.account.sid).fetch()
    assert (shown.status, shown.auth_token) == ("active", "")


def test_queue_is_made_once_changed_and_removed_when_empty(world, application):
    queue = world.client.queues.create(friendly_name="help")
    refused(22003, lambda: world.client.queues.create(friendly_name="help"))
    assert world.client.queues(queue.sid).update(max_size=7).max_size == 7
    application.pages["/voice"] = "<Enqueue>help</Enqueue>"
    sid = world.call_in()
    world.pass_(10)
    shown = world.client.queues(queue.sid).fetch()
    assert (shown.current_size, shown.average_wait_time) == (1, 10)
    front = world.client.queues(queue.sid).members("Front").fetch()
    assert (front.call_sid, front.wait_time) == (sid, 10)
    refused(22002, world.client.queues(queue.sid).delete)
    world.client.calls(sid).update(status="completed")
    world.pass_(1)
    assert world.client.queues(queue.sid).delete()


def test_ended_call_can_be_forgotten_a_live_one_cannot(world, application):
    application.pages["/voice"] = '<Pause length="5"/>'
    sid = world.call_in()
    world.pass_(1)
    refused(21220, world.client.calls(sid).delete)
    world.pass_(10)
    assert world.client.calls(sid).delete()
    refused(20404, world.client.calls(sid).fetch)


def test_call_to_our_own_number_runs_that_numbers_document(world, application):
    application.pages["/voice"] = '<Say>Welcome.</Say><Pause length="20"/>'
    application.pages["/x"] = '<Pause length="10"/>'
    call = world.client.calls.create(to=OUR_NUMBER, from_="+15005550006", url=application.url("/x"))
    world.pass_(5)
    assert len(application.at("/voice")) == 1
    assert world.status(call.sid) == "in-progress"
    world.pass_(30)
    assert world.carrier.ledger.live_legs() == []


def test_text_sent_from_within_a_call_goes_to_the_caller(world, application):
    application.pages["/voice"] = "<Sms>Your link: https://bank.example/x</Sms><Say>Sent.</Say>"
    world.call_in(Reaction(hang_up=True))
    world.pass_(10)
    (message,) = world.client.messages.list()
    assert (message.from_, message.to) == (OUR_NUMBER, CUSTOMER)


def test_caller_taken_back_from_hold_to_nobody_hangs_up(world, application, meeting):
    meeting.participants(world.customer).update(hold=True)
    world.client.calls(world.agent).update(status="completed")
    world.pass_(30)
    assert world.status(world.customer) == "in-progress"
    with world.carrier.timeline.held():
        person = world.carrier.exchange.calls[world.customer].person
        person.manner = Manner(lingers_s=5.0)
    meeting.participants(world.customer).update(hold=False)
    world.pass_(10)
    assert world.status(world.customer) == "completed"
