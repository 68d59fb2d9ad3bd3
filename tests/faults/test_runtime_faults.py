"""The worker under faults, over real processes, a real store and the carrier stand-in.

Every case ends the same way: each call has one outcome, nobody is stuck, no leg is forgotten, no
number is dialled twice for one attempt, and the journal replays to the same bytes.
"""

import os
import signal
import time
from collections import Counter

import pytest

from cordboard.runtime.connection import Store
from cordboard.runtime.embedded import EmbeddedRedis
from simulator.carrier.faults import Faults
from simulator.carrier.people.manners import Callee, Manner
from tests.cordboard.runtime.crash_points import POINTS
from tests.cordboard.runtime.live_site import LiveSite, caller

pytestmark = pytest.mark.slow

PEOPLE = {
    f"+44207946{200 + n:04}": Callee(ring_s=2.0, detection_s=1.0, manner=Manner(talk_s=15.0))
    for n in range(6)
}


@pytest.fixture
def server(tmp_path):
    with EmbeddedRedis(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def live(server, tmp_path):
    store = Store(server.url, "faults")
    with LiveSite(store, tmp_path / "live", leads=len(PEOPLE), callees=PEOPLE) as live:
        yield live


def begin(live: LiveSite) -> None:
    live.sign_in("ana", "ben", "cat", "dee", "eve")
    live.call(*(caller(number) for number in range(4)))


def end_well(live: LiveSite) -> None:
    """Wait for every call and dial to end, then check what must hold after any fault."""
    live.wait_until(lambda: sum(live.closed().values()) == 4, within_s=90)
    dials = lambda: sum(live.books()["dials_closed"].values())  # noqa: E731  (said once, here)
    live.wait_until(lambda: dials() >= len(PEOPLE), within_s=90)
    live.wait_until(live.outbox_is_empty, within_s=60)
    live.check_books()
    live.check_legs()
    check_dialled_once(live)
    live.stop_workers()
    live.check_replay()


def check_dialled_once(live: LiveSite) -> None:
    with live.carrier.timeline.held():
        dialled = Counter(call.to for call in live.carrier.exchange.calls.values())
    attempts = live.books()["dials_placed"]
    assert sum(count for number, count in dialled.items() if number in PEOPLE) <= attempts


@pytest.mark.parametrize("nth", [1, 12])
@pytest.mark.parametrize("point", POINTS)
def test_worker_killed_at_any_point(live, point, nth):
    """F1."""
    first = live.start_ready_worker(CRASH_AT=f"{point}:{nth}") if nth > 1 else None
    if first is None:
        first = live.start_worker(CRASH_AT=f"{point}:{nth}")
    begin(live)
    live.wait_until(lambda: first.poll() is not None or all_done(live), within_s=90)
    if first.poll() is not None:
        live.start_ready_worker()
    end_well(live)


def all_done(live: LiveSite) -> bool:
    return sum(live.closed().values()) == 4


@pytest.mark.parametrize("second", ["before-commit:1", "after-elected:1", "after-claim:1"])
@pytest.mark.parametrize("first", ["after-claim:4", "after-commit:20"])
def test_successor_killed_while_it_recovers(live, first, second):
    """F2."""
    worker = live.start_ready_worker(CRASH_AT=first)
    begin(live)
    live.wait_until(lambda: worker.poll() is not None)
    worker = live.start_worker(CRASH_AT=second)
    live.wait_until(lambda: worker.poll() is not None)
    live.start_ready_worker()
    end_well(live)


@pytest.mark.parametrize("wait_s", [0.2, 1.0, 2.5])
def test_leader_asleep_past_its_lease_writes_nothing_when_it_wakes(live, wait_s):
    """F3."""
    first = live.start_ready_worker()
    begin(live)
    time.sleep(wait_s)  # a place in the run that the seed does not decide
    os.kill(first.pid, signal.SIGSTOP)
    live.start_ready_worker()
    token = live.client.get(live.store.keys.token)
    os.kill(first.pid, signal.SIGCONT)
    live.wait_until(lambda: first.poll() is not None)
    assert first.returncode == 3
    assert live.client.get(live.store.keys.token) == token
    end_well(live)


@pytest.mark.parametrize("kills", [1, 3])
def test_store_killed_under_load_loses_nothing(live, server, kills):
    """F4: with every append on the disk before it is answered."""
    live.start_ready_worker()
    begin(live)
    for _ in range(kills):
        time.sleep(1.0)
        before = server.pid
        os.kill(before, signal.SIGKILL)
        live.wait_until(lambda before=before: server.pid != before)
    end_well(live)


def test_store_that_stands_still_is_waited_for(live, server):
    """F11."""
    live.start_ready_worker()
    begin(live)
    for pause_s in (0.3, 2.0, 6.0):
        os.kill(server.pid, signal.SIGSTOP)
        time.sleep(pause_s)
        os.kill(server.pid, signal.SIGCONT)
    end_well(live)


def test_several_workers_take_turns_and_only_one_writes(live):
    """F14."""
    workers = [live.start_worker() for _ in range(3)]
    begin(live)
    live.wait_until(lambda: bool(live.books()))
    for worker in workers[:2]:
        time.sleep(2.0)
        worker.kill()
    end_well(live)


def test_forgotten_scripts_and_a_torn_snapshot_are_survived(live):
    """F15."""
    first = live.start_ready_worker()
    begin(live)
    live.wait_until(lambda: live.client.hexists(live.store.keys.snapshots, "older"), within_s=60)
    live.client.script_flush()
    first.kill()
    first.wait()
    newest = live.client.hget(live.store.keys.snapshots, "newest")
    live.client.hset(live.store.keys.snapshots, "newest", newest[:100])
    live.start_ready_worker()
    end_well(live)


def test_poison_in_the_journal_stops_nobody(live):
    """F18."""
    live.start_ready_worker()
    for fields in (
        {"t": "CallQueued", "d": "{torn"},
        {"t": "CallQueued", "d": '{"call_id": 5}'},
        {"t": "FutureEvent", "d": "{}"},
        {b"\xff": b"\xfe"},
        {"t": "CallEnded", "d": '{"call_id": "' + "x" * 1_200_000 + '"}'},
    ):
        live.client.xadd(live.store.keys.journal, fields)
    begin(live)
    end_well(live)
    assert live.client.xlen(live.store.keys.poison) == 5


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_carrier_that_loses_doubles_reorders_and_refuses(server, tmp_path, seed):
    """F7, F8, F13: calls created though the answer was an error, callbacks of every bad kind."""
    faults = Faults(
        callback_delayed=0.1,
        callback_reordered=0.2,
        callback_duplicated=0.3,
        callback_dropped=0.05,
        answer_lost=0.1,
        created_then_5xx=0.3,
        throttled=0.3,
        stale_read=0.1,
        verdict_after_hang_up=0.2,
    )
    store = Store(server.url, "faults")
    whole = LiveSite(
        store, tmp_path / "live", leads=len(PEOPLE), callees=PEOPLE, faults=faults, seed=seed
    )
    with whole as live:
        live.start_ready_worker()
        begin(live)
        end_well(live)
