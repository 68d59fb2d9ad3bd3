"""Features to numbers: a vocabulary learnt from examples, and the weighted vector of a sentence.

Each feature weighs (1 + log count) * idf, with idf = log((1 + n) / (1 + n_with)) + 1, and each
block of features is scaled to a length of its own (`features.WEIGHTS`). With a sentence model
beside them (`sentences`), its numbers stand behind those of the features.

Source: Manning, Raghavan, Schuetze, "Introduction to Information Retrieval", 2008, section 6.4
(sublinear term frequency, smoothed inverse document frequency).
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ivr.intents.features import WEIGHTS, Block, Feature, features

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Sentences(Protocol):
    """What gives whole sentences numbers: `ivr.intents.sentences.SentenceEncoder`."""

    @property
    def width(self) -> int:
        """How many numbers a sentence becomes."""
        ...

    def vector(self, text: str) -> NDArray[np.float32] | None:
        """Give a sentence's numbers; None when it has none."""
        ...


@dataclass(frozen=True, slots=True)
class Remembered:
    """A sentence model that is asked only once about each sentence.

    For examples, which are learnt from again and again; a caller's words are never kept.
    """

    sentences: Sentences
    _vectors: dict[str, NDArray[np.float32] | None] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """How many numbers a sentence becomes."""
        return self.sentences.width

    def vector(self, text: str) -> NDArray[np.float32] | None:
        """Give a sentence's numbers; None when it has none."""
        if text not in self._vectors:
            self._vectors[text] = self.sentences.vector(text)
        return self._vectors[text]


@dataclass(frozen=True, slots=True)
class Sparse:
    """The entries of one sentence's vector that are not zero."""

    index: Ints
    """(n,), ascending."""
    value: Floats
    """(n,)"""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features of the training examples, each with its place and weight."""

    places: dict[Feature, int]
    weights: list[float]
    """Inverse document frequency, by place."""
    sentences: Sentences | None = None

    @classmethod
    def of(cls, texts: Sequence[str], sentences: Sentences | None = None) -> "Vocabulary":
        """Learn the features of examples, placed in the order of their first appearance."""
        found: Counter[Feature] = Counter()
        for text in texts:
            found.update(dict.fromkeys(features(text)).keys())
        total = 1 + len(texts)
        weights = [math.log(total / (1 + count)) + 1 for count in found.values()]
        places = {feature: place for place, feature in enumerate(found)}
        return cls(places, weights, sentences)

    @property
    def width(self) -> int:
        """How long vectors are."""
        return len(self.weights) + (0 if self.sentences is None else self.sentences.width)

    def vector(self, text: str) -> Sparse:
        """Give the vector of a sentence; empty when nothing in it is known."""
        values: dict[int, tuple[Block, float]] = {}
        lengths: dict[Block, float] = {}
        for feature, count in Counter(features(text)).items():
            place = self.places.get(feature)
            if place is not None:
                block = feature[0]
                value = (1 + math.log(count)) * self.weights[place]
                values[place] = (block, value)
                lengths[block] = lengths.get(block, 0.0) + value * value
        places = sorted(values)
        scale = {block: WEIGHTS[block] / math.sqrt(length) for block, length in lengths.items()}
        scaled = [values[place][1] * scale[values[place][0]] for place in places]
        counted = Sparse(np.array(places, dtype=np.int64), np.array(scaled, dtype=np.float64))
        meant = None if self.sentences is None else self.sentences.vector(text)
        if meant is None or not places:  # a sentence without a known word resembles nothing
            return counted
        return Sparse(
            np.concatenate([counted.index, np.arange(len(self.weights), self.width)]),
            np.concatenate([counted.value, meant]),
        )
