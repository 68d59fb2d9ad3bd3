"""The kernel agrees with exact results: Erlang A, and queues whose load varies.

Each comparison is with 3 standard errors of the simulated mean, from fixed seeds.
"""

import numpy as np
import pytest
from scipy import linalg, stats

from simulator.arrivals import Variability
from simulator.distributions import Exponential
from simulator.erlang import erlang_a
from simulator.kernel import CallDraws, CallType, RoutingTables, draw_days, simulate_days
from simulator.streams import Streams

ONE_QUEUE = RoutingTables(call_types=("a",), groups=("all",), reach_s=np.zeros((1, 1)))


def drawn(rates, interval_s, *, handle_s, patience_s, days, seed=1):
    call_type = CallType(
        name="a",
        expected=np.asarray(rates, dtype=float) * interval_s,
        handle=Exponential(handle_s),
        patience=Exponential(patience_s),
    )
    return draw_days(
        [call_type], interval_s=interval_s, variability=Variability(), seed=seed, days=days
    )


def agrees(values_by_day, exact, errors=3.0):
    standard_error = values_by_day.std(ddof=1) / np.sqrt(len(values_by_day))
    return abs(values_by_day.mean() - exact) <= errors * standard_error


@pytest.mark.parametrize(("agents", "patience_s"), [(100, 180.0), (92, 180.0), (104, 600.0)])
def test_long_days_agree_with_erlang_a_after_a_warm_up(agents, patience_s):
    """Whole days are replications; the first two hours, from an empty centre, are left out."""
    intervals, interval_s = 12, 7200.0
    draws = drawn(
        [1 / 3] * intervals, interval_s, handle_s=300, patience_s=patience_s, days=60, seed=3
    )
    team = np.full((1, intervals), agents)
    seen = simulate_days(draws, ONE_QUEUE, team, interval_s=interval_s, short_abandon_s=0.0)
    exact = erlang_a(arrivals_per_s=1 / 3, handle_s=300, patience_s=patience_s, agents=agents)
    warm = slice(1, None)

    def total(sums):
        return sums[:, 0, warm].sum(axis=1)

    offered, answered = total(seen.offered), total(seen.answered)
    assert agrees(total(seen.in_time) / offered, exact.service_level(20))
    assert agrees(total(seen.abandoned) / offered, exact.p_abandon)
    assert agrees(total(seen.answered_wait_s) / answered, exact.asa_s)
    waits = total(seen.answered_wait_s) + total(seen.abandoned_wait_s)
    assert agrees(waits / offered, exact.mean_wait_s)
    at_work_s = total(seen.busy_s) + total(seen.idle_s)
    assert agrees(total(seen.busy_s) / at_work_s, exact.occupancy)


def sine_day_draws(days, *, hours=8.0):
    """Calls at rate 100 + 20 sin t, handled and patient one unit on average, by thinning."""
    columns, starts = [], [0]
    for day in range(days):
        rng = Streams(11, day).stream("sine day")
        times = np.sort(rng.random(rng.poisson(120 * hours)) * hours)
        times = times[rng.random(len(times)) * 120 < 100 + 20 * np.sin(times)]
        count = len(times)
        columns.append((times, rng.exponential(1, count), rng.exponential(1, count)))
        starts.append(starts[-1] + count)
    arrival_s, handle_s, patience_s = (np.concatenate(c) for c in zip(*columns, strict=True))
    return CallDraws(
        arrival_s=arrival_s,
        call_type=np.zeros(len(arrival_s)),
        handle_s=handle_s,
        patience_s=patience_s,
        day_start=np.array(starts),
    )


def test_sine_day_from_empty_agrees_with_its_poisson_law():
    """Where handling and patience have one rate, the calls present are Poisson whatever the team.

    The example of Feldman, Mandelbaum, Massey, Whitt (Management Science 54, 2008), from empty.
    """
    days, agents, step = 400, 105, 0.25
    seen = simulate_days(
        sine_day_draws(days), ONE_QUEUE, np.full((1, 32), agents), interval_s=step, within_s=0.0
    )
    for interval in (4, 10, 15, 20, 25, 31):
        times = (interval + (np.arange(200) + 0.5) / 200) * step
        mean = 100 + 10 * (np.sin(times) - np.cos(times)) - 90 * np.exp(-times)
        delayed = stats.poisson.sf(agents - 1, mean)
        rates = 100 + 20 * np.sin(times)
        exact = (delayed * rates).sum() / rates.sum()
        offered = seen.offered[:, 0, interval].mean()
        late = (seen.offered - seen.in_time)[:, 0, interval] / offered
        assert agrees(late, exact)
        over = np.arange(1, 120)
        queue = (stats.poisson.pmf(agents + over[:, None], mean) * over[:, None]).sum(axis=0).mean()
        assert agrees(seen.queue_s[:, 0, interval] / step, queue)
        assert agrees((seen.busy_s[:, 0, interval]) / step, mean.mean() - queue)


def birth_death_means(rates, interval_s, *, handle_s, patience_s, agents, states=220, steps=20):
    """Mean queue and mean busy agents in each interval, from empty, by matrix exponentials."""
    present = np.arange(states)
    busy, queued = np.minimum(present, agents), np.maximum(present - agents, 0)
    leaving = busy / handle_s + queued / patience_s
    probability = np.zeros(states)
    probability[0] = 1.0
    means = []
    for rate in rates:
        generator = np.diag(leaving[1:], 1) + np.diag(np.full(states - 1, rate), -1)
        generator -= np.diag(generator.sum(axis=0))
        move = linalg.expm(generator * interval_s / steps)
        path = [probability]
        for _ in range(steps):
            path.append(move @ path[-1])
        probability = path[-1]
        weights = np.r_[1.0, np.tile([4.0, 2.0], steps // 2)[:-1], 1.0]
        average = weights @ np.array(path) / weights.sum()
        means.append((queued @ average, busy @ average))
    return np.array(means)


def test_an_hour_of_overload_agrees_with_the_exact_transient():
    rates, interval_s = [0.25, 0.25, 0.32, 0.32, 0.25, 0.25], 1800.0
    figures = {"handle_s": 240.0, "patience_s": 150.0}
    draws = drawn(rates, interval_s, **figures, days=300)
    seen = simulate_days(draws, ONE_QUEUE, np.full((1, 6), 70), interval_s=interval_s)
    exact = birth_death_means(rates, interval_s, **figures, agents=70)
    for interval, (queue, busy) in enumerate(exact):
        assert agrees(seen.queue_s[:, 0, interval] / interval_s, queue)
        assert agrees(seen.busy_s[:, 0, interval] / interval_s, busy)
