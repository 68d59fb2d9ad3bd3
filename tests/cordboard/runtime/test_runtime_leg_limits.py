"""Every leg that is made, in every way, shows a number of ours and has a time limit."""

import pytest

from acd.commands import OfferCall, OpenStandingLeg, PlaceCallback, RingOutside, SuperviseTalk
from acd.events import Supervision
from cordboard.runtime.carrier.callbacks import Callbacks
from cordboard.runtime.carrier.dials import Dials, DialSettings
from cordboard.runtime.carrier.limits import Limit
from dialer.commands import PlaceCall
from dialer.config import Detection, MachinePolicy
from tests.cordboard.runtime.test_runtime_carrier import (
    NUMBER,
    OURS,
    Permits,
    Script,
    agent_legs,
    client,
    first_try,
    ok,
    places,
)

HOUR_S = 3_600
TALK_S_MAX, SHIFT_S_MAX = 4 * HOUR_S, 12 * HOUR_S

DIAL = DialSettings(
    caller_id=OURS,
    detection=Detection.BEFORE,
    machine_policy=MachinePolicy.HANG_UP,
    speech_end_ms=900,
)


class Promises:
    def number_of(self, _call_id):
        return NUMBER


def legs(script):
    sites = places(
        endpoints={"ana": "client:ana", "bo": NUMBER},
        confirming={"bo"},
        supervisors={"sam": "client:sam"},
        directory={"bank": NUMBER},
    )
    return agent_legs(script, sites)


def offer(script, agent_id):
    command = OfferCall("7.1", agent_id, "CA1", "sales", "room", 15_000)
    return legs(script).offer(command, first_try())


def stand(script, agent_id):
    return legs(script).open_standing(OpenStandingLeg("7.4", agent_id, "7.4"), first_try())


def supervise(script, _agent_id):
    command = SuperviseTalk("7.4", "sam", "room", Supervision.LISTEN, "")
    return legs(script).supervise(command, first_try())


def ring_outside(script, agent_id):
    command = RingOutside("7.4", agent_id, "bank", "room", 30_000)
    return legs(script).ring_outside(command, first_try())


def dial(script, _agent_id):
    dials = Dials(
        client=client(script),
        places=places(),
        campaigns={"renewals": DIAL},
        permits=Permits(),
        limit=Limit(1.0, lambda: 0),
        carrier_ms=lambda: 0,
    )
    return dials.place(PlaceCall("7.5", "renewals", "L1", 0, 25_000, "gb"), first_try())


def call_back(script, _agent_id):
    callbacks = Callbacks(
        client=client(script),
        places=places(),
        promises=Promises(),
        is_allowed=lambda _number: True,
        limit=Limit(1.0, lambda: 0),
        carrier_ms=lambda: 0,
    )
    command = PlaceCallback("7.9", "CA1", "sales", "7.10", "room", 25_000)
    return callbacks.place(command, first_try())


@pytest.mark.parametrize(
    ("make", "agent_id", "limit_s"),
    [
        (offer, "ana", TALK_S_MAX),
        (offer, "bo", TALK_S_MAX),
        (stand, "ana", SHIFT_S_MAX),
        (stand, "bo", SHIFT_S_MAX),
        (supervise, "ana", TALK_S_MAX),
        (ring_outside, "ana", TALK_S_MAX),
        (dial, "ana", TALK_S_MAX),
        (call_back, "ana", TALK_S_MAX),
    ],
)
def test_leg_has_a_time_limit_and_shows_a_number_of_ours(make, agent_id, limit_s):
    script = Script(ok(sid="CA" + "9" * 32, call_sid="CA" + "9" * 32))
    make(script, agent_id)
    ((method, _, told),) = script.asked
    assert method == "POST"
    assert told["From"] == OURS
    assert told["TimeLimit"] == limit_s
    assert 5 <= told["Timeout"] <= 600
