"""Written conversations: what was said, sealed, for as long as somebody may still answer.

The journal knows that a conversation waits, is offered and ends; it holds no word of it. The words
lie here, in two hashes per conversation: whose it is, and its messages by their names. A message
and the customer's number are sealed under the customer's own key, so that erasing the person
makes them unreadable, and all of it is gone `KEPT_S` after the last message.

A message has a name: the carrier's sid if it came in, else one made by whoever wrote it. The same
name again is the same message. One that is to be sent is kept and put among those to send in one
step, so that neither a doubled click nor a crash sends it twice (see `carrier.texts`).

A conversation is named by the sid of the message that opened it. It stays the customer's
conversation with that line until the leader has seen it closed; the next message opens another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import msgspec
import redis

from acd.ids import CallId, CustomerId
from acd.notices import CallClosed
from cordboard.runtime.commit import Writes
from cordboard.runtime.connection import Client, Store, telling_downs
from cordboard.runtime.keys import Keys
from cordboard.runtime.sealing import Sealer

KEPT_S = 7 * 24 * 3_600
"""A week: a conversation idles for minutes or hours, and an agent may want to look back."""

MESSAGE_MARKS = ("SM", "MM")
"""How the carrier's names of text messages begin, and so the names of conversations."""

RECEIVED, TO_SEND = "received", "to send"
"""States of a message of the customer's, and of one of ours that the carrier has not got yet."""

CENTRE = "centre"
"""Who wrote what the centre writes by itself."""


class _Row(msgspec.Struct, frozen=True):
    """A message as it lies in the store."""

    at_ms: int
    writer: str
    state: str
    sealed: str
    error_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """One message of a conversation. Its text is personal."""

    name: str
    at_ms: int  #: by the wall clock of whoever kept it
    writer: str  #: an agent, `CENTRE`, or empty for the customer
    text: str
    media_count: int = 0
    state: str = RECEIVED  #: ours: `TO_SEND`, then as the carrier tells
    error_code: int = 0  #: the carrier's, 0 for none


@dataclass(frozen=True, slots=True)
class Correspondent:
    """With whom a conversation is."""

    customer_id: CustomerId
    number: str
    line_number: str  #: ours, to which they wrote
    language: str


class Threads:
    """The conversations of a site."""

    def __init__(self, store: Store, sealer: Sealer, client: Client | None = None) -> None:
        self._client = client or store.client()
        self._keys = store.keys
        self._sealer = sealer

    def take(self, call_id: CallId, line: str, who: Correspondent) -> tuple[CallId, bool]:
        """Return the customer's open conversation with a line, and whether it was opened now.

        Args:
            call_id: The name of the conversation if one must be opened; the same again finds it.
            line: To which they wrote, by its name.
            who: The customer.

        Raises:
            StoreDown: The store did not answer.
        """
        pointer = self._keys.texts_of(who.customer_id, line)
        number = self._sealer.seal(who.customer_id, _label(call_id, "number"), {"is": who.number})
        opened = {
            "subject": who.customer_id,
            "number": number,
            "line_number": who.line_number,
            "language": who.language,
        }
        while True:
            with telling_downs(), self._client.pipeline(transaction=True) as steps:
                try:
                    steps.watch(pointer)  # type: ignore[no-untyped-call]  # the library has no types for it
                    known = self._with_message(pointer, call_id) or self._open_one(pointer)
                    if known is not None:
                        return known, known == call_id
                    steps.multi()
                    steps.set(pointer, call_id, ex=KEPT_S)
                    steps.hset(
                        self._keys.thread(call_id),
                        items=[p for pair in opened.items() for p in pair],
                    )
                    steps.expire(self._keys.thread(call_id), KEPT_S)
                    steps.execute()
                except redis.WatchError:
                    continue  # another message of theirs was taken at this very moment
            return call_id, True

    def current(self, customer_id: CustomerId, line: str) -> CallId | None:
        """Return the customer's open conversation with a line, or None.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            return self._open_one(self._keys.texts_of(customer_id, line))

    def _with_message(self, pointer: str, name: str) -> CallId | None:
        """Return the last conversation, open or over, if it has this message already."""
        last = cast("bytes | None", self._client.get(pointer))
        if last is None:
            return None
        call_id = CallId(last.decode())
        has_it = call_id == name or self._client.hexists(self._keys.thread_messages(call_id), name)
        return call_id if has_it else None

    def _open_one(self, pointer: str) -> CallId | None:
        name = cast("bytes | None", self._client.get(pointer))
        if name is None:
            return None
        call_id = CallId(name.decode())
        subject, over = cast(
            "list[bytes | None]", self._client.hmget(self._keys.thread(call_id), "subject", "over")
        )
        return call_id if subject is not None and over is None else None

    def correspondent(self, call_id: CallId) -> Correspondent | None:
        """Return with whom a conversation is; None if it is forgotten or they were erased.

        Raises:
            StoreDown: The store did not answer.
        """
        names = ("subject", "number", "line_number", "language")
        with telling_downs():
            found = self._client.hmget(self._keys.thread(call_id), *names)
        subject, number, line, language = (
            (part or b"").decode() for part in cast("list[bytes | None]", found)
        )
        if not subject:
            return None
        opened = self._sealer.open(CustomerId(subject), _label(call_id, "number"), number)
        if opened is None:
            return None
        return Correspondent(CustomerId(subject), opened["is"], line, language)

    # --- messages ----------------------------------------------------------------------------

    def keep(self, call_id: CallId, who: CustomerId, message: TextRow) -> bool:
        """Keep a message; one `TO_SEND` is put among those to send. Tell whether it was new.

        Raises:
            StoreDown: The store did not answer; whether it was kept is not known.
        """
        private = {"text": message.text, "media": str(message.media_count)}
        sealed = self._sealer.seal(who, _label(call_id, message.name), private)
        row = _Row(message.at_ms, message.writer, message.state, sealed, message.error_code)
        messages = self._keys.thread_messages(call_id)
        with telling_downs(), self._client.pipeline(transaction=True) as steps:
            steps.hsetnx(messages, message.name, msgspec.json.encode(row))
            steps.expire(messages, KEPT_S)
            steps.expire(self._keys.thread(call_id), KEPT_S)
            if message.state == TO_SEND:
                steps.sadd(self._keys.texts_to_send, f"{call_id}|{message.name}")
            return bool(steps.execute()[0])

    def read(self, call_id: CallId) -> Sequence[TextRow]:
        """Return a conversation's messages in order; those of erased people are left out.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            rows = cast(
                "dict[bytes, bytes]", self._client.hgetall(self._keys.thread_messages(call_id))
            )
            subject = cast("bytes | None", self._client.hget(self._keys.thread(call_id), "subject"))
        if subject is None:
            return []
        who = CustomerId(subject.decode())
        opened = [self._opened(call_id, who, name.decode(), row) for name, row in rows.items()]
        return sorted((row for row in opened if row is not None), key=lambda m: (m.at_ms, m.name))

    def message(self, call_id: CallId, name: str) -> TextRow | None:
        """Return one message, or None if it is forgotten or its person was erased.

        Raises:
            StoreDown: The store did not answer.
        """
        return next((row for row in self.read(call_id) if row.name == name), None)

    def _opened(self, call_id: CallId, who: CustomerId, name: str, packed: bytes) -> TextRow | None:
        row = msgspec.json.decode(packed, type=_Row)
        private = self._sealer.open(who, _label(call_id, name), row.sealed)
        if private is None:
            return None
        return TextRow(
            name=name,
            at_ms=row.at_ms,
            writer=row.writer,
            text=private["text"],
            media_count=int(private["media"]),
            state=row.state,
            error_code=row.error_code,
        )

    def change(self, call_id: CallId, name: str, state: str, error_code: int) -> None:
        """Note what became of a message of ours; a forgotten one stays forgotten.

        Raises:
            StoreDown: The store did not answer.
        """
        messages = self._keys.thread_messages(call_id)
        with telling_downs():
            packed = cast("bytes | None", self._client.hget(messages, name))
            if packed is None:
                return
            row = msgspec.json.decode(packed, type=_Row)
            if row.error_code and not error_code:
                return  # "sent" told late must not hide why it was not delivered
            changed = msgspec.structs.replace(row, state=state, error_code=error_code)
            self._client.hset(messages, name, msgspec.json.encode(changed))

    def settle(self, call_id: CallId, name: str, state: str, error_code: int) -> None:
        """Note how sending a message came out, unless the carrier has told more by now.

        Raises:
            StoreDown: The store did not answer.
        """
        row = self.message(call_id, name)
        if row is not None and row.state == TO_SEND:
            self.change(call_id, name, state, error_code)


def heed_conversation_end(notices: Sequence[object], keys: Keys, writes: Writes) -> None:
    """Note that conversations are over, so that the next message opens another."""
    for notice in notices:
        if isinstance(notice, CallClosed) and notice.call_id.startswith(MESSAGE_MARKS):
            writes.add("HSET", keys.thread(notice.call_id), "over", "1")
            writes.add("EXPIRE", keys.thread(notice.call_id), str(KEPT_S))


def _label(call_id: CallId, part: str) -> str:
    """Return what ties a sealed text to its place."""
    return f"thread|{call_id}|{part}"
