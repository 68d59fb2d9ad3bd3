"""The historian: the whole journal once, from archive and store, however often it is killed."""

import os
import signal
import subprocess
import sys
import threading
import time

import msgspec
import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import SQLAlchemyError

from cordboard.cli.live import Ports, programs
from cordboard.history.projecting import Historian, PastLost, WholeJournal
from cordboard.history.schema import progress
from cordboard.runtime.archive import Archive
from cordboard.runtime.clock import LiveClock
from cordboard.runtime.connection import StoreDown
from cordboard.runtime.journal import JournalReader
from tests.cordboard.history.conftest import kept_rows
from tests.cordboard.runtime.live_site import write_site
from tests.cordboard.runtime.runtime_doubles import SECRET


@pytest.fixture
def whole(store, client, tmp_path):
    return WholeJournal(Archive(tmp_path / "archive"), JournalReader(store, client))


def fields(entry):
    return {
        "t": entry.type,
        "a": entry.append_id,
        "n": entry.natural_key,
        "d": msgspec.json.encode(entry.facts),
    }


def fill(client, store, entries):
    """Append entries to the store under the ids they have."""
    with client.pipeline(transaction=False) as pipe:
        for entry in entries:
            pipe.xadd(store.keys.journal, fields(entry), id=entry.entry_id)
        pipe.execute()


def forget_before(client, store, folder, cut):
    """Archive and trim everything before an entry, as retention does."""
    archive = Archive(folder / "archive")
    archive.append(JournalReader(store, client).rows(archive.last_id(), cut))
    client.xtrim(store.keys.journal, minid=cut, approximate=False)


def ids(entries):
    return [entry.entry_id for entry in entries]


def test_entries_come_from_the_archive_and_then_from_the_store(day, store, client, whole, tmp_path):
    fill(client, store, day.entries[:300])
    forget_before(client, store, tmp_path, day.entries[200].entry_id)
    assert ids(whole.after("0-0")) == ids(day.entries[:300])


def test_who_was_left_behind_by_trimming_misses_nothing(day, store, client, whole, tmp_path):
    fill(client, store, day.entries[:300])
    cursor = day.entries[50].entry_id
    assert ids(whole.after(cursor)) == ids(day.entries[51:300])
    forget_before(client, store, tmp_path, day.entries[200].entry_id)
    assert ids(whole.after(cursor)) == ids(day.entries[51:300])


def test_entries_trimmed_during_the_look_are_found(day, store, client, whole, tmp_path):
    """Between the look at the store and the look at the archive more may be trimmed."""
    fill(client, store, day.entries[:300])
    forget_before(client, store, tmp_path, day.entries[100].entry_id)
    entries = whole.after(day.entries[50].entry_id)
    forget_before(client, store, tmp_path, day.entries[200].entry_id)
    assert ids(entries) == ids(day.entries[51:300])


def test_nothing_new_is_an_empty_look(day, store, client, whole):
    assert ids(whole.after("0-0")) == []
    fill(client, store, day.entries[:3])
    assert ids(whole.after(day.entries[2].entry_id)) == []


def test_lost_past_is_told_and_not_passed_over(day, store, client, whole):
    fill(client, store, day.entries[:10])
    client.xtrim(store.keys.journal, minid=day.entries[5].entry_id, approximate=False)
    with pytest.raises(PastLost, match="neither in the store nor in the archive"):
        list(whole.after(day.entries[2].entry_id))


class Unsteady:
    """A journal that fails at first."""

    def __init__(self, entries, failures, stop):
        self._entries = entries
        self._failures = list(failures)
        self._stop = stop

    def after(self, cursor, *, block_ms=0):
        del block_ms
        if self._failures:
            raise self._failures.pop()
        if cursor != "0-0":
            self._stop.set()
            return iter([])
        return iter(self._entries)


class Hurried(LiveClock):
    """A clock for which every wait is over at once."""

    def wait(self, stop, ms):
        del stop, ms


def test_historian_tries_again_whatever_failed(day, day_url, tmp_path):
    stop = threading.Event()
    failures = [StoreDown("away"), ValueError("torn line"), SQLAlchemyError("locked")]
    journal = Unsteady(day.entries, failures, stop)
    url = f"sqlite:///{tmp_path / 'history.db'}"
    Historian(url, "small", journal, Hurried()).run(stop)
    assert kept_rows(url)["contacts"] == kept_rows(day_url)["contacts"]


class Ending:
    """A journal whose historian is told to stop during the first look; then the last facts come."""

    def __init__(self, entries, stop):
        self._entries = entries
        self._stop = stop

    def after(self, cursor, *, block_ms=0):
        del cursor
        if block_ms:
            self._stop.set()
            return iter([])
        return iter(self._entries)


def test_historian_that_is_told_to_stop_still_takes_what_is_there(day, tmp_path):
    stop = threading.Event()
    url = f"sqlite:///{tmp_path / 'history.db'}"
    Historian(url, "small", Ending(day.entries[:40], stop), Hurried()).run(stop)
    assert cursor_of(url) == day.entries[39].entry_id


def test_historian_is_the_last_to_end_and_is_started_again():
    first, *_ = programs({}, Ports(1, 2))
    assert (first.name, first.restarts) == ("historian", True)


def cursor_of(url):
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(select(progress.c.cursor)).scalar_one_or_none() or "0-0"
    except SQLAlchemyError:  # not made yet
        return "0-0"
    finally:
        engine.dispose()


def wait_until(holds, process):
    deadline = time.monotonic() + 60
    while not holds():
        assert process.poll() is None, "the historian ended by itself"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_killed_historian_goes_on_and_keeps_the_same_rows(day, day_url, store, client, tmp_path):
    folder = write_site(tmp_path / "site", store.site)
    environ = os.environ | {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "token",
        "CORDBOARD_SECRET": SECRET,
        "CORDBOARD_PUBLIC_URL": "https://centre.example",
        "CORDBOARD_CENTRE": str(folder),
        "CORDBOARD_DATA": str(tmp_path),
        "REDIS_URL": store.url,
    }
    url = f"sqlite:///{tmp_path / 'history.db'}"

    def start():
        return subprocess.Popen([sys.executable, "-m", "cordboard.cli.historian"], env=environ)

    middle = len(day.entries) // 2
    fill(client, store, day.entries[:middle])
    with start() as killed:
        wait_until(lambda: cursor_of(url) != "0-0", killed)
        killed.send_signal(signal.SIGKILL)
    fill(client, store, day.entries[middle:])
    forget_before(client, store, tmp_path, day.entries[-10].entry_id)
    with start() as second:
        wait_until(lambda: cursor_of(url) == day.entries[-1].entry_id, second)
        second.send_signal(signal.SIGTERM)
        assert second.wait(timeout=30) == 0
    assert kept_rows(url) == kept_rows(day_url)
