"""Recordings of customers' legs: begun once, paused, resumed and stopped by name.

Beginning a second recording of a call would record it twice, so after a doubtful try the call's
running recordings are looked at before anything is sent again. The other steps give the recording a
state and may be repeated freely. A recording that cannot be begun is told as over: the centre, and
with it the agent's page, must not say that a conversation is recorded when it is not.

Both voices are kept apart (dual channel), and a pause leaves nothing in the sound, not even its
length of silence.

Source: https://www.twilio.com/docs/voice/api/recording (start; Status, PauseBehavior, the name
``Twilio.CURRENT`` for the one that runs).
"""

from twilio.rest import Client

from acd.commands import RecordCall
from acd.events import RecordingChanged
from acd.ids import CallId, Sid
from acd.recordings import RecordingState, RecordingStep
from cordboard.runtime.carrier.effects import Done, Doubtful, Effect, NotNow, Try
from cordboard.runtime.carrier.faults import (
    CARRIER_ERRORS,
    Meaning,
    code_of,
    describe,
    explain,
    meaning_of,
)
from cordboard.runtime.carrier.places import Places
from cordboard.runtime.outbox import Settlement

CURRENT = "Twilio.CURRENT"

_STATUSES = {
    RecordingStep.PAUSE: "paused",
    RecordingStep.RESUME: "in-progress",
    RecordingStep.STOP: "stopped",
}


class CallRecordings:
    """Carries out `RecordCall`."""

    def __init__(self, client: Client, places: Places) -> None:
        self._client = client
        self._places = places

    def record(self, command: RecordCall, attempt: Try) -> Effect:
        """Begin, pause, go on with or end a recording."""
        if attempt.is_overtaken:
            return Done(Settlement("overtaken"))
        sid = command.sid or Sid(self._places.sid_of(command.call_id))
        try:
            if command.change is RecordingStep.START:
                return self._start(command.call_id, sid, attempt)
            recording = self._client.calls(sid).recordings(command.recording_sid or CURRENT)
            recording.update(status=_STATUSES[command.change], pause_behavior="skip")
        except CARRIER_ERRORS as error:
            return _not_changed(command, error, attempt)
        return Done(Settlement("done"))

    def _start(self, call_id: CallId, sid: Sid, attempt: Try) -> Effect:
        recordings = self._client.calls(sid).recordings
        if attempt.is_repeat:
            for known in recordings.list(limit=20):
                if known.status in ("in-progress", "paused"):
                    return _begun(call_id, str(known.sid))
        made = recordings.create(
            recording_channels="dual",
            recording_status_callback=self._places.addresses.recording_status(call_id),
            recording_status_callback_event=["completed", "absent"],
        )
        return _begun(call_id, str(made.sid))


def _begun(call_id: CallId, sid: str) -> Effect:
    told = RecordingChanged(0, call_id, Sid(sid), RecordingState.ON)
    return Done(Settlement(f"sid:{sid}", [(told, f"{sid}|on")]))


def _not_changed(command: RecordCall, error: Exception, attempt: Try) -> Effect:
    meaning = meaning_of(error)
    if meaning is Meaning.BUSY:
        return NotNow(explain(error))
    if meaning is Meaning.UNKNOWN and not attempt.is_hopeless:
        return Doubtful(describe(error))
    failed = Settlement(f"failed:{code_of(error)}")
    if command.change is RecordingStep.START:
        told = RecordingChanged(0, command.call_id, Sid(""), RecordingState.OFF)
        failed = Settlement(failed.result, [(told, f"{attempt.key}|not begun")])
    return Done(failed)
