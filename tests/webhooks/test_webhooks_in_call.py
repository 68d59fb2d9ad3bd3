"""What happens in a conversation, from the order of the centre to what people at both ends hear."""

import pytest

from acd.events import (
    AgentHeldCall,
    AgentResumedCall,
    AgentTransferredCall,
    CallbackAsked,
    Supervision,
    SupervisionAsked,
    SupervisionEnded,
)
from acd.notices import CallbackEnded
from simulator.carrier.people.manners import Callee, Manner
from tests.webhooks.stage import AGENT, COLLEAGUE, CUSTOMER, SUPERVISOR
from tests.webhooks.test_webhooks_whole_centre import BOTH, PATIENT, TO_PEOPLE, came_out_right
from tests.webhooks.whole import QUEUE, whole

CALLBACK_RETRY_S = 600


def participant(centre, address):
    """Return how somebody takes part in a room, None when they are in none."""
    rooms = centre.scene.carrier.exchange.conferences.live()
    parties = [party for room in rooms for party in room.present]
    return next((party for party in parties if address in (party.call.to, party.call.from_)), None)


def talking(centre, **manner):
    """Let the customer talk with Ana."""
    centre.scene.directory.add(AGENT, Callee(ring_s=1.0, manner=PATIENT))
    centre.sign_in()
    centre.scene.call_in(TO_PEOPLE, **({"stays_s": 300.0} | manner))
    centre.run(12)
    assert centre.connections == 1


def promised(centre):
    """Let the customer ask for a callback and hang up, while nobody is there."""
    call_id = centre.scene.call_in(TO_PEOPLE, stays_s=12.0)
    centre.run(10)
    centre.tell(CallbackAsked(0, call_id, QUEUE, "n1"))
    centre.run(5)
    assert centre.outcomes == {"callback": 1}


@BOTH
def test_held_customer_hears_music_and_then_the_agent_again(variants):
    with whole(variants=variants) as centre:
        talking(centre)
        centre.tell(AgentHeldCall(0, "ana"))
        centre.run(1)
        assert participant(centre, CUSTOMER).hold
        centre.tell(AgentResumedCall(0, "ana"))
        centre.run(1)
        assert not participant(centre, CUSTOMER).hold


@BOTH
@pytest.mark.parametrize("hold_patience_s", [0.5, 4.0])
def test_customer_who_hangs_up_on_hold_ends_the_call(variants, hold_patience_s):
    with whole(variants=variants) as centre:
        talking(centre, hold_patience_s=hold_patience_s)
        centre.tell(AgentHeldCall(0, "ana"))
        centre.run(20)
        came_out_right(centre, connected=1)


@BOTH
def test_cold_transfer_brings_the_customer_to_the_colleague(variants):
    with whole(variants=variants) as centre:
        talking(centre)
        centre.scene.directory.add(COLLEAGUE, Callee(ring_s=1.0, manner=Manner(talk_s=5.0)))
        centre.sign_in("ben")
        centre.tell(AgentTransferredCall(0, "ana", QUEUE, {}, "ben"))
        centre.run(5)
        assert participant(centre, COLLEAGUE)
        assert not participant(centre, AGENT)
        centre.run(20)
        assert centre.connections == 2
        came_out_right(centre, connected=1)


@BOTH
def test_supervisor_is_heard_as_they_asked(variants):
    with whole(variants=variants) as centre:
        talking(centre)
        centre.scene.directory.add(SUPERVISOR, Callee(ring_s=1.0, manner=PATIENT))
        agent_sid = participant(centre, AGENT).call.sid
        centre.tell(SupervisionAsked(0, "sam", "ana", Supervision.LISTEN))
        centre.run(3)
        assert participant(centre, SUPERVISOR).muted
        centre.tell(SupervisionAsked(0, "sam", "ana", Supervision.WHISPER))
        centre.run(1)
        sam = participant(centre, SUPERVISOR)
        assert (sam.muted, sam.coaching, sam.coaches) == (False, True, agent_sid)
        centre.tell(SupervisionAsked(0, "sam", "ana", Supervision.BARGE))
        centre.run(1)
        assert participant(centre, SUPERVISOR).can_talk
        centre.tell(SupervisionEnded(0, "sam", "ana"))
        centre.run(2)
        assert participant(centre, SUPERVISOR) is None
        assert participant(centre, CUSTOMER).can_talk


@BOTH
@pytest.mark.parametrize("stays_s", [0.2, 0.5, 1.0, 3.0])
def test_supervisor_who_hangs_up_at_any_moment_changes_nothing(variants, stays_s):
    with whole(variants=variants) as centre:
        talking(centre, stays_s=30.0)
        manner = Manner(stays_s=stays_s)
        centre.scene.directory.add(SUPERVISOR, Callee(ring_s=1.0, manner=manner))
        centre.tell(SupervisionAsked(0, "sam", "ana", Supervision.WHISPER))
        centre.run(8)
        assert participant(centre, CUSTOMER).can_talk
        centre.run(30)
        came_out_right(centre, connected=1)


@BOTH
@pytest.mark.parametrize("stays_s", [0.2, 0.6, 1.5, 5.0, 20.0])
def test_customer_who_is_called_back_may_hang_up_at_any_moment(variants, stays_s):
    with whole(variants=variants) as centre:
        promised(centre)
        manner = Manner(stays_s=stays_s)
        centre.scene.directory.add(CUSTOMER, Callee(ring_s=3.0, manner=manner))
        centre.scene.directory.add(AGENT, Callee(ring_s=1.0, manner=PATIENT))
        centre.sign_in()
        centre.run(50)
        told = [each.is_kept for each in centre.notices if type(each) is CallbackEnded]
        assert told == ([True] if centre.connections else [])
        assert centre.connections or stays_s < 1.0
        assert centre.scene.is_quiet()
        assert centre.agent.reservation_id is None
        assert centre.quarantined == []


@BOTH
@pytest.mark.parametrize("pick_up", ["no-answer", "busy", "rejects"])
def test_customer_who_does_not_answer_is_tried_again_later(variants, pick_up):
    with whole(variants=variants) as centre:
        promised(centre)
        centre.scene.directory.add(CUSTOMER, Callee(pick_up=pick_up))
        centre.scene.directory.add(AGENT, Callee(ring_s=1.0, manner=PATIENT))
        centre.sign_in()
        centre.run(45)
        assert centre.connections == 0
        assert centre.scene.is_quiet()
        reached = Callee(ring_s=2.0, manner=Manner(talk_s=5.0, stays_s=30.0))
        centre.scene.directory.add(CUSTOMER, reached)
        centre.run(CALLBACK_RETRY_S)
        came_out_right(centre, callback=1, connected=1)


@BOTH
@pytest.mark.parametrize("pick_up", ["invalid", "unreachable"])
def test_number_that_does_not_exist_is_given_up_at_once(variants, pick_up):
    with whole(variants=variants) as centre:
        promised(centre)
        centre.scene.directory.add(CUSTOMER, Callee(pick_up=pick_up))
        centre.scene.directory.add(AGENT, Callee(ring_s=1.0, manner=PATIENT))
        centre.sign_in()
        centre.run(10)
        assert centre.outcomes == {"callback": 1, "unreached": 1}
        assert centre.is_settled


@BOTH
def test_machine_that_picks_up_costs_an_attempt(variants):
    with whole(variants=variants) as centre:
        promised(centre)
        machine = Callee(ring_s=2.0, kind="machine", detection_s=3.0, manner=Manner(stays_s=60.0))
        centre.scene.directory.add(CUSTOMER, machine)
        centre.scene.directory.add(AGENT, Callee(ring_s=1.0, manner=PATIENT))
        centre.sign_in()
        centre.run(20)
        assert centre.scene.count("CallbackReachedMachine") == 1
        assert centre.scene.is_quiet()
        assert centre.outcomes == {"callback": 1}
        centre.run(3 * CALLBACK_RETRY_S)
        assert centre.outcomes == {"callback": 1, "unreached": 1}
        told = [each.is_kept for each in centre.notices if type(each) is CallbackEnded]
        assert told == [False]
