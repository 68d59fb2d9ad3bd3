import pytest

from acd.deadlines import NO_TICKET, SLACK, Deadlines
from acd.messages import EngineError


def test_deadlines_fire_by_instant_then_in_the_order_they_were_set():
    deadlines = Deadlines()
    deadlines.put(20, "ring", "late")
    deadlines.put(10, "wrap", "first")
    deadlines.put(10, "ring", "second")

    assert [deadlines.pop(20)[3] for _ in range(3)] == ["first", "second", "late"]
    assert deadlines.pop(20) is None


def test_nothing_is_due_before_its_instant():
    deadlines = Deadlines()
    deadlines.put(10, "ring", "r")

    assert deadlines.pop(9) is None
    assert deadlines.next_due_ms == 10
    assert deadlines.pop(10) is not None
    assert deadlines.next_due_ms is None


def test_cancelled_deadline_never_fires():
    deadlines = Deadlines()
    ticket = deadlines.put(10, "ring", "r")
    deadlines.put(20, "ring", "s")
    deadlines.cancel(ticket)

    assert not deadlines.is_set(ticket)
    assert deadlines.next_due_ms == 20
    assert len(deadlines) == 1


def test_cancelling_twice_or_nothing_is_ignored():
    deadlines = Deadlines()
    ticket = deadlines.put(10, "ring", "r")
    deadlines.cancel(ticket)
    deadlines.cancel(ticket)
    deadlines.cancel(NO_TICKET)

    assert len(deadlines) == 0


def test_garbage_stays_bounded_when_almost_everything_is_cancelled():
    deadlines = Deadlines()
    kept = deadlines.put(10**9, "wait", "kept")
    for due_ms in range(10_000):
        deadlines.cancel(deadlines.put(10**6 + due_ms, "wait", "gone"))
        assert deadlines.garbage <= len(deadlines) + SLACK

    assert deadlines.is_set(kept)
    assert deadlines.pop(10**9)[3] == "kept"


def test_restored_deadlines_fire_in_the_same_order_and_go_on_with_new_tickets():
    deadlines = Deadlines()
    cancelled = deadlines.put(5, "ring", "cancelled")
    for key in "abc":
        deadlines.put(10, "ring", key)
    deadlines.cancel(cancelled)
    copy = Deadlines()
    copy.restore(deadlines.to_plain())

    assert copy.to_plain() == deadlines.to_plain()
    assert copy.put(10, "ring", "d") == deadlines.put(10, "ring", "d")
    assert [copy.pop(10) for _ in range(5)] == [deadlines.pop(10) for _ in range(5)]


@pytest.mark.parametrize("plain", [{}, {"due": [[1]], "last_ticket": 1}, {"due": 3}])
def test_damaged_snapshot_is_refused(plain):
    with pytest.raises(EngineError, match="cannot be read"):
        Deadlines().restore(plain)


def test_what_is_cancelled_before_anybody_asks_is_never_sorted_in():
    deadlines = Deadlines()
    deadlines.put(30, "wait", "kept")
    for due_ms in range(1, SLACK):
        deadlines.cancel(deadlines.put(due_ms, "ring", "gone"))

    assert deadlines.garbage == SLACK - 1
    assert deadlines.next_due_ms == 30
    assert deadlines.garbage == 0


def test_deadlines_nobody_has_asked_for_yet_are_in_a_snapshot():
    deadlines = Deadlines()
    deadlines.put(20, "ring", "asked for")
    assert deadlines.next_due_ms == 20
    deadlines.put(10, "ring", "fresh")
    restored = Deadlines()
    restored.put(5, "ring", "gone with the state before")
    restored.restore(deadlines.to_plain())

    assert [due[3] for due in (restored.pop(30), restored.pop(30))] == ["fresh", "asked for"]
    assert restored.pop(30) is None
