"""The catalogue of recordings: conversations, and messages that callers left; without the sound.

What the carrier tells of a recording may come twice and in any order, so a state is only replaced
by one that is further on. The catalogue names sids and calls, never people; `forget` is called when
the sound is deleted.

Source: https://www.twilio.com/docs/voice/api/recording (statuses).
"""

from collections.abc import Callable
from typing import cast

import msgspec

from acd.ids import Sid
from cordboard.runtime.connection import Client, Store, StoreDown, telling_downs
from cordboard.runtime.scripts import script
from webhooks.ports import JournalDown, Recording

_STAGES = ("in-progress", "paused", "stopped", "processing", "completed", "absent", "deleted")

PAGE_MAX = 500


class CataloguedRecording(msgspec.Struct, frozen=True):
    """A recording as it is listed."""

    sid: str
    call_id: str
    status: str
    source: str  #: what made it, such as `RecordVerb` for a message that was left
    channels: int
    duration_ms: int
    told_at_ms: int  #: when we first heard of it, in the centre's time

    @property
    def is_voicemail(self) -> bool:
        """Whether a caller left it as a message."""
        return self.source == "RecordVerb"


class RecordingCatalogue:
    """`webhooks.ports.Recordings` over a hash and an index by time."""

    def __init__(
        self, store: Store, now_ms: Callable[[], int], client: Client | None = None
    ) -> None:
        self._client = client or store.client()
        self._rows, self._index = store.keys.recordings, store.keys.recordings_by_time
        self._now_ms = now_ms
        self._keep = script(self._client, "keep_recording")

    def changed(self, recording: Recording) -> None:
        """Take the state of a recording.

        Raises:
            JournalDown: It could not be kept.
        """
        told_at_ms = self._now_ms()
        row = CataloguedRecording(
            sid=str(recording.sid),
            call_id=str(recording.call_id),
            status=recording.status,
            source=recording.source,
            channels=recording.channels,
            duration_ms=recording.duration_ms,
            told_at_ms=told_at_ms,
        )
        stage, text = _stage(row.status), msgspec.json.encode(row)
        try:
            with telling_downs():
                self._keep(keys=[self._rows, self._index], args=[row.sid, stage, text, told_at_ms])
        except StoreDown as down:
            raise JournalDown(str(down)) from down

    def get(self, sid: Sid) -> CataloguedRecording | None:
        """Return a recording, None if it is unknown or forgotten.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            text = cast("bytes | None", self._client.hget(self._rows, sid))
        return None if text is None else _row(text)

    def newest(self, *, before_ms: int, count: int, call_id: str = "") -> list[CataloguedRecording]:
        """Return recordings told of before an instant, newest first; of one call if it is given.

        Args:
            before_ms: Exclusive.
            count: At most so many are looked at; `PAGE_MAX` at most.
            call_id: Of this call only; empty for all.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            sids = cast(
                "list[bytes]",
                self._client.zrevrangebyscore(
                    self._index, f"({before_ms}", "-inf", start=0, num=min(count, PAGE_MAX)
                ),
            )
            texts = self._client.hmget(self._rows, sids) if sids else []
        rows = [_row(text) for text in cast("list[bytes | None]", texts) if text is not None]
        return [row for row in rows if call_id in ("", row.call_id)]

    def forget(self, sid: Sid) -> None:
        """Take a recording out of the catalogue, after its sound was deleted at the carrier.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            self._client.hdel(self._rows, sid)
            self._client.zrem(self._index, sid)


def _row(text: bytes) -> CataloguedRecording:
    return msgspec.json.decode(text.partition(b"|")[2], type=CataloguedRecording)


def _stage(status: str) -> int:
    """Return how far on a status is; one we do not know counts as the beginning.

    Example:
        >>> _stage("completed") > _stage("paused") > _stage("unheard-of")
        True
    """
    return _STAGES.index(status) + 1 if status in _STAGES else 0
