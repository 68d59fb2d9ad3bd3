"""How long a talk or a wrap-up still takes, learnt as a piecewise-constant hazard.

The hazard of a bin is its ends per second of exposure in it. Contacts that still run add exposure
without an end, so a law learnt in the first minutes of a shift is not biased towards short talks:
those are the ones that end first. A lognormal prior of `prior_weight_s` seconds of exposure in
every bin carries the law until data speak, and keeps bins nobody has reached sensible.

Old contacts fade: when `ends_max` ends have been counted all counts are halved, so the law follows
a list that changes over days and the memory does not grow.

Source: occurrence over exposure is the maximum-likelihood estimator of a piecewise-constant hazard
under right censoring (Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data,
3.2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

#: Bin edges in seconds; the last bin is open.
EDGES_S: Floats = np.array(
    [
        *range(0, 9, 3),
        *range(10, 30, 5),
        *range(30, 60, 10),
        *range(60, 120, 15),
        *range(120, 240, 30),
        *range(240, 480, 60),
        *(480, 600, 750, 900, 1200, 1800),
    ],
    dtype=np.float64,
)


@dataclass(frozen=True, slots=True)
class LognormalPrior:
    """What to believe of a duration before any has been seen."""

    mean_s: float
    cv: float
    weight_s: float = 120.0
    """Seconds of exposure that the prior is worth in each bin."""

    def survival(self, age_s: Floats) -> Floats:
        """Return the probability of lasting longer than each age."""
        sigma2 = np.log1p(self.cv**2)
        mu = np.log(self.mean_s) - sigma2 / 2
        with np.errstate(divide="ignore"):
            z = (np.log(age_s) - mu) / np.sqrt(sigma2)
        return np.asarray(1.0 - ndtr(z), dtype=np.float64)

    def hazards(self) -> Floats:
        """Return the mean hazard of each bin; the open bin continues the one before it."""
        log_survival = np.log(np.maximum(self.survival(EDGES_S), 1e-12))
        inner = -np.diff(log_survival) / np.diff(EDGES_S)
        return np.append(inner, inner[-1])


class HazardLaw:
    """The learnt law of one kind of duration."""

    def __init__(self, prior: LognormalPrior, ends_max: float = 6000.0) -> None:
        self._prior_ends = prior.weight_s * prior.hazards()
        self._prior_weight_s = prior.weight_s
        self._ends_max = ends_max
        self._ends = np.zeros(len(EDGES_S))
        self._exposure_s = np.zeros(len(EDGES_S))

    def observe(self, duration_s: float) -> None:
        """Count one that has ended."""
        age_s = max(0.0, duration_s)
        self._exposure_s += exposure_by_bin(np.array([age_s]))
        self._ends[int(np.searchsorted(EDGES_S, age_s, side="right")) - 1] += 1.0
        if self._ends.sum() > self._ends_max:
            self._ends /= 2.0
            self._exposure_s /= 2.0

    def survival(self, at_s: Floats, running_s: Sequence[float]) -> Floats:
        """Return P(duration > t) at each `at_s`, with those still running taken into account."""
        exposure_s = self._exposure_s + self._prior_weight_s
        if len(running_s):
            exposure_s = exposure_s + exposure_by_bin(np.maximum(0.0, np.asarray(running_s)))
        hazards = (self._ends + self._prior_ends) / exposure_s
        widths_s = np.clip(at_s[:, None] - EDGES_S, 0.0, np.append(np.diff(EDGES_S), np.inf))
        return np.asarray(np.exp(-(widths_s @ hazards)), dtype=np.float64)

    def snapshot(self) -> dict[str, list[float]]:
        """Return the counts as plain values."""
        return {"ends": self._ends.tolist(), "exposure_s": self._exposure_s.tolist()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up the counts that `snapshot` gave."""
        self._ends = np.array(state["ends"], dtype=np.float64)
        self._exposure_s = np.array(state["exposure_s"], dtype=np.float64)


def exposure_by_bin(durations_s: Floats) -> Floats:
    """Return the seconds that durations from 0 spend in each bin, summed over them."""
    widths_s = np.append(np.diff(EDGES_S), np.inf)
    spent_s = np.clip(durations_s[:, None] - EDGES_S, 0.0, widths_s)
    return np.asarray(spent_s.sum(axis=0), dtype=np.float64)
