"""After the talk: the agent hangs up, and the flow goes on with a survey, end to end."""

import pytest

from simulator.carrier.people.manners import Callee, Manner, Reaction
from tests.webhooks import carrier
from tests.webhooks.stage import AGENT
from tests.webhooks.whole import whole

FLOW = """
name: bank
version: 1
start: people
person: people
languages:
  en: {say: en-GB, hear: en-GB}
nodes:
  people:
    kind: queue
    queue: service
    skills: [english]
    prompt: {en: "One moment."}
    left: message
    served: survey
  survey:
    kind: survey
    prompt: {en: "How was it, from 1 to 5?"}
    next: thanks
  thanks: {kind: hang_up, prompt: {en: "Thank you."}, outcome: self_served}
  message: {kind: voicemail, queue: service, prompt: {en: "Leave a message."}}
"""
BRIEF = Callee(ring_s=2.0, manner=Manner(talk_s=5.0, lingers_s=1.0, stays_s=None))


def _talk(centre, *reactions, **manner):
    centre.scene.directory.add(AGENT, BRIEF)
    centre.sign_in()
    sid = centre.scene.call_in(*reactions, **({"stays_s": 120.0} | manner))
    centre.run(60)
    return sid


def _is_over(centre, **outcomes):
    assert centre.outcomes == outcomes
    assert centre.scene.is_quiet()
    assert centre.is_settled
    assert centre.quarantined == []
    assert [alert for alert in centre.scene.alerts() if alert[0] not in (16101, 16102)] == []


def test_rating_after_the_talk_is_kept_and_the_call_ends(variants):
    with whole(variants=variants, flow=FLOW) as centre:
        sid = _talk(centre, Reaction(when="how was it", key="5"))
        _is_over(centre, connected=1)
        told = centre.scene.world.sessions.told[sid]
        assert told.record["rating"] == 5
        assert told.record["outcome"] == "self_served"


@pytest.mark.parametrize("stays_s", [8.0, 10.0, 11.0, 12.0, 13.0, 14.0, 16.0])
def test_caller_may_hang_up_before_in_and_after_the_survey(variants, stays_s):
    with whole(variants=variants, flow=FLOW) as centre:
        _talk(centre, stays_s=stays_s)
        _is_over(centre, connected=1)


def test_silence_in_the_survey_is_a_goodbye_and_no_rating():
    with whole(flow=FLOW) as centre:
        sid = _talk(centre)
        _is_over(centre, connected=1)
        assert centre.scene.world.sessions.told[sid].record["rating"] is None


def test_wish_for_a_person_after_the_talk_leads_to_a_message_not_to_a_line_nobody_serves():
    with whole(flow=FLOW) as centre:
        _talk(centre, Reaction(when="how was it", key="0"), Reaction(when="message", hang_up=True))
        _is_over(centre, connected=1)
        assert centre.scene.count("CallQueued") == 1


def test_caller_who_hangs_up_in_the_talk_hears_no_survey():
    with whole(flow=FLOW) as centre:
        sid = _talk(centre, talk_s=2.0)
        _is_over(centre, connected=1)
        assert "how was it" not in str(centre.scene.world.sessions.kept[sid].twiml).lower()


def test_end_of_the_talk_told_twice_asks_the_same_question():
    world = carrier.world(flow=FLOW)
    world.begin()
    (session,) = world.sessions.kept.values()
    first, again = world.document(session.after_talk), world.document(session.after_talk)
    assert first.spoken == again.spoken == "How was it, from 1 to 5?"
    assert first.action == again.action


def test_callback_cannot_be_promised_to_somebody_who_was_served():
    offers = FLOW.replace("next: thanks", "next: later").replace(
        "  thanks:",
        "  later: {kind: callback, queue: service, prompt: {en: Shall we call?},"
        " booked: {en: We will.}, refused: thanks, no_number: thanks}\n  thanks:",
    )
    world = carrier.world(flow=offers)
    world.begin()
    (session,) = world.sessions.kept.values()
    asked = world.document(session.after_talk)
    assert world.document(asked.action, Digits="4").verbs[-1] == "Hangup"
    assert world.journal.named("CallbackAsked") == []


def test_flow_without_an_after_talk_ends_with_the_talk():
    with whole(flow=FLOW.replace("    served: survey\n", "")) as centre:
        sid = _talk(centre)
        assert centre.scene.world.sessions.kept[sid].after_talk == ""
        _is_over(centre, connected=1)
