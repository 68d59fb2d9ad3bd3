"""Agents' telephones of every kind, from the first ring to the end, whatever answers.

The real centre, gateway and webhooks against the carrier stand-in. What is asked of every kind is
the same: the caller talks with a person or keeps their place, and nothing is left over.
"""

import pytest

from acd.agents import LEG_FAILED, RONA, Presence
from acd.events import Supervision, SupervisionAsked
from simulator.carrier.people.manners import Callee, Manner, Reaction
from tests.webhooks.stage import AGENT, LINE, SUPERVISOR_NUMBER
from tests.webhooks.test_webhooks_in_call import participant, talking
from tests.webhooks.test_webhooks_whole_centre import TO_PEOPLE, came_out_right
from tests.webhooks.whole import whole

SIP, NUMBER = "sip:ana@pbx.example.com", "+12125550188"
KINDS = {
    "browser": {"endpoint": AGENT},
    "sip": {"endpoint": SIP},
    "sip that asks": {"endpoint": SIP, "key": True},
    "number": {"endpoint": NUMBER, "key": True},
}
ASKING = {name: kind for name, kind in KINDS.items() if kind.get("key")}

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
every_asking_kind = pytest.mark.parametrize("kind", ASKING.values(), ids=ASKING)

ONE, TWO = Reaction(when="Press 1", key="1"), Reaction(when="Press 1", key="2")


def person(key=ONE, ring_s=2.0, **manner):
    """Somebody who picks up, and presses a key if they are asked for one."""
    manner = {"lingers_s": 1.0, "stays_s": None} | manner
    return Callee(ring_s=ring_s, manner=Manner((key,) if key else (), **manner))


VOICEMAIL = Callee(ring_s=2.0, kind="machine", manner=Manner(lingers_s=None, stays_s=90.0))


def begin(centre, callee, *reactions, **caller):
    centre.scene.directory.add(centre.endpoint, callee)
    centre.sign_in()
    return centre.scene.call_in(TO_PEOPLE, *reactions, **caller)


def talks_of(centre):
    """Return every talk that the agent's telephone was in."""
    ledger = centre.scene.carrier.ledger
    return [talk for leg in ledger.legs_of(centre.endpoint) for talk in ledger.partners(leg.sid)]


# --- a leg for each call -------------------------------------------------------------------------


@every_kind
def test_agent_answers_and_the_caller_is_put_through(variants, kind):
    with whole(variants=variants, **kind) as centre:
        begin(centre, person(talk_s=6.0), stays_s=90.0)
        centre.run(60)
        assert centre.connections == 1
        came_out_right(centre, connected=1)


@every_asking_kind
def test_voicemail_that_answers_never_gets_the_caller(variants, kind):
    with whole(variants=variants, **kind) as centre:
        begin(centre, VOICEMAIL, patience_s=40.0)
        centre.run(90)
        assert talks_of(centre) == []
        assert centre.scene.count("OfferAccepted") == 0
        assert centre.agent.missed_count >= 1
        came_out_right(centre, abandoned=1)


@every_asking_kind
def test_voicemail_that_answers_counts_as_nobody_until_the_agent_is_not_ready(kind):
    with whole(**kind) as centre:
        begin(centre, VOICEMAIL, stays_s=300.0)
        centre.run(200)
        assert (centre.agent.presence, centre.agent.reason) == (Presence.NOT_READY, RONA)
        assert centre.connections == 0


@every_asking_kind
def test_another_key_declines(variants, kind):
    with whole(variants=variants, **kind) as centre:
        begin(centre, person(TWO), patience_s=10.0)
        centre.run(60)
        assert centre.scene.count("OfferRejected") >= 1
        assert centre.agent.missed_count == 0
        came_out_right(centre, abandoned=1)


@pytest.mark.parametrize("pick_up", ["rejects", "busy", "unreachable", "no-answer"])
@every_kind
def test_agent_who_cannot_be_had_costs_the_caller_nothing_but_time(variants, kind, pick_up):
    with whole(variants=variants, **kind) as centre:
        begin(centre, Callee(pick_up=pick_up, ring_s=2.0), patience_s=30.0)
        centre.run(90)
        came_out_right(centre, abandoned=1)


@every_kind
def test_agent_who_never_answers_becomes_not_ready(kind):
    with whole(**kind) as centre:
        begin(centre, Callee(pick_up="no-answer"), stays_s=300.0)
        centre.run(200)
        assert (centre.agent.presence, centre.agent.reason) == (Presence.NOT_READY, RONA)


@every_kind
def test_colleague_gets_the_caller_whom_the_agent_did_not_take(variants, kind):
    with whole(variants=variants, **kind) as centre:
        centre.scene.directory.add("client:ben", person(None, talk_s=4.0))
        begin(centre, VOICEMAIL if kind.get("key") else Callee(pick_up="no-answer"), stays_s=200.0)
        centre.run(1)
        centre.sign_in("ben")
        centre.run(100)
        assert centre.connections == 1
        came_out_right(centre, connected=1)


@every_kind
@pytest.mark.parametrize("stays_s", [8.0, 10.0, 14.0])
def test_leg_that_drops_in_the_talk_ends_it_once(variants, kind, stays_s):
    with whole(variants=variants, **kind) as centre:
        begin(centre, person(stays_s=stays_s), stays_s=90.0)
        centre.run(120)
        assert centre.connections >= 1
        came_out_right(centre, connected=1)


@every_asking_kind
@pytest.mark.parametrize("stays_s", [0.3, 2.0, 4.0, 5.0, 5.5])
def test_agent_who_hangs_up_while_asked_leaves_the_caller_in_line(variants, kind, stays_s):
    with whole(variants=variants, **kind) as centre:
        begin(centre, person(None, stays_s=stays_s), patience_s=12.0)
        centre.run(60)
        assert centre.connections == 0
        came_out_right(centre, abandoned=1)


@every_asking_kind
@pytest.mark.parametrize("stays_s", [5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0])
def test_caller_who_hangs_up_around_the_key_leaves_the_agent_free(variants, kind, stays_s):
    with whole(variants=variants, **kind) as centre:
        begin(centre, person(), stays_s=stays_s)
        centre.run(60)
        came_out_right(centre, **{"connected" if centre.connections else "abandoned": 1})


@every_asking_kind
def test_agent_who_picks_up_at_the_last_ring_has_time_for_the_key(kind):
    with whole(**kind) as centre:
        begin(centre, person(ring_s=14.0, talk_s=4.0), stays_s=120.0)
        centre.run(90)
        assert centre.scene.count("OfferAccepted") == 1
        came_out_right(centre, connected=1)


# --- a leg for the shift -------------------------------------------------------------------------


@every_kind
def test_standing_leg_takes_one_caller_after_the_other(variants, kind):
    with whole(variants=variants, standing=True, **kind) as centre:
        centre.scene.directory.add(kind["endpoint"], person(lingers_s=None))
        centre.sign_in()
        centre.run(12)
        for _ in range(2):
            centre.scene.call_in(TO_PEOPLE, stays_s=12.0)
            centre.run(20)
        assert centre.connections == 2
        assert len(centre.scene.carrier.ledger.legs_of(kind["endpoint"])) == 1
        assert centre.scene.alerts() == []


@every_asking_kind
def test_voicemail_is_no_standing_leg(variants, kind):
    with whole(variants=variants, standing=True, **kind) as centre:
        begin(centre, VOICEMAIL, patience_s=30.0)
        centre.run(60)
        assert talks_of(centre) == []
        assert (centre.agent.presence, centre.agent.reason) == (Presence.NOT_READY, LEG_FAILED)
        came_out_right(centre, abandoned=1)


@every_kind
def test_standing_leg_that_is_lost_is_restored_when_the_agent_asks_for_it(variants, kind):
    with whole(variants=variants, standing=True, **kind) as centre:
        centre.scene.directory.add(kind["endpoint"], person(lingers_s=None, stays_s=15.0))
        centre.sign_in()
        centre.run(40)
        assert (centre.agent.presence, centre.agent.reason) == (Presence.NOT_READY, LEG_FAILED)
        centre.scene.directory.add(kind["endpoint"], person(lingers_s=None))
        centre.sign_in()
        centre.run(12)
        centre.scene.call_in(TO_PEOPLE, stays_s=12.0)
        centre.run(30)
        assert centre.connections == 1
        assert centre.outcomes == {"connected": 1}


@every_kind
def test_standing_leg_that_is_lost_in_a_talk_ends_the_talk_once(variants, kind):
    with whole(variants=variants, standing=True, **kind) as centre:
        begin(centre, person(lingers_s=None, stays_s=20.0), stays_s=120.0)
        centre.run(150)
        assert centre.connections == 1
        assert (centre.agent.presence, centre.agent.reason) == (Presence.NOT_READY, LEG_FAILED)
        came_out_right(centre, connected=1)


# --- what is asked of the carrier ----------------------------------------------------------------


@every_kind
@pytest.mark.parametrize("standing", [False, True])
def test_every_leg_shows_our_number_and_has_a_time_limit(kind, standing):
    with whole(standing=standing, **kind) as centre:
        begin(centre, person(talk_s=3.0), stays_s=20.0)
        centre.run(10)
        requests = [dict(one.params) for one in centre.scene.carrier.ledger.requests]
        made = [params for params in requests if params.get("To") == kind["endpoint"]]
        assert made
        for params in made:
            assert params["From"] == LINE
            assert 0 < int(params["TimeLimit"]) <= 12 * 3_600


# --- a supervisor's telephone --------------------------------------------------------------------


def listened_to(centre, mode, callee):
    """Let Sue take part from her telephone in a talk of Ana's."""
    centre.scene.directory.add(SUPERVISOR_NUMBER, callee)
    talking(centre, stays_s=60.0)
    centre.tell(SupervisionAsked(0, "sue", "ana", mode))
    centre.run(25)


@pytest.mark.parametrize("mode", list(Supervision))
def test_supervisor_takes_part_from_a_telephone_after_the_key(variants, mode):
    with whole(variants=variants) as centre:
        listened_to(centre, mode, person(lingers_s=None))
        sue, ana = participant(centre, SUPERVISOR_NUMBER), participant(centre, AGENT)
        assert sue.muted == (mode is Supervision.LISTEN)
        assert sue.coaching == (mode is Supervision.WHISPER)
        assert sue.coaches == (ana.call.sid if mode is Supervision.WHISPER else "")
        centre.run(60)
        came_out_right(centre, connected=1)


@pytest.mark.parametrize("mode", list(Supervision))
def test_voicemail_of_a_supervisor_hears_nothing(variants, mode):
    with whole(variants=variants) as centre:
        listened_to(centre, mode, VOICEMAIL)
        ledger = centre.scene.carrier.ledger
        legs = ledger.legs_of(SUPERVISOR_NUMBER)
        assert [ledger.partners(leg.sid) for leg in legs] == [[]]
        assert participant(centre, SUPERVISOR_NUMBER) is None
        centre.run(60)
        came_out_right(centre, connected=1)
