"""The journal is down, or a program of ours is wrong: nobody on the line may be lost by it."""

import pytest

from acd.events import FlowOutcome
from tests.webhooks.carrier import CALL
from webhooks.addresses import Addresses

ADDRESSES = Addresses("https://cc.example.com")

CALLBACKS = [
    (ADDRESSES.inbound_status(), {"CallStatus": "completed"}),
    (ADDRESSES.transfer_status(CALL), {"CallStatus": "in-progress"}),
    (
        ADDRESSES.room_events(),
        {"StatusCallbackEvent": "participant-join", "FriendlyName": "7.1", "ConferenceSid": "CF1"},
    ),
    (ADDRESSES.agent_status("7.1"), {"CallStatus": "completed"}),
    (ADDRESSES.dial_status("7.12"), {"CallStatus": "completed"}),
    (ADDRESSES.dial_detected("7.12"), {"AnsweredBy": "human"}),
    (
        ADDRESSES.voicemail_recorded(CALL),
        {"RecordingStatus": "completed", "RecordingSid": "RE1", "RecordingDuration": "5"},
    ),
]


@pytest.mark.parametrize(("url", "params"), CALLBACKS)
def test_fact_is_never_acknowledged_without_a_journal(world, url, params):
    world.journal.is_down = True
    assert world.post(url, **params).status_code == 503
    world.journal.is_down = False
    assert world.post(url, **params).status_code == 204
    assert len(world.journal.facts) == 1


@pytest.mark.parametrize(("url", "params"), CALLBACKS)
def test_addresses_of_facts_ask_for_repeats(world, url, params):
    assert url.endswith("#rc=5&rp=all")


def test_new_caller_is_asked_to_wait_and_let_in_when_the_journal_is_back(world):
    world.journal.is_down = True
    document = world.begin()
    assert document.verbs == ["Say", "Pause", "Redirect"]
    for _ in range(3):
        document = world.document(document.find("Redirect").text)
        assert document.verbs == ["Pause", "Redirect"]
    world.journal.is_down = False
    assert world.document(document.find("Redirect").text).verbs == ["Gather", "Redirect"]
    assert len(world.journal.named("CallArrived")) == 1


def test_pauses_grow_and_stay_bounded(world):
    world.journal.is_down = True
    lengths = []
    document = world.begin()
    for _ in range(15):
        lengths.append(int(document.find("Pause").get("length")))
        document = world.document(document.find("Redirect").text)
    assert lengths == sorted(lengths)
    assert lengths[-1] == 10


def test_keys_lost_in_an_outage_are_asked_for_again_not_counted_as_silence(world):
    begun = world.begin()
    world.journal.is_down = True
    document = world.document(begun.action, Digits="1")
    world.journal.is_down = False
    again = world.document(document.find("Redirect").text)
    assert again.action == begun.action
    assert "Enqueue" in world.document(again.action, Digits="1").verbs


def test_no_key_and_no_word_travels_in_an_address(world):
    begun = world.begin()
    world.journal.is_down = True
    document = world.document(begun.action, Digits="4929", SpeechResult="my secret")
    assert "4929" not in document.find("Redirect").text
    assert "secret" not in document.find("Redirect").text


def test_what_is_told_once_and_is_not_personal_survives_the_outage(world):
    asked = world.document(world.begin().action, Digits="2")
    world.journal.is_down = True
    document = world.document(asked.action, RecordingDuration="7", RecordingSid="RE1")
    world.journal.is_down = False
    world.document(document.find("Redirect").text)
    assert world.journal.named("FlowEnded")[0].outcome is FlowOutcome.VOICEMAIL


def test_fault_of_ours_is_apologised_for_tried_again_and_then_ended_in_words(world):
    world.sessions.advance = None
    document = world.begin()
    assert document.verbs == ["Say", "Pause", "Redirect"]
    for _ in range(2):
        document = world.document(document.find("Redirect").text)
        assert document.verbs == ["Pause", "Redirect"]
    document = world.document(document.find("Redirect").text)
    assert document.verbs == ["Say", "Hangup"]


def test_fault_in_taking_a_fact_is_an_empty_500(world):
    world.journal.append = None
    answer = world.post(ADDRESSES.agent_status("7.1"), CallStatus="completed")
    assert (answer.status_code, answer.data) == (500, b"")


def test_called_person_hears_the_safe_harbour_at_once_while_the_journal_is_down(world):
    world.journal.is_down = True
    document = world.document(ADDRESSES.dial_answered("7.12", "survey"))
    assert "+1 212 555 0100" in document.spoken


def test_key_to_opt_out_lost_in_an_outage_is_offered_again(world):
    document = world.document(ADDRESSES.safe_harbour("7.12", "survey"))
    world.journal.is_down = True
    waiting = world.document(document.action, Digits="9")
    world.journal.is_down = False
    again = world.document(waiting.next)
    assert "Press 9" in again.spoken
    world.document(again.action, Digits="9")
    assert len(world.journal.named("OptedOut")) == 1
