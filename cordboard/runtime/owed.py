"""Callbacks that customers were promised and still wait for, published for their next call.

A customer who calls while a callback is owed to them is told so instead of explaining everything
again. The leader folds promises and their ends into one hash, written by the commits of which they
are part, so that a caller never hears of a callback that was kept a minute ago.
"""

from collections.abc import Sequence

import msgspec

from acd.ids import CallId
from acd.notices import CallbackEnded, CallbackPromised, CallClosed, CallOpened
from cordboard.runtime.callers import OwedCallback
from cordboard.runtime.commit import Writes
from cordboard.runtime.keys import Keys


class OwedCallbacks:
    """The fold: callbacks by their own call, each with its customer."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._owed: dict[str, tuple[str, OwedCallback]] = {}

    def heed(self, notices: Sequence[object], writes: Writes) -> None:
        """Write what one entry changed; a promise follows the opening of its call."""
        opened: dict[CallId, str] = {}
        for notice in notices:
            match notice:
                case CallOpened():
                    opened[notice.call_id] = notice.customer_id
                case CallbackPromised() if notice.call_id in opened:
                    self._promise(notice, opened[notice.call_id], writes)
                case CallbackEnded() | CallClosed():
                    self._settle(notice.call_id, writes)

    def publish_all(self, writes: Writes) -> None:
        """Write everything anew: the first act of a term."""
        writes.add("DEL", self._keys.callbacks)
        for customer_id, owed in self._owed.values():
            self._write(customer_id, owed, writes)

    def _promise(self, notice: CallbackPromised, customer_id: str, writes: Writes) -> None:
        owed = OwedCallback(notice.call_id, notice.queue_id, notice.at_ms, notice.due_at_ms)
        self._owed[notice.call_id] = (customer_id, owed)
        self._write(customer_id, owed, writes)

    def _write(self, customer_id: str, owed: OwedCallback, writes: Writes) -> None:
        text = msgspec.json.encode(owed).decode()
        writes.add("HSET", self._keys.callbacks, customer_id, text)

    def _settle(self, call_id: CallId, writes: Writes) -> None:
        settled = self._owed.pop(call_id, None)
        if settled is None:
            return
        customer_id = settled[0]
        writes.add("HDEL", self._keys.callbacks, customer_id)
        for other_id, owed in self._owed.values():
            if other_id == customer_id:  # two numbers, two callbacks
                self._write(customer_id, owed, writes)

    def to_plain(self) -> list[object]:
        """Return the fold's state for a snapshot."""
        plain: list[object] = msgspec.to_builtins(list(self._owed.values()))
        return plain

    def restore(self, plain: object) -> None:
        """Go on from what `to_plain` returned."""
        rows = msgspec.convert(plain, list[tuple[str, OwedCallback]])
        self._owed = {owed.call_id: (customer_id, owed) for customer_id, owed in rows}
