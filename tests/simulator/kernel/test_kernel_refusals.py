"""What the kernel cannot do it refuses by name, and without numba it says that it is slow."""

import subprocess
import sys

import numpy as np
import pytest

from simulator.arrivals import Variability
from simulator.distributions import Exponential
from simulator.kernel import (
    CallDraws,
    CallType,
    RoutingTables,
    TableError,
    draw_days,
    simulate_days,
)

NEVER = np.inf


def tables(**changes):
    right = {
        "call_types": ("billing", "sales"),
        "groups": ("north", "south"),
        "reach_s": np.array([[0.0, NEVER], [30.0, 0.0]]),
    }
    return RoutingTables(**(right | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reach_s": np.array([[0.0, NEVER], [NEVER, NEVER]])}, "no group ever takes .*'sales'"),
        ({"reach_s": np.array([[0.0, -1.0], [0.0, 0.0]])}, "'billing', group 'south': reach_s"),
        ({"reach_s": np.zeros((2, 3))}, r"reach_s has shape \(2, 3\), not \(2, 2\)"),
        ({"priority": np.array([[0.0, NEVER], [0, 0]])}, "'billing', group 'south': priority"),
        ({"priority_per_s": np.array([1.0, -1.0])}, "'sales' loses priority while it waits"),
        ({"handle_factor": np.array([[1, 0], [1, 1]])}, "handle_factor must be a number above 0"),
        ({"call_types": (), "reach_s": np.zeros((0, 2))}, "at least one call type"),
    ],
)
def test_a_rule_outside_the_tables_is_refused_by_name(changes, message):
    with pytest.raises(TableError, match=message):
        tables(**changes)


def draws(**changes):
    right = {
        "arrival_s": [0.0, 1.0, 0.5],
        "call_type": [0, 1, 0],
        "handle_s": [10.0, 10.0, 10.0],
        "patience_s": [5.0, NEVER, 5.0],
        "day_start": [0, 2, 3],
    }
    return CallDraws(**(right | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"arrival_s": [1.0, 0.0, 0.5]}, "day 0: arrivals must be in order"),
        ({"arrival_s": [0.0, 1.0, -1.0]}, "day 1: arrivals must be finite"),
        ({"handle_s": [1.0, 2.0]}, r"handle_s has shape \(2,\), not \(3,\)"),
        ({"handle_s": [1.0, NEVER, 1.0]}, "call 1: handle_s is inf"),
        ({"patience_s": [1.0, 2.0, -3.0]}, "call 2: patience_s is -3.0"),
        ({"day_start": [0, 2]}, "day_start must rise from 0 to 3"),
    ],
)
def test_calls_that_do_not_fit_together_are_refused(changes, message):
    with pytest.raises(TableError, match=message):
        draws(**changes)


@pytest.mark.parametrize(
    ("agents", "options", "message"),
    [
        (np.ones((2, 3)), {}, "whole numbers, not float64"),
        (np.ones((3, 3), dtype=int), {}, r"shape \(3, 3\), not .*2, intervals"),
        (-np.ones((2, 3), dtype=int), {}, "from 0 to 100000"),
        (np.ones((2, 3), dtype=int), {"interval_s": 0.0}, "interval_s must be above 0"),
        (np.ones((2, 3), dtype=int), {"within_s": np.ones(3)}, "one number or one for each of 2"),
    ],
)
def test_a_team_that_does_not_fit_is_refused(agents, options, message):
    with pytest.raises(TableError, match=message):
        simulate_days(draws(), tables(), agents, **({"interval_s": 900.0} | options))


def test_a_type_beyond_the_tables_is_refused():
    with pytest.raises(TableError, match="a call has type 2"):
        simulate_days(
            draws(call_type=[0, 2, 0]), tables(), np.ones((2, 1), dtype=int), interval_s=900.0
        )


def test_days_do_not_depend_on_how_many_are_drawn():
    call_type = CallType(
        name="a", expected=np.full(4, 30.0), handle=Exponential(60.0), patience=None
    )
    few, many = (
        draw_days([call_type], interval_s=900, variability=Variability(0.1), seed=4, days=days)
        for days in (2, 5)
    )
    assert many.first_days(2).arrival_s.tolist() == few.arrival_s.tolist()
    assert many.first_days(2).handle_s.tolist() == few.handle_s.tolist()


WITHOUT_NUMBA = """
import sys, warnings
sys.modules["numba"] = None
import numpy as np
from simulator.kernel import CallDraws, RoutingTables, SlowKernelWarning, simulate_days
rng = np.random.default_rng(1)
draws = CallDraws(arrival_s=np.sort(rng.random(200) * 3600), call_type=np.arange(200) % 2,
    handle_s=rng.exponential(100, 200), patience_s=rng.exponential(60, 200), day_start=[0, 200])
tables = RoutingTables(call_types=("a", "b"), groups=("x", "y"),
    reach_s=np.array([[0.0, np.inf], [30.0, 0.0]]))
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    team = np.array([[3, 2], [3, 3]])
    seen = simulate_days(draws, tables, team, interval_s=1800, keep_calls=True)
assert "numba" not in sys.modules or sys.modules["numba"] is None
print([str(w.message)[:22] for w in caught if w.category is SlowKernelWarning])
print(seen.wait_s.tolist(), seen.group.tolist(), seen.idle_s.tolist())
"""


def test_without_numba_the_answers_are_the_same_and_a_notice_is_given():
    with_numba = WITHOUT_NUMBA.replace('sys.modules["numba"] = None', "").replace("assert", "#")
    slow, fast = (
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        for program in (WITHOUT_NUMBA, with_numba)
    )
    assert slow[0] == "['numba is not installed']"
    assert fast[0] == "[]"
    assert slow[1] == fast[1]
