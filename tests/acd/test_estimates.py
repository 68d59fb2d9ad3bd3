import random

import pytest

from acd.estimates import Promises, wait_range
from acd.notices import (
    CallClosed,
    CallConnected,
    CallEnqueued,
    ContactOutcome,
    Direction,
    HandlingEnded,
    TalkEnded,
)


def modelled(ahead, share=0.9, agents=10, patience_ms=600_000.0, spread=1.0):
    return wait_range(
        ahead=ahead,
        agents=agents,
        handle_ms=200_000.0,
        patience_ms=patience_ms,
        share=share,
        spread=spread,
    )


def drawn_waits(ahead, agents, handle_ms, patience_ms, count, seed=5):
    """Draw the wait behind so many others, departure by departure."""
    draw = random.Random(seed)
    rates = [agents / handle_ms + others / patience_ms for others in range(ahead + 1)]
    return sorted(sum(draw.expovariate(rate) for rate in rates) for _ in range(count))


@pytest.mark.parametrize("ahead", [0, 1, 5, 40])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_range_holds_the_promised_share_of_waits(ahead, share):
    """Against 20 000 drawn waits; the gamma fit may be off by two hundredths."""
    waits = drawn_waits(ahead, 10, 200_000.0, 600_000.0, 20_000)
    promised = modelled(ahead, share)
    inside = sum(promised.low_ms <= wait <= promised.high_ms for wait in waits)

    assert inside / len(waits) == pytest.approx(share, abs=0.02)


def test_wider_share_holds_the_narrower():
    narrow, wide = modelled(5, 0.5), modelled(5, 0.9)

    assert wide.low_ms < narrow.low_ms < narrow.high_ms < wide.high_ms


def test_more_agents_and_less_patience_ahead_mean_shorter_waits():
    assert modelled(20, agents=20).high_ms < modelled(20).high_ms
    assert modelled(20, patience_ms=60_000.0).high_ms < modelled(20).high_ms


def test_nothing_is_promised_when_nobody_serves():
    assert modelled(3, agents=0) is None


def test_only_a_caller_who_waits_is_promised_anything():
    promises = Promises()

    assert promises.promise("c1", agents=3) is None
    promises.feed([CallEnqueued(0, "c1", "billing")])
    assert promises.promise("c1", agents=3).share == 0.9
    assert promises.coverage("billing") is None


def told(promises, number, wait_ms):
    call_id = f"c{number}"
    promises.feed([CallEnqueued(0, call_id, "billing")])
    promises.promise(call_id, agents=5)
    promises.feed([CallConnected(wait_ms, call_id, "billing", "ana", wait_ms)])


@pytest.mark.parametrize("true_ms", [5_000, 48_000, 300_000])
def test_coverage_comes_to_the_promised_share_however_wrong_the_model_is(true_ms):
    draw = random.Random(1)
    promises = Promises()
    for number in range(3_000):
        told(promises, number, int(draw.expovariate(1 / true_ms)))
    start_kept = promises.coverage("billing")

    assert start_kept == pytest.approx(0.9, abs=0.08)


def test_ranges_widen_when_promises_are_broken_and_tighten_when_they_are_kept():
    promises = Promises()
    assert promises.spread("billing") == 1.0
    told(promises, 0, 10_000_000)
    widened = promises.spread("billing")
    told(promises, 1, 48_000)

    assert widened > 1.0
    assert promises.spread("billing") < widened
    assert promises.coverage("billing") == 0.5


def test_caller_who_gives_up_is_learnt_from_but_not_scored():
    promises = Promises()
    promises.feed([CallEnqueued(0, "c1", "billing"), CallEnqueued(0, "c2", "billing")])
    before = promises.promise("c2", agents=1)
    closed = CallClosed(9, "c1", Direction.INBOUND, "billing", ContactOutcome.ABANDONED, 60_000)
    promises.feed([closed, closed, CallConnected(9, "c9", "billing", "ana", 5)])
    promises.feed(
        [
            TalkEnded(10, "c0", "billing", "ana", 10_000),
            HandlingEnded(11, "c0", "billing", "ana", 1_000, None),
            CallEnqueued(11, "c3", "billing"),
        ]
    )

    assert promises.coverage("billing") is None
    assert promises.promise("c3", agents=1).high_ms < before.high_ms
