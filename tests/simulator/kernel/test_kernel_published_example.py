"""The kernel reproduces a published multi-skill example.

SimpleMSK of the ContactCenters library (E. Buist, P. L'Ecuyer, Universite de Montreal): three call
types, two groups, three two-hour periods, a gamma day factor, one queue order for all types,
exponential handle times and patience whose means depend on the period of arrival. The library's
documentation prints 95 % confidence intervals from 1,000 days.
"""

import numpy as np
import pytest

from simulator.arrivals import Variability
from simulator.distributions import Exponential
from simulator.kernel import CallDraws, CallType, RoutingTables, draw_days, simulate_days

PERIOD_S = 7200.0
CALLS_PER_MINUTE = np.array([[4.2, 5.3, 3.2], [5.1, 4.3, 4.8], [6.3, 5.2, 4.8]])
HANDLED_PER_MINUTE = np.array([0.5, 0.6, 0.4])
GIVING_UP_PER_MINUTE = np.array([0.3, 0.4, 0.2])
AGENTS = np.array([[12, 18, 9, 9], [15, 20, 11, 11]])
"""The three periods, and the time after closing until the last caller is gone."""
NEVER = np.inf
DAYS = 2000


@pytest.fixture(scope="module")
def draws():
    types = [
        CallType(
            name=str(row),
            expected=rates * 120,
            handle=Exponential(1.0),
            handle_s_mean=60 / HANDLED_PER_MINUTE,
            patience=Exponential(1.0),
        )
        for row, rates in enumerate(CALLS_PER_MINUTE)
    ]
    busyness = Variability(day_cv=28.7**-0.5)
    unscaled = draw_days(types, interval_s=PERIOD_S, variability=busyness, seed=2, days=DAYS)
    period = (unscaled.arrival_s / PERIOD_S).astype(int)
    return CallDraws(
        arrival_s=unscaled.arrival_s,
        call_type=unscaled.call_type,
        handle_s=unscaled.handle_s,
        patience_s=unscaled.patience_s * (60 / GIVING_UP_PER_MINUTE)[period],
        day_start=unscaled.day_start,
    )


@pytest.fixture(scope="module")
def outcome(draws):
    tables = RoutingTables(
        call_types=("0", "1", "2"),
        groups=("0", "1"),
        reach_s=np.array([[0, NEVER], [0, 0], [NEVER, 0]]),
        rank=np.array([[0, 0], [0, 1], [0, 0]]),
    )
    return simulate_days(
        draws, tables, AGENTS, interval_s=PERIOD_S, short_abandon_s=20.0, keep_calls=True
    )


def test_served_and_abandoned_calls_a_day_lie_inside_the_published_intervals(outcome):
    assert 4270.150 <= outcome.answered.sum() / DAYS <= 4324.460
    assert 876.133 <= outcome.abandoned.sum() / DAYS <= 944.537


def test_service_level_lies_inside_the_published_interval(outcome):
    assert 0.494 <= outcome.in_time.sum() / outcome.due.sum() <= 0.509


def test_occupancy_of_the_first_group_lies_inside_the_published_interval(draws, outcome):
    """The published ratio ends each day with its last call, after closing."""
    handled_s = np.where(outcome.group >= 0, draws.handle_s, 0.0)
    gone_s = np.maximum.reduceat(draws.arrival_s + outcome.wait_s + handled_s, draws.day_start[:-1])
    busy_s, idle_s = outcome.busy_s[:, 0], outcome.idle_s[:, 0]
    at_work_s = (busy_s + idle_s)[:, :3].sum() + (9 * (gone_s - 3 * PERIOD_S)).sum()
    assert 0.877 <= busy_s.sum() / at_work_s <= 0.884


PUBLISHED_IN_TIME = [
    [(164.338, 175.970), (594.159, 604.509), (13.782, 17.198)],
    [(254.597, 271.275), (506.276, 517.020), (31.270, 38.124)],
    [(250.178, 269.434), (607.586, 619.878), (22.137, 27.639)],
]


@pytest.mark.parametrize("row", range(3))
@pytest.mark.parametrize("period", range(3))
def test_calls_in_time_by_type_and_period_agree_within_both_standard_errors(outcome, row, period):
    low, high = PUBLISHED_IN_TIME[row][period]
    published_error = (high - low) / 2 / 1.96
    mine = outcome.in_time[:, row, period]
    error = np.hypot(published_error, mine.std() / np.sqrt(DAYS))
    assert abs(mine.mean() - (low + high) / 2) <= 3 * error
