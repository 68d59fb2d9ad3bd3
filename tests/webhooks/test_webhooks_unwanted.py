"""What should not come in: refused in one line of the log, or answered so that nothing changes.

Four kinds. What the carrier did not send, or not so, is refused at the door: a status, an empty
body, one line that names the check. What it sent before may be sent again by anybody who kept it,
as the signature has no date, and by the carrier itself: the answer is the same and the books do not
move. What it tells of calls nobody knows is kept as a fact, which moves nobody in the centre. And
what people may write into names and numbers is text.
"""

import io
from dataclasses import replace
from urllib.parse import urlencode

import msgspec
import pytest
import structlog
from twilio.request_validator import RequestValidator

from acd.messages import EventError
from tests.webhooks import carrier
from tests.webhooks.carrier import ACCOUNT, BASE, CALL, CALLER, LINE, TOKEN
from tests.webhooks.test_webhooks_bad_input import HOSTILE, _sendable
from tests.webhooks.whole import whole
from webhooks.addresses import Addresses

ADDRESSES = Addresses(BASE)
STRANGER = "CA" + "9" * 32
KIND = "application/x-www-form-urlencoded"
CANARIES = {"From": CALLER, "CallerName": "Canary Robin", "Digits": "49298765"}
PLANTED = [CALLER.removeprefix("+1"), "anary", "49298765"]
FORM = {"AccountSid": ACCOUNT, "CallSid": CALL, "To": LINE} | CANARIES


@pytest.fixture
def begun():
    """A centre in which one caller is in the menu; `action` is where their answer goes."""
    world = carrier.world()
    world.action = world.begin().action.partition("#")[0].removeprefix(BASE)
    return world


def send(world, path="/voice/inbound", form=FORM, *, token=TOKEN, **changes):
    signature = RequestValidator(token).compute_signature(BASE + path, form)
    plain = {
        "data": urlencode(form),
        "content_type": KIND,
        "headers": {"X-Twilio-Signature": signature},
    }
    return world.app.test_client().post(path, **(plain | changes))


def books(world):
    return repr([fact.natural_key for fact in world.journal.facts]) + repr(world.sessions.kept)


# --- refused at the door ---------------------------------------------------------------------

REFUSED = {
    "forged": (403, lambda w: send(w, headers={"X-Twilio-Signature": "L/OH5YylLD5NRKLltdqwSvS0"})),
    "unsigned": (403, lambda w: send(w, headers={})),
    "signed with another token": (403, lambda w: send(w, token="another")),
    "one parameter changed": (403, lambda w: send(w, data=urlencode(FORM | {"Digits": "1"}))),
    "replayed at another address": (
        403,
        lambda w: w.app.test_client().post(
            "/voice/wait",
            data=urlencode(FORM),
            content_type=KIND,
            headers={
                "X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(
                    BASE + "/voice/inbound", FORM
                )
            },
        ),
    ),
    "replayed for another call": (403, lambda w: send(w, w.action, FORM | {"CallSid": STRANGER})),
    "step of our own making changed": (403, lambda w: send(w, w.action + "x")),
    "step of an unknown call": (
        403,
        lambda w: send(w, w.action.replace(CALL, STRANGER), FORM | {"CallSid": STRANGER}),
    ),
    "truncated": (
        400,
        lambda w: w.app.test_client().post(
            "/voice/inbound",
            input_stream=io.BytesIO(b"CallerName=Canary"),
            content_type=KIND,
            environ_overrides={"CONTENT_LENGTH": "500"},
        ),
    ),
    "oversized": (413, lambda w: send(w, data="CallerName=Canary" + "x" * 70_000)),
    "too many fields": (400, lambda w: send(w, data="&".join(["CallerName=Canary"] * 300))),
    "plain text": (415, lambda w: send(w, content_type="text/plain")),
    "no content type": (415, lambda w: send(w, content_type="")),
    "another account": (403, lambda w: send(w, form=FORM | {"AccountSid": "AC" + "b" * 32})),
    "no account": (403, lambda w: send(w, form=CANARIES)),
    "no call": (400, lambda w: send(w, form=CANARIES | {"AccountSid": ACCOUNT})),
    "id we never write": (400, lambda w: send(w, "/voice/agent/status?leg_id=Canary%7Cword")),
}


@pytest.mark.parametrize("unwanted", REFUSED)
def test_unwanted_request_is_refused_in_one_line_and_changes_nothing(begun, unwanted):
    status, post = REFUSED[unwanted]
    before = books(begun)
    with structlog.testing.capture_logs() as lines:
        answer = post(begun)
    assert (answer.status_code, answer.data) == (status, b"")
    assert books(begun) == before
    (line,) = lines
    assert (line["event"], line["status"]) == ("webhook refused", status)
    assert line["check"]
    assert [canary for canary in PLANTED if canary in repr(line)] == []


# --- sent again ------------------------------------------------------------------------------

TOLD = {
    "new call": "/voice/inbound",
    "wait": ADDRESSES.wait(CALL),
    "room": ADDRESSES.room(CALL, CALL, "7.1"),
    "leg": ADDRESSES.agent_status("7.1"),
    "end of a call": "/voice/inbound/status",
    "verdict": ADDRESSES.dial_detected("7.12"),
}


@pytest.mark.parametrize("repeats", [1, 3])
@pytest.mark.parametrize("kind", TOLD)
def test_captured_request_sent_again_counts_once(begun, kind, repeats):
    params = {"CallStatus": "completed", "QueueSid": "QU" + "1" * 32, "AnsweredBy": "human"}
    told = CANARIES | params | {"Timestamp": "Mon, 02 Nov 2026 09:00:00 +0000"}
    first = begun.post(TOLD[kind], **told)
    known = {fact.natural_key for fact in begun.journal.facts}
    with structlog.testing.capture_logs() as lines:
        again = [begun.post(TOLD[kind], **told) for _ in range(repeats)]
    assert {answer.data for answer in again} == {first.data}
    assert {fact.natural_key for fact in begun.journal.facts} == known
    assert [canary for canary in PLANTED if canary in repr(lines)] == []


def test_captured_answer_sent_again_moves_the_caller_once(begun):
    first = begun.post(begun.action, Digits="1")
    before = books(begun)
    assert begun.post(begun.action, Digits="1").data == first.data
    assert begun.post(begun.action, Digits="2").data == first.data
    assert books(begun) == before


# --- about calls nobody knows ----------------------------------------------------------------

ABOUT_STRANGERS = {
    "leg": ADDRESSES.agent_status("6.99"),
    "call": "/voice/inbound/status",
    "waiting": ADDRESSES.wait(STRANGER),
    "room": ADDRESSES.room(STRANGER, "6.98", "6.97"),
    "room event": ADDRESSES.room_events(),
    "left room": ADDRESSES.room_left(STRANGER, "6.97"),
    "dial": ADDRESSES.dial_status("6.96"),
    "verdict": ADDRESSES.dial_detected("6.96"),
    "callback": ADDRESSES.callback_status("6.95"),
    "transfer": ADDRESSES.transfer_status(STRANGER),
    "recording": ADDRESSES.recording_status(STRANGER),
    "voicemail": ADDRESSES.voicemail_recorded(STRANGER),
}
SAID = {
    "CallSid": STRANGER,
    "CallStatus": "completed",
    "QueueSid": "QU" + "9" * 32,
    "AnsweredBy": "human",
    "ConferenceSid": "CF" + "9" * 32,
    "FriendlyName": "6.98",
    "StatusCallbackEvent": "participant-join",
    "ParticipantLabel": "6.97",
    "RecordingSid": "RE" + "9" * 32,
    "RecordingStatus": "completed",
    "RecordingDuration": "9",
    "DialCallStatus": "completed",
}


@pytest.mark.parametrize("kind", ABOUT_STRANGERS)
def test_what_is_told_of_an_unknown_call_moves_nothing_in_the_centre(kind):
    with whole() as centre:
        centre.sign_in()
        centre.turn()
        before = state_of(centre)
        world = centre.scene.world
        known = len(world.journal.facts)
        with structlog.testing.capture_logs() as lines:
            answer = world.post(
                ABOUT_STRANGERS[kind],
                token=centre.scene.carrier.account.token,
                AccountSid=centre.scene.carrier.account.sid,
                **(CANARIES | SAID),
            )
        assert answer.status_code in {200, 204, 400, 403}
        for fact in world.journal.facts[known:]:
            told(centre, fact.event)
        assert state_of(centre) == before
        assert len(lines) <= 1
        assert [canary for canary in PLANTED if canary in repr(lines)] == []


def told(centre, event):
    """Tell the centre a fact; what it cannot make sense of is put aside."""
    try:
        assert centre.centre.handle(replace(event, at_ms=centre._now_ms)) == []
    except EventError:
        return


def state_of(centre):
    """Return all the centre knows but how much came too late or for nobody: that is counted."""
    plain = centre.centre.to_plain()
    del plain["acd"]["stale_count"]
    return msgspec.json.encode(plain, order="sorted")


# --- what people write -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "field", ["From", "To", "CallSid", "CallerName", "FromCity", "StirVerstat"]
)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_in_any_field_is_refused_or_answered_in_order(field, text):
    world = carrier.world()
    with structlog.testing.capture_logs() as lines:
        answer = world.post("/voice/inbound", **{field: _sendable(text), "CallStatus": "ringing"})
    assert answer.status_code in {200, 400}
    assert b"<Dial" not in answer.data
    if text.strip():
        assert text[:60] not in repr(lines) + answer.text
