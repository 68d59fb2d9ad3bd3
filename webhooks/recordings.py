"""Recordings: what the carrier tells of conversations, and of messages that callers left.

Source: https://www.twilio.com/docs/voice/api/recording (statuses and callback parameters).
"""

from flask import Blueprint

from acd.ids import Sid
from webhooks import facts
from webhooks.admission import Admission
from webhooks.desk import Desk
from webhooks.hook import Hook
from webhooks.ports import Recording, Recordings
from webhooks.routes import Routes


class Recorded:
    """The handler of recordings."""

    def __init__(self, desk: Desk, recordings: Recordings | None) -> None:
        self._desk = desk
        self._recordings = recordings

    def status(self, hook: Hook) -> None:
        """Take the state of a recording: for the centre its end, for the catalogue everything."""
        told = facts.recording_over(hook)
        if told:
            self._desk.journal.append(told)
        if self._recordings is not None:
            self._recordings.changed(recording_in(hook))


def recording_in(hook: Hook) -> Recording:
    """Return the recording that a callback tells of."""
    return Recording(
        sid=Sid(hook.told("RecordingSid")),
        call_id=hook.call_id,
        status=hook.get("RecordingStatus"),
        source=hook.get("RecordingSource"),
        channels=hook.number("RecordingChannels"),
        duration_ms=hook.number("RecordingDuration") * 1000,
    )


def blueprint(desk: Desk, admission: Admission, recordings: Recordings | None) -> Blueprint:
    """Make the routes of recordings."""
    recorded, routes = Recorded(desk, recordings), Routes("recordings", desk, admission)
    routes.facts({"/voice/recording/status": recorded.status})
    return routes.blueprint
