"""What the centre owes its customers, published for their next call: callbacks and open cases.

A customer who calls while a callback is owed to them, or a case of theirs is open, is told so
instead of explaining everything again. The leader folds promises and their ends, written by the
commits of which they are part, so that a caller never hears of a callback kept a minute ago.
"""

from collections.abc import Mapping, Sequence

import msgspec

from acd.cases import CaseState
from acd.ids import CallId
from acd.notices import CallbackEnded, CallbackPromised, CallClosed, CallOpened, CaseChanged
from cordboard.runtime.callers import OpenCase, OwedCallback
from cordboard.runtime.commit import Writes
from cordboard.runtime.keys import Keys

Row = OwedCallback | OpenCase


class _Ledger:
    """Rows by their own name, each with its customer; published by customer, one of each."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._rows: dict[str, tuple[str, Row]] = {}

    def put(self, name: str, customer_id: str, row: Row, writes: Writes) -> None:
        """Owe something, or the same thing in another state."""
        self._rows[name] = (customer_id, row)
        self._write(customer_id, row, writes)

    def drop(self, name: str, writes: Writes) -> None:
        """Owe it no longer; what else the customer is owed takes its place."""
        settled = self._rows.pop(name, None)
        if settled is None:
            return
        customer_id = settled[0]
        writes.add("HDEL", self._key, customer_id)
        for other_id, row in self._rows.values():
            if other_id == customer_id:
                self._write(customer_id, row, writes)

    def publish_all(self, writes: Writes) -> None:
        """Write everything anew."""
        writes.add("DEL", self._key)
        for customer_id, row in self._rows.values():
            self._write(customer_id, row, writes)

    def _write(self, customer_id: str, row: Row, writes: Writes) -> None:
        writes.add("HSET", self._key, customer_id, msgspec.json.encode(row).decode())

    def to_plain(self) -> object:
        """Return the rows for a snapshot."""
        return msgspec.to_builtins(self._rows)

    def restore(self, plain: object, kind: type[Row]) -> None:
        """Go on from what `to_plain` returned."""
        self._rows = {
            name: (customer_id, msgspec.convert(row, kind))
            for name, (customer_id, row) in msgspec.convert(
                plain, dict[str, tuple[str, dict[str, object]]]
            ).items()
        }


class Owed:
    """The fold of what is owed."""

    def __init__(self, keys: Keys) -> None:
        self._callbacks = _Ledger(keys.callbacks)
        self._cases = _Ledger(keys.cases)

    def heed(self, notices: Sequence[object], writes: Writes) -> None:
        """Write what one entry changed; a promise follows the opening of its call."""
        opened: dict[CallId, str] = {}
        for notice in notices:
            match notice:
                case CallOpened():
                    opened[notice.call_id] = notice.customer_id
                case CallbackPromised() if notice.call_id in opened:
                    row = OwedCallback(notice.queue_id, notice.at_ms, notice.due_at_ms)
                    self._callbacks.put(notice.call_id, opened[notice.call_id], row, writes)
                case CallbackEnded() | CallClosed():
                    self._callbacks.drop(notice.call_id, writes)
                case CaseChanged(state=CaseState.SETTLED):
                    self._cases.drop(notice.case_id, writes)
                case CaseChanged():
                    case = OpenCase(notice.category, notice.state, notice.due_at_ms)
                    self._cases.put(notice.case_id, notice.customer_id, case, writes)

    def publish_all(self, writes: Writes) -> None:
        """Write everything anew: the first act of a term."""
        self._callbacks.publish_all(writes)
        self._cases.publish_all(writes)

    def to_plain(self) -> dict[str, object]:
        """Return the fold's state for a snapshot."""
        return {"callbacks": self._callbacks.to_plain(), "cases": self._cases.to_plain()}

    def restore(self, plain: Mapping[str, object]) -> None:
        """Go on from what `to_plain` returned; earlier releases wrote nothing."""
        self._callbacks.restore(plain.get("callbacks", {}), OwedCallback)
        self._cases.restore(plain.get("cases", {}), OpenCase)
