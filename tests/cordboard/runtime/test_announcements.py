"""Waits that callers are told: the leader scores what the web processes say."""

import pytest

from acd.estimates import Ledger
from acd.notices import CallClosed, CallConnected, CallEnqueued, ContactOutcome, Direction
from acd.replay import JournalEntry
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.commit import Writes
from cordboard.runtime.projection import Projection
from cordboard.runtime.readmodel import RedisWaits
from tests.cordboard.runtime.runtime_doubles import CONFIG

MINUTE_MS = 60_000


class Leader:
    """Folds entries as a leader does, and commits at once what it publishes."""

    def __init__(self, store, client):
        self.keys, self._client = store.keys, client
        self.projection = self.new_projection()

    def new_projection(self):
        return Projection(self.keys, LiveClock(), CONFIG, "UTC")

    @property
    def floor(self):
        return self.projection.board.state

    @property
    def line(self):
        return self.projection.board.board(0).queues[0]

    def commit(self, writes):
        for command, key, arguments in writes.rows:
            self._client.execute_command(command, key, *arguments)

    def heed(self, kind, call_id, at_ms, *notices):
        writes, entry = Writes(), JournalEntry("1-1", kind, "", "", {"call_id": call_id})
        self.projection.heed(entry, notices, (), at_ms, writes)
        self.commit(writes)

    def queue(self, call_id, at_ms):
        self.heed("CallQueued", call_id, at_ms, CallEnqueued(at_ms, call_id, "sales"))

    def beat(self, call_id, at_ms):
        self.heed("CallWaited", call_id, at_ms)

    def connect(self, call_id, at_ms, wait_ms=0):
        connected = CallConnected(at_ms, call_id, "sales", "ana", wait_ms)
        self.heed("PartyJoined", call_id, at_ms, connected)

    def end(self, call_id, at_ms):
        closed = CallClosed(
            at_ms, call_id, Direction.INBOUND, ContactOutcome.ABANDONED, "sales", at_ms
        )
        self.heed("CallEnded", call_id, at_ms, closed)

    def keep_pace(self, from_ms=0):
        """Serve callers at one a minute, so that something honest can be said."""
        for at_ms in range(from_ms, from_ms + 6 * MINUTE_MS, MINUTE_MS):
            self.queue(f"P{at_ms}", at_ms)
            self.connect(f"P{at_ms}", at_ms)


@pytest.fixture
def leader(store, client):
    leader = Leader(store, client)
    leader.keep_pace()
    return leader


def said(store, client, call_id):
    wait = RedisWaits(store, client).of(call_id)
    return wait.wait_ms_low, wait.wait_ms_high


def test_the_first_range_that_is_said_is_the_one_that_is_kept(leader, store, client):
    for name in ("CA1", "CA2", "CA3"):
        leader.queue(name, 5 * MINUTE_MS)
    leader.beat("CA3", 5 * MINUTE_MS)
    assert "CA3" not in leader.floor.told  # the first document is a greeting
    leader.floor.ledgers["sales"] = Ledger(spread=1.3)
    leader.beat("CA3", 6 * MINUTE_MS)
    told = leader.floor.told["CA3"]
    assert (told.low_ms, told.high_ms) != said(store, client, "CA3")  # no spread is published yet
    writes = Writes()
    leader.projection.publish_all(writes)
    leader.commit(writes)
    assert (told.low_ms, told.high_ms) == said(store, client, "CA3")
    leader.end("CA1", 6 * MINUTE_MS)
    leader.beat("CA3", 7 * MINUTE_MS)
    assert leader.floor.told["CA3"] == told


@pytest.mark.parametrize(
    ("after_ms", "counted"),
    [(1, "told_sooner"), (MINUTE_MS, "told_kept"), (9 * MINUTE_MS, "told_later")],
)
def test_a_wait_is_scored_from_where_it_was_told(leader, after_ms, counted):
    leader.queue("CA1", 5 * MINUTE_MS)
    for at_ms in (5 * MINUTE_MS, 8 * MINUTE_MS):
        leader.beat("CA1", at_ms)
    leader.connect("CA1", 8 * MINUTE_MS + after_ms)
    assert getattr(leader.line, counted) == 1
    assert leader.line.told_kept + leader.line.told_sooner + leader.line.told_later == 1
    assert not leader.floor.told


def test_a_broken_promise_stretches_what_is_said_next_and_a_kept_one_narrows_it(
    leader, store, client
):
    widths = []
    for number, after_ms in enumerate((9 * MINUTE_MS, MINUTE_MS, 0)):
        at_ms, name = 100 * (number + 1) * MINUTE_MS, f"CA{number}"
        leader.keep_pace(at_ms - 5 * MINUTE_MS)
        leader.queue(name, at_ms)
        leader.beat(name, at_ms)
        leader.beat(name, at_ms)
        low_ms, high_ms = said(store, client, name)
        widths.append(high_ms - low_ms)
        leader.connect(name, at_ms + after_ms)
    assert widths[0] < widths[1] > widths[2]


def test_who_gives_up_first_is_counted_apart_and_who_was_told_nothing_nowhere(leader):
    for name, beats in (("CA1", 2), ("CA2", 1)):
        leader.queue(name, 5 * MINUTE_MS)
        for _ in range(beats):
            leader.beat(name, 5 * MINUTE_MS)
        leader.end(name, 6 * MINUTE_MS)
    assert leader.line.told_unscored == 1
    assert leader.floor.ledgers["sales"].scored == 0


def test_ledgers_survive_a_restart_and_a_new_day_counts_anew(leader, store, client):
    leader.queue("CA1", 5 * MINUTE_MS)
    leader.beat("CA1", 5 * MINUTE_MS)
    again = Leader(store, client)
    again.projection.restore(leader.projection.to_plain())
    again.beat("CA1", 5 * MINUTE_MS)
    again.connect("CA1", 30 * MINUTE_MS)
    assert again.line.told_later == 1
    spread = again.floor.ledgers["sales"].spread
    assert spread > 1
    again.queue("CA2", 24 * 60 * MINUTE_MS)
    assert again.floor.ledgers["sales"] == Ledger(spread=spread)
