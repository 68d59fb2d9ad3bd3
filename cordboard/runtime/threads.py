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
What a call flow sends its caller has a thread of its own, in which nobody answers; whoever has the
customer's next conversation finds it among the earlier ones.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import msgspec
import redis
from redis.client import Pipeline

from acd.ids import CallId, CustomerId
from acd.notices import CallClosed
from cordboard.runtime.commit import Writes
from cordboard.runtime.connection import Client, Store, telling_downs
from cordboard.runtime.keys import Keys
from cordboard.runtime.sealing import Sealer
from cordboard.runtime.text_length import length_of
from cordboard.runtime.text_rows import TO_SEND, KeptRow, TextRow, record_of

KEPT_S = 7 * 24 * 3_600
"""A week: a conversation idles for minutes or hours, and an agent may want to look back."""

MESSAGE_MARKS = ("SM", "MM")
"""How the carrier's names of text messages begin, and so the names of conversations."""

EARLIER_MAX = 5
"""So many of a customer's earlier conversations are shown beside the present one."""


@dataclass(frozen=True, slots=True)
class Correspondent:
    """With whom a conversation is."""

    customer_id: CustomerId
    number: str
    line_number: str  #: ours, to which they wrote, or from which we write
    language: str


class Threads:
    """The conversations of a site."""

    def __init__(self, store: Store, sealer: Sealer, client: Client | None = None) -> None:
        self._client = client or store.client()
        self._keys = store.keys
        self._sealer = sealer

    def take(
        self, call_id: CallId, line: str, who: Correspondent, wall_ms: int
    ) -> tuple[CallId, bool]:
        """Return the customer's open conversation with a line, and whether it was opened now.

        Args:
            call_id: The name of the conversation if one must be opened; the same again finds it.
            line: To which they wrote, by its name.
            who: The customer.
            wall_ms: Now.

        Raises:
            StoreDown: The store did not answer.
        """
        pointer = self._keys.texts_of(who.customer_id, line)
        while True:
            with telling_downs(), self._client.pipeline(transaction=True) as steps:
                try:
                    steps.watch(pointer)  # type: ignore[no-untyped-call]  # the library has no types for it
                    known = self._with_message(pointer, call_id) or self._open_one(pointer)
                    if known is not None:
                        return known, known == call_id
                    steps.multi()
                    steps.set(pointer, call_id, ex=KEPT_S)
                    self._begin(steps, call_id, who, wall_ms)
                    steps.execute()
                except redis.WatchError:
                    continue  # another message of theirs was taken at this very moment
            return call_id, True

    def begin_alone(self, call_id: CallId, who: Correspondent, wall_ms: int) -> None:
        """Begin a thread of messages of ours in which nobody answers; the same again is the same.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs(), self._client.pipeline(transaction=True) as steps:
            self._begin(steps, call_id, who, wall_ms)
            steps.hset(self._keys.thread(call_id), "over", "1")
            steps.execute()

    def _begin(self, steps: Pipeline, call_id: CallId, who: Correspondent, wall_ms: int) -> None:
        number = self._sealer.seal(who.customer_id, _label(call_id, "number"), {"is": who.number})
        told = {
            "subject": who.customer_id,
            "number": number,
            "line_number": who.line_number,
            "language": who.language,
        }
        thread, past = self._keys.thread(call_id), self._keys.texts_past(who.customer_id)
        steps.hset(thread, items=[part for pair in told.items() for part in pair])
        steps.expire(thread, KEPT_S)
        steps.zadd(past, {call_id: wall_ms}, nx=True)
        steps.zremrangebyscore(past, "-inf", wall_ms - KEPT_S * 1_000)
        steps.expire(past, KEPT_S)

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

    def earlier(self, call_id: CallId) -> list[CallId]:
        """Return the customer's conversations before one, the oldest first.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            past = self._keys.texts_past(self._subject(call_id))
            rank = cast("int | None", self._client.zrank(past, call_id))
            if not rank:
                return []
            found = self._client.zrange(past, max(0, rank - EARLIER_MAX), rank - 1)
        return [CallId(name.decode()) for name in cast("list[bytes]", found)]

    def is_newest(self, call_id: CallId) -> bool:
        """Tell whether the customer has begun no other conversation since.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            past = self._keys.texts_past(self._subject(call_id))
            last = cast("list[bytes]", self._client.zrange(past, -1, -1))
        return last in ([], [call_id.encode()])

    def _subject(self, call_id: CallId) -> CustomerId:
        """Return whose a conversation is, empty for one that is forgotten."""
        subject = cast("bytes | None", self._client.hget(self._keys.thread(call_id), "subject"))
        return CustomerId((subject or b"").decode())

    # --- messages ----------------------------------------------------------------------------

    def keep(self, call_id: CallId, who: CustomerId, message: TextRow) -> bool:
        """Keep a message; one `TO_SEND` is put among those to send. Tell whether it was new.

        Raises:
            StoreDown: The store did not answer; whether it was kept is not known.
        """
        messages = self._keys.thread_messages(call_id)
        with telling_downs():
            if self._client.hexists(messages, message.name):
                return False  # history has heard of it, and perhaps of what became of it
        row = self._sealed(call_id, who, message)
        with telling_downs(), self._client.pipeline(transaction=True) as steps:
            steps.hsetnx(messages, message.name, msgspec.json.encode(row))
            steps.expire(messages, KEPT_S)
            steps.expire(self._keys.thread(call_id), KEPT_S)
            if message.state == TO_SEND:
                steps.sadd(self._keys.texts_to_send, f"{call_id}|{message.name}")
            steps.xadd(self._keys.text_records, {"d": record_of(call_id, who, message.name, row)})
            return bool(steps.execute()[0])

    def _sealed(self, call_id: CallId, who: CustomerId, message: TextRow) -> KeptRow:
        private = {"text": message.text, "media": str(message.media_count)}
        return KeptRow(
            at_ms=message.at_ms,
            writer=message.writer,
            state=message.state,
            sealed=self._sealer.seal(who, _label(call_id, message.name), private),
            error_code=message.error_code,
            is_unasked=message.is_unasked,
            is_last_word=message.is_last_word,
            part_count=length_of(message.text).part_count,
        )

    def read(self, call_id: CallId) -> Sequence[TextRow]:
        """Return a conversation's messages in order; those of erased people are left out.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            rows = cast(
                "dict[bytes, bytes]", self._client.hgetall(self._keys.thread_messages(call_id))
            )
            who = self._subject(call_id)
        if not who:
            return []
        opened = [self._opened(call_id, who, name.decode(), row) for name, row in rows.items()]
        return sorted((row for row in opened if row is not None), key=lambda m: (m.at_ms, m.name))

    def message(self, call_id: CallId, name: str) -> TextRow | None:
        """Return one message, or None if it is forgotten or its person was erased.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            packed = cast(
                "bytes | None", self._client.hget(self._keys.thread_messages(call_id), name)
            )
            who = self._subject(call_id)
        return self._opened(call_id, who, name, packed) if who and packed is not None else None

    def _opened(self, call_id: CallId, who: CustomerId, name: str, packed: bytes) -> TextRow | None:
        row = msgspec.json.decode(packed, type=KeptRow)
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
            is_unasked=row.is_unasked,
            due_at_ms=row.due_at_ms,
            is_last_word=row.is_last_word,
        )

    def change(self, call_id: CallId, name: str, state: str, error_code: int = 0) -> bool:
        """Note what became of a message of ours, unless more is known already.

        Returns:
            Whether it was news; of a forgotten message nothing is.

        Raises:
            StoreDown: The store did not answer.
        """
        return self._rewrite(call_id, name, lambda row: row.moved(state, error_code))

    def put_off(self, call_id: CallId, name: str, due_at_ms: int) -> None:
        """Note until when a message of ours waits for its hours.

        Raises:
            StoreDown: The store did not answer.
        """
        self._rewrite(call_id, name, lambda row: msgspec.structs.replace(row, due_at_ms=due_at_ms))

    def _rewrite(
        self, call_id: CallId, name: str, change: Callable[[KeptRow], KeptRow | None]
    ) -> bool:
        """Change a message as it lies in the store, whoever else changes it at the same time."""
        messages = self._keys.thread_messages(call_id)
        while True:
            with telling_downs(), self._client.pipeline(transaction=True) as steps:
                try:
                    steps.watch(messages)  # type: ignore[no-untyped-call]  # the library has no types for it
                    packed = cast("bytes | None", self._client.hget(messages, name))
                    old = packed and msgspec.json.decode(packed, type=KeptRow)
                    new = change(old) if old else None
                    if new is None:
                        return False
                    record = record_of(call_id, self._subject(call_id), name, new)
                    steps.multi()
                    steps.hset(messages, name, msgspec.json.encode(new))
                    steps.xadd(self._keys.text_records, {"d": record})
                    steps.execute()
                except redis.WatchError:
                    continue  # somebody else was told something at this very moment
            return True


def heed_conversation_end(notices: Sequence[object], keys: Keys, writes: Writes) -> None:
    """Note that conversations are over, so that the next message opens another."""
    for notice in notices:
        if isinstance(notice, CallClosed) and notice.call_id.startswith(MESSAGE_MARKS):
            writes.add("HSET", keys.thread(notice.call_id), "over", "1")
            writes.add("EXPIRE", keys.thread(notice.call_id), str(KEPT_S))


def _label(call_id: CallId, part: str) -> str:
    """Return what ties a sealed text to its place."""
    return f"thread|{call_id}|{part}"
