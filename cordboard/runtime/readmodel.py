"""What web processes and pages read: waits of callers, and the board of the floor.

The leader publishes with every commit, fenced like everything it writes, so what is read is always
the state after some entry of the journal, behind by at most one commit; the board, which is one
JSON text, by a quarter of a second more. The first commit of a term writes everything anew.

Per queue there is one sorted set of its waiting calls in the order in which they will be taken: a
call's score is its arrival, brought forward by its priority exactly as the distributor does it (a
priority of p is worth p / (priority per minute) minutes).
"""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec
import redis

from acd.commands import SendCall
from acd.ids import CallId, QueueId
from acd.notices import CallClosed, CallConnected, CallEnqueued
from acd.pace import CONNECTIONS_KEPT, estimate_ms
from acd.replay import JournalEntry
from cordboard.runtime.board import Board, decode, encode
from cordboard.runtime.clock import Clock
from cordboard.runtime.commit import Writes
from cordboard.runtime.connection import Client, Store, StoreDown, telling_downs
from cordboard.runtime.keys import Keys
from cordboard.runtime.wallboard import Wallboard
from dialer.commands import PlaySafeHarbour
from dialer.config import CentreConfig
from ivr.inputs import QueueView
from webhooks.ports import Wait

BOARD_PAUSE_MS = 250
"""The board is written at most this often."""


class WaitRow(msgspec.Struct, frozen=True):
    """A waiting call as published."""

    queue_id: str
    language: str
    since_ms: int


class Publisher:
    """Turns what entries meant into writes of the read model."""

    def __init__(self, keys: Keys, board: Wallboard, clock: Clock, config: CentreConfig) -> None:
        self._keys = keys
        self._board = board
        self._clock = clock
        self._gain: dict[str, int] = {}
        self._rows: dict[CallId, tuple[WaitRow, int]] = {}  #: with their scores
        self._paces: dict[str, deque[int]] = {}
        self._board_ms = -BOARD_PAUSE_MS
        self.configure(config)

    def configure(self, config: CentreConfig) -> None:
        """Take new queues."""
        self._gain = {queue.queue_id: queue.priority_per_minute for queue in config.acd.queues}

    def heed(
        self,
        entry: JournalEntry,
        notices: Sequence[object],
        commands: Sequence[object],
        writes: Writes,
    ) -> None:
        """Write what changed about waits with one entry."""
        for notice in notices:
            if isinstance(notice, CallEnqueued):
                self._enter(notice, entry, writes)
            elif isinstance(notice, CallConnected):
                self._leave(notice.call_id, writes)
                self._keep_pace(notice, writes)
            elif isinstance(notice, CallClosed):
                self._leave(notice.call_id, writes)
        for command in commands:
            if isinstance(command, SendCall | PlaySafeHarbour):
                self._leave(command.call_id, writes)
                self._board.leave_line(command.call_id)

    def _enter(self, notice: CallEnqueued, entry: JournalEntry, writes: Writes) -> None:
        facts = entry.facts if entry.facts.get("call_id") == notice.call_id else {}
        language, priority = facts.get("language", ""), facts.get("priority", 0)
        gain = self._gain.get(notice.queue_id, 1)
        ahead_ms = int(priority) * 60_000 // gain if isinstance(priority, int) else 0
        row = WaitRow(notice.queue_id, str(language), notice.at_ms)
        self._leave(notice.call_id, writes)
        self._rows[notice.call_id] = (row, notice.at_ms - ahead_ms)
        self._write(notice.call_id, writes)

    def _write(self, call_id: CallId, writes: Writes) -> None:
        row, score = self._rows[call_id]
        writes.add("HSET", self._keys.waits, call_id, msgspec.json.encode(row).decode())
        writes.add("ZADD", self._keys.line(QueueId(row.queue_id)), str(score), call_id)

    def _leave(self, call_id: CallId, writes: Writes) -> None:
        found = self._rows.pop(call_id, None)
        if found is not None:
            writes.add("HDEL", self._keys.waits, call_id)
            writes.add("ZREM", self._keys.line(QueueId(found[0].queue_id)), call_id)

    def _keep_pace(self, notice: CallConnected, writes: Writes) -> None:
        pace = self._paces.setdefault(notice.queue_id, deque(maxlen=CONNECTIONS_KEPT))
        pace.append(notice.at_ms)
        text = msgspec.json.encode(list(pace)).decode()
        writes.add("HSET", self._keys.paces, notice.queue_id, text)

    def publish_board(self, at_ms: int, writes: Writes) -> None:
        """Write the wallboard and the books, if the last time is long enough ago."""
        now_ms = self._clock.monotonic_ms()
        if now_ms - self._board_ms >= BOARD_PAUSE_MS:
            self._board_ms = now_ms
            writes.add("SET", self._keys.board, encode(self._board.board(at_ms)).decode())
            books = msgspec.json.encode(self._board.books(), order="sorted")
            writes.add("SET", self._keys.books, books.decode())

    def publish_all(self, writes: Writes) -> None:
        """Write everything about waits anew: the first act of a term."""
        queues = {row.queue_id for row, _ in self._rows.values()} | set(self._gain)
        for key in [self._keys.waits, self._keys.paces]:
            writes.add("DEL", key)
        for queue_id in sorted(queues):
            writes.add("DEL", self._keys.line(QueueId(queue_id)))
        for call_id in self._rows:
            self._write(call_id, writes)
        for queue_id, pace in self._paces.items():
            text = msgspec.json.encode(list(pace)).decode()
            writes.add("HSET", self._keys.paces, queue_id, text)

    def to_plain(self) -> dict[str, object]:
        """Return the waits for a snapshot."""
        return {
            "rows": [
                [call_id, msgspec.to_builtins(row), score]
                for call_id, (row, score) in self._rows.items()
            ],
            "paces": {queue_id: list(pace) for queue_id, pace in self._paces.items()},
        }

    def restore(self, plain: Mapping[str, object]) -> None:
        """Go on from what `to_plain` returned."""
        rows = msgspec.convert(plain["rows"], list[tuple[str, WaitRow, int]])
        self._rows = {CallId(call_id): (row, score) for call_id, row, score in rows}
        paces = msgspec.convert(plain["paces"], dict[str, list[int]])
        self._paces = {
            queue_id: deque(pace, maxlen=CONNECTIONS_KEPT) for queue_id, pace in paces.items()
        }


class RedisWaits:
    """`webhooks.ports.Waits`: a caller's place and an honest range of what is left."""

    def __init__(self, store: Store, client: Client | None = None) -> None:
        self._client = client or store.client()
        self._keys = store.keys

    def of(self, call_id: CallId) -> Wait | None:
        """Return the caller's wait, or None when the centre does not know them as waiting.

        A store in trouble tells nothing either: the caller hears music without a position.
        """
        try:
            text = self._client.hget(self._keys.waits, call_id)
            if text is None:
                return None
            row = msgspec.json.decode(text, type=WaitRow)
            rank = cast(
                "int | None", self._client.zrank(self._keys.line(QueueId(row.queue_id)), call_id)
            )
            pace = self._client.hget(self._keys.paces, row.queue_id)
        except redis.RedisError:
            return None
        if rank is None:
            return None
        low, high = estimate_ms(rank + 1, msgspec.json.decode(pace or b"[]", type=list[int]))
        return Wait(rank + 1, low, high, row.language)

    def queues(self) -> Mapping[str, QueueView]:
        """Return how every queue looks, by its name; nothing while the store is in trouble."""
        try:
            board = read_board(self._client, self._keys)
            paces = cast("dict[bytes, bytes]", self._client.hgetall(self._keys.paces))
        except (StoreDown, redis.RedisError):
            return {}
        if board is None:
            return {}
        views: dict[str, QueueView] = {}
        for line in board.queues:
            pace = msgspec.json.decode(paces.get(line.queue_id.encode(), b"[]"), type=list[int])
            low, high = estimate_ms(line.waiting + 1, pace)
            wait_ms = (low + high) // 2 if low is not None and high is not None else 0
            views[line.queue_id] = QueueView(
                waiting=line.waiting, wait_s=wait_ms // 1_000, agents=line.agents_signed_in
            )
        return views


def read_board(client: Client, keys: Keys) -> Board | None:
    """Return the wallboard as last published, or None before the first commit.

    Raises:
        StoreDown: The store did not answer.
    """
    with telling_downs():
        text = cast("bytes | None", client.get(keys.board))
    return None if text is None else decode(text)


def read_books(client: Client, keys: Keys) -> dict[str, Any] | None:
    """Return the books as last published, or None before the first commit.

    Raises:
        StoreDown: The store did not answer.
    """
    with telling_downs():
        text = cast("bytes | None", client.get(keys.books))
    return None if text is None else msgspec.json.decode(text, type=dict[str, Any])
