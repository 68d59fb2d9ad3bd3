"""Looks at waterfalls: one at a time, rested from, and never an error to whoever asks."""

import sqlite3
import threading

import structlog

from cordboard.runtime.leads.looks import REST_LOOKS, REST_MS_MIN, Looks
from cordboard.runtime.leads.waterfall import CALLABLE, fold


class Clock:
    """A clock that is set."""

    now_ms = 0

    def monotonic_ms(self):
        return self.now_ms


def looks_taking(*durations_ms):
    """Return looks that take so long each, their clock, and what they have found so far."""
    clock, taken = Clock(), []

    def look():
        clock.now_ms += durations_ms[len(taken)]
        taken.append({"renewals": fold([(CALLABLE, len(taken))])})
        return taken[-1]

    return Looks(look, clock), clock, taken


def test_between_two_looks_there_is_a_rest_in_proportion():
    looks, clock, taken = looks_taking(2_000, 1, 1)
    assert looks.found() is taken[0]
    clock.now_ms += REST_LOOKS * 2_000 - 1
    assert looks.found() is taken[0]
    clock.now_ms += 1
    assert looks.found() is taken[1]
    clock.now_ms += REST_MS_MIN - 1
    assert looks.found() is taken[1]


def test_who_asks_during_a_look_gets_the_last_one():
    begun, go_on = threading.Event(), threading.Event()

    def look():
        begun.set()
        assert go_on.wait(10)
        return {}

    looks = Looks(look, Clock())
    slow = threading.Thread(target=looks.found)
    slow.start()
    assert begun.wait(10)
    assert looks.found() is None
    go_on.set()
    slow.join()
    assert looks.found() == {}


def test_a_store_in_trouble_leaves_the_last_look():
    clock, answers = Clock(), [{}, sqlite3.OperationalError("locked")]

    def look():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    looks = Looks(look, clock)
    looks.found()
    clock.now_ms += REST_MS_MIN
    with structlog.testing.capture_logs() as lines:
        assert looks.found() == {}
    assert [line["event"] for line in lines] == ["leads cannot be counted"]
