"""Somebody hangs up at each moment of a call's life: nothing is left behind, whenever it is."""

import pytest

from simulator.carrier.account import PhoneNumber
from simulator.carrier.clock import StepClock
from simulator.carrier.options import CarrierOptions
from simulator.carrier.people.manners import Callee, Caller, Manner, Reaction
from simulator.carrier.people.population import Directory
from simulator.carrier.server import CarrierStandIn
from simulator.carrier.wsgi import WsgiTransport
from tests.simulator.carrier.harness import CUSTOMER, MONDAY, OUR_NUMBER
from tests.simulator.carrier.small_centre import BASE, SmallCentre

MOMENTS = [0.0, 0.4, 1.5, 3.0, 3.2, 4.0, 5.0, 7.0, 8.9, 9.5, 20.0, 31.0, 45.0]


def run(*, caller_stays_s, agent):
    centre = SmallCentre(agents=1)
    number = PhoneNumber(OUR_NUMBER, BASE + "/voice", status_callback=BASE + "/status")
    manner = Manner((Reaction(key="1"),), talk_s=30.0, stays_s=caller_stays_s)
    people = Directory({"client:agent-0": agent}, [Caller(CUSTOMER, OUR_NUMBER, manner=manner)])
    options = CarrierOptions(numbers=(number,), epoch=MONDAY)
    transport = WsgiTransport(centre)
    with CarrierStandIn(options, people, clock=StepClock(), transport=transport) as carrier:
        centre.attach(carrier)
        carrier.timeline.advance(400)
        return carrier, centre


def check(carrier, centre):
    assert carrier.timeline.failures == []
    assert carrier.ledger.live_legs() == []
    assert all(talk.ended_at_s is not None for talk in carrier.ledger.talks)
    assert carrier.exchange.conferences.live() == []
    assert all(not queue.members for queue in carrier.exchange.queues.all())
    ends = [form for path, form in centre.seen if path == "/status"]
    assert [form["CallStatus"] for form in ends] == ["completed"]


@pytest.mark.parametrize("moment_s", MOMENTS)
def test_caller_hangs_up(moment_s):
    agent = Callee(ring_s=4.0, manner=Manner(lingers_s=3.0, stays_s=120.0))
    carrier, centre = run(caller_stays_s=moment_s, agent=agent)
    check(carrier, centre)
    results = [form["QueueResult"] for path, form in centre.seen if path == "/after-queue"]
    assert len(results) <= 1


@pytest.mark.parametrize("moment_s", MOMENTS)
def test_agent_hangs_up(moment_s):
    agent = Callee(ring_s=4.0, manner=Manner(stays_s=moment_s))
    carrier, centre = run(caller_stays_s=90.0, agent=agent)
    check(carrier, centre)
    legs = carrier.ledger.legs_of("client:agent-0")
    assert all(leg.status == "completed" for leg in legs)


@pytest.mark.parametrize("pick_up", ["busy", "rejects", "no-answer", "unreachable"])
def test_agent_never_comes(pick_up):
    carrier, centre = run(caller_stays_s=90.0, agent=Callee(pick_up, ring_s=3.0))
    check(carrier, centre)
    assert carrier.ledger.talks == []
