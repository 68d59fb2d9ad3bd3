"""One simulated day: its books, its people, and a plain model to agree with call by call."""

import dataclasses
import heapq
import json
import subprocess
import sys
from dataclasses import asdict

import msgspec
import pytest

from acd.agents import AgentState
from acd.events import AgentLegEnded, LegCause
from acd.ids import AgentId, CallId, CustomerId
from acd.notices import (
    AgentChanged,
    CallClosed,
    CallConnected,
    CallOffered,
    CallOpened,
    ContactOutcome,
    Direction,
)
from dialer.centre import Centre
from dialer.config import Detection, MachinePolicy
from dialer.ids import CampaignId, LeadId
from dialer.notices import DialClosed, DialPlaced
from simulator.books import Books
from simulator.callers import draw_callers
from simulator.day import Day, simulate_day
from simulator.distributions import Constant, Exponential
from simulator.scenario import Break, CalledPeople, Carrier, Flow, ScenarioError, Shift, Worker
from simulator.streams import Streams
from tests.simulator.small_centre import centre as small_centre
from tests.simulator.small_centre import scenario

SHIFT = Shift(start="07:59", until="12:00")


def plain_model(callers, agents: int) -> dict[str, tuple[str, int]]:
    """Serve callers first come, first served: outcome and wait of each, by an independent model.

    Each caller joins a queue; whoever is first gets the next free agent unless their patience has
    ended by then. An agent who frees up at the instant of an arrival or an end of patience takes
    whoever is there first: ties are avoided by the draws.
    """
    free_at = [0] * agents
    outcomes: dict[str, tuple[str, int]] = {}
    for caller in callers:
        customer = caller.customer
        gives_up_at = caller.at_ms + customer.patience_ms
        starts_at = max(caller.at_ms, free_at[0])
        if starts_at < gives_up_at:
            heapq.heapreplace(free_at, starts_at + customer.talk_ms)
            outcomes[customer.call_id] = ("connected", starts_at - caller.at_ms)
        else:
            outcomes[customer.call_id] = ("abandoned", customer.patience_ms)
    return outcomes


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_twin_agrees_with_a_plain_model_call_by_call(seed):
    world = scenario(agents=4, per_interval=(60.0, 60.0, 60.0))
    day = Day(world, Streams(seed))
    outcomes = {}
    day.world.listen(
        CallConnected,
        lambda notice: outcomes.update({notice.call_id: ("connected", notice.wait_ms)}),
    )
    day.world.listen(
        CallClosed,
        lambda notice: outcomes.setdefault(notice.call_id, (str(notice.outcome), notice.wait_ms)),
    )
    result = day.run()
    assert outcomes == plain_model(draw_callers(world, Streams(seed)), agents=4)
    assert result.account.calls["abandoned"] > 5
    assert not result.problems


def test_the_same_seed_gives_the_same_day_and_another_seed_another():
    world = scenario()
    assert simulate_day(world, 1) == simulate_day(world, 1)
    assert simulate_day(world, 1) != simulate_day(world, 2)
    assert simulate_day(world, 1, 0) != simulate_day(world, 1, 1)


def test_the_order_of_hashes_does_not_matter():
    code = (
        "import dataclasses, json\n"
        "from simulator.day import simulate_day\n"
        "from tests.simulator.test_day import busy_day\n"
        "print(json.dumps(dataclasses.asdict(simulate_day(busy_day(), 5)), sort_keys=True))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    ]
    assert told[0] == told[1]
    assert json.loads(told[0])["account"]["outbound"]["dials"] > 50


def busy_day(**others):
    """Return a day with everything in it: callers, missed offers, breaks, dials, machines."""
    pause = Break(at="08:40", minutes=15.0)
    people = CalledPeople(
        leads=200,
        answer_share=0.3,
        talk_s=Exponential(60.0),
        wrap_s=Constant(5.0),
        opens_at="08:00",
    )
    return scenario(
        agents=6,
        carrier=Carrier(),
        worker=Worker(shifts=(msgspec.structs.replace(SHIFT, breaks=(pause,)),), missed_share=0.1),
        people=people,
        calls_per_s_max=2.0,
        **others,
    )


@pytest.mark.parametrize("pacer", ["progressive", "ratio:2", "adaptive", "predictive", "preview"])
def test_the_books_of_a_blended_day_balance(pacer):
    day = Day(busy_day(pacer=pacer), Streams(3))
    seen = {kind: [] for kind in (CallOpened, CallClosed, DialClosed)}
    for kind, notices in seen.items():
        day.world.listen(kind, notices.append)
    result = day.run()
    assert not result.problems
    assert len(seen[CallOpened]) == len(seen[CallClosed])
    assert (
        len(seen[DialClosed])
        == result.account.outbound.dials
        == sum(result.account.outbound.outcomes.values())
    )
    assert (result.account.outbound.dials > 0) is (pacer != "preview")
    assert not day.world.centre.acd.board.calls
    assert not day.world.centre.dialer.attempts.dials


def test_more_agents_meet_the_same_callers():
    few, many = scenario(agents=3), scenario(agents=5)
    drawn = [draw_callers(world, Streams(4)) for world in (few, many)]
    assert [asdict(caller.customer) for caller in drawn[0]] == [
        asdict(caller.customer) for caller in drawn[1]
    ]
    assert (
        simulate_day(many, 4).account.calls["connected"]
        > simulate_day(few, 4).account.calls["connected"]
    )


def test_nobody_on_a_break_gets_a_call():
    pause = Break(at="08:10", minutes=20.0)
    worker = Worker(shifts=(msgspec.structs.replace(SHIFT, breaks=(pause,)),))
    day = Day(scenario(agents=1, worker=worker), Streams(1))
    changes = []
    day.world.listen(AgentChanged, changes.append)
    day.run()
    [away] = [c for c in changes if (c.presence, c.reason) == ("not_ready", "break")]
    back = next(c for c in changes if c.at_ms > away.at_ms)
    assert (back.presence, back.at_ms) == ("ready", (8 * 60 + 30) * 60_000)


def test_a_missed_offer_goes_to_another_and_the_agent_comes_back():
    worker = Worker(shifts=(SHIFT,), accept_s=Constant(2.0), missed_share=0.5)
    day = Day(scenario(agents=3, standing=False, worker=worker), Streams(1))
    changes = []
    day.world.listen(AgentChanged, changes.append)
    result = day.run()
    assert any(change.reason == "RONA" for change in changes)
    assert result.account.total.missed_offers > 10
    assert result.account.calls["connected"] > 10
    assert not result.problems


def test_an_impatient_caller_leaves_while_the_agents_telephone_rings():
    worker = Worker(shifts=(SHIFT,), accept_s=Constant(5.0))
    impatient = scenario(
        agents=3, standing=False, worker=worker, patience_s=Constant(4.0), talk_s=Constant(1.0)
    )
    result = simulate_day(impatient, 1)
    assert set(result.account.calls) == {"abandoned"}
    assert not result.problems


def test_progressive_dialling_alone_abandons_nobody():
    people = CalledPeople(leads=150, answer_share=0.3, talk_s=Exponential(60.0), opens_at="08:00")
    result = simulate_day(
        scenario(per_interval=(0.0, 0.0), people=people, pacer="progressive", calls_per_s_max=5.0),
        1,
    )
    assert result.account.outbound.dials == 150
    assert result.account.outbound.live_answers > 20
    assert result.account.outbound.abandoned == 0


def test_a_scenario_without_a_centre_is_refused():
    world = msgspec.structs.replace(scenario(), centre=None)
    with pytest.raises(ScenarioError, match="has no centre"):
        simulate_day(world, 1)


def test_a_day_without_calls_has_no_figures_rather_than_perfect_ones():
    figures = simulate_day(scenario(per_interval=(0.0, 0.0)), 1).account.figures()
    assert figures["service_level"] is None
    assert figures["offered"] == 0


def test_callers_who_end_in_the_flow_never_wait():
    flow = Flow(time_s=Constant(20.0), self_served=0.5, voicemail=0.2, abandoned=0.1)
    result = simulate_day(scenario(agents=6, flow=flow, carrier=Carrier()), 1)
    assert set(result.account.calls) == {"abandoned", "connected", "self_served", "voicemail"}
    assert result.account.calls["self_served"] > result.account.calls["voicemail"]
    assert result.account.total.offered < sum(result.account.calls.values())
    assert not result.problems


@pytest.mark.parametrize(
    ("overflow", "outcome"), [("voicemail", "voicemail"), ("goodbye", "refused")]
)
def test_a_caller_nobody_takes_is_sent_elsewhere(overflow, outcome):
    alone = scenario(
        agents=1,
        patience_s=Constant(3_000.0),
        talk_s=Constant(600.0),
        queue={"overflow": overflow, "wait_ms_max": 60_000},
    )
    result = simulate_day(alone, 1)
    assert result.account.calls[outcome] > 20
    assert not result.problems


def test_a_customer_who_leaves_on_the_way_to_an_agent_is_not_connected():
    slow = Carrier(enqueue_s=Constant(0.0), ring_s=Constant(0.0), move_s=Constant(5.0))
    result = simulate_day(scenario(agents=6, patience_s=Constant(3.0), carrier=slow), 1)
    assert set(result.account.calls) == {"abandoned"}
    assert not result.problems


def test_an_agent_lost_while_the_customer_is_moved_leads_to_another():
    """The agent's leg ends mid-move: the caller is parked, and the next agent gets them."""
    slow = Carrier(enqueue_s=Constant(0.0), ring_s=Constant(0.0), move_s=Constant(2.0))
    day = Day(scenario(agents=2, per_interval=(20.0,), carrier=slow), Streams(1))
    world, lost = day.world, []

    def lose(notice):
        if not lost:
            lost.append(notice.call_id)
            leg_id = world.centre.acd.board.agents[notice.agent_id].standing_leg_id
            world.after(1_000, hang_up, AgentLegEnded(0, leg_id, "", LegCause.FAILED))

    def hang_up(timer):
        world.tell(dataclasses.replace(timer.value, at_ms=world.now_ms))

    connected = []
    world.listen(CallOffered, lose)
    world.listen(CallConnected, connected.append)
    result = day.run()
    assert lost[0] in {notice.call_id for notice in connected}
    assert not result.problems


@pytest.mark.parametrize("machine_policy", ["hang_up", "leave_message"])
@pytest.mark.parametrize("detection", ["before", "after", "off"])
def test_every_kind_of_detection_balances(detection, machine_policy):
    people = CalledPeople(leads=60, answer_share=0.5, talk_s=Exponential(30.0), opens_at="08:00")
    campaign = {
        "detection": Detection(detection),
        "machine_policy": MachinePolicy(machine_policy),
        "pacer": "ratio:3",
        "calls_per_s_max": 5.0,
    }
    result = simulate_day(scenario(per_interval=(2.0,), people=people, **campaign), 1)
    assert result.account.outbound.dials == 60
    assert not result.problems
    assert ("machine" in result.account.outbound.outcomes) is (detection != "off")


def test_a_campaign_without_a_list_places_no_call():
    result = simulate_day(scenario(calls_per_s_max=5.0), 1)
    assert result.account.outbound.dials == 0
    assert not result.problems


def test_the_books_name_what_does_not_balance():
    books = Books()
    for notice in (
        CallOpened(0, CallId("c1"), Direction.INBOUND, CustomerId("p")),
        CallOpened(0, CallId("c1"), Direction.INBOUND, CustomerId("p")),
        CallClosed(0, CallId("c2"), Direction.OUTBOUND, None, ContactOutcome.UNREACHED, 0),
        DialPlaced(0, CallId("1.1"), CampaignId("sales"), LeadId("l1")),
    ):
        books.listeners[type(notice)](notice)
    centre = Centre(small_centre(1))
    centre.acd.board.agents[AgentId("a000")].state = AgentState.TALKING
    books.close(centre)
    assert books.problems == [
        "call c1 began twice",
        "call c2 ended twice, or never began",
        "call c1 has no outcome",
        "dial 1.1 has no outcome",
        "1 dials were placed, 0 written back",
        "agent a000 is left talking",
    ]


def test_talk_and_wrap_up_are_the_call_types_times_the_agents_own_pace():
    """With an agent for everybody, slower agents need so much longer for the same calls."""

    def day(talk_factor, wrap_factor):
        worker = Worker(shifts=(SHIFT,), talk_factor=talk_factor, wrap_factor=wrap_factor)
        world = scenario(agents=40, queue={"wrap_up_ms": 600_000}, worker=worker)
        kind = msgspec.structs.replace(world.calls["calls"], wrap_s=Exponential(20.0))
        return simulate_day(msgspec.structs.replace(world, calls={"calls": kind}), 1)

    usual, slow = day(1.0, 1.0).account.total, day(2.0, 3.0).account.total
    assert usual.answered == slow.answered
    assert slow.talk_ms == pytest.approx(2 * usual.talk_ms, rel=1e-3)
    assert usual.wrap_up_ms > 0
    assert slow.wrap_up_ms == pytest.approx(3 * usual.wrap_up_ms, rel=1e-3)
