"""From recorded durations to the distribution a scenario gets.

Records are not as smooth as distributions: a good part of them may be exactly zero (no after-call
work), or exactly the limit at which the system ended them. Such *atoms* are kept as they are, with
their share, and only the rest is fitted; a fit that stays far from its records is replaced by the
recorded values themselves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from simulator.calibration.durations import Fit, fit_durations
from simulator.distributions import (
    Constant,
    Distribution,
    Empirical,
    Floats,
    Mixture,
    Part,
)

ATOM_SHARE = 0.02
"""A single value that so many records share is a rule of the house, not chance."""

DISTANCE_MAX = 0.1
"""Beyond this distance the recorded values stand for themselves."""

FITTED_LEAST = 30
"""Fewer records than this are taken as they are."""

KEPT_MAX = 200
"""So many values, evenly spread over the recorded ones, stand for them in a scenario."""


@dataclass(frozen=True)
class Shape:
    """A distribution for one purpose, and what it rests on."""

    distribution: Distribution
    values: Floats
    """What was recorded, in order: (n,)."""
    fits: tuple[Fit, ...]
    """Of what is left without atoms, best first; empty where nothing was fitted."""
    how: str
    """How the distribution was found, in words."""

    @property
    def mean_s(self) -> float:
        """Mean of the records."""
        return float(self.values.mean())

    @property
    def mean_half_width_s(self) -> float:
        """Half width of the mean's 95 % interval; infinite for fewer than two records."""
        count = len(self.values)
        if count < 2:
            return math.inf
        error = float(self.values.std(ddof=1)) / math.sqrt(count)
        return float(stats.t.ppf(0.975, count - 1)) * error

    @property
    def distance(self) -> float:
        """Largest difference between recorded and modelled shares, 0 to 1."""
        count = len(self.values)
        points, firsts, counts = np.unique(self.values, return_index=True, return_counts=True)
        model = self.distribution.cdf(points)
        before = self.distribution.cdf(np.nextafter(points, -math.inf))
        above = np.abs((firsts + counts) / count - model)
        below = np.abs(firsts / count - before)
        return float(max(above.max(), below.max()))


def describe_durations(values: Floats) -> Shape:
    """Return the distribution that stands for recorded durations.

    Args:
        values: Seconds, 0 or more: (n,), n at least 1.

    Raises:
        ValueError: There are none, or one is negative.
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    if not len(ordered) or not np.isfinite(ordered).all() or ordered[0] < 0:
        raise ValueError("durations must be 0 or more, and at least one is needed")
    atoms = _atoms(ordered)
    rest = ordered[~np.isin(ordered, list(atoms))]
    if len(rest) < FITTED_LEAST:
        return _as_recorded(ordered, atoms, rest)
    fits = tuple(fit_durations(rest))
    if fits[0].distance > DISTANCE_MAX:
        how = f"as recorded: the best fit, {_name(fits[0])}, strays by {fits[0].distance:.2f}"
        return Shape(Empirical(_thinned(ordered)), ordered, fits, how)
    how = f"{_name(fits[0])}, the likeliest of four" + _words(atoms)
    return Shape(_mixed(fits[0].distribution, len(rest), atoms), ordered, fits, how)


def _atoms(ordered: Floats) -> dict[float, int]:
    """Return values that many records share, with how many."""
    points, counts = np.unique(ordered, return_counts=True)
    many = counts >= max(2, ATOM_SHARE * len(ordered))
    return dict(zip(points[many].tolist(), counts[many].tolist(), strict=True))


def _as_recorded(ordered: Floats, atoms: dict[float, int], rest: Floats) -> Shape:
    if len(atoms) == 1 and not len(rest):
        return Shape(Constant(next(iter(atoms))), ordered, (), "always the same")
    how = f"as recorded: {len(rest)} different values are too few to fit"
    return Shape(Empirical(_thinned(ordered)), ordered, (), how)


def _thinned(ordered: Floats) -> tuple[float, ...]:
    """Return the records, or quantiles that stand for them, to the millisecond."""
    if len(ordered) > KEPT_MAX:
        ordered = np.quantile(ordered, (np.arange(KEPT_MAX) + 0.5) / KEPT_MAX)
    return tuple(np.round(ordered, 3).tolist())


def _mixed(fitted: Distribution, count: int, atoms: dict[float, int]) -> Distribution:
    if not atoms:
        return fitted
    parts = [Part(weight=float(held), of=Constant(value)) for value, held in atoms.items()]
    return Mixture((*parts, Part(weight=float(count), of=fitted)))


def _name(fit: Fit) -> str:
    return type(fit.distribution).__name__.lower()


def _words(atoms: dict[float, int]) -> str:
    return "".join(f"; {held} are exactly {value:g} s" for value, held in atoms.items())
