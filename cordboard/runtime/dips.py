"""Questions of call flows to other systems, carried out while callers hear the filler.

The web process that put the question asks it in a thread and leaves the answer in the store, closed
under the centre's secret and for a minute; whichever process the carrier comes to next collects it
there. So every question is asked once, also one that must not be asked twice (a POST). A process
that died in between leaves no answer: the caller goes the way of a failed question.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import cast

import msgspec
import structlog

from acd.ids import CallId
from cordboard.runtime.connection import Client, Store, StoreDown, telling_downs
from cordboard.runtime.sealing import DayBox
from ivr.inputs import Scalar
from ivr.steps import FetchData
from webhooks.ports import DataSource, DataUnavailable

KEPT_MS = 60_000
"""A filler is over long before."""

GRACE_MS = 1_000
"""How much longer than the question's own time-out the answer is waited for."""

LOOK_S = 0.05
THREADS_MAX = 32
"""So many questions of a process may be under way; beyond, callers go the way of a failure."""

ASKED = b"asked"
"""Stands for an answer that is on its way."""

_log = structlog.get_logger(__name__)


class Outcome(msgspec.Struct, frozen=True):
    """What came of a question: values, or why there are none."""

    values: dict[str, Scalar] = {}
    problem: str = ""


class RedisDips:
    """`webhooks.ports.Dips` over the store."""

    def __init__(
        self,
        store: Store,
        data: DataSource,
        box: DayBox,
        client: Client | None = None,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client or store.client()
        self._keys = store.keys
        self._data = data
        self._box = box
        self._free = threading.BoundedSemaphore(THREADS_MAX)
        self._monotonic_s = monotonic_s

    def begin(self, call_id: CallId, token: str, question: FetchData) -> None:
        """Ask in the background, unless this very question was asked before."""
        key = self._keys.dip(call_id, token)
        try:
            with telling_downs():
                is_first = self._client.set(key, ASKED, px=KEPT_MS, nx=True)
        except StoreDown:
            return  # then it is asked when the answer is wanted
        if not is_first:
            return
        if not self._free.acquire(blocking=False):
            self._leave(key, Outcome(problem="too many questions under way"))
            return
        threading.Thread(target=self._ask, args=(key, question), name="dip", daemon=True).start()

    def collect(self, call_id: CallId, token: str, question: FetchData) -> Mapping[str, Scalar]:
        """Return the answer, waiting for it no longer than the question may take.

        Raises:
            DataUnavailable: There is none.
        """
        key = self._keys.dip(call_id, token)
        until_s = self._monotonic_s() + (question.timeout_ms + GRACE_MS) / 1_000
        while True:
            try:
                with telling_downs():
                    left = cast("bytes | None", self._client.get(key))
            except StoreDown as down:
                raise DataUnavailable("store down") from down
            if left is None:
                return self._data.fetch(question)
            if left != ASKED:
                return self._answer(key, left)
            if self._monotonic_s() >= until_s:
                raise DataUnavailable("timeout")
            time.sleep(LOOK_S)

    def _answer(self, key: str, left: bytes) -> Mapping[str, Scalar]:
        opened = self._box.open(key, left.decode())
        if opened is None:
            raise DataUnavailable("answer cannot be opened")
        outcome = msgspec.json.decode(opened, type=Outcome)
        if outcome.problem:
            raise DataUnavailable(outcome.problem)
        return outcome.values

    def _ask(self, key: str, question: FetchData) -> None:
        try:
            outcome = Outcome(values=dict(self._data.fetch(question)))
        except DataUnavailable as problem:
            outcome = Outcome(problem=str(problem))
        except Exception as fault:  # noqa: BLE001  (the caller is waiting for something, whatever it is)
            _log.error("question to another system failed", kind=type(fault).__name__)
            outcome = Outcome(problem="fault")
        finally:
            self._free.release()
        self._leave(key, outcome)

    def _leave(self, key: str, outcome: Outcome) -> None:
        text = self._box.close(key, msgspec.json.encode(outcome).decode())
        try:
            with telling_downs():
                self._client.set(key, text, px=KEPT_MS)
        except StoreDown as down:
            _log.warning("answer of another system is lost", reason=str(down))
