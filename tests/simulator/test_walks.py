"""Callers walk a call flow in the twin: the interpreter decides, time and slips are modelled."""

import datetime as dt
import subprocess
import sys

import msgspec
import pytest

from acd.config import RelaxStep
from acd.events import (
    CallbackAsked,
    CallLeftQueue,
    CallQueued,
    FlowEnded,
    FlowOutcome,
    VoicemailLeft,
)
from ivr.flow import read_flow
from simulator.calendar import Calendar
from simulator.callers import draw_callers
from simulator.day import Day, simulate_day
from simulator.distributions import Constant
from simulator.flow_in_use import flow_in_use
from simulator.scenario import Flow as PlainFlow
from simulator.scenario import Manners, ScenarioError
from simulator.streams import Streams
from simulator.study import simulate
from simulator.ways import CallFlow, CallTypeWays
from tests.simulator.small_centre import scenario

FLOW = """
name: small
version: 1
start: menu
person: agents
languages: {en-GB: {}, zh-CN: {}}
hours:
  office: {zone: Europe/London, week: {mon-fri: ["08:00-08:40"]}}
nodes:
  menu:
    kind: menu
    prompt: {en-GB: "For our address press 1, for an agent press 2.", zh-CN: 地址请按1 人工请按2}
    choices: [{key: "1", to: address}, {key: "2", to: agents}]
  address: {kind: hang_up, outcome: self_served, prompt: {en-GB: It is a house., zh-CN: 房子。}}
  agents: {kind: queue, queue: q, priority: 7, segment: gold, left: ring_back}
  ring_back:
    kind: callback
    queue: q
    prompt: {en-GB: "We can call you back. For that press 1.", zh-CN: 回电请按1。}
    booked: {en-GB: Goodbye., zh-CN: 再见。}
    refused: message
    no_number: message
  message:
    kind: voicemail
    queue: q
    prompt: {en-GB: Leave a message., zh-CN: 请留言。}
"""
WEDNESDAY = Calendar(first_day=dt.date(2026, 11, 25))
QUICK = CallFlow(think_s=Constant(1.0), message_s=Constant(15.0))


def ways(*steps: dict[str, object], **told: object) -> dict[str, CallTypeWays]:
    """Return the ways of the small centre's callers, all alike."""
    return {"calls": msgspec.convert({"queued": [list(steps)], **told}, CallTypeWays)}


TO_AGENT = {"when": "for an agent", "key": "2"}


def walked(callers, *, habits=QUICK, document=FLOW, **options):
    """Return a small scenario and the flow its callers walk."""
    small = msgspec.structs.replace(scenario(**options), calendar=WEDNESDAY, call_flow=habits)
    return small, flow_in_use(
        small, read_flow(document, file="small.yaml"), callers, "Europe/London"
    )


def facts_of_day(callers, **options):
    """Return every fact of a day, and its result."""
    small, in_use = walked(callers, **options)
    day = Day(small, Streams(1), flow=in_use)
    day.world.recorded = []
    result = day.run()
    assert result.problems == ()
    return day.world.recorded, result


def of_kind(facts, kind):
    return [fact for fact in facts if isinstance(fact, kind)]


def test_the_flow_says_which_queue_with_which_priority_and_segment():
    facts, result = facts_of_day(ways(TO_AGENT))
    queued = of_kind(facts, CallQueued)
    assert len(queued) == result.account.flow.callers > 20
    assert {(one.queue_id, one.priority, one.segment) for one in queued} == {("q", 7, "gold")}


def test_time_in_the_flow_is_that_of_the_prompt_the_thought_and_the_keys():
    _, result = facts_of_day(ways(TO_AGENT))
    prompt_s = len("For our address press 1, for an agent press 2.") / 15
    assert result.account.figures()["flow_time_s"] == pytest.approx(prompt_s + 1.0, abs=0.01)
    known = msgspec.structs.replace(QUICK, prompt_s={"menu": 9.0})
    _, stated = facts_of_day(ways(TO_AGENT), habits=known)
    assert stated.account.figures()["flow_time_s"] == pytest.approx(10.0, abs=0.01)


def test_what_the_flow_serves_by_itself_is_contained_and_never_queued():
    """Half of the callers want no more than an answer; the flow has one, or has it no more."""
    drawn = draw_callers(scenario(flow=PlainFlow(self_served=0.5)), Streams(1))
    askers = sum(one.flow_outcome is FlowOutcome.SELF_SERVED for one in drawn)
    wants = {"flow": PlainFlow(self_served=0.5)}
    callers = ways(TO_AGENT, self_served=[[{"when": "address", "key": "1"}]])
    _, result = facts_of_day(callers, **wants)
    assert result.account.flow.outcomes["self_served"] == askers > 20
    assert result.account.figures()["containment"] == askers / len(drawn)
    without = FLOW.replace('{key: "1", to: address}, ', "").replace(
        "For our address press 1, f", "F"
    )
    _, changed = facts_of_day(callers, document=without.replace("  address:", "  #"), **wants)
    assert changed.account.figures()["containment"] == 0
    assert changed.account.total.offered == result.account.flow.callers


def test_opening_hours_are_those_of_the_calendars_date():
    """The office closes at 08:40; the small centre's callers come from 08:00 to 09:00."""
    hours = "{kind: hours, hours: office, open: people, closed: message}"
    document = FLOW.replace("  agents: {kind: queue", f"  agents: {hours}\n  people: {{kind: queue")
    facts, result = facts_of_day(ways(TO_AGENT), document=document)
    half_past = [one.at_ms for one in of_kind(facts, CallQueued)]
    assert max(half_past) < (8 * 60 + 40) * 60_000 < max(one.at_ms for one in facts)
    left = of_kind(facts, VoicemailLeft)
    assert {one.duration_ms for one in left} == {15_000}
    assert result.account.calls["voicemail"] == len(left) > 5


def test_callers_who_hang_up_are_counted_where_they_did():
    gone = msgspec.structs.replace(QUICK, hang_up_shares={"menu": 0.3, "elsewhere": 1.0})
    facts, result = facts_of_day(ways(TO_AGENT), habits=gone)
    flow = result.account.flow
    assert (
        0
        < flow.drops["menu"]
        == flow.drops.total()
        == result.account.figures()["flow_drop_out"] * (flow.callers)
    )
    ended = of_kind(facts, FlowEnded)
    assert {one.outcome for one in ended} == {FlowOutcome.ABANDONED}
    assert len(ended) == flow.drops["menu"]


def test_silence_and_wrong_keys_cost_questions():
    _, calm = facts_of_day(ways(TO_AGENT))
    slips = msgspec.structs.replace(QUICK, silent_share=0.3, wrong_key_share=0.3)
    _, slipping = facts_of_day(ways(TO_AGENT), habits=slips)
    assert calm.account.figures()["flow_questions"] == 1
    assert slipping.account.figures()["flow_questions"] > 1.2


def test_who_does_not_know_what_to_answer_asks_for_a_person_or_says_nothing():
    lost = msgspec.structs.replace(QUICK, asks_for_person_share=0.0)
    _, silent = facts_of_day(ways({"when": "no such prompt", "key": "1"}), habits=lost)
    assert silent.account.figures()["flow_questions"] == 2, "two silences lead to a person"
    asks = msgspec.structs.replace(QUICK, asks_for_person_share=1.0)
    _, asking = facts_of_day(ways({"when": "no such prompt", "key": "1"}), habits=asks)
    assert asking.account.figures()["flow_questions"] == 1
    assert asking.account.total.offered == silent.account.total.offered


def test_sentences_are_drawn_by_weight_and_may_be_unheard():
    phrases = "phrases: {en-GB: [a person please]}"
    document = FLOW.replace('{key: "2", to: agents}', f'{{key: "2", to: agents, {phrases}}}')
    said = ways({"when": "for an agent", "say": {"a person please": 3, "a house": 1}})
    _, heard = facts_of_day(said, document=document)
    assert heard.account.flow.questions > heard.account.flow.callers, "a house is nothing here"
    deaf = msgspec.structs.replace(QUICK, unheard_share=1.0, asks_for_person_share=0.0)
    _, unheard = facts_of_day(said, document=document, habits=deaf)
    assert unheard.account.figures()["flow_questions"] == 2


def test_a_waiting_caller_may_leave_by_key_and_be_rung_back():
    leaves = {"when": "to stop waiting", "key": "*", "after_wait_s": 20}
    callers = ways(TO_AGENT, leaves, {"when": "call you back", "key": "1"})
    facts, result = facts_of_day(
        callers, agents=2, patience_s=Constant(900.0), queue={"callback_retry_ms": 60_000}
    )
    left, asked = of_kind(facts, CallLeftQueue), of_kind(facts, CallbackAsked)
    assert len(left) == len(asked) == result.account.calls["callback"] > 5
    waited_ms = {one.call_id: one.at_ms for one in of_kind(facts, CallQueued)}
    assert all(one.at_ms - waited_ms[one.call_id] == 20_000 for one in left)


def test_a_caller_taken_out_of_the_line_goes_on_in_the_flow():
    """The queue sends its overlong waits back to the flow, which offers a callback."""
    callers = ways(TO_AGENT, {"when": "call you back", "key": "2"})
    relaxing = {"relaxation": (RelaxStep(after_ms=30_000, send="flow"),)}
    facts, result = facts_of_day(callers, agents=2, patience_s=Constant(900.0), queue=relaxing)
    assert len(of_kind(facts, CallLeftQueue)) == result.account.calls["voicemail"] > 5


def test_redials_walk_again():
    callers = ways(TO_AGENT)
    small, in_use = walked(callers, agents=2, patience_s=Constant(30.0))
    kind = msgspec.structs.replace(
        small.calls["calls"], manners=Manners(redial_share=0.9, redial_after_s=Constant(60.0))
    )
    again = msgspec.structs.replace(small, calls={"calls": kind})
    result = simulate_day(again, 1, flow=in_use)
    assert result.problems == ()
    assert result.account.flow.callers > simulate_day(small, 1, flow=in_use).account.flow.callers


def test_a_flow_may_ask_how_long_its_queue_is():
    is_full = "{when: {queue.q.waiting: {above: 2}}, to: message}"
    agents = f"{{kind: condition, cases: [{is_full}], otherwise: people}}"
    document = FLOW.replace(
        "  agents: {kind: queue", f"  agents: {agents}\n  people: {{kind: queue"
    )
    _, result = facts_of_day(
        ways(TO_AGENT), document=document, agents=2, patience_s=Constant(900.0)
    )
    assert result.account.calls["voicemail"] > 5


def test_other_systems_answer_as_the_scenario_says():
    look = """
  agents:
    kind: data
    url: https://crm.example/who
    save: {tier: tier}
    next: sorted
    failed: message
  sorted: {kind: condition, cases: [{when: {tier: gold}, to: people}], otherwise: message}
  people: {kind: queue"""
    document = FLOW.replace("\n  agents: {kind: queue", look)
    lookups = {"agents": [{"values": {"tier": "gold"}, "weight": 3}, {"fails": True}]}
    habits = msgspec.convert(
        {"lookups": lookups, "think_s": {"kind": "constant", "value": 1}}, CallFlow
    )
    _, result = facts_of_day(ways(TO_AGENT), document=document, habits=habits)
    gold = result.account.total.offered / result.account.flow.callers
    assert gold == pytest.approx(0.75, abs=0.12)
    with pytest.raises(ScenarioError, match="'agents' asks another system; say what it answers"):
        walked(ways(TO_AGENT), document=document)


def test_the_same_seed_walks_the_same_day_whatever_the_workers():
    slips = msgspec.structs.replace(QUICK, hang_up_share=0.05, silent_share=0.1, hurry_share=0.3)
    small, in_use = walked(ways(TO_AGENT), habits=slips)
    one = simulate(small, days=2, seed=5, flow=in_use)
    two = simulate(small, days=2, seed=5, flow=in_use, workers=2)
    assert one == two
    assert one.days[0].account != one.days[1].account


def test_a_walked_day_does_not_depend_on_the_order_of_hashes():
    code = (
        "from tests.simulator.test_walks import TO_AGENT, walked, ways\n"
        "from simulator.day import simulate_day\n"
        "small, in_use = walked(ways(TO_AGENT))\n"
        "print(simulate_day(small, 5, flow=in_use))"
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


def test_what_does_not_go_together_is_refused_in_words():
    with pytest.raises(ScenarioError, match="leads to the queue 'sales'; the centre has q"):
        walked(ways(TO_AGENT), document=FLOW.replace("queue: q", "queue: sales"))
    small = scenario()
    flow = read_flow(FLOW, file="small.yaml")
    with pytest.raises(ScenarioError, match=r"need a date.*calendar\.first_day"):
        flow_in_use(small, flow, ways(TO_AGENT), "Europe/London")
    dated = msgspec.structs.replace(small, calendar=WEDNESDAY)
    with pytest.raises(ScenarioError, match="no call type has ways; there are calls"):
        flow_in_use(dated, flow, {}, "Europe/London")
    with pytest.raises(ScenarioError, match="'Mars' is no time zone"):
        flow_in_use(dated, flow, ways(TO_AGENT), "Mars")
    with pytest.raises(msgspec.ValidationError, match=r"make 1\.2; 1 is the most"):
        msgspec.convert({"hang_up_share": 0.6, "silent_share": 0.6}, CallFlow)
