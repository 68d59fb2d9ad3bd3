"""Messages that callers left are told to the catalogue of recordings, like conversations."""

from tests.webhooks.carrier import BASE, CALL, world


class Catalogue:
    def __init__(self):
        self.told = []

    def changed(self, recording):
        self.told.append(recording)


def test_voicemail_is_catalogued_and_told_to_the_journal():
    catalogue = Catalogue()
    centre = world(ports={"conversations": catalogue})
    sid = "RE" + "7" * 32
    answer = centre.post(
        f"{BASE}/voice/voicemail/recorded?call_id={CALL}",
        RecordingSid=sid,
        RecordingStatus="completed",
        RecordingDuration="7",
        RecordingSource="RecordVerb",
        RecordingChannels="1",
    )
    assert answer.status_code == 204
    (told,) = catalogue.told
    assert (told.sid, told.call_id, told.duration_ms) == (sid, CALL, 7_000)
    assert [type(fact.event).__name__ for fact in centre.journal.facts] == ["VoicemailLeft"]
