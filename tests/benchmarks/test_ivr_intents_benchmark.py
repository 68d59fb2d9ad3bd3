"""The intent model on public data: how right, how honest, how fast.

Set `CORDBOARD_INTENT_DATA` to a folder that holds `banking77/train.tsv`, `banking77/test.tsv`
(Casanueva et al. 2020, CC BY 4.0), `xsid_zh/valid.tsv` and `xsid_zh/test.tsv` (van der Goot et al.
2021, CC BY-SA 4.0) as tables of text and intent. Run with `pytest -m bench -s` to see the table
that `docs/intents.md` shows. Figures are asserted as floors, times only printed.
"""

import os
import random
import resource
import subprocess
import sys
import time
from functools import lru_cache
from pathlib import Path

import pytest
from pypinyin import lazy_pinyin

from ivr.intents import IntentClassifier
from ivr.intents.evaluation import Evaluation, evaluate, read_examples
from ivr.intents.sentences import NoSentenceModel, SentenceEncoder
from ivr.intents.vectors import Remembered, Sentences
from ivr.understanding import OUT_OF_SCOPE

pytestmark = pytest.mark.bench
SEED = 7
NOISE_SHARE = 0.3

FAR = """what's the weather like tomorrow|book a table for four tonight|play some jazz music
how tall is mount everest|set an alarm for six in the morning|tell me a joke|who won the football
order a large pizza|how do I cook rice|turn off the kitchen lights|what time is it in Tokyo
find me a flight to Madrid|translate good morning into Spanish|my washing machine leaks
when does the film start|recommend a good book|how many calories are in an apple|call me a taxi
what is the capital of Peru|is there traffic on the motorway|water the plants on Friday
how old is the universe|I need a plumber|the bus did not come|book a haircut for Saturday
can my dog eat grapes|how do I change a tyre|the neighbours are too loud|where is my parcel
I would like to see a doctor|renew my library card|what's on television|fix my broken window
how do I get to the station|my phone screen is cracked|plan a trip to Iceland|read me the news
who wrote Hamlet|start the vacuum cleaner|what should I wear today|add milk to my shopping list
my internet is down|enrol me in the course|how far is the moon|cancel my gym membership
is the museum open|I lost my umbrella on the train|sing me a song|what rhymes with orange
how do I tie a tie|change the channel|is it going to rain|my car will not start|buy two tickets
where can I park|find a vegan restaurant|how do I remove a stain|feed the cat|open the garage"""
HOMOPHONES = {"card": "cart", "pin": "pen", "pay": "bay", "fee": "fees", "rate": "rat", "my": "by",
              "exchange": "ex change", "charged": "charge", "top": "tap",
              "to": "two", "for": "four", "account": "a count", "cash": "cache"}  # fmt: skip
DRAWS = (7, 0, 1, 2)
"""Seeds of the examples drawn; how lucky a draw is makes a point of accuracy."""


@pytest.fixture(scope="module")
def data() -> Path:
    folder = os.environ.get("CORDBOARD_INTENT_DATA")
    if not folder:
        pytest.skip("CORDBOARD_INTENT_DATA names no folder with the public data")
    return Path(folder)


def table(data: Path, name: str) -> list[tuple[str, str]]:
    return read_examples((data / name).read_text(encoding="utf-8"))


def few(rows: list[tuple[str, str]], count: int, seed: int = SEED) -> list[tuple[str, str]]:
    """Draw so many examples of each intent."""
    rng = random.Random(seed)
    by_intent: dict[str, list[str]] = {}
    for text, intent in rows:
        by_intent.setdefault(intent, []).append(text)
    return [
        (text, intent)
        for intent in sorted(by_intent)
        for text in rng.sample(by_intent[intent], min(count, len(by_intent[intent])))
    ]


def noisy(text: str, rng: random.Random) -> str:
    """Hear a sentence badly: words dropped, doubled, or taken for others that sound alike."""
    words = text.split()
    table, glue = HOMOPHONES, " "
    if len(words) < 3:
        words, table, glue = list(text), {one: rng.choice(sounding_like(one)) for one in text}, ""
    heard = []
    for word in words:
        draw = rng.random() / NOISE_SHARE
        if draw >= 1 or draw < 1 / 3:
            heard.append(word if draw >= 1 else table.get(word.casefold(), word))
        elif draw >= 2 / 3:
            heard += [word, word]
    return glue.join(heard) or text


@lru_cache(maxsize=1)
def common_by_sound() -> dict[str, list[str]]:
    """The 3 755 most common Chinese characters by their sound.

    Source: GB/T 2312-1980, level 1 (rows 16 to 55).
    """
    rows = [bytes((0xA0 + row, 0xA0 + cell)) for row in range(16, 56) for cell in range(1, 95)]
    found: dict[str, list[str]] = {}
    for character in (code.decode("gb2312", "ignore") for code in rows):
        if character:
            found.setdefault(lazy_pinyin(character)[0], []).append(character)
    return found


def sounding_like(character: str) -> list[str]:
    """Characters a recogniser could write for another; the character itself among them."""
    is_common = "\u4e00" <= character <= "\u9fff"
    return (
        common_by_sound().get(lazy_pinyin(character)[0], [character]) if is_common else [character]
    )


def misheard(text: str, rng: random.Random) -> str:
    """Write three Chinese characters in ten as others of the same sound."""
    return "".join(
        rng.choice(sounding_like(one)) if rng.random() < NOISE_SHARE else one for one in text
    )


def far_sentences() -> list[tuple[str, str]]:
    return [(text, OUT_OF_SCOPE) for line in FAR.splitlines() for text in line.split("|")]


def noticed(found: Evaluation, outside: Evaluation, rejected_share: float) -> float:
    """Share of outside sentences below the likeness that loses such a share of right answers."""
    right = sorted(one.likeness for one in found.judged if one.is_right)
    border = right[int(len(right) * rejected_share)]
    return sum(one.likeness < border for one in outside.judged) / len(outside.judged)


def measured(
    name: str,
    known: list[tuple[str, str]],
    unseen: list[tuple[str, str]],
    sentences: Sentences | None = None,
) -> Evaluation:
    """Train, judge, and print one row of the table."""
    begun_s = time.process_time()
    model = IntentClassifier.train(known, sentences)
    train_s = time.process_time() - begun_s
    found = evaluate(model, unseen)
    rng = random.Random(SEED)
    heard = evaluate(model, [(noisy(text, rng), intent) for text, intent in unseen])
    has_class = any(intent == OUT_OF_SCOPE for _, intent in known)
    far = None if "zh" in name or has_class else evaluate(model, far_sentences())
    costs_ms = sorted(_cost_ms(model, text) for text, _ in unseen[:500])
    print(
        f"\n| {name} | {found.accuracy:.3f} | {heard.accuracy:.3f} | "
        f"{found.calibration_error:.3f} | {found.accepted:.2f} / {found.accepted_right:.2f} | "
        f"{_outside(found, far)} | "
        f"{train_s:.1f} | {costs_ms[len(costs_ms) // 2]:.2f} / "
        f"{costs_ms[int(len(costs_ms) * 0.99)]:.2f} |"
    )
    return found


def _outside(found: Evaluation, far: Evaluation | None) -> str:
    if far is None:
        return "-"
    own = f"{far.out_of_scope_recall:.2f} at {found.false_rejection:.3f}"
    return f"{own}; {noticed(found, far, 0.05):.2f} at 0.050"


def _cost_ms(model: IntentClassifier, text: str) -> float:
    begun_ns = time.process_time_ns()
    model.decide(text)
    return (time.process_time_ns() - begun_ns) / 1e6


@pytest.mark.parametrize(("count", "floor"), [(5, 0.655), (10, 0.754)])
def test_few_english_examples_of_77_intents(data, count, floor):
    known = few(table(data, "banking77/train.tsv"), count)
    unseen = table(data, "banking77/test.tsv")
    found = measured(f"Banking77, {count} per intent", known, unseen)
    assert found.accuracy >= floor
    assert found.calibration_error <= 0.08


def test_ten_english_examples_and_a_class_of_what_does_not_belong(data):
    known = few(table(data, "banking77/train.tsv"), 10)
    sentences = far_sentences()
    known += sentences[::2]
    found = measured("the same, 30 out of scope", known, table(data, "banking77/test.tsv"))
    judged = evaluate(IntentClassifier.train(known), sentences[1::2])
    print(f"out of scope noticed among the other 30: {judged.out_of_scope_recall:.2f}")
    assert found.accuracy >= 0.74


def test_all_english_examples(data):
    known = table(data, "banking77/train.tsv")
    found = measured("Banking77, all", known, table(data, "banking77/test.tsv"))
    assert found.accuracy >= 0.90


def test_chinese_requests(data):
    found = measured("xSID zh", table(data, "xsid_zh/valid.tsv"), table(data, "xsid_zh/test.tsv"))
    model = IntentClassifier.train(table(data, "xsid_zh/valid.tsv"))
    rng = random.Random(SEED)
    unseen = [(misheard(text, rng), intent) for text, intent in table(data, "xsid_zh/test.tsv")]
    heard = evaluate(model, unseen)
    print(f"3 characters in 10 written as others of their sound: {heard.accuracy:.3f}")
    assert found.accuracy >= 0.936
    assert heard.accuracy >= 0.914
    assert found.calibration_error <= 0.08


@pytest.fixture(scope="module")
def encoder() -> Remembered:
    try:
        return Remembered(SentenceEncoder.load())
    except NoSentenceModel as missing:
        pytest.skip(str(missing))


@pytest.mark.parametrize(("count", "floor"), [(5, 0.80), (10, 0.86)])
def test_few_english_examples_with_a_model_of_sentences(data, encoder, count, floor):
    rows, unseen = table(data, "banking77/train.tsv"), table(data, "banking77/test.tsv")
    name = f"Banking77, {count} per intent, sentence model"
    plain = [measured(name, few(rows, count), unseen, encoder.sentences).accuracy]
    for seed in DRAWS[1:]:
        model = IntentClassifier.train(few(rows, count, seed), encoder, calibrated=False)
        plain.append(evaluate(model, unseen).accuracy)
    print("accuracy by draw:", *(f"{one:.3f}" for one in plain))
    assert sum(plain) / len(plain) >= floor


def test_near_requests_that_are_not_served(data):
    """One intent in five is not served: its sentences are close to those that are."""
    known = few(table(data, "banking77/train.tsv"), 10)
    dropped = sorted({intent for _, intent in known})[::5]
    model = IntentClassifier.train([pair for pair in known if pair[1] not in dropped])
    near = [
        (text, OUT_OF_SCOPE)
        for text, intent in table(data, "banking77/test.tsv")
        if intent in dropped
    ]
    found = evaluate(model, near)
    print(f"\nnear out of scope noticed: {found.out_of_scope_recall:.2f}")
    accepted = sum(one.action == "accept" for one in found.judged) / len(found.judged)
    print(f"near out of scope gone on with at once: {accepted:.2f}")


def test_import_and_memory():
    """What a web process pays for understanding speech."""
    code = (
        "import resource, time; begun = time.process_time(); import ivr.intents; "
        "print(time.process_time() - begun, "
        "int(open('/proc/self/statm').read().split()[1]) * resource.getpagesize() >> 20)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    print("\nimport CPU s, RSS MB after import:", run.stdout.strip())
    print("RSS MB of this process:", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
