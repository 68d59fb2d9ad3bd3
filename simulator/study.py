"""Many days of one scenario: means with their uncertainty.

One day is one sample; a planner needs to know how far the mean of many may be off. `simulate` runs
independent replications and gives, for every figure of a day, the mean over the days and its 95 %
confidence interval by Student's t, so that "service level 0.84 +- 0.01" can be said and two
variants can be told apart.

Each figure is averaged over days with equal weight (a day's service level counts the same whether
it was busy or quiet), which is what a target "on a typical day" means. Days without a figure (no
live answers, say) do not enter its mean.

Days are spread over processes by joblib. A day depends on its seed and number alone, so the result
is the same for any number of workers, and two studies on one seed compare the same days (common
random numbers): `compare` gives the interval of the difference, which is far narrower than the two
intervals beside each other.

Source: A. M. Law, "Simulation Modeling and Analysis", 5th ed., sections 9.4.1 (replications) and
10.2.1 (paired-t comparison of two systems).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
from joblib import Parallel, delayed
from scipy import stats

from simulator.day import DayResult, simulate_day, watch_day
from simulator.flow_in_use import FlowInUse
from simulator.scenario import Scenario

World = TypeVar("World")

CONFIDENCE = 0.95

BATCH_DAYS = 10
"""Days that are added at a time while a figure is not known well enough."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over days, and how sure it is."""

    mean: float
    half_width: float  #: of the 95 % interval; infinite for fewer than two days
    days: int  #: that had the figure

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self.mean + self.half_width


@dataclass(frozen=True, slots=True)
class StudyResult:
    """What the days of one scenario came to, in the order of the days."""

    scenario: str
    seed: int
    days: tuple[DayResult, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that does not balance, with its day; empty in a good study."""
        return tuple(
            f"day {result.day}: {problem}" for result in self.days for problem in result.problems
        )

    def estimates(self) -> dict[str, Estimate]:
        """Return every figure of a day with its mean and interval; those of no day are left out."""
        return estimates_of([result.account.figures() for result in self.days])

    def estimates_by_day(self) -> dict[str, dict[str, Estimate]]:
        """Return the estimates of each weekday and special day, as they come; {} without dates."""
        rows: dict[str, list[Mapping[str, float | None]]] = {}
        for result in self.days:
            if result.name:
                rows.setdefault(result.name, []).append(result.account.figures())
        return {name: estimates_of(days) for name, days in rows.items()}

    def inbound_estimates(self, begins_ms: int, ends_ms: int) -> dict[str, Estimate]:
        """Return the figures of inbound calls that arrived in a part of the day, likewise."""
        return estimates_of(
            [result.account.inbound_figures(begins_ms, ends_ms) for result in self.days]
        )


def estimates_of(rows: Sequence[Mapping[str, float | None]]) -> dict[str, Estimate]:
    """Return every figure's mean over samples, with its interval; those of no sample are left out.

    Args:
        rows: One mapping a sample, such as a day.
    """
    return {name: estimate(values) for name, values in _columns(rows).items() if values}


def estimate(values: Sequence[float]) -> Estimate:
    """Return the mean of one figure's values, one a day, with its interval.

    Raises:
        ValueError: There is no value; the caller must leave such figures out.

    Example:
        >>> estimate([0.5, 1.0]).mean
        0.75
    """
    if not values:
        raise ValueError("a mean needs at least one day")
    count = len(values)
    mean = math.fsum(values) / count
    if count == 1:
        return Estimate(mean, math.inf, 1)
    spread = float(np.std(values, ddof=1)) / math.sqrt(count)
    quantile = float(stats.t.ppf((1 + CONFIDENCE) / 2, count - 1))
    return Estimate(mean, quantile * spread, count)


def simulate(  # noqa: PLR0913  (one keyword for each thing that may be chosen)
    scenario: Scenario,
    *,
    days: int,
    seed: int,
    workers: int = 1,
    flow: FlowInUse | None = None,
    on_day: Callable[[DayResult], None] | None = None,
    is_watched: bool = False,
) -> StudyResult:
    """Simulate many independent days of a scenario.

    Args:
        scenario: The world, with its centre's settings.
        days: How many, at least 1.
        seed: Any integer; the same seed gives the same days everywhere.
        workers: Processes to use; 1 stays in this one. It does not change the result.
        flow: The call flow that callers walk, if they do.
        on_day: Called with every result as it comes, in the order of the days, for progress.
        is_watched: Whether to keep the course of each day, for a report.

    Raises:
        ValueError: `days` or `workers` is below 1.
        ScenarioError: The scenario has no centre.
    """
    run_day = partial(watch_day if is_watched else simulate_day, flow=flow)
    results = run_days(run_day, scenario, days=days, seed=seed, workers=workers, on_day=on_day)
    return StudyResult(scenario.name, seed, tuple(results))


def run_days(  # noqa: PLR0913  (one keyword for each thing that may be chosen)
    run_day: Callable[[World, int, int], DayResult],
    world: World,
    *,
    days: int,
    seed: int,
    workers: int = 1,
    first_day: int = 0,
    on_day: Callable[[DayResult], None] | None = None,
) -> list[DayResult]:
    """Run independent days, spread over processes, in their order.

    Args:
        run_day: Makes a day from the world, the seed and the day's number; a module's function.
        world: Whatever it makes days of.
        days: How many, at least 1.
        seed: Any integer.
        workers: Processes to use; 1 stays in this one. It does not change the result.
        first_day: The number of the first of them.
        on_day: Called with every result as it comes, in order.

    Raises:
        ValueError: `days` or `workers` is below 1.
    """
    if days < 1 or workers < 1:
        raise ValueError(f"days and workers must be 1 or more, not {days} and {workers}")
    parallel = Parallel(n_jobs=workers, return_as="generator")
    numbers = range(first_day, first_day + days)
    results: list[DayResult] = []
    for result in parallel(delayed(run_day)(world, seed, day) for day in numbers):
        results.append(result)
        if on_day is not None:
            on_day(result)
    return results


def simulate_until(  # noqa: PLR0913  (one keyword for each thing that may be chosen)
    scenario: Scenario,
    *,
    figure: str,
    half_width: float,
    days_max: int,
    seed: int,
    workers: int = 1,
    flow: FlowInUse | None = None,
    on_day: Callable[[DayResult], None] | None = None,
    is_watched: bool = False,
) -> StudyResult:
    """Simulate days until one figure is known well enough.

    Days are added by `BATCH_DAYS`, whatever the number of workers, and looked at after each batch,
    from the second on: an interval of a few days that happen to agree says too little. Stopping
    when an interval has become narrow makes it a little too narrow; with twenty days or more that
    is below what a planner can tell.

    Args:
        scenario: The world, with its centre's settings.
        figure: Its name, as `StudyResult.estimates` has it.
        half_width: Of the 95 % interval, in the figure's own unit, above 0.
        days_max: Where to stop anyway.
        seed: Any integer.
        workers: Processes to use. It does not change the result.
        flow: The call flow that callers walk, if they do.
        on_day: Called with every result as it comes.
        is_watched: Whether to keep the course of each day, for a report.

    Raises:
        ValueError: No day has such a figure, or a number is not above 0.

    Source:
        A. M. Law, "Simulation Modeling and Analysis", 5th ed., section 9.4.1 (sequential).
    """
    if not half_width > 0:
        raise ValueError(f"half_width must be above 0, not {half_width}")
    days: list[DayResult] = []
    while len(days) < days_max:
        count = min(BATCH_DAYS if days else 2 * BATCH_DAYS, days_max - len(days))
        days += run_days(
            partial(watch_day if is_watched else simulate_day, flow=flow),
            scenario,
            days=count,
            seed=seed,
            workers=workers,
            first_day=len(days),
            on_day=on_day,
        )
        known = StudyResult(scenario.name, seed, tuple(days)).estimates()
        if figure not in known:
            raise ValueError(f"no day has a figure '{figure}'; there are {', '.join(known)}")
        if known[figure].half_width <= half_width:
            break
    return StudyResult(scenario.name, seed, tuple(days))


def compare(before: StudyResult, after: StudyResult) -> dict[str, Estimate]:
    """Return, for every figure, the mean change from one study to another over the same days.

    Raises:
        ValueError: The studies are not of the same seed and days; pairing them means nothing.
    """
    if before.seed != after.seed or len(before.days) != len(after.days):
        raise ValueError(
            f"studies are compared day by day: seeds {before.seed} and {after.seed},"
            f" {len(before.days)} and {len(after.days)} days are not the same"
        )
    return paired_estimates(
        [result.account.figures() for result in before.days],
        [result.account.figures() for result in after.days],
    )


def paired_estimates(
    before: Sequence[Mapping[str, float | None]], after: Sequence[Mapping[str, float | None]]
) -> dict[str, Estimate]:
    """Return, for every figure, the mean change from one list of samples to another, paired."""
    return estimates_of(
        [
            {name: _difference(was[name], now.get(name)) for name in was}
            for was, now in zip(before, after, strict=True)
        ]
    )


def _difference(was: float | None, now: float | None) -> float | None:
    return None if was is None or now is None else now - was


def _columns(rows: Sequence[Mapping[str, float | None]]) -> dict[str, list[float]]:
    """Turn one mapping a day into one list a figure, without the days that lack it."""
    columns: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.items():
            known = columns.setdefault(name, [])
            if value is not None:
                known.append(value)
    return columns
