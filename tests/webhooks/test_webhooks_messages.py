"""Text messages, recordings and agents' browsers."""

import jwt
import pytest

from tests.webhooks import carrier
from tests.webhooks.carrier import CALL
from webhooks.access_tokens import AgentAccess
from webhooks.addresses import Addresses
from webhooks.consent import consent_in
from webhooks.ports import Consent, JournalDown, Recording, TextMessage

ADDRESSES = Addresses("https://cc.example.com")
MESSAGE = "SM" + "5" * 32


class Inbox:
    def __init__(self):
        self.taken, self.is_down = [], False

    def _take(self, *told):
        if self.is_down:
            raise JournalDown
        self.taken.append(told)

    received = delivery_changed = changed = _take


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def writing(inbox):
    return carrier.world(ports={"text_messages": inbox, "conversations": inbox})


def test_message_is_taken_with_its_media_and_without_card_numbers(writing, inbox):
    answer = writing.post(
        ADDRESSES.message_received(),
        drop=("CallSid",),
        MessageSid=MESSAGE,
        Body="my card is 4111 1111 1111 1111",
        NumMedia="1",
        MediaUrl0="https://api.twilio.com/media/1",
    )
    assert (answer.status_code, answer.data) == (204, b"")
    ((message,),) = inbox.taken
    assert isinstance(message, TextMessage)
    assert message.sid == MESSAGE
    assert "1111 1111" not in message.text
    assert message.media == ("https://api.twilio.com/media/1",)


@pytest.mark.parametrize(
    ("text", "consent"),
    [
        ("STOP", Consent.STOP),
        (" Stop. ", Consent.STOP),
        ("opt-out", Consent.STOP),
        ("退订", Consent.STOP),
        ("START", Consent.START),
        ("help?", Consent.HELP),
        ("please stop by", None),
        ("don't stop", None),
        ("", None),
    ],
)
def test_words_of_consent_count_only_alone(text, consent):
    assert consent_in(text) is consent


def test_the_carriers_own_reading_of_consent_counts():
    assert consent_in("basta", "STOP") is Consent.STOP


def test_delivery_of_our_messages_is_taken(writing, inbox):
    writing.post(
        ADDRESSES.message_status("SM1", "m1"),
        MessageSid=MESSAGE,
        MessageStatus="undelivered",
        ErrorCode="30003",
    )
    assert inbox.taken == [("SM1", "m1", "undelivered", 30003)]


def test_message_without_a_sid_is_refused(writing, inbox):
    assert writing.post(ADDRESSES.message_received(), Body="x").status_code == 400
    assert inbox.taken == []


@pytest.mark.parametrize("path", ["message_received", "message_status"])
def test_message_is_never_acknowledged_without_a_place_for_it(writing, inbox, path):
    inbox.is_down = True
    ids = {"message_received": (), "message_status": ("SM1", "m1")}[path]
    url = getattr(ADDRESSES, path)(*ids)
    assert writing.post(url, MessageSid=MESSAGE, Body="x").status_code == 503


def test_recording_of_a_conversation_is_catalogued(writing, inbox):
    writing.post(
        ADDRESSES.recording_status(CALL),
        RecordingSid="RE1",
        RecordingStatus="completed",
        RecordingSource="StartCallRecordingAPI",
        RecordingChannels="2",
        RecordingDuration="61",
    )
    assert inbox.taken == [
        (Recording("RE1", CALL, "completed", "StartCallRecordingAPI", 2, 61_000),)
    ]


def test_addresses_without_a_taker_are_not_open(world):
    assert world.post(ADDRESSES.message_received(), MessageSid=MESSAGE).status_code == 404


# --- agents' browsers ------------------------------------------------------------------------

ACCESS = {"account_sid": carrier.ACCOUNT, "key_sid": "SK" + "6" * 32, "key_secret": "s" * 32}


def test_browser_token_is_short_for_one_identity_and_incoming_only():
    text = AgentAccess(**ACCESS).issue("ana")
    claims = jwt.decode(text, "s" * 32, algorithms=["HS256"])
    assert claims["grants"] == {"identity": "ana", "voice": {"incoming": {"allow": True}}}
    assert claims["exp"] - claims["nbf"] <= 900 if "nbf" in claims else claims["exp"]
    assert claims["iss"] == ACCESS["key_sid"]
    assert claims["sub"] == carrier.ACCOUNT


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"key_sid": carrier.ACCOUNT}, "API key"), ({"lifetime_s": 90_000}, "lifetime_s")],
)
def test_access_that_cannot_work_stops_the_start(changes, word):
    with pytest.raises(ValueError, match=word):
        AgentAccess(**(ACCESS | changes))


def test_identity_the_carrier_cannot_ring_is_refused():
    with pytest.raises(ValueError, match="identity"):
        AgentAccess(**ACCESS).issue("ana lopez")


def test_secret_is_not_in_the_text_of_the_access():
    assert "ssss" not in repr(AgentAccess(**ACCESS))
