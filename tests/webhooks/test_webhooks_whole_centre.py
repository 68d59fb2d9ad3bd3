"""Everybody may hang up at any moment, and the whole centre comes out of it right.

The real centre orders, the real gateway obeys, the carrier stand-in and its people do the rest.
Moments are swept rather than chosen: between two of them lie the windows nobody thought of. After
each: one outcome per call, no leg left, the agent free, nothing owed, the carrier content.
"""

import pytest

from dialer.config import MachinePolicy
from simulator.carrier.faults import Faults
from simulator.carrier.people.manners import Callee, Manner, Reaction
from tests.webhooks.stage import AGENT, COLLEAGUE, CUSTOMER
from tests.webhooks.whole import whole

TO_PEOPLE = Reaction(key="1", after_s=0.5)
PATIENT = Manner(lingers_s=1.0, stays_s=None)


def came_out_right(centre, **outcomes):
    assert centre.outcomes == outcomes
    assert centre.scene.is_quiet()
    assert centre.is_settled
    assert centre.agent.reservation_id is None
    assert centre.quarantined == []
    assert [alert for alert in centre.scene.alerts() if alert[0] not in (16101, 16102)] == []


@pytest.mark.parametrize("stays_s", [0.5, 2.0, 4.0, 5.0, 5.5, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0, 20.0])
def test_customer_hangs_up_at_any_moment(variants, stays_s):
    with whole(variants=variants) as centre:
        centre.scene.directory.add(AGENT, Callee(ring_s=2.0, manner=PATIENT))
        centre.sign_in()
        centre.scene.call_in(TO_PEOPLE, stays_s=stays_s)
        centre.run(40)
        met = "connected" if centre.connections else "abandoned"
        came_out_right(centre, **{met: 1})
        assert (stays_s < 5.0) <= (met == "abandoned")
        assert (stays_s > 10.0) <= (met == "connected")


@pytest.mark.parametrize("talk_s", [0.3, 1.0, 5.0])
def test_agent_hangs_up_at_any_moment_of_the_talk(variants, talk_s):
    with whole(variants=variants) as centre:
        manner = Manner(talk_s=talk_s, lingers_s=1.0, stays_s=None)
        centre.scene.directory.add(AGENT, Callee(ring_s=2.0, manner=manner))
        centre.sign_in()
        centre.scene.call_in(TO_PEOPLE, stays_s=60.0)
        centre.run(40)
        came_out_right(centre, connected=1)


@pytest.mark.parametrize("stays_s", [0.2, 0.6, 1.0])
def test_agents_leg_is_lost_before_the_customer_is_there(variants, stays_s):
    with whole(variants=variants) as centre:
        manner = Manner(stays_s=stays_s)
        centre.scene.directory.add(AGENT, Callee(ring_s=2.0, manner=manner))
        centre.sign_in()
        centre.scene.call_in(TO_PEOPLE, patience_s=20.0)
        centre.run(60)
        assert sum(centre.outcomes.values()) == 1
        came_out_right(centre, **centre.outcomes)


@pytest.mark.parametrize("pick_up", ["no-answer", "busy", "rejects", "unreachable"])
def test_agent_who_does_not_take_the_call_costs_nobody_their_place(variants, pick_up):
    with whole(variants=variants) as centre:
        centre.scene.directory.add(AGENT, Callee(pick_up=pick_up))
        centre.sign_in()
        centre.scene.call_in(TO_PEOPLE, patience_s=30.0)
        centre.run(60)
        came_out_right(centre, abandoned=1)


def test_nobody_is_there_and_the_caller_leaves_a_message_after_the_longest_wait(variants):
    with whole(variants=variants) as centre:
        message = Reaction(say="please call me back about the letter you sent me last week")
        centre.scene.call_in(TO_PEOPLE, message)
        centre.run(110)
        came_out_right(centre, voicemail=1)


def test_callers_are_served_in_turn_by_the_one_agent(variants):
    with whole(variants=variants) as centre:
        manner = Manner(talk_s=4.0, lingers_s=1.0, stays_s=None)
        centre.scene.directory.add(AGENT, Callee(ring_s=1.0, manner=manner))
        centre.sign_in()
        for _ in range(3):
            centre.scene.call_in(TO_PEOPLE, stays_s=120.0)
            centre.run(2)
        centre.run(100)
        came_out_right(centre, connected=3)


def test_two_callers_at_once_are_each_rung_an_agent_and_meet_them(variants):
    with whole(variants=variants) as centre:
        for address in (AGENT, COLLEAGUE):
            centre.scene.directory.add(address, Callee(ring_s=2.0, manner=PATIENT))
        centre.sign_in("ana")
        centre.sign_in("ben")
        for _ in range(2):
            centre.scene.call_in(TO_PEOPLE, stays_s=40.0)
        centre.run(60)
        assert centre.connections == 2
        came_out_right(centre, connected=2)


@pytest.mark.parametrize("stays_s", [0.5, 2.0, 4.0, 4.3, 4.8, 5.5, 7.0, 12.0])
def test_called_person_hangs_up_at_any_moment(variants, stays_s):
    with whole(variants=variants, standing=True) as centre:
        _dial(centre, manner=Manner(stays_s=stays_s))
        assert (stays_s < 4.0) <= (centre.connections == 0)
        assert (stays_s > 6.0) <= (centre.connections == 1)
        _dialcame_out_right(centre)


@pytest.mark.parametrize("pick_up", ["busy", "no-answer", "unreachable"])
def test_dial_nobody_takes_is_one_attempt(variants, pick_up):
    with whole(variants=variants, standing=True) as centre:
        _dial(centre, pick_up=pick_up)
        assert centre.connections == 0
        _dialcame_out_right(centre)


@pytest.mark.parametrize("policy", list(MachinePolicy))
def test_machine_is_hung_up_on_or_left_a_message(variants, policy):
    with whole(variants=variants, standing=True, machine_policy=policy) as centre:
        _dial(centre, kind="machine", detection_s=3.0, manner=Manner(stays_s=60.0))
        assert centre.connections == 0
        assert centre.scene.count("MessagePlayed") == (policy is MachinePolicy.LEAVE_MESSAGE)
        _dialcame_out_right(centre)


@pytest.mark.parametrize("detection_s", [0.5, 4.0, 9.0, None])
def test_verdict_may_come_at_any_moment_or_never(variants, detection_s):
    with whole(variants=variants, standing=True) as centre:
        _dial(centre, detection_s=detection_s, manner=Manner(talk_s=5.0, stays_s=60.0))
        _dialcame_out_right(centre)


def _dial(centre, **callee):
    """Let the agent be there with a standing leg, then let the campaign dial its one lead."""
    centre.scene.directory.add(
        AGENT, Callee(ring_s=1.0, manner=Manner(lingers_s=None, stays_s=None))
    )
    centre.scene.directory.add(CUSTOMER, Callee(**({"ring_s": 2.0} | callee)))
    centre.sign_in()
    centre.run(3)
    centre.start_campaign()
    centre.run(60)


def _dialcame_out_right(centre):
    """One attempt with one outcome; of the legs, only the agent's standing one is left."""
    assert len(centre.lists.attempts) == 1
    assert [leg.pii_to for leg in centre.scene.carrier.ledger.live_legs()] == [AGENT]
    assert centre.is_settled
    assert centre.quarantined == []
    assert centre.scene.alerts() == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_callers_come_out_right_though_callbacks_are_late_doubled_and_out_of_order(seed):
    faults = Faults(
        callback_delayed=0.1,
        callback_reordered=0.3,
        callback_duplicated=0.5,
        answer_lost=0.3,
        ringing_missing=0.5,
    )
    with whole(faults=faults, seed=seed) as centre:
        manner = Manner(talk_s=6.0, lingers_s=1.0, stays_s=None)
        centre.scene.directory.add(AGENT, Callee(ring_s=1.0, manner=manner))
        centre.sign_in()
        for patience_s in (5.0, 20.0, 60.0, 120.0):
            centre.scene.call_in(TO_PEOPLE, patience_s=patience_s, stays_s=200.0)
            centre.run(3)
        centre.run(300)
        assert sum(centre.outcomes.values()) == 4
        assert set(centre.outcomes) <= {"connected", "abandoned"}
        came_out_right(centre, **centre.outcomes)
