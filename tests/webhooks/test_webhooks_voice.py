"""Calls that come in, and their way through the flow."""

from dataclasses import replace

from acd.events import CallArrived, CallEnded, CallQueued, FlowEnded, FlowOutcome, LegCause
from tests.webhooks import carrier, memory
from tests.webhooks.carrier import CALL, CALLER


def test_new_call_is_noted_and_asked_for_a_key(world):
    document = world.begin()
    assert document.verbs == ["Gather", "Redirect"]
    assert document.find("Gather").get("input") == "dtmf speech"
    (fact,) = world.journal.facts
    assert isinstance(fact.event, CallArrived)
    assert fact.event.call_id == CALL
    assert fact.event.line == "main"
    assert fact.natural_key == f"{CALL}|inbound"
    assert fact.private["number"] == CALLER
    assert CALLER not in repr(fact.event)


def test_same_new_call_twice_gets_the_same_document_and_one_fact(world):
    first = world.post("/voice/inbound").text
    assert world.post("/voice/inbound").text == first
    assert len(world.journal.facts) == 1


def test_key_leads_into_the_queue_with_what_the_flow_says(world):
    document = world.document(world.begin().action, Digits="1")
    assert document.verbs == ["Say", "Enqueue", "Redirect"]
    enqueue = document.find("Enqueue")
    assert enqueue.text == "service"
    assert carrier.path_of(enqueue.get("waitUrl")) == "/voice/wait"
    (queued,) = world.journal.named("CallQueued")
    assert queued == CallQueued(
        0, CALL, "service", queued.customer_id, {"english": 1}, 0, queued.language
    )
    assert queued.language == "en"


def test_speech_is_understood_without_a_confidence(world):
    document = world.document(world.begin().action, SpeechResult="people please")
    assert "Enqueue" in document.verbs


def test_repeated_answer_gets_the_same_document_and_no_second_fact(world):
    action = world.begin().action
    first = world.post(action, Digits="1").text
    count = len(world.journal.facts)
    assert world.post(action, Digits="1").text == first
    assert world.post(action, Digits="2").text == first
    assert len(world.journal.facts) == count


def test_late_answer_to_an_old_question_gets_the_question_of_now(world):
    first = world.begin().action
    second = world.document(first, Digits="3").action
    now = world.document(second, Digits="1")  # too short an account number: asked again
    assert world.document(first, Digits="4").action == now.action


def test_silence_asks_again_under_a_new_token(world):
    begun = world.begin()
    again = world.document(begun.action)
    assert again.verbs[-2:] == ["Gather", "Redirect"]
    assert again.action != begun.action


def test_step_of_another_call_is_refused(world):
    action = world.begin().action
    assert world.post(action, CallSid="CA" + "2" * 32, Digits="1").status_code == 403


def test_made_up_and_altered_tokens_are_refused_and_change_nothing(world):
    action = world.begin().action
    for forged in (action.replace("token=1", "token=2"), action.partition("&token")[0]):
        assert world.post(forged, Digits="1").status_code == 403
    assert len(world.journal.facts) == 1


def test_token_is_worthless_after_a_day(world):
    action = world.begin().action
    world.clock.now = world.clock.now.replace(day=22)
    assert world.post(action, Digits="1").status_code == 403


def test_caller_whose_place_was_lost_begins_again(world):
    action = world.begin().action
    world.sessions.kept.clear()
    assert world.document(action, Digits="1").verbs == ["Gather", "Redirect"]
    assert [fact.natural_key for fact in world.journal.distinct()] == [f"{CALL}|inbound"]


def test_caller_stays_on_the_version_they_began_with(world):
    action = world.begin().action
    new = memory.Flows(memory.FLOW.replace("version: 1", "version: 2").replace("One moment", "New"))
    world.flows.versions |= new.versions
    assert world.document(action, Digits="1").spoken == "One moment."


def test_caller_whose_version_is_gone_begins_again_on_the_new_one(world):
    action = world.begin().action
    new = memory.Flows(memory.FLOW.replace("version: 1", "version: 2"))
    world.flows.versions = new.versions
    again = world.document(action, Digits="1")
    assert again.verbs == ["Gather", "Redirect"]
    assert "Enqueue" in world.document(again.action, Digits="1").verbs


def test_number_that_is_not_ours_is_told_so(world):
    document = world.begin(To="+12125550199")
    assert document.verbs == ["Say", "Hangup"]
    assert world.journal.facts == []


def test_caller_without_a_number_is_a_customer_of_this_call(world):
    world.begin(From="anonymous")
    assert world.journal.events[0].customer_id == f"unknown.{CALL}"


def test_hanging_up_in_the_flow_ends_it_as_abandoned_once(world):
    world.begin()
    for _ in range(2):
        answer = world.post("/voice/inbound/status", CallStatus="completed")
        assert answer.status_code == 204
    ended = world.journal.events[1:]
    assert ended == [
        FlowEnded(0, CALL, FlowOutcome.ABANDONED),
        CallEnded(0, CALL, LegCause.COMPLETED, 0),
    ]


def test_hanging_up_after_the_goodbye_is_only_the_end_of_the_call(world):
    world.document(world.begin().action, Digits="4")
    world.post("/voice/inbound/status", CallStatus="completed")
    outcomes = [event.outcome for event in world.journal.named("FlowEnded")]
    assert outcomes == [FlowOutcome.SELF_SERVED]
    assert len(world.journal.named("CallEnded")) == 1


def test_hanging_up_while_waiting_leaves_the_outcome_to_the_centre(world):
    world.document(world.begin().action, Digits="1")
    world.post("/voice/inbound/status", CallStatus="completed")
    assert world.journal.named("FlowEnded") == []
    assert len(world.journal.named("CallEnded")) == 1


def test_end_of_a_call_nobody_knows_is_still_noted(world):
    assert world.post("/voice/inbound/status", CallStatus="completed").status_code == 204
    assert len(world.journal.named("CallEnded")) == 1


def test_status_that_ends_nothing_is_no_fact(world):
    world.post("/voice/inbound/status", CallStatus="in-progress")
    assert world.journal.facts == []


def test_answer_after_the_end_moves_nobody(world):
    action = world.begin().action
    world.post("/voice/inbound/status", CallStatus="completed")
    count = len(world.journal.facts)
    assert world.post(action, Digits="1").status_code == 200
    assert len(world.journal.facts) == count


# --- voicemail -------------------------------------------------------------------------------


def test_message_left_in_the_flow_ends_it_as_voicemail(world):
    asked = world.document(world.begin().action, Digits="2")
    assert asked.verbs == ["Say", "Record", "Redirect"]
    url = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE9"
    done = world.document(asked.action, RecordingDuration="7", Digits="hangup", RecordingUrl=url)
    assert done.verbs == ["Say", "Hangup"]
    assert world.journal.named("FlowEnded")[0].outcome is FlowOutcome.VOICEMAIL
    (left,) = world.journal.named("VoicemailLeft")
    assert (left.recording_sid, left.duration_ms) == ("RE9", 7000)


def test_empty_recording_is_no_message(world):
    asked = world.document(world.begin().action, Digits="2")
    world.document(asked.action)
    assert world.journal.named("FlowEnded")[0].outcome is FlowOutcome.ABANDONED


def test_hanging_up_after_the_tone_counts_as_a_message(world):
    world.document(world.begin().action, Digits="2")
    world.post("/voice/inbound/status", CallStatus="completed")
    assert world.journal.named("FlowEnded")[0].outcome is FlowOutcome.VOICEMAIL


# --- after the queue -------------------------------------------------------------------------


def test_caller_who_left_the_queue_goes_on_in_the_flow(world):
    document = world.document(world.begin().action, Digits="1")
    assert carrier.path_of(document.next) == "/voice/queue/left"
    assert "Record" in world.document(document.next).verbs


def test_queue_has_no_action_that_could_overrule_the_centre(world):
    document = world.document(world.begin().action, Digits="1")
    assert document.find("Enqueue").get("action") is None


# --- faults of the carrier's -----------------------------------------------------------------


def test_fallback_apologises_and_asks_again_what_was_asked(world):
    begun = world.begin()
    document = world.document("/voice/fallback", ErrorCode="11200", ErrorUrl="x")
    assert document.verbs == ["Say", "Redirect"]
    assert world.document(document.find("Redirect").text).action == begun.action


def test_fallback_of_a_call_that_never_got_in_begins_it(world):
    document = world.document("/voice/fallback", ErrorCode="11200")
    assert world.document(document.find("Redirect").text).verbs == ["Gather", "Redirect"]
    assert len(world.journal.named("CallArrived")) == 1


def test_words_still_being_spoken_are_handed_on(world):
    url = f"/voice/partial?call_id={CALL}"
    world.post(url, StableSpeechResult="I lost", UnstableSpeechResult="my")
    assert world.partials.texts == [(CALL, "I lost", True), (CALL, "my", False)]


def test_document_the_carrier_cannot_run_is_not_given_again(world):
    world.begin()
    for code in ("12100", "11750", "12300"):
        assert world.document("/voice/fallback", ErrorCode=code).verbs == ["Say", "Hangup"]


def test_place_another_release_wrote_is_begun_again_and_ended_all_the_same(world):
    action = world.begin().action
    kept = world.sessions.kept[CALL]
    world.sessions.kept[CALL] = replace(kept, state='{"session": 1}')
    again = world.document(action, Digits="1")
    assert again.verbs == ["Gather", "Redirect"]
    assert again.action != action
    world.sessions.kept[CALL] = replace(kept, state="{")
    assert world.document(f"/voice/goodbye?call_id={CALL}").verbs == ["Say", "Hangup"]
    world.post("/voice/inbound/status", CallStatus="completed")
    assert len(world.journal.named("CallEnded")) == 1
