"""People written in YAML, and people drawn from the seed."""

import statistics

import pytest

from simulator.carrier.people.manners import Prompt, Reaction, reacting
from simulator.carrier.people.population import Dialled, Habits, RandomPopulation
from simulator.carrier.people.script import ScriptError, read_script

MORNING = """
seed: 7
callers:
  - from: "+15550100123"
    to: "+15550100100"
    at_s: 5
    reactions: [{when: balance, key: "1"}, {say: "no, thank you", after_s: 0.5}]
  - from: "+1555010014#"
    to: "+15550100100"
    count: 400
    every_s: 30
    patience_s: {mean: 120, spread: 0.8}
    talk_s: 90
callees:
  "client:ana": {ring_s: 4, lingers_s: 3, stays_s: null}
  "+15550100177": {pick_up: busy}
others: {busy_share: 1.0}
"""


@pytest.fixture
def script(tmp_path):
    def write(text):
        path = tmp_path / "people.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_file_becomes_people(script):
    people = read_script(script(MORNING)).population()
    callers = list(people.callers())
    first = callers[0]
    assert (first.from_number, first.at_s) == ("+15550100123", 5.0)
    assert first.manner.reactions[1] == Reaction(say="no, thank you", after_s=0.5)
    assert [caller.at_s for caller in callers] == sorted(caller.at_s for caller in callers)
    group = callers[1:]
    assert statistics.mean(c.manner.patience_s for c in group) == pytest.approx(120, rel=0.25)
    assert {c.manner.talk_s for c in group} == {90.0}
    assert callers[-1].at_s == pytest.approx(400 * 30, rel=0.2)
    ana = people.callee(Dialled("client:ana", "", 1))
    assert (ana.ring_s, ana.manner.lingers_s, ana.manner.stays_s) == (4.0, 3.0, None)
    assert people.callee(Dialled("+15550100177", "", 1)).pick_up == "busy"
    assert people.callee(Dialled("+15550100199", "", 1)).pick_up == "busy"


def test_same_file_gives_the_same_people(script):
    path = script(MORNING)
    assert list(read_script(path).population().callers()) == list(
        read_script(path).population().callers()
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("callers: 3", r"people.yaml: .*\$\.callers"),
        ("callers: [{from: '1'}]", r"missing required field `to`"),
        ("caller: []", r"unknown field `caller`"),
        ("callees: {x: {pick_up: maybe}}", r"Invalid enum value 'maybe'"),
        ("callees: {x: {ring_s: {mean: -1}}}", r"mean must be above 0"),
        ("callers: [", r"people.yaml"),
        ("callers: [{from: '1', to: '2', reactions: [{when: '['}]}]", r"`when` is no regular"),
        ("callees: {x: {reactions: [{key: one}]}}", r"`key` is 'one'.*reactions"),
        ("callers: [{from: '1', to: '2', patience_s: -5}]", r">= 0.0.*patience_s"),
        ("callers: [{from: '1', to: '2', at_s: -5}]", r">= 0.0.*at_s"),
        ("callers: [{from: '1', to: '2', count: 2, every_s: -5}]", r">= 0.0.*every_s"),
        ("callers: [{from: '1', to: '2', count: -2}]", r">= 0.*count"),
        ("callees: {x: {ring_s: -1}}", r">= 0.0.*ring_s"),
        ("callees: {x: {voice_confidence: 9}}", r"<= 1.0.*voice_confidence"),
        ("others: {busy_share: 2}", r"<= 1.0.*busy_share"),
    ],
)
def test_mistake_in_the_file_is_told_with_its_place(script, text, complaint):
    with pytest.raises(ScriptError, match=complaint):
        read_script(script(text))


def test_group_without_gaps_arrives_at_once(script):
    text = "callers: [{from: '+15550100123', to: '+15550100100', at_s: 5, count: 3, every_s: 0}]"
    callers = read_script(script(text)).population().callers()
    assert [caller.at_s for caller in callers] == [5.0, 5.0, 5.0]


def test_missing_file_is_told(tmp_path):
    with pytest.raises(ScriptError, match="No such file"):
        read_script(tmp_path / "nobody.yaml")


def test_random_callees_depend_on_the_number_not_on_the_order():
    numbers = [f"+1555010{n:04d}" for n in range(100, 200)]
    forward = [RandomPopulation(3).callee(Dialled(n, "", 1)) for n in numbers]
    people = RandomPopulation(3)
    backward = [people.callee(Dialled(n, "", 1)) for n in reversed(numbers)]
    assert forward == backward[::-1]


def test_random_callees_have_the_shares_of_their_habits():
    habits = Habits(busy_share=0.2, no_answer_share=0.3, machine_share=0.5)
    people = RandomPopulation(5, habits)
    drawn = [people.callee(Dialled("+15550100123", "", n)) for n in range(4000)]
    share = dict.fromkeys(("busy", "no-answer", "answers"), 0)
    for callee in drawn:
        share[callee.pick_up] = share.get(callee.pick_up, 0) + 1 / len(drawn)
    assert share["busy"] == pytest.approx(0.2, abs=0.03)
    assert share["no-answer"] == pytest.approx(0.3, abs=0.03)
    answered = [callee for callee in drawn if callee.pick_up == "answers"]
    machines = sum(callee.kind == "machine" for callee in answered) / len(answered)
    assert machines == pytest.approx(0.5, abs=0.04)


def test_reactions_are_used_up_in_order_where_they_match():
    respond = reacting(
        (Reaction(when="balance", key="1"), Reaction(key="2"), Reaction(when="hello", times=0))
    )
    keys = [respond(Prompt(text, 1.0, ("dtmf",))) for text in ("Your BALANCE?", "balance", "what")]
    assert [reaction and reaction.key for reaction in keys] == ["1", "2", None]
    assert respond(Prompt("hello", 1.0)) == respond(Prompt("hello", 1.0))
