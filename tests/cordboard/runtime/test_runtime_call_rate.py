"""Every call that a request creates takes its turn under the account's rate, callers' first."""

import pytest

from acd.commands import OfferCall, OpenStandingLeg, PlaceCallback, RingOutside, SuperviseTalk
from acd.events import LegCause, Supervision
from cordboard.runtime.carrier.callbacks import Callbacks
from cordboard.runtime.carrier.dials import Dials
from cordboard.runtime.carrier.effects import Done, NotNow
from cordboard.runtime.carrier.limits import LATE_MS_MAX, Limit, Waiting
from dialer.commands import PlaceCall
from tests.cordboard.runtime.test_runtime_carrier import (
    NUMBER,
    Permits,
    Script,
    agent_legs,
    client,
    facts,
    first_try,
    ok,
    places,
)
from tests.cordboard.runtime.test_runtime_leg_limits import DIAL, Promises

CALLER, STAFF, NOBODY = Waiting.CALLER, Waiting.STAFF, Waiting.NOBODY
LEG = "CA" + "9" * 32

OFFER = OfferCall("7.1", "bo", "CA1", "sales", "room", 15_000)
DIALLED = PlaceCall("7.5", "renewals", "L1", 0, 25_000, "gb")
CALLED_BACK = PlaceCallback("7.9", "CA1", "sales", "7.10", "room", 25_000)


@pytest.fixture
def now():
    """The time, in a box: tests move it."""
    return [0]


@pytest.fixture
def limit(now):
    return Limit(1.0, lambda: now[0])


class Way:
    """One account with its rate, and every way in which it makes a leg."""

    def __init__(self, limit, script):
        self.limit, self.script = limit, script
        sites = places(
            endpoints={"ana": "client:ana", "bo": NUMBER},
            confirming={"bo"},
            supervisors={"sam": "client:sam", "sue": NUMBER},
            directory={"bank": NUMBER},
        )
        self.legs = agent_legs(script, sites, limit)

    def offer_a_browser(self, attempt):
        return self.legs.offer(OfferCall("7.1", "ana", "CA1", "sales", "room", 15_000), attempt)

    def offer_a_telephone(self, attempt):
        return self.legs.offer(OFFER, attempt)

    def stand(self, attempt):
        return self.legs.open_standing(OpenStandingLeg("7.4", "bo", "7.4"), attempt)

    def supervise_from_a_browser(self, attempt):
        return self.legs.supervise(
            SuperviseTalk("7.4", "sam", "room", Supervision.LISTEN, ""), attempt
        )

    def supervise_from_a_telephone(self, attempt):
        return self.legs.supervise(
            SuperviseTalk("7.4", "sue", "room", Supervision.LISTEN, ""), attempt
        )

    def ring_outside(self, attempt):
        return self.legs.ring_outside(RingOutside("7.4", "ana", "bank", "room", 30_000), attempt)

    def dial(self, attempt):
        dials = Dials(
            client=client(self.script),
            places=places(),
            campaigns={"renewals": DIAL},
            permits=Permits(),
            limit=self.limit,
            carrier_ms=lambda: 0,
        )
        return dials.place(DIALLED, attempt)

    def call_back(self, attempt):
        callbacks = Callbacks(
            client=client(self.script),
            places=places(),
            promises=Promises(),
            is_allowed=lambda _number: True,
            limit=self.limit,
            carrier_ms=lambda: 0,
        )
        return callbacks.place(CALLED_BACK, attempt)


WAYS = [
    "offer_a_browser",
    "offer_a_telephone",
    "stand",
    "supervise_from_a_browser",
    "supervise_from_a_telephone",
    "ring_outside",
    "dial",
    "call_back",
]


@pytest.mark.parametrize("name", WAYS)
def test_leg_waits_until_the_account_may_start_another_call(name, limit, now):
    limit.wait_ms("another", CALLER)
    make = getattr(Way(limit, script := Script(ok(sid=LEG, call_sid=LEG))), name)
    assert make(first_try()) == NotNow(after_ms=1_000)
    assert script.asked == []
    now[0] = 1_000
    assert isinstance(make(first_try()), Done)
    assert [method for method, _, _ in script.asked] == ["POST"]


@pytest.mark.parametrize("name", WAYS)
def test_leg_withdrawn_while_it_waits_keeps_nobody_waiting(name, limit, now):
    limit.wait_ms("another", CALLER)
    make = getattr(Way(limit, Script()), name)
    make(first_try())
    assert isinstance(make(first_try(is_overtaken=True)), Done)
    now[0] = 1_000
    assert limit.wait_ms("a later one", NOBODY) == 0


def test_agents_leg_for_a_caller_goes_before_dials_that_asked_earlier(limit, now):
    way = Way(limit, script := Script(ok(sid=LEG), ok(sid=LEG)))
    limit.wait_ms("another", NOBODY)
    dial, offer = first_try(key="5-0:0"), first_try(key="6-0:0")
    assert way.dial(dial) == NotNow(after_ms=1_000)
    assert way.offer_a_telephone(offer) == NotNow(after_ms=1_000)
    now[0] = 1_000
    assert way.dial(dial) == NotNow(after_ms=1_000)
    assert isinstance(way.offer_a_telephone(offer), Done)
    assert "whisper" in script.asked[0][2]["Url"]
    now[0] = 2_000
    assert isinstance(way.dial(dial), Done)


def test_overtaken_offer_that_waited_for_its_turn_is_told_as_never_made(limit):
    limit.wait_ms("another", CALLER)
    way = Way(limit, Script())
    way.offer_a_telephone(first_try())
    (ended,) = facts(way.offer_a_telephone(first_try(is_overtaken=True)))
    assert ended.cause is LegCause.CANCELED


class TestLimit:
    def test_bucket_fills_at_its_rate_and_holds_one_second(self, now):
        limit = Limit(2.0, lambda: now[0])
        assert [limit.wait_ms(key, NOBODY) for key in "abc"] == [0, 0, 500]
        now[0] = 500
        assert [limit.wait_ms(key, NOBODY) for key in "cd"] == [0, 500]
        now[0] = 60_000
        assert [limit.wait_ms(key, NOBODY) for key in "efg"] == [0, 0, 500]

    def test_slow_rate_still_lets_single_calls_start(self, now):
        limit = Limit(0.5, lambda: now[0])
        assert [limit.wait_ms(key, NOBODY) for key in "ab"] == [0, 2_000]

    def test_those_in_line_go_by_who_waits_for_them_and_then_by_who_asked_first(self, limit, now):
        limit.wait_ms("first", NOBODY)
        line = {"dial": NOBODY, "agent": STAFF, "caller": CALLER, "next caller": CALLER}
        for key, waiting in line.items():
            limit.wait_ms(key, waiting)
        started = []
        for second in range(1, 5):
            now[0] = 1_000 * second
            started += [key for key, waiting in line.items() if limit.wait_ms(key, waiting) == 0]
            line = {key: waiting for key, waiting in line.items() if key not in started}
        assert started == ["caller", "next caller", "agent", "dial"]

    def test_each_in_line_is_told_its_own_time(self, limit):
        assert [limit.wait_ms(key, NOBODY) for key in "abcd"] == [0, 1_000, 2_000, 3_000]

    def test_whoever_does_not_come_back_is_not_waited_for(self, limit, now):
        limit.wait_ms("first", CALLER)
        limit.wait_ms("lost", CALLER)
        now[0] = 1_000 + LATE_MS_MAX
        assert limit.wait_ms("dial", NOBODY) > 0
        now[0] += 1
        assert limit.wait_ms("dial", NOBODY) == 0

    def test_time_that_runs_back_gives_nobody_a_second_turn(self, limit, now):
        now[0] = 5_000
        assert limit.wait_ms("a", NOBODY) == 0
        now[0] = 4_000
        assert limit.wait_ms("b", NOBODY) == 1_000
        now[0] = 5_000
        assert limit.wait_ms("b", NOBODY) == 1_000
