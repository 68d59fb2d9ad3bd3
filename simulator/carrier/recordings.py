"""Recordings: how long, of what, in which status; their sound is silence of that length."""

from dataclasses import dataclass


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
    callback_url: str = ""
    callback_method: str = "POST"
    callback_events: tuple[str, ...] = ("completed",)

    @property
    def is_running(self) -> bool:
        """Whether it can be paused or stopped."""
        return self.status in {"in-progress", "paused"}

    def seconds(self) -> int:
        """Return its length in whole seconds, -1 while it is running."""
        if self.ended_at_s is None:
            return -1
        return max(0, round(self.ended_at_s - self.began_at_s - self.paused_s))

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
