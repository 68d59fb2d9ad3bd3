"""From what a caller said to what they want: a small model trained from examples.

The model is a linear one over words and characters (`features`), trained in seconds from the
examples of a flow, held in memory by every web process, with no download and no randomness: the
same examples give the same model. `docs/intents.md` has its figures on public data and the
alternatives that were measured.
"""

from collections.abc import Sequence

import numpy as np

from ivr.intents.training import Fit, fit
from ivr.intents.vectors import Sentences, Vocabulary
from ivr.understanding import OUT_OF_SCOPE, Costs, Decision, Reading, decide


class IntentClassifier:
    """Tells which intents a sentence may mean."""

    def __init__(self, *, classes: tuple[str, ...], vocabulary: Vocabulary, fitted: Fit) -> None:
        self.classes = classes
        self._vocabulary = vocabulary
        self._fitted = fitted
        self._served = [place for place, name in enumerate(classes) if name != OUT_OF_SCOPE]

    @classmethod
    def train(
        cls,
        examples: Sequence[tuple[str, str]],
        sentences: Sentences | None = None,
        *,
        calibrated: bool = True,
    ) -> "IntentClassifier":
        """Train a model.

        Args:
            examples: Pairs of (text, intent), in any languages. Examples of the intent
                `out_of_scope`, if any, teach what does not belong.
            sentences: A model of whole English sentences to use beside words and characters,
                for those who have one (`ivr.intents.sentences`).
            calibrated: False saves nine tenths of the time and gives the same ranking, with
                probabilities that mean nothing and nothing out of scope.

        Raises:
            ValueError: The examples name fewer than two intents, or one has no words in it.

        Example:
            >>> model = IntentClassifier.train(
            ...     [("I lost my card", "card"), ("card stolen", "card"), ("卡丢了", "card"),
            ...      ("send money", "pay"), ("pay a bill", "pay"), ("我要转账", "pay")])
            >>> model.rank("my credit card 丢了")[0][0]
            'card'
        """
        classes = tuple(dict.fromkeys(intent for _, intent in examples))
        if len(classes) < 2:
            raise ValueError("examples must name at least two intents to tell apart")
        vocabulary = Vocabulary.of([text for text, _ in examples], sentences)
        vectors = [vocabulary.vector(text) for text, _ in examples]
        for (text, intent), vector in zip(examples, vectors, strict=True):
            if not len(vector.index):
                raise ValueError(f"example {text!r} of {intent} has no words in it")
        labels = np.array([classes.index(intent) for _, intent in examples], dtype=np.int64)
        fitted = fit(vectors, labels, vocabulary.width, calibrated=calibrated)
        return cls(classes=classes, vocabulary=vocabulary, fitted=fitted)

    def read(self, text: str) -> Reading:
        """Rank the intents for a sentence and say whether it resembles any example at all.

        Cost:
            O(features of the sentence * classes); some 0.2 ms for 77 classes.
        """
        vector = self._vocabulary.vector(text)
        scores = vector.value @ self._fitted.weights[vector.index] + self._fitted.bias
        shares = np.exp((scores - scores.max()) / self._fitted.temperature)
        shares /= shares.sum()
        order = np.argsort(-shares, kind="stable")
        ranking = tuple((self.classes[place], float(shares[place])) for place in order)
        likeness = float(scores[self._served].max())
        is_known = len(vector.index) > 0 and likeness >= self._fitted.floor
        return Reading(
            ranking=ranking,
            is_known=is_known and ranking[0][0] != OUT_OF_SCOPE,
            likeness=likeness,
        )

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Give all intents with calibrated probabilities, best first."""
        return list(self.read(text).ranking)

    def decide(self, text: str, costs: Costs | None = None) -> Decision:
        """Say what to do about a sentence; see `ivr.understanding`."""
        return decide(self.read(text), costs)
