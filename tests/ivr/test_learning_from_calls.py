"""What finished calls teach: read from their trails, listed, and written into a flow's file."""

import json

import msgspec
import pytest

from ivr.flow import FlowError, read_flow
from ivr.inputs import Digits, Speech
from ivr.intents.adding import CannotAdd, with_examples
from ivr.intents.evaluation import cross_validate
from ivr.intents.flows import examples_of, understanding_of
from ivr.intents.learning import Lesson, gains, propose, without_numbers
from ivr.intents.walks import lessons_of, read_walks
from ivr.understanding import OUT_OF_SCOPE, Reading
from tests.ivr.flow_texts import Caller

NODES = """
  first: {kind: say, prompt: {en-GB: Hello.}, next: wish}
  wish:
    kind: intent
    prompt: {en-GB: What?}
    routes: {lost: guard, pay: money, fees: money}
    keys: {"1": lost}
  guard: {kind: set, values: {a: b}, next: cards}
  cards: {kind: queue, queue: cards}
  money: {kind: queue, queue: payments}
"""
TEXT = f"""# Ours, since 2019
name: tiny
version: 1
start: first
person: people
languages: {{en-GB: {{}}}}
nodes:
  people: {{kind: queue, queue: general}}
{NODES}
intents:
  lost:   # urgent
    examples:
      - I lost my card    # the usual one
      - 'card''s gone'
      - my card was stolen
      - card lost
      - lost the card
  pay: {{examples: [pay a bill, "send money", make a payment,
                   transfer money, pay my rent]}}
  fees: {{examples: [what are the fees, what does it cost, fees please, the cost, how much is it]}}
answers:
  hours: {{questions: [when are you open], answer: {{en-GB: Nine.}}}}
# the end"""


@pytest.fixture(scope="module")
def flow():
    return understanding_of(read_flow(TEXT, file="tiny.yaml"))


def walk_of(*entries: tuple[str, str], **more: object) -> str:
    trail = [{"at_ms": 0, "node": "wish", "kind": kind, "text": text} for kind, text in entries]
    return json.dumps({"call": "CA1", "trail": trail, **more})


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (walk_of(("said", "plastic gone"), ("intent", "lost")), []),
        (
            walk_of(("said", "plastic gone"), ("keyed", "1"), ("intent", "lost")),
            [("plastic gone", "lost", "confirmed")],
        ),
        (
            walk_of(("said", "plastic gone"), ("said", "yes please"), ("intent", "lost")),
            [("plastic gone", "lost", "confirmed")],
        ),
        (
            walk_of(("said", "plastic gone"), ("keyed", "2"), ("intent", "pay")),
            [("plastic gone", "pay", "chosen")],
        ),
        (
            walk_of(("said", "plastic gone"), ("said", "no"), ("said", "my card is lost"),
                    ("intent", "lost")),
            [("plastic gone", "lost", "refused")],
        ),
        (
            walk_of(("said", "mumble"), ("said", "mumble mumble"), ("went", "no_match")),
            [("mumble", None, "gave_up"), ("mumble mumble", None, "gave_up")],
        ),
        (walk_of(("said", "agent"), ("said", "二"), ("said", "repeat")), []),
        (
            walk_of(("said", "plastic gone"), ("intent", "pay"), passed_on_to="cards"),
            [("plastic gone", "lost", "transferred")],
        ),
        (walk_of(("said", "plastic gone"), ("intent", "pay"), passed_on_to="payments"), []),
        (
            walk_of(("said", "the cost of it"), ("intent", "lost"), passed_on_to="payments"),
            [("the cost of it", "fees", "transferred")],
        ),
        (walk_of(("said", "plastic gone"), ("intent", "pay"), passed_on_to="elsewhere"), []),
        (walk_of(("keyed", "1"), ("intent", "lost")), []),
        ('{"trail": [{"at_ms": 0, "node": "gone", "kind": "said", "text": "card"}]}', []),
        ("{}", []),
    ],
)  # fmt: skip
def test_trail_tells_what_a_sentence_turned_out_to_mean(flow, line, expected):
    found = [(one.text, one.intent, one.evidence) for one in lessons_of(flow, read_walks(line))]
    assert found == expected


class Nearly:
    """A model that would rather ask first."""

    def read(self, text):
        return Reading(ranking=(("lost", 0.78), ("pay", 0.12), ("fees", 0.1)))


def test_trail_of_a_call_that_was_really_walked_is_understood(flow):
    caller = Caller(flow.with_understanding(Nearly()))
    caller.does(Speech, text="something with plastic")
    assert caller.session.stage == "confirm"
    caller.does(Digits, digits="1")
    line = msgspec.json.encode({"trail": caller.session.trail, "way": caller.session.way}).decode()
    walks = read_walks(line)
    assert walks[0].way == ("first", "wish", "guard", "cards")
    assert list(lessons_of(flow, walks)) == [Lesson("something with plastic", "lost", "confirmed")]


@pytest.mark.parametrize("wrong", ["nonsense", '{"trail": 5}', "[]", '{"trail": [{"text": 1}]}'])
def test_line_that_is_no_call_is_named(wrong):
    with pytest.raises(ValueError, match="line 2: "):
        read_walks("{}\n" + wrong)


class Unsure:
    """A model that thinks the same of everything."""

    def read(self, text):
        ranking = (("lost", 0.5), ("pay", 0.3), ("fees", 0.2))
        return Reading(ranking=ranking, is_known="bill" in text)


def test_proposal_of_an_unclear_sentence_is_the_nearest_intent_it_was_not_taken_for(flow):
    known = examples_of(flow.document)
    lessons = [
        Lesson("the lost bill", None, "transferred", wrong="lost"),
        Lesson("=1+1 rent owed", None, "gave_up"),
        Lesson("call me on 020 7946 0123 about rent", None, "gave_up"),
        Lesson("x" * 200, "pay", "chosen"),
        Lesson("🙂 ‼", "pay", "chosen"),
    ]
    found = {one.text: one for one in propose(lessons, known, Unsure())}
    assert set(found) == {"the lost bill", "1+1 rent owed", "call me on about rent"}
    assert (found["the lost bill"].intent, found["the lost bill"].nearest) == ("pay", "lost")
    assert found["1+1 rent owed"].intent == "lost"
    assert found["1+1 rent owed"].nearest == OUT_OF_SCOPE


def test_numbers_of_people_are_taken_out():
    assert without_numbers("my pin is 1 2 3 4 ok") == "my pin is ok"
    assert (
        without_numbers("card four one one one one one one one one one one one one one one one")
        == ""
    )
    assert without_numbers("\x00\u202e") == ""


def test_gain_counts_how_many_more_examples_are_understood(flow):
    known = examples_of(flow.document)
    (wrong,) = propose(
        [Lesson("lost my card and card gone", "pay", "chosen")], known, flow.understanding
    )
    before = sum(one.is_right for one in cross_validate(known).belonging)
    extra = [(wrong.text, wrong.intent)]
    after = sum(one.is_right for one in cross_validate(known, extra=extra).belonging)
    assert gains([wrong], known) == [after - before]
    assert after < before


def test_cross_validation_ranks_the_same_without_calibration(flow):
    known = examples_of(flow.document)
    quick, whole = cross_validate(known, calibrated=False), cross_validate(known)
    assert [one.found for one in quick.judged] == [one.found for one in whole.judged]


def test_examples_are_put_in_and_everything_else_stays():
    additions = {"lost": ['say "gone"', "卡丢了: 真的 # no"], "pay": ["wire it"],
                 "answer:hours": ["opening"], OUT_OF_SCOPE: ["a joke"]}  # fmt: skip
    text = with_examples(TEXT, additions, file="x.yaml")
    kept = [line for line in text.splitlines() if line in TEXT.splitlines()]
    assert kept == [line for line in TEXT.splitlines() if "rent" not in line and "open" not in line]
    assert '      - "say \\"gone\\""\n      - "卡丢了: 真的 # no"\n  pay:' in text
    assert 'pay my rent, "wire it"]}' in text
    assert text.endswith('# the end\nout_of_scope:\n  - "a joke"\n')
    found = examples_of(read_flow(text, file="x.yaml").document)
    assert ('say "gone"', "lost") in found
    again = with_examples(text, {OUT_OF_SCOPE: ["a song"]}, file="x.yaml")
    assert again.endswith('  - "a joke"\n  - "a song"\n')


def test_line_ends_of_the_file_are_kept():
    text = with_examples(TEXT.replace("\n", "\r\n"), {"lost": ["x y"]}, file="x.yaml")
    assert "\n" not in text.replace("\r\n", "")
    empty = TEXT.replace("[when are you open]", "[ ]")
    with pytest.raises(FlowError):
        with_examples(empty, {"lost": ["x"]}, file="x.yaml")


@pytest.mark.parametrize(
    ("text", "additions", "problem"),
    [
        (TEXT, {"none": ["x"]}, "no list intents.none.examples"),
        (TEXT, {"answer:none": ["x"]}, "no list answers.none.questions"),
        (
            TEXT.replace("fees: {examples: [what", "fees: {examples: &a [what").replace(
                "  hours: {questions: [when are you open]", "  hours: {questions: *a"
            ),
            {"fees": ["x"]},
            "change something else",
        ),
        (TEXT, {"lost": ["\ud800"]}, "break the file"),
    ],
)
def test_what_cannot_be_added_is_left_to_the_author(text, additions, problem):
    with pytest.raises(CannotAdd, match=problem):
        with_examples(text, additions, file="x.yaml")
