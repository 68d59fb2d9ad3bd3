"""Fitting a model to examples: a multinomial logistic regression, and how far to trust it.

With a few hundred examples and ten thousand features the regression is fitted in the space the
examples span: for the squared penalty the best weights are a combination of the examples, so the
features can be rotated to as many columns as there are examples without changing the answer, and
the fit takes a tenth of the time.

A model that has seen five examples of everything is far too modest about its probabilities, one
that has seen a thousand too sure. The *temperature* that makes them honest is found on examples
each model of a cross-validation has not seen. The same held-out scores give the *floor*: the raw
score that all but one in twenty right answers reach. A sentence below it resembles nothing here.

Source: Hastie, Tibshirani, Friedman, "The Elements of Statistical Learning", 2nd ed., section
18.3.5 (computation in the space of the examples); Guo, Pleiss, Sun, Weinberger, "On Calibration of
Modern Neural Networks", 2017 (temperature).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from ivr.intents.vectors import Floats, Ints, Sparse

STRENGTH = 20.0
"""Inverse of the penalty; from 5 to 100 the accuracy on public data is the same within a point."""
FOLDS_MAX = 10
ROTATED_EXAMPLES_MAX = 3000
FALSE_REJECTION_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model in numbers; rows of `weights` are features, columns classes."""

    weights: Floats
    """(n_features, n_classes)"""
    bias: Floats
    """(n_classes,)"""
    temperature: float
    floor: float


def fit(
    vectors: Sequence[Sparse], labels: Ints, feature_count: int, *, calibrated: bool = True
) -> Fit:
    """Fit classes 0, 1, 2 ... to vectors.

    Args:
        vectors: One per example.
        labels: (n_examples,) every class up to the largest occurs.
        feature_count: Length of the vectors.
        calibrated: Whether to find temperature and floor, which is most of the work.
    """
    examples = _matrix(vectors, feature_count)
    with threadpool_limits(limits=1):  # ten times the CPU on two threads, and sums in any order
        if len(vectors) > ROTATED_EXAMPLES_MAX:
            temperature, floor = _calibration(examples, labels, rounds=int(calibrated))
            weights, bias = _regression(examples, labels)
        else:
            rotated, back = _rotated(examples)
            rounds = FOLDS_MAX if calibrated else 0
            temperature, floor = _calibration(rotated, labels, rounds=rounds)
            weights, bias = _regression(rotated, labels)
            weights = examples.T @ (back @ weights)
    return Fit(weights=weights, bias=bias, temperature=temperature, floor=floor)


def _matrix(vectors: Sequence[Sparse], feature_count: int) -> scipy.sparse.csr_matrix:
    ends = np.cumsum([0, *(len(vector.index) for vector in vectors)])
    return scipy.sparse.csr_matrix(
        (
            np.concatenate([vector.value for vector in vectors]),
            np.concatenate([vector.index for vector in vectors]),
            ends,
        ),
        shape=(len(vectors), feature_count),
    )


def _rotated(examples: scipy.sparse.csr_matrix) -> tuple[Floats, Floats]:
    """Turn the examples into as few columns as they span, and give the way back to features."""
    squares, axes = np.linalg.eigh((examples @ examples.T).toarray())
    kept = squares > squares[-1] * 1e-10
    lengths = np.sqrt(squares[kept])
    return axes[:, kept] * lengths, axes[:, kept] / lengths


def _regression(examples: Floats | scipy.sparse.csr_matrix, labels: Ints) -> tuple[Floats, Floats]:
    model = LogisticRegression(C=STRENGTH, max_iter=500).fit(examples, labels)
    weights, bias = model.coef_.T, model.intercept_
    if weights.shape[1] == 1:  # two classes: the library gives one column for the second
        weights, bias = np.hstack([-weights, weights]) / 2, np.array([-bias[0], bias[0]]) / 2
    return weights, bias


def _calibration(
    examples: Floats | scipy.sparse.csr_matrix, labels: Ints, *, rounds: int
) -> tuple[float, float]:
    """Find the temperature and the floor on held-out examples.

    Args:
        examples: One row per example.
        labels: (n_examples,)
        rounds: How many of the folds to hold out, one after another; one is enough for many
            examples, and with none nothing is found.
    """
    scores, classes = _held_out(examples, labels, rounds)
    if not len(classes):  # every class has a single example, or nothing was held out
        return 1.0, -np.inf

    def surprise(log_temperature: float) -> float:
        logs = log_softmax(scores / np.exp(log_temperature), axis=1)
        return -float(logs[np.arange(len(classes)), classes].mean())

    found = minimize_scalar(surprise, bounds=(-3.0, 3.0), method="bounded")
    tops = scores.max(axis=1)[scores.argmax(axis=1) == classes]
    floor = float(np.quantile(tops, FALSE_REJECTION_SHARE)) if len(tops) else -np.inf
    return float(np.exp(found.x)), floor


def _held_out(
    examples: Floats | scipy.sparse.csr_matrix, labels: Ints, rounds: int
) -> tuple[Floats, Ints]:
    """Give the raw scores of examples by models that have not seen them, with their classes."""
    folds = _folds(labels)
    scores: list[Floats] = [np.zeros((0, int(labels.max()) + 1))]
    classes: list[Ints] = [np.zeros(0, dtype=np.int64)]
    for fold in range(rounds):
        is_out = folds == fold
        if is_out.any():
            weights, bias = _regression(examples[~is_out], labels[~is_out])
            scores.append(examples[is_out] @ weights + bias)
            classes.append(labels[is_out])
    return np.concatenate(scores), np.concatenate(classes)


def _folds(labels: Ints) -> Ints:
    """Deal the examples of each class into folds in turn; a class's only example into none (-1).

    So every class is learnt in every round, from at least half of its examples.
    """
    counts = np.bincount(labels)
    seen = dict.fromkeys(range(len(counts)), 0)
    folds = np.full(len(labels), -1, dtype=np.int64)
    for place, label in enumerate(labels.tolist()):
        if counts[label] > 1:
            folds[place] = seen[label] % FOLDS_MAX
            seen[label] += 1
    return folds
