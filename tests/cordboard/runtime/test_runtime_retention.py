"""What the store forgets is in the archive, once, and a restart still finds all it needs."""

import pytest

from acd.messages import EngineError
from acd.replay import Fold
from cordboard.runtime.archive import Archive, read_entries
from cordboard.runtime.entries import read_entry
from cordboard.runtime.retention import Retention
from cordboard.runtime.snapshots import Snapshot, Snapshots, to_text
from dialer.codec import EVENT_CODEC
from tests.cordboard.runtime.runtime_doubles import (
    OfferingMachine,
    begin_term,
    catch_up,
    ended,
    queued,
)
from webhooks.ports import Fact


def work(term, journal, number):
    journal.append([Fact(queued(f"CA{number}"), f"q{number}")])
    journal.append([Fact(ended(f"CA{number}"), f"e{number}")])
    catch_up(term)
    term.save_snapshot()


def forget(store, client, term, folder):
    cut = Snapshots(store, client).older_cursor()
    if cut is not None:
        Retention(store, client, folder).forget_before(cut, term.leadership.token)


def test_archive_and_journal_together_fold_to_the_same_state(store, client, journal, tmp_path):
    term, minds = begin_term(store)
    for number in range(4):
        work(term, journal, number)
        forget(store, client, term, tmp_path)
        forget(store, client, term, tmp_path)  # after a crash between writing and trimming
    assert client.xlen(store.keys.journal) < 8
    fold = Fold(OfferingMachine(), EVENT_CODEC)
    rows = [*Archive(tmp_path).rows(), *client.xrange(store.keys.journal)]
    for entry_id, fields in dict(rows).items():
        fold.apply(read_entry(entry_id, fields))
    assert to_text(Snapshot("1-0", 1, fold.to_plain())) == to_text(
        Snapshot("1-0", 1, minds.fold.to_plain())
    )


def test_term_without_a_readable_snapshot_learns_from_the_archive(store, client, journal, tmp_path):
    term, minds = begin_term(store)
    for number in range(4):
        work(term, journal, number)
        forget(store, client, term, tmp_path)
    for name in ("newest", "older"):
        client.hset(store.keys.snapshots, name, b"torn")
    before = term.leadership.token
    second, again = begin_term(store, before=before, past=Archive(tmp_path).rows)
    catch_up(second)
    known = minds.fold.machine.handled
    assert again.fold.machine.handled[: len(known)] == known
    with pytest.raises(EngineError, match="the archive of the past is empty"):
        begin_term(store, before=second.leadership.token)


def test_commands_are_archived_with_their_causes_once(store, client, journal, tmp_path):
    term, _ = begin_term(store)
    for number in range(3):
        work(term, journal, number)
        forget(store, client, term, tmp_path)
    archived = [row[b"k"] for _, row in Archive(tmp_path, "commands").rows()]
    kept = [row[b"k"] for _, row in client.xrange(store.keys.audit)]
    assert len(archived) == len(set(archived)) == 2
    assert len(kept) == 1


def test_torn_last_line_is_cut_off_and_written_again(store, client, journal, tmp_path):
    term, _ = begin_term(store)
    work(term, journal, 1)
    work(term, journal, 2)
    forget(store, client, term, tmp_path)
    (path,) = tmp_path.glob("journal-*.jsonl")
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    last = Archive(tmp_path).last_id()
    assert path.read_bytes() == whole[: whole[:-1].rfind(b"\n") + 1]
    assert last == [entry.entry_id for entry in read_entries(path)][-1]


def test_settled_effects_before_the_cut_are_forgotten(store, client, journal, tmp_path):
    from cordboard.runtime.clock import LiveClock
    from cordboard.runtime.outbox import Outbox, Settlement

    term, _ = begin_term(store)
    work(term, journal, 1)
    outbox = Outbox(store, client, LiveClock(), term.leadership.token)
    for posted in outbox.read("0-0", block_ms=1):
        outbox.claim(posted)
        outbox.settle(posted, Settlement("done"))
    work(term, journal, 2)
    work(term, journal, 3)
    forget(store, client, term, tmp_path)
    assert len(client.hgetall(store.keys.effects)) == 2
    assert client.xlen(store.keys.settled) == 0
