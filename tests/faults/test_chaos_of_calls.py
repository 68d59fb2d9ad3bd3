"""A thousand calls with every fault on: `make faults`, or `CHAOS_SEED=7` for another thousand."""

import os

import pytest

from cordboard.runtime.connection import Store
from cordboard.runtime.embedded import EmbeddedRedis
from tests.faults.chaos import Crowd, run_chaos

THOUSAND = Crowd(callers=800, leads=200, sellers=27, gap_s=0.8)


@pytest.mark.slow
def test_a_thousand_calls_with_every_fault_on(tmp_path):
    seed = int(os.environ.get("CHAOS_SEED", "1"))
    print(f"CHAOS_SEED={seed}")  # noqa: T201  (what repeats a failure)
    with EmbeddedRedis(tmp_path / "redis") as server:
        store = Store(server.url, "chaos")
        run_chaos(store, tmp_path / "live", THOUSAND, seed, within_s=1_500)
