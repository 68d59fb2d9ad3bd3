"""Days on a Dask cluster are the days of this machine, byte for byte."""

from pathlib import Path

import msgspec
import pytest

from cordboard.cli.simulate import cluster, read_world
from simulator.study import simulate

BANK = Path(__file__).parents[2] / "examples/retail-bank"


@pytest.mark.slow
def test_days_on_a_dask_cluster_are_the_same_bytes_as_on_this_machine():
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    world = read_world(BANK)
    here = simulate(world, days=2, seed=3, workers=1)
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address=None
        ) as machines,
        cluster(machines.scheduler_address),
    ):
        there = simulate(world, days=2, seed=3, workers=2)
    accounts = [[day.account.figures() for day in study.days] for study in (here, there)]
    assert msgspec.json.encode(accounts[0]) == msgspec.json.encode(accounts[1])
