"""Every webhook of a long run has the documented parameters: all that must be there, no others."""

import pytest

from simulator.carrier.faults import Faults
from tests.simulator.carrier.test_long_seeded_runs import run


def words(text):
    return frozenset(text.split())


VOICE = words("CallSid AccountSid From To Caller Called CallStatus ApiVersion Direction")
PROGRESS = words("Timestamp SequenceNumber CallbackSource")
ENDING = words("CallDuration Duration SipResponseCode")
CONFERENCE = words(
    "ConferenceSid FriendlyName AccountSid SequenceNumber Timestamp StatusCallbackEvent"
)
PARTICIPANT = words("CallSid Muted Hold Coaching EndConferenceOnExit StartConferenceOnEnter")
QUEUE = words("QueuePosition QueueSid QueueTime AvgQueueTime CurrentQueueSize MaxQueueSize")

#: Of each side of a call that is a telephone number.
PLACES = {
    "From": words(
        "FromCity FromState FromZip FromCountry CallerCity CallerState CallerZip CallerCountry"
    ),
    "To": words("ToCity ToState ToZip ToCountry CalledCity CalledState CalledZip CalledCountry"),
}

#: By kind and what tells it apart: the parameters that must be there, and those that may.
SETS = {
    "voice /voice": (VOICE | words("CallToken StirVerstat"), words("")),
    "voice /menu": (VOICE, words("Digits SpeechResult Confidence")),
    "voice /wait": (VOICE | QUEUE, words("")),
    "voice /after-queue": (VOICE | words("QueueResult QueueSid QueueTime"), words("")),
    "voice /done": (VOICE | words("RecordingUrl RecordingSid RecordingDuration Digits"), words("")),
    "voice /room": (VOICE, words("")),
    "voice /opening": (VOICE, words("")),
    "voice /after-dial": (VOICE | words("DialCallStatus DialBridged"), words("")),
    "status initiated": (VOICE | PROGRESS, words("")),
    "status ringing": (VOICE | PROGRESS, words("")),
    "status in-progress": (VOICE | PROGRESS, words("")),
    **{
        f"status {status}": (VOICE | PROGRESS | ENDING, words(""))
        for status in ("completed", "busy", "no-answer", "failed", "canceled")
    },
    "conference conference-start": (CONFERENCE, words("")),
    "conference participant-join": (CONFERENCE | PARTICIPANT, words("ParticipantLabel")),
    "conference participant-leave": (
        CONFERENCE | PARTICIPANT | words("ReasonParticipantLeft ParticipantCallStatus"),
        words("ParticipantLabel"),
    ),
    "conference conference-end": (
        CONFERENCE | words("ReasonConferenceEnded"),
        words("Reason CallSidEndingConference ParticipantLabelEndingConference"),
    ),
    "amd": (words("CallSid AccountSid AnsweredBy MachineDetectionDuration"), words("")),
}


def name_of(webhook):
    params = dict(webhook.params)
    if webhook.kind == "voice":
        return "voice /" + webhook.url.partition("?")[0].rpartition("/")[2]
    if webhook.kind == "status":
        return "status " + params["CallStatus"]
    if webhook.kind == "conference":
        return "conference " + params["StatusCallbackEvent"]
    return webhook.kind


@pytest.fixture(scope="module")
def webhooks():
    carrier, _ = run(seed=21, faults=Faults(), calls=50)
    return list(carrier.ledger.webhooks)


def test_every_webhook_has_exactly_its_documented_parameters(webhooks):
    wrong = []
    for webhook in webhooks:
        must, may = SETS[name_of(webhook)]
        told = dict(webhook.params)
        names = set(told)
        for side, places in PLACES.items():
            must |= places if told.get(side, "").startswith("+") else set()
        if told.get("CallStatus") in {"ringing", "in-progress"} and webhook.kind == "status":
            goes_out = told["Direction"] != "inbound" and told["To"].startswith("+")
            must |= {"StirStatus"} if goes_out else set()
        if not must <= names <= must | may:
            wrong.append((name_of(webhook), sorted(must - names), sorted(names - must - may)))
    assert wrong == []


def test_the_run_visits_nearly_every_kind(webhooks):
    seen = {name_of(webhook) for webhook in webhooks}
    assert set(SETS) - seen <= {"status failed", "status canceled", "voice /after-dial"}


def test_values_are_never_missing_nor_anything_but_text(webhooks):
    for webhook in webhooks:
        assert all(isinstance(value, str) for _, value in webhook.params)
        assert dict(webhook.params)["AccountSid"].startswith("AC")
