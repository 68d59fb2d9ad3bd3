"""A plan for the recorded days of a large bank, where its counts are at hand."""

import os
from pathlib import Path

import numpy as np
import pytest

from simulator.calibration import fit_variability
from simulator.distributions import Exponential, Lognormal
from simulator.kernel import RoutingTables
from simulator.staffing import Centre, Demand, Effort, Group, Target, plan_day

pytestmark = pytest.mark.skipif(
    "CORDBOARD_ARRIVALS_CSV" not in os.environ,
    reason="CORDBOARD_ARRIVALS_CSV names no file of 5-minute counts (DateTime,Calls)",
)


def half_hours_of_tuesdays():
    path = Path(os.environ["CORDBOARD_ARRIVALS_CSV"])
    table = np.genfromtxt(path, delimiter=",", skip_header=1, dtype=None, encoding="utf-8")
    days = {}
    for stamp, calls in table:
        days.setdefault(stamp[:10], []).append(float(calls))
    return np.array(
        [
            np.add.reduceat(counts, range(0, 168, 6))
            for day, counts in days.items()
            if len(counts) == 169 and np.datetime64(day).astype(int) % 7 == 5
        ]
    )


def test_a_team_for_real_tuesdays_meets_its_target_on_fresh_days():
    counts = half_hours_of_tuesdays()
    assert len(counts) > 20
    demand = Demand(
        name="bank",
        calls=counts.mean(axis=0),
        handle_s=np.full(counts.shape[1], 194.0),
        handle=Lognormal(mean=194.0, sd=301.0),
        patience=Exponential(365.0),
    )
    centre = Centre(
        demands=(demand,),
        groups=(Group(name="tellers"),),
        tables=RoutingTables(call_types=("bank",), groups=("tellers",), reach_s=np.zeros((1, 1))),
        targets=(Target(metric="service_level", limit=0.8, of="bank"),),
        interval_s=1800.0,
        opens_s=7 * 3600.0,
        variability=fit_variability(counts),
    )
    plan = plan_day(centre, effort=Effort(search_days=30, proof_days=60))
    assert plan.is_proven
    load = (demand.calls * 194 / 1800).max()
    assert load * 0.9 < plan.team.max() < load * 1.3
