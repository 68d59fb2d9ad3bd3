"""What the journal protocol costs over a bare store, as ratios taken in one run.

The store is the embedded one with every append on the disk, over a unix socket. Absolute figures
say something about the machine only; the ratios are what `docs/runtime.md` quotes.
"""

import time

import pytest

from cordboard.runtime.clock import LiveClock
from cordboard.runtime.connection import Store
from cordboard.runtime.embedded import EmbeddedRedis
from cordboard.runtime.journal import Drafting, RedisJournal
from cordboard.runtime.sealing import Sealer
from tests.cordboard.runtime.runtime_doubles import SECRET, begin_term, catch_up, ended, queued
from webhooks.ports import Fact

pytestmark = pytest.mark.bench

APPENDS = 2_000
ENTRIES = 5_000


@pytest.fixture
def store(tmp_path):
    with EmbeddedRedis(tmp_path / "redis") as server:
        yield Store(server.url, "bench")


def journal_of(store, client):
    return RedisJournal(store, Drafting(LiveClock(), Sealer(store, SECRET, client)), client)


def median_us(action, times=APPENDS):
    taken = []
    for number in range(times):
        begin = time.perf_counter_ns()
        action(number)
        taken.append(time.perf_counter_ns() - begin)
    return sorted(taken)[times // 2] / 1_000


def test_append_costs_little_over_a_bare_one(store):
    client = store.client(timeout_s=5.0)
    journal = journal_of(store, client)
    text = b'{"call_id":"CA1","cause":"completed","sip_code":0}'
    bare = median_us(lambda number: client.xadd("bare", {"t": "CallEnded", "d": text}))
    ours = median_us(lambda number: journal.append([Fact(ended(f"CA{number}"), f"k{number}")]))
    print(f"append: {ours:.0f} us, bare XADD: {bare:.0f} us, ratio {ours / bare:.2f}")
    assert ours < 4 * bare


def test_batches_make_a_commit_cheap(store):
    """From reading to commit, a whole backlog: most of an entry's cost is shared with its batch."""
    client = store.client(timeout_s=5.0)
    journal = journal_of(store, client)
    term, _ = begin_term(store)
    catch_up(term)
    for begin in range(0, ENTRIES, 100):
        facts = [Fact(queued(f"CA{n}"), f"k{n}") for n in range(begin, begin + 100)]
        journal.append(facts)
    begin_s = time.perf_counter()
    done = 0
    while done < ENTRIES:
        done += term.turn()
    whole_us = (time.perf_counter() - begin_s) / ENTRIES * 1e6
    bare = median_us(lambda number: client.xadd("bare", {"t": "CallEnded"}))
    print(f"entry, read to commit: {whole_us:.0f} us; one bare XADD: {bare:.0f} us")
    assert whole_us < 2 * bare


def test_take_over_reads_the_tail_faster_than_it_was_written(store):
    client = store.client(timeout_s=5.0)
    journal = journal_of(store, client)
    first, _ = begin_term(store)
    for begin in range(0, ENTRIES, 100):
        journal.append([Fact(ended(f"CA{n}"), f"k{n}") for n in range(begin, begin + 100)])
    begin_s = time.perf_counter()
    catch_up(first)
    written_s = time.perf_counter() - begin_s
    begin_s = time.perf_counter()
    second, _ = begin_term(store, before=first.leadership.token)
    while not second.has_caught_up:
        second.turn()
    taken_s = time.perf_counter() - begin_s
    print(f"take-over: {taken_s * 1e3:.0f} ms; the first time {written_s * 1e3:.0f} ms")
    assert taken_s < written_s
