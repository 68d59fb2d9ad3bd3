"""The journal in Redis: appending, reading, repeating, sealing."""

import pytest
import redis

from acd.ids import CallId, CustomerId
from cordboard.runtime.connection import Store
from cordboard.runtime.entries import UNREADABLE, from_line, read_entry, to_line
from cordboard.runtime.journal import JournalReader, RedisJournal
from cordboard.runtime.sealing import DayBox, Pseudonyms
from cordboard.runtime.sessions import RedisSessions
from tests.cordboard.runtime.runtime_doubles import SECRET, ended, queued
from webhooks.ports import Fact, FlowSession, JournalDown, Stored

ANA = CustomerId("cu-ana")


def read_all(store, client):
    return JournalReader(store, client).read("0-0")


def test_facts_of_one_append_are_read_in_order(store, client, journal):
    journal.append([Fact(queued("CA1"), "CA1|queued"), Fact(ended("CA1"), "CA1|completed|3")])
    entries = read_all(store, client)
    assert [(entry.type, entry.natural_key) for entry in entries] == [
        ("CallQueued", "CA1|queued"),
        ("CallEnded", "CA1|completed|3"),
    ]
    assert entries[0].facts["queue_id"] == "sales"
    assert entries[0].append_id != entries[1].append_id


def test_append_to_a_store_that_is_not_there_says_so(drafting, tmp_path):
    nowhere = Store(f"unix://{tmp_path}/nothing.sock", "site")
    with pytest.raises(JournalDown, match="does not answer"):
        RedisJournal(nowhere, drafting).append([Fact(ended("CA1"), "n")])


def test_append_whose_answer_was_lost_is_repeated_with_the_same_append_id(
    store, client, drafting, monkeypatch
):
    journal = RedisJournal(store, drafting, client)
    send = journal._append
    calls = []

    def lossy(**arguments):
        calls.append(arguments)
        send(**arguments)
        if len(calls) == 1:
            raise redis.TimeoutError("the answer was lost")

    monkeypatch.setattr(journal, "_append", lossy)
    journal.append([Fact(ended("CA1"), "CA1|completed")])
    first, second = read_all(store, client)
    assert first.append_id == second.append_id


@pytest.mark.parametrize(
    "fields",
    [
        {b"t": b"CallEnded"},
        {b"t": b"CallEnded", b"d": b"{not json"},
        {b"t": b"CallEnded", b"d": b"[1, 2]"},
        {b"t": b"\xff\xfe", b"d": b"{}"},
        {b"t": b"CallEnded", b"d": b'{"x": "' + b"y" * 1_100_000 + b'"}'},
        {b"unknown": b"\x00"},
    ],
)
def test_bytes_that_make_no_sense_become_an_entry_no_codec_knows(fields):
    assert read_entry(b"5-0", fields).type == UNREADABLE


def test_archived_line_gives_the_same_entry_again(store, client, journal):
    journal.append([Fact(queued("CA1"), "CA1|queued", ANA, {"number": "+12025550101"})])
    ((entry_id, fields),) = JournalReader(store, client).rows()
    assert from_line(to_line(entry_id, fields)) == (entry_id, fields)
    assert b"+12025550101" not in to_line(entry_id, fields)


class TestSealing:
    def test_sealed_part_opens_for_its_subject_and_entry_only(self, sealer):
        sealed = sealer.seal(ANA, "entry-1", {"number": "+12025550101"})
        assert "2025550101" not in sealed
        assert sealer.open(ANA, "entry-1", sealed) == {"number": "+12025550101"}
        assert sealer.open(ANA, "entry-2", sealed) is None
        assert sealer.open(CustomerId("cu-ben"), "entry-1", sealed) is None

    def test_erased_person_stays_closed_even_after_a_new_contact(self, sealer):
        sealed = sealer.seal(ANA, "entry-1", {"name": "Ana"})
        assert sealer.erase(ANA)
        assert sealer.open(ANA, "entry-1", sealed) is None
        sealer.seal(ANA, "entry-2", {"name": "Ana"})
        assert sealer.open(ANA, "entry-1", sealed) is None
        assert not sealer.erase(CustomerId("cu-nobody"))

    def test_stored_key_alone_opens_nothing(self, store, client, sealer):
        sealer.seal(ANA, "entry-1", {"name": "Ana"})
        wrapped = client.hget(store.keys.subject_keys, ANA)
        assert len(wrapped) == 12 + 32 + 16  # nonce, key, tag

    def test_customer_is_named_by_number_and_secret(self):
        names = Pseudonyms(SECRET)
        assert names.by_number("+12025550101") == names.by_number("+12025550101")
        assert names.by_number("+12025550101") != Pseudonyms(SECRET + "x").by_number("+12025550101")
        assert "555" not in names.by_number("+12025550101")

    def test_short_secret_is_refused_with_advice(self):
        with pytest.raises(ValueError, match="CORDBOARD_SECRET has 5 characters; use 16 or more"):
            Pseudonyms("short")


class TestSessions:
    @pytest.fixture
    def sessions(self, store, drafting, client):
        return RedisSessions(store, drafting, DayBox(SECRET, "places"), client)

    def test_new_caller_gets_a_session_and_the_facts_are_appended(self, store, client, sessions):
        first = FlowSession("t1", "{}", "<Response/>")
        assert sessions.load(CallId("CA1")) is None
        result = sessions.advance(
            CallId("CA1"), expected=None, session=first, facts=[Fact(queued("CA1"), "k")]
        )
        assert result == (Stored.DONE, first)
        assert sessions.load(CallId("CA1")) == first
        assert len(read_all(store, client)) == 1

    def test_doubled_request_moves_nobody_and_gets_the_same_answer(self, store, client, sessions):
        call = CallId("CA1")
        first = FlowSession("t1", "{}", "<one/>")
        sessions.advance(call, expected=None, session=first, facts=[])
        assert sessions.advance(
            call, expected=None, session=FlowSession("t9", "{}", "<nine/>"), facts=[]
        ) == (Stored.REPEATED, first)
        second = FlowSession("t2", "{}", "<two/>", answered="t1")
        assert sessions.advance(call, expected="t1", session=second, facts=[])[0] is Stored.DONE
        again = FlowSession("t3", "{}", "<three/>", answered="t1")
        assert sessions.advance(
            call, expected="t1", session=again, facts=[Fact(ended("CA1"), "k")]
        ) == (Stored.REPEATED, second)
        assert read_all(store, client) == []

    def test_request_of_a_step_long_gone_is_stale(self, sessions):
        call = CallId("CA1")
        for before, token in ((None, "t1"), ("t1", "t2"), ("t2", "t3")):
            session = FlowSession(token, "{}", "", answered=before or "")
            sessions.advance(call, expected=before, session=session, facts=[])
        late = FlowSession("t9", "{}", "", answered="t1")
        what, stored = sessions.advance(call, expected="t1", session=late, facts=[])
        assert (what, stored.token) == (Stored.STALE, "t3")

    def test_step_of_a_call_without_session_is_stale(self, sessions):
        late = FlowSession("t2", "{}", "<two/>", answered="t1")
        assert sessions.advance(CallId("CA1"), expected="t1", session=late, facts=[]) == (
            Stored.STALE,
            late,
        )
        assert sessions.load(CallId("CA1")) is None
