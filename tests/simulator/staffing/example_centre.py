"""The example centre: three call types, four groups, 37 quarter hours from 08:45 to 18:00."""

import numpy as np

from simulator.arrivals import Variability
from simulator.distributions import Exponential, Lognormal
from simulator.kernel import RoutingTables
from simulator.staffing.centre import Centre, Demand, Group
from simulator.staffing.targets import Target

INTERVALS = 37
NEVER = np.inf

TABLES = RoutingTables(
    call_types=("billing", "sales", "support"),
    groups=("billing team", "sales team", "support team", "all-rounders"),
    reach_s=np.array([[0, NEVER, NEVER, 0], [NEVER, 0, NEVER, 0], [30, NEVER, 0, 0]]),
    rank=np.array([[0, 0, 0, 1], [0, 0, 0, 1], [2, 0, 0, 1]]),
    priority=np.array([[30.0, 0, 0, 0], [0, 0, 0, 20.0], [0, 0, 0, 0]]),
)

#: Share of a day's calls by quarter hour: a quick rise, a morning peak, a slow decline.
HOURS = np.arange(INTERVALS) / 4
SHAPE = 1 / (1 + np.exp(-(HOURS - 0.6) * 3.5)) * (1 - 0.055 * np.maximum(HOURS - 1.5, 0))


def demand(name, peak_calls, handle_s, patience_s):
    return Demand(
        name=name,
        calls=peak_calls * SHAPE,
        handle_s=np.full(INTERVALS, handle_s),
        handle=Lognormal(mean=handle_s, sd=handle_s * 1.2),
        patience=Exponential(patience_s),
    )


def example_centre(scale=1.0, **changes):
    level = {"metric": "service_level", "limit": 0.8}
    right = {
        "demands": (
            demand("billing", 70.0 * scale, 210.0, 240.0),
            demand("sales", 45.0 * scale, 330.0, 150.0),
            demand("support", 55.0 * scale, 270.0, 300.0),
        ),
        "groups": (
            Group(name="billing team", cost_per_hour=21.0),
            Group(name="sales team", cost_per_hour=23.0),
            Group(name="support team", cost_per_hour=22.0),
            Group(name="all-rounders", cost_per_hour=26.0),
        ),
        "tables": TABLES,
        "targets": tuple(Target(of=name, **level) for name in TABLES.call_types),
        "interval_s": 900.0,
        "opens_s": 8.75 * 3600,
        "variability": Variability(day_cv=0.06, intraday_cv=0.05, intraday_correlation=0.6),
    }
    return Centre(**(right | changes))
