"""Features to numbers: a vocabulary learnt from examples, and the weighted vector of a sentence.

Each feature weighs (1 + log count) * idf, with idf = log((1 + n) / (1 + n_with)) + 1, and each
block of features is scaled to length 1, as is common for text.

Source: Manning, Raghavan, Schuetze, "Introduction to Information Retrieval", 2008, section 6.4
(sublinear term frequency, smoothed inverse document frequency).
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivr.intents.features import Block, Feature, features

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Vocabulary":
        """Learn the features of examples, placed in the order of their first appearance."""
        found: Counter[Feature] = Counter()
        for text in texts:
            found.update(dict.fromkeys(features(text)).keys())
        total = 1 + len(texts)
        weights = [math.log(total / (1 + count)) + 1 for count in found.values()]
        return cls({feature: place for place, feature in enumerate(found)}, weights)

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
        scaled = [values[place][1] / math.sqrt(lengths[values[place][0]]) for place in places]
        return Sparse(np.array(places, dtype=np.int64), np.array(scaled, dtype=np.float64))
