"""Distributions of durations, written as text and drawn in blocks.

A scenario names a distribution by its kind and by figures a manager can read off a report: the mean
and the standard deviation rather than the shape and the rate. Handle times are usually lognormal
or a mixture (many short calls and a heavy tail), patience exponential or Weibull; constants and
observed values are there for what is measured rather than modelled.

    handle_s: {kind: lognormal, mean: 194, sd: 301}
    patience_s: {kind: exponential, mean: 365}
    talk_s:
      kind: mixture
      parts:
        - {weight: 0.2, of: {kind: exponential, mean: 20}}
        - {weight: 0.8, of: {kind: gamma, mean: 240, sd: 120}}

Each kind is a frozen record that knows its mean, its distribution function and how to draw many
values at once; `Drawer` hands them out one by one from a block, because one call into numpy costs
as much as many draws inside it. All values are durations: never negative.

The generator to draw from comes from `simulator.streams`; fitting a distribution to observed values
lives in `simulator.calibration`.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats: TypeAlias = NDArray[np.float64]


def _require_positive(kind: str, **figures: float) -> None:
    for name, figure in figures.items():
        if not (math.isfinite(figure) and figure > 0):
            raise ValueError(f"{kind}: {name} must be a number above 0, not {figure!r}")


class _Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """What the kinds share: the field that tells them apart in text."""


class Constant(_Kind, frozen=True, tag="constant"):
    """Always the same value."""

    value: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and self.value >= 0):
            raise ValueError(f"constant: value must be a number of 0 or more, not {self.value!r}")

    @property
    def mean(self) -> float:
        """The value itself."""
        return self.value

    def draw(self, rng: np.random.Generator, count: int) -> Floats:  # noqa: ARG002  (one signature)
        """Return the value `count` times; nothing is drawn."""
        return np.full(count, self.value)

    def cdf(self, x: Floats) -> Floats:
        """Share of values at most `x`."""
        return np.asarray(x >= self.value, dtype=np.float64)


class Exponential(_Kind, frozen=True, tag="exponential"):
    """Memoryless: the remaining duration never depends on the elapsed one."""

    mean: float

    def __post_init__(self) -> None:
        _require_positive("exponential", mean=self.mean)

    def draw(self, rng: np.random.Generator, count: int) -> Floats:
        """Draw `count` independent values."""
        return rng.standard_exponential(count) * self.mean

    def cdf(self, x: Floats) -> Floats:
        """Share of values at most `x`."""
        return -np.expm1(-np.maximum(x, 0.0) / self.mean)


class Lognormal(_Kind, frozen=True, tag="lognormal"):
    """The usual shape of handle times: a hump and a heavy right tail."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _require_positive("lognormal", mean=self.mean, sd=self.sd)

    @property
    def log_sd(self) -> float:
        """Standard deviation of the logarithm."""
        return _log_figures(self.mean, self.sd / self.mean)[1]

    @property
    def log_mean(self) -> float:
        """Mean of the logarithm."""
        return _log_figures(self.mean, self.sd / self.mean)[0]

    def draw(self, rng: np.random.Generator, count: int) -> Floats:
        """Draw `count` independent values."""
        return rng.lognormal(self.log_mean, self.log_sd, count)

    def cdf(self, x: Floats) -> Floats:
        """Share of values at most `x`."""
        logs = np.log(np.maximum(x, np.finfo(np.float64).tiny))
        return np.asarray(special.ndtr((logs - self.log_mean) / self.log_sd))


def draw_lognormal(rng: np.random.Generator, mean: float, cv: float) -> float:
    """Draw one value, for those whose figures change from draw to draw.

    Args:
        rng: The generator to draw from.
        mean: Above 0.
        cv: The standard deviation over the mean.
    """
    return float(rng.lognormal(*_log_figures(mean, cv)))


def _log_figures(mean: float, cv: float) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm."""
    variance = math.log1p(cv * cv)
    return math.log(mean) - variance / 2, math.sqrt(variance)


class Gamma(_Kind, frozen=True, tag="gamma"):
    """A sum of exponential stages; the exponential itself when `sd` equals `mean`."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _require_positive("gamma", mean=self.mean, sd=self.sd)

    @property
    def shape(self) -> float:
        """The number of stages, not necessarily whole."""
        return (self.mean / self.sd) ** 2

    def draw(self, rng: np.random.Generator, count: int) -> Floats:
        """Draw `count` independent values."""
        return rng.standard_gamma(self.shape, count) * (self.mean / self.shape)

    def cdf(self, x: Floats) -> Floats:
        """Share of values at most `x`."""
        scaled = np.maximum(x, 0.0) * (self.shape / self.mean)
        return np.asarray(special.gammainc(self.shape, scaled))


class Weibull(_Kind, frozen=True, tag="weibull"):
    """Patience that wears out (`shape` above 1) or hardens (`shape` below 1) while waiting."""

    mean: float
    shape: float

    def __post_init__(self) -> None:
        _require_positive("weibull", mean=self.mean, shape=self.shape)

    @property
    def scale(self) -> float:
        """The duration survived by a share 1/e."""
        return self.mean / math.gamma(1 + 1 / self.shape)

    def draw(self, rng: np.random.Generator, count: int) -> Floats:
        """Draw `count` independent values."""
        return rng.weibull(self.shape, count) * self.scale

    def cdf(self, x: Floats) -> Floats:
        """Share of values at most `x`."""
        return -np.expm1(-((np.maximum(x, 0.0) / self.scale) ** self.shape))


class Empirical(_Kind, frozen=True, tag="empirical"):
    """Observed values, each as likely as any other."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("empirical: values must hold at least one number")
        for index, value in enumerate(self.values):
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"empirical: values[{index}] must be 0 or more, not {value!r}")

    @property
    def mean(self) -> float:
        """The mean of the observed values."""
        return math.fsum(self.values) / len(self.values)

    def draw(self, rng: np.random.Generator, count: int) -> Floats:
        """Draw `count` values with replacement."""
        return np.asarray(self.values, dtype=np.float64)[rng.integers(len(self.values), size=count)]

    def cdf(self, x: Floats) -> Floats:
        """Share of values at most `x`."""
        ordered = np.sort(np.asarray(self.values, dtype=np.float64))
        return np.asarray(np.searchsorted(ordered, x, side="right") / len(ordered))


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One component of a mixture."""

    weight: float
    """How often it is drawn, relative to the other parts."""
    of: Distribution

    def __post_init__(self) -> None:
        _require_positive("mixture", weight=self.weight)


class Mixture(_Kind, frozen=True, tag="mixture"):
    """Each value comes from one of several distributions, chosen by weight."""

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if not self.parts:
            raise ValueError("mixture: parts must hold at least one distribution")

    @property
    def shares(self) -> Floats:
        """The weights, scaled to a sum of one: (n_parts,)."""
        weights = np.array([part.weight for part in self.parts])
        return np.asarray(weights / weights.sum())

    @property
    def mean(self) -> float:
        """The weighted mean of the parts' means."""
        return float(self.shares @ [part.of.mean for part in self.parts])

    def draw(self, rng: np.random.Generator, count: int) -> Floats:
        """Draw `count` independent values; which part each comes from is drawn first."""
        chosen = rng.choice(len(self.parts), size=count, p=self.shares)
        values = np.empty(count)
        for index, part in enumerate(self.parts):
            mine = chosen == index
            values[mine] = part.of.draw(rng, int(mine.sum()))
        return values

    def cdf(self, x: Floats) -> Floats:
        """Share of values at most `x`."""
        shares = zip(self.shares, self.parts, strict=True)
        return np.asarray(np.sum([share * part.of.cdf(x) for share, part in shares], axis=0))


Distribution: TypeAlias = Constant | Exponential | Lognormal | Gamma | Weibull | Empirical | Mixture


def decode(settings: object) -> Distribution:
    """Turn what a YAML or JSON reader made of a distribution's text into the distribution.

    Raises:
        ValueError: The settings' fault; the message names the field and what would be right.

    Example:
        >>> decode({"kind": "lognormal", "mean": 194, "sd": 301}).mean
        194.0
    """
    try:
        return msgspec.convert(settings, Distribution)  # type: ignore[no-any-return]
    except msgspec.ValidationError as error:
        raise ValueError(f"not a distribution: {error}") from error


class Drawer:
    """Hands out single values of a distribution, drawn in blocks.

    Two drawers over equal streams give equal values whatever the block, except for mixtures, where
    the block decides how the draws of the parts interleave.

    Cost:
        One list pop a value; one numpy call every `block` values.
    """

    __slots__ = ("_block", "_distribution", "_ready", "_rng")

    def __init__(
        self, distribution: Distribution, rng: np.random.Generator, *, block: int = 1024
    ) -> None:
        self._distribution = distribution
        self._rng = rng
        self._block = block
        self._ready: list[float] = []

    def next(self) -> float:
        """Return the next value."""
        if not self._ready:
            self._ready = self._distribution.draw(self._rng, self._block).tolist()
            self._ready.reverse()
        return self._ready.pop()
