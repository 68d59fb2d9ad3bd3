"""How good a model is: on sentences it has not seen, with the mistakes named.

Accuracy alone says little to the person who owns the intents. What helps is which two intents are
taken for each other, which have too few examples, whether "80 % sure" is right 8 times in 10, how
many sentences that do not belong are noticed, and what the caller would have lived through: how
often the model goes on at once, how often wrongly, how often it asks.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ivr.intents.classifier import IntentClassifier
from ivr.intents.vectors import Remembered, Sentences
from ivr.understanding import OUT_OF_SCOPE, Action, Costs, Understanding, decide

Examples = Sequence[tuple[str, str]]
"""Pairs of (text, intent)."""
BIN_COUNT = 10
FOLD_COUNT = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """One test sentence and what the model made of it."""

    text: str
    intent: str
    """What it means, by the test data."""
    found: str
    """The best intent that is not out of scope."""
    probability: float
    is_known: bool
    likeness: float
    action: Action

    @property
    def is_right(self) -> bool:
        """Whether the best intent is the right one, nothing rejected."""
        return self.found == self.intent


@dataclass(frozen=True, slots=True)
class Confusion:
    """One intent taken for another."""

    intent: str
    taken_for: str
    count: int
    share: float
    """Of the intent's sentences."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Sentences whose best probability falls into one tenth."""

    low: float
    count: int
    probability_mean: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a test found."""

    judged: tuple[Judged, ...]

    @property
    def belonging(self) -> tuple[Judged, ...]:
        """The sentences that belong to an intent."""
        return tuple(one for one in self.judged if one.intent != OUT_OF_SCOPE)

    @property
    def accuracy(self) -> float | None:
        """Share of belonging sentences whose best intent is right, nothing rejected."""
        return _share(one.is_right for one in self.belonging)

    @property
    def false_rejection(self) -> float | None:
        """Share of rightly ranked belonging sentences that are taken for out of scope."""
        return _share(not one.is_known for one in self.belonging if one.is_right)

    @property
    def out_of_scope_recall(self) -> float | None:
        """Share of sentences that do not belong which are noticed."""
        return _share(not one.is_known for one in self.judged if one.intent == OUT_OF_SCOPE)

    @property
    def accepted(self) -> float | None:
        """Share of belonging sentences on which the model goes on at once."""
        return _share(one.action == "accept" for one in self.belonging)

    @property
    def accepted_right(self) -> float | None:
        """Of those, the share that is right."""
        return _share(one.is_right for one in self.belonging if one.action == "accept")

    @property
    def bins(self) -> list[Bin]:
        """The belonging sentences by tenths of probability, empty tenths left out."""
        tenths: dict[int, list[Judged]] = {}
        for one in self.belonging:
            tenths.setdefault(min(int(one.probability * BIN_COUNT), BIN_COUNT - 1), []).append(one)
        return [_bin(tenth, tenths[tenth]) for tenth in sorted(tenths)]

    @property
    def calibration_error(self) -> float | None:
        """Mean distance between how sure the model is and how often it is right.

        Source: Naeini, Cooper, Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
        binning", 2015 (expected calibration error), ten bins of equal width.
        """
        total = len(self.belonging)
        if not total:
            return None
        return (
            sum(one.count * abs(one.probability_mean - one.accuracy) for one in self.bins) / total
        )

    def confusions(self, count_min: int = 2) -> list[Confusion]:
        """Give the pairs of intents taken for each other, most frequent first."""
        totals = Counter(one.intent for one in self.belonging)
        pairs = Counter((one.intent, one.found) for one in self.belonging if not one.is_right)
        return [
            Confusion(intent, found, count, count / totals[intent])
            for (intent, found), count in sorted(
                pairs.items(), key=lambda pair: (-pair[1], pair[0])
            )
            if count >= count_min
        ]


def _share(values: Iterable[bool]) -> float | None:
    counted = list(values)
    return sum(counted) / len(counted) if counted else None


def _bin(tenth: int, inside: list[Judged]) -> Bin:
    count = len(inside)
    return Bin(
        low=tenth / BIN_COUNT,
        count=count,
        probability_mean=sum(one.probability for one in inside) / count,
        accuracy=sum(one.is_right for one in inside) / count,
    )


def evaluate(model: Understanding, examples: Examples, costs: Costs | None = None) -> Evaluation:
    """Try a model on sentences it has not seen."""
    return Evaluation(tuple(_judged(model, text, intent, costs) for text, intent in examples))


def _judged(model: Understanding, text: str, intent: str, costs: Costs | None) -> Judged:
    reading = model.read(text)
    found, probability = next(
        (pair for pair in reading.ranking if pair[0] != OUT_OF_SCOPE), (OUT_OF_SCOPE, 0.0)
    )
    action = decide(reading, costs).action
    return Judged(
        text,
        intent,
        found,
        probability,
        is_known=reading.is_known,
        likeness=reading.likeness,
        action=action,
    )


def cross_validate(
    examples: Examples,
    fold_count: int = FOLD_COUNT,
    *,
    extra: Examples = (),
    sentences: Sentences | None = None,
    calibrated: bool = True,
) -> Evaluation:
    """Judge every example by a model that has not seen it.

    An intent with a single example cannot be learnt without it and is left out.

    Args:
        examples: All there are.
        fold_count: How many models are trained, each without one part of the examples.
        extra: More examples that every model learns and that are not judged.
        sentences: The model of whole sentences to use beside words and characters, if any.
        calibrated: Whether more than the best intent of each is looked at; without, it takes a
            tenth of the time.
    """
    remembered = None if sentences is None else Remembered(sentences)
    counts = Counter(intent for _, intent in examples)
    kept = [(text, intent) for text, intent in examples if counts[intent] > 1]
    seen: Counter[str] = Counter()
    folds: list[list[tuple[str, str]]] = [[] for _ in range(fold_count)]
    for text, intent in kept:
        folds[seen[intent] % fold_count].append((text, intent))
        seen[intent] += 1
    judged: list[Judged] = []
    for held_out in filter(None, folds):
        known = [pair for fold in folds if fold is not held_out for pair in fold] + [*extra]
        if len({intent for _, intent in known}) > 1:
            model = IntentClassifier.train(known, remembered, calibrated=calibrated)
            judged += evaluate(model, held_out).judged
    return Evaluation(tuple(judged))


def read_examples(text: str) -> list[tuple[str, str]]:
    """Read a table of `text<TAB>intent` lines, with or without a heading.

    Raises:
        ValueError: A line has no tab or an empty side; the message names it.
    """
    pairs: list[tuple[str, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        said, tab, intent = line.partition("\t")
        if number == 1 and said.strip().casefold() == "text":
            continue
        if not tab or not said.strip() or not intent.strip():
            raise ValueError(f"line {number}: expected text, a tab and an intent, found {line!r}")
        pairs.append((said.strip(), intent.strip()))
    return pairs


def report(evaluation: Evaluation, confusion_limit: int = 10) -> str:
    """Write an evaluation for people."""
    lines = [
        f"sentences               {len(evaluation.judged)}",
        f"accuracy                {_percent(evaluation.accuracy)}",
        f"calibration error       {_percent(evaluation.calibration_error)}",
        f"goes on at once         {_percent(evaluation.accepted)}",
        f"  of these right        {_percent(evaluation.accepted_right)}",
        f"wrongly out of scope    {_percent(evaluation.false_rejection)}",
        f"out of scope, noticed   {_percent(evaluation.out_of_scope_recall)}",
    ]
    lines += ["", "probability   sentences   right"]
    lines += [
        f"{one.low:.1f} - {one.low + 0.1:.1f}     {one.count:9d}   {_percent(one.accuracy)}"
        for one in evaluation.bins
    ]
    confusions = evaluation.confusions()[:confusion_limit]
    if confusions:
        lines += ["", "taken for each other"]
        lines += [
            f"{one.count:4d} ({one.share:.0%})  {one.intent} taken for {one.taken_for}"
            for one in confusions
        ]
    return "\n".join(lines) + "\n"


def _percent(share: float | None) -> str:
    return "   none" if share is None else f"{share:7.1%}"
