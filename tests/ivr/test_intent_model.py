"""The intent model: what it learns, how sure it is, what it refuses."""

import subprocess
import sys

import pytest

from ivr.intents import IntentClassifier
from ivr.intents.evaluation import cross_validate, evaluate, read_examples, report
from ivr.intents.features import features
from ivr.intents.flows import confusable, understanding_of
from ivr.intents.hints import hints_of
from ivr.intents.learning import Lesson, propose
from ivr.understanding import OUT_OF_SCOPE, Costs, Reading, decide, more_careful
from tests.ivr.flow_texts import tiny

EXAMPLES = [
    (text, intent)
    for intent, texts in {
        "card": ["I lost my card", "my card was stolen", "block my card", "card gone",
                 "我的卡丢了", "银行卡被偷", "挂失卡片"],
        "pay": ["send money", "pay a bill", "transfer money abroad", "a payment please",
                "我要转账", "付账单", "汇款到国外"],
        "hours": ["when are you open", "opening hours", "are you open today", "closing time",
                  "几点开门", "营业时间", "今天营业吗"],
        OUT_OF_SCOPE: ["what is the weather", "play some music", "order a pizza", "tell a joke",
                       "今天天气", "放首歌"],
    }.items()
    for text in texts
]  # fmt: skip


@pytest.fixture(scope="module")
def model() -> IntentClassifier:
    return IntentClassifier.train(EXAMPLES)


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("somebody has stolen my cards", "card"),
        ("I want to transfer some money", "pay"),
        ("我的 credit card 丢了", "card"),
        ("我的銀行卡被偷了", "card"),
        ("請問幾點開門", "hours"),
        ("WHEN ARE YOU OPEN???", "hours"),
    ],
)
def test_wish_is_recognised_in_either_script_and_in_both_at_once(model, said, intent):
    assert model.rank(said)[0][0] == intent
    assert model.decide(said).intent == intent


def test_probabilities_add_up_and_come_best_first(model):
    ranking = model.rank("my card")
    assert sum(probability for _, probability in ranking) == pytest.approx(1.0)
    assert [p for _, p in ranking] == sorted((p for _, p in ranking), reverse=True)


@pytest.mark.parametrize("said", ["", "???", "xyzzy qwrk", "播放一首歌", "order pizza"])
def test_what_does_not_belong_has_no_intent(model, said):
    decision = model.decide(said)
    assert decision.intent is None
    assert decision.action == "ask_again"


def test_same_examples_give_the_same_model_under_any_hash_seed():
    code = (
        "from tests.ivr.test_intent_model import EXAMPLES; "
        "from ivr.intents import IntentClassifier; "
        "print(IntentClassifier.train(EXAMPLES).read('block the card').ranking)"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


def test_two_intents_and_single_examples_are_enough_to_begin():
    model = IntentClassifier.train([("my card", "card"), ("my loan", "loan")])
    assert model.rank("card")[0][0] == "card"
    uneven = IntentClassifier.train([("my card", "card"), ("card", "card"), ("my loan", "loan")])
    assert uneven.rank("loan")[0][0] == "loan"


@pytest.mark.parametrize(
    ("examples", "message"),
    [([("a card", "card")], "at least two"), ([("a card", "card"), ("?!", "loan")], "no words")],
)
def test_examples_that_teach_nothing_are_refused(examples, message):
    with pytest.raises(ValueError, match=message):
        IntentClassifier.train(examples)


def test_many_examples_are_fitted_without_turning_them_around(monkeypatch):
    monkeypatch.setattr("ivr.intents.training.ROTATED_EXAMPLES_MAX", 5)
    model = IntentClassifier.train(EXAMPLES)
    assert model.rank("block my card")[0][0] == "card"


def test_features_follow_the_script_of_each_character():
    found = list(features("我的 card 丢"))
    assert ("han", "我的") in found
    assert ("word", "card") in found
    assert ("run", " ca") in found
    assert ("han", "的丢") not in found
    assert ("word", "my card") in set(features("my card"))


@pytest.mark.parametrize(
    ("chances", "action", "choices"),
    [
        ([0.95, 0.05], "accept", 0),
        ([0.78, 0.07, 0.05, 0.05, 0.05], "confirm", 1),
        ([0.6, 0.21, 0.1, 0.05, 0.04], "choose", 2),
        ([0.5, 0.45, 0.05], "choose", 2),
        ([0.4, 0.22, 0.12, 0.1, 0.1, 0.06], "choose", 3),
        ([0.25, 0.15, 0.12, 0.12, 0.12, 0.12, 0.12], "ask_again", 0),
        ([1.0], "accept", 0),
    ],
)
def test_cheapest_action_is_taken(chances, action, choices):
    ranking = tuple((f"intent{place}", chance) for place, chance in enumerate(chances))
    decision = decide(Reading(ranking=ranking))
    assert decision.action == action
    assert len(decision.choices) == choices


def test_intent_whose_miss_hurts_is_accepted_earlier():
    reading = Reading(ranking=(("fraud", 0.6), ("other", 0.3), ("third", 0.1)))
    assert decide(reading).action == "choose"
    assert decide(reading, wrong_routes={"fraud": 3.0}).action == "accept"
    assert decide(reading, Costs(ask_again=0.0)).action == "ask_again"


def test_unsure_hearing_drops_one_level():
    sure = decide(Reading(ranking=(("pay", 0.99), ("card", 0.01))))
    careful = more_careful(sure)
    assert (careful.action, careful.choices) == ("confirm", ("pay",))
    assert more_careful(careful).action == "ask_again"


def test_evaluation_counts_what_a_caller_would_have_lived_through(model):
    unseen = [("my card is lost", "card"), ("open today", "hours"), ("pizza order", OUT_OF_SCOPE),
              ("play music", "hours")]  # fmt: skip
    found = evaluate(model, unseen)
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.out_of_scope_recall == 1.0
    assert 0.0 <= found.calibration_error <= 1.0
    assert found.false_rejection == 0.0
    assert found.accepted_right == 1.0
    text = report(found)
    assert "accuracy                  66.7%" in text
    assert "taken for" not in text


def test_report_names_what_is_taken_for_what(model):
    found = evaluate(model, [("send money", "card"), ("pay a bill", "card")])
    assert "2 (100%)  card taken for pay" in report(found)


def test_empty_evaluation_has_no_figures():
    found = evaluate(IntentClassifier.train(EXAMPLES), [])
    assert found.accuracy is None
    assert found.calibration_error is None
    assert "none" in report(found)


def test_cross_validation_judges_every_example_that_can_be_missed():
    found = cross_validate([*EXAMPLES, ("alone", "single")])
    assert len(found.judged) == len(EXAMPLES)
    assert found.accuracy > 0.5
    few = cross_validate([("a b", "x"), ("a c", "x"), ("d", "y")])
    assert few.judged == ()


def test_intents_with_the_same_words_are_confusable():
    flow = tiny(
        """
  first: {kind: intent, prompt: {en-GB: What?}, routes: {debit: people, credit: people}}
intents:
  debit:
    examples: [block the card, stop the card, card gone, lost the card, where is it, my card]
  credit:
    examples: [Block the card., Stop the card., Card gone., Lost the card., Where is it?, My card.]
  hours: {examples: [opening hours, open today, when open, closing time, hours today]}
answers:
  fees: {questions: [what are the fees, fees please], answer: {en-GB: None.}}
"""
    )
    findings = confusable(flow)
    assert {finding.check for finding in findings} == {"confusable"}
    assert {finding.at for finding in findings} <= {"intents.credit", "intents.debit"}
    assert all("such as '" in finding.problem for finding in findings)


def test_flow_without_wishes_needs_no_model():
    flow = tiny("  first: {kind: queue, queue: general}\n")
    assert understanding_of(flow) is flow


def test_chinese_that_sounds_alike_is_near():
    heard, meant = set(features("赚账没到")), set(features("转账没到"))
    assert ("sound", "zhuan zhang") in heard & meant
    assert ("han", "转账") not in heard
    model = IntentClassifier.train(
        [("转账没到账", "pay"), ("我要转账", "pay"), ("卡丢了", "card"), ("挂失银行卡", "card")]
    )
    assert model.rank("赚帐")[0][0] == "pay"
    assert model.rank("咖雕啦")[0][0] == "card"


def test_hints_are_what_tells_intents_apart():
    examples = {"card": ["lost card", "卡丢了"], "pay": ["pay a bill", "我要付款"]}
    english = hints_of(examples, chinese=False, count=4)
    assert english[:2] == ("lost card", "pay a bill")
    assert all(ord(hint[0]) < 128 for hint in english)
    assert "卡丢了" in hints_of(examples, chinese=True)
    assert hints_of({}, chinese=False) == ()


def test_table_of_examples_is_read_with_or_without_its_heading():
    assert read_examples("text\tlabel\nhi\tgreet\n\n bye \t part \n") == [
        ("hi", "greet"),
        ("bye", "part"),
    ]
    for wrong in ("no tab here\n", "\tintent\n", "text only\t\n"):
        with pytest.raises(ValueError, match="line 1"):
            read_examples(wrong)


def test_past_calls_propose_what_the_model_does_not_know_yet(model):
    lessons = [
        Lesson("my plastic is missing", "card", "transferred"),
        Lesson("My plastic is missing!", "card", "confirmed"),
        Lesson("wire the dough", "pay", "chosen"),
        Lesson("I lost my card", "card", "transferred"),
        Lesson("it is strange", "card", "chosen"),
        Lesson("it is strange", "pay", "chosen"),
        Lesson("card 4111 1111 1111 1111 is gone missing plastic", "card", "confirmed"),
        Lesson("fix my roof", OUT_OF_SCOPE, "unserved"),
        Lesson("...", "card", "chosen"),
    ]
    found = propose(lessons, EXAMPLES, model)
    by_text = {one.text: one for one in found}
    assert found[0].text == "my plastic is missing"
    assert by_text["my plastic is missing"].count == 2
    assert by_text["my plastic is missing"].evidence == ("transferred", "confirmed")
    assert "I lost my card" not in by_text
    assert "it is strange" not in by_text
    assert not any("4111" in text for text in by_text)
    assert len(propose(lessons, EXAMPLES, model, limit=1)) == 1
