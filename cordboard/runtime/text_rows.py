"""One text message as it is kept, what can become of it, and what history hears of that.

What became of a message of ours is told by several at once: by who sent it, and by the carrier,
late and out of order. So a state only ever goes forward, and bad news is not taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from acd.ids import CallId, CustomerId

RECEIVED, TO_SEND = "received", "to send"
"""States of a message of the customer's, and of one of ours that the carrier has not got yet."""

SENT, REFUSED, UNKNOWN = "queued", "failed", "unknown"
"""States of a message once sending it was tried; afterwards it is as the carrier tells."""

CANCELLED = "canceled"
"""State of a message that was not worth sending any more; the word is the carrier's."""

NOTE = "note"
"""State of what an agent wrote for colleagues; it is never sent."""

CENTRE, FLOW = "centre", "flow"
"""Who wrote what the centre or a call flow writes by itself."""

_ORDER: Mapping[str, int] = {
    TO_SEND: 0,
    UNKNOWN: 1,
    **dict.fromkeys(("accepted", "scheduled", SENT), 2),
    "sending": 3,
    "sent": 4,
    **dict.fromkeys(("delivered", "undelivered", REFUSED, CANCELLED), 5),
    "read": 6,
}
"""How far a message of ours is.

Source: https://www.twilio.com/docs/messaging/api/message-resource (values of `status`).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """One message of a conversation. Its text is personal."""

    name: str
    at_ms: int  #: by the wall clock of whoever kept it
    writer: str  #: an agent, `CENTRE`, `FLOW`, or empty for the customer
    text: str
    media_count: int = 0
    state: str = RECEIVED  #: ours: `TO_SEND`, then as the carrier tells
    error_code: int = 0  #: the carrier's, 0 for none
    is_unasked: bool = False  #: ours, and no answer to anything: it waits for its hours
    due_at_ms: int = 0  #: when those begin, if it waits for them
    is_last_word: bool = False  #: confirms an opt-out, and so may still be sent after it


class KeptRow(msgspec.Struct, frozen=True):
    """A message as it lies in the store, its text sealed."""

    at_ms: int
    writer: str
    state: str
    sealed: str
    error_code: int = 0
    is_unasked: bool = False
    due_at_ms: int = 0
    segment_count: int = 0
    is_last_word: bool = False

    def moved(self, state: str, error_code: int) -> "KeptRow | None":
        """Return the message in another state; None if that is no news."""
        if self.error_code and not error_code:
            return None
        is_back = _ORDER.get(state, _ORDER["sending"]) < _ORDER.get(self.state, 0)
        if (is_back and not error_code) or (state, error_code) == (self.state, self.error_code):
            return None
        return msgspec.structs.replace(self, state=state, error_code=error_code)


class TextRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What history is told of a message, each time its state changes: no word of it."""

    thread_id: str
    name: str
    customer_id: str
    at_ms: int  #: when it was written
    writer: str
    state: str
    error_code: int
    segment_count: int


def record_of(call_id: CallId, who: CustomerId, name: str, row: KeptRow) -> bytes:
    """Return what history is told of a message now."""
    return msgspec.json.encode(
        TextRecord(
            thread_id=call_id,
            name=name,
            customer_id=who,
            at_ms=row.at_ms,
            writer=row.writer,
            state=row.state,
            error_code=row.error_code,
            segment_count=row.segment_count,
        )
    )
