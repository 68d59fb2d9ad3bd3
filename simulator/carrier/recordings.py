"""Recordings: how long, of what, in which status; their sound is silence of that length."""

from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.carrier.calls import API_VERSION, Callback
from simulator.carrier.timeline import Timeline


@dataclass(eq=False, slots=True)
class Recording:
    """One recording of a call or a conference."""

    sid: str
    source: str
    """`RecordVerb`, `DialVerb`, `OutboundAPI`, `StartCallRecordingAPI`, `Conference`."""
    began_at_s: float
    call_sid: str = ""
    conference_sid: str = ""
    status: str = "in-progress"
    ended_at_s: float | None = None
    channels: int = 1
    track: str = "both"
    paused_s: float = 0.0
    """Time skipped by pauses with `PauseBehavior=skip`."""
    paused_at_s: float | None = None
    pause_behavior: str = "silence"
    updated_at_s: float = 0.0
    callback: Callback = field(default_factory=Callback)
    url: str = ""
    """Where its sound can be fetched."""

    @property
    def is_running(self) -> bool:
        """Whether it can be paused or stopped."""
        return self.status in {"in-progress", "paused"}

    def seconds(self) -> int:
        """Return its length in whole seconds, -1 while it is running."""
        if self.ended_at_s is None:
            return -1
        return max(0, round(self.ended_at_s - self.began_at_s - self.paused_s))

    def facts(self) -> dict[str, str]:
        """Return what those are told who wait for its end."""
        return {
            "RecordingUrl": self.url,
            "RecordingSid": self.sid,
            "RecordingDuration": str(self.seconds()),
        }

    def pause(self, now_s: float, behavior: str) -> None:
        """Stop listening for a while."""
        if self.status == "in-progress":
            self.status, self.paused_at_s, self.pause_behavior = "paused", now_s, behavior

    def resume(self, now_s: float) -> None:
        """Listen again."""
        if self.status == "paused" and self.paused_at_s is not None:
            if self.pause_behavior == "skip":
                self.paused_s += now_s - self.paused_at_s
            self.status, self.paused_at_s = "in-progress", None

    def stop(self, now_s: float) -> None:
        """End the recording."""
        self.resume(now_s)
        self.status, self.ended_at_s, self.updated_at_s = "completed", now_s, now_s


class Recordings:
    """Every recording of the account."""

    def __init__(
        self,
        timeline: Timeline,
        account_sid: str,
        report: Callable[[Recording], None],
        mint: Callable[[str], str],
    ) -> None:
        self._timeline = timeline
        self._folder = f"https://api.twilio.com/{API_VERSION}/Accounts/{account_sid}/Recordings/"
        self._report = report
        self._mint = mint
        self._by_sid: dict[str, Recording] = {}
        self._running: dict[str, Recording] = {}

    def all(self) -> list[Recording]:
        """Return the recordings in order of creation."""
        return list(self._by_sid.values())

    def get(self, sid: str) -> Recording | None:
        """Return the recording with this identifier."""
        return self._by_sid.get(sid)

    def of_call(self, call_sid: str) -> list[Recording]:
        """Return the recordings of a call, in order of creation."""
        return [each for each in self._by_sid.values() if each.call_sid == call_sid]

    def running(self, owner_sid: str) -> list[Recording]:
        """Return the recordings of a call or a conference that can still be stopped."""
        return [
            recording
            for recording in self._running.values()
            if owner_sid in {recording.call_sid, recording.conference_sid}
        ]

    def start(
        self, source: str, callback: Callback, *, call_sid: str = "", conference_sid: str = ""
    ) -> Recording:
        """Begin to record a call or a conference."""
        sid, now_s = self._mint("RE"), self._timeline.now_s
        recording = Recording(sid, source, now_s, call_sid, conference_sid, updated_at_s=now_s)
        recording.callback, recording.url = callback, self._folder + sid
        self._by_sid[sid] = self._running[sid] = recording
        self._report(recording)
        return recording

    def stop(self, recording: Recording) -> None:
        """End a recording; the application is told."""
        if recording.is_running:
            recording.stop(self._timeline.now_s)
            del self._running[recording.sid]
            self._report(recording)

    def keep(self, call_sid: str, began_at_s: float, callback: Callback) -> dict[str, str]:
        """Keep what `<Record>` took since an instant, and return what its action is told."""
        recording = self.start("RecordVerb", callback, call_sid=call_sid)
        recording.began_at_s = began_at_s
        self.stop(recording)
        return recording.facts()

    def remove(self, recording: Recording) -> None:
        """Forget a recording."""
        self._by_sid.pop(recording.sid, None)
        self._running.pop(recording.sid, None)
