"""Recordings: start, pause, stop, look, fetch, forget.

Source:
    https://www.twilio.com/docs/voice/api/recording, .../recording#pause-or-resume (Status,
    PauseBehavior, `Twilio.CURRENT`).
"""

import io
import wave
from typing import Any

from simulator.carrier.calls import API_VERSION
from simulator.carrier.recordings import Recording
from simulator.carrier.rest.errors import invalid, not_found, wrong_state
from simulator.carrier.rest.request import Form, Reply, Route, page
from simulator.carrier.rest.resource import Resource

SAMPLES_PER_S = 8_000


def silence(seconds: int) -> bytes:
    """Return so much silence as a WAV file: one channel, eight bits, 8 kHz.

    Example:
        >>> len(silence(1))
        8044
    """
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(SAMPLES_PER_S)
        sound.writeframes(bytes([128]) * SAMPLES_PER_S * seconds)
    return file.getvalue()


class Recordings(Resource):
    """`/Recordings`, `/Calls/{CA}/Recordings` and `/Conferences/{CF}/Recordings`."""

    def routes(self) -> tuple[Route, ...]:
        """Return what is answered here."""
        of_call, one_of_call = (
            "/Calls/<call_sid>/Recordings.json",
            "/Calls/<call_sid>/Recordings/<sid>.json",
        )
        of_room, one_of_room = (
            "/Conferences/<conference_sid>/Recordings.json",
            "/Conferences/<conference_sid>/Recordings/<sid>.json",
        )
        return (
            Route("/Recordings.json", "GET", self.list),
            Route("/Recordings/<sid>.json", "GET", self.get),
            Route("/Recordings/<sid>.json", "DELETE", self.delete),
            Route("/Recordings/<sid>.mp3", "GET", self.sound),
            Route("/Recordings/<sid>.wav", "GET", self.sound),
            Route("/Recordings/<sid>", "GET", self.sound),
            Route(of_call, "POST", self.create),
            Route(of_call, "GET", self.list),
            Route(one_of_call, "GET", self.get),
            Route(one_of_call, "POST", self.update),
            Route(one_of_call, "DELETE", self.delete),
            Route(of_room, "GET", self.list),
            Route(one_of_room, "GET", self.get),
            Route(one_of_room, "POST", self.update),
            Route(one_of_room, "DELETE", self.delete),
        )

    def create(self, form: Form, call_sid: str) -> Reply:
        """Start to record a live call."""
        call = self.exchange.calls.get(call_sid)
        if call is None:
            raise not_found(form.path)
        if not call.is_live or not call.is_answered:
            raise wrong_state("Requested resource is not eligible for recording")
        callback = form.callback("RecordingStatusCallback")
        recording = self.exchange.recordings.start(
            "StartCallRecordingAPI", callback, call_sid=call_sid
        )
        recording.channels = 2 if form.text("RecordingChannels") == "dual" else 1
        recording.track = form.text("RecordingTrack", "both")
        return Reply(self.show(recording), 201)

    def list(self, form: Form, call_sid: str = "", conference_sid: str = "") -> Reply:
        """List recordings, the newest first."""
        call_sid = call_sid or form.text("CallSid")
        conference_sid = conference_sid or form.text("ConferenceSid")
        created = form.time_filter("DateCreated")
        recordings = [
            recording
            for recording in reversed(self.exchange.recordings.all())
            if call_sid in {"", recording.call_sid}
            and conference_sid in {"", recording.conference_sid}
            and created.passes(self.instant(recording.began_at_s))
        ]
        return page(form, "recordings", recordings, self.show)

    def get(self, form: Form, sid: str, **owner: str) -> Reply:
        """Show one recording."""
        return Reply(self.show(self._find(form, sid, **owner)))

    def update(self, form: Form, sid: str, **owner: str) -> Reply:
        """Pause, resume or stop a recording."""
        recording = self._find(form, sid, **owner)
        status, now_s = form.required("Status"), self.exchange.timeline.now_s
        if not recording.is_running:
            raise wrong_state("The recording has ended")
        if status == "paused":
            recording.pause(now_s, form.text("PauseBehavior", "silence"))
        elif status == "in-progress":
            recording.resume(now_s)
        elif status == "stopped":
            self.exchange.recordings.stop(recording)
        else:
            raise invalid(20001, f"Status is {status!r}; use paused, in-progress or stopped")
        recording.updated_at_s = now_s
        return Reply(self.show(recording))

    def delete(self, form: Form, sid: str, **owner: str) -> Reply:
        """Forget a recording."""
        self.exchange.recordings.remove(self._find(form, sid, **owner))
        return Reply(None, 204)

    def sound(self, form: Form, sid: str) -> Reply:
        """Give a recording's sound: silence of its length, as WAV whatever the ending."""
        return Reply(None, sound=silence(max(1, self._find(form, sid).seconds())))

    def show(self, recording: Recording) -> dict[str, Any]:
        """Return a recording's JSON."""
        path = f"Recordings/{recording.sid}"
        return {
            "sid": recording.sid,
            "account_sid": self.account_sid,
            "call_sid": recording.call_sid or None,
            "conference_sid": recording.conference_sid or None,
            "status": recording.status,
            "source": recording.source,
            "track": recording.track,
            "channels": recording.channels,
            "duration": str(recording.seconds()),
            "start_time": self.date(recording.began_at_s),
            "date_created": self.date(recording.began_at_s),
            "date_updated": self.date(recording.updated_at_s),
            "price": None,
            "price_unit": "USD",
            "error_code": None,
            "encryption_details": None,
            "api_version": API_VERSION,
            "media_url": recording.url,
            "uri": self.address(path),
            "subresource_uris": self.addresses(path, {"transcriptions": "Transcriptions"}),
        }

    def _find(
        self, form: Form, sid: str, *, call_sid: str = "", conference_sid: str = ""
    ) -> Recording:
        """Return a recording by its identifier, or the one running now, of its owner if named."""
        recordings = self.exchange.recordings
        recording = recordings.get(sid)
        if sid == "Twilio.CURRENT":
            recording = next(iter(recordings.running(call_sid or conference_sid)), None)
        if recording is None or not (
            call_sid in {"", recording.call_sid}
            and conference_sid in {"", recording.conference_sid}
        ):
            raise not_found(form.path)
        return recording
