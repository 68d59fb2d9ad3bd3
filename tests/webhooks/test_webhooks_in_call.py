"""What happens in a conversation, from the order of the centre to what people at both ends hear."""

import pytest

from acd.events import (
    AgentCompletedTransfer,
    AgentHeldCall,
    AgentMergedCall,
    AgentReleasedCall,
    AgentResumedCall,
    AgentTransferredCall,
    AgentTransferredOut,
    CallbackAsked,
    ConsentGiven,
    ConsultAsked,
    ConsultEnded,
    RecordingAsked,
    Supervision,
    SupervisionAsked,
    SupervisionEnded,
    TakeoverAsked,
)
from acd.notices import CallbackEnded
from acd.recordings import RecordingStep
from simulator.carrier.people.manners import Callee, Manner
from tests.webhooks.stage import AGENT, BANK, COLLEAGUE, CUSTOMER, SUPERVISOR
from tests.webhooks.test_webhooks_whole_centre import PATIENT, TO_PEOPLE, came_out_right
from tests.webhooks.whole import QUEUE, whole

CALLBACK_RETRY_S = 600


def participant(centre, address):
    """Return how somebody takes part in a room, None when they are in none."""
    rooms = centre.scene.carrier.exchange.conferences.live()
    parties = [party for room in rooms for party in room.present]
    return next((party for party in parties if address in (party.call.to, party.call.from_)), None)


STAYS = Callee(ring_s=1.0, manner=Manner(lingers_s=None, stays_s=None))
"""Somebody whose leg stands: they do not hang up when a talk is over."""


def talking(centre, **manner):
    """Let the customer talk with Ana."""
    is_standing = centre.agent.config.standing
    agent = STAYS if is_standing else Callee(ring_s=1.0, manner=PATIENT)
    centre.scene.directory.add(AGENT, agent)
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


def test_held_customer_hears_music_and_then_the_agent_again(variants):
    with whole(variants=variants) as centre:
        talking(centre)
        centre.tell(AgentHeldCall(0, "ana"))
        centre.run(1)
        assert participant(centre, CUSTOMER).hold
        centre.tell(AgentResumedCall(0, "ana"))
        centre.run(1)
        assert not participant(centre, CUSTOMER).hold


@pytest.mark.parametrize("hold_patience_s", [0.5, 4.0])
def test_customer_who_hangs_up_on_hold_ends_the_call(variants, hold_patience_s):
    with whole(variants=variants) as centre:
        talking(centre, hold_patience_s=hold_patience_s)
        centre.tell(AgentHeldCall(0, "ana"))
        centre.run(20)
        came_out_right(centre, connected=1)


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


# --- consults and handovers ------------------------------------------------------------------

COLLEAGUE_THERE = Callee(ring_s=1.0, manner=PATIENT)


def consulting(centre, *, standing=False, **customer):
    """Let Ana, who talks with the customer, consult Ben."""
    centre.scene.directory.add(COLLEAGUE, STAYS if standing else COLLEAGUE_THERE)
    talking(centre, **customer)
    centre.sign_in("ben")
    centre.run(3 if standing else 1)
    centre.tell(ConsultAsked(0, "ana", to_agent_id="ben"))
    centre.run(4)


@pytest.mark.parametrize("standing", [False, True], ids=["rung", "standing"])
def test_warm_transfer_leaves_the_customer_to_the_colleague(variants, standing):
    with whole(variants=variants, standing=standing) as centre:
        consulting(centre, standing=standing, stays_s=60.0)
        assert participant(centre, CUSTOMER).hold
        assert participant(centre, COLLEAGUE).conference is participant(centre, AGENT).conference
        centre.tell(AgentCompletedTransfer(0, "ana"))
        centre.run(5)
        assert participant(centre, CUSTOMER).can_talk
        assert participant(centre, COLLEAGUE).conference is participant(centre, CUSTOMER).conference
        ana = participant(centre, AGENT)
        assert (ana is not None) == standing
        assert ana is None or ana.conference is not participant(centre, CUSTOMER).conference
        centre.run(60)
        assert centre.outcomes == {"connected": 1}
        assert all(one.state == "idle" for one in centre.centre.acd.board.agents.values())
        assert centre.scene.is_quiet() or standing


def test_three_hear_each_other_until_the_colleague_leaves(variants):
    with whole(variants=variants) as centre:
        consulting(centre, stays_s=60.0)
        centre.tell(AgentMergedCall(0, "ana"))
        centre.run(1)
        assert all(participant(centre, who).can_talk for who in (CUSTOMER, AGENT, COLLEAGUE))
        centre.tell(ConsultEnded(0, "ana"))
        centre.run(2)
        assert participant(centre, COLLEAGUE) is None
        assert participant(centre, CUSTOMER).can_talk
        centre.run(60)
        came_out_right(centre, connected=1)


@pytest.mark.parametrize("stays_s", [7.0, 12.5, 13.2, 14.0, 15.0, 17.0, 18.0, 19.0])
def test_customer_hangs_up_at_any_moment_of_a_warm_transfer(variants, stays_s):
    with whole(variants=variants) as centre:
        centre.scene.directory.add(AGENT, Callee(ring_s=1.0, manner=PATIENT))
        centre.scene.directory.add(COLLEAGUE, COLLEAGUE_THERE)
        centre.sign_in()
        centre.scene.call_in(TO_PEOPLE, stays_s=stays_s)
        centre.run(12)
        centre.sign_in("ben")
        centre.tell(ConsultAsked(0, "ana", to_agent_id="ben"))
        centre.run(4)
        centre.tell(AgentCompletedTransfer(0, "ana"))
        centre.run(30)
        came_out_right(centre, connected=1)


@pytest.mark.parametrize("stays_s", [0.2, 0.6, 1.0, 2.0, 4.0, 6.0])
def test_colleague_hangs_up_at_any_moment_of_a_warm_transfer(variants, stays_s):
    with whole(variants=variants) as centre:
        leaves = Callee(ring_s=1.0, manner=Manner(stays_s=stays_s))
        talking(centre, stays_s=60.0)
        centre.scene.directory.add(COLLEAGUE, leaves)
        centre.sign_in("ben")
        centre.tell(ConsultAsked(0, "ana", to_agent_id="ben"))
        centre.run(4)
        centre.tell(AgentCompletedTransfer(0, "ana"))
        centre.run(80)
        came_out_right(centre, connected=1)


@pytest.mark.parametrize("after_s", [0.25, 1.0, 1.25, 1.5, 2.0, 4.0])
def test_agent_hangs_up_at_any_moment_of_a_consult(variants, after_s):
    with whole(variants=variants) as centre:
        talking(centre, stays_s=60.0, hold_patience_s=40.0)
        centre.scene.directory.add(COLLEAGUE, COLLEAGUE_THERE)
        centre.sign_in("ben")
        centre.tell(ConsultAsked(0, "ana", to_agent_id="ben"))
        centre.run(after_s)
        centre.tell(AgentReleasedCall(0, "ana"))
        centre.run(4)
        is_kept = participant(centre, CUSTOMER) is not None
        assert is_kept == (participant(centre, COLLEAGUE) is not None)
        assert is_kept or after_s < 2.0
        centre.run(60)
        came_out_right(centre, connected=1)


@pytest.mark.parametrize("pick_up", ["no-answer", "busy", "rejects", "unreachable"])
def test_colleague_who_does_not_answer_leaves_the_customer_with_the_agent(variants, pick_up):
    with whole(variants=variants) as centre:
        talking(centre, stays_s=120.0)
        centre.scene.directory.add(COLLEAGUE, Callee(pick_up=pick_up))
        centre.sign_in("ben")
        centre.tell(ConsultAsked(0, "ana", to_agent_id="ben"))
        centre.run(20)
        centre.tell(AgentResumedCall(0, "ana"))
        centre.run(1)
        assert participant(centre, CUSTOMER).can_talk
        centre.run(120)
        came_out_right(centre, connected=1)


@pytest.mark.parametrize("standing", [False, True], ids=["rung", "standing"])
@pytest.mark.parametrize("talk_s", [2.0, 20.0])
def test_customer_is_left_to_a_consulted_party_outside(variants, standing, talk_s):
    with whole(variants=variants, standing=standing) as centre:
        talking(centre, stays_s=60.0)
        centre.scene.directory.add(BANK, Callee(ring_s=2.0, manner=Manner(stays_s=4.0 + talk_s)))
        centre.tell(ConsultAsked(0, "ana", number_name="bank"))
        centre.run(4)
        centre.tell(AgentCompletedTransfer(0, "ana"))
        centre.run(2)
        assert participant(centre, BANK).conference is participant(centre, CUSTOMER).conference
        centre.run(60)
        assert centre.outcomes == {"connected": 1}
        assert participant(centre, BANK) is None
        assert centre.agent.state == "idle"
        assert centre.scene.is_quiet() or standing


@pytest.mark.parametrize("stays_s", [12.5, 13.5, 15.0, 40.0])
def test_customer_passed_on_outside_hangs_up_at_any_moment(variants, stays_s):
    with whole(variants=variants) as centre:
        talking(centre, stays_s=stays_s)
        centre.scene.directory.add(BANK, Callee(ring_s=2.0, manner=Manner(stays_s=60.0)))
        centre.tell(AgentTransferredOut(0, "ana", "bank"))
        centre.run(100)
        came_out_right(centre, connected=1)


@pytest.mark.parametrize("pick_up", ["no-answer", "busy", "rejects", "unreachable"])
def test_number_outside_that_does_not_answer_costs_the_customer_no_place(variants, pick_up):
    with whole(variants=variants) as centre:
        talking(centre, stays_s=120.0, lingers_s=None)
        centre.scene.directory.add(BANK, Callee(pick_up=pick_up))
        centre.tell(AgentTransferredOut(0, "ana", "bank"))
        centre.run(50)
        assert centre.connections == 2
        assert participant(centre, AGENT).conference is participant(centre, CUSTOMER).conference
        centre.run(120)
        came_out_right(centre, connected=1)


@pytest.mark.parametrize("standing", [False, True], ids=["rung", "standing"])
def test_supervisor_takes_over(variants, standing):
    with whole(variants=variants, standing=standing) as centre:
        talking(centre, stays_s=60.0)
        centre.scene.directory.add(SUPERVISOR, Callee(ring_s=1.0, manner=PATIENT))
        centre.tell(SupervisionAsked(0, "sam", "ana", Supervision.LISTEN))
        centre.run(3)
        centre.tell(TakeoverAsked(0, "sam", "ana"))
        centre.run(3)
        assert participant(centre, SUPERVISOR).can_talk
        customer = participant(centre, CUSTOMER)
        assert customer.can_talk
        assert customer.conference is participant(centre, SUPERVISOR).conference
        assert centre.agent.state in ("wrap_up", "idle")
        centre.run(60)
        assert centre.outcomes == {"connected": 1}
        assert participant(centre, SUPERVISOR) is None
        assert centre.scene.is_quiet() or standing


# --- recording -------------------------------------------------------------------------------


def test_conversation_is_recorded_paused_and_ended_with_the_call(variants):
    with whole(variants=variants, recording="always") as centre:
        talking(centre, stays_s=40.0)
        [recording] = centre.scene.carrier.exchange.recordings.all()
        assert (recording.status, recording.channels) == ("in-progress", 2)
        centre.tell(RecordingAsked(0, "ana", RecordingStep.PAUSE))
        centre.run(2)
        assert recording.status == "paused"
        centre.tell(RecordingAsked(0, "ana", RecordingStep.RESUME))
        centre.run(2)
        assert recording.status == "in-progress"
        centre.run(40)
        assert not recording.is_running
        came_out_right(centre, connected=1)


def test_refusal_ends_the_recording_at_once(variants):
    with whole(variants=variants, recording="with_consent") as centre:
        talking(centre, stays_s=40.0)
        [call_id] = centre.centre.acd.board.calls
        assert centre.scene.carrier.exchange.recordings.all() == []
        centre.tell(ConsentGiven(0, call_id, is_given=True))
        centre.run(2)
        [recording] = centre.scene.carrier.exchange.recordings.all()
        assert recording.is_running
        centre.tell(ConsentGiven(0, call_id, is_given=False))
        centre.run(2)
        assert not recording.is_running
        centre.run(40)
        came_out_right(centre, connected=1)
