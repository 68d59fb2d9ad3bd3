"""A few calls with every fault on; `make faults` lets a thousand in."""

from tests.faults.chaos import Crowd, run_chaos

FEW = Crowd(callers=20, leads=5, sellers=1, gap_s=1.0)


def test_a_few_calls_with_every_fault_on(store, tmp_path):
    run_chaos(store, tmp_path, FEW, seed=1, within_s=120)
