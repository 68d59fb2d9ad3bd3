"""Whom callbacks were promised to: numbers that stay sealed until the moment they are rung.

The fact `CallbackAsked` carries the customer's number in its sealed part. When the centre promises
a callback, the leader copies that part, as it is, under the callback's id; when the promise is kept
or given up, the copy is dropped. Erasing a customer's key makes the copy unreadable with the rest,
and the callback is then given up.
"""

from collections.abc import Sequence
from typing import cast

import msgspec

from acd.ids import CallId, CustomerId
from acd.notices import CallbackEnded, CallbackPromised
from acd.replay import JournalEntry
from cordboard.runtime.commit import Writes
from cordboard.runtime.connection import Client, telling_downs
from cordboard.runtime.keys import Keys
from cordboard.runtime.sealing import Sealer


class _Row(msgspec.Struct, frozen=True):
    """The sealed part of the entry in which a callback was asked for."""

    subject: str
    label: str
    sealed: str


def heed_promise(
    entry: JournalEntry, notices: Sequence[object], keys: Keys, writes: Writes
) -> None:
    """Keep or drop what an entry that was applied says about promises."""
    for notice in notices:
        if isinstance(notice, CallbackPromised) and entry.sealed:
            row = msgspec.json.encode(_Row(entry.subject, entry.append_id, entry.sealed))
            writes.add("HSET", keys.promises, notice.call_id, row.decode())
        elif isinstance(notice, CallbackEnded):
            writes.add("HDEL", keys.promises, notice.call_id)


class SealedPromises:
    """`carrier.callbacks.Promises` over the store."""

    def __init__(self, client: Client, keys: Keys, sealer: Sealer) -> None:
        self._client = client
        self._keys = keys
        self._sealer = sealer

    def number_of(self, call_id: CallId) -> str | None:
        """Return the number a callback was promised to, or None when it was erased.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            text = cast("bytes | None", self._client.hget(self._keys.promises, call_id))
        if text is None:
            return None
        row = msgspec.json.decode(text, type=_Row)
        told = self._sealer.open(CustomerId(row.subject), row.label, row.sealed)
        return (told or {}).get("number") or None
