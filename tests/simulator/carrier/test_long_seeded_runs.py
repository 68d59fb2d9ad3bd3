"""Hundreds of calls with everything going wrong: every leg ends once, no talk is left open."""

import os

import pytest

from simulator.carrier.account import Account, PhoneNumber
from simulator.carrier.clock import StepClock
from simulator.carrier.faults import Faults, all_faults
from simulator.carrier.options import CarrierOptions
from simulator.carrier.people.manners import Callee, Caller, Manner, Reaction
from simulator.carrier.people.population import Habits, RandomPopulation
from simulator.carrier.server import CarrierStandIn
from simulator.carrier.streams import stream
from simulator.carrier.wsgi import WsgiTransport
from tests.simulator.carrier.harness import MONDAY, OUR_NUMBER
from tests.simulator.carrier.small_centre import BASE, SmallCentre


class Town:
    """Random callers, random callees, and agents who sometimes do not answer."""

    def __init__(self, seed, count):
        self.seed, self.count = seed, count
        self.others = RandomPopulation(seed, Habits(talk_s_mean=60.0))

    def callers(self):
        at_s = 0.0
        for nth in range(self.count):
            draw = stream(self.seed, "town", nth)
            at_s += draw.expovariate(1 / 8)
            ways = [
                (Reaction(key="1", after_s=draw.uniform(-2, 3)),),
                (Reaction(key="2"), Reaction(when="^$", say="Please call me back.")),
                (Reaction(say="billing"),),
                (Reaction(hang_up=True, after_s=1.0, interrupts=True),),
                (),
            ]
            manner = Manner(
                ways[draw.choices(range(5), (6, 1, 1, 1, 1))[0]],
                patience_s=draw.expovariate(1 / 90),
                talk_s=draw.expovariate(1 / 60),
                stays_s=900.0,
            )
            yield Caller(f"+155501{nth:05d}", OUR_NUMBER, at_s, manner)

    def callee(self, dialled):
        if not dialled.to.startswith("client:"):
            return self.others.callee(dialled)
        draw = stream(self.seed, "agent", dialled.to, dialled.nth)
        pick_up = draw.choices(("answers", "rejects", "no-answer"), (8, 1, 1))[0]
        return Callee(pick_up, draw.uniform(1, 8), manner=Manner(lingers_s=4.0, stays_s=600.0))


def run(seed, faults, calls):
    centre = SmallCentre(agents=6)
    options = CarrierOptions(
        account=Account(calls_per_s=2.0),
        numbers=(PhoneNumber(OUR_NUMBER, BASE + "/voice", status_callback=BASE + "/status"),),
        seed=seed,
        epoch=MONDAY,
        faults=faults,
    )
    transport = WsgiTransport(centre)
    with CarrierStandIn(options, Town(seed, calls), clock=StepClock(), transport=transport) as it:
        centre.attach(it)
        for nth in range(calls // 2):
            it.timeline.advance(16)
            centre.dial(f"+1555012{nth:04d}")
        it.timeline.advance(3600)
        return it, centre


def check_books(carrier):
    ledger = carrier.ledger
    assert carrier.timeline.failures == []
    assert ledger.live_legs() == []
    assert [talk for talk in ledger.talks if talk.ended_at_s is None] == []
    assert all(not queue.members for queue in carrier.exchange.queues.all())
    assert carrier.exchange.conferences.live() == []
    for leg in ledger.legs.values():
        history = carrier.exchange.calls[leg.sid].status_times
        finals = [status for _, status in history if status == leg.status]
        assert len(finals) == 1
        assert leg.ended_at_s is not None
        assert (leg.answered_at_s is not None) >= (leg.status == "completed")
    for talk in ledger.talks:
        for sid in talk.sids:
            leg = ledger.legs[sid]
            assert leg.answered_at_s <= talk.began_at_s <= talk.ended_at_s <= leg.ended_at_s


def by_call(centre, path):
    found = {}
    for where, form in centre.seen:
        if where == path:
            found.setdefault(form["CallSid"], []).append(form)
    return found


def test_well_behaved_carrier_tells_every_end_exactly_once():
    carrier, centre = run(seed=11, faults=Faults(), calls=60)
    check_books(carrier)
    told = by_call(centre, "/status") | by_call(centre, "/agent") | by_call(centre, "/outbound")
    assert set(told) == set(carrier.ledger.legs)
    for sid, forms in told.items():
        numbers = [int(form["SequenceNumber"]) for form in forms]
        assert numbers == list(range(len(forms)))
        assert forms[-1]["CallStatus"] == carrier.ledger.legs[sid].status
    talked = [talk for talk in carrier.ledger.talks if talk.ended_at_s > talk.began_at_s]
    assert len(talked) > 20
    totals = carrier.ledger.totals()
    assert totals["inbound completed"] == 60
    assert {"outbound-api busy", "outbound-api no-answer"} <= set(totals)


@pytest.mark.parametrize("seed", [1, 2])
def test_books_balance_whatever_goes_wrong(seed):
    carrier, _ = run(seed, all_faults(0.1), calls=40)
    check_books(carrier)


def test_run_repeats_itself_to_the_letter():
    def story(seed):
        carrier, _ = run(seed, all_faults(0.1), calls=20)
        return [
            (each.at_s, each.kind, each.url, each.params, each.status)
            for each in carrier.ledger.webhooks
        ]

    first = story(5)
    assert first == story(5)
    assert first != story(6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(int(os.environ.get("CARRIER_SEEDS", "3"))))
def test_thousand_calls_with_all_faults_on(seed):
    carrier, _ = run(seed, all_faults(0.15), calls=700)
    assert len(carrier.ledger.legs) > 1000
    check_books(carrier)
