"""Callers in line."""

import pytest

from acd.events import CallWaited
from tests.webhooks import carrier
from tests.webhooks.carrier import CALL
from webhooks.phrases import ENGLISH, MANDARIN, PHRASES, phrases_for
from webhooks.ports import Wait

QUEUE = "QU" + "3" * 32
URL = f"/voice/wait?call_id={CALL}&language=en"


def test_every_beat_of_waiting_is_a_fact_of_its_own(world):
    for waited_s in ("0", "21", "21"):
        world.post(URL, QueueSid=QUEUE, QueueTime=waited_s)
    assert world.journal.events == [CallWaited(0, CALL, QUEUE)] * 3
    assert len(world.journal.distinct()) == 2


def test_beats_are_told_apart_by_the_carriers_own_mark_of_a_request(world):
    for mark in ("a", "a", "b"):
        headers = {"I-Twilio-Idempotency-Token": mark}
        world.post(URL, QueueSid=QUEUE, QueueTime="5", headers=headers)
    assert len(world.journal.distinct()) == 2


def test_first_document_is_short_so_that_the_next_beat_comes_soon(world):
    document = world.document(URL, QueueSid=QUEUE, QueueTime="0")
    assert document.verbs == ["Say", "Pause"]
    assert int(document.find("Pause").get("length")) <= 3


def test_place_and_wait_are_told_in_the_callers_language(world):
    world.waits.by_call[CALL] = Wait(3, 130_000, 290_000, "zh")
    english = world.document(URL, QueueSid=QUEUE, QueueTime="30")
    assert english.spoken == "You are number 3 in line. The wait is likely to be 2 to 5 minutes."
    mandarin = world.document(URL.replace("=en", "=cmn-CN"), QueueSid=QUEUE, QueueTime="30")
    assert mandarin.spoken == "您排在第3位。 预计等待2到5分钟。"
    assert mandarin.find("Say").get("language") == "cmn-CN"


def test_language_of_the_centre_is_used_where_the_address_has_none(world):
    world.waits.by_call[CALL] = Wait(1, None, None, "zh-CN")
    document = world.document(f"/voice/wait?call_id={CALL}", QueueSid=QUEUE, QueueTime="30")
    assert document.spoken == MANDARIN.next_in_line


def test_nothing_is_promised_when_nothing_is_known(world):
    document = world.document(URL, QueueSid=QUEUE, QueueTime="30")
    assert document.spoken == ENGLISH.waiting


def test_document_always_takes_time():
    music = ("https://cdn.example.com/a.mp3", "https://cdn.example.com/b.mp3")
    for settings, verb in (({}, "Pause"), ({"hold_music": music}, "Play")):
        world = carrier.world(**settings)
        assert verb in world.document(URL, QueueSid=QUEUE, QueueTime="61").verbs


def test_key_leaves_the_line_only_where_the_settings_have_one(world):
    assert world.document(f"/voice/wait/key?call_id={CALL}", Digits="").verbs == ["Redirect"]
    with_key = carrier.world(leave_key="*")
    document = with_key.document(URL, QueueSid=QUEUE, QueueTime="30")
    assert document.verbs == ["Gather"]
    assert "press *" in document.spoken
    assert with_key.document(document.action, Digits="*").verbs == ["Leave"]
    assert with_key.document(document.action, Digits="5").verbs == ["Redirect"]


def test_waiting_goes_on_while_the_journal_is_down(world):
    world.journal.is_down = True
    assert world.document(URL, QueueSid=QUEUE, QueueTime="30").verbs == ["Pause"]


def test_waiting_goes_on_over_a_fault_of_ours(world):
    world.waits.by_call = None
    assert world.document(URL, QueueSid=QUEUE, QueueTime="30").verbs == ["Pause"]


def test_message_after_the_longest_wait_is_taken_in_the_callers_language(world):
    world.begin()
    document = world.document(f"/voice/voicemail?call_id={CALL}")
    assert document.verbs == ["Say", "Record", "Redirect"]
    assert document.spoken == ENGLISH.record_message
    said = world.document(document.action, RecordingDuration="9", RecordingSid="RE1")
    assert said.verbs == ["Say", "Hangup"]
    assert world.journal.events[-1].duration_ms == 9000


def test_stored_message_is_a_fact_and_an_absent_one_is_not(world):
    url = f"/voice/voicemail/recorded?call_id={CALL}"
    world.post(url, RecordingSid="RE1", RecordingStatus="absent")
    world.post(url, RecordingSid="RE1", RecordingStatus="completed", RecordingDuration="9")
    (left,) = world.journal.events
    assert (left.recording_sid, left.duration_ms) == ("RE1", 9000)


def test_goodbye_is_said_even_while_the_store_is_down(world):
    world.journal.is_down = True
    document = world.document(f"/voice/goodbye?call_id={CALL}")
    assert document.verbs == ["Say", "Hangup"]


@pytest.mark.parametrize(
    ("low_ms", "high_ms", "said"),
    [
        (0, 59_000, ENGLISH.wait_short),
        (30_000, 100_000, "about 2 minutes"),
        (60_000, 120_000, "about 2 minutes"),
        (30_000, 170_000, "1 to 3 minutes"),
        (600_000, 900_000, "10 to 15 minutes"),
    ],
)
def test_wait_is_rounded_so_as_not_to_promise_too_much(low_ms, high_ms, said):
    assert said in ENGLISH.wait(low_ms, high_ms)


@pytest.mark.parametrize(
    ("language", "found"),
    [("en-GB", ENGLISH), ("zh-TW", MANDARIN), ("cmn-CN", MANDARIN), ("fr", ENGLISH), ("", ENGLISH)],
)
def test_phrases_are_found_by_the_nearest_language(language, found):
    assert phrases_for(language, PHRASES, "en") is found


def test_caller_sent_on_by_the_centre_goes_on_in_the_flow_and_is_out_of_the_line(world):
    world.post(world.begin().action, Digits="1")
    document = world.document(f"/voice/queue/sent-on?call_id={CALL}")
    assert [type(event).__name__ for event in world.journal.events].count("CallLeftQueue") == 1
    again = world.document(f"/voice/queue/sent-on?call_id={CALL}")
    assert "Record" in document.verbs
    assert again.verbs == document.verbs


def test_caller_sent_on_whose_place_is_lost_begins_again(world):
    document = world.document(f"/voice/queue/sent-on?call_id={CALL}")
    assert "Gather" in document.verbs
