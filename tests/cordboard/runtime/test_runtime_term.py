"""A term: folding, committing, ticking, snapshots, take-over, fencing."""

import pytest

from acd.replay import Fold
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.commit import CursorMoved
from cordboard.runtime.journal import JournalReader
from cordboard.runtime.leader import Fenced, acquire
from cordboard.runtime.readmodel import RedisWaits, read_books
from cordboard.runtime.snapshots import SCHEMA, Snapshot, Snapshots, from_text, to_text
from cordboard.runtime.term import Unfoldable
from dialer.codec import EVENT_CODEC
from tests.cordboard.runtime.runtime_doubles import (
    HandClock,
    OfferingMachine,
    begin_term,
    catch_up,
    ended,
    queued,
)
from webhooks.ports import Fact


def commands_in(client, stream):
    return [(row[b"k"].decode(), row[b"t"].decode()) for _, row in client.xrange(stream)]


class TestTurns:
    def test_commands_are_posted_once_and_the_cursor_moves(self, store, client, journal):
        term, _ = begin_term(store)
        journal.append([Fact(queued("CA1"), "k1"), Fact(queued("CA2"), "k2")])
        catch_up(term)
        assert [kind for _, kind in commands_in(client, store.keys.outbox)] == ["OfferCall"] * 2
        assert client.hget(store.keys.state, "cursor").decode() == term.cursor
        assert commands_in(client, store.keys.audit) == commands_in(client, store.keys.outbox)

    def test_fact_told_twice_counts_once(self, store, client, journal):
        term, minds = begin_term(store)
        journal.append([Fact(queued("CA1"), "k1")])
        journal.append([Fact(queued("CA1"), "k1")])
        catch_up(term)
        assert len(commands_in(client, store.keys.outbox)) == 1
        assert minds.fold.duplicate_count == 1
        assert read_books(client, store.keys)["opened"] == {"inbound": 1}

    def test_poison_entry_is_put_aside_with_its_id_and_the_cursor_moves_on(
        self, store, client, journal
    ):
        term, _ = begin_term(store)
        poison = client.xadd(store.keys.journal, {"t": "CallQueued", "d": "{no json"})
        client.xadd(store.keys.journal, {"t": "FutureEvent", "d": "{}"})
        journal.append([Fact(queued("CA1"), "k1")])
        catch_up(term)
        rows = client.xrange(store.keys.poison)
        assert rows[0][1][b"id"] == poison
        assert len(rows) == 2
        assert len(commands_in(client, store.keys.outbox)) == 1

    def test_entry_at_which_our_code_fails_is_moved_aside_at_the_third_strike(
        self, store, client, journal, monkeypatch
    ):
        term, minds = begin_term(store)
        catch_up(term)
        journal.append([Fact(queued("CA1"), "k1")])
        handle = minds.fold.machine.handle
        monkeypatch.setattr(minds.fold.machine, "handle", lambda event: handle(event) and 1 / 0)
        with pytest.raises(Unfoldable) as failed:
            catch_up(term)
        entry_id = failed.value.entry_id
        assert [term.strike(entry_id, "division") for _ in range(2)] == [1, 2]
        assert client.xrange(store.keys.journal, entry_id, entry_id)
        assert term.strike(entry_id, "division") == 3
        assert not client.xrange(store.keys.journal, entry_id, entry_id)
        ((_, kept),) = client.xrange(store.keys.poison)
        assert (kept[b"id"].decode(), kept[b"t"]) == (entry_id, b"CallQueued")

    def test_ticks_come_at_deadlines_and_at_least_every_second(self, store, client, journal):
        clock = HandClock()
        term, minds = begin_term(store, clock)
        journal.append([Fact(queued("CA1"), "k1")])
        catch_up(term)
        for _ in range(11):
            clock.now_ms += 1_000
            term.turn()
        ticks = [e for e in JournalReader(store, client).read("0-0") if e.type == "ClockTicked"]
        assert [tick.facts["advance_ms"] for tick in ticks] == [1_000] * 11
        assert commands_in(client, store.keys.outbox)[-1][1] == "EndCall"
        assert minds.fold.machine.waiting == {}

    def test_leader_that_slept_does_not_wake_up_to_overdue_deadlines(self, store, client, journal):
        clock = HandClock()
        term, minds = begin_term(store, clock)
        journal.append([Fact(queued("CA1"), "k1")])
        catch_up(term)
        clock.now_ms += 60_000
        term.turn()
        assert minds.fold.machine.waiting  # at most a lease's length has passed for the caller


class TestTakeOver:
    def test_second_term_derives_the_same_state_and_posts_nothing_twice(
        self, store, client, journal
    ):
        first, _ = begin_term(store)
        journal.append([Fact(queued("CA1"), "k1"), Fact(queued("CA2"), "k2")])
        catch_up(first)
        journal.append([Fact(queued("CA3"), "k3")])  # read by nobody yet
        _, minds = second_term(store, first)
        assert minds.fold.machine.count == 3
        kinds = [kind for _, kind in commands_in(client, store.keys.outbox)]
        assert kinds == ["OfferCall"] * 3

    def test_term_begins_from_a_snapshot_and_reads_the_tail_only(self, store, journal):
        first, minds = begin_term(store)
        journal.append([Fact(queued("CA1"), "k1")])
        catch_up(first)
        first.save_snapshot()
        journal.append([Fact(ended("CA1"), "k2")])
        catch_up(first)
        _, again = second_term(store, first)
        assert again.fold.machine.handled[: len(minds.fold.machine.handled)] == (
            minds.fold.machine.handled
        )
        assert again.projection.board.state.books.closed == {"inbound": {"abandoned": 1}}

    def test_torn_snapshot_is_refused_and_the_older_one_taken(self, store, client, journal):
        first, _ = begin_term(store)
        catch_up(first)
        first.save_snapshot()
        journal.append([Fact(queued("CA1"), "k1")])
        catch_up(first)
        first.save_snapshot()
        newest = client.hget(store.keys.snapshots, "newest")
        client.hset(store.keys.snapshots, "newest", newest[: len(newest) // 2])
        _, minds = second_term(store, first)
        assert minds.fold.machine.count == 1

    @pytest.mark.parametrize("spoil", [b"", b"{}\n{}", b"junk"])
    def test_spoilt_snapshot_text_is_refused(self, spoil):
        with pytest.raises(ValueError, match="head cannot be read"):
            from_text(spoil)

    def test_changed_body_does_not_fit_its_checksum(self):
        text = to_text(Snapshot("5-0", 1, {"count": 1}))
        with pytest.raises(ValueError, match="checksum"):
            from_text(text.replace(b":1}", b":2}"))

    def test_snapshot_of_another_schema_is_refused(self):
        text = to_text(Snapshot("5-0", 1, {}))
        with pytest.raises(ValueError, match=f"schema 99, not {SCHEMA}"):
            from_text(text.replace(b'"schema":%d' % SCHEMA, b'"schema":99'))


class TestFence:
    def test_two_cannot_lead(self, store, client):
        begin_term(store)
        assert acquire(store, client, LiveClock()) is None

    def test_replaced_leader_writes_nothing(self, store, client, journal):
        """The old term was asleep past its lease; it finds out at its first write."""
        first, _ = begin_term(store)
        catch_up(first)
        first.save_snapshot()
        client.delete(store.keys.lease)  # it ran out
        second, _ = begin_term(store)
        catch_up(second)
        second.save_snapshot()
        before = dump(client, store)
        journal.append([Fact(queued("CA1"), "k1")])
        with pytest.raises(Fenced):
            first.turn()
        with pytest.raises(Fenced):
            first.append(ended("CA1"), "k")
        with pytest.raises(Fenced):
            first.save_snapshot()
        client.xdel(store.keys.journal, client.xrevrange(store.keys.journal, count=1)[0][0])
        assert dump(client, store) == before

    def test_late_renewal_by_a_leader_nobody_replaced_goes_on(self, store, client):
        clock = HandClock()
        term, _ = begin_term(store, clock)
        client.delete(store.keys.lease)
        clock.now_ms += 10_000
        term.turn()
        assert client.get(store.keys.lease).decode() == term.leadership.token

    def test_epoch_never_comes_back_after_a_lost_tail(self, store, client):
        first, _ = begin_term(store)
        for key in (store.keys.lease, store.keys.epoch, store.keys.token):
            client.delete(key)
        client.set(store.keys.epoch, 1)
        second, _ = begin_term(store)
        assert second.leadership.epoch >= first.leadership.epoch
        assert second.leadership.token != first.leadership.token

    def test_moved_cursor_ends_the_term(self, store, client, journal):
        term, _ = begin_term(store)
        catch_up(term)
        client.hset(store.keys.state, "cursor", "1-0")
        journal.append([Fact(queued("CA1"), "k1")])
        with pytest.raises(CursorMoved):
            catch_up(term)

    def test_commit_sent_again_after_a_lost_answer_is_done_once(self, store, client, journal):
        term, _ = begin_term(store)
        journal.append([Fact(queued("CA1"), "k1")])
        send = term._committer._commit

        def twice(**arguments):
            send(**arguments)
            return send(**arguments)

        term._committer._commit = twice
        catch_up(term)
        assert len(commands_in(client, store.keys.outbox)) == 1


class TestReadModel:
    def test_callers_know_their_place_by_priority_and_arrival(self, store, client, journal):
        term, _ = begin_term(store)
        journal.append([Fact(queued("CA1"), "k1"), Fact(queued("CA2"), "k2")])
        journal.append([Fact(queued("CA3", priority=10), "k3")])
        catch_up(term)
        waits = RedisWaits(store, client)
        assert [waits.of(call).position for call in ("CA3", "CA1", "CA2")] == [1, 2, 3]
        assert waits.of("CA1").language == "en-US"
        assert waits.of("CA9") is None
        journal.append([Fact(ended("CA3"), "k4")])
        catch_up(term)
        assert waits.of("CA3") is None
        assert waits.of("CA1").position == 1

    def test_call_flows_see_how_a_queue_looks(self, store, client, journal):
        term, _ = begin_term(store)
        assert RedisWaits(store, client).queues() == {}
        journal.append([Fact(queued("CA1"), "k1"), Fact(queued("CA2"), "k2")])
        catch_up(term)
        term._minds.projection._publisher._board_ms -= 10_000  # the pause between two is over
        journal.append([Fact(queued("CA3"), "k3")])
        catch_up(term)
        view = RedisWaits(store, client).queues()["sales"]
        assert (view.waiting, view.agents) == (3, 0)

    def test_waits_are_published_anew_by_the_next_term(self, store, client, journal):
        term, _ = begin_term(store)
        journal.append([Fact(queued("CA1"), "k1")])
        catch_up(term)
        client.delete(store.keys.waits)
        second_term(store, term)
        assert RedisWaits(store, client).of("CA1").position == 1

    def test_store_in_trouble_tells_no_wait(self, tmp_path, store):
        nowhere = type(store)(f"unix://{tmp_path}/nothing.sock", "site")
        assert RedisWaits(nowhere).of("CA1") is None


def test_journal_folds_to_the_same_bytes_from_any_cut(store, client, journal):
    """State after the journal = state after a snapshot and the rest, at every cut."""
    term, minds = begin_term(store)
    for number in range(6):
        journal.append([Fact(queued(f"CA{number}"), f"q{number}")])
        catch_up(term)
        if number % 2:
            journal.append([Fact(ended(f"CA{number}"), f"e{number}")])
            catch_up(term)
    entries = JournalReader(store, client).read("0-0")
    whole = to_text(Snapshot("9-9", 1, minds.fold.to_plain()))
    for cut in range(len(entries)):
        fold = Fold(OfferingMachine(), EVENT_CODEC)
        for entry in entries[:cut]:
            fold.apply(entry)
        text = to_text(Snapshot("0-1", 1, fold.to_plain()))
        again = Fold(OfferingMachine(), EVENT_CODEC)
        again.restore(from_text(text).state)
        for entry in entries[cut:]:
            again.apply(entry)
        assert to_text(Snapshot("9-9", 1, again.to_plain())) == whole


def test_snapshot_loads_none_from_a_new_site(store, client):
    assert Snapshots(store, client).load() is None


def second_term(store, first):
    term, minds = begin_term(store, before=first.leadership.token)
    catch_up(term)
    return term, minds


def dump(client, store):
    return {
        key: client.dump(key)
        for key in sorted(client.scan_iter(f"{{{store.site}}}:*"))
        if b"lease" not in key and not key.endswith(b":keys") and not key.endswith(b":j")
    } | {b"journal": client.xrange(store.keys.journal)}
